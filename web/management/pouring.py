"""Pour many rows into tables at once, with keys of their own and every column filled."""

import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def pour(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Copy rows, each a mapping of columns, into the table of a model; absent columns default."""
    columns = _defaults(model)
    lines = StringIO("".join(_line({**columns, **row}.values()) for row in rows))
    named = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({named}) FROM STDIN', lines)


def keys(model: type[models.Model], count: int) -> range:
    """Set keys of a table aside and return them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH s AS (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name), "
            "f AS (SELECT name, nextval(name) AS first FROM s) "
            "SELECT first, setval(name, first + %s - 1) FROM f",
            [f'"{model._meta.db_table}"', count],
        )
        first, last = cursor.fetchone()
    return range(first, last + 1)


def settle() -> None:
    """Let the planner know what the tables hold now, as the server itself would overnight."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {str(f.column): _default(f) for f in model._meta.local_concrete_fields}


def _default(field: Any) -> Any:
    if not field.has_default():
        return "" if field.empty_strings_allowed and not field.null else None
    return field.get_default()


def _line(values: Iterable[Any]) -> str:
    return "\t".join(_cells(values)) + "\n"


def _cells(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if value is None:
            yield "\\N"
        elif isinstance(value, dict | list):
            yield json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        else:
            yield str(value).translate(_ESCAPES)
