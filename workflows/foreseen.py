"""What a look ahead has seen: plain data about things that have not happened."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.models import Deadline
from workflows.tracking import Clock


class How(StrEnum):
    """What happens to a clock."""

    STARTS = "starts"
    STANDS = "stands"
    RUNS = "runs"
    MOVES = "moves"
    ENDS = "ends"


@dataclass(frozen=True)
class Stand:
    """Where the case stands, in the words of the office and in those of the party."""

    office: str
    party: str


@dataclass(frozen=True)
class Step:
    """A step that opens or closes: what it is called, whose it is, until when."""

    title: str
    who: str
    due_on: date | None = None


@dataclass(frozen=True)
class Turn:
    """What happens to one clock; ``clock`` tells when a running one is due, and why."""

    how: How
    deadline: Deadline
    clock: Clock | None = None
    was: date | None = None


@dataclass(frozen=True)
class Draft:
    """A letter as it would be sent; it has no number and was never issued."""

    name: str
    title: str
    title_en: str
    html: str
    html_en: str
    addressee: str
    people: tuple[str, ...]
    is_served: bool
    has_to_be_served: bool


@dataclass(frozen=True)
class Effect:
    """Something else that happens, and on what ground."""

    title: str
    basis: str = ""


@dataclass(frozen=True)
class Foreseen:
    """Everything that completing a step would do; nothing of it has happened.

    ``elsewhere`` is what would be done to other cases, in acts of their own.
    """

    reference: str
    before: Stand
    after: Stand
    moves: list[Effect]
    closing: list[Step]
    opening: list[Step]
    turns: list[Turn]
    letters: list[Draft]
    effects: list[Effect]
    elsewhere: list[Effect]
    ends: bool
