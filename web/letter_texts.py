"""The texts of the letters as operators read them: who sends each, and how it looks."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications import samples
from notifications.letters import CHINESE, ENGLISH
from web.shown import Shown
from workflows import correspondence
from workflows.case_type import LetterKind, case_types
from workflows.models import Role
from workflows.remedies import names_remedies

BETWEEN = "between-units"


def by_type() -> list[Shown]:
    """Return every letter by the type of case that sends it."""
    types = [
        {
            "title": str(type_.verbose_name),
            "letters": [
                _line(type_.label, type_.folder / "letters", kind, _senders(type_).get(kind.name))
                for kind in type_.letters.values()
            ],
        }
        for type_ in case_types()
    ]
    folder, kinds = correspondence.between_units_texts()
    between = [
        _line(BETWEEN, folder, kind, [_("the unit that hands over")]) for kind in kinds.values()
    ]
    return [*types, {"title": _("Between units, for every type"), "letters": between}]


def remedies(*, on: date) -> list[Shown]:
    """Return the remedies that adverse letters name on a day, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [{"text": one[language], "basis": one["basis"]} for one in correspondence.remedies(on)]


def shown(kind: str, name: str) -> Shown | None:
    """Return one letter with a gap for each value, and its file, or nothing if there is none."""
    found = _found(kind, name)
    if found is None:
        return None
    folder, letter, senders = found
    return {
        **_line(kind, folder, letter, senders),
        "texts": [
            {
                "language": _("Chinese, as it is issued"),
                "lang": CHINESE,
                "html": samples.sample(name, folder=folder, title=letter.title, language=CHINESE),
                "source": samples.source(name, folder=folder, language=CHINESE),
            },
            {
                "language": _("English reading copy"),
                "lang": ENGLISH,
                "html": samples.sample(
                    name, folder=folder, title=letter.title_en, language=ENGLISH
                ),
                "source": samples.source(name, folder=folder, language=ENGLISH),
            },
        ],
    }


def _found(kind: str, name: str) -> tuple[Path, LetterKind, Iterable[Any] | None] | None:
    if kind == BETWEEN:
        folder, kinds = correspondence.between_units_texts()
        senders = [_("the unit that hands over")]
        return (folder, kinds[name], senders) if name in kinds else None
    for type_ in case_types():
        if type_.label == kind and name in type_.letters:
            return type_.folder / "letters", type_.letters[name], _senders(type_).get(name)
    return None


def _line(kind: str, folder: Path, letter: LetterKind, senders: Iterable[Any] | None) -> Shown:
    english = (get_language() or "").startswith("en")
    return {
        "title": letter.title_en if english else letter.title,
        "other_title": letter.title if english else letter.title_en,
        "other_lang": CHINESE if english else ENGLISH,
        "series": letter.series,
        "served": letter.served,
        "also_to": Role(letter.also_to).label if letter.also_to else "",
        "senders": [str(sender) for sender in senders or [Role.OFFICE.label]],
        "has_remedies": names_remedies(folder, letter.name),
        "url": reverse("admin:letter-text", args=[kind, letter.name]),
    }


def _senders(type_: Any) -> dict[str, list[Any]]:
    """Return by letter which units of a case send it; the service's own verbs send the rest."""
    found: dict[str, dict[str, Any]] = {}
    for flow in type_.flows.values():
        for node in flow.instance.nodes():
            if letter := getattr(node, "letter", None):
                found.setdefault(letter, {})[node.sender] = Role(node.sender).label
    return {letter: list(roles.values()) for letter, roles in found.items()}
