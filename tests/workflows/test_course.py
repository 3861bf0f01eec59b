"""Whose working days a case took: each day once, suspended ones apart."""

import datetime as dt

from workflows import policy, timing
from workflows.clock import Event

DAY = dt.date


def event(kind, day, **detail):
    return Event(kind, DAY.fromisoformat(f"2026-{day}"), detail)


def received(day):
    return event("received", day, units={"office": "XY"})


def opened(day, item, queue):
    return event("opened", day, item=item, queue=queue)


def done(day, item):
    return event("completed", day, item=item)


def course(events, until):
    calendar = policy.calendar_of(
        {d.day: d.is_worked for d in policy.days_in(policy.LAW / "days.csv")}
    )
    return timing.course(events, calendar, until=DAY.fromisoformat(f"2026-{until}"))


class TestACourse:
    def test_skips_the_national_holiday_and_counts_the_saturday_worked_for_it(self):
        told = course([received("09-30"), opened("09-30", 1, "XY/counter")], "10-10")

        # 1 to 7 October rest; 8, 9 and Saturday 10 October are worked.
        assert (told.spent.office, told.total) == (3, 3)

    def test_counts_a_day_for_the_party_while_it_is_asked(self):
        events = [received("11-02"), opened("11-02", 1, "XY/counter"), done("11-04", 1)]
        events += [opened("11-04", 2, "party"), done("11-09", 2), opened("11-09", 3, "CG/handler")]
        told = course(events, "11-10")

        assert (told.spent.office, told.spent.party, told.spent.authority) == (2, 3, 1)

    def test_counts_each_day_once_however_many_steps_lie_side_by_side(self):
        events = [
            received("11-02"),
            opened("11-02", 1, "CG/handler"),
            opened("11-02", 2, "SF/handler"),
        ]
        assert course(events, "11-06").total == 4

    def test_counts_no_side_while_the_case_is_suspended(self):
        events = [received("11-02"), opened("11-02", 1, "CG/handler"), event("suspended", "11-04")]
        told = course([*events, event("resumed", "11-10")], "11-12")

        assert (told.spent.authority, told.paused, told.total) == (4, 4, 8)
        assert course(events, "11-12").paused == 6
