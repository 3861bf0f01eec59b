"""Search of all cases a caseworker may see: by number, or by what the organisation is called."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from records.lookup import Match
from web import frame, pages
from web.access import caseworkers, standing_of
from workflows import finding, tracking
from workflows.case_type import case_type
from workflows.models import Case


@caseworkers
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that a number, a name, a former name or a code leads to."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = finding.cases_called(request.user, on=timezone.localdate(), search=asked)
    own = standing_of(request).codes if found.cases else frozenset()
    rows = [
        _row(case, found.parties.get(case.party_id), own=case.party.credit_code in own)
        for case in found.cases
    ]
    context = {
        "search": asked,
        "desk_search": asked,
        "list": pages.paged(request, rows),
        "remarks": found.remarks,
        "more": found.more,
    }
    return frame.desk(request, "search", context)


def _row(case: Case, match: Match | None, *, own: bool) -> dict[str, Any]:
    """Return a case as a line; one of one's ``own`` organisation as its party sees it."""
    return {
        "reference": case.reference,
        "url": reverse("case" if own else "desk-case", args=[case.reference]),
        "kind": str(case_type(case.kind).verbose_name),
        "party": case.party.name,
        "credit_code": case.party.credit_code,
        "by": _by(case, match),
        "state": tracking.state_of(case, told_party=own),
        "opened_on": timezone.localdate(case.opened_at),
        "closed": case.closed_at is not None,
        "suspended": case.suspended_at is not None,
    }


def _by(case: Case, match: Match | None) -> str:
    """Return by what the party was found, if its line does not show it."""
    if match is None or match.value in (case.party.name, case.party.credit_code):
        return ""
    return _(": ").join([match.by, match.value])
