"""The calendar as it stands: which years are published, their days, and how they came to be."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

from workflows.models import Day, Entry, Proposal


@dataclass(frozen=True)
class Year:
    """One published year: its version, and how many days were declared off and worked."""

    year: int
    version: int
    off: int
    worked: int


def published() -> list[Year]:
    """Return every year that has declared days, oldest first."""
    rows = Day.objects.values("day__year").order_by("day__year")
    counted = rows.annotate(
        version=Max("version"),
        off=Count("pk", filter=Q(is_worked=False)),
        worked=Count("pk", filter=Q(is_worked=True)),
    )
    return [Year(r["day__year"], r["version"], r["off"], r["worked"]) for r in counted]


def declared(year: int) -> list[Day]:
    """Return the declared days of a year in their order."""
    return list(Day.objects.filter(day__year=year).order_by("day"))


def events_of(year: int) -> list[Entry]:
    """Return what the log tells of the calendar of a year, oldest first."""
    return list(Entry.objects.filter(stream=f"calendar/{year}").order_by("seq"))


def waiting() -> list[Proposal]:
    """Return the calendars that wait for the second person."""
    found = Proposal.objects.filter(kind=Proposal.Kind.CALENDAR, decided_at=None)
    return list(found.select_related("proposed_by").order_by("pk"))
