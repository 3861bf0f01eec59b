"""One row of a file becomes the facts of a record, or a list of what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from records import numbers
from records.cells import Unfit, as_reported, tidy, value_of
from records.headings import Row
from records.models import Record
from records.schema import FACTS, NATURAL_PERSON, NO, NUMBERS, SOLE_TRADER, Field, Schema


class Problem(NamedTuple):
    """What is wrong with a row: where, in which field, why. It never repeats what a cell held."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """One administrative decision as its row reports it."""

    line: int
    kind: Record.Kind
    document_number: str
    authority_code: str
    credit_code: str
    name: str
    facts: dict[str, Any]
    # The organisation's other numbers, by the kind of alias they become.
    numbers: dict[str, str]
    may_be_shown: bool

    @property
    def decided_on(self) -> date:
        """The day of the decision, on which the organisation bore this name."""
        decided: date = self.facts["decided_on"]
        return decided

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two rows the same decision."""
        return self.document_number, self.credit_code, self.authority_code


def decision_of(row: Row, schema: Schema, *, on: date) -> Decision | list[Problem]:
    """Turn a row into a decision, or say everything that is wrong with it.

    Identity numbers of natural persons are kept nowhere. ``on`` is the day of the import.
    """
    if row.fault:
        return [Problem(row.line, "", row.fault)]
    if tidy(row.cells.get(schema.party.code, "")) == NATURAL_PERSON:
        return [Problem(row.line, str(schema.party), _("Only organisations are recorded."))]
    values, problems = _values(row, schema)
    problems += [Problem(row.line, str(f), why) for f, why in _contradictions(schema, values, on)]
    return problems or _decision(row.line, schema, values)


def _values(row: Row, schema: Schema) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for field in schema.fields:
        try:
            values[field.code] = value_of(field, row.cells.get(field.code, ""))
        except Unfit as unfit:
            problems.append(Problem(row.line, str(field), str(unfit)))
    if not values.get(schema.by_fact["credit_code"].code, "wrong already"):
        problems.append(_no_code(row.line, schema, values))
    return values, problems


def _no_code(line: int, schema: Schema, values: dict[str, Any]) -> Problem:
    if values.get(schema.party.code) == SOLE_TRADER:
        reason = _("A business is known by its unified code; a register number is not enough.")
    else:
        reason = _("Organisations must have a unified social credit code.")
    return Problem(line, str(schema.by_fact["credit_code"]), reason)


def _contradictions(
    schema: Schema, values: dict[str, Any], on: date
) -> Iterator[tuple[Field, str]]:
    decision = schema.by_fact["decided_on"]
    decided = values.get(decision.code)
    if decided and decided > on:
        yield decision, _("The decision is dated in the future.")
    for first, last in schema.spans:
        begins, ends = values.get(first), values.get(last)
        if begins and ends and ends < begins:
            yield schema.by_code[last], _("This day lies before the day it counts from.")
    if values.get(schema.ended):
        yield schema.by_code[schema.ended], _("What has ended is not taken in; end it by a case.")


def _decision(line: int, schema: Schema, values: dict[str, Any]) -> Decision:
    facts = {f.fact: values[f.code] for f in schema.fields if f.fact in FACTS}
    facts["reported"] = {
        f.code: as_reported(f, values[f.code])
        for f in schema.fields
        if values[f.code] not in ("", None)
    }
    filled = {fact: values[field.code] for fact, field in schema.by_fact.items()}
    return Decision(
        line,
        schema.kind,
        filled["document_number"],
        filled["authority_code"],
        filled["credit_code"],
        filled["name"],
        facts,
        {kind: n for kind in NUMBERS if (n := numbers.read(kind, filled.get(kind, "")))},
        filled.get("may_be_shown") != NO,
    )
