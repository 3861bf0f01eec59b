"""A row becomes a record, or changes one; what keeps it from being taken over."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from records.models import Record, Subject
from records.rows import Decision
from records.schema import as_stored

_HIDDEN = Record.Publication.UNPUBLISHED


def record_of(decision: Decision, subject: Subject) -> Record:
    """Return a new record, unsaved; it is published unless the row says that it may not be."""
    shown = Record.Publication.PUBLISHED if decision.may_be_shown else _HIDDEN
    return Record(
        kind=decision.kind,
        document_number=decision.document_number,
        subject=subject,
        authority_code=decision.authority_code,
        publication=shown,
        **decision.facts,
    )


def take_over(decision: Decision, record: Record) -> bool:
    """Set the facts of a record to those of a row, unsaved; tell whether any differed."""
    differing = differences(decision, record)
    for name, value in differing.items():
        setattr(record, name, value)
    return bool(differing)


def differences(decision: Decision, record: Record) -> dict[str, Any]:
    """Return the facts of a row that differ from those of its record."""
    facts = decision.facts.items()
    return {name: value for name, value in facts if getattr(record, name) != value}


def obstacles(decision: Decision, record: Record) -> Iterator[tuple[str, str]]:
    """Yield each fact of a row that may not be taken over, and why.

    A record that has ended stays as it is; a value that a case found wrong never comes back.
    """
    differing = differences(decision, record)
    if differing and record.is_tombstone:
        said = {"standing": record.standing.label}
        why = _("The record is closed (%(standing)s) and stays as it is.") % said
        yield "document_number", why
        return
    for name, value in differing.items():
        if as_stored(value) in record.refuted.get(name, ()):
            yield name, _("A case found this value wrong; it has to be corrected at its source.")
