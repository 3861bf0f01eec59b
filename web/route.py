"""Where a case is on its route: the picture, and the same in words."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import frame, pages
from web.access import caseworkers, supervisors
from workflows import tracking
from workflows.case_type import case_type
from workflows.models import Case

Shown = dict[str, Any]


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
    case = tracking.case_for(request.user, reference, on=timezone.localdate())
    if case is None:
        raise Http404(_("There is no such case, or it is not your unit's."))
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
