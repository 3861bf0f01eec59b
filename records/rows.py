"""One row of a file becomes the facts of a record, or a list of what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from records.cells import Unfit, as_reported, tidy, value_of
from records.headings import Row
from records.models import Record
from records.schema import FACTS, NATURAL_PERSON, SOLE_TRADER, Field, Schema


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
    party = schema.field("XDR_LB")
    if tidy(row.cells.get(party.code, "")) == NATURAL_PERSON:
        return [Problem(row.line, str(party), _("Only organisations are recorded."))]
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
    if not values.get(schema.field("XDR_SHXYM").code, "wrong already"):
        problems.append(_no_code(row.line, schema, values))
    return values, problems


def _no_code(line: int, schema: Schema, values: dict[str, Any]) -> Problem:
    if values.get(schema.field("XDR_LB").code) == SOLE_TRADER:
        reason = _("A business is known by its unified code; a register number is not enough.")
    else:
        reason = _("Organisations must have a unified social credit code.")
    return Problem(line, str(schema.field("XDR_SHXYM")), reason)


def _contradictions(
    schema: Schema, values: dict[str, Any], on: date
) -> Iterator[tuple[Field, str]]:
    decided = values.get(schema.field("JDRQ").code)
    if decided and decided > on:
        yield schema.field("JDRQ"), _("The decision is dated in the future.")
    for first, last in _SPANS[schema.kind]:
        begins, ends = values.get(first), values.get(last)
        if begins and ends and ends < begins:
            yield schema.by_code[last], _("This day lies before the day it counts from.")


_SPANS = {
    Record.Kind.PENALTY: (("CF_JDRQ", "CF_YXQ"), ("CF_JDRQ", "CF_GSJZQ")),
    Record.Kind.PERMIT: (("XK_YXQZ", "XK_YXQZI"),),
}


def _decision(line: int, schema: Schema, values: dict[str, Any]) -> Decision:
    facts = {f.fact: values[f.code] for f in schema.fields if f.fact in FACTS}
    facts["reported"] = {
        f.code: as_reported(f, values[f.code])
        for f in schema.fields
        if values[f.code] not in ("", None)
    }
    return Decision(
        line,
        schema.kind,
        values[schema.field("WSH").code],
        values[_AUTHORITY[schema.kind]],
        values[schema.field("XDR_SHXYM").code],
        values[schema.field("XDR_MC").code],
        facts,
    )


_AUTHORITY = {Record.Kind.PENALTY: "CF_CFJGDM", Record.Kind.PERMIT: "XK_XKJGDM"}
