"""When something is due, and why: pure functions of events, a term and the calendar."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.calendar import ONE_DAY, Calendar

PAUSED, RESUMED, EXTENDED = "clock_paused", "clock_resumed", "clock_extended"


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
    start: date
    on: date | None
    provisional: bool = False
    extended_by: int = 0
    pauses: tuple[Span, ...] = ()
    excluded: tuple[date, ...] = ()
    worked_weekends: tuple[date, ...] = ()
    rolled_from: date | None = None

    @property
    def is_paused(self) -> bool:
        """Test that the clock stands still, so that there is no date yet."""
        return self.on is None


class NeverStarted(Exception):
    """The log holds no event that starts this clock."""


def due(events: Iterable[Event], period: Period, calendar: Calendar) -> Due:
    """Return the last day of a period, inclusive, and its explanation.

    The start day is not counted (民法典 §201), the day of a pause is, that of a resumption is not.
    A pause after the last day changes nothing: what is late stays late.

    :raises NeverStarted: if no event starts the clock
    """
    events = list(events)
    first = _start(events, period)
    start = first.on
    pauses = tuple(_pauses(events, period.key, start))
    more = _extension(events, period.key, start)
    end = _end(period, start, period.length + more, pauses, calendar)
    if any(pause.to is None and pause.after < end for pause in pauses):
        return Due(period, first.kind, start, None, extended_by=more, pauses=pauses)
    last = calendar.next_worked(end) if period.rolls else end
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
    starting = [event for event in events if event.kind in period.starts]
    if not starting:
        raise NeverStarted(period.key)
    return starting[-1]


def _pauses(events: Sequence[Event], key: str, start: date) -> Iterable[Span]:
    since: date | None = None
    for event in events:
        if key not in event.detail.get("keys", ()) or event.on < start:
            continue
        if event.kind == PAUSED and since is None:
            since = event.on
        elif event.kind == RESUMED and since is not None:
            yield Span(since, event.on)
            since = None
    if since is not None:
        yield Span(since, None)


def _extension(events: Sequence[Event], key: str, start: date) -> int:
    return sum(
        int(event.detail["length"])
        for event in events
        if event.kind == EXTENDED and key in event.detail.get("keys", ()) and event.on >= start
    )


def _end(
    period: Period, start: date, length: int, pauses: Sequence[Span], calendar: Calendar
) -> date:
    over = [pause for pause in pauses if pause.to]
    if period.unit == Unit.WORKING_DAYS:
        return _count(start, length, lambda day: calendar.is_worked(day) and _runs(day, over))
    if period.unit == Unit.CALENDAR_DAYS:
        return _count(start, length, lambda day: _runs(day, over))
    return _moved(months_after(start, length), over)


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
