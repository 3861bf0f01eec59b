"""The route of a case as people read it: its steps in order, the ways between them, where it is.

What waits for nobody (a rule asked, a move made) is no step of its own here: it is told on the
way from one step to the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Duty
from workflows.case_type import case_type
from workflows.flow import Ask, Closed, Transition, Work
from workflows.models import Case, Entry, Role

_DONE = ("completed", "lapsed", "deemed")
_OVER = (*_DONE, "cancelled")


@dataclass(frozen=True)
class Way:
    """How a case gets from one stop to another: by which moves, and whether it turns back."""

    to: str
    moves: tuple[str, ...] = ()
    turns_back: bool = False
    is_return: bool = False


@dataclass(frozen=True)
class Stop:
    """A step of the route, its beginning or its end: who is at work, and where it leads."""

    name: str
    title: str
    who: str = ""
    ways: tuple[Way, ...] = ()
    passed: int = 0
    is_here: bool = False


def route_of(case: Case, log: Iterable[Entry]) -> list[Stop]:
    """Return the stops of a case the caller may see, from the door it came in by to its end.

    Where it is, and how often it has passed a stop, is read from its log alone.
    """
    entries = list(log)
    received: dict[str, Any] = next((e.detail for e in entries if e.kind == "received"), {})
    door = case_type(case.kind).door(received.get("door", ""))
    stops = _stops(_flow(case).instance, door.name, str(door.title), _labels(case.kind))
    return _with_position(stops, case, entries)


def _flow(case: Case) -> Any:
    """Return the version of the route a case goes; where there is but one, without reading it."""
    versions = list(case_type(case.kind).flows.values())
    return versions[0] if len(versions) == 1 or not case.process else case.process.flow_class


def _labels(kind: str) -> dict[str, str]:
    return {name: str(label) for name, label in case_type(kind).moves.items()}


def _stops(instance: Any, start: str, title: str, labels: dict[str, str]) -> list[Stop]:
    first = instance.node(start)
    order = list(reversed(list(_finished(first, set()))))
    place = {node.name: n for n, node in enumerate(order)}
    stops = []
    for node in order:
        ways = _merged(_ways(node, labels, place))
        stops.append(Stop(node.name, _title(node, title), _who(node), tuple(ways)))
    return stops


def _finished(node: Any, seen: set[str]) -> Iterator[Any]:
    """Yield what can be reached from a node, itself last: reversed, main roads come latest."""
    if node.name in seen:
        return
    seen.add(node.name)
    for _moves, after in _roads(node, {}):
        yield from _finished(after, seen)
    yield node


def _roads(node: Any, labels: dict[str, str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the stops that come right after a node, with the moves made on the way."""
    for edge in node._outgoing():
        after = edge.dst
        if isinstance(after, Work | Ask | Closed):
            yield (), after
            continue
        made = (labels.get(after.move, after.move),) if isinstance(after, Transition) else ()
        for moves, stop in _roads(after, labels):
            yield (*made, *moves), stop


def _ways(node: Any, labels: dict[str, str], place: dict[str, int]) -> Iterator[Way]:
    for moves, after in _roads(node, labels):
        yield Way(after.name, moves, turns_back=place[after.name] <= place[node.name])
    back = getattr(node, "returns_to", None)
    if back and back in place:
        yield Way(back, (), turns_back=True, is_return=True)


def _merged(ways: Iterable[Way]) -> list[Way]:
    """Return one way for each that leads to the same stop by the same moves."""
    return list(dict.fromkeys(ways))


def _title(node: Any, door: str) -> str:
    if isinstance(node, Closed):
        return _("The case is closed")
    return str(node.form.title) if isinstance(node, Work | Ask) else door


def _who(node: Any) -> str:
    if isinstance(node, Ask):
        return _("The party")
    if not isinstance(node, Work):
        return ""
    return _("%(unit)s, %(duty)s") % {
        "unit": Role(node.role).label,
        "duty": Duty(node.duty).label,
    }


def _with_position(stops: list[Stop], case: Case, entries: list[Entry]) -> list[Stop]:
    passed = Counter(entry.detail.get("step") for entry in entries if entry.kind in _DONE)
    here = {stop.name for stop in stops} & _open_steps(entries)
    first, last = stops[0].name, stops[-1].name
    passed[first] += 1
    passed[last] += case.closed_at is not None
    return [replace(s, passed=passed[s.name], is_here=s.name in here) for s in stops]


def _open_steps(entries: Iterable[Entry]) -> set[str]:
    opened: dict[Any, str] = {}
    for entry in entries:
        if entry.kind == "opened":
            opened[entry.detail["item"]] = entry.detail["step"]
        elif entry.kind in _OVER:
            opened.pop(entry.detail.get("item"), None)
    return set(opened.values())
