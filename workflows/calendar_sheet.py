"""Read the calendar of one year from a file; a wrong or partial one is refused whole."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext as _

from workflows import audit, policy
from workflows.acts import Refused
from workflows.calendar import Calendar
from workflows.models import Day

HEADING = ["date", "kind", "name", "notice"]
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
KINDS = {"holiday": False, "workday": True}
_SATURDAY = 5


class CalendarRefused(Refused):
    """The calendar file is wrong, so nothing of it was loaded."""

    def __init__(self, why: str, *, line: int) -> None:
        super().__init__(_("Line %(line)d: %(why)s") % {"line": line, "why": why}, line=line)
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """The days that one file declares for one year."""

    year: int
    days: tuple[Day, ...]
    sha256: str

    @property
    def notice(self) -> str:
        """The notices that declared the days."""
        return "; ".join(dict.fromkeys(day.notice for day in self.days))

    @property
    def digest(self) -> str:
        """The hash of what is declared, however the file is written."""
        content = [[d.day.isoformat(), d.is_worked, d.notice] for d in self.days]
        return hashlib.sha256(audit.canonical(sorted(content)).encode()).hexdigest()


def read(path: Path) -> Sheet:
    """Return the calendar of one year from a file.

    :raises CalendarRefused: naming the first line that is wrong
    """
    return parsed(path.read_bytes())


def parsed(content: bytes) -> Sheet:
    """Return the calendar of one year from the content of a file.

    :raises CalendarRefused: naming the first line that is wrong
    """
    rows = list(_rows(content))
    seen: set[date] = set()
    for row in rows:
        for problem in _problems(row, rows[0].day.year, seen):
            raise CalendarRefused(problem, line=row.line)
        seen.add(row.day)
    _check_whole(rows)
    days = tuple(Day(day=r.day, is_worked=KINDS[r.kind], notice=r.notice) for r in rows)
    return Sheet(rows[0].day.year, days, hashlib.sha256(content).hexdigest())


def supposed(sheet: Sheet) -> Calendar:
    """Return the calendar as it will be once a sheet is loaded."""
    kept = Day.objects.exclude(day__year=sheet.year).values_list("day", "is_worked")
    return policy.calendar_of({**dict(kept), **{d.day: d.is_worked for d in sheet.days}})


@dataclass(frozen=True)
class _Row:
    line: int
    day: date
    kind: str
    name: str
    notice: str


def _rows(content: bytes) -> Iterator[_Row]:
    lines = csv.reader(_text(content).splitlines(), strict=True)
    try:
        if next(lines, None) != HEADING:
            raise CalendarRefused(
                _("The heading has to be “%(heading)s”.") % {"heading": ",".join(HEADING)}, line=1
            )
        for cells in lines:
            yield _row(cells, lines.line_num)
    except csv.Error as broken:
        raise CalendarRefused(str(broken), line=lines.line_num) from None


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
        wrong = content.find(b"\0")
    except UnicodeDecodeError as broken:
        text, wrong = "", broken.start
    if wrong >= 0:
        line = content[:wrong].count(b"\n") + 1
        raise CalendarRefused(_("This is not UTF-8 text."), line=line)
    return text


def _row(cells: Sequence[str], line: int) -> _Row:
    if len(cells) != len(HEADING):
        said = _("%(n)d columns instead of %(all)d.") % {"n": len(cells), "all": len(HEADING)}
        raise CalendarRefused(said, line=line)
    text, kind, name, notice = (cell.strip() for cell in cells)
    return _Row(line, _date(text, line), kind, name, notice)


def _date(text: str, line: int) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        said = _("“%(text)s” is not a date written like 2026-10-01.") % {"text": text}
        raise CalendarRefused(said, line=line)
    return day


def _problems(row: _Row, year: int, seen: set[date]) -> Iterator[str]:
    if row.day.year != year:
        yield _("%(day)s is not a day of %(year)d.") % {"day": row.day, "year": year}
    if row.day in seen:
        yield _("%(day)s is there twice.") % {"day": row.day}
    if row.kind not in KINDS:
        yield _("“%(kind)s” is neither holiday nor workday.") % {"kind": row.kind}
    if row.kind == "workday" and row.day.weekday() < _SATURDAY:
        yield _("%(day)s is neither a Saturday nor a Sunday.") % {"day": row.day}
    if not 0 < len(row.notice) <= (Day._meta.get_field("notice").max_length or 0):
        yield _("The notice that declared the day is missing, or too long.")


def _check_whole(rows: Sequence[_Row]) -> None:
    if not rows:
        raise CalendarRefused(_("No day follows."), line=1)
    found = {row.name for row in rows if row.kind == "holiday"}
    missing = [name for name in FESTIVALS if name not in found]
    if missing:
        said = _("The file ends without a holiday for %(names)s.") % {"names": "、".join(missing)}
        raise CalendarRefused(said, line=rows[-1].line)
    _check_order(rows[0])


def _check_order(first: _Row) -> None:
    last = Day.objects.aggregate(last=Max("day"))["last"]
    if last and first.day.year > last.year + 1:
        said = _("The calendar of %(year)d has to be loaded first.") % {"year": last.year + 1}
        raise CalendarRefused(said, line=first.line)
