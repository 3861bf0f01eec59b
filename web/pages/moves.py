"""Proposals, demands and suppositions as the templates show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import WATCHING, Membership, Unit, in_force
from notifications.templatetags.letter_words import cited
from web.pages import wanted
from web.pages.beside import recusal
from web.pages.proposed import DECIDED
from web.pages.work import clock_title
from web.shown import Shown
from workflows import extension, proposals, simulation, wording
from workflows.clock import Due
from workflows.models import Case, Deadline, Proposal
from workflows.queues import PAGE

_MOVES = [Proposal.Kind.SUSPEND, Proposal.Kind.EXTEND, Proposal.Kind.CORRECT_START]
# Without a case: what is to be changed, and where it is decided on.
_ABOUT: dict[str, Any] = {
    Proposal.Kind.TERM: gettext_lazy("Rule value"),
    Proposal.Kind.CALENDAR: gettext_lazy("Calendar of a year"),
}
_DECIDE: dict[str, str] = {
    Proposal.Kind.TERM: "term-decide",
    Proposal.Kind.CALENDAR: "calendar-decide",
}


def proposals_to_decide(found: Sequence[Proposal], *, viewer: Any, on: date) -> list[Shown]:
    """Return open proposals; with that of a party, which names nobody, who may be meant.

    Nobody decides on what they propose themselves: it is shown to them and asks nothing.
    """
    names = wanted.named(found, on=on)
    return [
        {
            **proposal(proposed, names=names),
            "people": _who_may_be_meant(proposed, on),
            "is_own": proposed.proposed_by_id == viewer.pk,
        }
        for proposed in found
    ]


def staff_of(units: Iterable[Unit], *, on: date) -> dict[int, str]:
    """Return the names of those who work in units, by their keys."""
    held = Membership.objects.filter(in_force(on), unit__in=list(units)).exclude(duty__in=WATCHING)
    return {m.user_id: str(m.user) for m in held.select_related("user").order_by("user_id")}


def proposal(proposed: Proposal, *, names: wanted.Names | None = None) -> Shown:
    """Return one proposal, and what has become of it."""
    case, names = proposed.case, names or wanted.Names()
    return {
        "id": proposed.pk,
        "reference": case.reference if case else wanted.code(proposed),
        "party": case.party.name if case else names.title(proposed) or _ABOUT[proposed.kind],
        "kind_label": proposed.get_kind_display(),
        "reason": proposed.reason,
        "facts": [
            *wanted.facts(proposed, names),
            {"label": _("Reason"), "value": proposed.reason},
            {"label": _("Evidence"), "value": proposed.evidence},
        ],
        "proposed_by": str(proposed.proposed_by),
        "proposed_at": timezone.localtime(proposed.proposed_at),
        "decided_by": str(proposed.decided_by) if proposed.decided_by else "",
        "state_label": DECIDED[proposed.granted],
        "case_url": reverse("desk-case", args=[case.reference]) if case else "",
        "decide_url": reverse(_DECIDE.get(proposed.kind, "proposal-decide"), args=[proposed.pk]),
    }


def _who_may_be_meant(proposed: Proposal, on: date) -> dict[int, str]:
    if proposed.kind != Proposal.Kind.RECUSE or "person" in proposed.detail:
        return {}
    return staff_of([proposed.unit], on=on)


def grants(posted: Mapping[str, Any]) -> bool:
    """Return whether an approver's answer grants a proposal.

    :raises NoDecision: if it neither grants nor refuses
    """
    answer = posted.get("answer")
    if answer not in ("grant", "refuse"):
        raise proposals.NoDecision
    return bool(answer == "grant")


def extensions(case: Case, *, on: date) -> list[Shown]:
    """Return for each running limit of a case how far it may be extended, or why it may not."""
    return [_room(case, room) for room in extension.rooms(case, on=on)]


def _room(case: Case, room: extension.Room) -> Shown:
    room.deadline.case = case
    return {
        "key": room.deadline.term.key,
        "label": clock_title(room.deadline, room.deadline.item),
        "why_not": room.why_not,
        "told": _most(room) if room.most else "",
    }


def _most(room: extension.Room) -> str:
    """Say by how much a limit may be extended, when it would then end, and on what basis."""
    assert room.most is not None
    assert room.latest is not None
    told = {
        "length": wording.length(room.most.period),
        "basis": cited(room.most.basis),
        "certainty": wording.certainty(room.most.certainty),
    }
    by = _("Once, by %(length)s at most (%(basis)s; %(certainty)s).") % told
    return _("%(said)s %(until)s") % {"said": by, "until": _latest(room.deadline, room.latest)}


def _latest(deadline: Deadline, latest: Due) -> str:
    if latest.on is None or deadline.due_on is None:
        return _("It stands still now; when it runs again, so much is added.")
    days = {"now": date_format(deadline.due_on), "latest": date_format(latest.on)}
    if latest.provisional:
        return _("It ends on %(now)s now, and on %(latest)s (provisional) at the latest.") % days
    return _("It ends on %(now)s now, and on %(latest)s at the latest.") % days


def change(changed: simulation.Change) -> Shown:
    """Return one clock as it is and as it would be."""
    case, item_ = changed.deadline.case, changed.deadline.item
    return {
        "reference": case.reference,
        "party": case.party.name,
        "url": reverse("oversight-case", args=[case.reference]),
        "label": clock_title(changed.deadline, item_),
        "moved": changed.has_moved,
        "before": _prospect(changed.before, []),
        "after": _prospect(changed.after, changed.explained(changed.after)),
    }


def stock_change(found: simulation.StockChange) -> Shown:
    """Return what would change among the open cases somebody watches."""
    figures = [
        ("green", _("Clocks looked at"), found.examined),
        ("amber", _("Dates that move"), len(found.changes)),
        ("red", _("Overdue at once"), len(found.overdue)),
    ]
    return {
        "figures": [{"light": x, "label": label, "count": n} for x, label, n in figures],
        "rows": [change(changed) for changed in found.changes[:PAGE]],
        "kept": [
            {
                "reference": kept.deadline.case.reference,
                "url": reverse("oversight-case", args=[kept.deadline.case.reference]),
                "reason": kept.reason,
            }
            for kept in found.kept[:PAGE]
        ],
    }


def _prospect(prospect: simulation.Prospect, explanation: list[str]) -> Shown:
    return {
        "day": prospect.due.on,
        "provisional": prospect.due.provisional,
        "light": prospect.light,
        "light_label": wording.LIGHTS[prospect.light],
        "explanation": explanation,
    }


def exceptional(case: Case) -> list[Shown]:
    """Return the exceptional moves that may be proposed in a case."""
    if case.closed_at:
        return []
    kinds = [Proposal.Kind.RESUME] if case.suspended_at else _MOVES
    return [
        {
            "name": "what-if",
            "label": _("What if …"),
            "url": reverse("case-what-if", args=[case.reference]),
        },
        *(
            {
                "name": kind.value,
                "label": kind.label,
                "url": reverse("propose", args=[case.reference, kind.value]),
            }
            for kind in kinds
        ),
        recusal(case),
    ]
