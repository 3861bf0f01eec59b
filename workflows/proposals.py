"""What one person proposes and a second decides: suspend, extend, correct a start, recuse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Duty, Unit, User
from accounts.standing import standing
from workflows import audit, deadlines, extension, hands, policy, suspension, work
from workflows.acts import Refused, current_act
from workflows.clock import CORRECTED, EXTENDED
from workflows.hands import Hands, NotYourQueue
from workflows.models import Case, Deadline, Proposal, Purpose, Recusal, Suspension
from workflows.separation import Done, conflicts

Kind = Proposal.Kind
RECUSAL = "行政处罚法 §43; 公务员法 §76-77"


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
    """Who has proposed something may not decide on it, nor may who stands in for them."""

    status = 403


class Concerned(Refused):
    """Nobody decides on their own recusal, nor does who stands in for them."""

    status = 403


def _nothing(_case: Case, _proposal: Proposal) -> None:
    """Leave the case as it is."""


@dataclass(frozen=True)
class _Rule:
    """What one kind of proposal must satisfy, and what it does when granted or refused.

    ``private`` names what it tells about a person: the log holds a commitment to that only.
    """

    check: Callable[[Case, dict[str, Any]], None]
    carry_out: Callable[[Case, Proposal], None]
    turn_down: Callable[[Case, Proposal], None] = _nothing
    private: frozenset[str] = frozenset()


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
    :raises NotYours, WhoIsRecused: if this person does not work in a unit of the case
    """
    with audit.act(by=by, at=at):
        case = _case(reference)
        unit, acting = _workplace(by, case)
        current_act().on_behalf_of = acting.on_behalf_of
        return put(Kind(kind), case, unit, reason=reason, evidence=evidence, detail=detail)


def put(
    kind: Kind, case: Case, unit: Unit, *, reason: str, evidence: str = "", detail: dict[str, Any]
) -> Proposal:
    """Put a proposal before the approvers of a unit, inside the running act.

    :raises NotAllowed: if the law does not allow it
    """
    with work.locking(case.kind, case.process_id):
        case = work.typed_case(case.kind, pk=case.pk)
        _check_told(reason)
        _RULES[kind].check(case, detail)
        proposal = Proposal.objects.create(
            kind=kind,
            case_id=case.pk,
            unit=unit,
            detail=detail,
            reason=reason.strip(),
            evidence=evidence.strip(),
            proposed_by=current_act().by,
            proposed_at=current_act().at,
        )
        _write_down(case, proposal)
        return proposal


def decide(
    proposal_id: int,
    *,
    by: Any,
    grant: bool,
    at: datetime,
    note: str = "",
    person: int | None = None,
) -> Proposal:
    """Grant or refuse a proposal, as a second person with the approver's duty.

    ``person`` is who is to be recused, where the party could only describe them.

    :raises SameHand, Concerned: if it is this person's own, or of whom they stand in for
    :raises SecondPersonNeeded, WhoIsRecused: if this person has another part in the case
    :raises NotYours: if this person is no approver of the unit
    :raises AlreadyDecided: if somebody was faster
    """
    with audit.act(by=by, at=at):
        proposal = _proposal(proposal_id)
        case = proposal.case
        assert case is not None
        _name(proposal, person if grant else None)
        with work.locking(case.kind, case.process_id):
            current_act().on_behalf_of = _decider(proposal, case, by).on_behalf_of
            if Proposal.objects.filter(pk=proposal.pk, decided_at__isnull=False).exists():
                raise AlreadyDecided
            return _decide(proposal, by, grant, note)


def open_for(viewer: Any, *, on: date) -> list[Proposal]:
    """Return the open proposals of the units in which the viewer is an approver."""
    units = standing(viewer, on=on).units_as(Duty.APPROVER)
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
    proposal.save(update_fields=["decided_by", "decided_at", "granted", "note", "detail"])
    kind = "proposal_granted" if grant else "proposal_refused"
    audit.record(kind, typed, detail={"proposal": proposal.pk, "note": note})
    if grant:
        rule.check(typed, proposal.detail)
    with override(settings.LANGUAGE_CODE):
        (rule.carry_out if grant else rule.turn_down)(typed, proposal)
    return proposal


