"""The supervisor's face: who has how much, one case, and what happened in it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import frame, pages
from web.access import supervisors
from workflows import audit, policy, queues, tracking
from workflows.models import Case


@supervisors
@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    """Show how much open work each unit has, and how much of it is near or past its date."""
    loads = queues.workload_for(request.user, on=timezone.localdate())
    rows = [_load(load) for load in loads]
    most = max((row["open"] for row in rows), default=0)
    return frame.oversight(request, "workload", {"rows": rows, "most": most})


@supervisors
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case of the units the person watches, to look at."""
    on = timezone.localdate()
    found = _case(request, reference)
    shown = pages.case_page(found, on=on, told_party=False, viewer=request.user)
    shown["ties"] = pages.tied(found, viewer=request.user, on=on)
    pages.with_days_left(shown["items"], on=on, calendar=policy.calendar())
    for item in shown["items"]:
        item["url"] = "#where-title"
    context = {
        "case": shown,
        "findings": shown["findings"],
        "case_address": "oversight-case",
        "back_url": reverse("oversight"),
        "log_url": reverse("oversight-log", args=[reference]),
    }
    return frame.oversight(request, "case", context)


@supervisors
@require_GET
def log(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the log of a case, and whether its chain is whole."""
    found = _case(request, reference)
    entries = tracking.log_of(found)
    names = tracking.names_in(entries)
    rows = [pages.entry(e, found, who=tracking.who_did(e, names)) for e in entries]
    context = {
        "reference": reference,
        "rows": rows,
        "verified": not any(audit.verify(entries)),
        "back_url": reverse("oversight-case", args=[reference]),
    }
    return frame.oversight(request, "log", context)


def _case(request: HttpRequest, reference: str) -> Case:
    found = tracking.case_for(request.user, reference, on=timezone.localdate())
    if found is None:
        raise Http404(_("There is no such case, or you do not watch its units."))
    return found


def _load(load: queues.Load) -> dict[str, Any]:
    return {
        "unit": str(load.unit),
        "open": load.open,
        "red": load.red,
        "amber": load.amber,
        "pressing": load.red + load.amber,
        "green": load.open - load.red - load.amber,
    }
