"""Whose hands an act is done by, what hands did what in a case, and who is kept out of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf, Replace
from django.utils.timezone import localdate

from accounts.models import Duty, Representation, Unit
from accounts.standing import standing, stands_in_for_any
from workflows.acts import Refused
from workflows.asides import step_named
from workflows.audit import COUNTER
from workflows.models import Case, Entry, Proposal, Recusal, WorkItem
from workflows.separation import Done

_State = WorkItem.State
_DECIDED = ("proposal_granted", "proposal_refused")
PROPOSAL = "proposal"
TAKEN_IN = "taken_in"
# What hands do in a case without doing a step of it.
_NO_STEPS = frozenset({PROPOSAL, TAKEN_IN})
_KEPT_OUT = "recused"


class NotYourQueue(Refused):
    """This step belongs to another unit or to another duty."""

    status = 403


class WhoIsRecused(Refused):
    """You are recused in this case, or the person for whom you stand in is; leave it to others."""

    status = 403


@dataclass(frozen=True)
class Hands:
    """A person who acts, and the absent people in whose place they do; none on their own duty."""

    by: Any
    principals: tuple[Any, ...] = ()

    @property
    def on_behalf_of(self) -> Any:
        """For whom the log and the step say that it was done."""
        return self.principals[0] if self.principals else None

    @property
    def people(self) -> frozenset[int]:
        """Everybody who counts as having acted."""
        return frozenset({self.by.pk, *(person.pk for person in self.principals)})


@dataclass
class Past:
    """What was done in a case and by whose hands, and who is kept out of it."""

    done: list[Done] = field(default_factory=list)
    kept_out: set[int] = field(default_factory=set)


def reaching(queue: str, by: Any, *, on: date, past: Past) -> Hands:
    """Return by whose hands a person would do a step of a queue.

    :raises NotYourQueue: if neither they nor anybody for whom they stand in works it
    :raises WhoIsRecused: if they are kept out of the case, or all those people are
    """
    mine = standing(by, on=on)
    if queue not in mine.queues:
        raise NotYourQueue
    return _let_in(Hands(by, mine.principals(queue)), past)


def working_in(units: Iterable[Unit], by: Any, *, on: date, past: Past) -> tuple[Unit, Hands]:
    """Return in which of a case's units a person works, and by whose hands.

    :raises NotYourQueue: if in none of them
    :raises WhoIsRecused: as for a queue
    """
    mine = standing(by, on=on)
    for unit in units:
        if unit in mine.workplaces:
            return unit, _let_in(Hands(by, mine.principals_in(unit)), past)
    raise NotYourQueue


def check_not_recused(by: Any, case: Case) -> None:
    """Make sure that a person is not kept out of a case.

    :raises WhoIsRecused: if they are
    """
    if by.pk in past_of(case).kept_out:
        raise WhoIsRecused


def past_of(case: Case) -> Past:
    """Return what was done in a case and who is kept out of it; one query.

    A step counts for the person who did it and for the one in whose place they did, steps
    beside the route included, and so does a proposal that was decided. Kept out is who was
    recused, and who has represented the party since the case was opened (行政处罚法 §43).
    Who took something in at the counter did so with the counter's duty, and is not the party.
    """
    past = Past()
    others = (_decided(case), _taken_in(case), _recused(case), _tied(case))
    rows = _steps_done(case).union(*others, all=True)
    for step, queue, person, principal in rows:
        if step == _KEPT_OUT:
            past.kept_out.add(person)
        else:
            people = frozenset({person, principal} - {None})
            past.done.append(Done(step, duty_of(queue), people, _not_by(case, step)))
    return past


def duty_of(queue: str) -> str:
    """Return the duty that works a queue."""
    return queue.rpartition("/")[2]


def proposers(proposal: Proposal) -> frozenset[int]:
    """Return who made a proposal, and in whose place."""
    made = Entry.objects.filter(
        stream=proposal.case and proposal.case.reference,
        kind="proposed",
        detail__proposal=proposal.pk,
    )
    named = [key for key in made.values_list("on_behalf_of", flat=True) if key]
    return frozenset({proposal.proposed_by_id, *(int(key.partition(":")[2]) for key in named)})


def touches(hands: Hands, people: frozenset[int], unit: Unit, *, on: date) -> bool:
    """Test that hands are among these people, or those of a substitute of one of them."""
    if hands.people & people:
        return True
    return stands_in_for_any(hands.by, people, unit, on=on)


def _let_in(hands: Hands, past: Past) -> Hands:
    clear = tuple(person for person in hands.principals if person.pk not in past.kept_out)
    if hands.by.pk in past.kept_out or (hands.principals and not clear):
        raise WhoIsRecused
    return Hands(hands.by, clear)


def _steps_done(case: Case) -> QuerySet[Any, Any]:
    # A step may end in somebody's hands without being done: returned, or passed on.
    closed = WorkItem.objects.filter(case_id=case.pk, state__in=[_State.DONE, _State.CANCELLED])
    by_staff = closed.filter(unit__isnull=False, owner__isnull=False).order_by()
    return by_staff.values_list("step", "queue", "owner_id", "on_behalf_of_id")


def _decided(case: Case) -> QuerySet[Any, Any]:
    # The log alone says in whose place a proposal was decided.
    told = Entry.objects.filter(stream=case.reference, kind__in=_DECIDED, by__startswith="user:")
    return told.order_by().values_list(
        Value(PROPOSAL), Value(str(Duty.APPROVER)), _person("by"), _person("on_behalf_of")
    )


def _taken_in(case: Case) -> QuerySet[Any, Any]:
    told = Entry.objects.filter(stream=case.reference, detail__came_in=COUNTER)
    return told.order_by().values_list(
        Value(TAKEN_IN), Value(str(Duty.COUNTER)), _person("by"), _person("on_behalf_of")
    )


def _recused(case: Case) -> QuerySet[Any, Any]:
    rows = Recusal.objects.filter(case_id=case.pk).order_by()
    return rows.values_list(Value(_KEPT_OUT), Value(""), F("person_id"), _nobody())


def _tied(case: Case) -> QuerySet[Any, Any]:
    opened_on = localdate(case.opened_at)
    rows = Representation.objects.filter(
        Q(until=None) | Q(until__gte=opened_on), credit_code=case.party.credit_code
    )
    return rows.order_by().values_list(Value(_KEPT_OUT), Value(""), F("user_id"), _nobody())


def _person(column: str) -> Cast:
    key = NullIf(Replace(column, Value("user:"), Value("")), Value(""))
    return Cast(key, BigIntegerField())


def _nobody() -> Cast:
    return Cast(Value(None), BigIntegerField())


def _not_by(case: Case, step: str) -> tuple[str, ...]:
    if step in _NO_STEPS:
        return ()
    named: tuple[str, ...] = step_named(case.kind, step).not_by
    return named
