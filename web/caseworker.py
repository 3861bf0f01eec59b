"""The caseworker's face: one page for every step of every type, and the case."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forms.drafts import handing_in
from web import drafts, foresight, frame, pages
from web.access import case_seen, caseworkers, standing_of
from web.shown import Shown
from web.uploads import handed_in
from workflows import lawbook, policy, queues, tracking, work
from workflows.models import WorkItem


@caseworkers
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show one step beside its case, and complete it."""
    item = _item(request, item_id)
    if request.method == "POST":
        return _complete(request, item)
    on = timezone.localdate()
    mine = item.owner_id == request.user.pk and item.state == WorkItem.State.CLAIMED
    form = work.form_for(item, by=request.user, on=on) if mine else None
    draft = drafts.restored(request.user, form, request.path)
    return _step_page(request, item, form, draft=draft)


@caseworkers
@require_POST
def preview(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show what completing a step would do with these answers; nothing is done."""
    item = _item(request, item_id)
    looked = foresight.look(request, item)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "desk/foreseen.html", {"look": looked}, status=looked.status)
    on = timezone.localdate()
    kept = work.form_for(item, by=request.user, on=on, answers=looked.answers)
    return _step_page(request, item, looked.form or kept, status=looked.status, look=looked)


@caseworkers
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case of the person's units."""
    on = timezone.localdate()
    found = case_seen(request, reference)
    lawbook.open_for_request()
    shown = pages.case_page(found, on=on, told_party=False, viewer=request.user)
    shown["ties"] = pages.tied(found, viewer=request.user, on=on)
    pages.with_days_left(shown["items"], on=on, calendar=policy.calendar())
    context = {
        "case": shown,
        "findings": shown["findings"],
        "mine": (mine := _mine(request, shown)),
        "others": _others(shown, mine),
        "deeds": pages.actions(shown["dossier"]),
        "route": pages.route(found, shown["dossier"].log),
        "route_url": reverse("desk-route", args=[reference]),
        "back_url": reverse("desk"),
    }
    return frame.desk(request, "case", context)


def _item(request: HttpRequest, item_id: int) -> WorkItem:
    item = queues.item_for(request.user, item_id, on=timezone.localdate())
    if item is None or item.queue == WorkItem.PARTY:
        raise Http404(_("There is no such step, or it is not your unit's."))
    return item


def _complete(request: HttpRequest, item: WorkItem) -> HttpResponse:
    try:
        answers = handed_in(request)
        with handing_in(request.user, request.path):
            done = work.complete(item.pk, by=request.user, answers=answers, at=timezone.now())
    except work.AnswersRefused as refused:
        return _step_page(request, item, refused.form, status=422)
    except work.WaitsBeside as waits:
        messages.error(request, str(waits))
        on = timezone.localdate()
        kept = work.form_for(item, by=request.user, on=on, answers=request.POST)
        return _step_page(request, item, kept, status=409)
    state = tracking.state_of(done, told_party=False)
    said = _("Done. %(reference)s is now: %(state)s.") % {
        "reference": done.reference,
        "state": state,
    }
    messages.success(request, said)
    return redirect("desk")


def _mine(request: HttpRequest, shown: Shown) -> list[Shown]:
    """Return the open steps of a case that this person has claimed, or may find in a queue."""
    queues_ = standing_of(request).queues
    rows = zip(shown["items"], shown["dossier"].waiting, strict=True)
    return [
        {**row, "is_claimed": waiting.item.owner_id == request.user.pk}
        for row, waiting in rows
        if waiting.item.owner_id == request.user.pk
        or (waiting.item.owner_id is None and waiting.item.queue in queues_)
    ]


def _others(shown: Shown, mine: list[Shown]) -> list[Shown]:
    """Return the open steps of a case that are not this person's to do."""
    own = {row["id"] for row in mine}
    return [row for row in shown["items"] if row["id"] not in own]


def _step_page(
    request: HttpRequest,
    item: WorkItem,
    form: Any,
    status: int = 200,
    draft: Any = None,
    look: foresight.Look | None = None,
) -> HttpResponse:
    on = timezone.localdate()
    lawbook.open_for_request()
    shown = pages.case_page(item.case, on=on, told_party=False, viewer=request.user)
    shown["ties"] = pages.tied(item.case, viewer=request.user, on=on)
    shown["url"] = reverse("desk-case", args=[item.case.reference])
    awaited = pages.awaited(item, shown["items"], is_mine=bool(form))
    context = {
        "item": _row(request, item, form),
        "case": shown,
        "findings": shown["findings"],
        "asked": pages.request(item, names=tracking.names_in(shown["dossier"].log)),
        "awaited": awaited,
        "returned": pages.returned(item),
        "given_back": pages.given_back(shown["happened"], item.pk),
        "in_place_of": pages.in_place_of(item, request.user, on=on),
        "deeds": pages.actions(shown["dossier"], mine=pages.verbs(item, awaited) if form else []),
        "back_url": reverse("desk" if form else "queue"),
        **(_with_form(request, item, form, draft, shown) if form else {}),
        "look": look,
    }
    return frame.desk(request, "task", context, status=status)


def _row(request: HttpRequest, item: WorkItem, form: Any) -> Shown:
    on = timezone.localdate()
    why_not = "" if form else work.why_not(item, request.user, on=on)
    row = pages.item(item, on=on, why_not=why_not)
    if not form:
        row["release_url"] = ""
    return pages.with_days_left([row], on=on, calendar=policy.calendar())[0]


def _with_form(request: HttpRequest, item: WorkItem, form: Any, draft: Any, shown: Shown) -> Shown:
    reference, about = item.case.reference, reverse("work", args=[item.pk])
    pages.with_answers(form, item, shown["dossier"].log)
    foresight.explain(form, item)
    return {
        "form": form,
        "ahead": foresight.ahead(item, form),
        "preview_url": reverse("work-preview", args=[item.pk]),
        "draft": drafts.of_step(request, form, reference, draft, about=about),
    }
