"""The rule values in force: set by editions of the law, or by the office."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Unit
from workflows.acts import current_act
from workflows.calendar import Calendar
from workflows.clock import Conventions
from workflows.models import Case, Day, Rung, Term

_T = TypeVar("_T")
_memory: ContextVar[dict[Any, Any]] = ContextVar("read")
LAW = Path(__file__).parent / "law"


class NoTermInForce(Exception):
    """No edition of this rule value is in force on the day asked for."""


class Edition:
    """Every rule value in force on one day."""

    def __init__(self, on: date, editions: Iterable[Term]) -> None:
        self.on = on
        self._terms = {term.key: term for term in editions if term.is_in_force(on)}

    def term(self, key: str) -> Term:
        """Return one rule value.

        :raises NoTermInForce: if there is none
        """
        try:
            return self._terms[key]
        except KeyError:
            raise NoTermInForce(f"{key} on {self.on}") from None

    @property
    def terms(self) -> list[Term]:
        """Every rule value in force, by key."""
        return [self._terms[key] for key in sorted(self._terms)]

    def has(self, key: str) -> bool:
        """Test that a rule value is in force."""
        return key in self._terms

    def number(self, key: str) -> int:
        """Return a rule value that is a number."""
        return int(self.term(key).value)

    def items(self, key: str) -> list[str]:
        """Return a rule value that is a list."""
        return [item for item in self.term(key).value.split(";") if item]


def edition(on: date) -> Edition:
    """Return the rule values in force on a day; read once in an act."""
    every = remembered("editions", lambda: list(Term.objects.all()))
    return remembered(("edition", on), lambda: Edition(on, every))


def unit_code(credit_code: str) -> str:
    """Return the short code of the unit with a unified code, or nothing for others'."""
    return remembered("units", _unit_codes).get(credit_code, "")


def term(key: str, *, on: date) -> Term:
    """Return the edition of a rule value in force on a day.

    :raises NoTermInForce: if there is none
    """
    return edition(on).term(key)


def calendar() -> Calendar:
    """Return the working calendar as far as it has been published; read once in an act."""
    return remembered("calendar", _calendar)


def conventions(case: Case) -> Conventions:
    """Return what the office has chosen where the law leaves it a choice."""
    return conventions_on(case.governed_on)


def conventions_on(day: date) -> Conventions:
    """Return the office's choices in force on a day.

    :raises NoTermInForce: if it has not chosen
    """
    terms = edition(day)
    return Conventions(
        pause_day_counts=terms.term("calc.pause_day_counts").value == "true",
        next_worked_receipt=terms.term("calc.receipt_convention").value == "next_wd",
        roll_publication=terms.term("calc.roll_publication").value == "true",
    )


def ladder_of(key: str) -> list[Rung]:
    """Return the rungs that the clocks of a term climb, lowest first; read once in an act."""
    every = remembered("ladder", lambda: list(Rung.objects.all()))
    fitting = [rung for rung in every if key.startswith(rung.terms)]
    longest = max((rung.terms for rung in fitting), key=len, default="")
    return [rung for rung in fitting if rung.terms == longest]


def load_ladder(path: Path) -> int:
    """Put a ``ladder.csv`` into the table and return how many rungs were new."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return sum(_add_rung(row) for row in rows)


def load_terms(path: Path) -> int:
    """Put a ``terms.csv`` into the table and return how many rows were new.

    An edition already there is left as it is: changing one takes two persons.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        terms = [_term(row) for row in csv.DictReader(lines)]
    known = {_edition_of(term) for term in Term.objects.only("key", "in_force")}
    new = [term for term in terms if _edition_of(term) not in known]
    return len(Term.objects.bulk_create(new))


def load_days(path: Path) -> int:
    """Put a calendar file into the table and return how many days were new."""
    known = set(Day.objects.values_list("day", flat=True))
    return len(Day.objects.bulk_create(day for day in days_in(path) if day.day not in known))


def days_in(path: Path) -> list[Day]:
    """Return the days that a calendar file declares."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_day(row) for row in csv.DictReader(lines)]


@contextmanager
def reading(known: dict[Any, Any] | None = None) -> Iterator[None]:
    """Read each rule value at most once in the block; outside an act only.

    What is ``known`` is not read at all, and what is read is added to it.
    """
    token = _memory.set({} if known is None else known)
    try:
        yield
    finally:
        _memory.reset(token)


def supposing(*, calendar: Calendar | None = None, term: Term | None = None) -> dict[Any, Any]:
    """Return what to know while ``reading`` as if the calendar or a term were another."""
    known: dict[Any, Any] = {}
    if calendar is not None:
        known["calendar"] = calendar
    if term is not None:
        known["editions"] = [*Term.objects.all(), term]  # of two in force, the last one counts
    return known


def calendar_of(days: Mapping[date, bool]) -> Calendar:
    """Return the calendar that declared days make, each worked or not."""
    return Calendar(
        holidays=frozenset(day for day, worked in days.items() if not worked),
        makeup_days=frozenset(day for day, worked in days.items() if worked),
        published_to=date(max(days, default=date.min).year, 12, 31),
    )


def remembered(key: Any, read: Callable[[], _T]) -> _T:
    """Return what was read under a key before in the same act or request, or read it now."""
    memory = _remembering()
    if key not in memory:
        memory[key] = read()
    return cast(_T, memory[key])


def known(key: Any) -> bool:
    """Test that something was read under a key before in the same act or request."""
    return key in _remembering()


def _remembering() -> dict[Any, Any]:
    try:
        return current_act().memory
    except LookupError:
        return _memory.get({})


def _unit_codes() -> dict[str, str]:
    return dict(Unit.objects.values_list("credit_code", "code"))


def _calendar() -> Calendar:
    return calendar_of(dict(Day.objects.values_list("day", "is_worked")))


def _term(row: dict[str, str]) -> Term:
    return Term(
        key=row["key"],
        value=row["value"],
        unit=row["unit"],
        starts=row["starts"],
        rolls=row["rolls"] != "no",
        in_force=DateRange(_first(row["from"]), _after(row["to"]), "[)"),
        basis=row["basis"],
        certainty=row["certainty"],
    )


def _edition_of(term: Term) -> tuple[str, date | None, date | None]:
    return term.key, term.in_force.lower, term.in_force.upper


def _first(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def _after(day: str) -> date | None:
    return date.fromisoformat(day) + timedelta(days=1) if day else None


def _day(row: dict[str, str]) -> Day:
    return Day(
        day=date.fromisoformat(row["date"]),
        is_worked=row["kind"] == "workday",
        notice=row["notice"],
    )


def _add_rung(row: dict[str, str]) -> bool:
    key = {"terms": row["terms"], "number": int(row["number"])}
    return Rung.objects.get_or_create(**key, defaults=_rung(row))[1]


def _rung(row: dict[str, str]) -> dict[str, Any]:
    return {
        "light": row["light"],
        "after": int(row["after"]),
        "tells": row["tells"],
        "urges": row["urges"] == "yes",
        "basis": row["basis"],
    }
