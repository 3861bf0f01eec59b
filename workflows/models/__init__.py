"""The engine's own tables."""

from workflows.models.cases import Case, Channel, Involvement, Role, WorkItem
from workflows.models.clocks import Day, Deadline, Purpose, Rung, Term, Urging
from workflows.models.desk import SavedView
from workflows.models.log import Entry, Heartbeat, Sealed, Series
from workflows.models.moves import Proposal, Recusal
from workflows.models.rating import Rating
from workflows.models.relations import Errand, Relation, Suspension
from workflows.models.service import Service

__all__ = [
    "Case",
    "Channel",
    "Day",
    "Deadline",
    "Entry",
    "Errand",
    "Heartbeat",
    "Involvement",
    "Proposal",
    "Purpose",
    "Rating",
    "Recusal",
    "Relation",
    "Role",
    "Rung",
    "SavedView",
    "Sealed",
    "Series",
    "Service",
    "Suspension",
    "Term",
    "Urging",
    "WorkItem",
]
