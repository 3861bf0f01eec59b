"""The caseworker's face: my inbox, my queue, one page for every step of every type."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from web import frame, pages
from web.access import caseworkers, standing_of
from web.uploads import handed_in
from workflows import escalation, policy, queues, tracking, work
from workflows.models import WorkItem


@caseworkers
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List the steps the person has claimed, soonest due first."""
    page = pages.page_of(request)
    items = queues.inbox_of(request.user, page=page)
    count = queues.count_inbox(request.user)
    context = {
        "list": pages.paged(request, _rows(items), count=count, page=page),
        "queue_url": reverse("queue"),
        "queue_count": queues.count_queue(request.user, on=timezone.localdate()),
    }
    return frame.desk(request, "inbox", context)


@caseworkers
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """List the unclaimed steps of the person's duties, soonest due first."""
    on, page, step = timezone.localdate(), pages.page_of(request), request.GET.get("step", "")
    steps = queues.steps_in_queue(request.user, on=on)
    rows = _rows(queues.queue_for(request.user, on=on, step=step, page=page))
    count = sum(n for (_kind, name), n in steps.items() if step in ("", name))
    paged = pages.paged(request, rows, count=count, page=page)
    paged["filters"] = _filters(steps, step)
    duties = [f"{m.unit} {m.get_duty_display()}" for m in standing_of(request).memberships]
    return frame.desk(request, "queue", {"list": paged, "queues": duties})


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
    return _step_page(request, item, form)


@caseworkers
@require_POST
def claim(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take a step from the queue."""
    work.claim(item_id, by=request.user, at=timezone.now())
    return redirect("work", item_id)


@caseworkers
@require_POST
def release(request: HttpRequest, item_id: int) -> HttpResponse:
    """Give a step back to the queue."""
    work.release(item_id, by=request.user, at=timezone.now())
    messages.success(request, _("The step is back in the queue."))
    return redirect("desk")


@caseworkers
@require_GET
def demands(request: HttpRequest) -> HttpResponse:
    """List the supervisors' demands that wait for an answer of the person's units."""
    found = queues.demands_on(request.user, on=timezone.localdate())
    rows = [pages.demand(urging) for urging in found]
    return frame.desk(request, "demands", {"list": pages.paged(request, rows)})


@caseworkers
@require_POST
def answer(request: HttpRequest, urging_id: int) -> HttpResponse:
    """Answer one demand."""
    said = request.POST.get("answer", "").strip()[:2000]
    escalation.answer(urging_id, by=request.user, answer=said, at=timezone.now())
    messages.success(request, _("Your answer is recorded; the supervisors see it."))
    return redirect("demands")


@caseworkers
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case of the person's units."""
    on = timezone.localdate()
    found = tracking.case_for(request.user, reference, on=on)
    if found is None:
        raise Http404(_("There is no such case, or it is not your unit's."))
    shown = pages.case_page(found, on=on, told_party=False, viewer=request.user)
    shown["ties"] = pages.tied(found, viewer=request.user, on=on)
    pages.with_days_left(shown["items"], on=on, calendar=policy.calendar())
    context = {
        "case": shown,
        "findings": shown["findings"],
        "exceptional": pages.exceptional(found),
        "back_url": reverse("desk"),
    }
    return frame.desk(request, "case", context)


def _rows(items: list[WorkItem]) -> list[pages.Shown]:
    on = timezone.localdate()
    rows = [pages.item(item, on=on) for item in items]
    return pages.with_days_left(rows, on=on, calendar=policy.calendar())


def _filters(steps: dict[tuple[str, str], int], current: str) -> list[dict[str, Any]]:
    every = {
        "url": "?",
        "label": _("All steps"),
        "count": sum(steps.values()),
        "current": not current,
    }
    return [every] + [
        {
            "url": f"?step={name}",
            "label": tracking.title_of(kind, name),
            "count": n,
            "current": name == current,
        }
        for (kind, name), n in steps.items()
    ]


def _item(request: HttpRequest, item_id: int) -> WorkItem:
    item = queues.item_for(request.user, item_id, on=timezone.localdate())
    if item is None or item.queue == WorkItem.PARTY:
        raise Http404(_("There is no such step, or it is not your unit's."))
    return item


def _complete(request: HttpRequest, item: WorkItem) -> HttpResponse:
    try:
        done = work.complete(
            item.pk, by=request.user, answers=handed_in(request), at=timezone.now()
        )
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


def _step_page(request: HttpRequest, item: WorkItem, form: Any, status: int = 200) -> HttpResponse:
    on = timezone.localdate()
    why_not = "" if form else work.why_not(item, request.user, on=on)
    row = pages.item(item, on=on, why_not=why_not)
    if not form:
        row["release_url"] = ""
    pages.with_days_left([row], on=on, calendar=policy.calendar())
    shown = pages.case_page(item.case, on=on, told_party=False, viewer=request.user)
    awaited = pages.awaited(item, shown["items"], is_mine=bool(form))
    shown["url"] = reverse("desk-case", args=[item.case.reference])
    context = {
        "item": row,
        "form": form,
        "case": shown,
        "findings": shown["findings"],
        "asked": pages.request(item),
        "awaited": awaited,
        "returned": pages.returned(item),
        "in_place_of": pages.in_place_of(item, request.user, on=on),
        "verbs": pages.verbs(item, awaited) if form else [],
        "back_url": reverse("desk" if form else "queue"),
    }
    return frame.desk(request, "task", context, status=status)
