"""Who has what to do: queues, inboxes and what is late. Reads only; every read takes its viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit
from accounts.standing import Standing, standing
from workflows.case_type import relations
from workflows.models import Urging, WorkItem

PAGE = 50
_State = WorkItem.State
_OPEN = [_State.OPEN, _State.CLAIMED]
_ORDER = ("due_on", "id")


@dataclass(frozen=True)
class Load:
    """How much open work one unit has, and how much of it is near or past its date."""

    unit: Unit
    open: int
    amber: int
    red: int


def queue_for(viewer: Any, *, on: date, step: str = "", page: int = 1) -> list[WorkItem]:
    """Return a page of the unclaimed work of the viewer's duties, soonest due first."""
    parts = [_unclaimed(step).filter(queue=key) for key in standing(viewer, on=on).queues]
    return _soonest(parts, page)


def count_queue(viewer: Any, *, on: date, step: str = "") -> int:
    """Count the unclaimed work of the viewer's duties."""
    return _unclaimed(step).filter(queue__in=standing(viewer, on=on).queues).count()


def steps_in_queue(viewer: Any, *, on: date) -> dict[tuple[str, str], int]:
    """Count the unclaimed work of the viewer's duties by kind of case and step."""
    mine = _unclaimed("").filter(queue__in=standing(viewer, on=on).queues)
    counted = mine.values_list("kind", "step").annotate(n=Count("id")).order_by("step")
    return {(kind, step): n for kind, step, n in counted}


def inbox_of(viewer: Any, *, page: int = 1) -> list[WorkItem]:
    """Return a page of the work the viewer has claimed, soonest due first."""
    return _soonest([_claimed_by(viewer)], page)


def count_inbox(viewer: Any) -> int:
    """Count the work the viewer has claimed."""
    return _claimed_by(viewer).count()


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


def count_late(viewer: Any, *, on: date) -> int:
    """Count the overdue work of the units the viewer supervises."""
    late = WorkItem.objects.filter(state__in=_OPEN, due_on__lt=on)
    return late.filter(unit__in=supervised_by(viewer, on=on)).count()


def workload_for(viewer: Any, *, on: date) -> list[Load]:
    """Return the open work of each unit the viewer supervises."""
    units = {unit.pk: unit for unit in supervised_by(viewer, on=on)}
    red = Q(due_on__lt=on)
    counted = (
        WorkItem.objects.filter(state__in=_OPEN, unit__in=units)
        .values_list("unit")
        .annotate(
            n=Count("id"),
            amber=Count("id", filter=Q(amber_on__lte=on) & ~red),
            red=Count("id", filter=red),
        )
        .order_by("-red", "-amber", "unit")
    )
    return [Load(units[unit], n, amber, red) for unit, n, amber, red in counted]


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
    related = ("deadline__case__party", "deadline__term", "deadline__item", "unit")
    return open_.select_related(*related).order_by("answer_due_on", "pk")


def _unclaimed(step: str) -> QuerySet[WorkItem]:
    items = WorkItem.objects.filter(state=_State.OPEN)
    return items.filter(step=step) if step else items


def _soonest(parts: Sequence[QuerySet[WorkItem]], page: int) -> list[WorkItem]:
    # One index walk for each queue: a single query over several would sort all of their rows.
    stop = page * PAGE
    slices = [part.order_by(*_ORDER).values_list("id", "due_on")[:stop] for part in parts]
    if not slices:
        return []
    united = slices[0].union(*slices[1:], all=True) if slices[1:] else slices[0]
    rows = united.order_by(*_ORDER) if slices[1:] else united
    ids = [row[0] for row in rows[stop - PAGE : stop]]
    found = _told(WorkItem.objects.filter(pk__in=ids)).in_bulk()
    return [found[pk] for pk in ids]


def _told(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    return items.select_related("case__party", "case__record__subject", "unit", "owner")
