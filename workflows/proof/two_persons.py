"""No decision against the party rests on one person: on every path, substitutes included."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from workflows.flow import Work
from workflows.proof.plan import Plan
from workflows.proof.positions import Edge
from workflows.proof.soundness import moves_in
from workflows.proof.space import COMPLETED, DEEMED, Space
from workflows.proof.watching import Followed, Trap, Watch
from workflows.proof.words import Violation, label_of
from workflows.separation import DECIDING, Done, conflicts

TWO_PERSONS = "separation of duty"
# A person, their substitute in that person's place, and the same substitute in their own.
_HANDS = (frozenset({"P"}), frozenset({"P", "S"}), frozenset({"S"}))
_OTHERS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Past:
    """What was done: one earlier step by the person followed, and the last step by anyone.

    One earlier step is enough: the more the same hands have done, the less they may do.
    """

    mine: Done | None = None
    last: Done | None = None
    done: frozenset[str] = frozenset()
    proposed: bool = False


class HandsWatch(Watch):
    """A symbolic person P with a substitute S, under the very rule of the engine."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._named = {name for step in plan.steps for name in step.not_by}

    def begin(self) -> Hashable:
        """Return the memory before anything has happened."""
        return _Past()

    def follow(self, memory: Hashable, edge: Edge) -> Iterator[Hashable]:
        """Yield what was done after an edge, or the decision that rests on one person."""
        assert isinstance(memory, _Past)
        adverse = [move for move in moves_in(edge, self._plan) if self._plan.moves[move].adverse]
        for past in self._by_anyone(memory, edge):
            wrong = _wrong(past) if adverse else ""
            yield Trap(wrong % {"move": label_of(adverse[0], self._plan)}) if wrong else past

    def _by_anyone(self, past: _Past, edge: Edge) -> Iterator[_Past]:
        node = self._plan.nodes.get(edge.act.step)
        if edge.act.verb == DEEMED:
            yield replace(past, last=None)
        elif edge.act.verb != COMPLETED or not isinstance(node, Work):
            yield past
        else:
            yield from self._by_each(past, node)

    def _by_each(self, past: _Past, node: Any) -> Iterator[_Past]:
        for hands in (_OTHERS, *_HANDS):
            this = Done(node.name, str(node.duty), hands, node.not_by)
            if past.mine and conflicts(this, [past.mine]):
                continue
            after = self._after(past, this)
            yield after
            if hands:
                yield replace(after, mine=this)

    def _after(self, past: _Past, this: Done) -> _Past:
        done = past.done | ({this.step} & self._named)
        proposed = past.proposed or this.duty not in DECIDING
        return replace(past, last=this, done=done, proposed=proposed)


def are_separate(space: Space) -> Iterator[Violation]:
    """Yield the decisions against the party that can rest on one person."""
    told = set()
    followed = Followed(space, HandsWatch(space.plan))
    for place, edge, trap in followed.trapped:
        if trap.told not in told:
            told.add(trap.told)
            yield followed.violation(TWO_PERSONS, trap.told, place, edge)


def _wrong(past: _Past) -> str:
    last = past.last
    if last is None or not (last.duty in DECIDING or past.done & set(last.not_by)):
        return _("'%(move)s' is made though no second person has decided on it.")
    if last.duty in DECIDING and not past.proposed:
        return _("'%(move)s' rests on the step of one person alone.")
    if past.mine and past.mine != last and _shares(last, past.mine):
        return _("'%(move)s' can be proposed and decided by the same hands.")
    return ""


def _shares(last: Done, mine: Done) -> bool:
    proposing = mine.duty not in DECIDING or mine.step in last.not_by
    return proposing and bool(last.hands & mine.hands)
