"""What a step asks of its party: filled in page by page, or item by item, and handed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from web import frame, guided, pages
from workflows import lawbook, policy, queues, topics, work
from workflows.asides import step_named
from workflows.models import WorkItem

_NOTICES = ("missing", "missing_materials", "still_missing")


@login_required
@require_http_methods(["GET", "POST"])
def asked(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask the party for what a step needs from it, and hand it in."""
    on = timezone.localdate()
    lawbook.open_for_request()
    item = queues.item_for(request.user, item_id, on=on)
    if item is None or item.queue != item.PARTY or not item.is_open:
        raise Http404(_("Nothing is asked of you here any more."))

    def form(answers: Any = None) -> Any:
        return work.form_for(item, by=request.user, on=on, answers=answers)

    def hands_in(answers: Any) -> HttpResponse:
        done = work.complete(item.pk, by=request.user, answers=answers, at=timezone.now())
        messages.success(request, _("Handed in. You will hear from us."))
        return redirect("case", done.reference)

    def shows(kind: str, context: dict[str, Any], status: int) -> HttpResponse:
        page = "task" if kind == guided.WHOLE else kind
        return frame.applicant(request, page, {**_around(item), **context}, status=status)

    def known(names: list[str]) -> dict[str, Any]:
        return topics.said_before(request.user, item.case.party, names)

    title, matter = step_named(item.kind, item.step).form.title, item.case.reference
    filling = guided.Filling(request.path, title, matter, form, hands_in, shows, known)
    return guided.fill_in(request, filling)


def _around(item: WorkItem) -> dict[str, Any]:
    """Return what stands round the form: the case, its notice, until when, and the way back."""
    on = timezone.localdate()
    row = pages.item(item, on=on)
    pages.with_days_left([row], on=on, calendar=policy.calendar())
    return {
        "item": row,
        "title": row["title"],
        "case": pages.case_page(item.case, on=on, told_party=True),
        "asked_for": pages.facts(item.case, _NOTICES),
        "back_url": reverse("case", args=[item.case.reference]),
    }
