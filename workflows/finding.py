"""Find a case by its number, or by whatever its party is or was called, among those one may see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from records.lookup import Match, subjects_called
from workflows import sight
from workflows.models import Case

SHOWN = 50
_PARTIES = 200
_PART_OF_A_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z-]{3,40}", re.ASCII)


@dataclass(frozen=True)
class Found:
    """The cases found, newest first, and by what their parties were; whether there are more."""

    cases: list[Case]
    parties: Mapping[int, Match]
    remarks: list[str]
    more: bool


def cases_called(viewer: Any, *, on: date, search: str) -> Found:
    """Find cases by number, or by code, name, former name or old number of the party.

    ``remarks`` say why a code is none, unless what was typed is a part of a case number.
    """
    text = " ".join(search.replace("\0", "").split())
    if not text:
        return Found([], {}, [], more=False)
    called = subjects_called(text, most=_PARTIES)
    parties = {match.subject.pk: match for match in called.matches}
    meant = _numbered(text) | Q(party__in=parties)
    found = sight.visible_to(viewer, on=on).filter(meant).order_by("-opened_at", "-id")
    cases = list(found[: SHOWN + 1])
    remarks = [] if cases else called.remarks
    more = len(cases) > SHOWN or len(parties) == _PARTIES
    return Found(cases[:SHOWN], parties, remarks, more)


def _numbered(text: str) -> Q:
    asked = text.upper().replace(" ", "")
    return Q(reference__contains=asked) if _PART_OF_A_NUMBER.fullmatch(asked) else Q(pk__in=())
