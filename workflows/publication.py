"""How a record is shown: only cases and timers change it, and every change is an event."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field

from records.models import Record, Showing
from records.schema import CORRIGIBLE, as_stored
from workflows import audit
from workflows.acts import Refused, current_act
from workflows.models import Case

_Shown = Record.Publication


class StillShown(Refused):
    """A place still shows the record; the case cannot be closed."""


class NotCorrigible(Refused):
    """A case corrects facts of a record only, and only to values that fit them."""


def mark(case: Case) -> None:
    """Mark the record of a case as objected to; it stays published."""
    record = _held(case)
    _put(case, record, "record_marked", marked_by=case.reference)


def unmark(case: Case) -> None:
    """Take the mark of a case off its record; the mark of another case stays."""
    record = _held(case)
    rest = "" if record.marked_by == case.reference else record.marked_by
    _put(case, record, "record_unmarked", marked_by=rest)


def withhold(case: Case, *, why: str = "") -> None:
    """Withhold the record of a case until every case that asked for it releases it."""
    record = _held(case)
    holders = [*dict.fromkeys([*record.withheld_by, case.reference])]
    shown = _Shown.WITHHELD if record.publication == _Shown.PUBLISHED else record.publication
    _put(case, record, "publication_withheld", note=why, publication=shown, withheld_by=holders)


def release(case: Case, *, why: str = "") -> None:
    """Show a withheld record again, unless another case still withholds it."""
    record = _held(case)
    holders = [number for number in record.withheld_by if number != case.reference]
    withheld = record.publication == _Shown.WITHHELD
    shown = _Shown.PUBLISHED if withheld and not holders else record.publication
    _put(case, record, "publication_released", note=why, publication=shown, withheld_by=holders)


def stop(case: Case, *, note: str = "") -> None:
    """Stop publication of the record of a case at its source."""
    record = _held(case)
    _put(case, record, "publication_stopped", note=note, publication=_Shown.STOPPED)


def remove(case: Case, *, why: str = "") -> None:
    """End the showing of a record that should not be there; nothing brings it back."""
    record = _held(case)
    values = {"publication": _Shown.STOPPED, "removed_on": current_act().on}
    _put(case, record, "record_removed", note=why, **values)


def republish(case: Case, *, why: str = "") -> None:
    """Show a stopped record again in every place; a removed one stays removed.

    A record that another case withholds is withheld again, not shown.
    """
    record = _held(case)
    if record.publication != _Shown.STOPPED or record.removed_on:
        return
    shown = _Shown.WITHHELD if record.withheld_by else _Shown.PUBLISHED
    _put(case, record, "publication_resumed", note=why, publication=shown, repaired_on=None)
    record.showings.update(stopped_on=None, evidence="")


def confirm(case: Case, seen: dict[str, Any], *, repaired: bool = True) -> None:
    """Note, for every place that showed the record, that it shows it no more, and what was seen.

    A repaired record is a tombstone from then on, which an import leaves alone.

    :raises StillShown: if a place is left out, or publication was not stopped at the source
    """
    record = _held(case)
    if record.publication != _Shown.STOPPED:
        raise StillShown
    showings = list(record.showings.filter(stopped_on=None))
    if any(showing.place not in seen for showing in showings):
        raise StillShown
    for showing in showings:
        showing.stopped_on, showing.evidence = current_act().on, seen[showing.place]
    Showing.objects.bulk_update(showings, ["stopped_on", "evidence"])
    if repaired and not record.is_tombstone:
        record.repaired_on = current_act().on
        record.save(update_fields=["repaired_on"])
    audit.record("publication_confirmed", case, detail={"record": record.pk, "places": seen})


def fulfil(case: Case, *, on: date | None) -> None:
    """Note the day on which the duty of the record was fulfilled; ``None`` takes it back."""
    record = _held(case)
    _put(case, record, "record_fulfilled", fulfilled_on=on)


def correct(case: Case, changes: Mapping[str, Any]) -> None:
    """Put right what its source has corrected; no import brings the wrong values back.

    :raises NotCorrigible: if something else than a fact is to change, or to what does not fit it
    """
    record = _held(case)
    told = {name: _correct(record, name, value) for name, value in changes.items()}
    record.save(update_fields=[*changes, "refuted"])
    audit.record("record_corrected", case, detail={"record": record.pk, "changes": told})


def _correct(record: Record, name: str, value: Any) -> list[Any]:
    new = _fitting(record, name, value)
    old, corrected = as_stored(getattr(record, name)), as_stored(new)
    wrong = [*record.refuted.get(name, []), *([old] if old != corrected else [])]
    record.refuted[name] = [one for one in wrong if one != corrected]
    setattr(record, name, new)
    return [old, corrected]


def _fitting(record: Record, name: str, value: Any) -> Any:
    if name not in CORRIGIBLE:
        raise NotCorrigible
    column = cast("Field[Any, Any]", record._meta.get_field(name))
    try:
        fitting = column.to_python(value)
        column.run_validators(fitting)
    except ValidationError as unfit:
        raise NotCorrigible(name=name) from unfit
    if fitting is None and not column.null:
        raise NotCorrigible(name=name)
    return fitting


def _held(case: Case) -> Record:
    """Return the record of a case as it is now, and let nobody else change it in this act."""
    current_act()
    assert case.record_id is not None
    record = Record.objects.select_for_update(no_key=True).get(pk=case.record_id)
    case.record = record
    return record


def _put(case: Case, record: Record, kind: str, *, note: str | None = None, **values: Any) -> None:
    # The first value is the one the event is about.
    name, to = next(iter(values.items()))
    detail = {"record": record.pk, "from": as_stored(getattr(record, name)), "to": as_stored(to)}
    for column, value in values.items():
        setattr(record, column, value)
    record.save(update_fields=list(values))
    told = {} if note is None else {"note": note}
    audit.record(kind, case, detail={**detail, **told})
