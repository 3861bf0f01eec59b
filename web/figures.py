"""What is told of the numbers: charts with the tables behind them, and shares of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Unit
from web import charts
from web.charts import Bar, Chart, Column
from web.sheets import Rate, Table
from workflows import policy, statistics
from workflows.case_type import case_type
from workflows.statistics import Course, Kept, Pile
from workflows.timing import TimeSpent

_YEAR = 12
_UNITS_DRAWN = 10
# Working days, the last of each group; beyond the last group there is one more.
_TOOK = (2, 5, 10, 15, 20, 30)
_LASTED = (5, 10, 20, 40, 60, 90)
_LIGHTS = ("red", "amber", "green", "grey")


@dataclass(frozen=True)
class Figure:
    """One or several charts of the same thing, with the table behind them."""

    charts: Sequence[Chart]
    table: Table
    text: str
    key: Sequence[tuple[str, str]] = ()


def drawn(viewer: Any, *, on: date) -> list[Figure]:
    """Return every chart of the page."""
    since = _months_before(on.replace(day=1), _YEAR - 1)
    took = statistics.cycles_for(viewer, since=since, until=on, on=on)
    return [
        _workload(statistics.piles_for(viewer, on=on)),
        kept_by_month(statistics.kept_by_month(viewer, since=since, on=on), since, _YEAR),
        _cycles(took, since),
        _ages(statistics.ages_for(viewer, on=on)),
    ]


def _workload(piles: list[Pile]) -> Figure:
    loads: dict[Unit, dict[str, int]] = {}
    for pile in piles:
        load = loads.setdefault(pile.unit, dict.fromkeys(_LIGHTS, 0))
        for light in _LIGHTS:
            load[light] += getattr(pile, light)
    pressing = sorted(loads.items(), key=lambda each: [-n for n in each[1].values()])
    title, names = _("Open steps by unit"), _light_names()
    drawn = [_bar(str(unit), load, names) for unit, load in pressing[:_UNITS_DRAWN]]
    text = _("Where open steps lie today, and how near their last day is.")
    if more := len(pressing[_UNITS_DRAWN:]):
        rest = ngettext("%(n)s more unit in the table.", "%(n)s more units in the table.", more)
        text = f"{text} {rest % {'n': more}}"
    rows = [[str(unit), *load.values(), sum(load.values())] for unit, load in pressing]
    table = Table("workload", title, [_("Unit"), *names.values(), _("Total")], rows)
    chart = charts.bars("workload", title, text, drawn)
    return Figure([chart] if drawn else [], table, text, list(names.items()))


def _light_names() -> dict[str, str]:
    return {
        "red": _("Overdue"),
        "amber": _("Due soon"),
        "green": _("On time"),
        "grey": _("Paused"),
    }


def _bar(label: str, load: dict[str, int], names: dict[str, str]) -> Bar:
    said = " · ".join(f"{names[light]} {count}" for light, count in load.items() if count)
    return Bar(label, list(load.items()), said)


def kept_by_month(kept: dict[date, Kept], since: date, months: int) -> Figure:
    """Return how the time limits were kept, month by month."""
    title = _("On-time rate by month")
    text = _("Of the time limits of steps whose last day lay in the month, the share kept.")
    every = [_months_before(since, -n) for n in range(months)]
    known = [(month, kept.get(month, Kept())) for month in every]
    drawn = [_month(month, each) for month, each in known]
    heads = [_("Month"), _("Limits"), _("Kept"), _("Late"), _("On-time rate"), _("Provisional")]
    rows = [[f"{m:%Y-%m}", k.due, k.met, k.late, rate(k), k.provisional] for m, k in known]
    chart = charts.columns("kept", title, text, drawn, most=1)
    key = [("plain", _("Share kept, per cent"))]
    if any(each.provisional for _month, each in known):
        key.append(("provisional", _("Holds provisional dates (calendar not published)")))
    return Figure(
        [chart] if any(k.due for _m, k in known) else [],
        Table("kept", title, heads, rows),
        text,
        key,
    )


def rate(kept: Kept) -> Rate | None:
    """Return the share of time limits that were kept; none where none ended."""
    return Rate(kept.met / kept.due) if kept.due else None


def _month(month: date, kept: Kept) -> Column:
    share = rate(kept)
    first_of_a_year = str(month.year) if month.month == 1 else ""
    style = "provisional" if kept.provisional else "plain"
    said = "\N{EN DASH}" if share is None else f"{share * 100:.0f}"
    return Column(str(month.month), share, said, first_of_a_year, style)


def _cycles(took: dict[str, Course], since: date) -> Figure:
    title = _("Working days from receipt to closing")
    text = _("Cases closed since %(day)s; the time they waited for the party is included.")
    return _spread("cycles", title, text % {"day": date_format(since)}, took, _TOOK)


def _ages(lasted: dict[str, Course]) -> Figure:
    title = _("Age of open cases")
    text = _("For how many working days the cases open today have been there.")
    return _spread("ages", title, text, lasted, _LASTED)


def _spread(
    name: str, title: str, text: str, courses: dict[str, Course], ends: Sequence[int]
) -> Figure:
    labels, counted = _labels(ends), {k: _groups(course, ends) for k, course in courses.items()}
    drawn = [
        charts.columns(
            f"{name}-{kind}",
            _summary(kind, courses[kind]),
            f"{title}. {text}",
            [Column(*each) for each in zip(labels, groups, map(str, groups), strict=True)],
        )
        for kind, groups in counted.items()
    ]
    heads = [_("Type of case"), _("Cases"), _("Median"), *labels]
    rows = [
        [str(case_type(k).verbose_name), courses[k].cases, courses[k].median, *groups]
        for k, groups in counted.items()
    ]
    notes = [_("Columns with figures: working days."), _calendar_note()]
    return Figure(drawn, Table(name, title, heads, rows, notes), text)


def _summary(kind: str, course: Course) -> str:
    said = ngettext(
        "%(type)s: %(cases)s case, median %(days)s working days",
        "%(type)s: %(cases)s cases, median %(days)s working days",
        course.cases,
    )
    title = case_type(kind).verbose_name
    return said % {"type": title, "cases": course.cases, "days": course.median}


def _calendar_note() -> str:
    to = date_format(policy.calendar().published_to)
    return _("The calendar is published up to %(day)s; days after it are provisional.") % {
        "day": to
    }


def _labels(ends: Sequence[int]) -> list[str]:
    starts = [0, *(end + 1 for end in ends)]
    inner = [f"{start}\N{EN DASH}{end}" for start, end in zip(starts, ends, strict=False)]
    return [*inner, f">{ends[-1]}"]


def _groups(course: Course, ends: Sequence[int]) -> list[int]:
    groups = [0] * (len(ends) + 1)
    for days, cases in course.days.items():
        groups[sum(days > end for end in ends)] += cases
    return groups


def _months_before(month: date, count: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, index + 1, 1)


def shares(spent: dict[str, TimeSpent]) -> list[dict[str, Any]]:
    """Return whose working days the cases of each type took, in days and in shares."""
    return [_share(str(case_type(kind).verbose_name), time) for kind, time in spent.items()]


def _share(title: str, time: TimeSpent) -> dict[str, Any]:
    total = time.office + time.party + time.authority
    told = {"office": time.office, "authority": time.authority, "party": time.party}
    return {
        "title": title,
        "total": total,
        **told,
        "parts": _side_by_side(told, total),
    }


def _side_by_side(told: dict[str, int], total: int) -> list[dict[str, Any]]:
    parts, x = [], 0.0
    for style, days in told.items():
        width = 100 * days / total if total else 0
        parts.append({"style": style, "x": f"{x:.2f}%", "width": f"{width:.2f}%"})
        x += width
    return parts
