"""Who may not do a step because of what the same hands did before (casebook §2.1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Duty

DECIDING = frozenset({str(Duty.REVIEWER), str(Duty.APPROVER)})


@dataclass(frozen=True)
class Done:
    """A step that was done: with what duty, and by whose hands.

    ``hands`` are the person and, where a substitute acted, the one they stood in for;
    ``not_by`` names the steps whose doers may not do this one.
    """

    step: str
    duty: str
    hands: frozenset[Any]
    not_by: tuple[str, ...] = ()


def conflicts(wanted: Done, done: Iterable[Done]) -> bool:
    """Test that a step may not be done by these hands: a deciding duty stands alone in a case."""
    return any(_clash(wanted, earlier) for earlier in done if wanted.hands & earlier.hands)


def _clash(wanted: Done, earlier: Done) -> bool:
    named = earlier.step in wanted.not_by or wanted.step in earlier.not_by
    return named or _mixes(str(wanted.duty), str(earlier.duty))


def _mixes(duty: str, other: str) -> bool:
    return duty != other and bool({duty, other} & DECIDING)
