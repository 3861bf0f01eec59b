"""Take a file of records in, once and only once, and bring back nothing a case has ended."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from records.changes import differences, obstacles, record_of, take_over
from records.headings import Row, Table, Unreadable
from records.models import Record, Showing
from records.reading import opened
from records.report import report_of
from records.rows import Decision, Problem, decision_of
from records.schema import FACTS, Schema
from records.subjects import subjects_of, under_present_codes
from workflows import audit
from workflows.acts import Refused, current_act
from workflows.numbering import next_number

BATCH = 1_000
_Shown = Record.Publication
Key = tuple[str, str, str]
Progress = Callable[[int, int | None], None]
# One import at a time; any number no other advisory lock of the service uses.
_ONE_AT_A_TIME = 0x1390_0001


class FileRefused(Refused):
    """The file cannot be imported."""


@dataclass(frozen=True)
class ImportResult:
    """How many rows of a file did what, and where the report of the refused ones is."""

    created: int
    unchanged: int
    changed: int
    refused: int
    report_path: Path | None
    left_out: tuple[str, ...] = ()


@dataclass
class _Tally:
    schema: Schema
    created: int = 0
    unchanged: int = 0
    changed: int = 0
    problems: list[Problem] = field(default_factory=list)
    first_lines: dict[Key, int] = field(default_factory=dict)

    def refuse(self, decision: Decision, reason: str) -> None:
        self.refuse_fact(decision, "document_number", reason)

    def refuse_fact(self, decision: Decision, fact: str, reason: str) -> None:
        field = str(self.schema.by_fact[fact])
        self.problems.append(Problem(decision.line, field, reason))

    @property
    def refused(self) -> int:
        return len({problem.line for problem in self.problems})

    @property
    def accepted(self) -> int:
        return self.created + self.unchanged + self.changed


def import_file(
    path: Path,
    *,
    by: Any,
    at: datetime,
    report: Path | None = None,
    places: Sequence[str] = (),
    progress: Progress | None = None,
) -> ImportResult:
    """Import a csv or xlsx file as one act, keep its good rows and report every bad one.

    ``report`` defaults to ``<name>.problems.csv`` beside the file; ``places`` show each new
    record. A second import waits until the first has ended.

    :raises FileRefused: if the file as a whole cannot be read; then nothing is written
    """
    report = report or path.with_name(f"{path.name}.problems.csv")
    try:
        with opened(path) as table, _alone(), audit.act(by=by, at=at):
            tally = _take(table, places, progress or _silently)
            _write_report(tally.problems, report)
            _log(path, tally)
    except Unreadable as unreadable:
        raise FileRefused(str(unreadable)) from unreadable
    return ImportResult(
        tally.created,
        tally.unchanged,
        tally.changed,
        tally.refused,
        report if tally.problems else None,
        table.left_out,
    )


def _silently(_done: int, _expected: int | None) -> None:
    """Tell nobody."""


@contextmanager
def _alone() -> Iterator[None]:
    # Taken before the act begins: the act's own lock timeout would end the wait.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        yield


def _take(table: Table, places: Sequence[str], progress: Progress) -> _Tally:
    tally, done = _Tally(table.schema), 0
    while rows := list(islice(table.rows, BATCH)):
        _store(_decisions(rows, tally), places, tally)
        done += len(rows)
        progress(done, table.expected)
    return tally


def _decisions(rows: Iterable[Row], tally: _Tally) -> list[Decision]:
    found = []
    for row in rows:
        read = decision_of(row, tally.schema, on=current_act().on)
        if isinstance(read, list):
            tally.problems += read
        else:
            found.append(read)
    return [d for d in under_present_codes(found) if _is_first(d, tally)]


def _is_first(decision: Decision, tally: _Tally) -> bool:
    first = tally.first_lines.setdefault(decision.key, decision.line)
    if first == decision.line:
        return True
    reason = _("The same decision already stands in line %(line)d.") % {"line": first}
    tally.refuse(decision, reason)
    return False


def _store(decisions: list[Decision], places: Sequence[str], tally: _Tally) -> None:
    subjects, known = subjects_of(decisions), _known(decisions)
    new = [d for d in decisions if d.key not in known]
    again = [d for d in decisions if d.key in known and _is_same_kind(known[d.key], d, tally)]
    differing = [d for d in again if differences(d, known[d.key])]
    _create([record_of(d, subjects[d.credit_code]) for d in new], places)
    tally.created += len(new)
    tally.unchanged += len(again) - len(differing)
    _change(differing, tally)


def _change(decisions: list[Decision], tally: _Tally) -> None:
    # Read again under a lock: a case may have changed a record since.
    held = _known(decisions, lock=True)
    taken = [d for d in decisions if _is_open(d, held[d.key], tally)]
    changed = [held[d.key] for d in taken if take_over(d, held[d.key])]
    _update(changed)
    tally.changed += len(changed)
    tally.unchanged += len(taken) - len(changed)


def _known(decisions: list[Decision], *, lock: bool = False) -> dict[Key, Record]:
    numbers = [decision.document_number for decision in decisions]
    records = Record.objects.filter(document_number__in=numbers).select_related("subject")
    if lock:
        records = records.order_by("pk").select_for_update(of=("self",), no_key=True)
    return {(r.document_number, r.subject.credit_code, r.authority_code): r for r in records}


def _is_same_kind(record: Record, decision: Decision, tally: _Tally) -> bool:
    if record.kind == decision.kind:
        return True
    kind = Record.Kind(record.kind).label
    tally.refuse(decision, _("This document is already known as: %(kind)s.") % {"kind": kind})
    return False


def _is_open(decision: Decision, record: Record, tally: _Tally) -> bool:
    found = list(obstacles(decision, record))
    for fact, reason in found:
        tally.refuse_fact(decision, fact, reason)
    return not found


def _create(records: list[Record], places: Sequence[str]) -> None:
    Record.objects.bulk_create(records)
    shown = [record for record in records if record.publication == _Shown.PUBLISHED]
    Showing.objects.bulk_create(
        [Showing(record=record, place=place) for record in shown for place in places]
    )


def _update(records: list[Record]) -> None:
    # One upsert is some thirty times faster than bulk_update. It sets nothing but the facts:
    # a record whose publication was stopped stays stopped.
    Record.objects.bulk_create(
        records,
        update_conflicts=True,
        update_fields=FACTS,
        unique_fields=["document_number", "subject", "authority_code"],
    )


def _log(path: Path, tally: _Tally) -> None:
    year = current_act().on.year
    audit.record(
        "records_imported",
        f"import/{year}-{next_number('import', year):06}",
        detail={
            "file_name": path.name,
            "file_sha256": _sha256(path),
            "keys_sha256": _digest(tally.first_lines),
            "rows": tally.accepted + tally.refused,
            "created": tally.created,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
            "refused": tally.refused,
        },
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(keys: Iterable[Key]) -> str:
    lines = ("|".join(key) for key in keys)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _write_report(problems: list[Problem], path: Path) -> None:
    try:
        report_of(problems, path)
    except OSError:
        raise FileRefused(_("The report of the refused rows cannot be written.")) from None
