"""Which days are worked, as far as the State Council has said."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The worked days: Monday to Friday, less the holidays, plus the make-up days (调休)."""

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    published_to: date

    def is_provisional(self, day: date) -> bool:
        """Test that a day lies beyond the last calendar published."""
        return day > self.published_to

    def is_worked(self, day: date) -> bool:
        """Test that offices are open on a day."""
        return day in self.makeup_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def next_worked(self, day: date) -> date:
        """Return the day itself if it is worked, else the first worked day after it."""
        while not self.is_worked(day):
            day += ONE_DAY
        return day

    def worked_between(self, start: date, end: date) -> int:
        """Count the working days after ``start``, up to and including ``end``."""
        if end <= start:
            return 0
        weekdays = _weekdays_to(end) - _weekdays_to(start)
        off = bisect_right(self._lost, end) - bisect_right(self._lost, start)
        made_up = bisect_right(self._gained, end) - bisect_right(self._gained, start)
        return weekdays - off + made_up

    @cached_property
    def _lost(self) -> list[date]:
        return sorted(day for day in self.holidays if day.weekday() < _SATURDAY)

    @cached_property
    def _gained(self) -> list[date]:
        return sorted(day for day in self.makeup_days if day.weekday() >= _SATURDAY)


def _weekdays_to(day: date) -> int:
    weeks, rest = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(rest + 1, 5)
