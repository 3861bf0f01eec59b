"""When something is due, and why: pure functions of events, a term and the calendar."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.calendar import ONE_DAY, Calendar

PAUSED, RESUMED, EXTENDED = "clock_paused", "clock_resumed", "clock_extended"
CORRECTED, DEEMED = "start_corrected", "deemed_accepted"
AWAITED, SERVED, ASKED = "service_awaited", "served_", "asked_beside"


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    MONTHS = "M"


class Light(StrEnum):
    """How near a deadline is (casebook §2.4)."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True)
class Event:
    """What the log says happened on a day; the only thing a clock listens to."""

    kind: str
    on: date
    detail: dict[str, Any]


@dataclass(frozen=True)
class Period:
    """One edition of a term: its length, what starts it, its basis and how certain it is.

    ``starts`` names the kinds of event that start the clock, the latest one counting.
    ``rolls`` says that a last day on which nobody works moves to the next worked day
    (民法典 §203); periods of publication do not roll, for that would lengthen the detriment.
    """

    key: str
    length: int
    unit: Unit
    starts: tuple[str, ...]
    rolls: bool = True
    basis: str = ""
    certainty: str = ""

    @property
    def awaits_service(self) -> bool:
        """Test that the clock starts with the service of a letter, which may still be under way."""
        return any(kind.startswith(SERVED) for kind in self.starts)


@dataclass(frozen=True)
class Conventions:
    """What the law leaves to the office (casebook §2.3, 5, 7 and 9).

    ``pause_day_counts``: the day of a pause is counted when it is worked. ``next_worked_receipt``:
    what comes in on a rest day counts as received on the next working day.
    ``roll_publication``: a publication period that ends on a rest day is prolonged.
    """

    pause_day_counts: bool = True
    next_worked_receipt: bool = False
    roll_publication: bool = False


USUAL = Conventions()


@dataclass(frozen=True)
class Span:
    """Days a clock stands: after ``after``, up to and including ``to`` (``None``: still)."""

    after: date
    to: date | None

    def holds(self, day: date) -> bool:
        """Test that the clock stands on a day."""
        return day > self.after and (self.to is None or day <= self.to)


@dataclass(frozen=True)
class Due:
    """When a period ends, and what was and was not counted on the way."""

    period: Period
    started_by: str
    start: date | None
    on: date | None
    provisional: bool = False
    extended_by: int = 0
    pauses: tuple[Span, ...] = ()
    excluded: tuple[date, ...] = ()
    worked_weekends: tuple[date, ...] = ()
    rolled_from: date | None = None

    @property
    def is_paused(self) -> bool:
        """Test that the clock stands still or waits, so that there is no date yet."""
        return self.on is None


class NeverStarted(Exception):
    """The log holds no event that starts this clock."""


def due(
    events: Iterable[Event],
    period: Period,
    calendar: Calendar,
    conventions: Conventions = USUAL,
) -> Due:
    """Return the last day of a period, inclusive, and its explanation.

    The start day is not counted (民法典 §201), nor is the day of a resumption. The period ends
    with the end of its last day. A pause after the last day changes nothing: what is late
    stays late. A clock against the party has no date before the letter is served.

    :raises NeverStarted: if no event starts the clock
    """
    events = list(events)
    if period.awaits_service and not _starting(events, period):
        return Due(period, AWAITED, None, None)
    first = _start(events, period)
    start = _received(first, calendar, conventions)
    pauses = tuple(_pauses(events, period.key, start, conventions))
    more = _extension(events, period.key, start)
    over = [pause for pause in pauses if pause.to]
    end = _end(period, start, period.length + more, over, calendar)
    rolls = period.rolls or conventions.roll_publication
    last = _rolled(end, over, calendar) if rolls else end
    if any(pause.to is None and pause.after < last for pause in pauses):
        return Due(period, first.kind, start, None, extended_by=more, pauses=pauses)
    return Due(
        period=period,
        started_by=first.kind,
        start=start,
        on=last,
        provisional=calendar.is_provisional(last),
        extended_by=more,
        pauses=pauses,
        excluded=tuple(_off_days(start, last, calendar)),
        worked_weekends=tuple(d for d in sorted(calendar.makeup_days) if start < d <= last),
        rolled_from=end if last != end else None,
    )


