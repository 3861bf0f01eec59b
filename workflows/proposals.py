"""What one person proposes and a second decides: suspend, resume, extend, correct a start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Duty, Unit
from accounts.standing import representatives, standing
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, deadlines, policy, work
from workflows.acts import Refused, current_act
from workflows.clock import CORRECTED, EXTENDED, PAUSED, RESUMED
from workflows.models import Case, Deadline, Proposal, Purpose

Kind = Proposal.Kind

CAUSES = {
    "court": gettext_lazy("a court or review organ has to decide first"),
    "force_majeure": gettext_lazy("force majeure"),
    "party_request": gettext_lazy("the party asks for it"),
    "expert_test": gettext_lazy("an expert test is needed"),
    "objection": gettext_lazy("an objection to the same record is pending"),
}


class NotAllowed(Refused):
    """The law does not allow this here."""


class NotYours(Refused):
    """Your unit has no part in this, or your duty does not reach so far."""

    status = 403


class NoSuchProposal(Refused):
    """There is no such proposal, or it is not your unit's."""

    status = 404


class AlreadyDecided(Refused):
    """This proposal has been decided."""

    status = 409


class NoDecision(Refused):
    """Say whether you grant or refuse it."""


class SameHand(Refused):
    """Who has proposed something may not decide on it."""

    status = 403


@dataclass(frozen=True)
class _Rule:
    """What one kind of proposal must satisfy, and what it does when granted."""

    check: Callable[[Case, dict[str, Any]], None]
    carry_out: Callable[[Case, Proposal], None]


def propose(
    kind: str,
    reference: str,
    *,
    by: Any,
    at: datetime,
    reason: str,
    evidence: str = "",
    **detail: Any,
) -> Proposal:
    """Propose an exceptional move in a case; nothing happens before a second person decides.

    ``detail`` holds ``cause`` (suspend), ``key`` and ``length`` (extend) or ``key`` and
    ``as_of`` (correct a start).

    :raises NotAllowed: if the law does not allow it
    :raises NotYours: if this person does not work in a unit of the case
    """
    with audit.act(by=by, at=at) as act:
        case = _case(reference)
        unit = _unit_of(by, case, on=act.on)
        with work.locking(case.kind, case.process_id):
            case = work.typed_case(case.kind, pk=case.pk)
            _check_told(reason)
            _RULES[Kind(kind)].check(case, detail)
            proposal = Proposal.objects.create(
                kind=kind,
                case_id=case.pk,
                unit=unit,
                detail=detail,
                reason=reason.strip(),
                evidence=evidence.strip(),
                proposed_by=by,
                proposed_at=at,
            )
            told = {"proposal": proposal.pk, "kind": kind, "reason": reason, **detail}
            audit.record("proposed", case, detail={**told, "evidence": evidence})
            return proposal


def decide(proposal_id: int, *, by: Any, grant: bool, at: datetime, note: str = "") -> Proposal:
    """Grant or refuse a proposal, as a second person with the approver's duty.

    :raises SameHand: if this person made the proposal
    :raises NotYours: if this person is no approver of the unit
    :raises AlreadyDecided: if somebody was faster
    """
    with audit.act(by=by, at=at) as act:
        proposal = _proposal(proposal_id)
        case = proposal.case
        assert case is not None
        _check_decider(proposal, by, act.on)
        with work.locking(case.kind, case.process_id):
            proposal.refresh_from_db()
            if proposal.decided_at:
                raise AlreadyDecided
            return _decide(proposal, by, grant, note)


def open_for(viewer: Any, *, on: date) -> list[Proposal]:
    """Return the open proposals of the units in which the viewer is an approver."""
    units = [m.unit_id for m in standing(viewer, on=on).memberships if m.duty == Duty.APPROVER]
    found = Proposal.objects.filter(unit__in=units, decided_at=None, case__isnull=False)
    return list(found.select_related("case__party", "proposed_by", "unit").order_by("pk"))


def of_case(case: Case) -> list[Proposal]:
    """Return the proposals in a case the caller may see, oldest first."""
    found = Proposal.objects.filter(case=case).select_related("proposed_by", "decided_by")
    return list(found.order_by("pk"))


def _decide(proposal: Proposal, by: Any, grant: bool, note: str) -> Proposal:
    act = current_act()
    case = proposal.case
    assert case is not None
    typed = work.typed_case(case.kind, pk=case.pk)
    rule = _RULES[Kind(proposal.kind)]
    proposal.decided_by, proposal.decided_at = by, act.at
    proposal.granted, proposal.note = grant, note.strip()
    proposal.save(update_fields=["decided_by", "decided_at", "granted", "note"])
    kind = "proposal_granted" if grant else "proposal_refused"
    audit.record(kind, typed, detail={"proposal": proposal.pk, "note": note})
    if grant:
        rule.check(typed, proposal.detail)
        with override(settings.LANGUAGE_CODE):
            rule.carry_out(typed, proposal)
    return proposal


def _case(reference: str) -> Case:
    case: Case | None = Case.objects.filter(reference=reference).first()
    if case is None:
        raise NotYours
    return case


def _proposal(proposal_id: int) -> Proposal:
    found = Proposal.objects.filter(pk=proposal_id, case__isnull=False)
    proposal = found.select_related("case", "unit").first()
    if proposal is None:
        raise NoSuchProposal
    return proposal


def _unit_of(by: Any, case: Case, *, on: date) -> Unit:
    working = standing(by, on=on).workplaces
    for unit in case.unit_as.values():
        if unit in working:
            return unit
    raise NotYours


