"""How far a time limit may be extended: by how much at most, to which day, and on what basis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflows import audit, clock, policy
from workflows.clock import EXTENDED, Due, Event
from workflows.models import Case, Deadline, Purpose, Term


@dataclass(frozen=True)
class Room:
    """How far one running limit may be extended, or why it may not.

    ``most`` is the rule value that says by how much, ``latest`` when the limit would then end.
    """

    deadline: Deadline
    why_not: str = ""
    most: Term | None = None
    latest: Due | None = None


def rooms(case: Case, *, on: date) -> list[Room]:
    """Return for each running limit of a case the caller may see how far it may be extended."""
    heard = audit.written(case)
    running = Deadline.objects.filter(case=case, ended_at=None, purpose=Purpose.LIMIT)
    limits = running.select_related("term", "item__unit").order_by("pk")
    return [_room(case, deadline, heard, on) for deadline in limits]


def why_not(case: Case, deadline: Deadline, heard: Iterable[Event], *, on: date) -> str:
    """Return why a running limit may not be extended on a day; nothing if it may."""
    key = deadline.term.key
    if most_of(case, key) is None:
        return _("The law does not allow this limit to be extended.")
    if deadline.due_on and on > deadline.due_on:
        return _("A limit is extended before it ends, not after.")
    if any(key in event.detail["keys"] for event in heard if event.kind == EXTENDED):
        return _("This limit has been extended once already.")
    return ""


def most_of(case: Case, key: str) -> Term | None:
    """Return the rule value that says by how much a limit may be extended, if it may at all."""
    terms = policy.edition(case.governed_on)
    return terms.term(f"{key}.extend") if terms.has(f"{key}.extend") else None


def _room(case: Case, deadline: Deadline, heard: list[Event], on: date) -> Room:
    refused, most = why_not(case, deadline, heard, on=on), most_of(case, deadline.term.key)
    if refused or most is None:
        return Room(deadline, why_not=refused)
    return Room(deadline, most=most, latest=_extended(case, deadline, heard, most, on))


def _extended(case: Case, deadline: Deadline, heard: list[Event], most: Term, on: date) -> Due:
    """Return when a limit would end if it were extended today by the most there is."""
    detail: dict[str, Any] = {"keys": [deadline.term.key], "length": int(most.value)}
    events = [*clock.heard_by(deadline.item_id, heard), Event(EXTENDED, on, detail)]
    period, conventions = deadline.term.period, policy.conventions(case)
    return clock.due(events, period, policy.calendar(), conventions)
