"""Make the lawful moves of a case, and hold up or release the cases that depend on its state."""

from datetime import date
from typing import Any

from workflows import errands
from workflows.case_type import case_type
from workflows.models import Case, Suspension

OBJECTION = "objection"


def make(case: Any, move: str, *, as_of: date | None = None) -> None:
    """Make one lawful move of a case; clocks it starts count from ``as_of``, or from today."""
    held_before = _held_kinds(case)
    case.moved_as_of = as_of
    getattr(case, move)()
    _hold_up(case, _held_kinds(case) - held_before)
    _free(case, held_before - _held_kinds(case))


def meet_holds(case: Case) -> None:
    """Have a case that was just opened suspended by what already holds up its kind."""
    if case.record_id is None:
        return
    beside = Case.objects.filter(record=case.record_id, closed_at=None).exclude(pk=case.pk)
    for other in beside:
        if holds_up(other, case.kind):
            errands.suspend(case, because=other, cause=OBJECTION)


def holds_up(case: Case, kind: str) -> bool:
    """Test that a case, as it stands, holds up the cases of another kind about its record."""
    return kind in _held_kinds(case)


def _held_kinds(case: Case) -> set[str]:
    held = case_type(case.kind).suspends
    return {kind for kind, states in held.items() if case.state in states}


def _hold_up(case: Case, kinds: set[str]) -> None:
    if not kinds or case.record_id is None:
        return
    for other in Case.objects.filter(record=case.record_id, kind__in=kinds, closed_at=None):
        errands.suspend(other, because=case, cause=OBJECTION)


def _free(case: Case, kinds: set[str]) -> None:
    if not kinds:
        return
    held = Suspension.objects.filter(source=case, until=None, case__kind__in=kinds)
    for suspension in held.select_related("case"):
        errands.resume(suspension.case, because=case)
