"""When an objection may be filed, what is known about it then, and what its letters add."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from cases.objection import rules
from cases.objection.forms import filing
from cases.objection.states import (
    Conclusion,
    Disputed,
    Finding,
    Flaw,
    Ground,
    Objection,
    Remedy,
    Request,
    State,
)
from records.models import Place
from workflows import policy, wording
from workflows.case_type import About, Door, Offer, Opener, Topic
from workflows.involved import authority_of, credit_office
from workflows.models import Relation, Role


def offer(_topic: Topic, *, on: date) -> Offer:
    """Tell that a record may be objected to on any day, whatever has become of it."""
    return _possible(on, _("You can object at any time; it is free of charge."))


def offer_again(topic: Topic, *, on: date) -> Offer:
    """Tell whether a decided objection may be followed by another, once, with new evidence."""
    earlier = topic.source
    if not isinstance(earlier, Objection) or earlier.state != State.CLOSED:
        return Offer(False, (_("Only an objection that was decided can be filed again."),))
    followed = earlier.leads_to.filter(kind=Relation.Kind.FOLLOWS).exists()
    if earlier.is_again or followed:
        return Offer(False, (_("The same facts can be objected to again only once."),))
    return _possible(on, _("You can object again once, with new evidence."))


def prepare(case: Objection, topic: Topic) -> None:
    """Keep what the record shows on the day, and whether the facts were decided before."""
    if rules.is_fact(case.disputed):
        value = getattr(topic.record, case.disputed)
        case.current_value = rules.shown_value(case.disputed, value)
    case.is_again = topic.source is not None


def units(_case: Objection, topic: Topic) -> dict[Role, Unit]:
    """Return the units of an objection: the credit office, and who provided the record."""
    assert topic.record is not None
    return {Role.OFFICE: credit_office(), Role.PROVIDER: authority_of(topic.record)}


def letter_facts(case: Objection) -> dict[str, Any]:
    """Return what the letters of an objection say beyond what all letters say."""
    asked = policy.term("objection.provider", on=case.governed_on)
    return {
        "provider": case.unit_as[Role.PROVIDER],
        "provider_days": asked.value,
        "provider_basis": wording.source(asked.basis),
        "changed": bool(case.changes) and case.remedy in ("", Remedy.CORRECT),
        "copies": [{"place": _place(name), "seen": seen} for name, seen in case.copies.items()],
        "reasons": [Ground(case.ground)] if case.ground else [],
        "said": {
            "flaw": Flaw(case.flaw).label,
            "disputed": Disputed(case.disputed).label,
            "request": Request(case.wanted).label,
            "conclusion": _label(Conclusion, case.conclusion),
            "finding": _label(Finding, case.finding),
            "remedy": _label(Remedy, case.remedy),
        },
    }


def _possible(on: date, reason: str) -> Offer:
    term = policy.term("objection.accept", on=on)
    return Offer(True, (reason,), basis=term.basis, certainty=term.certainty)


def _place(name: str) -> Any:
    return Place(name).label if name in Place.values else gettext_lazy("The other site")


def _label(choices: Any, value: str) -> Any:
    return choices(value).label if value else ""


DOORS = (
    Door(
        name="opened",
        title=gettext_lazy("Object to this record"),
        opener=Opener.PARTY,
        about=About.RECORD,
        offer=offer,
        form=filing.Application,
    ),
    Door(
        name="again",
        title=gettext_lazy("Object again, with new evidence"),
        opener=Opener.PARTY,
        about=About.CASE,
        offer=offer_again,
        form=filing.Again,
    ),
)
