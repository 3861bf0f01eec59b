"""Stop the publication of a record: only cases and timers do it, and every change is an event."""

from typing import Any

from workflows import audit
from workflows.acts import Refused, current_act
from workflows.models import Case


class StillShown(Refused):
    """A place still shows the record; the case cannot be closed."""


def stop(case: Case, *, note: str = "") -> None:
    """Stop publication of the record of a case at its source."""
    record = case.record
    assert record is not None
    was, record.publication = record.publication, record.Publication.STOPPED
    record.save(update_fields=["publication"])
    detail = {"record": record.pk, "from": was, "to": record.publication, "note": note}
    audit.record("publication_stopped", case, detail=detail)


def confirm(case: Case, seen: dict[str, Any]) -> None:
    """Note, for every place that showed the record, that it shows it no more, and what was seen.

    :raises StillShown: if a place is left out
    """
    record = case.record
    assert record is not None
    for showing in record.showings.filter(stopped_on=None):
        if showing.place not in seen:
            raise StillShown
        showing.stopped_on, showing.evidence = current_act().on, seen[showing.place]
        showing.save(update_fields=["stopped_on", "evidence"])
    audit.record("publication_confirmed", case, detail={"record": record.pk, "places": seen})
