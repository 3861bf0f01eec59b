"""The engine's own tables."""

from workflows.models.cases import Case, Involvement, Role, WorkItem
from workflows.models.clocks import Day, Deadline, Purpose, Rung, Term, Urging
from workflows.models.log import Entry, Heartbeat, Sealed, Series
from workflows.models.moves import Proposal, Recusal
from workflows.models.relations import Errand, Relation, Suspension
from workflows.models.service import Service

__all__ = [
    "Case",
    "Day",
    "Deadline",
    "Entry",
    "Errand",
    "Heartbeat",
    "Involvement",
    "Proposal",
    "Purpose",
    "Recusal",
    "Relation",
    "Role",
    "Rung",
    "Sealed",
    "Series",
    "Service",
    "Suspension",
    "Term",
    "Urging",
    "WorkItem",
]
