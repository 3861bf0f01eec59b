"""Take a step and give it back; who may not see its case hears that there is no such step."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from workflows import queues, sight, work
from workflows.acts import Refused
from workflows.models import WorkItem


def claim(item_id: int, *, by: Any, at: datetime) -> WorkItem:
    """Take a step from its queue, as ``work.claim`` does.

    :raises NoSuchWork: whatever is in the way, if this person may see neither step nor case
    """
    return _unless_hidden(work.claim, item_id, by, at)


def release(item_id: int, *, by: Any, at: datetime) -> WorkItem:
    """Give a step back to its queue, as ``work.release`` does.

    :raises NoSuchWork: whatever is in the way, if this person may see neither step nor case
    """
    return _unless_hidden(work.release, item_id, by, at)


def _unless_hidden(verb: Callable[..., WorkItem], item_id: int, by: Any, at: datetime) -> WorkItem:
    try:
        return verb(item_id, by=by, at=at)
    except Refused:
        if _may_know(by, item_id, on=localdate(at)):
            raise
        raise work.NoSuchWork from None


def _may_know(by: Any, item_id: int, *, on: date) -> bool:
    if queues.item_for(by, item_id, on=on) is not None:
        return True
    return sight.visible_to(by, on=on).filter(items=item_id).exists()
