"""What faces and the API tell about records, cases, steps and clocks, as plain dicts."""

from collections.abc import Iterable
from datetime import date

from forms.models import Attachment
from notifications.models import Letter
from records.models import Record, Subject
from web.shown import Shown
from workflows import tracking, wording
from workflows.case_type import CaseType, Door, Offer, case_type
from workflows.clock import Due
from workflows.consulting import Given
from workflows.models import Case, Entry, Proposal, Service, WorkItem
from workflows.offers import Offered
from workflows.ties import Tie
from workflows.tracking import Clock, Happening, Waiting


def party(subject: Subject) -> Shown:
    """Tell who an organisation is."""
    return {"name": subject.name, "credit_code": subject.credit_code}


def record(record: Record) -> Shown:
    """Tell what an authority decided about an organisation."""
    return {
        "id": record.pk,
        "kind": record.kind,
        "kind_label": record.get_kind_display(),
        "document_number": record.document_number,
        "party": party(record.subject),
        "authority": record.authority_name,
        "authority_code": record.authority_code,
        "decided_on": record.decided_on,
        "categories": record.categories,
        "conduct": record.conduct,
        "content": record.content,
        "legal_basis": record.legal_basis,
        "fine_fen": record.fine_fen,
        "fine_yuan": yuan(record.fine_fen),
        "confiscated_fen": record.confiscated_fen,
        "confiscated_yuan": yuan(record.confiscated_fen),
        "publication": record.publication,
        "standing": str(record.standing),
        "standing_label": str(record.standing.label),
    }


def offers(offered: Iterable[Offered]) -> list[Shown]:
    """Tell what may be asked for about a record, and why or why not."""
    return [{**entrance(one.type_, one.door), **offer(one.offer)} for one in offered]


def entrance(type_: CaseType, door: Door) -> Shown:
    """Tell through which door of which kind of case one comes."""
    return {
        "kind": type_.label,
        "door": door.name,
        "title": str(door.title),
        "opener": str(door.opener),
        "about": str(door.about),
    }


def offer(offer: Offer) -> Shown:
    """Tell whether a case may be opened, and why or why not."""
    return {
        "possible": offer.possible,
        "opens_on": offer.opens_on,
        "closes_on": offer.closes_on,
        "reasons": [str(reason) for reason in offer.reasons],
        "grade": offer.grade,
        "basis": offer.basis,
        "certainty": offer.certainty,
        "certainty_label": certainty_label(offer.certainty),
    }


def case(case: Case, *, told_party: bool) -> Shown:
    """Tell what a case is and where it stands, in the words of the party or of the office."""
    return {
        "reference": case.reference,
        "kind": case.kind,
        "title": str(case_type(case.kind).verbose_name),
        "party": party(case.party),
        "record_id": case.record_id,
        "document_number": case.record.document_number if case.record else "",
        "state": str(case.state),
        "state_label": tracking.state_of(case, told_party=told_party),
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }


def waiting(waiting: Waiting) -> Shown:
    """Tell what a case waits for."""
    return {
        "item": waiting.item.pk,
        "step": waiting.item.step,
        "title": waiting.step,
        "who": waiting.who,
        "why": waiting.why,
        "due_on": waiting.due_on,
        "light": str(waiting.light),
        "sentence": waiting.sentence,
    }


def clock(clock: Clock) -> Shown:
    """Tell when something is due, how it was counted and how certain that is."""
    term = clock.deadline.term
    item = clock.deadline.item
    return {
        "key": term.key,
        "step": item.step if item else "",
        "due_on": clock.due.on,
        "paused": clock.due.is_paused,
        "provisional": clock.due.provisional,
        "light": str(clock.light),
        "days_left": clock.days_left,
        "basis": term.basis,
        "certainty": term.certainty,
        "certainty_label": clock.certainty,
        "explanation": clock.explanation,
        **counting(clock.due),
    }


def counting(due: Due) -> Shown:
    """Tell what was and was not counted on the way to a due date."""
    return {
        "length": due.period.length,
        "unit": str(due.period.unit),
        "started_on": due.start,
        "extended_by": due.extended_by,
        "pauses": [{"after": pause.after, "to": pause.to} for pause in due.pauses],
        "days_off": list(due.excluded),
        "worked_weekends": list(due.worked_weekends),
        "rolled_from": due.rolled_from,
    }


