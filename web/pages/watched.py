"""Open steps and demands as those who watch the units are shown them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from web.pages.work import item, with_days_left
from web.shown import Shown
from workflows import climbing, oversight, policy, tracking, wording
from workflows.models import Urging, WorkItem
from workflows.transfers import AWAY


def watched(items: Iterable[WorkItem], *, viewer: Any, on: date) -> list[Shown]:
    """Return open steps with who has each since when, and what the viewer may do about it."""
    rows = [_row(work, viewer, on) for work in items]
    return with_days_left(rows, on=on, calendar=policy.calendar())


def demand(urging: Urging, *, on: date) -> Shown:
    """Return one demand, who asked what, and the answer."""
    case, clock = urging.deadline.case, urging.deadline
    return {
        "id": urging.pk,
        "reference": case.reference,
        "party": case.party.name,
        "unit": str(urging.unit),
        "step": _step(urging),
        "due_on": clock.due_on,
        "is_overdue": clock.due_on is not None and clock.due_on < on,
        "basis": clock.term.basis,
        "kind_label": _kind(urging),
        "is_explanation": urging.kind == Urging.Kind.EXPLAIN,
        "asked_by": str(urging.asked_by) if urging.asked_by else "",
        "question": urging.question,
        "opened_at": timezone.localtime(urging.opened_at),
        "answer_due_on": urging.answer_due_on,
        "case_url": reverse("desk-case", args=[case.reference]),
        "watch_url": reverse("oversight-case", args=[case.reference]),
        "answer_url": reverse("demand-answer", args=[urging.pk]),
        **_answer(urging, on),
    }


def answer_by(*, on: date) -> Shown:
    """Return by when a demand made on a day has to be answered, and on what basis."""
    answer = climbing.answer_by(on=on)
    return {
        "day": answer.day,
        "length": wording.length(answer.term.period),
        "basis": answer.term.basis,
        "certainty_label": wording.certainty(answer.term.certainty),
        "provisional": answer.provisional,
    }


def _row(work: WorkItem, viewer: Any, on: date) -> Shown:
    since = work.claimed_at if work.owner_id else work.opened_at
    at_work = not work.case.suspended_at and not work.queue.startswith(AWAY)
    return {
        **item(work, on=on),
        "url": reverse("oversight-case", args=[work.case.reference]),
        "since": timezone.localtime(since or work.opened_at),
        "may_direct": at_work and oversight.may_direct(viewer, work.unit, on=on),
    }


def _step(urging: Urging) -> str:
    work = urging.deadline.item
    if work is None:
        return _("The whole case")
    return tracking.title_of(urging.deadline.case.kind, work.step)


def _kind(urging: Urging) -> str:
    if urging.rung is not None:
        return _("By the service")
    return str(Urging.Kind(urging.kind).label)


def _answer(urging: Urging, on: date) -> Shown:
    if urging.answered_at is None:
        return {"answered_at": None, "is_late": urging.answer_due_on < on}
    at = timezone.localtime(urging.answered_at)
    return {
        "answered_at": at,
        "answered_by": str(urging.answered_by or ""),
        "answer": urging.answer,
        "is_late": at.date() > urging.answer_due_on,
    }
