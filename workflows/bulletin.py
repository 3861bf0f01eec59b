"""The figures of a month or a year, by unit and by type. Every read takes its viewer."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Unit
from workflows import policy, statistics
from workflows.models import Case, Involvement, Urging
from workflows.queues import supervised_by
from workflows.statistics import Course, Kept
from workflows.timing import TimeSpent


@dataclass(frozen=True)
class Span:
    """A month or a year: its first and its last day, and the day on which it is looked at."""

    since: date
    until: date
    on: date

    @property
    def end(self) -> date:
        """The last day that has been: of a period still running, today."""
        return min(self.until, self.on)

    @property
    def is_over(self) -> bool:
        """Test that it has ended."""
        return self.until < self.on

    @property
    def days(self) -> tuple[date, date]:
        """Its days that have been."""
        return (self.since, self.end)


@dataclass
class Line:
    """The figures of one unit, of one type of case, or of everything."""

    received: int = 0
    closed: int = 0
    open: int = 0
    kept: Kept = field(default_factory=Kept)
    demands: int = 0
    answered_late: int = 0
    unanswered: int = 0

    def add(self, received: int, closed: int, open_: int) -> None:
        """Count more cases."""
        self.received += received
        self.closed += closed
        self.open += open_

    def add_demands(self, opened: int, answered_late: int, unanswered: int) -> None:
        """Count more demands."""
        self.demands += opened
        self.answered_late += answered_late
        self.unanswered += unanswered


@dataclass
class Bulletin:
    """What happened in the units a person watches, in one period."""

    span: Span
    units: dict[int, tuple[Unit, Line]]
    total: Line = field(default_factory=Line)
    kinds: dict[str, Line] = field(default_factory=dict)
    months: dict[date, Kept] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    courses: dict[str, Course] = field(default_factory=lambda: defaultdict(Course))
    shares: dict[str, TimeSpent] = field(default_factory=dict)

    def kind(self, kind: str) -> Line:
        """Return the line of one type of case."""
        return self.kinds.setdefault(kind, Line())


def bulletin_for(viewer: Any, span: Span) -> Bulletin:
    """Return the figures of a period: of the units the viewer watches and of the cases they are in.

    A case in which several units have a part counts at each of them, and once in the total.
    """
    on, days = span.on, {"since": span.since, "until": span.end}
    told = Bulletin(span, {u.pk: (u, Line()) for u in supervised_by(viewer, on=on)})
    cases = statistics.cases_for(viewer, on=on)
    _count_cases(told, cases)
    _count_parts(told)
    _count_limits(told, statistics.limits_for(viewer, **days, on=on))
    _count_demands(told)
    _count_closed(told, cases)
    told.shares = statistics.shares_for(viewer, on=on, closed=span.days)
    return told


def _count_cases(told: Bulletin, cases: QuerySet[Case]) -> None:
    counted = cases.values_list("kind").annotate(**_flow(told.span, "", "id"))
    for kind, *counts in counted.order_by("kind"):
        if any(counts):
            told.kind(kind).add(*counts)
            told.total.add(*counts)


def _count_parts(told: Bulletin) -> None:
    parts = Involvement.objects.filter(unit__in=list(told.units)).values_list("unit")
    for unit, *counts in parts.annotate(**_flow(told.span, "case__", "case")):
        told.units[unit][1].add(*counts)


def _flow(span: Span, case: str, counted: str) -> dict[str, Count]:
    """Return how many cases came, how many were closed, and how many were open at the end."""
    came = Q(**{f"{case}opened_at__date__range": span.days})
    went = Q(**{f"{case}closed_at__date__range": span.days})
    there = Q(**{f"{case}opened_at__date__lte": span.end})
    there &= Q(**{f"{case}closed_at": None}) | Q(**{f"{case}closed_at__date__gt": span.end})
    tests = {"came": came, "went": went, "there": there}
    # A unit may have two parts in one case.
    return {name: Count(counted, filter=test, distinct=True) for name, test in tests.items()}


def _count_limits(told: Bulletin, rows: list[Any]) -> None:
    for unit, kind, month, *counts in rows:
        lines = (told.total, told.kind(kind), told.units[unit][1])
        for kept in (*(line.kept for line in lines), told.months.setdefault(month, Kept())):
            kept.add(*counts)


def _count_demands(told: Bulletin) -> None:
    demands = Urging.objects.filter(
        unit__in=list(told.units), opened_at__date__range=told.span.days
    )
    late = Count("id", filter=Q(answered_at__date__gt=F("answer_due_on")))
    counted = demands.values_list("unit", "deadline__case__kind")
    for unit, kind, *counts in counted.annotate(
        n=Count("id"), late=late, unanswered=Count("id", filter=Q(answered_at=None))
    ):
        for line in (told.total, told.kind(kind), told.units[unit][1]):
            line.add_demands(*counts)


def _count_closed(told: Bulletin, cases: QuerySet[Case]) -> None:
    closed = cases.filter(closed_at__date__range=told.span.days)
    by = ("kind", "state", TruncDate("opened_at"), TruncDate("closed_at"))
    calendar = policy.calendar()
    for kind, state, opened, ended, n in closed.values_list(*by).annotate(n=Count("id")):
        told.outcomes[kind, state] += n
        told.courses[kind].days[calendar.worked_between(opened, ended)] += n
