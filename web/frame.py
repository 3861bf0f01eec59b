"""The frame round the pages of each face: its sections, and where one is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import outbox
from web.access import may_take_in, may_watch, may_work, standing_of

Sections = list[tuple[str, str, int]]


def applicant(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of the applicant's face."""
    known = context.get("unread")
    sections = _applicants(request, known) if standing_of(request).codes else []
    return _framed(request, f"applicant/{name}.html", context, sections, status)


def desk(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of the caseworker's face, with the search of all cases above it."""
    context.setdefault("desk_search_url", reverse("desk-search"))
    sections = [
        ("desk", _("My inbox"), 0),
        ("queue", _("Queue"), 0),
        ("desk-open", _("Open a case"), 0),
        ("proposals", _("Proposals"), 0),
        ("demands", _("Supervisors' demands"), 0),
    ]
    if may_take_in(standing_of(request)):
        sections.insert(2, ("counter", _("Counter"), 0))
    return _framed(request, f"desk/{name}.html", context, sections, status)


def oversight(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of the supervisor's face."""
    sections = [
        ("oversight", _("Overview"), 0),
        ("workload", _("Workload"), 0),
        ("oversight-demands", _("Demands"), 0),
        ("statistics", _("Statistics"), 0),
        ("bulletin", _("Bulletin"), 0),
        ("ratings", _("Ratings"), 0),
        ("what-if", _("What if"), 0),
        ("calendar", _("Calendar"), 0),
    ]
    if not may_watch(standing_of(request)):  # an operator, who keeps the rules and watches nobody
        sections = sections[-1:]
    return _framed(request, f"oversight/{name}.html", context, sections, status)


def case_address(request: HttpRequest, reference: str) -> str:
    """Return where this person reads a case: at home, at the desk or in oversight."""
    mine = standing_of(request)
    if may_work(mine):
        return reverse("desk-case", args=[reference])
    return reverse("oversight-case" if may_watch(mine) else "case", args=[reference])


def _applicants(request: HttpRequest, known: int | None) -> Sections:
    unread = outbox.unread(request.user).count() if known is None else known  # type: ignore[arg-type]
    return [
        ("home", _("Start"), 0),
        ("records", _("My records"), 0),
        ("cases", _("My cases"), 0),
        ("messages", _("Messages"), unread),
    ]


def _framed(
    request: HttpRequest, template: str, context: dict[str, Any], sections: Sections, status: int
) -> HttpResponse:
    context["sections"] = [
        {"url": reverse(n), "label": label, "count": count, "current": request.path == reverse(n)}
        for n, label, count in sections
    ]
    return render(request, template, context, status=status)
