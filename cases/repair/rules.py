"""The tests of law a repair must pass. Pure: no database, no clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.repair.states import Channel, Grade, Repair
from records.models import Record
from workflows.calendar import ONE_DAY
from workflows.clock import months_after

REPAIRABLE = frozenset({Record.Kind.PENALTY, Record.Kind.LIST_ENTRY, Record.Kind.ABNORMAL_ENTRY})
_LISTED = (Record.Kind.LIST_ENTRY, Record.Kind.ABNORMAL_ENTRY)


@dataclass(frozen=True)
class Standard:
    """What one edition of the rules makes of a record: its grade and its two periods."""

    grade: Grade | None
    shortest: Any
    longest: Any


@dataclass(frozen=True)
class Window:
    """The shortest and the longest time one record is shown, in months from a day.

    ``until`` is the end of a period that was restored after a repair or a shield had ended.
    """

    shortest: int
    longest: int
    counted_from: date
    until: date | None = None

    @property
    def opens_on(self) -> date:
        """The first day on which repair may be asked for: the day after the shortest end."""
        return self.shortest_end + ONE_DAY

    @property
    def shortest_end(self) -> date:
        """The last day of the shortest publication period; it does not roll."""
        return months_after(self.counted_from, self.shortest)

    @property
    def longest_end(self) -> date:
        """The last day of the longest publication period; it does not roll."""
        return self.until or months_after(self.counted_from, self.longest)


def channel_of(unit_code: str, samr_units: Collection[str]) -> Channel:
    """Return whose rules apply: those of the market regulator for its own decisions."""
    return Channel.SAMR if unit_code in samr_units else Channel.NDRC


def grade_of(kinds: Collection[str], *, minor: Collection[str], serious: Collection[str]) -> Grade:
    """Return the grade of a penalty; of several kinds the gravest governs."""
    if any(kind in serious for kind in kinds):
        return Grade.SERIOUS
    return Grade.MINOR if kinds and all(kind in minor for kind in kinds) else Grade.GENERAL


def standard(record: Any, channel: Channel, terms: Any) -> Standard | None:
    """Return what an edition makes of a record, or nothing if it sets no period for it.

    The editions before the three grades knew one period, longer in some fields (casebook §5.1);
    an entry on the list of abnormal operation has none: its condition of removal counts.
    """
    if record.kind == Record.Kind.ABNORMAL_ENTRY:
        return None
    grade = _grade(record, channel, terms)
    shortest = _first(terms, _keys(record, channel, grade, terms, "min"))
    longest = _first(terms, _keys(record, channel, grade, terms, "max"))
    return Standard(grade, shortest, longest) if shortest and longest else None


def milder(now: Standard, then: Standard | None) -> Standard:
    """Return, of two editions, the shorter shortest and the shorter longest period."""
    if then is None:
        return now
    shortest = min(now.shortest, then.shortest, key=_months)
    return Standard(now.grade, shortest, min(now.longest, then.longest, key=_months))


def is_older(record: Any, now: Standard) -> bool:
    """Test that a record was decided before the edition now in force."""
    since: date | None = now.shortest.in_force.lower
    return since is not None and record.decided_on < since


def bars_samr(other: Any, record: Any) -> bool:
    """Test that another record keeps one of the market regulator's from repair (ground R10).

    A further penalty is one decided after the breach to be repaired.
    """
    if other.kind in _LISTED:
        return True
    return bool(other.kind == Record.Kind.PENALTY and other.decided_on > record.decided_on)


def _grade(record: Any, channel: Channel, terms: Any) -> Grade | None:
    if not terms.has(f"repair.{channel}.serious.min"):
        return None
    if record.kind == Record.Kind.LIST_ENTRY:
        return Grade.SERIOUS
    minor = _listed(terms, f"repair.{channel}.minor.kinds")
    serious = _listed(terms, f"repair.{channel}.serious.kinds")
    return grade_of(record.categories, minor=minor, serious=serious)


def _keys(
    record: Any, channel: Channel, grade: Grade | None, terms: Any, end: str
) -> Iterator[str]:
    if record.kind == Record.Kind.LIST_ENTRY:
        yield f"repair.{channel}.list_entry.{end}"
    if grade:
        yield f"repair.{channel}.{grade}.{end}"
    if _is_special(record, channel, terms):
        yield f"repair.{channel}.special_field.{end}"
    yield f"repair.{channel}.any.{end}"
    yield f"repair.{channel}.penalty.{end}"
    yield f"repair.{channel}.{end}"


def _is_special(record: Any, channel: Channel, terms: Any) -> bool:
    words = _listed(terms, f"repair.{channel}.special_field.words")
    return any(word in record.legal_basis for word in words)


def _first(terms: Any, keys: Iterator[str]) -> Any:
    return next((terms.term(key) for key in keys if terms.has(key)), None)


def _listed(terms: Any, key: str) -> list[str]:
    return list(terms.items(key)) if terms.has(key) else []


def _months(term: Any) -> int:
    return int(term.value)


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


def is_granted(repair: Repair) -> bool:
    """Test that the approver grants what was asked for."""
    return repair.decision == "grant"


def has_measures(repair: Repair) -> bool:
    """Test that a unit is known that built a measure on the record."""
    return bool(repair.measures.strip())


def is_carried_out(repair: Repair) -> bool:
    """Test that the approver takes the reorganisation plan for carried out."""
    return repair.decision == "carried_out"


def is_fulfilled(repair: Repair) -> bool:
    """Test that the source of the record reported its duty fulfilled (国家发展改革委令第36号)."""
    return repair.fulfilled_on is not None


def is_found_fulfilled(repair: Repair) -> bool:
    """Test that the finding authority found the duty fulfilled."""
    return repair.fulfilment == "fulfilled"


def is_false(repair: Repair) -> bool:
    """Test that the approver finds the repair to rest on something false."""
    return repair.decision == "revoke"
