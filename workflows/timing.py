"""Whose time a case has taken: the office's, the party's, another authority's. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from workflows.calendar import ONE_DAY, Calendar
from workflows.clock import Event

PARTY, PAUSED = "party", "paused"
_CLOSING = {"completed", "lapsed", "deemed", "cancelled"}


@dataclass(frozen=True)
class TimeSpent:
    """Working days a case has waited, by whom it waited for."""

    office: int = 0
    party: int = 0
    authority: int = 0


@dataclass(frozen=True)
class Course:
    """The working days of a case, each counted for one side only, and how many it stood still."""

    spent: TimeSpent
    paused: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.spent.office + self.spent.party + self.spent.authority + self.paused


def time_spent(events: Iterable[Event], calendar: Calendar, *, until: date) -> TimeSpent:
    """Return the working days between the opening and the end of each step, by who had it.

    Steps still open count up to ``until``, inclusive.
    """
    waited = {"office": 0, PARTY: 0, "authority": 0}
    for who, since, to in _stays(events, until):
        waited[who] += calendar.worked_between(since, to)
    return TimeSpent(waited["office"], waited[PARTY], waited["authority"])


def course(events: Iterable[Event], calendar: Calendar, *, until: date) -> Course:
    """Return the working days of a case from its receipt, day by day, by whom it waited for.

    A day on which the case was suspended counts as paused and for nobody; where steps lay side
    by side, a day counts for the authorities before the party, and for the office at last.
    """
    events = list(events)
    stays, still = list(_stays(events, until)), list(_still(events, until))
    days = {PAUSED: 0, "authority": 0, PARTY: 0, "office": 0}
    for day in _worked_days(events, calendar, until):
        had = {who for who, since, to in stays if since < day <= to}
        side = PAUSED if any(since < day <= to for since, to in still) else _first_of(had)
        if side:
            days[side] += 1
    return Course(TimeSpent(days["office"], days[PARTY], days["authority"]), days[PAUSED])


def _first_of(had: set[str]) -> str:
    return next((side for side in ("authority", PARTY, "office") if side in had), "")


def _worked_days(events: list[Event], calendar: Calendar, until: date) -> Iterator[date]:
    day = events[0].on if events else until
    while day < until:
        day += ONE_DAY
        if calendar.is_worked(day):
            yield day


def _stays(events: Iterable[Event], until: date) -> Iterator[tuple[str, date, date]]:
    """Yield who had each step, the day it was opened and the day it ended."""
    opened: dict[int, tuple[str, date]] = {}
    office = ""
    for event in events:
        if event.kind == "received":
            office = event.detail["units"]["office"]
        elif event.kind == "opened":
            opened[event.detail["item"]] = (_whose(event.detail["queue"], office), event.on)
        elif event.kind in _CLOSING and event.detail.get("item") in opened:
            yield (*opened.pop(event.detail["item"]), event.on)
    for who, since in opened.values():
        yield who, since, until


def _still(events: Iterable[Event], until: date) -> Iterator[tuple[date, date]]:
    """Yield the days after which, and up to which, a case was suspended."""
    since: date | None = None
    for event in events:
        if event.kind == "suspended":
            since = since or event.on
        elif event.kind == "resumed" and since:
            yield since, event.on
            since = None
    if since:
        yield since, until


def _whose(queue: str, office: str) -> str:
    if queue == PARTY:
        return PARTY
    return "office" if queue.partition("/")[0] == office else "authority"
