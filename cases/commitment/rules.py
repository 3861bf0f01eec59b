"""The tests of law a commitment must pass. Pure: no database, no clock."""

from collections.abc import Collection

from cases.commitment.register import PromisedTerm, Variant, VerifyMethod
from cases.commitment.states import Commitment, Fulfilment, Ineligible, Result


def reasons_against(
    *, listed: Collection[str], broken: Collection[str], excluded: bool
) -> list[str]:
    """Return why an organisation may not commit (国办发〔2020〕42号; 市场监管总局令第44号 §15)."""
    found = {
        Ineligible.LISTED: bool(listed),
        Ineligible.BROKEN: bool(broken),
        Ineligible.EXCLUDED: excluded,
    }
    return [str(reason) for reason, holds in found.items() if holds]


def is_eligible(commitment: Commitment) -> bool:
    """Test that nothing in the credit record or the item stands against a commitment."""
    return not commitment.ineligible


def is_lacking(commitment: Commitment) -> bool:
    """Test that main material is missing that the party can still hand in."""
    return commitment.examination == "supplement"


def has_answered(commitment: Commitment) -> bool:
    """Test that the party did not let its time pass in silence."""
    return not commitment.lapsed


def is_declined(commitment: Commitment) -> bool:
    """Test that the party prefers the general procedure."""
    return commitment.choice == "decline"


def is_accepted_with_gap(commitment: Commitment) -> bool:
    """Test that secondary material may follow later (variant C)."""
    return commitment.variant == Variant.GAP


def is_gap_closed(commitment: Commitment) -> bool:
    """Test that nothing is missing any more."""
    return commitment.gap_closed is True


def has_time_left(commitment: Commitment) -> bool:
    """Test that the rest may still come within the time promised."""
    return commitment.gap_time_left


def has_arrived(commitment: Commitment) -> bool:
    """Test that the missing material had arrived in time after all."""
    return commitment.arrived is True


def is_granted(commitment: Commitment) -> bool:
    """Test that the approver grants what was applied for."""
    return commitment.decision == "grant"


def is_to_be_verified(commitment: Commitment) -> bool:
    """Test that this commitment is verified: every one of its item, or drawn by lot."""
    if commitment.verify_method == VerifyMethod.SAMPLE:
        return commitment.drawn is True
    return commitment.verify_method == VerifyMethod.ALL


def is_to_be_visited_again(commitment: Commitment) -> bool:
    """Test that the premises were closed and the visits do not suffice yet."""
    return commitment.result == Result.CLOSED and commitment.fulfilment == ""


def is_unverified(commitment: Commitment) -> bool:
    """Test that nobody was met in all visits; never a falsehood."""
    return commitment.fulfilment == Fulfilment.UNVERIFIED


def is_fulfilled(commitment: Commitment) -> bool:
    """Test that the promise was found kept."""
    return commitment.result == Result.FULFILLED


def is_false(commitment: Commitment) -> bool:
    """Test that the promise was found untrue when it was signed."""
    return commitment.result == Result.FALSE


def is_partial(commitment: Commitment) -> bool:
    """Test that the promise was found kept in part."""
    return commitment.result == Result.PARTIAL


def is_rectified(commitment: Commitment) -> bool:
    """Test that what was ordered has been put right."""
    return commitment.rectified is True


def is_to_be_interviewed(commitment: Commitment) -> bool:
    """Test that the party shall be summoned to an interview."""
    return commitment.to_interview is True


def is_revoked(commitment: Commitment) -> bool:
    """Test that the approver revokes the decision."""
    return commitment.revocation == "revoke"


def is_within(promise: str, cap: str) -> bool:
    """Test that the time promised is no longer than the item's own promised term."""
    terms = PromisedTerm.values
    return terms.index(promise) <= terms.index(cap)
