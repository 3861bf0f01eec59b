"""What a person may point at when a case is opened: a record, an organisation, a case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.standing import standing
from records.models import Record, Subject
from workflows.acts import Refused
from workflows.case_type import About, Door, Topic, known_to_party, relations
from workflows.models import Case

_REMEMBERED = 5


class NoSuchRecord(Refused):
    """There is no such record of an organisation you represent."""

    status = 404


class NoSuchSubject(Refused):
    """There is no such organisation, or you do not represent it."""

    status = 404


class NoSuchCase(Refused):
    """There is no such case, or it is not yours to see."""

    status = 404


class NotYourDoor(Refused):
    """Your duty does not reach as far as opening this case."""

    status = 403


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
    return subject_with(credit_code)


def own_case(by: Any, reference: str, *, on: date) -> Case:
    """Return a case of an organisation this person represents.

    :raises NoSuchCase: if there is none
    """
    codes = standing(by, on=on).codes
    mine: QuerySet[Case] = Case.objects.filter(known_to_party(), party__credit_code__in=codes)
    types = relations()
    told = mine.select_related("party", "record__subject", *types)
    case = told.filter(reference=reference).first()
    if case is None:
        raise NoSuchCase
    return case


def said_before(by: Any, party: Subject, names: Iterable[str]) -> dict[str, Any]:
    """Return what a person said last of these things for the same party, by their names."""
    own: QuerySet[Case] = Case.objects.filter(party=party, opened_by=by)
    wanted = list(names)
    recent = own.select_related(*relations()).order_by("-pk")[:_REMEMBERED] if wanted else []
    said: dict[str, Any] = {}
    for case in recent:
        told = {name: getattr(case.typed, name, None) for name in wanted}
        said = {**{name: value for name, value in told.items() if value}, **said}
    return said


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
        return Topic(subject_with(credit_code))
    record = _record_of(units, record_id)
    return Topic(record.subject, record)


def subject_with(credit_code: str) -> Subject:
    """Return the organisation with a unified code; the caller has seen to whom it is told.

    :raises NoSuchSubject: if it is not known
    """
    subject = Subject.objects.filter(credit_code=credit_code).first()
    if subject is None:
        raise NoSuchSubject
    return subject


def _case_in(units: list[Unit], reference: str) -> Case:
    types = relations()
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
