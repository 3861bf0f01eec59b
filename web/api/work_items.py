"""Work: what is in my queues, in my inbox and asked of my organisations; take it and do it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from web import presenters
from web.api.asking import Page, Words, caseworker, now, paged, seen_item, today, viewer
from web.api.case_shapes import Case, WorkItem, WorkItemInFull, WorkItems
from web.api.questions import as_sent, described, to_sign
from web.api.shapes import Answers
from workflows import asides, queues, sight, work
from workflows.models import WorkItem as Found

router = Router(tags=["work items"])


@router.get("work-items/queue", response=WorkItems)
def list_queue(request: HttpRequest, step: Words = "", page: Page = 1) -> Any:
    """The unclaimed work of my duties, soonest due first."""
    on = today()
    found = queues.queue_for(caseworker(request), on=on, step=step, page=page)
    return _listed(found, page)


@router.get("work-items/mine", response=WorkItems)
def list_mine(request: HttpRequest, page: Page = 1) -> Any:
    """The work I have claimed, soonest due first."""
    return _listed(queues.inbox_of(caseworker(request), page=page), page)


@router.get("work-items/asked", response=WorkItems)
def list_asked(request: HttpRequest) -> Any:
    """What my organisations are asked for; no claim is needed to answer."""
    on = today()
    found = queues.asked_of(viewer(request), on=on)
    return paged([presenters.item(item, on=on) for item in found], 1, size=queues.PAGE)


@router.get("work-items/{int:item_id}", response=WorkItemInFull)
def show_item(request: HttpRequest, item_id: int) -> Any:
    """One step; while it is open, with what its form asks and what it waits for."""
    who, on = viewer(request), today()
    item = seen_item(who, item_id)
    form = work.form_for(item, by=who, on=on) if item.is_open else None
    return {
        **presenters.item(item, on=on),
        "request": presenters.request(item),
        "on_behalf_of": str(item.on_behalf_of or ""),
        "waits_for": [presenters.item(one, on=on) for one in _awaited(item)],
        "form": described(form.fields) if form else None,
        "to_sign": to_sign(form) if form else None,
        "why_not_claim": work.why_not(item, who, on=on),
    }


@router.post("work-items/{int:item_id}/claim", response=WorkItem)
def claim_item(request: HttpRequest, item_id: int) -> Any:
    """Take a step from its queue into my inbox."""
    who = viewer(request)
    item = work.claim(seen_item(who, item_id).pk, by=who, at=now())
    return presenters.item(item, on=today())


@router.post("work-items/{int:item_id}/release", response=WorkItem)
def release_item(request: HttpRequest, item_id: int) -> Any:
    """Give a step of mine back to its queue; its deadline runs on."""
    who = viewer(request)
    item = work.release(seen_item(who, item_id).pk, by=who, at=now())
    return presenters.item(item, on=today())


@router.post("work-items/{int:item_id}/complete", response=Case)
def complete_item(request: HttpRequest, item_id: int, body: Answers) -> Any:
    """Do a step of mine, or one my organisation is asked for, and send the case on."""
    who = viewer(request)
    item = seen_item(who, item_id)
    case = work.complete(item.pk, by=who, answers=as_sent(body.answers), at=now())
    return presenters.case(case, told_party=sight.is_party(who, case, on=today()))


def _awaited(item: Found) -> list[Found]:
    found = asides.awaited_by(item)
    for one in found:
        one.case = item.case
    return found


def _listed(found: list[Found], page: int) -> dict[str, Any]:
    told = [presenters.item(item, on=today()) for item in found]
    return {"items": told, "page": page, "next": page + 1 if len(found) == queues.PAGE else None}
