"""What a person may open a case about, through which door, and why or why not. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.standing import standing
from records.lookup import Found, subjects_called
from records.models import Record
from workflows.case_type import About, CaseType, Door, Offer, Opener, Topic, case_type, case_types
from workflows.models import Case, Involvement

SHOWN = 20
Entrance = tuple[CaseType, Door]


@dataclass(frozen=True)
class Offered:
    """What may be asked for about a record through one door, or why not."""

    type_: CaseType
    door: Door
    offer: Offer

    @property
    def is_main(self) -> bool:
        """Test that this is the door one thinks of first."""
        return self.door is self.type_.door()


def offers_of(
    records: Sequence[Record], *, on: date, every_door: bool = False
) -> dict[int, list[Offered]]:
    """Return what may be asked for about each of several records: by the main doors, or by all."""
    _read_what_is_shown(records)
    running = Case.objects.filter(record__in=records, closed_at=None, concluded_at=None)
    told = running.values_list("record", "kind", "reference")
    taken = {(record, kind): reference for record, kind, reference in told}
    entrances = _entrances(Opener.PARTY, About.RECORD)
    if not every_door:
        entrances = [(type_, door) for type_, door in entrances if door is type_.door()]
    return {
        record.pk: [
            Offered(type_, door, _offer(door, record, on, taken.get((record.pk, type_.label))))
            for type_, door in entrances
        ]
        for record in records
    }


def offers_for(record: Record, *, on: date) -> list[Offered]:
    """Return what may be asked for about a record, door by door."""
    return offers_of([record], on=on, every_door=True)[record.pk]


def for_organisations() -> list[Entrance]:
    """Return the doors through which an organisation asks for something about itself."""
    return _entrances(Opener.PARTY, About.SUBJECT)


def after(case: Case, *, on: date) -> list[tuple[Door, Offer]]:
    """Return what the party of a case the caller may see can ask for once it is closed."""
    topic = Topic(case.party, case.record, case.typed)
    doors = _doors(case_type(case.kind), Opener.PARTY, About.CASE)
    return [(door, door.offer(topic, on=on)) for door in doors] if case.closed_at else []


def for_unit(viewer: Any, *, on: date) -> list[Entrance]:
    """Return the doors through which a person opens cases for a unit."""
    duties = {membership.duty for membership in standing(viewer, on=on).memberships}
    every = [(type_, door) for type_ in case_types() for door in type_.doors.values()]
    return [(t, d) for t, d in every if d.opener == Opener.AUTHORITY and d.duty in duties]


def records_to_point_at(viewer: Any, door: Door, *, on: date, search: str = "") -> QuerySet[Record]:
    """Return the records a unit of the viewer made and may open a case about, newest first."""
    codes = [unit.credit_code for unit in _units(viewer, door, on)]
    theirs = Record.objects.filter(authority_code__in=codes).select_related("subject")
    if search:
        theirs = theirs.filter(
            Q(document_number__icontains=search)
            | Q(subject__name__icontains=search)
            | Q(subject__credit_code=search.upper())
        )
    return theirs.order_by("-decided_on", "-id")


def cases_to_point_at(
    viewer: Any, kind: str, door: Door, *, on: date, search: str = ""
) -> QuerySet[Case]:
    """Return the closed cases of one kind that a unit of the viewer may follow, newest first."""
    units = _units(viewer, door, on)
    involved = Involvement.objects.filter(unit__in=units).values("case")
    theirs: QuerySet[Case] = Case.objects.filter(pk__in=involved, kind=kind)
    closed = theirs.exclude(closed_at=None).select_related("party", "record")
    if search:
        closed = closed.filter(Q(reference__icontains=search) | Q(party__name__icontains=search))
    return closed.order_by("-closed_at", "-id")


def subjects_to_point_at(viewer: Any, door: Door, *, on: date, search: str) -> Found:
    """Return the organisations a unit of the viewer may open a case about, by what is typed.

    By code, name, former name or old number. Nothing typed finds nothing: an office looks up
    the organisation it has to do with.
    """
    if not search or not _units(viewer, door, on):
        return Found(search, [], [])
    return subjects_called(search, most=SHOWN)


def _units(viewer: Any, door: Door, on: date) -> list[Any]:
    held = standing(viewer, on=on).memberships
    return [membership.unit for membership in held if membership.duty == door.duty]


def _read_what_is_shown(records: Sequence[Record]) -> None:
    """Read at once what else is published about the organisations of several records."""
    published = Record.objects.filter(publication=Record.Publication.PUBLISHED)
    subjects = list({record.subject_id: record.subject for record in records}.values())
    prefetch_related_objects(subjects, Prefetch("records", published, to_attr="shown"))
    of = {subject.pk: subject for subject in subjects}
    for record in records:
        record.subject = of[record.subject_id]


def _entrances(opener: Opener, about: About) -> list[Entrance]:
    return [(type_, door) for type_ in case_types() for door in _doors(type_, opener, about)]


def _doors(type_: CaseType, opener: Opener, about: About) -> list[Door]:
    return [d for d in type_.doors.values() if (d.opener, d.about) == (opener, about)]


def _offer(door: Door, record: Record, on: date, taken: str | None) -> Offer:
    offer = door.offer(Topic(record.subject, record), on=on)
    if taken is None:
        return offer
    said = _("There is an open case about this record already: %(reference)s.")
    return replace(offer, possible=False, reasons=(said % {"reference": taken},))
