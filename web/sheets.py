"""Tables to take away: as a workbook and as comma-separated text."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# A sheet that opens the text would take what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NO_SHEET_NAME = str.maketrans("[]:*?/\\", "       ")
_HEAD = PatternFill("solid", fgColor="E8EDEE")
_LINE = Border(bottom=Side(style="thin", color="C3CED1"))
_WIDEST = 44


class Rate(float):
    """A share of one, shown as a percentage with one decimal."""

    def __str__(self) -> str:
        return f"{self * 100:.1f}%"


@dataclass(frozen=True)
class Table:
    """A table: what it is called, its columns, its rows, and what one has to know of it."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = ()

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns as a page shows them; numbers stand to the right."""
        known = zip(self.heads, *self.rows, strict=True)
        return [
            {"text": head, "num": not any(isinstance(cell, str) for cell in cells)}
            for head, *cells in known
        ]

    @property
    def told(self) -> list[list[dict[str, Any]]]:
        """The rows as a page shows them."""
        return [[_told(cell) for cell in row] for row in self.rows]


def handed_out(
    request: HttpRequest, tables: Sequence[Table], *, heading: str, name: str
) -> HttpResponse:
    """Return tables in the form the request asks for: a workbook, or one of them as text."""
    asked = request.GET.get("table", "")
    chosen = [table for table in tables if table.name == asked] or list(tables)
    if request.GET.get("form") == "csv":
        name, content, type_ = f"{name}-{chosen[0].name}.csv", as_csv(chosen[0]), CSV
    else:
        content, type_ = as_xlsx(chosen, heading=heading), XLSX
        name = f"{name}.xlsx"
    told = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": told or ""})


def as_csv(table: Table) -> bytes:
    """Return a table as text that Excel opens with its Chinese whole."""
    written = StringIO()
    out = csv.writer(written)
    for row in (table.heads, *table.rows):
        out.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Sequence[Table], *, heading: str) -> bytes:
    """Return tables as a workbook with a sheet for each, ready to print."""
    book, written = Workbook(), BytesIO()
    book.remove(book.active)
    for table in tables:
        _fill(book.create_sheet(table.title.translate(_NO_SHEET_NAME)[:31]), table, heading)
    book.save(written)
    return written.getvalue()


def _fill(sheet: Any, table: Table, heading: str) -> None:
    _put(sheet, 1, [heading], font=Font(bold=True, size=14))
    _put(sheet, 2, [table.title], font=Font(color="4A5C64"))
    _put(sheet, 4, table.heads, font=Font(bold=True), fill=_HEAD, border=_LINE)
    for number, row in enumerate(table.rows, start=5):
        _put(sheet, number, row, border=_LINE)
    for number, note in enumerate(table.notes, start=6 + len(table.rows)):
        _put(sheet, number, [note], font=Font(size=9, color="4A5C64"))
    _measure(sheet, table)


def _put(sheet: Any, number: int, row: Sequence[Any], **look: Any) -> None:
    for column, value in enumerate(row, start=1):
        cell = sheet.cell(number, column)
        cell.value = float(value) if isinstance(value, Rate) else value
        if isinstance(value, str):
            cell.data_type = "s"
        if isinstance(value, Rate):
            cell.number_format = "0.0%"
        for name, wanted in look.items():
            setattr(cell, name, wanted)


def _measure(sheet: Any, table: Table) -> None:
    for number, column in enumerate(zip(table.heads, *table.rows, strict=True), start=1):
        widest = max(_width(cell) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(widest + 3, _WIDEST)
    for cell in sheet[4]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"


def _width(cell: Any) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in _text(cell))


def _told(cell: Any) -> dict[str, Any]:
    return {"text": _text(cell) or "\N{EN DASH}", "num": not isinstance(cell, str)}


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _harmless(cell: Any) -> str:
    text = _text(cell)
    starts_one = isinstance(cell, str) and text.startswith(_FORMULA)
    return f"'{text}" if starts_one else text
