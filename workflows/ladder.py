"""Which rung of the ladder a running clock has to climb next, and when."""

from datetime import date

from workflows import policy
from workflows.calendar import ONE_DAY, Calendar
from workflows.models import Deadline, Purpose, Rung


def next_rung_on(deadline: Deadline) -> date | None:
    """Return the day on which the next rung is due; none for a clock that does not climb."""
    if not _climbs(deadline) or deadline.due_on is None:
        return None
    rung = next_rung(deadline)
    return None if rung is None else day_of(rung, deadline, policy.calendar())


def _climbs(deadline: Deadline) -> bool:
    # A broken promise turns amber and no more; a party's silence has a consequence of its own.
    asks_a_party = deadline.item is not None and deadline.item.unit_id is None
    return deadline.purpose == Purpose.LIMIT and not asks_a_party


def next_rung(deadline: Deadline) -> Rung | None:
    """Return the lowest rung a clock has not climbed."""
    rungs = policy.ladder_of(deadline.term.key)
    return next((rung for rung in rungs if rung.number > deadline.rung), None)


def day_of(rung: Rung, deadline: Deadline, calendar: Calendar) -> date | None:
    """Return the day on which a rung is due; the first red day is the day after the last day."""
    if rung.light == Rung.Of.AMBER:
        return deadline.amber_on
    assert deadline.due_on is not None
    day = deadline.due_on + ONE_DAY
    for _n in range(rung.after):
        day = calendar.next_worked(day + ONE_DAY)
    return day
