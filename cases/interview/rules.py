"""The tests of law an interview must pass. Pure: no database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cases.interview.states import Finding, Interview, Level, Occasion, Result
from workflows.calendar import Calendar
from workflows.clock import Event, NeverStarted, Period, due

# Which letter has to be served before the day that a move appoints may count.
NOTICES = {
    "notify": "served_notice",
    "reschedule": "served_postponed",
    "recall": "served_moved",
    "call_again": "served_second_notice",
}


def level_of(occasion: str) -> Level:
    """Return the level of an interview: a reminder for what is first or lesser, else a warning."""
    return Level.REMINDER if occasion == Occasion.FIRST else Level.WARNING


def earliest_day(events: Iterable[Event], notice: Period, calendar: Calendar) -> date | None:
    """Return the first day on which a called party may be heard, or nothing before service."""
    events = list(events)
    if not is_served(events):
        return None
    try:
        return due(events, notice, calendar).on
    except NeverStarted:
        return None


def is_served(events: Iterable[Event]) -> bool:
    """Test that the letter which appointed the present day has been served."""
    awaited = ""
    for event in events:
        awaited = NOTICES.get(event.kind, "" if event.kind == awaited else awaited)
    return not awaited


def result_of(findings: Sequence[Mapping[str, Any]], *, second_term: bool) -> Result:
    """Return what the findings make; what the law forbids is no longer required."""
    required = [f["finding"] for f in findings if f["finding"] != Finding.IMPOSSIBLE]
    if all(finding == Finding.MET for finding in required):
        return Result.PASSED
    if Finding.MET in required and not second_term:
        return Result.PARTIAL
    return Result.FAILED


def open_points(interview: Interview) -> list[dict[str, Any]]:
    """Return the points that were not settled in an earlier term."""
    settled = {found["number"] for found in interview.settled}
    return [point for point in interview.points if point["number"] not in settled]


def content_of(interview: Interview) -> dict[str, Any]:
    """Return what enters the credit file: the interview and its result, never for publication."""
    return {
        "case": interview.reference,
        "level": interview.level,
        "held_on": str(interview.held_on),
        "reason": interview.reason,
        "document": interview.document,
        "signed": is_signed(interview),
        "points": len(interview.points),
        "result": interview.result or "nothing_ordered",
        "published": False,
    }


def is_warning(interview: Interview) -> bool:
    """Test that the interview is a warning, which a reviewer sees before the head."""
    return interview.level == Level.WARNING


def is_approved(interview: Interview) -> bool:
    """Test that the approver lets the interview take place."""
    return interview.approval == "approve"


def has_asked_to_postpone(interview: Interview) -> bool:
    """Test that the party asks for a later day; silence means that it will come."""
    return not interview.lapsed and interview.reply == "postpone"


def is_postponed(interview: Interview) -> bool:
    """Test that the later day was granted."""
    return interview.postponed is True


def has_fallen_away(interview: Interview) -> bool:
    """Test that the ground of the interview is no longer there, e.g. the penalty was revoked."""
    return interview.outcome == "fallen"


def is_moved(interview: Interview) -> bool:
    """Test that the office appoints another day for a reason not held against the party."""
    return interview.outcome == "moved"


def is_held(interview: Interview) -> bool:
    """Test that the party came and was heard."""
    return interview.outcome == "held"


def may_be_called_again(interview: Interview) -> bool:
    """Test that the party has not been called a second time yet."""
    return not interview.second_called


def is_called_again(interview: Interview) -> bool:
    """Test that the party is to be called a second time."""
    return interview.response == "again"


def is_signed(interview: Interview) -> bool:
    """Test that the party signed the record."""
    return interview.signature == "signed"


def is_rectification_needed(interview: Interview) -> bool:
    """Test that something has to be put right."""
    return interview.requirement == "order"


def has_reported(interview: Interview) -> bool:
    """Test that the party did not let the term pass in silence."""
    return not interview.lapsed


def is_passed(interview: Interview) -> bool:
    """Test that everything was put right."""
    return interview.result == Result.PASSED


def is_partial(interview: Interview) -> bool:
    """Test that some points are open and a second term is left."""
    return interview.result == Result.PARTIAL


def is_escalated(interview: Interview) -> bool:
    """Test that a warning interview follows; a warning itself has no further level."""
    return interview.measure == "escalate"
