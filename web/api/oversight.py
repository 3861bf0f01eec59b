"""Oversight: what is late in the units a person watches over."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from web import presenters
from web.api.asking import Page, today, watcher
from web.api.case_shapes import WorkItems
from workflows import queues

router = Router(tags=["oversight"])


@router.get("oversight/late", response=WorkItems)
def list_late(request: HttpRequest, page: Page = 1) -> Any:
    """The overdue work of the units I watch over, longest overdue first."""
    on = today()
    found = queues.late_for(watcher(request), on=on, page=page)
    told = [presenters.item(item, on=on) for item in found]
    return {"items": told, "page": page, "next": page + 1 if len(found) == queues.PAGE else None}
