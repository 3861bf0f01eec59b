"""Every clock starts before it is used, and none stands still while the office works."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from workflows.clock import SERVED
from workflows.flow import Opened, Transition, Work
from workflows.proof.plan import Plan, clocks_of
from workflows.proof.positions import Edge, Position
from workflows.proof.space import OVERRUN, Space
from workflows.proof.watching import Followed, Place, Trap, Watch
from workflows.proof.words import Violation, title_of

STARTS, ORPHAN = "every clock starts", "no orphan clock"
RECEIVED = "received"
_MOST_PAUSES = 2


@dataclass(frozen=True)
class _Clock:
    """What is remembered of one clock: whether it may start, how often it was paused, its end."""

    may_start: bool = False
    pauses: int = 0
    ended: bool = False


class ClockWatch(Watch):
    """One clock, by the full key of its term and the events that start it."""

    def __init__(self, plan: Plan, key: str, starts: frozenset[str]) -> None:
        self.plan, self._key, self._starts = plan, key, starts

    def begin(self) -> Hashable:
        """Return the memory before anything has happened."""
        return _Clock()

    def follow(self, memory: Hashable, edge: Edge) -> Iterator[Hashable]:
        """Yield the clock after an edge, or the step that needs it before it may start."""
        assert isinstance(memory, _Clock)
        clock = self._after_verb(memory, edge)
        for passed in edge.act.trail:
            node = self.plan.nodes[passed.node]
            clock = self._past(clock, node)
            if not clock.may_start and self._key in self._keys(_starts_of(node)):
                yield Trap(self._never(node))
                return
        yield clock

    def stands_at_work(self, position: Position | None, clock: Hashable) -> str:
        """Return the office's step whose own clock stands still, if there is one."""
        if position is None or not isinstance(clock, _Clock) or not clock.pauses:
            return ""
        nodes = [self.plan.nodes[token.node] for token in position.tokens]
        own = [n for n in nodes if isinstance(n, Work) and self._key in self._keys(clocks_of(n))]
        return str(own[0].name) if own else ""

    def _after_verb(self, clock: _Clock, edge: Edge) -> _Clock:
        happened = {RECEIVED} if edge.before is None else set()
        happened |= {edge.act.move} if edge.act.move else set()
        if edge.act.verb == OVERRUN:
            happened |= self._service(self.plan.nodes[edge.act.step].overrun.letter)
        return self._heard(clock, happened)

    def _past(self, clock: _Clock, node: Any) -> _Clock:
        if not isinstance(node, Transition):
            return clock
        clock = self._heard(clock, {node.move, *self._service(node.letter)})
        return self._turned(clock, node)

    def _turned(self, clock: _Clock, node: Transition) -> _Clock:
        if self._key in self._keys(node.pauses):
            clock = replace(clock, pauses=min(_MOST_PAUSES, clock.pauses + 1))
        if self._key in self._keys(node.resumes):
            clock = replace(clock, pauses=max(0, clock.pauses - 1))
        if self._key in self._keys(node.ends):
            clock = replace(clock, ended=True)
        return clock

    def _heard(self, clock: _Clock, happened: set[str]) -> _Clock:
        return replace(clock, may_start=clock.may_start or bool(happened & self._starts))

    def _keys(self, keys: Iterable[str]) -> set[str]:
        return _filled(self.plan, keys)

    def _service(self, letter: str | None) -> set[str]:
        kind = self.plan.letters.get(letter or "")
        return {f"{SERVED}{letter}"} if kind and kind.served else set()

    def _never(self, node: Any) -> str:
        said = _("'%(node)s' needs the clock %(key)s, which nothing has started: %(starts)s.")
        starts = _(", ").join(sorted(self._starts)) or _("no event is named")
        named = {"node": title_of(node.name, self.plan), "key": self._key, "starts": starts}
        return said % named


def run_rightly(space: Space) -> Iterator[Violation]:
    """Yield the clocks that never start, stand still for ever, or are turned without running."""
    yield from _known_only(space.plan)
    for template in _templates(space.plan):
        found = (_of(space, watch, template) for watch in _watches(space.plan, template))
        yield from next(filter(None, found), [])


def _of(space: Space, watch: ClockWatch, template: str) -> list[Violation]:
    followed = Followed(space, watch)
    traps = [
        followed.violation(STARTS, trap.told, place, edge) for place, edge, trap in followed.trapped
    ]
    standing = _standing_at_work(followed, watch, template)
    return [*traps[:1], *standing, *_forgotten(space.plan, followed, template)]


def _standing_at_work(followed: Followed, watch: ClockWatch, template: str) -> list[Violation]:
    for place in followed.came:
        if node := watch.stands_at_work(*place):
            said = _("'%(node)s' is open while its own clock %(key)s stands still.")
            named = {"node": title_of(node, watch.plan), "key": template}
            return [followed.violation(ORPHAN, said % named, place)]
    return []


def _forgotten(plan: Plan, followed: Followed, template: str) -> list[Violation]:
    if template not in _case_clocks(plan):
        return []
    alive = _resumable(followed)
    for place in followed.came:
        if place not in alive and _works(place[0], plan):
            said = _("The clock %(key)s was paused and nothing will ever let it run again.")
            return [followed.violation(ORPHAN, said % {"key": template}, place)]
    return []


def _resumable(followed: Followed) -> set[Place]:
    runs = [p for p in followed.came if not isinstance(p[1], _Clock) or _is_alive(p[1])]
    found, ahead = set(runs), list(runs)
    while ahead:
        earlier = [p for p in followed.into.get(ahead.pop(), []) if p not in found]
        found.update(earlier)
        ahead += earlier
    return found


def _is_alive(clock: _Clock) -> bool:
    return clock.ended or not clock.pauses


def _works(position: Position | None, plan: Plan) -> bool:
    return position is not None and any(
        isinstance(plan.nodes[token.node], Work) for token in position.tokens
    )


def _known_only(plan: Plan) -> Iterator[Violation]:
    of_case = _filled(plan, _case_clocks(plan))
    every = of_case | _filled(plan, [key for step in plan.steps for key in clocks_of(step)])
    for node in plan.nodes.values():
        if isinstance(node, Transition):
            turned = _filled(plan, (*node.pauses, *node.resumes)) - every
            for key in sorted(turned | (_filled(plan, node.ends) - of_case)):
                said = _("'%(node)s' turns the clock %(key)s, which the route never starts there.")
                named = {"node": title_of(node.name, plan), "key": key}
                yield Violation(ORPHAN, said % named)


def _templates(plan: Plan) -> list[str]:
    of_steps = [key for step in plan.steps for key in clocks_of(step)]
    return list(dict.fromkeys([*_case_clocks(plan), *of_steps]))


def _case_clocks(plan: Plan) -> list[str]:
    return [key for start in plan.starts for key in (*start.clocks, *start.promised)]


def _watches(plan: Plan, template: str) -> Iterator[ClockWatch]:
    for key in sorted(_filled(plan, [template])):
        starts = {frozenset(row["starts"].split()) for row in plan.terms.get(key, [])}
        for chosen in sorted(starts, key=sorted):
            yield ClockWatch(plan, key, chosen)


def _starts_of(node: Any) -> list[str]:
    if isinstance(node, Opened):
        return [*node.clocks, *node.promised]
    return clocks_of(node) if hasattr(node, "form") else []


def _filled(plan: Plan, keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for key in keys:
        try:
            found.update(plan.filled(key))
        except LookupError:
            continue  # told by the proof of the terms
    return found
