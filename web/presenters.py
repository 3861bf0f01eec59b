"""What faces and the API tell about records, cases, steps and clocks, as plain dicts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.models import Attachment
from notifications.models import Letter
from records.models import Record, Subject
from workflows import tracking, wording
from workflows.case_type import Offer, case_type
from workflows.clock import Due
from workflows.models import Case, Entry, WorkItem
from workflows.tracking import Clock, Happening, Waiting

Told = dict[str, Any]


def party(subject: Subject) -> Told:
    """Tell who an organisation is."""
    return {"name": subject.name, "credit_code": subject.credit_code}


def record(record: Record) -> Told:
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
        "publication_label": record.get_publication_display(),
    }


def offers(offered: Mapping[str, Offer]) -> list[Told]:
    """Tell what may be asked for about a record."""
    return [offer(kind, one) for kind, one in offered.items()]


def offer(kind: str, offer: Offer) -> Told:
    """Tell whether one kind of case may be opened about a record, and why."""
    return {
        "kind": kind,
        "title": str(case_type(kind).verbose_name),
        "possible": offer.possible,
        "opens_on": offer.opens_on,
        "closes_on": offer.closes_on,
        "reasons": [str(reason) for reason in offer.reasons],
        "grade": offer.grade,
        "basis": offer.basis,
        "certainty": offer.certainty,
        "certainty_label": certainty_label(offer.certainty),
    }


def case(case: Case, *, told_party: bool) -> Told:
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


def waiting(waiting: Waiting) -> Told:
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


def clock(clock: Clock) -> Told:
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


def counting(due: Due) -> Told:
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


def item(item: WorkItem, *, on: date) -> Told:
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
    }


def entry(entry: Entry, *, title: str, who: str) -> Told:
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


def happening(happening: Happening) -> Told:
    """Tell one move of a case to its party."""
    return {"at": happening.at, "kind": happening.kind, "title": happening.title}


def letter(letter: Letter) -> Told:
    """Tell which letter was issued."""
    return {
        "id": letter.pk,
        "name": letter.name,
        "number": letter.number,
        "title": letter.title,
        "title_en": letter.title_en,
        "issued_at": letter.issued_at,
        "sha256": letter.sha256,
    }


def attachment(file: Attachment) -> Told:
    """Tell which file was handed in."""
    return {
        "id": file.pk,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at,
    }


def certainty_label(certainty: str) -> str:
    """Tell how far a value can be relied on."""
    return wording.certainty(certainty) if certainty else ""


def yuan(fen: int | None) -> str | None:
    """Tell an amount in yuan with its two places."""
    return None if fen is None else f"{fen // 100}.{fen % 100:02}"
