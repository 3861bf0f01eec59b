"""Change a rule value: proposed by one person of the credit office, granted by its approver."""

from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Duty, Unit
from accounts.standing import standing
from workflows import audit, deadlines, hands, policy, work
from workflows.acts import current_act
from workflows.hands import Hands
from workflows.models import Case, Deadline, Proposal, Term
from workflows.proposals import AlreadyDecided, NoSuchProposal, NotAllowed, NotYours, SameHand

KEEP, MOVE = "keep", "move"
OPEN_CASES = {
    KEEP: gettext_lazy("keep the edition that governs them"),
    MOVE: gettext_lazy("are put under the new edition"),
}


def propose(
    key: str,
    *,
    by: Any,
    at: datetime,
    value: str,
    since: date,
    basis: str,
    certainty: str,
    open_cases: str,
    reason: str,
) -> Proposal:
    """Propose a new edition of a rule value; nothing changes before a second person grants it.

    ``open_cases`` says what becomes of running clocks: ``keep`` leaves them under the edition
    that governs their case, ``move`` puts them under the new one.

    :raises NotAllowed: if there is no such value, or the new one makes no sense
    :raises NotYours: if this person is not of the credit office
    """
    with audit.act(by=by, at=at) as act:
        office = office_for(by, act.on)
        now = _current(key, since)
        _check(now, value, open_cases, basis, reason)
        detail = {
            "key": key,
            "value": value,
            "since": since.isoformat(),
            "basis": basis,
            "certainty": certainty,
            "open_cases": open_cases,
        }
        proposal = Proposal.objects.create(
            kind=Proposal.Kind.TERM,
            unit=office,
            detail=detail,
            reason=reason.strip(),
            proposed_by=by,
            proposed_at=at,
        )
        audit.record("proposed", _stream(key), detail={**detail, "proposal": proposal.pk})
        return proposal


def decide(proposal_id: int, *, by: Any, grant: bool, at: datetime, note: str = "") -> Proposal:
    """Grant or refuse a new edition, as the approver of the credit office.

    :raises SameHand: if this person made the proposal
    """
    with audit.act(by=by, at=at) as act:
        proposal = awaiting(proposal_id, Proposal.Kind.TERM)
        check_decider(proposal, by, act.on)
        proposal.decided_by, proposal.decided_at = by, at
        proposal.granted, proposal.note = grant, note.strip()
        proposal.save(update_fields=["decided_by", "decided_at", "granted", "note"])
        kind = "proposal_granted" if grant else "proposal_refused"
        told = {"proposal": proposal.pk, "note": note}
        audit.record(kind, _stream(proposal.detail["key"]), detail=told)
        if grant:
            _carry_out(proposal)
        return proposal


def open_for(viewer: Any, *, on: date) -> list[Proposal]:
    """Return the open proposals of new editions, for the approvers of the credit office."""
    approving = [m.unit_id for m in standing(viewer, on=on).memberships if m.duty == Duty.APPROVER]
    found = Proposal.objects.filter(unit__in=approving, decided_at=None, kind=Proposal.Kind.TERM)
    return list(found.select_related("proposed_by", "unit").order_by("pk"))


def may_propose(viewer: Any, *, on: date) -> bool:
    """Test that a person may propose: of the credit office, but no auditor, or an operator."""
    return _office_of(viewer, on) is not None


def _carry_out(proposal: Proposal) -> None:
    told = proposal.detail
    since = date.fromisoformat(told["since"])
    old = _current(told["key"], since)
    new = _supersede(old, since, told)
    detail = {"old": old.pk, "new": new.pk, "value": new.value, "since": told["since"]}
    audit.record("edition_added", _stream(old.key), basis=new.basis, detail=detail)
    if told["open_cases"] == MOVE:
        _move_open(old, new)


def _supersede(old: Term, since: date, told: dict[str, Any]) -> Term:
    until = old.in_force.upper
    old.in_force = DateRange(old.in_force.lower, since, "[)")
    old.save(update_fields=["in_force"])
    return Term.objects.create(
        key=old.key,
        value=told["value"],
        unit=old.unit,
        starts=old.starts,
        rolls=old.rolls,
        in_force=DateRange(since, until, "[)"),
        basis=told["basis"],
        certainty=told["certainty"],
    )


def _move_open(old: Term, new: Term) -> None:
    current_act().memory.clear()
    running = Deadline.objects.filter(term=old, ended_at=None).select_related(
        "case", "item", "term"
    )
    by_case: dict[int, list[Deadline]] = {}
    for deadline in running.order_by("case_id", "pk"):
        deadline.term = new
        by_case.setdefault(deadline.case_id, []).append(deadline)
    for clocks in by_case.values():
        _move(clocks, clocks[0].case, new)


def _move(clocks: list[Deadline], case: Case, new: Term) -> None:
    with work.locking(case.kind, case.process_id):
        Deadline.objects.filter(pk__in=[clock.pk for clock in clocks]).update(term=new)
        deadlines.recompute(clocks, case, because=f"edition {new.pk}")


def office_for(by: Any, on: date) -> Unit:
    """Return the credit office, before whose approvers a person puts what changes the rules.

    :raises NotYours: if this person may propose nothing
    """
    office = _office_of(by, on)
    if office is None:
        raise NotYours
    return office


def _office_of(by: Any, on: date) -> Unit | None:
    held = standing(by, on=on).memberships
    changing = [m.unit for m in held if m.duty != Duty.AUDITOR and m.unit.is_credit_office]
    if not changing and by.has_perm("workflows.add_proposal"):
        return Unit.objects.filter(is_credit_office=True).first()
    return changing[0] if changing else None


def _current(key: str, since: date) -> Term:
    try:
        return policy.term(key, on=since)
    except policy.NoTermInForce:
        said = _("There is no rule value %(key)s in force on %(day)s.")
        raise NotAllowed(said % {"key": key, "day": since}) from None


def _check(now: Term, value: str, open_cases: str, basis: str, reason: str) -> None:
    if now.value.isdigit() and not value.isdigit():
        raise NotAllowed(_("This rule value is a number; give a number."))
    if open_cases not in (KEEP, MOVE):
        raise NotAllowed(_("Say what becomes of the open cases: keep or move."))
    if not basis.strip() or not reason.strip():
        raise NotAllowed(_("Give the legal basis and the reason."))


def awaiting(proposal_id: int, kind: Proposal.Kind) -> Proposal:
    """Return a proposal nobody has decided on, locked.

    :raises NoSuchProposal, AlreadyDecided: if there is none
    """
    found = Proposal.objects.select_for_update().filter(pk=proposal_id, kind=kind)
    proposal = found.first()
    if proposal is None:
        raise NoSuchProposal
    if proposal.decided_at:
        raise AlreadyDecided
    return proposal


def check_decider(proposal: Proposal, by: Any, on: date) -> None:
    """Check that a person is the second one: an approver of the unit, and no proposer.

    :raises NotYours, SameHand: if not
    """
    approving = {m.unit_id for m in standing(by, on=on).memberships if m.duty == Duty.APPROVER}
    if proposal.unit_id not in approving:
        raise NotYours
    proposers = frozenset({proposal.proposed_by_id})
    if hands.touches(Hands(by), proposers, proposal.unit, on=on):
        raise SameHand


def _stream(key: str) -> str:
    return f"term/{key}"[:40]
