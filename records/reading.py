"""Open a file of records, csv or xlsx, and read it row by row without holding it whole."""

import csv
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _

from records.headings import Line, Table, Unreadable, table_of

_SAMPLE = 10
_CHUNK = 1 << 20
_MAX_DECIMALS = 6
_BROKEN = (BadZipFile, zlib.error, KeyError, ValueError, ParseError, EOFError, OSError)


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """Open a file and find its headings; an xlsx is known by its content, not by its name.

    :raises Unreadable: if it is no such file, or lacks a mandatory column
    """
    kind = _beginning(path)
    if kind.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("Old workbooks (.xls) and locked ones cannot be read; save it as .xlsx.")
        )
    with _workbook(path) if kind.startswith(b"PK\x03\x04") else _text(path, kind) as table:
        yield table


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError:
        raise Unreadable(_("The file cannot be opened.")) from None


@contextmanager
def _text(path: Path, beginning: bytes) -> Iterator[Table]:
    encoding, expected = _encoding(path, beginning)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(islice(file, _SAMPLE))
        file.seek(0)
        table = table_of(_csv_lines(file, delimiter), expected)
        if table is None:
            raise Unreadable(_no_headings())
        yield table


def _encoding(path: Path, beginning: bytes) -> tuple[str, int]:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    elif beginning.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        lines = _lines_if(encoding, path)
        if lines is not None:
            return encoding, lines
    raise Unreadable(_("The file is neither xlsx nor text in UTF-8 or GB18030."))


def _lines_if(encoding: str, path: Path) -> int | None:
    try:
        with path.open(encoding=encoding) as file:
            return sum(piece.count("\n") for piece in iter(lambda: file.read(_CHUNK), ""))
    except UnicodeError:
        return None


def _delimiter(lines: Iterable[str]) -> str:
    sample = "".join(lines)
    return "\t" if sample.count("\t") > sample.count(",") else ","


def _csv_lines(file: Iterable[str], delimiter: str) -> Iterator[Line]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            yield Line(number, next(reader))
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, [], _mismatch(number, reader.line_num))


def _mismatch(first: int, last: int) -> str:
    return _("Lines %(first)d to %(last)d cannot be read: their quotation marks do not match.") % {
        "first": first,
        "last": last,
    }


@contextmanager
def _workbook(path: Path) -> Iterator[Table]:
    with path.open("rb") as file, closing(_book(file)) as book:
        yield _only_table(book)


def _book(file: BinaryIO) -> Any:
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except _BROKEN:
        raise Unreadable(_broken_workbook()) from None


def _only_table(book: Any) -> Table:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = [table for table in map(_sheet_table, sheets) if table]
    if not tables:
        raise Unreadable(_no_headings())
    if len(tables) > 1:
        raise Unreadable(_("More than one sheet holds records; save each as a file of its own."))
    return tables[0]


def _sheet_table(sheet: Any) -> Table | None:
    expected = sheet.max_row
    # Some programs write a wrong size into the sheet; openpyxl would stop there.
    sheet.reset_dimensions()
    return table_of(_sheet_lines(sheet), expected)


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield Line(number, [_cell_text(cell) for cell in cells])
    except _BROKEN:
        raise Unreadable(_broken_workbook()) from None


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _number_text(cell) if isinstance(cell, float) else str(cell)


def _number_text(number: float) -> str:
    text = _plain_number(repr(number))
    _whole, _point, decimals = text.partition(".")
    # 0.1 + 0.2 in a cell is 0.30000000000000004; Excel itself shows and keeps 15 digits.
    return text if len(decimals) <= _MAX_DECIMALS else _plain_number(f"{number:.15g}")


def _plain_number(text: str) -> str:
    return f"{Decimal(text):f}".removesuffix(".0")


def _no_headings() -> str:
    return _("No headings of a known kind of record were found in the first rows of the file.")


def _broken_workbook() -> str:
    return _("The workbook is damaged or is not an xlsx file.")
