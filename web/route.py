"""Where a case is on its route: the picture, and the same in words."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from web import frame, pages
from web.access import case_seen, caseworkers, supervisors
from web.shown import Shown
from workflows import tracking
from workflows.case_type import case_type
from workflows.models import Case


@caseworkers
@require_GET
def at_the_desk(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the route of a case of the person's units."""
    return frame.desk(request, "route", _route(request, reference, "desk-case"))


@supervisors
@require_GET
def in_oversight(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the route of a case of the units the person watches."""
    return frame.oversight(request, "route", _route(request, reference, "oversight-case"))


def _route(request: HttpRequest, reference: str, back: str) -> Shown:
    case = case_seen(request, reference)
    return {
        "case": _head(case),
        "route": pages.route(case, tracking.log_of(case)),
        "back_url": reverse(back, args=[reference]),
    }


def _head(case: Case) -> Shown:
    return {
        "reference": case.reference,
        "title": str(case_type(case.kind).verbose_name),
        "state_label": tracking.state_of(case, told_party=False),
        "party": case.party.name,
    }
