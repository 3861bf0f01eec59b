"""Write to the party: gather what a letter says, number it, issue it, put it in the outbox."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.standing import representatives
from forms import attachments
from notifications import letters, outbox
from notifications.models import Letter
from workflows import audit, deadlines, policy, wording
from workflows.acts import current_act
from workflows.case_type import case_type
from workflows.clock import Due
from workflows.models import Case, Role
from workflows.numbering import next_number


def send(name: str, case: Case, *, sender: Role) -> Letter:
    """Issue one letter of a case and put it in the outbox of everyone who acts for the party.

    :raises LetterIncomplete: if the letter says something the case does not have
    """
    act, type_ = current_act(), case_type(case.kind)
    kind = type_.letters[name]
    letter = letters.issue(
        name,
        folder=type_.folder / "letters",
        about=case.reference,
        number=_number(kind.series, act.on),
        title=kind.title,
        title_en=kind.title_en,
        context=_context(name, case, sender),
        at=act.at,
    )
    issued = {"letter": name, "number": letter.number, "sha256": letter.sha256}
    audit.record("letter_issued", case, detail=issued)
    _post(letter, case)
    return letter


def _number(series: str, on: date) -> str:
    prefix = policy.term("letters.prefix", on=on).value
    serial = next_number(f"letter/{series}", on.year)
    return f"{prefix}{series}字〔{on.year}〕第{serial:04}号"


def _post(letter: Letter, case: Case) -> None:
    act = current_act()
    named = {"reference": case.reference, "title": letter.title, "number": letter.number}
    with override(settings.LANGUAGE_CODE):
        body = _("A letter about your case %(reference)s is ready: %(title)s, %(number)s.") % named
    outbox.send(
        to=representatives(case.party.credit_code, on=act.on),
        about=case.reference,
        subject=f"{letter.title}（{case.reference}）",
        body=body,
        letter=letter,
        at=act.at,
    )


def _context(name: str, case: Case, sender: Role) -> dict[str, Any]:
    act, type_ = current_act(), case_type(case.kind)
    unit = case.unit_as[sender]
    return {
        "case": {
            "reference": case.reference,
            "query_code": case.query_code if name == "receipt" else None,
        },
        "party": case.party,
        "record": case.record,
        "unit": unit,
        "office": case.unit_as[Role.OFFICE],
        "issued_on": act.on,
        "facts": case.typed,
        "due": _Dues(case),
        "materials": lambda: attachments.of_case(case.reference),
        "remedies": _remedies(act.on),
        **type_.opening.letter_facts(case.typed),
    }


class _Dues(Mapping[str, Any]):
    """The due dates of a case by the last word of their terms' keys, asked when a letter does."""

    def __init__(self, case: Case) -> None:
        self._case, self._keys = case, case_type(case.kind).clocks

    def __getitem__(self, word: str) -> dict[str, Any]:
        term = deadlines.term_of(self._case, self._keys[word])
        due = deadlines.due_of(self._case, term)
        return {
            "date": due.on,
            "basis": term.basis,
            "certainty_zh": _in("zh-hans", term.certainty),
            "certainty_en": _in("en", term.certainty),
            "provisional": due.provisional,
            "counting_zh": "".join(self._counting("zh-hans", due)),
            "counting_en": " ".join(self._counting("en", due)),
        }

    def _counting(self, language: str, due: Due) -> list[str]:
        moves = case_type(self._case.kind).moves
        with override(language):
            return wording.explanation(due, moves)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _in(language: str, certainty: str) -> str:
    with override(language):
        return wording.certainty(certainty)


def _remedies(on: date) -> list[dict[str, Any]]:
    organ = policy.term("letters.review_organ", on=on).value
    review = policy.term("general.review.apply", on=on)
    suit = policy.term("general.litigation.apply", on=on)
    return [
        {
            "zh": f"自收到本文书之日起{review.value}日内向{organ}申请行政复议",
            "en": f"apply to {organ} for administrative review within {review.value} days",
            "basis": review.basis,
        },
        {
            "zh": f"自收到本文书之日起{suit.value}个月内依法向人民法院提起行政诉讼",
            "en": f"bring a suit before the people's court within {suit.value} months of receipt",
            "basis": suit.basis,
        },
    ]