def heard_by(item: int | None, events: Iterable[Event]) -> list[Event]:
    """Return the events that the clock of a step hears: of the asides, only its own opening."""
    return [e for e in events if e.kind != ASKED or e.detail.get("item") == item]


def light(*, on: date, due_on: date | None, amber_on: date | None) -> Light:
    """Return the light of a clock on a day; grey while it stands still."""
    if due_on is None:
        return Light.GREY
    if on > due_on:
        return Light.RED
    return Light.AMBER if amber_on and on >= amber_on else Light.GREEN


def amber_from(start: date, due_on: date, calendar: Calendar, *, least: int, share: int) -> date:
    """Return the first day with at most ``least`` working days or ``share`` per cent left."""
    left = max(least, calendar.worked_between(start, due_on) * share // 100)
    day = due_on
    while day > start and calendar.worked_between(day - ONE_DAY, due_on) <= left:
        day -= ONE_DAY
    return day


def months_after(start: date, months: int) -> date:
    """Return the corresponding day, or the month's last day where there is none (民法典 §202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _start(events: Sequence[Event], period: Period) -> Event:
    starting = _starting(events, period)
    if not starting:
        raise NeverStarted(period.key)
    deemed = [e for e in events if e.kind == DEEMED and "accept" in period.starts]
    corrected = [e for e in events if e.kind == CORRECTED and period.key in e.detail["keys"]]
    return _as_of((corrected or deemed or starting)[-1])


def _starting(events: Sequence[Event], period: Period) -> list[Event]:
    return [event for event in events if event.kind in period.starts]


def _as_of(event: Event) -> Event:
    told = event.detail.get("as_of")
    return replace(event, on=date.fromisoformat(told)) if told else event


def _received(first: Event, calendar: Calendar, conventions: Conventions) -> date:
    if conventions.next_worked_receipt and first.kind == "received":
        return calendar.next_worked(first.on)
    return first.on


def _pauses(
    events: Sequence[Event], key: str, start: date, conventions: Conventions
) -> Iterable[Span]:
    """Yield the spans in which at least one pause holds; causes may overlap.

    A clock that starts while a pause holds stands from its start.
    """
    since, held = start, 0
    for event in _turns(events, key):
        was, held = held, max(0, held + (1 if event.kind == PAUSED else -1))
        since = since if was else max(event.on, start)
        if was and not held and event.on > start:
            yield _span(since, event.on, conventions)
    if held:
        yield _span(since, None, conventions)


def _turns(events: Sequence[Event], key: str) -> list[Event]:
    turned = [event for event in events if event.kind in (PAUSED, RESUMED)]
    mine = [event for event in turned if key in event.detail.get("keys", ())]
    return sorted(mine, key=lambda event: event.on)


def _span(since: date, to: date | None, conventions: Conventions) -> Span:
    return Span(since if conventions.pause_day_counts else since - ONE_DAY, to)


def _extension(events: Sequence[Event], key: str, start: date) -> int:
    return sum(
        int(event.detail["length"])
        for event in events
        if event.kind == EXTENDED and key in event.detail.get("keys", ()) and event.on >= start
    )


def _end(
    period: Period, start: date, length: int, over: Sequence[Span], calendar: Calendar
) -> date:
    if period.unit == Unit.WORKING_DAYS:
        return _count(start, length, lambda day: calendar.is_worked(day) and _runs(day, over))
    if period.unit == Unit.CALENDAR_DAYS:
        return _count(start, length, lambda day: _runs(day, over))
    return _moved(months_after(start, length), over)


def _rolled(end: date, over: Sequence[Span], calendar: Calendar) -> date:
    # The day that rests give way to is the last one; a clock that stands on it goes on after.
    while not (calendar.is_worked(end) and _runs(end, over)):
        end += ONE_DAY
    return end


def _moved(end: date, pauses: Sequence[Span]) -> date:
    for pause in pauses:
        if pause.to and pause.after < end:
            end += pause.to - pause.after
    return end


def _count(day: date, length: int, counts: Any) -> date:
    while length > 0:
        day += ONE_DAY
        length -= bool(counts(day))
    return day


def _runs(day: date, pauses: Sequence[Span]) -> bool:
    return not any(pause.holds(day) for pause in pauses)


def _off_days(start: date, last: date, calendar: Calendar) -> Iterable[date]:
    day = start + ONE_DAY
    while day <= last:
        if not calendar.is_worked(day):
            yield day
        day += ONE_DAY
