"""What if: which dates would move if this happened to a case, or to the law. Writes nothing."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workflows import audit, checking, clock, deadlines, policy, queues, wording, work
from workflows.acts import Refused
from workflows.calendar import Calendar
from workflows.case_type import case_type
from workflows.clock import Due, Event, Light
from workflows.flow import Transition
from workflows.models import Case, Deadline, Role, Term

_SHARED = ("calc.", "light.")
_NOT_RETROACTIVE = "立法法 §104"
log = logging.getLogger(__name__)


class NothingToSupplement(Refused):
    """In its present state this case cannot wait for a supplement."""


class NoSuchClock(Refused):
    """No such clock runs in this case."""


class NoSuchTerm(Refused):
    """No edition of this term is in force on that day, so none can be changed."""

    status = 404


class WrongValue(Refused):
    """The value or the unit is not one that this term can have."""


@dataclass(frozen=True)
class WhatIf:
    """Something that might happen: days of waiting or suspension, more time, another law.

    ``extend`` is the key of a clock and how much longer it would run; ``term`` an edition that
    is not in the table, as :func:`edition` makes it; ``moves_open`` puts clocks that run under
    the edition it follows under it, whatever day governs their case.
    """

    supplement: int | None = None
    suspend: int | None = None
    extend: tuple[str, int] | None = None
    calendar: Calendar | None = None
    term: Term | None = None
    moves_open: bool = False


@dataclass(frozen=True)
class Prospect:
    """When a clock is due, why, and its light on the day of the question."""

    due: Due
    amber_on: date | None
    light: Light


@dataclass(frozen=True)
class Change:
    """One running clock of one case, as it is and as it would be."""

    deadline: Deadline
    before: Prospect
    after: Prospect

    @property
    def has_moved(self) -> bool:
        """Test that anything a person sees would change."""
        return _seen(self.before) != _seen(self.after)

    @property
    def becomes_overdue(self) -> bool:
        """Test that the clock is not red now and would be."""
        return self.before.light != Light.RED and self.after.light == Light.RED

    def explained(self, prospect: Prospect) -> list[str]:
        """Return the explanation of one of the two dates."""
        return wording.explanation(prospect.due, case_type(self.deadline.case.kind).moves)


@dataclass(frozen=True)
class Kept:
    """One running clock that keeps the edition of its term, and by what rule."""

    deadline: Deadline
    since: date | None

    @property
    def reason(self) -> str:
        """Say why in one sentence."""
        governed_on = date_format(self.deadline.case.governed_on)
        if self.since is None:
            return _("The case is governed by the law of %(day)s.") % {"day": governed_on}
        said = _(
            "The case is governed by the law of %(day)s; the new edition, in force from "
            "%(since)s, has no effect on what began before (%(basis)s)."
        )
        since = date_format(self.since)
        return said % {"day": governed_on, "since": since, "basis": _NOT_RETROACTIVE}


@dataclass
class StockChange:
    """What would change among all the open cases a person watches."""

    examined: int = 0
    changes: list[Change] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def overdue(self) -> list[Change]:
        """The clocks that would become overdue at once."""
        return [change for change in self.changes if change.becomes_overdue]


def of_case(case: Case, what_if: WhatIf, *, on: date) -> list[Change]:
    """Return every running clock of a case the caller may see, as it is and as it would be.

    :raises NothingToSupplement, NoSuchClock: if that cannot happen to the case
    """
    with _touching_nothing():
        case = work.typed_case(case.kind, pk=case.pk)
        clocks = list(_related(Deadline.objects.filter(case=case, ended_at=None)))
        asked = _Question(what_if, on)
        more = asked.events(case, {deadline.term.key for deadline in clocks})
        heard = audit.written(case)
        return [asked.change(deadline, heard, more) for deadline in clocks]


def of_stock(what_if: WhatIf, *, viewer: Any = None, on: date) -> StockChange:
    """Return what another calendar or edition would change in the units the viewer supervises.

    Without a viewer, the operator's command, in every unit.
    """
    with _touching_nothing():
        asked, found = _Question(what_if, on), StockChange()
        for batch in checking.in_batches(_watched(viewer, _concerned(what_if), on)):
            for deadline, events in batch:
                asked.note(deadline, events, found)
        return found


def edition(key: str, *, value: str, unit: str | None, since: date) -> Term:
    """Return a new edition of a term, in force from a day on, without saving it.

    :raises NoSuchTerm: if none is in force on that day
    :raises WrongValue: if a period would no longer be one
    """
    try:
        old = policy.term(key, on=since)
    except policy.NoTermInForce:
        raise NoSuchTerm from None
    new = copy(old)
    new.pk, new.value, new.unit = None, value, unit or old.unit
    new.in_force = DateRange(since, old.in_force.upper, "[)")
    if _is_period(old) and not (_is_period(new) and value.isdecimal()):
        raise WrongValue
    return new


def _is_period(term: Term) -> bool:
    return term.unit in set(clock.Unit)


class _Question:
    """One what-if, asked of many clocks; the law as it is and as it might be, each read once."""

    def __init__(self, what_if: WhatIf, on: date) -> None:
        self.what_if, self.on = what_if, on
        self._now: dict[Any, Any] = {}

    @cached_property
    def _then(self) -> dict[Any, Any]:
        return policy.supposing(calendar=self.what_if.calendar, term=self.what_if.term)

    def change(self, deadline: Deadline, heard: list[Event], more: list[Event]) -> Change:
        """Return a clock as it is and as it would be."""
        before = self._prospect(deadline, heard, self._now)
        after = self._prospect(self._under(deadline), [*heard, *more], self._then)
        return Change(deadline, before, after)

    def note(self, deadline: Deadline, heard: list[Event], found: StockChange) -> None:
        """Add one clock of the stock to what was found."""
        found.examined += 1
        try:
            change = self.change(deadline, heard, [])
        except Exception:  # one broken case must not hide what happens to the others
            log.exception("a clock cannot be asked", extra={"deadline": deadline.pk})
            found.failed.append(deadline.case.reference)
            return
        if change.has_moved:
            found.changes.append(change)
        if self._keeps(deadline):
            found.kept.append(Kept(deadline, self._since(deadline)))

    def events(self, case: Case, keys: set[str]) -> list[Event]:
        """Return the events that the question supposes in a case."""
        happening = [*self._supplement(case), *self._suspension(keys), *self._extension(keys)]
        return sorted(happening, key=lambda event: event.on)

    def _supplement(self, case: Case) -> Iterator[Event]:
        days = self.what_if.supplement
        if days is None:
            return
        ask, answer = _detour(case)
        keys = [deadlines.named(case, key) for key in ask.pauses]
        back = self.on + timedelta(days=days)
        yield Event(ask.move, self.on, {})
        yield Event(clock.PAUSED, self.on, {"keys": keys})
        yield Event(answer.move, back, {})
        yield Event(clock.RESUMED, back, {"keys": keys})

    def _suspension(self, keys: set[str]) -> Iterator[Event]:
        days = self.what_if.suspend
        if days is not None:
            yield Event(clock.PAUSED, self.on, {"keys": sorted(keys)})
            yield Event(clock.RESUMED, self.on + timedelta(days=days), {"keys": sorted(keys)})

    def _extension(self, keys: set[str]) -> Iterator[Event]:
        if self.what_if.extend is None:
            return
        key, length = self.what_if.extend
        if key not in keys:
            raise NoSuchClock
        yield Event(clock.EXTENDED, self.on, {"keys": [key], "length": length})

    def _prospect(
        self, deadline: Deadline, events: Iterable[Event], known: dict[Any, Any]
    ) -> Prospect:
        anew = copy(deadline)
        with policy.reading(known):
            due = deadlines.renew(anew, deadline.case, events)
        return Prospect(due, anew.amber_on, anew.light(self.on))

    def _under(self, deadline: Deadline) -> Deadline:
        term = self.what_if.term
        if term is None or term.key != deadline.term.key or self._keeps(deadline):
            return deadline
        other = copy(deadline)
        other.term = term
        return other

    def _keeps(self, deadline: Deadline) -> bool:
        term = self.what_if.term
        if term is None:
            return False
        if self.what_if.moves_open and deadline.term.key == term.key:
            return not deadline.term.is_in_force(term.in_force.lower)
        return not term.is_in_force(deadline.case.governed_on)

    def _since(self, deadline: Deadline) -> date | None:
        since: date = self.what_if.term.in_force.lower  # type: ignore[union-attr]
        return since if deadline.case.governed_on < since else None


@contextmanager
def _touching_nothing() -> Iterator[None]:
    """Run the block in a transaction in which the database itself refuses to write."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def _seen(prospect: Prospect) -> tuple[Any, ...]:
    return prospect.due.on, prospect.due.provisional, prospect.amber_on, prospect.light


