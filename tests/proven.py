"""Every act on a step, in whatever test, is an edge of the space that was proven for its route."""

from contextlib import contextmanager
from functools import cache

import pytest

from workflows import work
from workflows.case_type import case_type
from workflows.proof.live import position_of
from workflows.proof.plan import plans_of
from workflows.proof.space import Space


@pytest.fixture
def only_proven_acts(monkeypatch):
    """Let no act on a step lead where the proof has not been."""
    monkeypatch.setattr(work, "holding", _watched(work.holding))


def _watched(holding):
    @contextmanager
    def watched(item_id, *, by, at):
        with holding(item_id, by=by, at=at) as held:
            space, before = _space_of(held.case), position_of(held.case)
            yield held
            after = position_of(held.case)
            assert before in space, f"{held.case} stood where it cannot: {before}"
            assert after == before or space.allows(before, after), f"{before} to {after}"

    return watched


def _space_of(case):
    return _space(case.kind, case.process.flow_class.version)


@cache
def _space(kind, version):
    return next(Space(plan) for plan in plans_of(case_type(kind)) if plan.version == version)
