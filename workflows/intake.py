"""Receive cases through the doors of their types, and let the party withdraw them."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.standing import standing
from records.models import Record, Subject
from workflows import (
    asides,
    audit,
    correspondence,
    deadlines,
    hands,
    involved,
    moving,
    policy,
    work,
)
from workflows.acts import Refused, current_act
from workflows.case_type import (
    About,
    CaseType,
    Door,
    Opener,
    Topic,
    case_type,
    case_types,
    known_to_party,
)
from workflows.closing import close
from workflows.models import Case, Errand, Relation, Role, WorkItem
from workflows.numbering import next_number

# Letters and digits that are not mistaken for one another when read aloud.
_QUERY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_QUERY_LENGTH = 8


class NoSuchRecord(Refused):
    """There is no such record of an organisation you represent."""

    status = 404


class NoSuchSubject(Refused):
    """There is no such organisation, or you do not represent it."""

    status = 404


class NoSuchCase(Refused):
    """There is no such case, or it is not yours to see."""

    status = 404


class NoSuchDoor(Refused):
    """Cases of this kind are not opened in this way."""

    status = 404


class NotYourDoor(Refused):
    """Your duty does not reach as far as opening this case."""

    status = 403


class NotPossible(Refused):
    """The law does not allow this application now."""


class AlreadyOpen(Refused):
    """There is an open case about this record already."""

    status = 409


class TooLate(Refused):
    """The case has been decided; it can no longer be withdrawn."""

    status = 409


def submit(
    kind: str, *, by: Any, answers: Any, at: datetime, door: str = "", item: str = "", **about: Any
) -> Any:
    """Open a case of ``kind`` from its party's answers and start its flow.

    ``about`` names what it is about: ``record_id``, ``credit_code``, or the number of the
    case it follows as ``source``.

    :raises NoSuchRecord, NoSuchSubject, NoSuchCase: if that is not this person's to point at
    :raises NotPossible: if the law does not allow it yet; the first possible day is in the reason
    :raises AlreadyOpen: if such a case is open
    :raises AnswersRefused: if an answer is missing or invalid
    """
    with audit.act(by=by, at=at):
        type_, entrance = case_type(kind), _door(kind, door, Opener.PARTY)
        topic = own_topic(entrance, by, on=current_act().on, item=item, **about)
        return _receive(type_, entrance, topic, answers)


def open_for_office(
    kind: str, *, by: Any, answers: Any, at: datetime, door: str = "", **about: Any
) -> Any:
    """Open a case of ``kind`` for the unit in which a person has the duty to do so.

    :raises NotYourDoor: if this person has no such duty in any unit
    :raises WhoIsRecused: if this person is tied to the party, or kept out of the case before
    :raises NotPossible, AlreadyOpen, AnswersRefused: as for the party
    """
    with audit.act(by=by, at=at):
        type_, entrance = case_type(kind), _door(kind, door, Opener.AUTHORITY)
        topic = office_topic(entrance, by, on=current_act().on, **about)
        _check_untied(by, topic, on=current_act().on)
        return _receive(type_, entrance, topic, answers)


def open_by_service(kind: str, door: str, topic: Topic, *, parent: Case | None = None) -> Any:
    """Open a case inside the running act because the service found that it has to be.

    :raises NotPossible, AlreadyOpen: if it may not
    """
    type_ = case_type(kind)
    case = _receive(type_, type_.door(door), topic, None)
    if parent is not None:
        Relation.objects.create(kind=Relation.Kind.OPENED, source_id=parent.pk, target_id=case.pk)
        audit.record("case_opened", parent, detail={"case": case.reference, "kind": kind})
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


def own_subject(by: Any, credit_code: str, *, on: date) -> Subject:
    """Return an organisation this person represents.

    :raises NoSuchSubject: if there is none
    """
    if credit_code not in standing(by, on=on).codes:
        raise NoSuchSubject
    return _subject(credit_code)


def own_case(by: Any, reference: str, *, on: date) -> Case:
    """Return a case of an organisation this person represents.

    :raises NoSuchCase: if there is none
    """
    codes = standing(by, on=on).codes
    mine: QuerySet[Case] = Case.objects.filter(known_to_party(), party__credit_code__in=codes)
    types = (type_.label for type_ in case_types())
    told = mine.select_related("party", "record__subject", *types)
    case = told.filter(reference=reference).first()
    if case is None:
        raise NoSuchCase
    return case


def own_topic(
    door: Door,
    by: Any,
    *,
    on: date,
    item: str = "",
    record_id: int | None = None,
    credit_code: str = "",
    source: str = "",
) -> Topic:
    """Return what a party's case is to be about.

    :raises NoSuchRecord, NoSuchSubject, NoSuchCase: if that is not this person's to point at
    """
    if door.about == About.CASE:
        earlier = own_case(by, source, on=on)
        return Topic(earlier.party, earlier.record, earlier.typed, item)
    if door.about == About.SUBJECT:
        return Topic(own_subject(by, credit_code, on=on), item=item)
    record = own_record(by, record_id or 0, on=on)
    return Topic(record.subject, record, item=item)


def office_topic(
    door: Door,
    by: Any,
    *,
    on: date,
    record_id: int | None = None,
    credit_code: str = "",
    source: str = "",
) -> Topic:
    """Return what a unit's case is to be about.

    :raises NotYourDoor: if this person has no such duty in any unit
    :raises NoSuchRecord, NoSuchSubject, NoSuchCase: if that is not the unit's to point at
    """
    units = [m.unit for m in standing(by, on=on).memberships if m.duty == door.duty]
    if not units:
        raise NotYourDoor
    if door.about == About.CASE:
        earlier = _case_in(units, source)
        return Topic(earlier.party, earlier.record, earlier.typed)
    if door.about == About.SUBJECT:
        return Topic(_subject(credit_code))
    record = _record_of(units, record_id)
    return Topic(record.subject, record)


def check_possible(type_: CaseType, door: Door, topic: Topic, *, on: date) -> None:
    """Make sure that a case may be opened about something on a day.

    :raises NotPossible, AlreadyOpen: if it may not
    """
    offer = door.offer(topic, on=on)
    if not offer.possible:
        raise NotPossible(" ".join(offer.reasons), opens_on=offer.opens_on)
    if topic.record is None:
        return
    running = Case.objects.filter(record=topic.record, kind=type_.label, concluded_at=None)
    if open_case := running.filter(closed_at=None).first():
        raise AlreadyOpen(_already(open_case.reference), reference=open_case.reference)


def _check_untied(by: Any, topic: Topic, *, on: date) -> None:
    if topic.subject.credit_code in standing(by, on=on).codes:
        raise hands.WhoIsRecused
    if topic.source is not None:
        hands.check_not_recused(by, topic.source)


def _door(kind: str, name: str, opener: Opener) -> Door:
    try:
        door = case_type(kind).door(name)
    except LookupError:
        raise NoSuchDoor from None
    if door.opener != opener:
        raise NoSuchDoor
    return door


def _subject(credit_code: str) -> Subject:
    subject = Subject.objects.filter(credit_code=credit_code).first()
    if subject is None:
        raise NoSuchSubject
    return subject


def _case_in(units: list[Unit], reference: str) -> Case:
    types = (type_.label for type_ in case_types())
    told = Case.objects.select_related("party", "record__subject", *types)
    case: Case | None = told.filter(reference=reference, involvements__unit__in=units).first()
    if case is None:
        raise NoSuchCase
    return case


def _record_of(units: list[Unit], record_id: int | None) -> Record:
    codes = [unit.credit_code for unit in units]
    theirs = Record.objects.filter(pk=record_id or 0, authority_code__in=codes)
    record = theirs.select_related("subject").first()
    if record is None:
        raise NoSuchRecord(_("There is no such record, or another authority made it."))
    return record


def _receive(type_: CaseType, door: Door, topic: Topic, answers: Any) -> Any:
    act = current_act()
    check_possible(type_, door, topic, on=act.on)
    form = _checked(door, topic, answers) if door.form else None
    case = _open(type_, door, topic, form)
    if "receipt" in type_.letters and door.opener == Opener.PARTY:
        correspondence.send("receipt", case, sender=Role.OFFICE)
    getattr(type_.flow, door.name).run(case=case)
    case.save()
    moving.meet_holds(case)
    return case


def _checked(door: Door, topic: Topic, answers: Any) -> Any:
    form = door.form(answers, case=topic, by=current_act().by, on=current_act().on)
    if not form.is_valid():
        raise work.AnswersRefused(form)
    return form


def _open(type_: CaseType, door: Door, topic: Topic, form: Any) -> Any:
    act = current_act()
    case = type_.record(
        kind=type_.label,
        reference=f"{type_.prefix}-{act.on.year}-{next_number(type_.label, act.on.year):06}",
        query_code="".join(secrets.choice(_QUERY_LETTERS) for _n in range(_QUERY_LENGTH)),
        party=topic.subject,
        record=topic.record,
        opened_by=act.by,
        opened_at=act.at,
        governed_on=act.on,
    )
    if form:
        form.record_on(case)
    type_.opening.prepare(case, topic)
    _save(case)
    if form:
        work.bind(form, case)
    _follow(case, door, topic)
    _record_receipt(case, involved.involve(case, type_.opening.units(case, topic)), form, door)
    return case


def _save(case: Any) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as faster:
        raise AlreadyOpen from faster


def _follow(case: Any, door: Door, topic: Topic) -> None:
    if topic.source is None or door.opener == Opener.SERVICE:
        return
    follows = Relation.Kind.FOLLOWS
    Relation.objects.create(kind=follows, source_id=topic.source.pk, target_id=case.pk)


def _record_receipt(case: Any, units: dict[str, str], form: Any, door: Door) -> None:
    detail = {
        "kind": case.kind,
        "door": door.name,
        "party": case.party.credit_code,
        "record": case.record_id,
        "units": units,
        "governed_on": case.governed_on.isoformat(),
        "governed_because": "day of application",
        "conventions": asdict(policy.conventions(case)),
        "facts": {**(form.facts() if form else {}), **case.derived()},
    }
    audit.record(
        "received",
        case,
        basis=str(case_type(case.kind).legal_basis),
        detail=detail,
        personal=form.personal_facts() if form else {},
    )


def _withdraw(case: Any) -> Any:
    if case.closed_at or not case.may("withdraw"):
        raise TooLate
    moving.make(case, "withdraw")
    process = case.process
    process.flow_class.instance.cancel(process)
    beside = WorkItem.objects.filter(case_id=case.pk, task=None, state__in=asides.OPEN)
    asides.cancel([item for item in beside if asides.ASIDES[item.step].holds], case)
    deadlines.end_route(case)
    Errand.objects.filter(source_id=case.pk, kind=Errand.Kind.OPEN, done_at=None).update(
        done_at=current_act().at, outcome="withdrawn"
    )
    if "withdrawn" in case_type(case.kind).letters:
        correspondence.send("withdrawn", case, sender=Role.OFFICE)
    close(case)
    case.save()
    return case


def _already(reference: str) -> str:
    return _("There is an open case about this record already: %(reference)s.") % {
        "reference": reference
    }
