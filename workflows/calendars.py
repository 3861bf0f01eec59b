"""Load the calendar of a year, whole or not at all, and move the dates that depend on it."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Duty
from accounts.standing import holders, representatives
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, checking, deadlines, policy, work
from workflows.acts import current_act
from workflows.calendar_sheet import Sheet, read, supposed
from workflows.case_type import case_type
from workflows.clock import Event
from workflows.models import Case, Day, Deadline, WorkItem

_OPEN = (WorkItem.State.OPEN, WorkItem.State.CLAIMED)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Move:
    """One date of one open case that another calendar moves, or makes sure."""

    case: str
    key: str
    old: date | None
    new: date | None
    was_provisional: bool
    is_provisional: bool

    @property
    def is_shorter(self) -> bool:
        """Test that the new date comes before the one announced."""
        return self.old is not None and self.new is not None and self.new < self.old


@dataclass
class CalendarChange:
    """What a file changes of the calendar of its year, and which dates move with it.

    ``failed`` names the cases whose dates could not be moved; loading the file again moves them.
    """

    year: int
    version: int
    added: int
    changed: int
    removed: int
    moves: list[Move] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        """Test that the calendar already says what the file says."""
        return not (self.added or self.changed or self.removed)


def load(path: Path, *, by: Any, at: datetime, dry_run: bool = False) -> CalendarChange:
    """Replace the calendar of one year by that of a file and move every date it touches.

    A dry run only says what would move. Loading a file again changes nothing, but finishes a
    run that was broken off.

    :raises CalendarRefused: if a line is wrong; nothing has been loaded then
    """
    sheet = read(path)
    if dry_run:
        return foreseen(sheet)
    with audit.act(by=by, at=at):
        change = declare(sheet)
    move_dates(sheet, change, by=by, at=at)
    return change


def foreseen(sheet: Sheet) -> CalendarChange:
    """Return what a sheet would change, and which dates would move; writes nothing."""
    change = _compared(sheet)
    change.moves = list(_foreseen(sheet))
    return change


def move_dates(sheet: Sheet, change: CalendarChange, *, by: Any, at: datetime) -> None:
    """Move every date that a sheet, now declared, touches; a batch of cases is one act."""
    because = f"calendar {sheet.year} v{change.version}"
    for cases in _cases_to_move(sheet.year):
        _move_all(cases, _Moving(sheet, because, by, at), change)


def _compared(sheet: Sheet) -> CalendarChange:
    old = {day.day: day for day in Day.objects.filter(day__year=sheet.year)}
    new = {day.day: day for day in sheet.days}
    change = CalendarChange(
        year=sheet.year,
        version=max((day.version for day in old.values()), default=0),
        added=len(new.keys() - old.keys()),
        changed=sum(_says(new[day]) != _says(old[day]) for day in new.keys() & old.keys()),
        removed=len(old.keys() - new.keys()),
    )
    change.version += not change.is_none
    return change


def _says(day: Day) -> tuple[bool, str]:
    return day.is_worked, day.notice


def declare(sheet: Sheet) -> CalendarChange:
    """Replace the days of one year by those of a sheet, inside the running act."""
    with connection.cursor() as cursor:  # two who load at once would lose a version
        cursor.execute(f"LOCK TABLE {Day._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    change = _compared(sheet)
    if change.is_none:
        return change
    Day.objects.filter(day__year=sheet.year).delete()
    for day in sheet.days:
        day.version = change.version
    Day.objects.bulk_create(sheet.days)
    detail = {"sha256": sheet.sha256, "digest": sheet.digest, "days": len(sheet.days)}
    counts = {name: getattr(change, name) for name in ("version", "added", "changed", "removed")}
    audit.record("calendar_loaded", f"calendar/{sheet.year}", detail={**detail, **counts})
    return change


def _touched(year: int) -> QuerySet[Deadline]:
    first = date(year, 1, 1)
    later = Q(due_on=None) | Q(due_on__gte=first) | Q(next_rung_on__gte=first)
    return Deadline.objects.filter(later, ended_at=None)


def _foreseen(sheet: Sheet) -> Iterator[Move]:
    known = policy.supposing(calendar=supposed(sheet))
    for batch in checking.in_batches(_touched(sheet.year)):
        moves = [_move(*_renewed(deadline, events, known)) for deadline, events in batch]
        yield from (move for move in moves if _is_told(move))


def _renewed(
    deadline: Deadline, events: Iterable[Event], known: dict[Any, Any]
) -> tuple[Deadline, dict[str, Any]]:
    was = deadlines.cached(deadline)
    with policy.reading(known):
        deadlines.renew(deadline, deadline.case, events)
    return deadline, was


def _move(deadline: Deadline, was: Mapping[str, Any]) -> Move:
    return Move(
        case=deadline.case.reference,
        key=deadline.term.key,
        old=was["due_on"],
        new=deadline.due_on,
        was_provisional=was["provisional"],
        is_provisional=deadline.provisional,
    )


def _is_told(move: Move) -> bool:
    return (move.old, move.was_provisional) != (move.new, move.is_provisional)


@dataclass(frozen=True)
class _Moving:
    """What is the same for every case that one calendar moves."""

    sheet: Sheet
    because: str
    by: Any
    at: datetime


def _cases_to_move(year: int) -> Iterator[list[Case]]:
    known: dict[Any, Any] = {}
    for batch in checking.in_batches(_touched(year)):
        renewed = [_renewed(deadline, events, known) for deadline, events in batch]
        stale = [deadline for deadline, was in renewed if deadlines.cached(deadline) != was]
        if stale:
            yield list({deadline.case_id: deadline.case for deadline in stale}.values())


def _move_all(cases: Sequence[Case], moving: _Moving, change: CalendarChange) -> None:
    try:
        change.moves += _move_in_one_act(cases, moving)
    except Exception:  # one broken case must not keep the others from moving
        log.exception("a batch of cases could not be moved; trying them one by one")
        for case in cases:
            _move_one(case, moving, change)


def _move_one(case: Case, moving: _Moving, change: CalendarChange) -> None:
    try:
        change.moves += _move_in_one_act([case], moving)
    except Exception:
        log.exception("the dates of a case could not be moved", extra={"case": case.reference})
        change.failed.append(case.reference)


def _move_in_one_act(cases: Sequence[Case], moving: _Moving) -> list[Move]:
    moves: list[Move] = []
    with audit.act(by=moving.by, at=moving.at):
        for found in cases:
            with work.locking(found.kind, found.process_id):
                case = work.typed_case(found.kind, pk=found.pk)
                moves += _move_case(case, moving)
    return moves


def _move_case(case: Case, moving: _Moving) -> list[Move]:
    clocks = deadlines.running(case)
    was = {deadline.pk: deadlines.cached(deadline) for deadline in clocks}
    moved = deadlines.recompute(clocks, case, because=moving.because)
    told = [(deadline, _move(deadline, was[deadline.pk])) for deadline in moved]
    shorter = [(deadline, move) for deadline, move in told if move.is_shorter]
    if shorter:
        _tell(case, shorter, moving)
    return [move for _deadline, move in told]


def _tell(case: Case, shorter: Sequence[tuple[Deadline, Move]], moving: _Moving) -> None:
    party = representatives(case.party.credit_code, on=current_act().on)
    drafts = [_draft(case, shorter, party, moving.sheet)]
    by_item = sorted(shorter, key=_item_of)
    for _item, told in groupby(by_item, key=_item_of):
        clocks = list(told)
        doers = _doers(case, clocks[0][0].item)
        drafts.append(_draft(case, clocks, doers, moving.sheet))
    messages = outbox.post(drafts, at=moving.at)
    detail = {
        "keys": [move.key for _deadline, move in shorter],
        "because": moving.because,
        "messages": [message.pk for message in messages],
    }
    audit.record("shortening_told", case, detail=detail)


def _item_of(told: tuple[Deadline, Move]) -> int:
    return told[0].item_id or 0


def _doers(case: Case, item: WorkItem | None) -> list[Any]:
    if item is None:
        steps = WorkItem.objects.filter(case=case, state__in=_OPEN).exclude(unit=None)
        return [person for step in steps.select_related("unit", "owner") for person in _at(step)]
    return _at(item)


def _at(item: WorkItem) -> list[Any]:
    if item.unit is None:
        return []
    if item.owner:
        return [item.owner]
    return holders(item.unit, Duty(item.queue.rpartition("/")[2]), on=current_act().on)


def _draft(
    case: Case, shorter: Iterable[tuple[Deadline, Move]], to: Sequence[Any], sheet: Sheet
) -> Draft:
    with override(settings.LANGUAGE_CODE):
        lines = [_line(case, deadline, move) for deadline, move in shorter]
        said = _("The reason: the calendar of %(year)d has changed (%(notice)s).")
        lines.append(said % {"year": sheet.year, "notice": sheet.notice})
        return Draft(
            to=list(dict.fromkeys(to)),
            about=case.reference,
            subject=_("An earlier date: %(reference)s") % {"reference": case.reference},
            body="\n".join(lines),
        )


def _line(case: Case, deadline: Deadline, move: Move) -> str:
    said = _("%(what)s (%(basis)s): %(new)s instead of %(old)s.")
    return said % {
        "what": _called(case, deadline),
        "basis": deadline.term.basis,
        "new": date_format(move.new or ""),
        "old": date_format(move.old or ""),
    }


def _called(case: Case, deadline: Deadline) -> str:
    if deadline.item is None:
        return _("The whole case")
    return str(case_type(case.kind).flow.instance.node(deadline.item.step).form.title)
