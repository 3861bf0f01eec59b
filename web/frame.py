"""The frame round the pages of each face: its sections, and where one is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import outbox
from web.access import may_watch, may_work, standing_of

Sections = list[tuple[str, str, int]]


def applicant(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of the applicant's face."""
    sections = _applicants(request) if standing_of(request).codes else []
    return _framed(request, f"applicant/{name}.html", context, sections, status)


def desk(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of the caseworker's face."""
    sections = [
        ("desk", _("My inbox"), 0),
        ("queue", _("Queue"), 0),
        ("desk-open", _("Open a case"), 0),
        ("proposals", _("Proposals"), 0),
        ("demands", _("Supervisors' demands"), 0),
    ]
    return _framed(request, f"desk/{name}.html", context, sections, status)


def oversight(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page of the supervisor's face."""
    sections = [
        ("oversight", _("Overview"), 0),
        ("workload", _("Workload"), 0),
        ("statistics", _("Statistics"), 0),
        ("bulletin", _("Bulletin"), 0),
        ("what-if", _("What if"), 0),
    ]
    return _framed(request, f"oversight/{name}.html", context, sections, 200)


def case_address(request: HttpRequest, reference: str) -> str:
    """Return where this person reads a case: at home, at the desk or in oversight."""
    mine = standing_of(request)
    if may_work(mine):
        return reverse("desk-case", args=[reference])
    return reverse("oversight-case" if may_watch(mine) else "case", args=[reference])


def _applicants(request: HttpRequest) -> Sections:
    unread = outbox.unread(request.user).count()  # type: ignore[arg-type]
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
