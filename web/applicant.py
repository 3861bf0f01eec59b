"""The applicant's face: find a record, apply, follow the case, answer what is asked."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from notifications import letters, outbox
from web import drafts, frame, pages
from workflows import (
    offers,
    policy,
    queues,
    rating,
    sight,
    topics,
    tracking,
)
from workflows.queues import PAGE

_GET_OR_POST = require_http_methods(["GET", "POST"])
_MESSAGES = 10


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Tell what can be done here, for whom, how long it takes, and what waits for the person."""
    on = timezone.localdate()
    asked = queues.asked_of(request.user, on=on) if request.user.is_authenticated else []
    rows = pages.with_days_left(
        [pages.item(i, on=on) for i in asked], on=on, calendar=policy.calendar()
    )
    return frame.applicant(
        request,
        "home",
        {
            "asked": rows,
            "drafts": drafts.listed(request.user),
            "organisations": sight.organisations_of(request.user, on=on),
            "services": pages.services(on=on),
            "records_url": reverse("records"),
            "cases_url": reverse("cases"),
            "public_url": reverse("public"),
        },
    )


@login_required
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """List the records of the organisations the person acts for."""
    on, page = timezone.localdate(), pages.page_of(request)
    search = request.GET.get("q", "").strip()[:100]
    found = sight.records_of(request.user, on=on, search=search)
    shown = list(found[(page - 1) * PAGE : page * PAGE])
    offered = offers.offers_of(shown, on=on)
    rows = [pages.record(r, offers=offered[r.pk]) for r in shown]
    paged = pages.paged(request, rows, count=found.count(), page=page)
    return frame.applicant(request, "records", {"list": paged, "search": search})


@login_required
@require_GET
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show one record, what may be asked for about it, from when and why."""
    return frame.applicant(
        request,
        "record",
        {"record": _own_record(request, record_id), "back_url": reverse("records")},
    )


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases of the organisations the person acts for."""
    on, page = timezone.localdate(), pages.page_of(request)
    found = sight.cases_of(request.user, on=on)
    shown = list(found[(page - 1) * PAGE : page * PAGE])
    waiting = tracking.waiting_in(shown, on=on)
    rows = [pages.case_line(c, waiting=waiting[c.pk]) for c in shown]
    paged = pages.paged(request, rows, count=found.count(), page=page)
    context = {
        "list": paged,
        "records_url": reverse("records"),
        "drafts": drafts.listed(request.user),
    }
    return frame.applicant(request, "cases", context)


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a case stands, whom it waits for, until when and why."""
    on = timezone.localdate()
    own = topics.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["ties"] = pages.tied(own, viewer=request.user, on=on)
    shown["can"] = [*_can(own, shown), *_after(own)]
    told = list(outbox.messages_about(cast(User, request.user), reference)[:_MESSAGES])
    shown["messages"] = [pages.told_about(message) for message in told]
    context = {"case": shown, "back_url": reverse("cases"), **_rated(own, shown)}
    if told:
        context["unread"] = told[0].unread
    return frame.applicant(request, "case", context)


@login_required
@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt with the query code."""
    on = timezone.localdate()
    own = topics.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["url"] = reverse("case", args=[reference])
    context = {
        "case": shown,
        "query_code": own.query_code,
        "received_at": timezone.localtime(own.opened_at),
        "square_code": letters.square_code(reference),
        "query_address": letters.query_address() or request.build_absolute_uri(reverse("track")),
    }
    return frame.applicant(request, "receipt", context)


def _rated(own: Any, shown: dict[str, Any]) -> dict[str, Any]:
    """Return how a closed case was rated, or the grades to choose from."""
    if own.closed_at is None or shown["rated"]:
        return {"rated": shown["rated"]}
    grades = sorted(rating.Grade.choices, reverse=True)
    return {"rate_url": reverse("rate", args=[own.reference]), "grades": grades}


def _own_record(request: HttpRequest, record_id: int) -> dict[str, Any]:
    on = timezone.localdate()
    own = topics.own_record(request.user, record_id, on=on)
    return pages.record(own, offers=offers.offers_for(own, on=on))


def _can(own: Any, shown: dict[str, Any]) -> Any:
    for item in shown["items"]:
        if item["url"].startswith(reverse("asked", args=[item["id"]])):
            yield {"label": item["title"], "url": item["url"], "method": "get", "main": True}
    if own.closed_at is None:
        yield {
            "label": _("Apply for a recusal"),
            "url": reverse("recuse", args=[own.reference]),
            "method": "get",
            "help": _("If somebody who works on the case is tied to it or to you."),
        }
    if own.closed_at is None and own.may("withdraw"):
        yield {
            "label": _("Withdraw the application"),
            "url": reverse("withdraw", args=[own.reference]),
            "method": "get",
            "grave": True,
            "help": _("You are told first what this means; then you decide."),
        }


def _after(own: Any) -> Any:
    for door, offer in offers.after(own, on=timezone.localdate()):
        if offer.possible:
            url = reverse("follow", args=[own.reference, door.name])
            yield {"label": door.title, "url": url, "method": "get"}
