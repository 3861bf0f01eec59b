"""The named parts: the right packages are installed, and the nodes we build on are in them."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class TestTheParts:
    def test_have_the_maintained_fork_of_the_state_machine_and_not_the_other(self):
        # Both install as ``django_fsm``: one would silently overwrite the other.
        assert version("django-fsm-2").startswith("4.")
        with pytest.raises(PackageNotFoundError):
            version("django-fsm")

    @pytest.mark.parametrize(
        ("package", "release"),
        [
            ("Django", "5.2"),
            ("django-viewflow", "2.4"),
            ("celery", "5.7"),
            ("psycopg2-binary", "2."),
        ],
    )
    def test_are_the_releases_that_were_tried(self, package, release):
        assert version(package).startswith(release)

    @pytest.mark.parametrize(
        "name",
        [
            "viewflow.this",
            "viewflow.workflow.flow.Flow",
            "viewflow.workflow.flow.StartHandle",
            "viewflow.workflow.flow.View",
            "viewflow.workflow.flow.If",
            "viewflow.workflow.flow.Function",
            "viewflow.workflow.flow.End",
            "viewflow.workflow.lock.SelectForUpdateLock",
            "viewflow.workflow.activation.Activation",
            "viewflow.workflow.nodes.FunctionActivation",
            "viewflow.workflow.nodes.IfActivation",
            "viewflow.workflow.nodes.ViewActivation",
            "viewflow.workflow.exceptions.FlowLockFailed",
            "django_fsm.FSMField",
            "django_fsm.ConcurrentTransitionMixin",
            "django_fsm.signals.post_transition",
        ],
    )
    def test_hold_what_we_build_on(self, name):
        module, _, part = name.rpartition(".")

        assert hasattr(import_module(module), part)

    def test_are_pinned_to_one_release_each(self):
        lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        pinned = [line.split(";")[0].strip() for line in lines if line[:1].isalnum()]

        assert pinned
        assert [line for line in pinned if "==" not in line] == []
        names = {line.split("==")[0].split("[")[0].lower() for line in pinned}
        assert {"django-fsm-2", "django-viewflow", "celery", "redis", "django"} <= names
        assert "django-fsm" not in names

    def test_are_not_changed_by_us(self):
        # The licence of viewflow allows combining it unmodified; none of it lives in our tree.
        assert [path for path in ROOT.glob("*/viewflow") if ".venv" not in path.parts] == []
