"""Opening cases: what a person may open, through which door, about what; and opening for a unit."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from accounts.models import User
from web import presenters
from web.api.asking import caseworker, kind_of_case, now, today, viewer
from web.api.case_shapes import Case
from web.api.questions import as_sent, described, to_sign
from web.api.shapes import NewCase, Pointed
from web.api.type_shapes import DoorInFull, Doors
from workflows import intake, offers, topics
from workflows.case_type import CaseType, Door, Opener, Topic

router = Router(tags=["openings"])


@router.get("doors", response=Doors)
def list_doors(request: HttpRequest) -> Any:
    """Through which doors cases are opened for an organisation, and which are open to my unit."""
    who, on = viewer(request), today()
    return {
        "for_organisations": [presenters.entrance(*one) for one in offers.for_organisations()],
        "for_my_unit": [presenters.entrance(*one) for one in offers.for_unit(who, on=on)],
    }


@router.get("doors/{slug:kind}/{slug:door}", response=DoorInFull)
def show_door(
    request: HttpRequest, kind: str, door: str, about: Annotated[Pointed, Query()]
) -> Any:
    """Whether I may open a case about this; what there is to choose from; what the form asks."""
    who, on = viewer(request), today()
    type_, entrance = _entrance(kind, door)
    topic = _topic(who, entrance, about)
    chosen = topic.item or not entrance.choices
    form = entrance.form(case=topic, by=who, on=on) if chosen else None
    return {
        **presenters.entrance(type_, entrance),
        **presenters.offer(entrance.offer(topic, on=on)),
        "choices": _choices(entrance, topic),
        "form": described(form.fields) if form else None,
        "to_sign": to_sign(form) if form else None,
    }


@router.post("cases/for-unit", response={201: Case})
def open_for_unit(request: HttpRequest, body: NewCase) -> Any:
    """Open a case for a unit of mine about a record, an organisation or an earlier case."""
    case = intake.open_for_office(
        kind_of_case(body.kind).label,
        door=body.door,
        by=caseworker(request),
        answers=as_sent(body.answers),
        at=now(),
        record_id=body.record,
        credit_code=body.organisation,
        source=body.follows,
    )
    return Status(201, presenters.case(case, told_party=False))


def _entrance(kind: str, name: str) -> tuple[CaseType, Door]:
    type_ = kind_of_case(kind)
    entrance = type_.doors.get(name)
    if entrance is None or entrance.opener == Opener.SERVICE:
        raise Http404
    return type_, entrance


def _topic(who: User, door: Door, about: Pointed) -> Topic:
    told: dict[str, Any] = {
        "record_id": about.record,
        "credit_code": about.organisation,
        "source": about.follows,
    }
    if door.opener == Opener.PARTY:
        return topics.own_topic(door, who, on=today(), item=about.item, **told)
    return topics.office_topic(door, who, on=today(), **told)


def _choices(door: Door, topic: Topic) -> list[dict[str, Any]]:
    found = door.choices(topic.subject, on=today()) if door.choices else []
    return [
        {"key": c.key, "label": str(c.label), "hint": str(c.hint), "possible": c.possible}
        for c in found
    ]
