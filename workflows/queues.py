"""Who has what to do: queues, inboxes and what is late. Reads only; every read takes its viewer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from accounts.models import Unit
from accounts.standing import Standing, standing
from workflows.case_type import relations
from workflows.models import Urging, WorkItem
from workflows.narrowing import WHOLE, Narrowing

PAGE = 50
MOST_COUNTED = 1000
_State = WorkItem.State
_OPEN = [_State.OPEN, _State.CLAIMED]
_ORDER = ("due_on", "id")


@dataclass(frozen=True)
class Page:
    """One page of an inbox or a queue before anything of it is read: which steps, how many in all.

    ``count`` stops one above ``MOST_COUNTED``; ``mark`` changes whenever the page would.
    """

    ids: tuple[int, ...]
    count: int
    mark: str


def queue_for(viewer: Any, *, on: date, step: str = "", page: int = 1) -> list[WorkItem]:
    """Return a page of the unclaimed work of the viewer's duties, soonest due first."""
    return _soonest(_in_queues(viewer, on, Narrowing(step=step)), page)


def count_queue(viewer: Any, *, on: date, step: str = "") -> int:
    """Count the unclaimed work of the viewer's duties."""
    free = WorkItem.objects.filter(Narrowing(step=step).means(on=on), state=_State.OPEN)
    return free.filter(queue__in=standing(viewer, on=on).queues).count()


def page_of_queue(viewer: Any, *, on: date, page: int = 1, narrowed: Narrowing = WHOLE) -> Page:
    """Return which unclaimed steps of the viewer's duties stand on a page."""
    return _page(_in_queues(viewer, on, narrowed), narrowed, page, on)


def first_in_queue(viewer: Any, *, on: date, most: int, narrowed: Narrowing = WHOLE) -> list[int]:
    """Return the most urgent unclaimed steps of the viewer's duties, soonest due first."""
    urgent = replace(narrowed, order=WHOLE.order)
    return [pk for pk, _due in _walk(_in_queues(viewer, on, urgent), urgent.key, 1, most)]


def steps_in_queue(viewer: Any, *, on: date) -> dict[tuple[str, str], int]:
    """Count the unclaimed work of the viewer's duties by kind of case and step."""
    free = WorkItem.objects.filter(state=_State.OPEN)
    return _by_step(free.filter(queue__in=standing(viewer, on=on).queues))


def inbox_of(viewer: Any, *, page: int = 1) -> list[WorkItem]:
    """Return a page of the work the viewer has claimed, soonest due first."""
    return _soonest([_claimed_by(viewer)], page)


def page_of_inbox(viewer: Any, *, on: date, page: int = 1, narrowed: Narrowing = WHOLE) -> Page:
    """Return which of the steps the viewer has claimed stand on a page."""
    return _page([_claimed_by(viewer).filter(narrowed.means(on=on))], narrowed, page, on)


def steps_in_inbox(viewer: Any) -> dict[tuple[str, str], int]:
    """Count the work the viewer has claimed by kind of case and step."""
    return _by_step(_claimed_by(viewer))


def count_inbox(viewer: Any) -> int:
    """Count the work the viewer has claimed."""
    return _claimed_by(viewer).count()


def items_on(page: Page) -> list[WorkItem]:
    """Return the steps of a page the caller may see, with all that a line tells of each.

    ``awaits`` says that something was asked beside a step whose answer has not come.
    """
    open_beside = WorkItem.objects.filter(host=OuterRef("pk"), state__in=_OPEN)
    told = _told(WorkItem.objects.annotate(awaits=Exists(open_beside)))
    return _in_order(told.select_related("host__unit"), page.ids)


def asked_of(viewer: Any, *, on: date) -> list[WorkItem]:
    """Return what the organisations the viewer represents are asked for, soonest due first."""
    codes = standing(viewer, on=on).codes
    asked = WorkItem.objects.filter(
        queue=WorkItem.PARTY, state__in=_OPEN, case__party__credit_code__in=codes
    )
    return list(_told(asked).order_by(*_ORDER)[:PAGE])


def late_for(viewer: Any, *, on: date, page: int = 1) -> list[WorkItem]:
    """Return a page of the overdue work of the units the viewer supervises, latest first."""
    late = WorkItem.objects.filter(state__in=_OPEN, due_on__lt=on)
    return _soonest([late.filter(unit=unit) for unit in supervised_by(viewer, on=on)], page)


