"""Receive cases through the doors of their types, and let the party withdraw them."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.standing import standing
from workflows import (
    asides,
    audit,
    correspondence,
    deadlines,
    hands,
    involved,
    moving,
    policy,
    topics,
    work,
)
from workflows.acts import Refused, current_act
from workflows.case_type import (
    CaseType,
    Door,
    Opener,
    Topic,
    case_type,
)
from workflows.closing import close
from workflows.models import Case, Channel, Errand, Relation, Role, WorkItem
from workflows.numbering import next_number

# Letters and digits that are not mistaken for one another when read aloud.
_QUERY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_QUERY_LENGTH = 8


class NoSuchDoor(Refused):
    """Cases of this kind are not opened in this way."""

    status = 404


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
        type_, entrance = case_type(kind), door_of(kind, door, Opener.PARTY)
        topic = topics.own_topic(entrance, by, on=current_act().on, item=item, **about)
        asks = _asking(entrance, topic, answers)
        return receive(type_, entrance, topic, asks, came_in=Channel.ONLINE)


def open_for_office(
    kind: str, *, by: Any, answers: Any, at: datetime, door: str = "", **about: Any
) -> Any:
    """Open a case of ``kind`` for the unit in which a person has the duty to do so.

    :raises NotYourDoor: if this person has no such duty in any unit
    :raises WhoIsRecused: if this person is tied to the party, or kept out of the case before
    :raises NotPossible, AlreadyOpen, AnswersRefused: as for the party
    """
    with audit.act(by=by, at=at):
        type_, entrance = case_type(kind), door_of(kind, door, Opener.AUTHORITY)
        topic = topics.office_topic(entrance, by, on=current_act().on, **about)
        _check_untied(by, topic, on=current_act().on)
        asks = _asking(entrance, topic, answers)
        return receive(type_, entrance, topic, asks, came_in=Channel.OFFICE)


def open_by_service(kind: str, door: str, topic: Topic, *, parent: Case | None = None) -> Any:
    """Open a case inside the running act because the service found that it has to be.

    :raises NotPossible, AlreadyOpen: if it may not
    """
    type_ = case_type(kind)
    case = receive(type_, type_.door(door), topic, None, came_in=Channel.OFFICE)
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
        case = topics.own_case(by, reference, on=current_act().on)
        with work.locking(case.kind, case.process_id):
            return take_back(work.typed_case(case.kind, pk=case.pk))


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


def door_of(kind: str, name: str, opener: Opener) -> Door:
    """Return a door of a kind of case by its name.

    :raises NoSuchDoor: if there is none for who wants to open it
    """
    try:
        door = case_type(kind).door(name)
    except LookupError:
        raise NoSuchDoor from None
    if door.opener != opener:
        raise NoSuchDoor
    return door


def receive(
    type_: CaseType,
    door: Door,
    topic: Topic,
    asks: Callable[[], Any] | None,
    *,
    came_in: Channel,
) -> Any:
    """Open a case inside the running act; ``asks`` returns its form with the answers.

    :raises NotPossible, AlreadyOpen: if it may not be opened
    :raises AnswersRefused: if an answer is missing or invalid
    """
    check_possible(type_, door, topic, on=current_act().on)
    form = _checked(asks()) if asks else None
    case = _open(type_, door, topic, form, came_in)
    if "receipt" in type_.letters and door.opener == Opener.PARTY:
        correspondence.send("receipt", case, sender=Role.OFFICE)
    getattr(type_.flow, door.name).run(case=case)
    case.save()
    moving.meet_holds(case)
    return case


def _asking(door: Door, topic: Topic, answers: Any) -> Callable[[], Any] | None:
    act = current_act()
    if not door.form:
        return None
    return lambda: door.form(answers, case=topic, by=act.by, on=act.on)


def _checked(form: Any) -> Any:
    if not form.is_valid():
        raise work.AnswersRefused(form)
    return form


def _open(type_: CaseType, door: Door, topic: Topic, form: Any, came_in: Channel) -> Any:
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
        came_in=came_in,
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


def take_back(case: Any) -> Any:
    """End a locked case inside the running act because its party wants it.

    :raises TooLate: if it has been decided
    """
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
