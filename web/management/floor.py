"""The floor: the rows of one act written again by hand, and pages read by one query each."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from secrets import token_hex
from typing import Any

from django.apps import apps
from django.db import connection

from workflows.models import Case, Entry, Series

_MS = 1000
_BEGIN = "SET LOCAL lock_timeout = '10s'; SET LOCAL xinban.act = 'on'"
_LOCK = "SELECT 1 FROM viewflow_process WHERE id = %s FOR UPDATE"
QUEUE_PART = """
    (SELECT id, due_on FROM workflows_workitem WHERE state = 'open' AND queue = %s
     ORDER BY due_on, id LIMIT 50)
"""
QUEUE = """
    SELECT i.*, c.*, p.*, r.*, u.* FROM ({parts} ORDER BY due_on, id LIMIT 50) AS soonest
    JOIN workflows_workitem i ON i.id = soonest.id
    JOIN workflows_case c ON c.id = i.case_id
    JOIN records_subject p ON p.id = c.party_id
    JOIN records_record r ON r.id = c.record_id
    LEFT JOIN accounts_unit u ON u.id = i.unit_id
    ORDER BY soonest.due_on, soonest.id
"""
INBOX = "SELECT count(*) FROM workflows_workitem WHERE state = 'claimed' AND owner_id = %s"
CASE = """
    SELECT c.*, k.*, p.*, r.*,
        (SELECT json_agg(i) FROM workflows_workitem i WHERE i.case_id = c.id),
        (SELECT json_agg(d) FROM workflows_deadline d WHERE d.case_id = c.id),
        (SELECT json_agg(e) FROM workflows_entry e WHERE e.stream = c.reference),
        (SELECT json_agg(l) FROM notifications_letter l WHERE l.about = c.reference),
        (SELECT json_agg(f) FROM forms_attachment f WHERE f.about = c.reference)
    FROM workflows_case c
    JOIN repair_repair k ON k.case_ptr_id = c.id
    JOIN records_subject p ON p.id = c.party_id
    JOIN records_record r ON r.id = c.record_id
    WHERE c.reference = %s
"""
# Databases may be kept: no run uses the numbers of another.
_RUN, _numbers = token_hex(4), count(1)


@dataclass(frozen=True)
class Footprint:
    """What one act left behind: the rows it inserted and those it updated, by their model."""

    process: int | None
    inserted: dict[Any, list[dict[str, Any]]]
    updated: dict[Any, list[dict[str, Any]]]


class Watcher:
    """Tells what was written to the database since it was made; nobody else may be writing."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT txid_current() & 4294967295")
            self.since = cursor.fetchone()[0]
            self.last = {model: _last(cursor, model) for model in _models()}

    def footprint(self, process: int | None) -> Footprint:
        """Return every row written since."""
        inserted, updated = {}, {}
        with connection.cursor() as cursor:
            for model, last in self.last.items():
                rows, key = _written(cursor, model, self.since), model._meta.pk.column
                inserted[model] = [row for row in rows if row[key] > last]
                updated[model] = [row for row in rows if row[key] <= last]
        return Footprint(process, inserted, updated)


class Hand:
    """Writes and reads by hand-written SQL on a connection of its own, through psycopg2 alone."""

    def __init__(self) -> None:
        self.line = connection.get_new_connection(connection.get_connection_params())
        self.line.autocommit = False

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def read(self, query: str, values: list[Any]) -> list[Any]:
        """Run one query and return its rows."""
        with self.line.cursor() as cursor:
            cursor.execute(query, values)
            rows: list[Any] = cursor.fetchall()
        self.line.commit()
        return rows

    def read_queue(self, queues: list[str]) -> list[Any]:
        """Return the fifty rows of a queue page."""
        parts = " UNION ALL ".join(QUEUE_PART for _queue in queues)
        return self.read(QUEUE.format(parts=parts), queues)

    def write(self, left: Footprint) -> float:
        """Write and commit the rows of an act once more, the new ones anew; return the ms."""
        rows = _renewed(left.inserted)
        with self.line.cursor() as cursor:
            began = time.perf_counter()
            cursor.execute(_BEGIN)
            if left.process:
                cursor.execute(_LOCK, [left.process])
            for statement, values in (*_updates(left.updated), *_inserts(rows)):
                cursor.execute(statement, values)
            self.line.commit()
            taken = (time.perf_counter() - began) * _MS
            # A record has one open case only: this one makes room for the next.
            keys = [row["id"] for row in rows.get(Case, [])]
            cursor.execute("UPDATE workflows_case SET closed_at = now() WHERE id = ANY(%s)", [keys])
            self.line.commit()
        return taken


def _models() -> list[Any]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and _has_pk(m)]


def _has_pk(model: Any) -> bool:
    return model._meta.pk.get_internal_type() in {"BigAutoField", "AutoField", "OneToOneField"}


def _last(cursor: Any, model: Any) -> int:
    cursor.execute(f'SELECT max("{model._meta.pk.column}") FROM "{model._meta.db_table}"')
    return cursor.fetchone()[0] or 0


def _written(cursor: Any, model: Any, since: int) -> list[dict[str, Any]]:
    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE xmin::text::bigint > %s', [since])
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _renewed(inserted: dict[Any, list[dict[str, Any]]]) -> dict[Any, list[dict[str, Any]]]:
    """Return the rows with keys and numbers nobody has yet, pointing at one another as before."""
    mark = f"{_RUN}-{next(_numbers)}"
    fresh: dict[tuple[str, int], int] = {}
    for model, rows in inserted.items():
        for row in rows:
            old = row[model._meta.pk.column]
            fresh[model._meta.db_table, old] = _fresh_key(model, old, fresh)
    return {
        model: [_as_new(model, row, fresh, mark) for row in rows]
        for model, rows in inserted.items()
        if rows
    }


def _fresh_key(model: Any, old: int, fresh: dict[tuple[str, int], int]) -> int:
    parent = model._meta.pk.remote_field
    if parent:
        return fresh[parent.model._meta.db_table, old]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [f'"{model._meta.db_table}"']
        )
        return int(cursor.fetchone()[0])


def _as_new(
    model: Any, row: dict[str, Any], fresh: dict[tuple[str, int], int], mark: str
) -> dict[str, Any]:
    new = dict(row)
    for field in model._meta.local_concrete_fields:
        value = row[field.column]
        table = field.remote_field.model._meta.db_table if field.remote_field else None
        if field.primary_key:
            new[field.column] = fresh[model._meta.db_table, value]
        elif table:
            new[field.column] = fresh.get((table, value), value)
        elif field.unique:
            new[field.column] = f"{mark}~{value}"[: field.max_length]
    if model is Entry:
        new["stream"] = f"floor/{mark}"
    return new


def _inserts(rows: dict[Any, list[dict[str, Any]]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield one statement for each table."""
    for model, new in rows.items():
        columns = ", ".join(f'"{name}"' for name in new[0])
        places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in new)
        statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {places}'
        yield statement, [value for row in new for value in row.values()]


def _updates(updated: dict[Any, list[dict[str, Any]]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield one statement for each row; a series only counts on, for others count on it too."""
    for model, rows in updated.items():
        key = model._meta.pk.column
        for row in rows:
            if model is Series:
                yield "UPDATE workflows_series SET last = last + 1 WHERE id = %s", [row[key]]
                continue
            changed = {name: value for name, value in row.items() if name != key}
            columns = ", ".join(f'"{name}" = %s' for name in changed)
            statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key}" = %s'
            yield statement, [*changed.values(), row[key]]
