"""Where a party may contest a letter, until when and on what basis. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from notifications.models import Letter
from workflows import policy, wording
from workflows.case_type import case_type
from workflows.clock import SERVED, Due, Event, due
from workflows.models import Case, Service, Term

# The part of a letter that names the remedies; a letter without it takes nothing away.
_NAMES_THEM = "notifications/remedies"
_SERVICE = f"{SERVED}letter"
_REVIEW, _SUIT = "general.review.apply", "general.litigation.apply"


@dataclass(frozen=True)
class Way:
    """One way to contest a letter: before whom, for how long, and until when if that is known."""

    title: str
    where: str
    length: str
    until: date | None
    explanation: list[str]
    provisional: bool
    basis: str
    certainty: str


@dataclass(frozen=True)
class Remedies:
    """What may be done against one letter, and from which day its time is counted."""

    letter: Letter
    served_on: date | None
    ways: list[Way]

    def are_over(self, on: date) -> bool:
        """Test that no way is open any more on a day."""
        return all(way.until is not None and way.until < on for way in self.ways)


def remedies_against(case: Case, letters: Iterable[Letter]) -> list[Remedies]:
    """Return what the party may do against letters of its case, the latest letter first.

    Time is counted from the day of service and under the rules of the day of the letter, as the
    letter itself tells; a letter whose service is not proven has no last day yet.
    """
    folder = case_type(case.kind).folder / "letters"
    against = [letter for letter in letters if names_remedies(folder, letter.name)]
    return [_remedies(case, letter) for letter in reversed(against)]


@cache
def names_remedies(folder: Path, name: str) -> bool:
    """Test that the letter ``name`` of a folder tells its remedies."""
    return _NAMES_THEM in (folder / f"{name}.html").read_text(encoding="utf-8")


def _remedies(case: Case, letter: Letter) -> Remedies:
    terms, served = policy.edition(localdate(letter.issued_at)), _served_on(letter)
    organ = terms.term("letters.review_organ").value
    court = _("the people's court that has jurisdiction")
    review, suit = terms.term(_REVIEW), terms.term(_SUIT)
    ways = [
        _way(_("Administrative review"), organ, review, case, served),
        _way(_("Lawsuit"), court, suit, case, served),
    ]
    return Remedies(letter, served, ways)


def _served_on(letter: Letter) -> date | None:
    try:
        return letter.service.effective_on
    except Service.DoesNotExist:
        return None


def _way(title: str, where: str, term: Term, case: Case, served: date | None) -> Way:
    ends = _ends(term, case, served) if served else None
    return Way(
        title=title,
        where=where,
        length=wording.length(term.period),
        until=ends.on if ends else None,
        explanation=wording.explanation(ends, case_type(case.kind).moves) if ends else [],
        provisional=bool(ends and ends.provisional),
        basis=wording.source(term.basis),
        certainty=wording.certainty(term.certainty),
    )


def _ends(term: Term, case: Case, served: date) -> Due:
    # The rule says "served"; what was served is this letter.
    period = replace(term.period, starts=(_SERVICE,))
    reached = [Event(_SERVICE, served, {})]
    return due(reached, period, policy.calendar(), policy.conventions(case))
