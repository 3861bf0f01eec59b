"""Verbs beside a step, recusals, and exceptional moves that one proposes and a second decides."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from accounts.models import Unit, User
from accounts.standing import standing
from web import presenters
from web.api.asking import caseworker, now, seen_case, seen_item, today, viewer
from web.api.case_shapes import Proposal, WorkItem
from web.api.shapes import (
    Consultation,
    Decision,
    NewProposal,
    NewRecusal,
    Reasoned,
    TakenBack,
    Transferral,
)
from workflows import consulting, proposals, recusal, returning, sight, transfers
from workflows.acts import Refused
from workflows.models import Proposal as Proposed

router = Router(tags=["moves"])
_BY_PROPOSAL = ("suspend", "resume", "extend", "correct_start")


class NoSuchUnit(Refused):
    """There is no such unit."""


class NobodySuch(Refused):
    """There is nobody with this number."""


@router.post("work-items/{int:item_id}/consult", response={201: list[WorkItem]})
def consult(request: HttpRequest, item_id: int, body: Consultation) -> Any:
    """Ask units at once beside a step of mine; it waits until all have answered."""
    who = viewer(request)
    asked = consulting.ask(
        seen_item(who, item_id).pk,
        by=who,
        at=now(),
        units=_units(body.units),
        kind=body.kind,
        question=body.question,
        silence_announced=body.silence_announced,
    )
    return Status(201, [presenters.item(item, on=today()) for item in asked])


@router.post("work-items/{int:item_id}/take-back", response=WorkItem)
def take_back(request: HttpRequest, item_id: int, body: TakenBack) -> Any:
    """Take a question back that holds up a step of mine and is not answered yet."""
    who = viewer(request)
    if not seen_item(who, item_id).asides.filter(pk=body.asked).exists():
        raise consulting.NothingToTakeBack
    item = consulting.take_back(body.asked, by=who, at=now(), reason=body.reason)
    return presenters.item(item, on=today())


@router.post("work-items/{int:item_id}/transfer", response={201: WorkItem})
def transfer(request: HttpRequest, item_id: int, body: Transferral) -> Any:
    """Ask another unit to take over the part of the case to which a step of mine belongs."""
    who, (to,) = viewer(request), _units([body.to])
    asked = transfers.transfer(
        seen_item(who, item_id).pk, by=who, at=now(), to=to, reason=body.reason
    )
    return Status(201, presenters.item(asked, on=today()))


@router.post("work-items/{int:item_id}/return", response=WorkItem)
def send_back(request: HttpRequest, item_id: int, body: Reasoned) -> Any:
    """Return a step of mine to the one before it; no clock is reset."""
    who = viewer(request)
    item = returning.send_back(seen_item(who, item_id).pk, by=who, at=now(), reason=body.reason)
    return presenters.item(item, on=today())


@router.post("cases/{slug:reference}/recusals", response={201: Proposal})
def recuse(request: HttpRequest, reference: str, body: NewRecusal) -> Any:
    """Staff declare their own tie, or name a `person`; the party describes whom it means."""
    who = viewer(request)
    case = seen_case(who, reference)
    told: dict[str, Any] = {"by": who, "at": now(), "reason": body.reason}
    is_party = sight.is_party(who, case, on=today())
    if body.person is not None:
        person = _person(body.person)
        put = recusal.apply_for(case.reference, person=person, **told)
    elif is_party:
        put = recusal.apply_for(case.reference, named=body.named, **told)
    else:
        put = recusal.declare(case.reference, **told)
    return Status(201, _told(put, is_party=is_party))


@router.get("cases/{slug:reference}/proposals", response=list[Proposal])
def list_case_proposals(request: HttpRequest, reference: str) -> Any:
    """What was proposed in a case; to its party, the recusals it has applied for itself."""
    who = viewer(request)
    case = seen_case(who, reference)
    is_party = sight.is_party(who, case, on=today())
    found = proposals.of_case(case)
    shown = [p for p in found if "named" in p.detail] if is_party else found
    return [_told(proposal, is_party=is_party) for proposal in shown]


@router.post("cases/{slug:reference}/proposals", response={201: Proposal})
def propose(request: HttpRequest, reference: str, body: NewProposal) -> Any:
    """Propose to suspend, resume, extend or correct; nothing happens before another decides."""
    who = viewer(request)
    case = seen_case(who, reference)
    put = proposals.propose(
        body.kind,
        case.reference,
        by=who,
        at=now(),
        reason=body.reason,
        evidence=body.evidence,
        **_detail(body),
    )
    return Status(201, _told(put))


@router.get("proposals", response=list[Proposal])
def list_proposals(request: HttpRequest) -> Any:
    """What waits for my decision as an approver."""
    found = proposals.open_for(caseworker(request), on=today())
    return [presenters.proposal(proposal) for proposal in found]


@router.post("proposals/{int:proposal_id}/decide", response=Proposal)
def decide(request: HttpRequest, proposal_id: int, body: Decision) -> Any:
    """Grant or refuse what somebody else has proposed."""
    who = viewer(request)
    if not _may_know_of(who, proposal_id):
        raise proposals.NoSuchProposal
    decided = proposals.decide(
        proposal_id, by=who, grant=body.grant, at=now(), note=body.note, person=body.person
    )
    return presenters.proposal(decided)


def _told(proposal: Proposed, *, is_party: bool = False) -> dict[str, Any]:
    """Tell of a proposal; of a recusal why only to those who decide, and to the party no names."""
    shown = presenters.proposal(proposal)
    if proposal.kind != Proposed.Kind.RECUSE:
        return shown
    hidden = {"proposed_by": "", "decided_by": ""} if is_party else {}
    detail = {"named": proposal.detail["named"]} if is_party else proposal.detail
    return {**shown, "reason": "", "evidence": "", "detail": detail, **hidden}


def _may_know_of(who: User, proposal_id: int) -> bool:
    units = standing(who, on=today()).workplaces
    return Proposed.objects.filter(pk=proposal_id, case__isnull=False, unit__in=units).exists()


def _detail(body: NewProposal) -> dict[str, Any]:
    as_of = body.as_of.isoformat() if body.as_of else None
    told = {"cause": body.cause, "key": body.key, "length": body.length, "as_of": as_of}
    return {name: value for name, value in told.items() if value is not None}


def _units(codes: Iterable[str]) -> list[Unit]:
    wanted = list(dict.fromkeys(codes))
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=wanted)}
    if missing := [code for code in wanted if code not in found]:
        said = _("There is no unit with the code %(codes)s.")
        raise NoSuchUnit(said % {"codes": ", ".join(missing)}, units=missing)
    return [found[code] for code in wanted]


def _person(key: int) -> User:
    person = User.objects.filter(pk=key).first()
    if person is None:
        raise NobodySuch
    return person