def _check_decider(proposal: Proposal, by: Any, on: date) -> None:
    approving = {m.unit_id for m in standing(by, on=on).memberships if m.duty == Duty.APPROVER}
    if proposal.unit_id not in approving:
        raise NotYours
    if proposal.proposed_by_id == by.pk:
        raise SameHand


def _check_told(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed(_("Say why; the party and the supervisors read it."))


def _check_suspend(case: Case, detail: dict[str, Any]) -> None:
    causes = policy.edition(case.governed_on).items("clock.suspend.causes")
    if case.closed_at or case.suspended_at:
        raise NotAllowed(_("Only a running case can be suspended."))
    if detail.get("cause") not in causes:
        raise NotAllowed(_("A case is suspended for one of the listed causes only."))


def _check_resume(case: Case, _detail: dict[str, Any]) -> None:
    if not case.suspended_at:
        raise NotAllowed(_("Only a suspended case can resume."))


def _check_extend(case: Case, detail: dict[str, Any]) -> None:
    clock = _running(case, detail)
    cap = _cap(case, clock.term.key)
    asked = detail.get("length")
    if not isinstance(asked, int) or not 1 <= asked <= cap:
        raise NotAllowed(_("This limit can be extended by 1 to %(cap)s.") % {"cap": cap})
    if clock.due_on and current_act().on > clock.due_on:
        raise NotAllowed(_("A limit is extended before it ends, not after."))
    heard = [event for event in audit.written(case) if event.kind == EXTENDED]
    if any(clock.term.key in event.detail["keys"] for event in heard):
        raise NotAllowed(_("This limit has been extended once already."))


def _check_correct(case: Case, detail: dict[str, Any]) -> None:
    _running(case, detail)
    try:
        as_of = date.fromisoformat(str(detail.get("as_of")))
    except ValueError:
        raise NotAllowed(_("Give the day on which the clock really started.")) from None
    if as_of > current_act().on:
        raise NotAllowed(_("A clock cannot have started on a day that has not come."))


def _running(case: Case, detail: dict[str, Any]) -> Deadline:
    found = [d for d in deadlines.running(case) if d.term.key == detail.get("key")]
    limits = [d for d in found if d.purpose == Purpose.LIMIT]
    if not limits:
        raise NotAllowed(_("No such clock runs in this case."))
    return limits[0]


def _cap(case: Case, key: str) -> int:
    terms = policy.edition(case.governed_on)
    if not terms.has(f"{key}.extend"):
        raise NotAllowed(_("The law does not allow this limit to be extended."))
    return terms.number(f"{key}.extend")


def _suspend(case: Case, proposal: Proposal) -> None:
    case.suspended_at = current_act().at
    case.save(update_fields=["suspended_at"])
    basis = _basis(case, "clock.suspend.causes")
    audit.record("suspended", case, basis=basis, detail={"cause": proposal.detail["cause"]})
    keys = [d.term.key for d in deadlines.running(case)]
    deadlines.turn(PAUSED, case, keys, basis=basis)
    cause = str(CAUSES[proposal.detail["cause"]])
    _tell(case, _("Suspended: %(cause)s. %(reason)s") % {"cause": cause, "reason": proposal.reason})


def _resume(case: Case, proposal: Proposal) -> None:
    case.suspended_at = None
    case.save(update_fields=["suspended_at"])
    audit.record("resumed", case, detail={"proposal": proposal.pk})
    keys = [d.term.key for d in deadlines.running(case)]
    deadlines.turn(RESUMED, case, keys)
    _tell(case, _("The case goes on. %(reason)s") % {"reason": proposal.reason})


def _extend(case: Case, proposal: Proposal) -> None:
    key, length = proposal.detail["key"], proposal.detail["length"]
    detail = {"keys": [key], "length": length, "proposal": proposal.pk}
    audit.record(EXTENDED, case, basis=_basis(case, f"{key}.extend"), detail=detail)
    clock = _moved(case, key, because="extended")
    day = date_format(clock.due_on) if clock.due_on else ""
    said = _("The time to decide is extended to %(day)s. %(reason)s")
    _tell(case, said % {"day": day, "reason": proposal.reason})


def _correct(case: Case, proposal: Proposal) -> None:
    key, as_of = proposal.detail["key"], proposal.detail["as_of"]
    detail = {"keys": [key], "as_of": as_of, "proposal": proposal.pk}
    audit.record(CORRECTED, case, detail=detail)
    clock = _moved(case, key, because="start corrected")
    day = date_format(clock.due_on) if clock.due_on else ""
    said = _("The start of a time limit was corrected; it now ends on %(day)s. %(reason)s")
    _tell(case, said % {"day": day, "reason": proposal.reason})


def _moved(case: Case, key: str, *, because: str) -> Deadline:
    clocks = [d for d in deadlines.running(case) if d.term.key == key]
    deadlines.recompute(clocks, case, because=because)
    return clocks[0]


def _basis(case: Case, key: str) -> str:
    return policy.term(key, on=case.governed_on).basis


def _tell(case: Case, said: str) -> None:
    act = current_act()
    people = representatives(case.party.credit_code, on=act.on)
    draft = Draft(people, case.reference, _("About your case %(n)s") % {"n": case.reference}, said)
    outbox.post([draft], at=act.at)


_RULES = {
    Kind.SUSPEND: _Rule(_check_suspend, _suspend),
    Kind.RESUME: _Rule(_check_resume, _resume),
    Kind.EXTEND: _Rule(_check_extend, _extend),
    Kind.CORRECT_START: _Rule(_check_correct, _correct),
}
