"""The tests of law a repair must pass. Pure: no database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cases.repair.states import Channel, Grade, Repair
from workflows.calendar import ONE_DAY
from workflows.clock import Period, months_after


@dataclass(frozen=True)
class Window:
    """The shortest and the longest time one record is published, under one edition."""

    shortest: Period
    longest: Period
    decided_on: date

    @property
    def opens_on(self) -> date:
        """The first day on which repair may be asked for: the day after the shortest end."""
        return self.shortest_end + ONE_DAY

    @property
    def shortest_end(self) -> date:
        """The last day of the shortest publication period; it does not roll."""
        return months_after(self.decided_on, self.shortest.length)

    @property
    def longest_end(self) -> date:
        """The last day of the longest publication period; it does not roll."""
        return months_after(self.decided_on, self.longest.length)


def channel_of(unit_code: str, samr_units: Collection[str]) -> Channel:
    """Return whose rules apply: those of the market regulator for its own decisions."""
    return Channel.SAMR if unit_code in samr_units else Channel.NDRC


def grade_of(kinds: Collection[str], *, minor: Collection[str], serious: Collection[str]) -> Grade:
    """Return the grade of a penalty; of several kinds the gravest governs."""
    if any(kind in serious for kind in kinds):
        return Grade.SERIOUS
    return Grade.MINOR if kinds and all(kind in minor for kind in kinds) else Grade.GENERAL


def is_in_form(repair: Repair) -> bool:
    """Test that the counter found the form complete."""
    return repair.form_complete is True


def has_answered(repair: Repair) -> bool:
    """Test that the party did not let its time pass in silence."""
    return not repair.lapsed


def is_acceptable(repair: Repair) -> bool:
    """Test that the finding authority takes the application up (国家发展改革委令第36号)."""
    return repair.examination == "accept"


def is_lacking(repair: Repair) -> bool:
    """Test that something is missing that the party can still hand in."""
    return repair.examination == "supplement"


def is_refusal_confirmed(repair: Repair) -> bool:
    """Test that a second person agrees not to take the application up."""
    return repair.refusal_confirmed is True


def is_returned(repair: Repair) -> bool:
    """Test that the approver gave the draft back to the handler."""
    return repair.decision == "return"


def is_granted(repair: Repair) -> bool:
    """Test that the approver grants the repair."""
    return repair.decision == "grant"
