"""Read all rule values and the calendar in one query."""

from typing import Any

from django.db.models import BigIntegerField, BooleanField, DateField, Value
from django.db.models.functions import Cast

from workflows import policy
from workflows.models import Day, Term

_TERM = ("id", "key", "value", "unit", "starts", "rolls", "in_force", "basis", "certainty")


def open_for_request() -> None:
    """Read the rule values and the calendar at once, for a request that will ask for both."""
    if policy.known("editions") and policy.known("calendar"):
        return
    rows = list(_terms().union(_days(), all=True))
    terms = [Term.from_db("default", list(_TERM), row[: len(_TERM)]) for row in rows if row[0]]
    declared = {row[-2]: row[-1] for row in rows if not row[0]}
    policy.remembered("editions", lambda: terms)
    policy.remembered("calendar", lambda: policy.calendar_of(declared))


def _terms() -> Any:
    nothing = {"day": Value(None, DateField()), "is_worked": Value(None, BooleanField())}
    return Term.objects.annotate(**nothing).values_list(*_TERM, "day", "is_worked")


def _days() -> Any:
    """Return the declared days in the columns of the terms, which are empty."""
    columns = {f"of_{name}": _nothing(name) for name in _TERM}
    return Day.objects.annotate(**columns).values_list(*columns, "day", "is_worked")


def _nothing(name: str) -> Any:
    column: Any = Term._meta.get_field(name)
    kind = BigIntegerField() if name == "id" else column.__class__(max_length=column.max_length)
    return Cast(Value(None), kind)
