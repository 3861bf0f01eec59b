"""The calendar of the State Council: which days are worked, and how many lie between two."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.days import PUBLISHED, PUBLISHED_TO, day, naive_count
from workflows.calendar import ONE_DAY

FIRST = dt.date(2024, 1, 1)
DAYS = st.dates(FIRST, dt.date(2027, 12, 31))
every_example = settings(max_examples=300, deadline=None, database=None)


def days_of(year):
    first = dt.date(year, 1, 1)
    return [first + n * ONE_DAY for n in range((dt.date(year + 1, 1, 1) - first).days)]


class TestCalendar:
    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_agrees_with_an_independent_calendar_day_by_day(self, year):
        ours = {day: PUBLISHED.is_worked(day) for day in days_of(year)}

        assert ours == {day: chinese_calendar.is_workday(day) for day in days_of(year)}

    @pytest.mark.parametrize(("year", "worked"), [(2025, 248), (2026, 248)])
    def test_has_as_many_working_days_a_year_as_the_casebook_counts(self, year, worked):
        assert sum(map(PUBLISHED.is_worked, days_of(year))) == worked

    # 调休: the weekend days of 2026 on which offices are open.
    @pytest.mark.parametrize("text", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
    def test_works_on_the_weekend_days_that_make_up_for_holidays(self, text):
        assert day(text).weekday() >= 5
        assert PUBLISHED.is_worked(day(text))

    @pytest.mark.parametrize(
        "text", ["01-01", "02-23", "04-06", "05-05", "06-19", "09-25", "10-07"]
    )
    def test_rests_on_holidays_that_are_weekdays(self, text):
        assert day(text).weekday() < 5
        assert not PUBLISHED.is_worked(day(text))

    @pytest.mark.parametrize(
        ("text", "next_worked"),
        [
            ("09-24", "09-24"),  # a plain Thursday
            ("09-25", "09-28"),  # Mid-Autumn, then a weekend
            ("10-01", "10-08"),  # National Day
            ("10-10", "10-10"),  # a worked Saturday
            ("10-11", "10-12"),
            ("09-19", "09-20"),  # Saturday before a worked Sunday
        ],
    )
    def test_finds_the_next_worked_day(self, text, next_worked):
        assert PUBLISHED.next_worked(day(text)) == day(next_worked)

    def test_is_provisional_from_the_first_day_not_yet_published(self):
        assert not PUBLISHED.is_provisional(PUBLISHED_TO)
        assert PUBLISHED.is_provisional(PUBLISHED_TO + ONE_DAY)

    @every_example
    @given(start=DAYS, end=DAYS)
    def test_counts_the_days_between_as_one_would_by_hand(self, start, end):
        assert PUBLISHED.worked_between(start, end) == naive_count(start, end)

    @every_example
    @given(days=st.tuples(DAYS, DAYS, DAYS))
    def test_counts_two_stretches_as_it_counts_their_sum(self, days):
        first, middle, last = sorted(days)
        parts = PUBLISHED.worked_between(first, middle) + PUBLISHED.worked_between(middle, last)

        assert parts == PUBLISHED.worked_between(first, last)
