"""The tests of law an objection must pass, and what a disputed value is. Pure."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from cases.objection.states import MONEY, Conclusion, Disputed, Fate, Finding, Objection
from workflows import wording

DAYS = frozenset({Disputed.DECIDED_ON, Disputed.VALID_FROM, Disputed.VALID_UNTIL})
NOT_FACTS = frozenset(
    {Disputed.SUBJECT, Disputed.SHOWING, Disputed.GRADE, Disputed.MEASURE, Disputed.WHOLE}
)
_FEN = 100
_BARE = re.compile(
    r"(信息|情况|内容|数据|经|已|我局|我单位|该|核实|核查|确认|属实|无误|正确|[\W_])+"
)
_REASONED = 10


class NotAValue(ValueError):
    """What was written is no value of the disputed part."""


def value_of(disputed: str, said: str) -> Any:
    """Return what was written as the value of a fact: fen, ISO day, list or text.

    :raises NotAValue: if it is none
    """
    said = said.strip()
    if disputed in MONEY:
        return _fen(said)
    if disputed in DAYS:
        return _day(said)
    if disputed == Disputed.CATEGORIES:
        return [one for one in re.split(r"[;；\s]+", said) if one]
    return said


def shown_value(disputed: str, value: Any) -> str:
    """Return the value of a fact as people write it: yuan, ISO day, list or text."""
    if value is None:
        return ""
    if disputed in MONEY:
        return f"{Decimal(value) / _FEN:.2f}"
    return "；".join(value) if isinstance(value, list) else str(value)


def is_fact(disputed: str) -> bool:
    """Test that the disputed part is a fact of the record, which can be corrected."""
    return disputed not in NOT_FACTS


def is_bare(said: str) -> bool:
    """Test that a verification says no more than that it is true (属实)."""
    return len(_BARE.sub("", said)) < _REASONED


def is_higher(disputed: str, corrected: Any, shown: Any) -> bool:
    """Test that a corrected amount is higher than the one shown, to the party's cost."""
    return disputed in MONEY and corrected > (shown or 0)


def has_answered(objection: Objection) -> bool:
    """Test that the party did not let its time pass in silence."""
    return not objection.lapsed


def is_acceptable(objection: Objection) -> bool:
    """Test that the office takes the objection up."""
    return objection.screening == "accept"


def is_lacking(objection: Objection) -> bool:
    """Test that something is missing that the party can still hand in."""
    return objection.screening == "supplement"


def is_put_right_here(objection: Objection) -> bool:
    """Test that the mistake is the platform's or a site's, and that its cure costs nobody."""
    return objection.finding in (Finding.OURS, Finding.SITE) and not objection.makes_worse


def is_to_be_heard(objection: Objection) -> bool:
    """Test that the correction would be to the party's cost, so that it is heard first."""
    wrong = (Conclusion.WRONG, Conclusion.PARTLY_WRONG)
    return objection.conclusion in wrong and objection.makes_worse


def is_right(objection: Objection) -> bool:
    """Test that the provider has shown the record to be right."""
    return objection.conclusion == Conclusion.RIGHT


def is_unverifiable(objection: Objection) -> bool:
    """Test that nobody can verify the record any more."""
    return objection.conclusion == Conclusion.CANNOT_VERIFY


def is_out_of_term(objection: Objection) -> bool:
    """Test that the term of showing the record has ended."""
    return objection.conclusion == Conclusion.OUT_OF_TERM


def is_wholly_wrong(objection: Objection) -> bool:
    """Test that the record is wrong as the party said, and its correction costs nobody."""
    return objection.conclusion == Conclusion.WRONG and not objection.makes_worse


def is_mark_to_go(objection: Objection) -> bool:
    """Test that the result is served already and no review or litigation is known."""
    return objection.served_electronically and not objection.under_review


def is_mark_kept(objection: Objection) -> bool:
    """Test that the approver keeps the mark while review or litigation is pending."""
    return objection.fate == Fate.KEEP


def is_overturned(objection: Objection) -> bool:
    """Test that review or litigation has changed the decision behind the record."""
    return objection.is_overturned is True


def _fen(said: str) -> int:
    fen = wording.fen_in(said)
    if fen is None:
        raise NotAValue(said)
    return fen


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise NotAValue(said) from None
