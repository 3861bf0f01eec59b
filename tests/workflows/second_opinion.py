"""A second opinion on when a period ends: day by day, from the casebook (§2.3) alone.

Shares nothing with ``workflows``: not its calendar, not its arithmetic, not its words.
"""

import calendar
import datetime as dt
from functools import cache

import chinese_calendar

FIRST, LAST = 2024, 2026


@cache
def works(ordinal):
    """Say whether offices work on a day; beyond the last published year by the weekday alone."""
    day = dt.date.fromordinal(ordinal)
    if FIRST <= day.year <= LAST:
        return chinese_calendar.is_workday(day)
    return day.isoweekday() <= 5


def last_day(start, length, unit, *, act, suspensions=()):
    """Return the last day of a period, or nothing if it stands still before it ends.

    ``suspensions`` are pairs of the day of a suspension, which still counts, and the day of
    its end, which does not (nothing: it has not ended). ``act``: something has to be done in it.
    """
    first = start.toordinal()
    stood = [(a.toordinal(), b.toordinal() if b else 10**9) for a, b in suspensions]

    def stands(day):
        return day > first and any(a < day <= b for a, b in stood)

    unended = [a for a, b in stood if b == 10**9]
    forever = max(min(unended), first) if unended else 10**9
    day = _end(start, length, unit, stands, forever)
    # What has to be done may be done on the next day on which that is possible.
    while act and day <= forever and not (works(day) and not stands(day)):
        day += 1
    return None if day > forever else dt.date.fromordinal(day)


def _end(start, length, unit, stands, forever):
    if unit == "M":
        return _after_months(start, length, stands, forever)
    day, counted = start.toordinal(), 0  # the first day is not counted
    while counted < length and day <= forever:
        day += 1
        if not stands(day) and (unit == "CD" or works(day)):
            counted += 1
    return day


def _after_months(start, months, stands, forever):
    year, month = start.year, start.month
    for _month in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    corresponding = min(start.day, calendar.monthrange(year, month)[1])
    end, day = dt.date(year, month, corresponding).toordinal(), start.toordinal()
    while day < end <= forever:
        day += 1
        if stands(day):
            end += 1  # the day is given back
    return end
