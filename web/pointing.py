"""What a unit may point at to open a case: its records, organisations, closed cases."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from web.numbers import number_in
from web.shown import Shown
from workflows import offers
from workflows.case_type import About, Door
from workflows.offers import SHOWN, Entrance

POINTS_AT = {About.RECORD: "record", About.SUBJECT: "org", About.CASE: "source"}


def found(request: HttpRequest, entrance: Entrance, search: str) -> list[Shown]:
    """Return what is found by what was typed, one more than is shown where there is more."""
    return _FOUND[entrance[1].about](request, entrance, search)


def about(door: Door, pointed: str) -> Shown:
    """Return what somebody pointed at, as the verb that opens the case takes it."""
    if door.about == About.CASE:
        return {"source": pointed}
    if door.about == About.SUBJECT:
        return {"credit_code": pointed.upper()}
    return {"record_id": number_in(pointed) or 0}


def _records(request: HttpRequest, entrance: Entrance, search: str) -> list[Shown]:
    on, door = timezone.localdate(), entrance[1]
    rows = offers.records_to_point_at(request.user, door, on=on, search=search)
    return [
        {"name": r.document_number, "of": r.subject.name, "url": f"?record={r.pk}"}
        for r in rows[: SHOWN + 1]
    ]


def _subjects(request: HttpRequest, entrance: Entrance, search: str) -> list[Shown]:
    on, door = timezone.localdate(), entrance[1]
    rows = offers.subjects_to_point_at(request.user, door, on=on, search=search)
    for remark in rows.remarks:
        messages.info(request, remark)
    return [
        {
            "name": match.subject.name,
            "of": match.subject.credit_code,
            "by": _(": ").join([match.by, match.value]),
            "url": f"?org={match.subject.credit_code}",
        }
        for match in rows.matches
    ]


def _cases(request: HttpRequest, entrance: Entrance, search: str) -> list[Shown]:
    on, (type_, door) = timezone.localdate(), entrance
    rows = offers.cases_to_point_at(request.user, type_.label, door, on=on, search=search)
    return [
        {"name": c.reference, "of": c.party.name, "url": f"?source={c.reference}"}
        for c in rows[: SHOWN + 1]
    ]


_FOUND = {About.RECORD: _records, About.SUBJECT: _subjects, About.CASE: _cases}
