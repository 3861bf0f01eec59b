"""What the party's own case page tells: both clocks, remedies, messages, its rating."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.models import Message
from web.pages.work import working_days
from web.shown import Shown
from workflows import tracking
from workflows.case_type import case_type
from workflows.models import Case, Entry, Rating
from workflows.remedies import Remedies, Way
from workflows.timing import Course


def course(told: Course) -> Shown:
    """Return the working days of a case side by side: as a bar, in figures and in one sentence."""
    sides = {
        "office": (_("Credit office"), told.spent.office),
        "authority": (_("Other authorities"), told.spent.authority),
        "party": (_("You"), told.spent.party),
        "paused": (_("Paused"), told.paused),
    }
    rows = [
        {"style": style, "label": label, "days": working_days(n)}
        for style, (label, n) in sides.items()
    ]
    return {
        "total": working_days(told.total),
        "rows": rows,
        "parts": _side_by_side({style: n for style, (_label, n) in sides.items()}),
        "sentence": _("; ").join(_("%(label)s: %(days)s") % row for row in rows),
    }


def remedies(found: Iterable[Remedies], *, on: date) -> list[Shown]:
    """Return where and until when each letter can be contested."""
    return [_remedies(each, on) for each in found]


def rated(log: Iterable[Entry]) -> Shown | None:
    """Return how the party rated a case, as its log tells."""
    given = next((entry for entry in log if entry.kind == "rated"), None)
    if given is None:
        return None
    return {"grade_label": Rating.Grade(given.detail["grade"]).label, "at": given.at}


def told_about(message: Message) -> Shown:
    """Return a message of a case as a line of its page."""
    return {
        "at": timezone.localtime(message.queued_at),
        "subject": message.subject,
        "body": message.body,
        "read": message.read_at is not None,
    }


def rating(given: Rating) -> Shown:
    """Return how a case was rated, without who rated it."""
    case = given.case
    return {
        "id": given.pk,
        "reference": case.reference,
        "kind": str(case_type(case.kind).verbose_name),
        "party": case.party.name,
        "grade": given.grade,
        "grade_label": given.get_grade_display(),
        "comment": given.comment,
        "rated_on": timezone.localdate(given.rated_at),
        "follow_up": given.follow_up,
        "followed_up_by": str(given.followed_up_by or ""),
        "followed_up_on": given.followed_up_at and timezone.localdate(given.followed_up_at),
        "case_url": reverse("oversight-case", args=[case.reference]),
        "follow_up_url": reverse("rating-follow-up", args=[given.pk]),
    }


def told_to_anyone(case: Case, *, on: date) -> Shown:
    """Return what whoever holds a receipt is told: what a letter left on a table may show.

    Where the case stands, what it waits for and until when, what happened on which day: no
    name, no number of a document, no text anybody wrote.
    """
    dossier = tracking.dossier_of(case, on=on)
    return {
        "reference": case.reference,
        "title": str(case_type(case.kind).verbose_name),
        "state_label": tracking.state_of(case, told_party=True),
        "closed": case.closed_at is not None,
        "suspended": case.suspended_at is not None,
        "waits": [_wait(waiting) for waiting in dossier.waiting],
        "timeline": [
            {"title": move.title, "on": timezone.localdate(move.at)}
            for move in reversed(dossier.timeline)
        ],
    }


def _wait(waiting: tracking.Waiting) -> Shown:
    return {
        "step": waiting.step,
        "by_party": waiting.item.queue == waiting.item.PARTY,
        "due_on": waiting.due_on,
        "light": waiting.light,
    }


def _remedies(found: Remedies, on: date) -> Shown:
    letter = found.letter
    return {
        "letter": letter.title_en if get_language() == "en" else letter.title,
        "number": letter.number,
        "url": reverse("letter", args=[letter.pk]),
        "served_on": found.served_on,
        "over": found.are_over(on),
        "ways": [_way(way, on) for way in found.ways],
    }


def _way(way: Way, on: date) -> Shown:
    return {
        "title": way.title,
        "where": way.where,
        "length": way.length,
        "until": way.until,
        "over": way.until is not None and way.until < on,
        "explanation": way.explanation,
        "provisional": way.provisional,
        "basis": way.basis,
        "certainty": way.certainty,
    }


def _side_by_side(days: dict[str, int]) -> list[Shown]:
    total, x = sum(days.values()), 0.0
    parts = []
    for style, n in days.items():
        width = 100 * n / total if total else 0
        parts.append({"style": style, "x": f"{x:.2f}%", "width": f"{width:.2f}%"})
        x += width
    return parts
