"""The year's calendar as a picture and in words, and how a new one is proposed and decided on."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from web import frame, pages
from web.access import caseworkers, keepers
from web.shown import Shown
from workflows import calendar_proposals, editions, tracking, wording, years
from workflows.calendar import ONE_DAY, Calendar
from workflows.calendar_sheet import CalendarRefused
from workflows.models import Day
from workflows.policy import calendar_of
from workflows.proposals import NotAllowed, NotYours


class CalendarFile(forms.Form):
    """The file with the declared days of one year."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        help_text=gettext_lazy(
            "CSV in UTF-8, headed date,kind,name,notice: every holiday and every workday of one "
            "year."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Where it was published, and why it is loaded."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@keepers
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """Show the calendar of one year: its months, its days in words, its versions and notices."""
    on, every = timezone.localdate(), years.published()
    wanted = _wanted(request, every, on)
    days = years.declared(wanted)
    context = {
        "year": wanted,
        "years": [_way_to(found, wanted) for found in every],
        "months": _months(wanted, days, on),
        "weekdays": [_weekday(n) for n in range(7)],
        "off": _in_words(day for day in days if not day.is_worked),
        "worked": _in_words(day for day in days if day.is_worked),
        "notices": list(dict.fromkeys(day.notice for day in days)),
        "version": max((day.version for day in days), default=0),
        "events": _events(wanted),
        "waiting": [pages.proposal(proposed) for proposed in years.waiting()],
        "may_propose": editions.may_propose(request.user, on=on),
    }
    return frame.oversight(request, "calendar", context)


@keepers
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Upload the calendar of a year, for the approver of the credit office to grant."""
    if not editions.may_propose(request.user, on=timezone.localdate()):
        raise NotYours
    is_sent = request.method == "POST"
    form = CalendarFile(
        request.POST if is_sent else None, request.FILES if is_sent else None, label_suffix=""
    )
    if form.is_valid() and _put(request, form):
        said = _("Proposed. The approver of the credit office decides.")
        messages.success(request, said)
        return redirect("calendar")
    context = {"form": form, "back_url": reverse("calendar")}
    status = 422 if is_sent else 200
    return frame.oversight(request, "calendar_propose", context, status=status)


@caseworkers
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Grant or refuse the calendar of a year."""
    grant = pages.grants(request.POST)
    note = request.POST.get("note", "")[:2000]
    decided = calendar_proposals.decide(
        proposal_id, by=request.user, grant=grant, at=timezone.now(), note=note
    )
    messages.success(request, _("Granted.") if grant else _("Refused."))
    if decided.change:
        _tell(request, decided.change)
    return redirect("proposals")


def _put(request: HttpRequest, form: CalendarFile) -> bool:
    content, reason = form.cleaned_data["file"].read(), form.cleaned_data["reason"]
    try:
        calendar_proposals.propose(content, by=request.user, at=timezone.now(), reason=reason)
    except (NotAllowed, CalendarRefused) as refused:
        form.add_error("file", str(refused))
        return False
    return True


def _tell(request: HttpRequest, change: Any) -> None:
    moved = len(change.moves)
    said = ngettext(
        "Calendar %(year)d, version %(version)d: %(n)d date of open cases moved.",
        "Calendar %(year)d, version %(version)d: %(n)d dates of open cases moved.",
        moved,
    )
    messages.info(request, said % {"year": change.year, "version": change.version, "n": moved})
    if change.failed:
        said = _("Not moved, propose the same file again: %(names)s.")
        messages.error(request, said % {"names": _(", ").join(change.failed)})


def _wanted(request: HttpRequest, every: list[years.Year], on: date) -> int:
    asked = request.GET.get("year", "")
    known = [found.year for found in every]
    if not asked:
        return on.year if on.year in known or not known else known[-1]
    if asked not in map(str, known):
        raise Http404(_("No calendar of this year has been loaded."))
    return int(asked)


def _way_to(found: years.Year, wanted: int) -> Shown:
    return {
        "year": found.year,
        "url": f"{reverse('calendar')}?year={found.year}",
        "current": found.year == wanted,
    }


def _months(wanted: int, days: list[Day], on: date) -> list[Shown]:
    declared = {day.day: day for day in days}
    calendar = calendar_of({day.day: day.is_worked for day in days})
    return [
        {
            "title": str(MONTHS[month]),
            "weeks": [
                [_cell(day, month, declared, calendar, on) for day in week]
                for week in _weeks(wanted, month)
            ],
            "worked": sum(calendar.is_worked(day) for day in _days_of(wanted, month)),
        }
        for month in range(1, 13)
    ]


def _weekday(n: int) -> Shown:
    # Django's short English names have three letters, the Chinese ones the two that all share.
    full, short = str(WEEKDAYS[n]), str(WEEKDAYS_ABBR[n])
    return {"full": full, "short": short if short.isascii() else short[-1:]}


def _days_of(wanted: int, month: int) -> Iterator[date]:
    day = date(wanted, month, 1)
    while day.month == month:
        yield day
        day += ONE_DAY


def _weeks(wanted: int, month: int) -> Iterator[list[date]]:
    first = date(wanted, month, 1)
    day = first - timedelta(days=first.weekday())
    while day.month == month or day < first:
        yield [day + timedelta(days=n) for n in range(7)]
        day += timedelta(days=7)


def _cell(
    day: date, month: int, declared: dict[date, Day], calendar: Calendar, on: date
) -> Shown | None:
    if day.month != month:
        return None
    if day not in declared:
        kind, said = ("plain", "") if calendar.is_worked(day) else ("weekend", _("weekend"))
    elif declared[day].is_worked:
        kind, said = "worked", _("worked")
    else:
        kind, said = "off", _("holiday")
    return {"n": day.day, "kind": kind, "said": said, "today": day == on}


def _in_words(days: Iterator[Day]) -> list[str]:
    """Return declared days as spans: those that follow one another are one."""
    numbered = enumerate(days)
    spans = groupby(numbered, key=lambda pair: pair[1].day.toordinal() - pair[0])
    return [_span([day.day for _n, day in found]) for _key, found in spans]


def _span(days: list[date]) -> str:
    written = _("j F")  # how a day of a year is written, in the letters of date formats
    first, last = date_format(days[0], written), days[-1]
    if len(days) == 1:
        return first
    said = _("%(first)s to %(last)s (%(n)d days)")
    return said % {
        "first": first,
        "last": date_format(last, written),
        "n": len(days),
    }


def _events(wanted: int) -> list[Shown]:
    entries = years.events_of(wanted)
    names = tracking.names_in(entries)
    return [
        {
            "at": timezone.localtime(entry.at),
            "who": tracking.who_did(entry, names),
            "what": str(wording.event(entry.kind)),
            "version": entry.detail.get("version", ""),
            "changes": _changes(entry.detail) if "added" in entry.detail else "",
            "sha256": entry.detail.get("sha256", ""),
        }
        for entry in entries
    ]


def _changes(detail: Shown) -> str:
    said = _("%(added)d added, %(changed)d changed, %(removed)d removed")
    return said % {name: detail.get(name, 0) for name in ("added", "changed", "removed")}