def _related(clocks: QuerySet[Deadline]) -> QuerySet[Deadline]:
    return clocks.select_related("term", "item__unit", "case__party").order_by("pk")


def _concerned(what_if: WhatIf) -> QuerySet[Deadline]:
    running = Deadline.objects.filter(ended_at=None)
    if what_if.term is None or what_if.term.key.startswith(_SHARED):
        return running
    return running.filter(term__key=what_if.term.key)


def _watched(viewer: Any, clocks: QuerySet[Deadline], on: date) -> QuerySet[Deadline]:
    if viewer is None:
        return clocks
    units = queues.supervised_by(viewer, on=on)
    office = Q(case__involvements__role=Role.OFFICE, case__involvements__unit__in=units)
    return clocks.filter(Q(item__unit__in=units) | Q(office, item__unit=None)).distinct()


def _detour(case: Case) -> tuple[Transition, Transition]:
    """Return the move that would ask the party for something now, and the one that goes on."""
    moves = [n for n in case_type(case.kind).flow.instance.nodes() if isinstance(n, Transition)]
    ask = next((move for move in moves if move.pauses and case.may(move.move)), None)
    if ask is None or case.closed_at:
        raise NothingToSupplement
    return ask, min(moves, key=lambda move: len(set(move.resumes) ^ set(ask.pauses)))
