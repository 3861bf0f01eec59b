"""Does the sweep live, and did it do what was due? Asked of the tables, not of the sweep."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.models import Process

from workflows import climbing, escalation
from workflows.alarm import raise_alarm
from workflows.models import Case, Entry, Heartbeat

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pulse:
    """What the last sweep left: how old it is in seconds, how many cases it should have done."""

    ok: bool
    age: float | None
    heartbeat: Heartbeat | None
    expected: int
    reason: str


def pulse(at: datetime) -> Pulse:
    """Return whether the deadlines are swept: in time, without failure, leaving nothing due."""
    last = Heartbeat.objects.filter(at__lte=at).order_by("-at").first()
    if last is None:
        return Pulse(False, None, None, 0, _("The deadlines have not been swept yet."))
    age, left = (at - last.at).total_seconds(), _left_by(last)
    reason = " ".join(_complaints(last, age, left))
    return Pulse(not reason, age, last, left, reason)


def watch(at: datetime) -> bool:
    """Raise one alarm when an incident begins and one when it is over; return whether all is well.

    The incident is remembered in a file, so that a watch that starts anew goes on with it.
    """
    reason, begun = _trouble(at), Path(settings.VAR_DIR) / "run" / "clock.incident"
    if reason and not begun.exists():
        _tell(_("Xinban: the deadlines are not being watched over"), reason, at)
        begun.parent.mkdir(parents=True, exist_ok=True)
        begun.write_text(reason, encoding="utf-8")
    elif begun.exists() and not reason:
        _tell(_("Xinban: the deadlines are swept again"), begun.read_text(encoding="utf-8"), at)
        begun.unlink()
    return not reason


def _complaints(last: Heartbeat, age: float, left: int) -> Iterator[str]:
    if age > settings.HEARTBEAT_MAX_AGE_SECONDS:
        yield _("The last sweep was %(seconds)d seconds ago.") % {"seconds": age}
    if last.failed:
        yield _("The last sweep failed %(count)d times.") % {"count": last.failed}
    if left:
        yield _("The last sweep left undone what was due in %(count)d cases.") % {"count": left}


def _left_by(last: Heartbeat) -> int:
    """Count the cases in which a sweep left something undone, up to one batch of them.

    Not those in which something happened just before it or since, and not those locked now:
    they are for the next sweep.
    """
    on, calm = localdate(last.at), timedelta(seconds=settings.HEARTBEAT_MAX_AGE_SECONDS)
    rungs, *steps = (
        found.order_by().values_list("case", flat=True)
        for found in (
            climbing.due_rungs(on=on),
            escalation.silent(on=on),
            escalation.overlooked(on=on),
        )
    )
    due = list(rungs.union(*steps)[: escalation.BATCH])
    lately = Entry.objects.filter(stream=OuterRef("reference"), at__gt=last.at - calm)
    left = Case.objects.filter(~Exists(lately), pk__in=due, suspended_at=None)
    return _unlocked(list(left.values_list("process", flat=True))) if due else 0


def _unlocked(processes: list[int | None]) -> int:
    with transaction.atomic():
        found = Process.objects.filter(pk__in=processes)
        return len(found.select_for_update(of=("self",), skip_locked=True).values_list("pk"))


def _trouble(at: datetime) -> str:
    with override(settings.LANGUAGE_CODE):
        try:
            return pulse(at).reason
        except DatabaseError:
            log.exception("the watch cannot ask the database")
            return _("The database does not answer.")


def _tell(subject: str, reason: str, at: datetime) -> None:
    raise_alarm(subject, f"{localtime(at).isoformat(timespec='seconds')} {reason}")
