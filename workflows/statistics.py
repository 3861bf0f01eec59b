"""What the work looks like in numbers. Reads only; every read takes its viewer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from accounts.models import Unit
from accounts.standing import standing
from workflows import policy
from workflows.calendar import Calendar
from workflows.models import Case, Deadline, Involvement, Purpose, WorkItem
from workflows.narrowing import lit
from workflows.queues import PAGE, supervised_by
from workflows.timing import TimeSpent

# No name of an account: it may not hold this sign.
NOBODY = "~"
_OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
# Any day before the first case: working days are counted from it and subtracted.
_LONG_AGO = date(2000, 1, 1)
_COUNTED = ("red", "amber", "grey", "week")


@dataclass(frozen=True)
class Wanted:
    """Which open steps are asked for; what is empty does not narrow."""

    light: str = ""
    unit: str = ""
    kind: str = ""
    step: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Pile:
    """The open steps of one kind that lie with one person of one unit, by their light.

    ``week`` counts those whose last day lies within seven days from today: they turn red next.
    """

    unit: Unit
    kind: str
    step: str
    owner: str
    owner_name: str
    open: int
    red: int
    amber: int
    grey: int
    week: int

    @property
    def green(self) -> int:
        """Those with time left."""
        return self.open - self.red - self.amber - self.grey


@dataclass
class Kept:
    """How many time limits ended in time, how many did not, and how many dates are provisional."""

    met: int = 0
    late: int = 0
    provisional: int = 0

    @property
    def due(self) -> int:
        """All of them."""
        return self.met + self.late

    def add(self, met: int, late: int, provisional: int) -> None:
        """Count more."""
        self.met += met
        self.late += late
        self.provisional += provisional


@dataclass
class Course:
    """How many working days cases of one kind took or have lasted: days, and how many cases."""

    days: Counter[int] = field(default_factory=Counter)

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return self.days.total()

    @property
    def median(self) -> int | None:
        """The days that half of the cases do not exceed; none without cases."""
        seen = 0
        for days, cases in sorted(self.days.items()):
            seen += cases
            if seen * 2 >= self.cases:
                return days
        return None


def piles_for(viewer: Any, *, on: date) -> list[Pile]:
    """Return the open steps of the units the viewer watches, counted by all one may ask for."""
    units = {unit.pk: unit for unit in supervised_by(viewer, on=on)}
    by = ("unit", "kind", "step", "owner__username", "owner__display_name")
    counted = WorkItem.objects.filter(state__in=_OPEN, unit__in=units).values_list(*by)
    lights = {light: Count("id", filter=lit(light, on=on)) for light in _COUNTED}
    rows = counted.annotate(n=Count("id"), **lights).order_by(*by[:4])
    return [_pile(units, *row) for row in rows]


def steps_for(viewer: Any, wanted: Wanted, *, on: date, page: int = 1) -> list[WorkItem]:
    """Return a page of the open steps of the units the viewer watches, soonest due first."""
    related = ("case__party", "case__record__subject", "unit", "owner")
    found = _steps(viewer, wanted, on).select_related(*related)
    return list(found.order_by("due_on", "id")[(page - 1) * PAGE : page * PAGE])


def kept_by_month(viewer: Any, *, since: date, on: date) -> dict[date, Kept]:
    """Return how the time limits of the units the viewer watches were kept, by month.

    A limit counts in the month of its last day.
    """
    months: dict[date, Kept] = {}
    for _unit, _kind, month, *counts in limits_for(viewer, since=since, until=on, on=on):
        months.setdefault(month, Kept()).add(*counts)
    return months


def limits_for(viewer: Any, *, since: date, until: date, on: date) -> list[Any]:
    """Return (unit, kind, month, met, late, provisional) of the limits whose last day lies between.

    Only limits of the steps of the units the viewer watches; those of steps that were called off
    and those that still run are left out.
    """
    late = Q(was_met=False) | Q(ended_at=None, due_on__lt=on)
    met = Q(was_met=True)
    found = Deadline.objects.filter(
        purpose=Purpose.LIMIT, due_on__range=(since, until), item__unit__in=_units(viewer, on)
    ).exclude(item__state=WorkItem.State.CANCELLED)
    counted = found.values_list("item__unit", "case__kind", TruncMonth("due_on")).annotate(
        met=Count("id", filter=met),
        late=Count("id", filter=late),
        provisional=Count("id", filter=Q(provisional=True) & (met | late)),
    )
    return list(counted.order_by("item__unit", "case__kind"))


def cycles_for(viewer: Any, *, since: date, until: date, on: date) -> dict[str, Course]:
    """Return how many working days the cases took that were closed between two days, by kind."""
    closed = cases_for(viewer, on=on).filter(closed_at__date__range=(since, until))
    days = ("kind", TruncDate("opened_at"), TruncDate("closed_at"))
    return _courses(closed.values_list(*days).annotate(n=Count("id")))


def ages_for(viewer: Any, *, on: date) -> dict[str, Course]:
    """Return for how many working days the open cases have been there, by kind."""
    open_ = cases_for(viewer, on=on).filter(closed_at=None)
    counted = open_.values_list("kind", TruncDate("opened_at"), Value(on))
    return _courses(counted.annotate(n=Count("id")))


def shares_for(
    viewer: Any, *, on: date, closed: tuple[date, date] | None = None
) -> dict[str, TimeSpent]:
    """Return whose working days the open cases have taken, or the closed ones took, by kind."""
    cases = cases_for(viewer, on=on)
    cases = cases.filter(closed_at__date__range=closed) if closed else cases.filter(closed_at=None)
    items = WorkItem.objects.filter(case__in=cases.values("pk")).order_by()
    whose = Choose(
        When(queue=WorkItem.PARTY, then=Value("party")),
        When(unit__is_credit_office=True, then=Value("office")),
        default=Value("authority"),
    )
    # Working days add up: those to the end of each step less those to its beginning are its own.
    # So one count a day is enough, however many steps there are. Open ones count up to today.
    begun, ended = TruncDate("opened_at"), Coalesce(TruncDate("closed_at"), Value(on))
    counted = [
        items.values_list("kind", whose, day, Value(sign)).annotate(n=Count("id"))
        for day, sign in ((begun, -1), (ended, 1))
    ]
    return _spent(counted[0].union(counted[1], all=True), policy.calendar())


def cases_for(viewer: Any, *, on: date) -> QuerySet[Case]:
    """Return the cases in which a unit that the viewer watches has a part, each once."""
    involved = Involvement.objects.filter(unit__in=_units(viewer, on))
    found: QuerySet[Case] = Case.objects.filter(pk__in=involved.values("case"))
    return found.order_by()


def _pile(units: dict[int, Unit], *row: Any) -> Pile:
    unit, kind, step, owner, shown, n, *lights = row
    return Pile(units[unit], kind, step, owner or NOBODY, shown or owner or "", n, *lights)


def _units(viewer: Any, on: date) -> QuerySet[Unit]:
    """Return what ``supervised_by`` does, to stand inside another question instead of before it."""
    mine = standing(viewer, on=on)
    if mine.oversees_all or mine.is_auditor:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=[unit.pk for unit in mine.supervised])


def _steps(viewer: Any, wanted: Wanted, on: date) -> QuerySet[WorkItem]:
    found = WorkItem.objects.filter(
        lit(wanted.light, on=on), state__in=_OPEN, unit__in=_units(viewer, on)
    )
    owner = None if wanted.owner == NOBODY else wanted.owner
    named = {"unit__code": wanted.unit, "kind": wanted.kind, "step": wanted.step}
    asked = {**named, "owner__username": owner}
    return found.filter(**{name: value for name, value in asked.items() if value != ""})


def _courses(rows: Iterable[Any]) -> dict[str, Course]:
    calendar, courses = policy.calendar(), dict[str, Course]()
    for kind, opened, ended, cases in rows:
        took = calendar.worked_between(opened, ended)
        courses.setdefault(kind, Course()).days[took] += cases
    return dict(sorted(courses.items()))


def _spent(rows: Iterable[Any], calendar: Calendar) -> dict[str, TimeSpent]:
    spent: dict[str, Counter[str]] = {}
    for kind, whose, day, sign, items in rows:
        days = calendar.worked_between(_LONG_AGO, day)
        spent.setdefault(kind, Counter())[whose] += sign * items * days
    return {kind: TimeSpent(**days) for kind, days in sorted(spent.items())}
