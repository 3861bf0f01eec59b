"""Where the cases of a planted stock stand, and what is drawn by lot for each of them."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from records.models import Place

AFTER = {
    "push": "pushed",
    "accept": "accepted",
    "approve": "approved",
    "stop": "stopped",
    "sync": "synced",
    "lift": "lifted",
    "finish": "repaired",
}
_FINISHED_BY = "finish"
SHOWN_IN = (Place.AUTHORITY, Place.CREDIT_CHINA)
# What stands for a case where a term is named after its channel.
SAMPLE = SimpleNamespace(channel="ndrc")


@dataclass(frozen=True)
class Stage:
    """A step at which cases stand: what share of them, and the moves that brought them there."""

    step: str
    share: int
    moves: tuple[str, ...]

    @property
    def state(self) -> str:
        """The state of a case that made these moves."""
        return AFTER[self.moves[-1]] if self.moves else "received"

    @property
    def is_final(self) -> bool:
        """Test that cases here are closed."""
        return _FINISHED_BY in self.moves


STAGES = (
    Stage("check", 2, ()),
    Stage("examine", 25, ("push",)),
    Stage("verify", 35, ("push", "accept")),
    Stage("decide", 20, ("push", "accept")),
    Stage("stop_publication", 15, ("push", "accept", "approve")),
    Stage("confirm", 3, ("push", "accept", "approve", "stop")),
)
CLOSED = Stage("confirm", 0, ("push", "accept", "approve", "stop", "sync", "lift", _FINISHED_BY))


@dataclass(frozen=True)
class Dates:
    """The dates of one clock, and the edition it runs by."""

    term: int
    start: date
    due: date | None
    amber: date | None

    @property
    def columns(self) -> dict[str, Any]:
        """What a deadline and a work item both keep."""
        return {"due_on": self.due, "amber_on": self.amber}


@dataclass(frozen=True)
class Keys:
    """The keys of the rows of one case, and its number."""

    number: int
    subject: int
    record: int
    process: int
    task: int
    case: int
    item: int
    clocks: tuple[int, int]
    roles: tuple[int, int]
    showings: tuple[int, int]
