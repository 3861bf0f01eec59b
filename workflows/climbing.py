"""Let running clocks climb their ladder: many at once, each rung once, with its evidence."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from viewflow.workflow.models import Process

from accounts.models import Duty, Membership, in_force
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, ladder, policy
from workflows.acts import current_act
from workflows.calendar import ONE_DAY
from workflows.models import Deadline, Involvement, Role, Rung, Term, Urging, WorkItem

_CLIMB = """
    UPDATE workflows_deadline AS d SET rung = n.rung, next_rung_on = n.due
    FROM unnest(%s::bigint[], %s::smallint[], %s::date[]) AS n (pk, rung, due) WHERE d.id = n.pk
"""
_OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
_SUBJECTS = {
    Rung.Of.AMBER: gettext_lazy("Due soon: %(reference)s"),
    Rung.Of.RED: gettext_lazy("Overdue: %(reference)s"),
}


def due_rungs(*, on: date) -> QuerySet[Deadline]:
    """Return the running clocks that have a rung to climb."""
    return Deadline.objects.filter(ended_at=None, next_rung_on__lte=on)


def climb(ids: Sequence[int], on: date, at: datetime) -> int:
    """Let clocks climb every rung due on a day, in one act; return how many rungs."""
    with audit.act(by=None, at=at) as act:
        clocks = _lock(ids, on)
        steps = [step for clock in clocks for step in _rungs_due(clock, on)]
        directory = _Directory(clocks, act.on)
        drafts = [_draft(step, directory) for step in steps]
        messages = iter(outbox.post(drafts, at=at))
        Urging.objects.bulk_create(_urging(s, directory) for s in steps if s.rung.urges)
        _save(clocks)
        for step, draft in zip(steps, drafts, strict=True):
            _record(step, [message.pk for message in islice(messages, len(draft.to))])
        return len(steps)


@dataclass
class _Step:
    """One rung that one clock climbs, and the day on which it was due."""

    clock: Deadline
    rung: Rung
    since: date


def _lock(ids: Sequence[int], on: date) -> list[Deadline]:
    # Cases somebody is working on right now are left to the next sweep.
    processes = Process.objects.filter(case__deadlines__in=ids)
    held = processes.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    clocks = due_rungs(on=on).filter(pk__in=ids, case__process__in=list(held))
    related = ("case", "term", "item__unit", "item__owner")
    return list(clocks.select_related(*related).order_by("pk"))


def _save(clocks: Sequence[Deadline]) -> None:
    # One statement with three arrays: bulk_update spends longer on its CASEs than all the rest.
    rows = [(clock.pk, clock.rung, clock.next_rung_on) for clock in clocks]
    with connection.cursor() as cursor:
        cursor.execute(_CLIMB, [list(column) for column in zip(*rows, strict=True)] or [[]] * 3)


def _rungs_due(clock: Deadline, on: date) -> Iterator[_Step]:
    while clock.next_rung_on is not None and clock.next_rung_on <= on:
        rung = ladder.next_rung(clock)
        assert rung is not None
        yield _Step(clock, rung, clock.next_rung_on)
        clock.rung = rung.number
        clock.next_rung_on = ladder.next_rung_on(clock)


class _Directory:
    """Who holds which duty where, for one batch; read in three queries."""

    def __init__(self, clocks: Sequence[Deadline], on: date) -> None:
        offices = Involvement.objects.filter(
            case__in={clock.case_id for clock in clocks}, role=Role.OFFICE
        )
        self._office = {found.case_id: found.unit for found in offices.select_related("unit")}
        self._steps: dict[int, list[WorkItem]] = defaultdict(list)
        for item in _steps_of({clock.case_id for clock in clocks if clock.item is None}):
            self._steps[item.case_id].append(item)
        self._people: dict[tuple[int, str], list[Any]] = defaultdict(list)
        holding = Membership.objects.filter(in_force(on), user__is_active=True)
        for held in holding.select_related("user"):
            self._people[held.unit_id, held.duty].append(held.user)

    def unit_of(self, clock: Deadline) -> Any:
        """Return the unit a clock runs against: that of its step, or the office."""
        item = clock.item
        return item.unit if item and item.unit else self._office[clock.case_id]

    def told_by(self, step: _Step) -> list[Any]:
        """Return everyone a rung tells, each once."""
        found = [person for word in step.rung.tells.split() for person in self._named(word, step)]
        return list(dict.fromkeys(found))

    def _named(self, word: str, step: _Step) -> list[Any]:
        if word == "owner":
            return self._doers(step.clock)
        units = {self.unit_of(step.clock)}
        if word == Duty.SUPERVISOR:
            units.add(self._office[step.clock.case_id])
        return [p for unit in units for p in self._people[unit.pk, word]]

    def _doers(self, clock: Deadline) -> list[Any]:
        """Return who can bring a clock to its end: for that of a whole case, whoever has it now."""
        items = [clock.item] if clock.item else self._steps[clock.case_id]
        return [person for item in items for person in self._doers_of(item)]

    def _doers_of(self, item: WorkItem) -> list[Any]:
        if item.unit_id is None:
            return []
        return (
            [item.owner]
            if item.owner
            else self._people[item.unit_id, item.queue.rpartition("/")[2]]
        )


def _steps_of(cases: set[int]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(case__in=cases, state__in=_OPEN).select_related("owner")


def _draft(step: _Step, directory: _Directory) -> Draft:
    case, due_on, basis = step.clock.case, step.clock.due_on, step.clock.term.basis
    assert due_on is not None
    with override(settings.LANGUAGE_CODE):
        named = {"reference": case.reference, "day": date_format(due_on), "basis": basis}
        return Draft(
            to=directory.told_by(step),
            about=case.reference,
            subject=str(_SUBJECTS[Rung.Of(step.rung.light)]) % named,
            body=_("Case %(reference)s: the date is %(day)s (%(basis)s).") % named,
        )


def _urging(step: _Step, directory: _Directory) -> Urging:
    act = current_act()
    return Urging(
        deadline=step.clock,
        unit=directory.unit_of(step.clock),
        rung=step.rung.number,
        opened_at=act.at,
        answer_due_on=answer_by(on=act.on).day,
    )


def _record(step: _Step, messages: list[int]) -> None:
    clock = step.clock
    detail = {
        "key": clock.term.key,
        "due": clock.due_on and clock.due_on.isoformat(),
        "item": clock.item_id,
        "rung": step.rung.number,
        "since": step.since.isoformat(),
        "messages": messages,
    }
    kind = "reminded" if step.rung.light == Rung.Of.AMBER else "escalated"
    audit.record(kind, clock.case, basis=step.rung.basis, detail=detail)


@dataclass(frozen=True)
class AnswerBy:
    """By when a unit answers a demand, and the rule value that says so."""

    term: Term
    day: date
    provisional: bool


def answer_by(*, on: date) -> AnswerBy:
    """Return by when what is demanded on a day has to be answered."""
    term = policy.term("ladder.answer", on=on)
    day = worked_days_after(on, int(term.value))
    return AnswerBy(term, day, policy.calendar().is_provisional(day))


def worked_days_after(on: date, length: int) -> date:
    """Return the working day so many working days after a day."""
    calendar, day = policy.calendar(), on
    for _n in range(length):
        day = calendar.next_worked(day + ONE_DAY)
    return day
