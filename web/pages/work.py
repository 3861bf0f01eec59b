"""Steps and clocks as the templates show them."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from web.shown import Shown
from workflows import tracking, wording
from workflows.asides import ASIDES
from workflows.calendar import Calendar
from workflows.clock import Light
from workflows.models import Deadline, Purpose, WorkItem


def clock(running: tracking.Clock) -> Shown:
    """Return one running clock."""
    return {
        "label": clock_title(running.deadline, running.deadline.item),
        "due_on": running.due.on,
        "light": running.light,
        "light_label": wording.LIGHTS[running.light],
        "left": left(running.days_left, running.light),
        "basis": running.deadline.term.basis,
        "certainty_label": running.certainty,
        "provisional": running.due.provisional,
        "paused": running.due.is_paused,
        "explanation": running.explanation,
    }


def choice(running: tracking.Clock) -> tuple[str, str]:
    """Return one running clock as a choice of a form."""
    return running.deadline.term.key, clock(running)["label"]


def item(work: WorkItem, *, on: date, title: str = "", why_not: str = "") -> Shown:
    """Return one step as a line of a queue, an inbox or a list of what is late."""
    light = work.light(on)
    is_free = work.state == WorkItem.State.OPEN
    url = reverse("asked" if work.queue == WorkItem.PARTY else "work", args=[work.pk])
    return {
        "id": work.pk,
        "step": work.step,
        "host": work.host_id,
        "reference": work.case.reference,
        "title": title or tracking.title_of(work.case.kind, work.step),
        "party": work.case.party.name,
        "unit": str(work.unit or _("The party")),
        "due_on": work.due_on,
        "light": light,
        "light_label": wording.LIGHTS[light],
        "waiting": since(work.opened_at),
        "owner": str(work.owner) if work.owner else "",
        "state_label": work.get_state_display(),
        "url": url,
        "claim_url": reverse("work-claim", args=[work.pk]),
        "release_url": "" if is_free else reverse("work-release", args=[work.pk]),
        "may_claim": is_free and not why_not and not work.case.suspended_at,
        "why_not": why_not,
    }


def with_days_left(rows: list[Shown], *, on: date, calendar: Calendar) -> list[Shown]:
    """Add to each step how many working days are left, or for how many it is overdue."""
    for row in rows:
        row["left"] = _days_left(row, on, calendar)
    return rows


def left(days: int | None, light: Light) -> str:
    """Return the working days that are left, in words."""
    if days is None or light == Light.RED:
        return ""
    if days == 0:
        return _("due today")
    return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}


def working_days(n: int) -> str:
    """Return a number of working days, in words."""
    return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}


def since(at: datetime) -> str:
    """Return for how long something has been waiting, in whole days."""
    days = (timezone.localdate() - timezone.localdate(at)).days
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("since today")


def clock_title(deadline: Deadline, of: WorkItem | None) -> str:
    """Return what a clock is called: its step, or the whole case, and its purpose.

    The same is often asked of several units at once, so what is asked beside a step names its unit.
    """
    step = tracking.title_of(deadline.case.kind, of.step) if of else _("The whole case")
    if of and of.step in ASIDES and of.unit:
        step = _("%(step)s: %(unit)s") % {"step": step, "unit": of.unit}
    if deadline.purpose == Purpose.LIMIT:
        return step
    named = {"step": step, "purpose": _purpose(deadline, of)}
    return _("%(step)s (%(purpose)s)") % named


def _purpose(deadline: Deadline, of: WorkItem | None) -> str:
    if of and of.step in ASIDES and deadline.purpose == Purpose.DEEMED:
        return _("silence counts as no objection")
    return str(deadline.get_purpose_display())


def _days_left(row: Shown, on: date, calendar: Calendar) -> str:
    if row["due_on"] is None:
        return _("the clock stands still")
    if row["light"] == Light.RED:
        late = calendar.worked_between(row["due_on"], on)
        if not late:
            return _("overdue; no working day since")
        said = ngettext("%(n)s working day overdue", "%(n)s working days overdue", late)
        return said % {"n": late}
    return left(calendar.worked_between(on, row["due_on"]), row["light"])
