"""Let every running clock climb its ladder, and take silence for what the law says it means."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from viewflow.workflow.models import Process

from accounts.models import Duty, Membership, in_force
from accounts.standing import standing
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, beside, climbing, hands, policy, work
from workflows.acts import Refused
from workflows.calendar import ONE_DAY
from workflows.models import Heartbeat, Urging, WorkItem

BATCH = 500
_Doing = Callable[..., None]
OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
log = logging.getLogger(__name__)
_ANSWERED = (
    gettext_lazy("Your demand is answered: %(reference)s"),
    gettext_lazy("%(who)s has answered your demand in case %(reference)s: %(answer)s"),
)


class NotYourUrging(Refused):
    """There is no such demand, or it is not your unit's to answer."""

    status = 404


class NoAnswer(Refused):
    """Say why it is late, and by when it will be done."""


class AlreadyAnswered(Refused):
    """This demand has been answered."""

    status = 409


@dataclass
class Count:
    """How many clocks and steps a sweep looked at, acted on and failed on."""

    examined: int = 0
    told: int = 0
    failed: int = 0


def sweep(*, at: datetime) -> Heartbeat:
    """Do everything that is due now, and write down that it was done.

    Idempotent and safe with several workers; what fails in one case does not stop the others;
    after an outage it does what the days missed would have done, with their true dates. A case
    somebody is working on at this moment is left to the next sweep.
    """
    count = Count()
    for on in _days_to_catch_up(at):
        _take_turn(partial(climbing.due_rungs, on=on), partial(_climb_all, on=on, at=at), count)
        _take_turn(partial(silent, on=on), partial(_one_by_one, do=_lapse, at=at), count)
        _take_turn(partial(overlooked, on=on), partial(_one_by_one, do=_deem, at=at), count)
        _take_turn(partial(overrun, on=on), partial(_one_by_one, do=_overrun, at=at), count)
    today = localdate(at)
    _take_turn(partial(_unannounced, today), partial(_one_by_one, do=_announce, at=at), count)
    return _beat(at, count)


def silent(*, on: date) -> QuerySet[WorkItem]:
    """Return the steps in which the party let its time pass in silence."""
    return WorkItem.objects.filter(queue=WorkItem.PARTY, state=WorkItem.State.OPEN, due_on__lt=on)


def overlooked(*, on: date) -> QuerySet[WorkItem]:
    """Return the steps that the law takes for done, for the office was silent."""
    return WorkItem.objects.filter(state__in=OPEN, deemed_on__lt=on)


def overrun(*, on: date) -> QuerySet[WorkItem]:
    """Return the steps whose lateness has a consequence that the service brings about."""
    return WorkItem.objects.filter(state__in=OPEN, overrun_on__lt=on)


def answer(urging_id: int, *, by: Any, answer: str, at: datetime) -> Urging:
    """Answer a supervisor's demand, for a unit in which one works.

    :raises NoAnswer, NotYourUrging, AlreadyAnswered: if that cannot be
    """
    urging = _urging_of(by, urging_id, on=localdate(at))
    if not answer.strip():
        raise NoAnswer
    case = urging.deadline.case
    with audit.act(by=by, at=at), work.locking(case.kind, case.process_id):
        hands.check_not_recused(by, case)
        urging.refresh_from_db(fields=["answered_at"])
        if urging.answered_at:
            raise AlreadyAnswered
        urging.answer, urging.answered_by, urging.answered_at = answer, by, at
        urging.save(update_fields=["answer", "answered_by", "answered_at"])
        audit.record("urging_answered", case, detail={"urging": urging.pk, "answer": answer})
        if urging.asked_by is not None:
            beside.tell([urging.asked_by], case, *_ANSWERED, who=by, answer=answer)
    return urging


def _urging_of(by: Any, urging_id: int, *, on: date) -> Urging:
    found = Urging.objects.filter(pk=urging_id, unit__in=standing(by, on=on).workplaces)
    urging = found.select_related("deadline__case", "asked_by").first()
    if urging is None:
        raise NotYourUrging
    return urging


def _days_to_catch_up(at: datetime) -> list[date]:
    """Return today, and before it each day from that of the last sweep on, in order."""
    today, last = localdate(at), Heartbeat.objects.filter(at__lte=at).order_by("-at").first()
    since = localdate(last.at) if last else today
    return [since + n * ONE_DAY for n in range((today - since).days + 1)]