def demands_on(viewer: Any, *, on: date) -> list[Urging]:
    """Return the supervisors' demands that wait for an answer where the viewer works."""
    open_ = Urging.objects.filter(answered_at=None, unit__in=standing(viewer, on=on).workplaces)
    return list(_demanded(open_))


def unanswered_for(viewer: Any, *, on: date) -> list[Urging]:
    """Return the demands that the units the viewer watches have not answered."""
    open_ = Urging.objects.filter(answered_at=None, unit__in=supervised_by(viewer, on=on))
    return list(_demanded(open_)[:PAGE])


def item_for(viewer: Any, item_id: int, *, on: date) -> WorkItem | None:
    """Return one step if it is the viewer's, their queue's or party's, or supervised by them."""
    types = (f"case__{path}" for path in relations())
    found = _told(WorkItem.objects.filter(pk=item_id)).select_related("task", *types)
    item = found.first()
    return item if item and _may_see(item, viewer, standing(viewer, on=on)) else None


def supervised_by(viewer: Any, *, on: date) -> list[Unit]:
    """Return the units whose clocks the viewer watches; all of them for the credit office."""
    mine = standing(viewer, on=on)
    return list(Unit.objects.all()) if mine.oversees_all or mine.is_auditor else mine.supervised


def _may_see(item: WorkItem, viewer: Any, mine: Standing) -> bool:
    if item.owner_id is not None and item.owner_id == viewer.pk:
        return True
    if item.queue == WorkItem.PARTY and item.case.party.credit_code in mine.codes:
        return True
    watched = mine.oversees_all or mine.is_auditor
    return watched or item.queue in mine.queues or item.unit in mine.supervised


def _claimed_by(viewer: Any) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(owner=viewer.pk, state=_State.CLAIMED)


def _demanded(open_: QuerySet[Urging]) -> QuerySet[Urging]:
    related = ("deadline__case__party", "deadline__term", "deadline__item", "unit", "asked_by")
    return open_.select_related(*related).order_by("answer_due_on", "pk")


def _in_queues(viewer: Any, on: date, narrowed: Narrowing) -> list[QuerySet[WorkItem]]:
    meant = WorkItem.objects.filter(narrowed.means(on=on), state=_State.OPEN)
    return [meant.filter(queue=key) for key in standing(viewer, on=on).queues]


def _by_step(items: QuerySet[WorkItem]) -> dict[tuple[str, str], int]:
    counted = items.values_list("kind", "step").annotate(n=Count("id")).order_by("step")
    return {(kind, step): n for kind, step, n in counted}


def _soonest(parts: Sequence[QuerySet[WorkItem]], page: int) -> list[WorkItem]:
    rows = _walk(parts, WHOLE.key, page)
    return _in_order(_told(WorkItem.objects.all()), [pk for pk, _due in rows])


def _page(parts: Sequence[QuerySet[WorkItem]], narrowed: Narrowing, page: int, on: date) -> Page:
    rows = _walk(parts, narrowed.key, page)
    count = _count(parts)
    seen = sha256(f"{on}|{count}|{rows}".encode()).hexdigest()[:16]
    return Page(tuple(pk for pk, _by in rows), count, seen)


def _walk(
    parts: Sequence[QuerySet[WorkItem]], key: str, page: int, size: int = 0
) -> list[tuple[int, Any]]:
    # One index walk for each queue: a single query over several would sort all of their rows.
    size = size or PAGE
    stop = page * size
    slices = [
        part.annotate(by=F(key)).order_by("by", "id").values_list("id", "by")[:stop]
        for part in parts
    ]
    if not slices:
        return []
    united = slices[0].union(*slices[1:], all=True) if slices[1:] else slices[0]
    rows = united.order_by("by", "id") if slices[1:] else united
    return list(rows[stop - size : stop])


def _count(parts: Sequence[QuerySet[WorkItem]]) -> int:
    """Count as far as ``MOST_COUNTED`` and one more: nobody reads on, and a queue may be long."""
    ids = [part.order_by().values_list("id")[: MOST_COUNTED + 1] for part in parts]
    if not ids:
        return 0
    united = ids[0].union(*ids[1:], all=True) if ids[1:] else ids[0]
    return min(united.count(), MOST_COUNTED + 1)


def _in_order(items: QuerySet[WorkItem], ids: Sequence[int]) -> list[WorkItem]:
    found = items.filter(pk__in=ids).in_bulk()
    return [found[pk] for pk in ids if pk in found]


def _told(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    return items.select_related("case__party", "case__record__subject", "unit", "owner")