def _write_down(case: Case, proposal: Proposal) -> None:
    told = {"reason": proposal.reason, "evidence": proposal.evidence, **proposal.detail}
    private = {name: told.pop(name) for name in _RULES[Kind(proposal.kind)].private & set(told)}
    about = {"proposal": proposal.pk, "kind": str(proposal.kind)}
    audit.record("proposed", case, detail={**about, **told}, personal=private)


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


def _workplace(by: Any, case: Case) -> tuple[Unit, Hands]:
    past, units = hands.past_of(case), case.unit_as.values()
    try:
        return hands.working_in(units, by, on=current_act().on, past=past)
    except NotYourQueue:
        raise NotYours from None


def _decider(proposal: Proposal, case: Case, by: Any) -> Hands:
    past, queue = hands.past_of(case), proposal.unit.queue(Duty.APPROVER)
    try:
        acting = hands.reaching(queue, by, on=current_act().on, past=past)
    except NotYourQueue:
        raise NotYours from None
    _check_apart(proposal, acting)
    wanted = Done(hands.PROPOSAL, str(Duty.APPROVER), acting.people)
    if conflicts(wanted, past.done):
        raise work.SecondPersonNeeded
    return acting


def _check_apart(proposal: Proposal, acting: Hands) -> None:
    on, unit = current_act().on, proposal.unit
    if hands.touches(acting, hands.proposers(proposal), unit, on=on):
        raise SameHand
    concerned = proposal.detail.get("person")
    if concerned and hands.touches(acting, frozenset({concerned}), unit, on=on):
        raise Concerned


