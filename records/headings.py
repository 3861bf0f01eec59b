"""Find the headings of a table, and read its rows under them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from records.columns import SCHEMAS
from records.schema import Schema, plain

_SEARCHED = 10
_ENOUGH = 3
_IN_YUAN = re.compile(r"\((人民币)?元\)$")


class Unreadable(Exception):
    """The file as a whole cannot be read as records; the sentence says why."""


class Row(NamedTuple):
    """One row: where it stands, its cells by the code of their column, and what broke it."""

    line: int
    cells: dict[str, str]
    fault: str = ""


class Line(NamedTuple):
    """One line of a file before its headings are known."""

    number: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """The rows of a file under their headings, once only."""

    schema: Schema
    rows: Iterator[Row]
    expected: int | None
    left_out: tuple[str, ...]


def table_of(lines: Iterator[Line], expected: int | None) -> Table | None:
    """Return the table that begins in the first lines, or none.

    ``expected`` is how many lines there are, if known.

    :raises Unreadable: if a mandatory column is missing or a column cannot be taken as it is
    """
    for line in islice(lines, _SEARCHED):
        if schema := _schema_of(line.cells):
            columns, left_out = _columns(schema, line.cells)
            rest = _without_second_heading(lines, schema)
            size = expected and max(expected - line.number, 0)
            return Table(schema, _rows(rest, columns), size, left_out)
    return None


def _schema_of(cells: list[str]) -> Schema | None:
    headings = {plain(cell) for cell in cells}
    found = [len(headings & schema.by_name.keys()) for schema in SCHEMAS]
    if max(found) < _ENOUGH or found.count(max(found)) > 1:
        return None
    return SCHEMAS[found.index(max(found))]


def _columns(schema: Schema, headings: list[str]) -> tuple[list[str], tuple[str, ...]]:
    fields = [schema.by_name.get(plain(heading)) for heading in headings]
    codes = [field.code if field else "" for field in fields]
    unknown = tuple(h for h, code in zip(headings, codes, strict=True) if h.strip() and not code)
    _refuse_yuan(unknown)
    _refuse_twice(schema, codes)
    if missing := schema.missing(codes):
        raise Unreadable(
            _("These mandatory columns are missing: %(names)s.")
            % {"names": _("; ").join(map(str, missing))}
        )
    return codes, unknown


def _refuse_yuan(headings: Iterable[str]) -> None:
    for heading in headings:
        if _IN_YUAN.search(plain(heading)):
            raise Unreadable(
                _("The column “%(heading)s” is in yuan; amounts are given in 10,000 yuan.")
                % {"heading": heading.strip()}
            )


def _refuse_twice(schema: Schema, codes: list[str]) -> None:
    for code in set(codes) - {""}:
        if codes.count(code) > 1:
            raise Unreadable(
                _("The column %(name)s stands in the file twice.") % {"name": schema.by_code[code]}
            )


def _without_second_heading(lines: Iterator[Line], schema: Schema) -> Iterator[Line]:
    # Templates often carry the codes in a row of their own below the Chinese headings.
    first = list(islice(lines, 1))
    return lines if first and _schema_of(first[0].cells) is schema else chain(first, lines)


def _rows(lines: Iterable[Line], columns: list[str]) -> Iterator[Row]:
    for line in lines:
        if line.fault or any(cell.strip() for cell in line.cells):
            yield _row(line, columns)


def _row(line: Line, columns: list[str]) -> Row:
    cells = {code: cell for code, cell in zip(columns, line.cells, strict=False) if code}
    excess = any(cell.strip() for cell in line.cells[len(columns) :])
    fault = line.fault or (_("The row has more cells than there are headings.") if excess else "")
    return Row(line.number, cells, fault)
