"""Do what one case has left word for another to be done, each errand in an act of its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.dispatch import receiver
from django.utils.timezone import localdate

from workflows import audit, errands, intake, moving, policy, suspension, work
from workflows.acts import Refused
from workflows.case_type import Topic, case_types
from workflows.closing import close
from workflows.models import Errand

log = logging.getLogger(__name__)
Kind = Errand.Kind


def run(*, at: datetime) -> int:
    """Do every errand that waits, oldest first, and return how many were done.

    One that cannot be done now, for its case is busy, waits for the next time; one that the
    law refuses is noted with the reason and not tried again.
    """
    waiting = Errand.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(_try(pk, at) for pk in list(waiting))


def open_found(*, at: datetime) -> int:
    """Open the cases that the service finds due on a day, and return how many were opened.

    Through each door at most as many a day as the office has chosen: what has piled up before
    the service knew of it must not bury the desks.
    """
    on = localdate(at)
    most = int(policy.term("general.found.most_a_day", on=on).value)
    found = [
        (type_.label, door.name, topic)
        for type_ in case_types()
        for door in type_.doors.values()
        if door.found
        for topic in islice(door.found(on=on), most)
    ]
    return sum(_open_found(*one, at) for one in found)


@receiver(errands.left)
def _run_at_once(at: datetime, **_: Any) -> None:
    try:
        run(at=at)
    except Exception:  # the act has succeeded; the next sweep does what is left
        log.exception("errands are left to the next sweep")


def _try(pk: int, at: datetime) -> bool:
    try:
        return _do(pk, at)
    except work.Busy:
        return False
    except Refused as refused:
        _give_up(pk, str(refused), at)
        return False


def _do(pk: int, at: datetime) -> bool:
    with audit.act(by=None, at=at) as act:
        waiting = Errand.objects.select_for_update(skip_locked=True, of=("self",))
        errand = waiting.select_related("source", "target").filter(pk=pk, done_at=None).first()
        if errand is None:
            return False
        _DOING[Kind(errand.kind)](errand)
        errand.done_at = act.at
        errand.save(update_fields=["done_at"])
        return True


def _give_up(pk: int, why: str, at: datetime) -> None:
    with audit.act(by=None, at=at):
        errand = Errand.objects.select_related("source").get(pk=pk)
        with work.locking(errand.source.kind, errand.source.process_id):
            errand.done_at, errand.outcome = at, why[:200]
            errand.save(update_fields=["done_at", "outcome"])
            detail = {"errand": errand.kind, **errand.detail, "why": why}
            audit.record("errand_failed", errand.source, detail=detail)
            _close_if_waiting(work.typed_case(errand.source.kind, pk=errand.source_id))


def _open(errand: Errand) -> None:
    parent = errand.source
    with work.locking(parent.kind, parent.process_id):
        source = work.typed_case(parent.kind, pk=parent.pk)
        topic = Topic(source.party, source.record, source)
        intake.open_by_service(errand.detail["kind"], errand.detail["door"], topic, parent=source)


def _suspend(errand: Errand) -> None:
    with _holding_target(errand) as case:
        # Meanwhile the one may have been closed, or the other may hold it up no more.
        if case.closed_at is None and moving.holds_up(errand.source.typed, case.kind):
            suspension.suspend(case, cause=errand.detail["cause"], because=errand.source)


def _resume(errand: Errand) -> None:
    with _holding_target(errand) as case:
        suspension.resume(case, because=errand.source)


def _conclude(errand: Errand) -> None:
    with _holding_target(errand) as case:
        _close_if_waiting(case)


@contextmanager
def _holding_target(errand: Errand) -> Iterator[Any]:
    target = errand.target
    assert target is not None
    with work.locking(target.kind, target.process_id):
        yield work.typed_case(target.kind, pk=target.pk)


def _open_found(kind: str, door: str, topic: Topic, at: datetime) -> bool:
    try:
        with audit.act(by=None, at=at):
            intake.open_by_service(kind, door, topic)
    except Refused:
        log.info("what was found due could not be opened", extra={"kind": kind, "door": door})
        return False
    return True


def _close_if_waiting(case: Any) -> None:
    if case.concluded_at and not case.closed_at:
        close(case)
        case.save()


_DOING = {
    Kind.OPEN: _open,
    Kind.SUSPEND: _suspend,
    Kind.RESUME: _resume,
    Kind.CONCLUDE: _conclude,
}
