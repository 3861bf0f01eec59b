"""Numbers without gaps: one series per year, one lock per number."""

from django.db import connection

from workflows.models import Series

_TAKE = f"""
    INSERT INTO {Series._meta.db_table} (name, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (name, year) DO UPDATE SET last = {Series._meta.db_table}.last + 1
    RETURNING last
"""


def next_number(series: str, year: int) -> int:
    """Return the next number of a series; given back if the transaction rolls back.

    Others who ask for the same series wait until this transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [series, year])
        return int(cursor.fetchone()[0])
