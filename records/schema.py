"""What a column of the exchange schema is, and what an import may fill."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from records.models import Record


class Shape(Enum):
    """What a cell must hold."""

    TEXT = "text"
    NUMBER = "document number"
    LIST = "list"
    DATE = "date"
    MONEY = "amount in 10,000 yuan"
    CODE = "unified code"
    PARTY = "kind of party"
    CONSENT = "yes or no"
    # Identity papers of natural persons: read over, never kept and never repeated.
    SECRET = "never stored"


@dataclass(frozen=True)
class Field:
    """One column: its code, its heading, the column of the record it fills."""

    code: str
    heading: str
    shape: Shape = Shape.TEXT
    fact: str = ""
    required: bool = False
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.heading} ({self.code})"

    @property
    def names(self) -> set[str]:
        """Every heading the column is known by."""
        return {plain(name) for name in (self.code, self.heading, *self.also)}


@dataclass(frozen=True)
class Schema:
    """The columns of one kind of record."""

    kind: Record.Kind
    fields: tuple[Field, ...]
    # Pairs of columns: the second day may not lie before the first.
    spans: tuple[tuple[str, str], ...] = ()
    # The column that is filled once the authority has ended what the row reports.
    ended: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Each column by every heading it is known by."""
        return {name: field for field in self.fields for name in field.names}

    @cached_property
    def by_code(self) -> dict[str, Field]:
        """Each column by its code."""
        return {field.code: field for field in self.fields}

    @cached_property
    def by_fact(self) -> dict[str, Field]:
        """Each column by what it fills."""
        return {field.fact: field for field in self.fields if field.fact}

    @cached_property
    def party(self) -> Field:
        """The column that says what kind of party the row is about."""
        return next(field for field in self.fields if field.shape is Shape.PARTY)

    def missing(self, codes: Iterable[str]) -> list[Field]:
        """Return the mandatory columns that are not among those given."""
        given = set(codes)
        return [f for f in self.fields if f.code not in given and self._must_be_a_column(f)]

    def _must_be_a_column(self, field: Field) -> bool:
        return field.required or field.shape is Shape.PARTY or field.fact == "credit_code"


def plain(heading: str) -> str:
    """Return a heading as it is compared: half-width capitals without gaps, stars or hints."""
    text = "".join(unicodedata.normalize("NFKC", heading).upper().split())
    return re.sub(r"\((必填|选填|必填项|选填项)\)|[*'\"\ufeff\u200b]", "", text)


# Columns of the record that an import fills and may change; never whether it is published.
FACTS = (
    "authority_name",
    "decided_on",
    "categories",
    "conduct",
    "facts",
    "legal_basis",
    "content",
    "fine_fen",
    "confiscated_fen",
    "valid_from",
    "valid_until",
    "reported",
)
# What a case may correct; the row as reported stays as it was reported.
CORRIGIBLE = tuple(name for name in FACTS if name != "reported")
# Numbers of an organisation, which become its aliases.
NUMBERS = ("registration_number", "organisation_code", "tax_number")
ORGANISATION = {"法人及非法人组织", "法人及其他组织", "法人", "非法人组织"}
SOLE_TRADER = "个体工商户"
NATURAL_PERSON = "自然人"
YES, NO = "是", "否"


def as_stored(value: Any) -> Any:
    """Return the value of a fact as JSON keeps it, to compare it with what was found wrong."""
    return value.isoformat() if isinstance(value, date) else value
