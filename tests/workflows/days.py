"""The published calendar as the tests read it: from the file, without a database."""

import csv
import datetime as dt

from workflows.calendar import Calendar
from workflows.policy import LAW

PUBLISHED_TO = dt.date(2026, 12, 31)


def _published():
    with (LAW / "days.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    days = {kind: {row["date"] for row in rows if row["kind"] == kind} for kind in _KINDS}
    return Calendar(
        holidays=frozenset(map(dt.date.fromisoformat, days["holiday"])),
        makeup_days=frozenset(map(dt.date.fromisoformat, days["workday"])),
        published_to=PUBLISHED_TO,
    )


_KINDS = ("holiday", "workday")
PUBLISHED = _published()


def day(text):
    """Return a day of 2026 written ``09-29``, or one with its year."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def naive_count(start, end):
    """Count the working days after one day, up to and including another, one by one."""
    span = range(start.toordinal() + 1, end.toordinal() + 1)
    return sum(PUBLISHED.is_worked(dt.date.fromordinal(n)) for n in span)
