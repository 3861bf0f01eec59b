"""Keep out of a case whoever is tied to its party or its matter.

回避: the person declares it or the party asks for it, the head decides, and the work goes on
meanwhile (行政处罚法 §43; 公务员法 §76-77).
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.standing import standing
from workflows import audit, hands, proposals, sight, topics
from workflows.acts import current_act
from workflows.models import Case, Proposal, WorkItem
from workflows.proposals import NotAllowed, NotYours

RECUSE = Proposal.Kind.RECUSE


def declare(reference: str, *, by: Any, at: datetime, reason: str) -> Proposal:
    """Declare one's own tie to a case; the approver of the unit decides, the work goes on.

    :raises NotYours: if this person does not work in a unit of the case
    :raises NotAllowed: without a reason, or if it is so already
    """
    with audit.act(by=by, at=at) as act:
        case = _seen_by(by, reference, on=act.on)
        unit = _unit_of(by, case, on=act.on)
        return proposals.put(RECUSE, case, unit, reason=reason, detail={"person": by.pk})


def apply_for(
    reference: str, *, by: Any, at: datetime, reason: str, person: Any = None, named: str = ""
) -> Proposal:
    """Ask for the recusal of somebody who works on a case.

    A member of a unit of the case names a ``person``. The party describes them in its own
    words, ``named``: it is told no names of staff, and the approver who grants says who it is.

    :raises NotYours, NoSuchCase, WhoIsRecused: if this person has no part in the case
    :raises NotAllowed: if nobody is named, or somebody who has no part in the case
    """
    with audit.act(by=by, at=at):
        if person is None:
            return _for_party(reference, by, reason, named)
        return _for_member(reference, by, reason, person)


def _for_party(reference: str, by: Any, reason: str, named: str) -> Proposal:
    case = topics.own_case(by, reference, on=current_act().on)
    if not named.strip():
        raise NotAllowed(_("Say whom you mean: by name, or by what they do in the case."))
    detail = {"named": named.strip()}
    return proposals.put(RECUSE, case, _now_with(case), reason=reason, detail=detail)


def _for_member(reference: str, by: Any, reason: str, person: Any) -> Proposal:
    on = current_act().on
    case = _seen_by(by, reference, on=on)
    _unit_of(by, case, on=on)
    hands.check_not_recused(by, case)
    try:
        unit = _unit_of(person, case, on=on)
    except NotYours:
        raise NotAllowed(_("This person has no part in this case.")) from None
    return proposals.put(RECUSE, case, unit, reason=reason, detail={"person": person.pk})


def _seen_by(by: Any, reference: str, *, on: date) -> Case:
    case = sight.case_for(by, reference, on=on)
    if case is None:
        raise NotYours
    return case


def _unit_of(person: Any, case: Case, *, on: date) -> Unit:
    working = standing(person, on=on).workplaces
    for unit in case.unit_as.values():
        if unit in working:
            return unit
    raise NotYours


def _now_with(case: Case) -> Unit:
    """Return the unit that works on a case now, or that last did."""
    steps = WorkItem.objects.filter(case_id=case.pk, unit__isnull=False).select_related("unit")
    open_ = steps.filter(closed_at=None).order_by("pk")
    item = open_.first() or steps.order_by("pk").last()
    return item.unit if item and item.unit else next(iter(case.unit_as.values()))
