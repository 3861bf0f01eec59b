"""What operators change outside any case, in the log: one stream for each person, unit and item."""

from typing import Any

from django.db import connection

from workflows import audit
from workflows.models import Entry

# More than anybody reads at once; the rest is in the list of the log itself.
_LATEST = 100


def note(
    kind: str, stream: str, *, was: dict[str, Any], now: dict[str, Any], personal: frozenset[str]
) -> None:
    """Write what a row said and what it says; personal values enter as commitments only.

    :raises LookupError: outside an act
    """
    _lock(stream)
    said = {name: {"was": was.get(name), "now": value} for name, value in now.items()}
    audit.record(
        kind,
        stream,
        detail={
            "was": {name: value for name, value in was.items() if name not in personal},
            "now": {name: value for name, value in now.items() if name not in personal},
        },
        personal={name: both for name, both in said.items() if name in personal},
    )


def history(stream: str) -> list[Entry]:
    """Return the latest events of a stream, newest first."""
    return list(Entry.objects.filter(stream=stream).order_by("-seq")[:_LATEST])


def _lock(stream: str) -> None:
    # Two operators at once would otherwise give two events the same number.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [stream])
