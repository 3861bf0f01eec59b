"""Whose time a case has taken: the office's, the party's, another authority's. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflows.calendar import Calendar
from workflows.clock import Event

PARTY = "party"
_CLOSING = {"completed", "lapsed", "deemed", "cancelled"}


@dataclass(frozen=True)
class TimeSpent:
    """Working days a case has waited, by whom it waited for."""

    office: int = 0
    party: int = 0
    authority: int = 0


def time_spent(events: Iterable[Event], calendar: Calendar, *, until: date) -> TimeSpent:
    """Return the working days between the opening and the end of each step, by who had it.

    Steps still open count up to ``until``, inclusive.
    """
    waited = {"office": 0, PARTY: 0, "authority": 0}
    opened: dict[int, tuple[str, date]] = {}
    office = ""
    for event in events:
        if event.kind == "received":
            office = event.detail["units"]["office"]
        elif event.kind == "opened":
            opened[event.detail["item"]] = (_whose(event.detail["queue"], office), event.on)
        elif event.kind in _CLOSING and event.detail.get("item") in opened:
            who, since = opened.pop(event.detail["item"])
            waited[who] += calendar.worked_between(since, event.on)
    for who, since in opened.values():
        waited[who] += calendar.worked_between(since, until)
    return TimeSpent(waited["office"], waited[PARTY], waited["authority"])


def _whose(queue: str, office: str) -> str:
    if queue == PARTY:
        return PARTY
    return "office" if queue.partition("/")[0] == office else "authority"