def _take_turn(find: Callable[[], QuerySet[Any]], do: _Doing, count: Count) -> None:
    try:
        ids = list(find().values_list("pk", flat=True))
        for first in range(0, len(ids), BATCH):
            do(ids[first : first + BATCH], count=count)
    except Exception:  # what one turn cannot even find must not hide the other turns
        count.failed += 1
        log.exception("a turn of the sweep failed")


def _climb_all(ids: list[int], *, on: date, at: datetime, count: Count) -> None:
    try:
        told = climbing.climb(ids, on, at)
    except Exception:  # one broken case must not hide what is late in the others
        log.exception("a batch of clocks failed; trying them one by one")
        _each(ids, lambda pk: climbing.climb([pk], on, at), count)
    else:
        count.examined, count.told = count.examined + len(ids), count.told + told


def _one_by_one(
    ids: list[int], *, do: Callable[[int, datetime], int], at: datetime, count: Count
) -> None:
    _each(_unlocked(ids), lambda pk: do(pk, at), count)


def _each(ids: Iterable[int], do: Callable[[int], int], count: Count) -> None:
    for pk in ids:
        count.examined += 1
        try:
            count.told += do(pk)
        except Refused:
            log.info("somebody was faster than the sweep", extra={"pk": pk})
        except Exception:  # as above
            count.failed += 1
            log.exception("the sweep failed on one clock or step", extra={"pk": pk})


def _unlocked(ids: list[int]) -> list[int]:
    processes = Process.objects.filter(case__items__in=ids)
    with transaction.atomic():
        free = processes.select_for_update(of=("self",), skip_locked=True)
        held = list(free.values_list("pk", flat=True))
    found = WorkItem.objects.filter(pk__in=ids, case__process__in=held)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _lapse(item_id: int, at: datetime) -> int:
    work.lapse(item_id, at=at)
    return 1


def _deem(item_id: int, at: datetime) -> int:
    work.deem(item_id, at=at)
    return 1


def _overrun(item_id: int, at: datetime) -> int:
    work.overrun(item_id, at=at)
    return 1


def _beat(at: datetime, count: Count) -> Heartbeat:
    kept = timedelta(days=settings.HEARTBEAT_KEEP_DAYS)
    Heartbeat.objects.filter(at__lt=at - kept).delete()
    return Heartbeat.objects.create(
        at=at, examined=count.examined, told=count.told, failed=count.failed
    )


def _unannounced(on: date) -> QuerySet[WorkItem]:
    ahead = policy.term("deemed.announce_before", on=on)
    horizon = climbing.worked_days_after(on, int(ahead.value))
    of_the_route = WorkItem.objects.filter(state__in=OPEN, task__isnull=False)
    return of_the_route.filter(deemed_told_at=None, deemed_on__gte=on, deemed_on__lte=horizon)


def _announce(item_id: int, at: datetime) -> int:
    with work.holding(item_id, by=None, at=at) as held:
        item = held.item
        if item.deemed_told_at or not item.is_open or item.deemed_on is None:
            return 0
        item.deemed_told_at = at
        item.save(update_fields=["deemed_told_at"])
        people = _Members(item.unit, localdate(at)).of(item.queue, Duty.SUPERVISOR)
        outbox.post([_warning(item, held.case, people)], at=at)
        audit.record("deeming_announced", held.case, detail=_announced(item, people))
        return 1


@dataclass
class _Members:
    unit: Any
    on: date

    def of(self, queue: str, *more: str) -> list[Any]:
        duties = {queue.rpartition("/")[2], *more}
        held = Membership.objects.filter(in_force(self.on), unit=self.unit, duty__in=duties)
        active = held.filter(user__is_active=True).select_related("user")
        return list(dict.fromkeys(membership.user for membership in active))


def _warning(item: WorkItem, case: Any, people: list[Any]) -> Draft:
    assert item.deemed_on is not None
    with override(settings.LANGUAGE_CODE):
        named = {"reference": case.reference, "day": date_format(item.deemed_on)}
        return Draft(
            to=people,
            about=case.reference,
            subject=_("Will be deemed accepted: %(reference)s") % named,
            body=_(
                "Unless case %(reference)s is accepted, supplemented or declined by %(day)s, "
                "the law takes it for accepted from the day it was received."
            )
            % named,
        )


def _announced(item: WorkItem, people: list[Any]) -> dict[str, Any]:
    assert item.deemed_on is not None
    return {
        "item": item.pk,
        "step": item.step,
        "deemed_on": item.deemed_on.isoformat(),
        "told": [person.pk for person in people],
    }
