"""A realistic stock of cases, planted in bulk: what ``seed`` and ``bench`` work on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils.timezone import localtime

from records.models import Record, Showing, Subject
from web.management.pouring import keys, pour
from web.management.seedling import PROCESS, TASK, Seedling
from web.management.staffing import Staff, credit_code, hire
from web.management.stages import CLOSED, SAMPLE, STAGES, Dates, Keys, Stage
from workflows import audit, clock, policy
from workflows.case_type import case_type
from workflows.clock import Event
from workflows.models import Case, Deadline, Entry, Involvement, Role, Series, WorkItem

LOT = 10_000
CLAIMED = 0.1
PER_SUBJECT = 5
# Of each clock's time, and a little more: about one case in ten is late.
_SPREAD = 1.15
Rows = dict[Any, list[dict[str, Any]]]


def plant(
    cases: int, *, at: datetime, open_share: float = 1.0, planted: Callable[[int], Any]
) -> None:
    """Plant so many cases, in acts of ten thousand; every open one can be claimed and done."""
    with audit.act(by=None, at=at):
        nursery = Nursery(at, hire(), open_share)
    for begun in range(0, cases, LOT):
        count = min(LOT, cases - begun)
        with audit.act(by=None, at=at):
            for model, rows in nursery.grow(count).items():
                pour(model, rows)
            audit.record("planted", "setup/stock", detail={"cases": count})
        planted(count)


class Nursery:
    """Draws cases by lot: at which step they stand, whose they are and how old."""

    def __init__(self, at: datetime, staff: Staff, open_share: float) -> None:
        self.staff, self.open_share = staff, open_share
        self.today = localtime(at).date()
        self.chance = Random(self.today.toordinal())
        self.type = case_type("repair")
        self.calendar, self.terms = policy.calendar(), policy.edition(self.today)
        self.known: dict[tuple[str, date], Dates] = {}

    def grow(self, count: int) -> Rows:
        """Return the rows of so many cases, tables in the order their foreign keys want."""
        tables = (Subject, Record, Showing, PROCESS, TASK, Case, self.type.record)
        rows: Rows = {table: [] for table in (*tables, Involvement, WorkItem, Deadline, Entry)}
        subjects = keys(Subject, -(-count // PER_SUBJECT))
        rows[Subject] = [_subject(key) for key in subjects]
        for own in self._keys(count, subjects):
            for table, row in self._seedling(own).rows():
                rows[table].append(row)
        for entry, key in zip(rows[Entry], keys(Entry, len(rows[Entry])), strict=True):
            entry["id"] = key
        return rows

    def _keys(self, count: int, subjects: range) -> Iterator[Keys]:
        single = [keys(table, count) for table in (Record, PROCESS, TASK, Case, WorkItem)]
        pairs = [keys(table, 2 * count) for table in (Deadline, Involvement, Showing)]
        first = _numbers(self.type.label, self.today.year, count)
        for n, (record, process, task, case, item) in enumerate(zip(*single, strict=True)):
            clocks, roles, showings = ((pair[2 * n], pair[2 * n + 1]) for pair in pairs)
            yield Keys(
                number=first + n,
                subject=subjects[n // PER_SUBJECT],
                record=record,
                process=process,
                task=task,
                case=case,
                item=item,
                clocks=clocks,
                roles=roles,
                showings=showings,
            )

    def _seedling(self, own: Keys) -> Seedling:
        stage = self._stage()
        units = {Role.OFFICE: self.staff.office, Role.FINDER: self.chance.choice(self.staff.units)}
        node = self.type.flow.instance.node(stage.step)
        days = self._days(stage, node.due.format(case=SAMPLE))
        clock_ = self._dates(node.due.format(case=SAMPLE), days)
        feedback = self._dates(self.type.flow.opened.clocks[0].format(case=SAMPLE), days)
        return Seedling(
            own=own,
            stage=stage,
            type=self.type,
            units=units,
            party=self.staff.party,
            owner=self._owner(stage, units[node.role].queue(node.duty)),
            clock=clock_,
            feedback=feedback,
            days=days,
        )

    def _stage(self) -> Stage:
        if self.chance.random() >= self.open_share:
            return CLOSED
        return self.chance.choices(STAGES, [stage.share for stage in STAGES])[0]

    def _owner(self, stage: Stage, queue: str) -> int | None:
        holders = self.staff.holders.get(queue)
        if not holders or not (stage.is_final or self.chance.random() < CLAIMED):
            return None
        return self.chance.choice(holders)

    def _days(self, stage: Stage, key: str) -> dict[str, date]:
        """Return the day of each event: of the clock's start by lot, of the others around it."""
        period, events = self.terms.term(key).period, ("received", *stage.moves)
        started = max(n for n, kind in enumerate(events) if kind in period.starts)
        # Five working days are seven days.
        age = int(self.chance.random() * _SPREAD * (period.length * 7 / 5 + 1))
        start = self.today - timedelta(days=age)
        return {
            kind: min(start + timedelta(days=n - started), self.today)
            for n, kind in enumerate(events)
        }

    def _dates(self, key: str, days: dict[str, date]) -> Dates:
        term = self.terms.term(key)
        starts = next(kind for kind in reversed(days) if kind in term.period.starts)
        if (key, days[starts]) not in self.known:
            self.known[key, days[starts]] = self._work_out(term, starts, days[starts])
        return self.known[key, days[starts]]

    def _work_out(self, term: Any, starts: str, start: date) -> Dates:
        due = clock.due([Event(starts, start, {})], term.period, self.calendar)
        assert due.on is not None
        share = {n: self.terms.number(f"light.yellow.{n}") for n in ("least", "share")}
        amber = clock.amber_from(start, due.on, self.calendar, **share)
        return Dates(term.pk, start, due.on, amber)


def _subject(key: int) -> dict[str, Any]:
    return {
        "id": key,
        "credit_code": credit_code("91370115MY", key),
        "name": f"济南济阳示例存量{key:06}有限公司",
    }


def _numbers(series: str, year: int, count: int) -> int:
    """Take so many numbers of a series at once and return the first."""
    row, _is_new = Series.objects.select_for_update().get_or_create(
        name=series, year=year, defaults={"last": 0}
    )
    row.last += count
    row.save(update_fields=["last"])
    return row.last - count + 1
