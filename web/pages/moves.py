"""Proposals, demands and suppositions as the templates show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import WATCHING, Membership, Unit, User, in_force
from web.pages.beside import recusal
from web.pages.proposed import DECIDED
from web.pages.work import clock_title
from workflows import editions, proposals, simulation, suspension, wording
from workflows.models import Case, Proposal
from workflows.queues import PAGE

Shown = dict[str, Any]
_MOVES = [Proposal.Kind.SUSPEND, Proposal.Kind.EXTEND, Proposal.Kind.CORRECT_START]
_PROPOSED = {
    "cause": gettext_lazy("Cause"),
    "key": gettext_lazy("Time limit"),
    "length": gettext_lazy("Longer by"),
    "as_of": gettext_lazy("Started on"),
    "value": gettext_lazy("New value"),
    "since": gettext_lazy("In force from"),
    "basis": gettext_lazy("Legal basis"),
    "certainty": gettext_lazy("How certain"),
    "open_cases": gettext_lazy("Open cases"),
    "person": gettext_lazy("Who is to be recused"),
    "named": gettext_lazy("Whom the party means"),
    "year": gettext_lazy("Year"),
    "notice": gettext_lazy("Notice that declared the days"),
    "days": gettext_lazy("Declared days"),
    "added": gettext_lazy("Days added"),
    "changed": gettext_lazy("Days changed"),
    "removed": gettext_lazy("Days removed"),
    "moves": gettext_lazy("Dates of open cases that move"),
    "shorter": gettext_lazy("Dates that come nearer"),
    "sha256": gettext_lazy("SHA-256 of the file"),
}
# Without a case: what is to be changed, and where it is decided on.
_ABOUT: dict[str, Any] = {
    Proposal.Kind.TERM: gettext_lazy("Rule value"),
    Proposal.Kind.CALENDAR: gettext_lazy("Calendar of a year"),
}
_DECIDE: dict[str, str] = {
    Proposal.Kind.TERM: "term-decide",
    Proposal.Kind.CALENDAR: "calendar-decide",
}
_UNTOLD = frozenset({"file", "digest"})
_CHOICES: dict[str, Shown] = {"cause": suspension.CAUSES, "open_cases": editions.OPEN_CASES}


def proposals_to_decide(found: Sequence[Proposal], *, on: date) -> list[Shown]:
    """Return open proposals; with that of a party, which names nobody, who may be meant."""
    names = _named(found)
    return [
        {**proposal(proposed, names=names), "people": _who_may_be_meant(proposed, on)}
        for proposed in found
    ]


def staff_of(units: Iterable[Unit], *, on: date) -> dict[int, str]:
    """Return the names of those who work in units, by their keys."""
    held = Membership.objects.filter(in_force(on), unit__in=list(units)).exclude(duty__in=WATCHING)
    return {m.user_id: str(m.user) for m in held.select_related("user").order_by("user_id")}


def proposal(proposed: Proposal, *, names: Mapping[int, str] | None = None) -> Shown:
    """Return one proposal, and what has become of it."""
    case = proposed.case
    return {
        "id": proposed.pk,
        "reference": case.reference if case else proposed.detail["key"],
        "party": case.party.name if case else _ABOUT[proposed.kind],
        "kind_label": proposed.get_kind_display(),
        "reason": proposed.reason,
        "facts": [
            *[
                {"label": _PROPOSED.get(name, name), "value": _worded(name, value, names or {})}
                for name, value in proposed.detail.items()
                if name not in _UNTOLD
            ],
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


def _named(found: Iterable[Proposal]) -> dict[int, str]:
    concerned = {proposed.detail.get("person") for proposed in found} - {None}
    people = User.objects.filter(pk__in=concerned) if concerned else []
    return {person.pk: str(person) for person in people}


def _worded(name: str, value: Any, names: Mapping[int, str]) -> Any:
    if name == "certainty":
        return wording.certainty(value)
    if name == "person":
        return names.get(value, "")
    return _CHOICES.get(name, {}).get(value, value)


def grants(posted: Mapping[str, Any]) -> bool:
    """Return whether an approver's answer grants a proposal.

    :raises NoDecision: if it neither grants nor refuses
    """
    answer = posted.get("answer")
    if answer not in ("grant", "refuse"):
        raise proposals.NoDecision
    return bool(answer == "grant")


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
        {"label": _("What if …"), "url": reverse("case-what-if", args=[case.reference])},
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
