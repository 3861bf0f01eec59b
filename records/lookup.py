"""Find an organisation by whatever it is or was called: code, name, former name, old number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from records import credit_code
from records.models import Alias, Subject

MOST = 20
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z]{9,18}", re.ASCII)
_SHORTEST_NAME = 2
_FULL_WIDTH = str.maketrans("()", "（）")
_HALF_WIDTH = str.maketrans("（）", "()")


@dataclass(frozen=True)
class Match:
    """One organisation, and by what it was found."""

    subject: Subject
    by: str
    value: str
    until: date | None = None


@dataclass(frozen=True)
class Found:
    """What was looked for as it was read, what was noticed on reading it, and who is called so."""

    asked: str
    remarks: list[str]
    matches: list[Match]


def subjects_called(text: str, *, most: int = MOST) -> Found:
    """Find the organisations a text names: present names and codes first, each organisation once.

    A code is read as people write it; ``remarks`` say what was read differently and why a
    code is none. A name needs two characters.
    """
    number = credit_code.normalised(text)
    if _NUMBER.fullmatch(number):
        check = credit_code.check(text, imported=True)
        remarks = [*check.reasons, *check.warnings]
        return Found(number, remarks, _first(_by_number(number), most))
    name = " ".join(text.split())
    matches = _by_name(name) if len(name) >= _SHORTEST_NAME else iter(())
    return Found(name, [], _first(matches, most))


def _first(matches: Iterator[Match], most: int) -> list[Match]:
    once: dict[int, Match] = {}
    for match in matches:
        once.setdefault(match.subject.pk, match)
        if len(once) == most:
            break
    return list(once.values())


def _by_number(number: str) -> Iterator[Match]:
    for subject in Subject.objects.filter(credit_code=number):
        yield Match(subject, _("Unified social credit code"), number)
    if credit_code.is_organisation_code(number):
        for subject in _with_body(number):
            yield Match(subject, str(Alias.Kind.ORGANISATION_CODE.label), number)
    yield from _aliases(Q(value=number) & ~Q(kind=Alias.Kind.FORMER_NAME))


def _with_body(code: str) -> Iterator[Subject]:
    # The index on characters 9 to 17 serves this.
    coded = Subject.objects.alias(body=Substr("credit_code", 9, 9)).filter(body=code)
    return iter(coded.order_by("name"))


def _by_name(name: str) -> Iterator[Match]:
    asked = {name.translate(_FULL_WIDTH), name.translate(_HALF_WIDTH)}
    present = _contains("name", asked)
    for subject in Subject.objects.filter(present).order_by("name").iterator(MOST):
        yield Match(subject, _("Name"), subject.name)
    yield from _aliases(_contains("value", asked) & Q(kind=Alias.Kind.FORMER_NAME))


def _contains(column: str, asked: set[str]) -> Q:
    found = Q()
    for text in asked:
        found |= Q(**{f"{column}__icontains": text})
    return found


def _aliases(which: Q) -> Iterator[Match]:
    found = Alias.objects.filter(which).select_related("subject")
    for alias in found.order_by("subject__name").iterator(MOST):
        yield Match(alias.subject, str(alias.get_kind_display()), alias.value, alias.until)