def _check_told(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed(_("Say why; the party and the supervisors read it."))


def _check_suspend(case: Case, detail: dict[str, Any]) -> None:
    causes = policy.edition(case.governed_on).items("clock.suspend.causes")
    held = Suspension.objects.filter(case=case, source=None, until=None)
    if case.closed_at or held.exists():
        raise NotAllowed(_("Only a running case can be suspended."))
    if detail.get("cause") not in causes:
        raise NotAllowed(_("A case is suspended for one of the listed causes only."))


def _check_resume(case: Case, _detail: dict[str, Any]) -> None:
    held = Suspension.objects.filter(case=case, source=None, until=None)
    if not held.exists():
        raise NotAllowed(_("Only a suspended case can resume."))


def _check_extend(case: Case, detail: dict[str, Any]) -> None:
    clock, asked = _running(case, detail), detail.get("length")
    said = extension.why_not(case, clock, audit.written(case), on=current_act().on)
    most = extension.most_of(case, clock.term.key)
    if said or most is None:
        raise NotAllowed(said)
    if not isinstance(asked, int) or not 1 <= asked <= int(most.value):
        raise NotAllowed(_("This limit can be extended by 1 to %(cap)s.") % {"cap": most.value})


def _check_correct(case: Case, detail: dict[str, Any]) -> None:
    _running(case, detail)
    try:
        as_of = date.fromisoformat(str(detail.get("as_of")))
    except ValueError:
        raise NotAllowed(_("Give the day on which the clock really started.")) from None
    if as_of > current_act().on:
        raise NotAllowed(_("A clock cannot have started on a day that has not come."))


def _check_recuse(case: Case, detail: dict[str, Any]) -> None:
    if case.closed_at:
        raise NotAllowed(_("The case is closed; nobody works on it any more."))
    if Recusal.objects.filter(case=case.pk, person=detail.get("person")).exists():
        raise NotAllowed(_("This person is recused in this case already."))


def _running(case: Case, detail: dict[str, Any]) -> Deadline:
    found = [d for d in deadlines.running(case) if d.term.key == detail.get("key")]
    limits = [d for d in found if d.purpose == Purpose.LIMIT]
    if not limits:
        raise NotAllowed(_("No such clock runs in this case."))
    return limits[0]


def _suspend(case: Case, proposal: Proposal) -> None:
    suspension.suspend(case, cause=proposal.detail["cause"], reason=proposal.reason)


def _resume(case: Case, proposal: Proposal) -> None:
    suspension.resume(case, reason=proposal.reason)


def _extend(case: Case, proposal: Proposal) -> None:
    key, length = proposal.detail["key"], proposal.detail["length"]
    keys = [key, *_consequences(case, key)]
    detail = {"keys": keys, "length": length, "proposal": proposal.pk}
    audit.record(EXTENDED, case, basis=_basis(case, f"{key}.extend"), detail=detail)
    for other in keys[1:]:
        _moved(case, other, because="extended")
    clock = _moved(case, key, because="extended")
    day = date_format(clock.due_on) if clock.due_on else ""
    said = _("The time to decide is extended to %(day)s. %(reason)s")
    suspension.tell(case, said, day=day, reason=proposal.reason)


def _correct(case: Case, proposal: Proposal) -> None:
    key, as_of = proposal.detail["key"], proposal.detail["as_of"]
    detail = {"keys": [key], "as_of": as_of, "proposal": proposal.pk}
    audit.record(CORRECTED, case, detail=detail)
    clock = _moved(case, key, because="start corrected")
    day = date_format(clock.due_on) if clock.due_on else ""
    said = _("The start of a time limit was corrected; it now ends on %(day)s. %(reason)s")
    suspension.tell(case, said, day=day, reason=proposal.reason)


def _recuse(case: Case, proposal: Proposal) -> None:
    person = _concerned(case, proposal)
    Recusal.objects.create(
        case_id=case.pk, person=person, proposal=proposal, since=current_act().at
    )
    detail = {"proposal": proposal.pk, "person": f"user:{person.pk}"}
    audit.record("recused", case, basis=RECUSAL, detail=detail)
    work.put_back_from(case, frozenset({person.pk}))
    _answer_party(case, proposal, _("Recusal granted: the person has no part in it any more."))


def _turn_down_recusal(case: Case, proposal: Proposal) -> None:
    _answer_party(case, proposal, _("Recusal refused. %(reason)s"))


def _answer_party(case: Case, proposal: Proposal, said: str) -> None:
    """Tell the party what became of its own application; what officers declare is not its."""
    if "named" in proposal.detail:
        suspension.tell(case, said, reason=proposal.note)


def _name(proposal: Proposal, person: int | None) -> None:
    if proposal.kind == Kind.RECUSE and person:
        proposal.detail.setdefault("person", person)


def _concerned(case: Case, proposal: Proposal) -> Any:
    """Return whom a recusal concerns: somebody who works in the unit, or has acted in the case.

    :raises NotAllowed: if nobody is named, or nobody of this unit
    """
    person = User.objects.filter(pk=proposal.detail.get("person")).first()
    if person is None:
        raise NotAllowed(_("Say who is to be recused: the party could only describe them."))
    acted = {pk for done in hands.past_of(case).done for pk in done.hands}
    works_here = proposal.unit in standing(person, on=current_act().on).workplaces
    if not works_here and person.pk not in acted:
        raise NotAllowed(_("This person has no part in this case."))
    return person


def _consequences(case: Case, key: str) -> list[str]:
    # Who has been given more time is not late yet.
    running = deadlines.running(case)
    items = {d.item_id for d in running if d.term.key == key and d.item_id}
    late = [d for d in running if d.purpose == Purpose.OVERRUN and d.item_id in items]
    return [d.term.key for d in late]


def _moved(case: Case, key: str, *, because: str) -> Deadline:
    clocks = [d for d in deadlines.running(case) if d.term.key == key]
    deadlines.recompute(clocks, case, because=because)
    return clocks[0]


def _basis(case: Case, key: str) -> str:
    return policy.term(key, on=case.governed_on).basis


_RULES = {
    Kind.SUSPEND: _Rule(_check_suspend, _suspend),
    Kind.RESUME: _Rule(_check_resume, _resume),
    Kind.EXTEND: _Rule(_check_extend, _extend),
    Kind.CORRECT_START: _Rule(_check_correct, _correct),
    Kind.RECUSE: _Rule(
        _check_recuse,
        _recuse,
        _turn_down_recusal,
        private=frozenset({"reason", "evidence", "named"}),
    ),
}