def item(item: WorkItem, *, on: date) -> Shown:
    """Tell what one step is, whose it is and until when."""
    return {
        "id": item.pk,
        "step": item.step,
        "title": tracking.title_of(item.case.kind, item.step),
        "kind": item.case.kind,
        "reference": item.case.reference,
        "party": item.case.party.name,
        "unit": str(item.unit) if item.unit else "",
        "state": item.state,
        "state_label": item.get_state_display(),
        "owner": str(item.owner) if item.owner else "",
        "opened_at": item.opened_at,
        "claimed_at": item.claimed_at,
        "due_on": item.due_on,
        "light": str(item.light(on)),
        "beside": item.host_id,
    }


def request(item: WorkItem) -> Shown | None:
    """Tell what was asked beside a step, or why a step was returned; nothing for others."""
    return item.request or None


def entry(entry: Entry, *, title: str, who: str) -> Shown:
    """Tell one event of the log as it stands in the chain."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "title": title,
        "at": entry.at,
        "by": entry.by,
        "who": who,
        "basis": entry.basis,
        "detail": entry.detail,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def happening(happening: Happening) -> Shown:
    """Tell one move of a case to its party."""
    return {"at": happening.at, "kind": happening.kind, "title": happening.title}


def tie(tie: Tie) -> Shown:
    """Tell which other case is tied to a case, and how."""
    return {
        "said": tie.said,
        "reference": tie.case.reference,
        "kind": tie.case.kind,
        "title": str(case_type(tie.case.kind).verbose_name),
        "closed_at": tie.case.closed_at,
    }


def opinion(given: Given) -> Shown:
    """Tell what a unit was asked, and what it answered."""
    return {
        "item": given.item.pk,
        "beside": given.item.host_id,
        "kind": str(given.kind),
        "unit": given.unit,
        "question": given.question,
        "state": given.item.state,
        "position": given.position,
        "reasons": given.reasons,
        "by_silence": given.by_silence,
        "who": given.who,
        "when": given.when,
        "due_on": given.due,
        "late": given.late,
    }


def proposal(proposed: Proposal) -> Shown:
    """Tell what was proposed in a case, and what was decided."""
    case = proposed.case
    return {
        "id": proposed.pk,
        "kind": proposed.kind,
        "title": proposed.get_kind_display(),
        "reference": case.reference if case else "",
        "unit": str(proposed.unit),
        "detail": proposed.detail,
        "reason": proposed.reason,
        "evidence": proposed.evidence,
        "proposed_by": str(proposed.proposed_by),
        "proposed_at": proposed.proposed_at,
        "granted": proposed.granted,
        "decided_by": str(proposed.decided_by or ""),
        "decided_at": proposed.decided_at,
        "note": proposed.note,
    }


def service(service: Service) -> Shown:
    """Tell how a letter was served and since when that counts."""
    return {
        "method": service.method,
        "method_label": service.get_method_display() if service.method else "",
        "effective_on": service.effective_on,
        "proof": service.proof,
    }


def letter(letter: Letter) -> Shown:
    """Tell which letter was issued."""
    served = getattr(letter, "service", None)
    return {
        "id": letter.pk,
        "name": letter.name,
        "number": letter.number,
        "title": letter.title,
        "title_en": letter.title_en,
        "issued_at": letter.issued_at,
        "sha256": letter.sha256,
        "service": service(served) if served else None,
    }


def attachment(file: Attachment) -> Shown:
    """Tell which file was handed in."""
    return {
        "id": file.pk,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "item": file.item,
        "scan": file.scan,
        "uploaded_at": file.uploaded_at,
    }


def certainty_label(certainty: str) -> str:
    """Tell how far a value can be relied on."""
    return wording.certainty(certainty) if certainty else ""


def yuan(fen: int | None) -> str | None:
    """Tell an amount in yuan with its two places."""
    return None if fen is None else f"{fen // 100}.{fen % 100:02}"
