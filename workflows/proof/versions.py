"""A released route never changes: its graph is known by a hash that stands in a file."""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from workflows.flow import Ask, Decide, Opened, Transition, Work
from workflows.proof.plan import Plan
from workflows.proof.words import Violation

UNCHANGED = "released routes never change"
RELEASED = Path(settings.BASE_DIR) / "docs" / "flows" / "released.csv"
_COLUMNS = ["flow", "version", "sha256"]
_Released = dict[tuple[str, int], str]


def graph_hash(plan: Plan) -> str:
    """Return the hash of all that makes a route: nodes, edges, duties, terms, forms, moves."""
    graph = {name: _described(node) for name, node in sorted(plan.nodes.items())}
    text = json.dumps(graph, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def released(path: Path = RELEASED) -> _Released:
    """Return the hash of every released version of every route."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {(row["flow"], int(row["version"])): row["sha256"] for row in rows}


def is_unchanged(plan: Plan, path: Path = RELEASED) -> Iterator[Violation]:
    """Yield the violation if a released version is not what it was when it was released."""
    was = released(path).get((plan.name, plan.version))
    if was and was != graph_hash(plan):
        told = _("Version %(version)d is released; what changes is a new version beside it.")
        yield Violation(UNCHANGED, told % {"version": plan.version})


def release(plans: list[Plan], path: Path = RELEASED) -> list[Plan]:
    """Write down the versions that are not released yet; return them. Changes no other line."""
    known = released(path)
    new = [plan for plan in plans if (plan.name, plan.version) not in known]
    with path.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerows([plan.name, plan.version, graph_hash(plan)] for plan in new)
    return new


def _described(node: Any) -> dict[str, Any]:
    edges = [(edge.label, edge.dst.name) for edge in node._outgoing()]
    return {"is": type(node).__name__, "leads": edges, **_details(node)}


def _details(node: Any) -> dict[str, Any]:
    for kind, names in _TOLD.items():
        if isinstance(node, kind):
            return {name: _plain(getattr(node, name)) for name in names}
    return {}


def _plain(value: Any) -> Any:
    if hasattr(value, "key"):  # what silence or delay leads to
        return {name: _plain(said) for name, said in vars(value).items()}
    return getattr(value, "__name__", value)


_TOLD: dict[type, tuple[str, ...]] = {
    Opened: ("clocks", "promised"),
    Work: (
        "role",
        "duty",
        "form",
        "due",
        "not_by",
        "promised",
        "deemed",
        "overrun",
        "returns_to",
    ),
    Ask: ("form", "due"),
    Decide: ("rule", "settled"),
    Transition: (
        "move",
        "letter",
        "sender",
        "pauses",
        "resumes",
        "ends",
        "as_of",
        "opens",
    ),
}
