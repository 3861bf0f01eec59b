"""What anybody may look up without signing in: the published records of an organisation."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from records import public
from records.models import Record
from web import frame, pages
from workflows import offers
from workflows.offers import Offered

_LONGEST = 100


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find organisations by code, name, former name or old number."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    found = public.organisations_called(text)
    context = {
        "search": text,
        "remarks": found.remarks,
        "rows": [_organisation(each) for each in found.organisations],
        "more": found.more,
        "most": public.MOST,
    }
    return frame.applicant(request, "public", context)


@require_GET
def records(request: HttpRequest, credit_code: str) -> HttpResponse:
    """Show the published records of one organisation, and what may be asked for about each."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    shown = public.records_of(credit_code, search=text)
    if shown is None:
        raise Http404(_("Nothing is published here under this code."))
    offered = offers.offers_of(shown.records, on=timezone.localdate())
    context = {
        "party": {"name": shown.name, "credit_code": shown.credit_code},
        "search": text,
        "rows": [_record(record, offered[record.pk]) for record in shown.records],
        "count": shown.count,
        "more": shown.count > len(shown.records),
        "most": public.MOST,
        "back_url": reverse("public"),
    }
    return frame.applicant(request, "public_records", context)


def _organisation(found: public.Organisation) -> dict[str, Any]:
    return {
        "name": found.name,
        "credit_code": found.credit_code,
        "by": _(": ").join([found.by, found.value]),
        "records": found.records,
        "url": reverse("public-records", args=[found.credit_code]),
    }


def _record(record: Record, offered: list[Offered]) -> dict[str, Any]:
    return {
        **pages.record(record),
        "url": "",
        "ways": [_way(record, o) for o in _thinkable(offered)],
    }


def _thinkable(offered: list[Offered]) -> list[Offered]:
    """Return what can be asked for about a record of this kind at all, now or on another day.

    Whether it can be asked for today may turn on a case, of which the public is told nothing.
    """
    return [o for o in offered if o.offer.possible or o.offer.basis or o.offer.opens_on]


def _way(record: Record, offered: Offered) -> dict[str, Any]:
    url = reverse("apply", args=[record.pk, offered.type_.label])
    return {"label": offered.door.title, "url": url}
