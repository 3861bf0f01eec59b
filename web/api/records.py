"""The records of the organisations a person represents, and what may be asked for about them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from records.models import Record
from web import presenters
from web.api.asking import Page, Words, kind_of_case, paged, today, viewer
from web.api.questions import to_sign
from web.api.shapes import Commitment, Records, RecordWithOffers
from workflows import offers, sight, topics
from workflows.case_type import Topic
from workflows.queues import PAGE

router = Router(tags=["records"])


@router.get("records", response=Records)
def list_records(request: HttpRequest, search: Words = "", page: Page = 1) -> Any:
    """My organisations' records, newest first, with what may be asked for and why."""
    found = sight.records_of(viewer(request), on=today(), search=search)
    start = (page - 1) * PAGE
    return paged(_with_offers(found[start : start + PAGE + 1]), page, size=PAGE)


@router.get("records/{int:record_id}", response=RecordWithOffers)
def show_record(request: HttpRequest, record_id: int) -> Any:
    """One record of an organisation of mine, with all that may be asked for about it."""
    record, on = topics.own_record(viewer(request), record_id, on=today()), today()
    return _told(record, offers.offers_for(record, on=on))


@router.get("records/{int:record_id}/commitment", response=Commitment)
def show_commitment(request: HttpRequest, record_id: int, kind: Words = "repair") -> Any:
    """The text to sign with an application about this record; answer with its SHA-256."""
    type_, who, on = kind_of_case(kind), viewer(request), today()
    record = topics.own_record(who, record_id, on=on)
    topic = Topic(record.subject, record)
    return to_sign(type_.application(None, case=topic, by=who, on=on))


def _with_offers(records: Iterable[Record]) -> list[dict[str, Any]]:
    records = list(records)
    offered = offers.offers_of(records, on=today())
    return [_told(record, offered[record.pk]) for record in records]


def _told(record: Record, offered: Iterable[offers.Offered]) -> dict[str, Any]:
    return {**presenters.record(record), "offers": presenters.offers(offered)}
