"""Write to the party: gather what a letter says, number it, issue it, put it in the outbox."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Duty, Unit
from accounts.standing import holders, representatives
from forms import attachments
from notifications import letters, outbox
from notifications.models import Letter
from workflows import audit, deadlines, policy, service, wording
from workflows.acts import current_act
from workflows.case_type import LetterKind, case_type, letter_kinds
from workflows.clock import Due
from workflows.models import Case, Role
from workflows.numbering import next_number

# Letters between units, which every type of case can send; ``send`` writes those to the party.
_BETWEEN_UNITS = Path(__file__).parent / "letters"


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
    _post(letter, case, [*representatives(case.party.credit_code, on=act.on), *_copied(kind, case)])
    if kind.served:
        service.serve(letter, case, unit=case.unit_as[sender])
    return letter


def between_units() -> list[str]:
    """Return the names of the letters that units write to one another and no party reads."""
    return list(letter_kinds(_BETWEEN_UNITS / "titles.csv"))


def between_units_texts() -> tuple[Path, dict[str, LetterKind]]:
    """Return the folder of the letters that units write to one another, and what they are."""
    return _BETWEEN_UNITS, letter_kinds(_BETWEEN_UNITS / "titles.csv")


def write_to_unit(
    name: str,
    case: Case,
    *,
    sender: Unit,
    to: Unit,
    people: Sequence[Any],
    facts: Mapping[str, Any],
) -> Letter:
    """Issue one letter of a unit to another and put it in the outbox of people there.

    :raises LetterIncomplete: if the letter says something that ``facts`` does not have
    """
    act, kind = current_act(), letter_kinds(_BETWEEN_UNITS / "titles.csv")[name]
    letter = letters.issue(
        name,
        folder=_BETWEEN_UNITS,
        about=case.reference,
        number=_number(kind.series, act.on),
        title=kind.title,
        title_en=kind.title_en,
        context={
            "case": {"reference": case.reference},
            "party": {"name": lazystr(to), "credit_code": to.credit_code},
            "subject": case.party,
            "kind": case_type(case.kind).verbose_name,
            "unit": sender,
            "issued_on": act.on,
            "facts": facts,
        },
        at=act.at,
    )
    issued = {"letter": name, "number": letter.number, "sha256": letter.sha256}
    audit.record("letter_issued", case, detail={**issued, "to": to.code})
    _post(letter, case, people)
    return letter


def _copied(kind: LetterKind, case: Case) -> list[Any]:
    if not kind.also_to:
        return []
    return holders(case.unit_as[kind.also_to], Duty.HANDLER, on=current_act().on)


def _number(series: str, on: date) -> str:
    prefix = policy.term("letters.prefix", on=on).value
    serial = next_number(f"letter/{series}", on.year)
    return f"{prefix}{series}字〔{on.year}〕第{serial:04}号"


def _post(letter: Letter, case: Case, people: Sequence[Any]) -> None:
    named = {"reference": case.reference, "title": letter.title, "number": letter.number}
    with override(settings.LANGUAGE_CODE):
        body = _("A letter about your case %(reference)s is ready: %(title)s, %(number)s.") % named
    outbox.send(
        to=people,
        about=case.reference,
        subject=f"{letter.title}（{case.reference}）",
        body=body,
        letter=letter,
        at=current_act().at,
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
        "remedies": remedies(act.on),
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
            "basis": wording.source(term.basis),
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


def remedies(on: date) -> list[dict[str, Any]]:
    """Return the remedies an adverse letter of a day names: each ``zh``, ``en`` and ``basis``."""
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
