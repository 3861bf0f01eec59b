"""The monthly bulletin and the yearly summary: as a page, on paper and as a workbook."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import definitions, frame, satisfaction
from web.access import supervisors
from web.figures import kept_by_month, rate, shares
from web.sheets import Table, handed_out
from web.shown import Shown
from workflows import bulletin, policy
from workflows.bulletin import Bulletin, Line, Span
from workflows.case_type import case_type

_ASKED = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)
_MONTHS, _YEARS, _YEAR = 24, 3, 12


@supervisors
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month or a year, each with what it counts."""
    asked = _asked(request)
    told = bulletin.bulletin_for(request.user, asked)
    rated = satisfaction.rated_in(asked, viewer=request.user)
    context = {
        "title": _title(asked),
        "span": asked,
        "period": _period(asked),
        "choices": _choices(asked),
        "headline": [*_headline(told), _satisfaction(rated)],
        "tables": [*_tables(told), satisfaction.table(rated)],
        "shares": shares(told.shares),
        "trend": _trend(told),
        "provisional": told.total.kept.provisional,
        "published_to": policy.calendar().published_to,
        "definitions": definitions.counted(),
        "unknown": definitions.unknown(),
        "download_url": reverse("bulletin-download"),
        "issuer": _issuer(told),
    }
    return frame.oversight(request, "bulletin", context)


@supervisors
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Return the bulletin as a workbook, or one of its tables as text."""
    asked = _asked(request)
    told = bulletin.bulletin_for(request.user, asked)
    rated = satisfaction.rated_in(asked, viewer=request.user)
    tables = [*_tables(told), satisfaction.table(rated), definitions.table()]
    name = f"xinban-bulletin-{_period(asked)}"
    return handed_out(request, tables, heading=_title(asked), name=name)


def _asked(request: HttpRequest) -> Span:
    """Return the period asked for; what makes no sense, or is still to come, is last month."""
    on = timezone.localdate()
    found = _ASKED.fullmatch(request.GET.get("period", ""))
    asked = _span(int(found[1]), int(found[2] or 0), on) if found else None
    if asked is None or asked.since > on:
        last = on.replace(day=1) - timedelta(days=1)
        return _span(last.year, last.month, on)
    return asked


def _span(year: int, month: int, on: date) -> Span:
    if not month:
        return Span(date(year, 1, 1), date(year, 12, 31), on)
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), on)


def _is_year(span: Span) -> bool:
    return span.since.month != span.until.month


def _period(span: Span) -> str:
    return f"{span.since:%Y}" if _is_year(span) else f"{span.since:%Y-%m}"


def _title(span: Span) -> str:
    if _is_year(span):
        return _("Yearly summary %(year)s") % {"year": span.since.year}
    return _("Monthly bulletin, %(month)s") % {
        "month": date_format(span.since, "YEAR_MONTH_FORMAT")
    }


def _named(span: Span) -> str:
    if _is_year(span):
        return _("Whole year %(year)s") % {"year": span.since.year}
    return date_format(span.since, "YEAR_MONTH_FORMAT")


def _choices(asked: Span) -> list[Shown]:
    on = asked.on
    months = [divmod(on.year * _YEAR + on.month - 1 - n, _YEAR) for n in range(_MONTHS)]
    spans = [_span(on.year - n, 0, on) for n in range(_YEARS)]
    spans += [_span(year, month + 1, on) for year, month in months]
    return [
        {
            "value": _period(s),
            "label": _named(s),
            "chosen": s.since == asked.since and s.until == asked.until,
        }
        for s in spans
    ]


def _issuer(told: Bulletin) -> str:
    units = [unit for unit, _line in told.units.values()]
    return str(units[0]) if len(units) == 1 else ""


def _headline(told: Bulletin) -> list[Shown]:
    total = told.total
    share = rate(total.kept)
    return [
        {"label": _("Cases received"), "count": total.received},
        {"label": _("Closed"), "count": total.closed},
        {"label": _("Open at the end"), "count": total.open},
        {
            "label": _("On-time rate"),
            "count": "\N{EN DASH}" if share is None else str(share),
            "marked": bool(total.kept.provisional),
        },
        {"label": _("Late"), "count": total.kept.late, "light": "red" if total.kept.late else ""},
        {"label": _("Unanswered demands"), "count": total.unanswered},
    ]


def _satisfaction(rated: dict[str, Counter[int]]) -> Shown:
    share = satisfaction.overall(rated)
    return {
        "label": _("Satisfaction"),
        "count": "\N{EN DASH}" if share is None else str(share),
    }


def _tables(told: Bulletin) -> list[Table]:
    units = [(str(unit), line) for unit, line in told.units.values() if _says_anything(line)]
    kinds = [(_titled(kind), line) for kind, line in sorted(told.kinds.items())]
    both = _("A case in which several units have a part counts at each of them, once in the total.")
    tables = [
        _lines("units", _("By unit"), _("Unit"), units, told.total, [both]),
        _lines("kinds", _("By type of case"), _("Type of case"), kinds, told.total, []),
        _outcomes(told),
        _times(told),
    ]
    if _is_year(told.span):
        tables.append(kept_by_month(told.months, told.span.since, _YEAR).table)
    return tables


def _says_anything(line: Line) -> bool:
    return any((line.received, line.closed, line.open, line.kept.due, line.demands))


def _lines(
    name: str, title: str, head: str, lines: list[tuple[str, Line]], total: Line, notes: list[str]
) -> Table:
    heads = [
        head,
        _("Cases received"),
        _("Closed"),
        _("Open at the end"),
        _("Limits"),
        _("Kept"),
        _("Late"),
        _("On-time rate"),
        _("Provisional"),
        _("Demands"),
        _("Answered late"),
        _("Unanswered"),
    ]
    rows = [_line(label, line) for label, line in (*lines, (_("Total"), total))]
    return Table(name, title, heads, rows if lines else [], notes)


def _line(label: str, line: Line) -> list[Any]:
    kept = line.kept
    return [
        label,
        line.received,
        line.closed,
        line.open,
        kept.due,
        kept.met,
        kept.late,
        rate(kept),
        kept.provisional,
        line.demands,
        line.answered_late,
        line.unanswered,
    ]


def _outcomes(told: Bulletin) -> Table:
    heads = [_("Type of case"), _("Outcome"), _("Cases")]
    rows = [
        [_titled(kind), case_type(kind).told_staff(state), cases]
        for (kind, state), cases in sorted(told.outcomes.items())
    ]
    return Table("outcomes", _("How cases were closed"), heads, rows)


def _times(told: Bulletin) -> Table:
    heads = [
        _("Type of case"),
        _("Closed"),
        _("Median working days"),
        _("Credit office, days"),
        _("Other authorities, days"),
        _("Party, days"),
    ]
    rows = []
    for kind, course in sorted(told.courses.items()):
        spent = told.shares[kind]
        days = (spent.office, spent.authority, spent.party)
        rows.append([_titled(kind), course.cases, course.median, *days])
    return Table("times", _("How long closed cases took, and with whom"), heads, rows)


def _trend(told: Bulletin) -> Any:
    return kept_by_month(told.months, told.span.since, _YEAR) if _is_year(told.span) else None


def _titled(kind: str) -> str:
    return str(case_type(kind).verbose_name)
