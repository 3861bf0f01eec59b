"""Two people who have not spoken to each other count the same days."""

import datetime as dt
import random

import pytest

from tests.workflows.days import PUBLISHED
from tests.workflows.second_opinion import last_day
from workflows import clock
from workflows.clock import Event, Period, Unit

CASES, SHARES = 100_000, 10
FIRST, DAYS = dt.date(2024, 1, 1).toordinal(), 3 * 365 + 1
OPEN = 0.05


def drawn(chance):
    """Draw a period by lot: start, length, unit, kind and up to three suspensions."""
    start = FIRST + int(chance.random() * DAYS)
    suspensions = []
    for _one in range(int(chance.random() * 4)):
        begin = start - 3 + int(chance.random() * 80)
        end = None if chance.random() < OPEN else begin + int(chance.random() * 30)
        suspensions.append((_day(begin), end and _day(end)))
    return {
        "start": _day(start),
        "length": int(chance.random() * 61),
        "unit": ("WD", "CD", "M")[int(chance.random() * 3)],
        "act": chance.random() < 0.5,
        "more": int(chance.random() * 11) if chance.random() < 0.2 else 0,
        "suspensions": suspensions,
    }


_DAYS = {}


def _day(ordinal):
    if ordinal not in _DAYS:
        _DAYS[ordinal] = dt.date.fromordinal(ordinal)
    return _DAYS[ordinal]


def ours(*, start, length, unit, act, more, suspensions):
    """Ask the clock itself, in the order in which a log would tell it."""
    told = [(start, 0, Event("begun", start, {}))]
    if more:
        told.append((start, 1, Event(clock.EXTENDED, start, {"keys": ["term"], "length": more})))
    for begin, end in suspensions:
        told.append((begin, 2, Event(clock.PAUSED, begin, {"keys": ["term"]})))
        if end:
            told.append((end, 3, Event(clock.RESUMED, end, {"keys": ["term"]})))
    told.sort(key=lambda event: event[:2])
    period = Period("term", length, Unit(unit), starts=("begun",), rolls=act)
    return clock.due([event for *_order, event in told], period, PUBLISHED).on


class TestTwoOpinions:
    @pytest.mark.parametrize("share", range(SHARES))
    def test_agree_on_a_hundred_thousand_periods(self, share):
        chance = random.Random(share)
        for _case in range(CASES // SHARES):
            case = drawn(chance)
            more = case["length"] + case["more"]
            theirs = last_day(
                case["start"], more, case["unit"], act=case["act"], suspensions=case["suspensions"]
            )
            assert ours(**case) == theirs, case

    def test_agree_on_the_casebooks_own_examples(self):
        assert last_day(dt.date(2026, 9, 24), 7, "WD", act=True) == dt.date(2026, 10, 12)
        assert last_day(dt.date(2025, 11, 30), 3, "M", act=False) == dt.date(2026, 2, 28)
        assert last_day(dt.date(2026, 9, 10), 15, "CD", act=True) == dt.date(2026, 9, 28)
