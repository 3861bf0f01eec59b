"""Times taken in turns, their medians, and the table and the file that show them."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from django.db import connection

OURS, FLOOR, PLAIN = "Xinban", "raw SQL", "viewflow"
SIDES = (OURS, FLOOR, PLAIN)
_MS = 1000


class Times:
    """What was measured, of which side, how often and how long."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, int, str], list[float]] = defaultdict(list)
        self.queries: dict[tuple[str, int, str], int] = {}

    def add(self, what: str, size: int, side: str, ms: float) -> None:
        """Note how long something took."""
        self.taken[what, size, side].append(ms)

    def take(self, what: str, size: int, side: str, do: Callable[[], Any]) -> None:
        """Do something and note how long it took."""
        self.add(what, size, side, timed(do)[1])

    def count(self, what: str, size: int, side: str, do: Callable[[], Any]) -> Any:
        """Do something and note how many queries it made."""
        with _counting() as made:
            done = do()
        self.queries[what, size, side] = made[0]
        return done

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each thing and size: of each side median, 95th and queries."""
        measured = dict.fromkeys((what, size) for what, size, _side in self.taken)
        return [self._row(what, size) for what, size in measured]

    def _row(self, what: str, size: int) -> dict[str, Any]:
        row: dict[str, Any] = {"what": what, "size": size}
        for side in SIDES:
            if taken := self.taken.get((what, size, side)):
                row[side] = {
                    "n": len(taken),
                    "p50_ms": round(median(taken), 2),
                    "p95_ms": round(_p95(taken), 2),
                    "queries": self.queries.get((what, size, side)),
                }
        return row


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    """Do something; return what it returned and the ms it took."""
    began = time.perf_counter()
    done = do()
    return done, (time.perf_counter() - began) * _MS


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table: median and 95th percentile in ms, and how they compare."""
    heads = "".join(f"{side + ' p50':>13}{'p95':>9}" for side in SIDES)
    yield f"{'':34}{'open':>9}{heads}{'queries':>9}{'x floor':>9}{'x viewflow':>12}"
    for row in rows:
        cells = "".join(_cell(row.get(side)) for side in SIDES)
        queries = (row.get(OURS) or {}).get("queries") or ""
        ratios = f"{_ratio(row, FLOOR):>9}{_ratio(row, PLAIN):>12}"
        yield f"{row['what']:34}{row['size']:>9}{cells}{queries:>9}{ratios}"


def _cell(measured: dict[str, Any] | None) -> str:
    if not measured:
        return f"{'-':>13}{'-':>9}"
    return f"{measured['p50_ms']:>13.2f}{measured['p95_ms']:>9.2f}"


def _ratio(row: dict[str, Any], side: str) -> str:
    if OURS not in row or side not in row or not row[side]["p50_ms"]:
        return "-"
    return f"{row[OURS]['p50_ms'] / row[side]['p50_ms']:.2f}"


def _p95(taken: list[float]) -> float:
    return quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]


@contextmanager
def _counting() -> Iterator[list[int]]:
    count = [0]

    def counted(execute: Any, *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        yield count
