"""Take the most urgent step that one may take, so that no two people take the same."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from viewflow.workflow.models import Process

from workflows import queues, work
from workflows.acts import Refused
from workflows.models import WorkItem
from workflows.narrowing import WHOLE, Narrowing

# How far down the queue one looks: who may take nothing of that much has another problem.
WALKED = 200
_READ = 20


class NothingToTake(Refused):
    """There is nothing in your queues that you may take now."""

    status = 409


def claim_next(*, by: Any, at: datetime, narrowed: Narrowing = WHOLE) -> WorkItem:
    """Claim the most urgent step of a person's queues that they may do; return it.

    Cases on which somebody works at this very moment are passed over, and waited for only if
    nothing else is left. Every claim is an act of its own.

    :raises NothingToTake: if there is none
    :raises Busy: if all that is left stays locked
    """
    busy: list[WorkItem] = []
    for item in _possible(by, localdate(at), narrowed):
        with transaction.atomic():
            if not _is_free(item):
                busy.append(item)
            elif claimed := _claim(item, by=by, at=at):
                return claimed
    for item in busy:
        if claimed := _claim(item, by=by, at=at):
            return claimed
    raise NothingToTake


def _possible(by: Any, on: date, narrowed: Narrowing) -> Iterator[WorkItem]:
    """Yield what a person may take as far as one can tell without a lock, most urgent first."""
    waiting = queues.first_in_queue(by, on=on, narrowed=narrowed, most=WALKED)
    for start in range(0, len(waiting), _READ):
        for item in _read(waiting[start : start + _READ]):
            if not item.case.suspended_at and not work.why_not(item, by, on=on):
                yield item


def _read(ids: list[int]) -> list[WorkItem]:
    related = ("case__party", "task", "unit", "owner")
    found = WorkItem.objects.select_related(*related).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _is_free(item: WorkItem) -> bool:
    """Lock a case to the end of the transaction; test that nobody else has."""
    process = Process.objects.filter(pk=item.case.process_id)
    return process.select_for_update(skip_locked=True).values_list("pk").first() is not None


def _claim(item: WorkItem, *, by: Any, at: datetime) -> WorkItem | None:
    try:
        return work.claim(item.pk, by=by, at=at)
    except work.Busy:
        raise
    except Refused:  # somebody was faster, or the case has moved on meanwhile
        return None
