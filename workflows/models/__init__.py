"""The engine's own tables."""

from workflows.models.cases import Case, Involvement, Role, WorkItem
from workflows.models.clocks import Day, Deadline, Purpose, Rung, Term, Urging
from workflows.models.log import Entry, Heartbeat, Sealed, Series
from workflows.models.moves import Proposal

__all__ = [
    "Case",
    "Day",
    "Deadline",
    "Entry",
    "Heartbeat",
    "Involvement",
    "Proposal",
    "Purpose",
    "Role",
    "Rung",
    "Sealed",
    "Series",
    "Term",
    "Urging",
    "WorkItem",
]
