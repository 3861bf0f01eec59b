"""Receive cases, and let the party withdraw them."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.standing import standing
from records.models import Record
from workflows import audit, correspondence, deadlines, policy, work
from workflows.acts import Refused, current_act
from workflows.case_type import CaseType, case_type, case_types
from workflows.flow import close
from workflows.models import Case, Involvement, Role
from workflows.numbering import next_number

# Letters and digits that are not mistaken for one another when read aloud.
_QUERY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_QUERY_LENGTH = 8


class NoSuchRecord(Refused):
    """There is no such record of an organisation you represent."""

    status = 404


class NoSuchCase(Refused):
    """There is no such case, or it is not yours to see."""

    status = 404


class NotPossible(Refused):
    """The law does not allow this application now."""


class AlreadyOpen(Refused):
    """There is an open case about this record already."""

    status = 409


class AuthorityAbsent(Refused):
    """The authority that made this decision does not work with this service."""


class TooLate(Refused):
    """The case has been decided; it can no longer be withdrawn."""

    status = 409


def submit(kind: str, *, by: Any, record_id: int, answers: Any, at: datetime) -> Any:
    """Open a case of ``kind`` about a record from its party's answers and start its flow.

    :raises NoSuchRecord: if the record is not of an organisation this person represents
    :raises NotPossible: if the law does not allow it yet; the first possible day is in the reason
    :raises AlreadyOpen: if such a case is open
    :raises AnswersRefused: if an answer is missing or invalid
    """
    with audit.act(by=by, at=at):
        type_ = case_type(kind)
        record = own_record(by, record_id, on=current_act().on)
        check_possible(type_, record, on=current_act().on)
        form = _checked(type_, record, by, answers)
        case = _open(type_, record, form)
        correspondence.send("receipt", case, sender=Role.OFFICE)
        type_.flow.opened.run(case=case)
        case.save()
        return case


def withdraw(reference: str, *, by: Any, at: datetime) -> Any:
    """End a case because its party wants it; nothing is held against the party.

    :raises NoSuchCase: if this person may not act in it
    :raises TooLate: if it has been decided
    """
    with audit.act(by=by, at=at):
        case = own_case(by, reference, on=current_act().on)
        with work.locking(case.kind, case.process_id):
            return _withdraw(work.typed_case(case.kind, pk=case.pk))


def own_record(by: Any, record_id: int, *, on: date) -> Record:
    """Return a record of an organisation this person represents.

    :raises NoSuchRecord: if there is none
    """
    codes = standing(by, on=on).codes
    mine = Record.objects.select_related("subject").filter(subject__credit_code__in=codes)
    record = mine.filter(pk=record_id).first()
    if record is None:
        raise NoSuchRecord
    return record


def own_case(by: Any, reference: str, *, on: date) -> Case:
    """Return a case of an organisation this person represents.

    :raises NoSuchCase: if there is none
    """
    codes = standing(by, on=on).codes
    mine: QuerySet[Case] = Case.objects.filter(party__credit_code__in=codes)
    types = (type_.label for type_ in case_types())
    told = mine.select_related("party", "record__subject", *types)
    case = told.filter(reference=reference).first()
    if case is None:
        raise NoSuchCase
    return case


def check_possible(type_: CaseType, record: Record, *, on: date) -> None:
    """Make sure that a case may be opened about a record on a day.

    :raises NotPossible, AlreadyOpen: if it may not
    """
    offer = type_.opening.offer(record, on=on)
    if not offer.possible:
        raise NotPossible(" ".join(offer.reasons), opens_on=offer.opens_on)
    if open_case := Case.objects.filter(record=record, kind=type_.label, closed_at=None).first():
        raise AlreadyOpen(_already(open_case.reference), reference=open_case.reference)


def _checked(type_: CaseType, record: Record, by: Any, answers: Any) -> Any:
    form = type_.application(answers, case=record, by=by, on=current_act().on)
    if not form.is_valid():
        raise work.AnswersRefused(form)
    return form


def _open(type_: CaseType, record: Record, form: Any) -> Any:
    act = current_act()
    case = type_.record(
        kind=type_.label,
        reference=f"{type_.prefix}-{act.on.year}-{next_number(type_.label, act.on.year):06}",
        query_code="".join(secrets.choice(_QUERY_LETTERS) for _n in range(_QUERY_LENGTH)),
        party=record.subject,
        record=record,
        opened_by=act.by,
        opened_at=act.at,
        governed_on=act.on,
    )
    form.record_on(case)
    type_.opening.prepare(case)
    _save(case)
    work.bind(form, case)
    _record_receipt(case, _involve(case, record), form)
    return case


def _save(case: Any) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as faster:
        raise AlreadyOpen from faster


def _involve(case: Any, record: Record) -> dict[str, str]:
    finder = Unit.objects.filter(credit_code=record.authority_code).first()
    if finder is None:
        raise AuthorityAbsent(_absent(record.authority_name))
    units = {Role.OFFICE: Unit.objects.get(is_credit_office=True), Role.FINDER: finder}
    rows = [Involvement(case=case, role=role, unit=unit) for role, unit in units.items()]
    Involvement.objects.bulk_create(rows)
    case.unit_as = {str(role): unit for role, unit in units.items()}
    return {str(role): unit.code for role, unit in units.items()}


def _record_receipt(case: Any, units: dict[str, str], form: Any) -> None:
    detail = {
        "kind": case.kind,
        "party": case.party.credit_code,
        "record": case.record_id,
        "units": units,
        "governed_on": case.governed_on.isoformat(),
        "governed_because": "day of application",
        "conventions": asdict(policy.conventions(case)),
        "facts": {**form.facts(), **case.derived()},
    }
    personal = form.personal_facts()
    audit.record(
        "received",
        case,
        basis=str(case_type(case.kind).legal_basis),
        detail=detail,
        personal=personal,
    )


def _withdraw(case: Any) -> Any:
    if case.closed_at or not case.may("withdraw"):
        raise TooLate
    case.withdraw()
    process = case.process
    process.flow_class.instance.cancel(process)
    deadlines.end_all(case)
    close(case)
    case.save()
    correspondence.send("withdrawn", case, sender=Role.OFFICE)
    return case


def _already(reference: str) -> str:
    return _("There is an open case about this record already: %(reference)s.") % {
        "reference": reference
    }


def _absent(authority: str) -> str:
    return _("%(authority)s does not work with this service yet. Apply there directly.") % {
        "authority": authority
    }
