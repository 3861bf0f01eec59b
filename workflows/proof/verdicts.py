"""The verdict on every route: what was searched, and every property that does not hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workflows.proof import clocks, documents, soundness, two_persons, versions
from workflows.proof.plan import Plan, plans
from workflows.proof.space import Space
from workflows.proof.words import Violation


@dataclass(frozen=True)
class Verdict:
    """What the search of one version of one route has shown."""

    flow: str
    version: int
    states: int
    edges: int
    violations: tuple[Violation, ...]

    @property
    def sound(self) -> bool:
        """Test that every property holds."""
        return not self.violations

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain values."""
        told = [
            {"property": v.property, "path": list(v.path), "told": v.told} for v in self.violations
        ]
        counts = {"states": self.states, "edges": self.edges, "sound": self.sound}
        return {"flow": self.flow, "version": self.version, **counts, "violations": told}


def prove_routes() -> list[Verdict]:
    """Return the verdict on every route without what may be open beside it; takes a moment."""
    spaces = [Space(plan, beside=False) for plan in plans()]
    return _judge([(space, space) for space in spaces])


def prove(every: Iterable[Plan]) -> list[Verdict]:
    """Return the verdict on each plan; versions of one route share their machine."""
    return _judge([(Space(plan), Space(plan, beside=False)) for plan in every])


def _judge(spaces: list[tuple[Space, Space]]) -> list[Verdict]:
    return [_judged(whole, route, _siblings(whole, spaces)) for whole, route in spaces]


def _siblings(space: Space, spaces: list[tuple[Space, Space]]) -> list[Space]:
    return [route for whole, route in spaces if whole.plan.name == space.plan.name]


def _judged(whole: Space, route: Space, siblings: list[Space]) -> Verdict:
    found = [*_of_the_route(whole, route), *_of_the_machine(whole.plan, siblings)]
    plan = whole.plan
    return Verdict(plan.name, plan.version, len(whole.positions), whole.size, tuple(found))


def _of_the_route(whole: Space, route: Space) -> Iterator[Violation]:
    yield from soundness.can_complete(whole)
    yield from soundness.completes_properly(whole)
    yield from soundness.moves_lawfully(whole)
    yield from soundness.has_nothing_dead(route)
    yield from two_persons.are_separate(route)
    yield from clocks.run_rightly(route)
    yield from documents.tell_remedies(whole.plan)
    yield from documents.have_terms(whole.plan)
    yield from documents.say_what_waits(route)
    yield from versions.is_unchanged(whole.plan)


def _of_the_machine(plan: Plan, siblings: list[Space]) -> Iterator[Violation]:
    reached = set().union(*(soundness.states_of(space) for space in siblings))
    used = set().union(*(soundness.moves_of(space) for space in siblings))
    yield from soundness.reaches_every_state(plan, reached)
    yield from soundness.uses_every_move(plan, used)
