"""Tell people what is late, once per clock and light; close what the party lets lapse."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Duty
from accounts.standing import holders
from notifications import outbox
from workflows import audit, work
from workflows.acts import Refused, current_act
from workflows.models import Case, Deadline, Heartbeat, Role, WorkItem

BATCH = 500
_OVERDUE = gettext_lazy("Overdue: %(reference)s")
_DUE_SOON = gettext_lazy("Due soon: %(reference)s")
log = logging.getLogger(__name__)


def sweep(*, at: datetime) -> Heartbeat:
    """Do everything that is due now, and write down that it was done.

    Idempotent and safe with several workers; what fails in one case does not stop the others.
    """
    on = localdate(at)
    amber = Deadline.objects.filter(ended_at=None, told_amber_at=None, amber_on__lte=on)
    red = Deadline.objects.filter(ended_at=None, told_red_at=None, due_on__lt=on)
    silent = WorkItem.objects.filter(queue=WorkItem.PARTY, state=WorkItem.State.OPEN, due_on__lt=on)
    counts = [
        _each(red.values_list("pk", flat=True), lambda pk: _tell_red(pk, at)),
        _each(amber.values_list("pk", flat=True), lambda pk: _tell_amber(pk, at)),
        _each(silent.values_list("pk", flat=True), lambda pk: bool(work.lapse(pk, at=at))),
    ]
    return Heartbeat.objects.create(
        at=at,
        examined=sum(count[0] for count in counts),
        told=sum(count[1] for count in counts),
        failed=sum(count[2] for count in counts),
    )


def _each(ids: Any, do: Callable[[int], bool]) -> tuple[int, int, int]:
    examined = told = failed = 0
    for pk in list(ids.order_by("pk")[:BATCH]):
        examined += 1
        try:
            told += do(pk)
        except Refused:
            log.info("somebody was faster than the sweep", extra={"pk": pk})
        except Exception:  # one broken case must not hide what is late in the others
            failed += 1
            log.exception("the sweep failed on one deadline or step", extra={"pk": pk})
    return examined, told, failed


def _tell_red(pk: int, at: datetime) -> bool:
    with _untold(pk, at, told_red_at=None) as deadline:
        if deadline is None:
            return False
        deadline.told_red_at = deadline.told_amber_at = at
        deadline.save(update_fields=["told_red_at", "told_amber_at"])
        people = _supervisors(deadline)
        _tell(deadline, "escalated", people, _OVERDUE)
        return True


def _tell_amber(pk: int, at: datetime) -> bool:
    with _untold(pk, at, told_amber_at=None) as deadline:
        if deadline is None:
            return False
        deadline.told_amber_at = at
        deadline.save(update_fields=["told_amber_at"])
        _tell(deadline, "reminded", _handlers(deadline), _DUE_SOON)
        return True


@contextmanager
def _untold(pk: int, at: datetime, **untold: None) -> Iterator[Deadline | None]:
    case = Case.objects.only("kind", "process_id").get(deadlines=pk)
    with audit.act(by=None, at=at), work.locking(case.kind, case.process_id):
        found = Deadline.objects.filter(pk=pk, ended_at=None, **untold)
        yield found.select_related("case", "term", "item__unit", "item__owner").first()


def _tell(deadline: Deadline, kind: str, people: list[Any], subject: Any) -> None:
    case, due_on = deadline.case, deadline.due_on
    assert due_on is not None
    with override(settings.LANGUAGE_CODE):
        day = date_format(due_on)
        named = {"reference": case.reference, "day": day, "basis": deadline.term.basis}
        said = _("Case %(reference)s: the date is %(day)s (%(basis)s).") % named
        heading = str(subject) % named
    outbox.send(to=people, about=case.reference, subject=heading, body=said, at=current_act().at)
    detail = {
        "key": deadline.term.key,
        "due": due_on.isoformat(),
        "item": deadline.item_id,
        "told": [person.pk for person in people],
    }
    audit.record(kind, case, basis=deadline.term.basis, detail=detail)


def _supervisors(deadline: Deadline) -> list[Any]:
    on = current_act().on
    people = [
        person
        for unit in {_unit(deadline), _office(deadline.case)}
        for person in holders(unit, Duty.SUPERVISOR, on=on)
    ]
    return list(dict.fromkeys(people))


def _handlers(deadline: Deadline) -> list[Any]:
    item = deadline.item
    if item is None:
        return []
    if item.owner:
        return [item.owner]
    if item.unit is None:
        return []
    duty = Duty(item.queue.rpartition("/")[2])
    return holders(item.unit, duty, on=current_act().on)


def _unit(deadline: Deadline) -> Any:
    item = deadline.item
    return item.unit if item and item.unit else _office(deadline.case)


def _office(case: Case) -> Any:
    return case.unit_as[Role.OFFICE]
