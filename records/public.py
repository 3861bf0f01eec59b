"""What anybody may see of an organisation: its published records, with no person in them."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from records.lookup import Found, Match, subjects_called
from records.masking import is_persons_name, masked, surname_only
from records.models import Record, Subject

MOST = 20
# Of those called so, some have nothing published: more are looked at than shown.
_LOOKED_AT = 5 * MOST
_LONGEST = 100
_SPOKEN = ("conduct", "content", "legal_basis")


@dataclass(frozen=True)
class Organisation:
    """One organisation with published records: how many, and by what it was found."""

    credit_code: str
    name: str
    by: str
    value: str
    records: int


@dataclass(frozen=True)
class Search:
    """Who is called as was asked, what was noticed on reading it, and whether there are more."""

    remarks: list[str]
    organisations: list[Organisation]
    more: bool


@dataclass(frozen=True)
class Shown:
    """The published records of one organisation, newest first, and how many there are."""

    credit_code: str
    name: str
    records: list[Record]
    count: int


def organisations_called(text: str, *, viewer: Any = None) -> Search:
    """Return the organisations that a text names and of which something is published.

    Who is registered under nothing but a person's name is found by the whole code only.
    """
    said = _harmless(text)
    if not said:
        return Search([], [], more=False)
    found = subjects_called(said, most=_LOOKED_AT)
    counts = _counted(found, viewer)
    known = [m for m in found.matches if m.subject.pk in counts and _may_be_found(m)]
    told = [_organisation(match, counts[match.subject.pk]) for match in known[:MOST]]
    return Search(found.remarks, told, more=len(known) > MOST or len(found.matches) == _LOOKED_AT)


def records_of(code: str, *, viewer: Any = None, search: str = "") -> Shown | None:
    """Return the newest published records of an organisation, as copies to show, never to save.

    Nothing is told of an organisation of which nothing is published, not even its name.
    """
    about = _published_to(viewer).filter(subject__credit_code=_harmless(code).upper())
    published = about.select_related("subject").order_by("-decided_on", "-id")
    found = published.filter(_about(_harmless(search)))
    newest = list(found[: MOST + 1])
    known = newest[0] if newest else published.first()
    if known is None:
        return None
    count = len(newest) if len(newest) <= MOST else found.count()
    told = [_shown(record) for record in newest[:MOST]]
    return Shown(known.subject.credit_code, _name_of(known.subject), told, count)


def _published_to(_viewer: Any) -> QuerySet[Record]:
    """Return what is published; nobody is shown more of it here than anybody else."""
    published = Record.objects.filter(publication=Record.Publication.PUBLISHED)
    return published.filter(repaired_on=None, removed_on=None)


def _counted(found: Found, viewer: Any) -> dict[int, int]:
    subjects = [match.subject.pk for match in found.matches]
    published = _published_to(viewer).filter(subject__in=subjects).order_by()
    return dict(published.values_list("subject").annotate(n=Count("pk")))


def _may_be_found(match: Match) -> bool:
    return not is_persons_name(match.subject.credit_code, match.value)


def _organisation(match: Match, count: int) -> Organisation:
    code = match.subject.credit_code
    return Organisation(code, _name_of(match.subject), match.by, match.value, count)


def _name_of(subject: Subject) -> str:
    name = subject.name
    return surname_only(name) if is_persons_name(subject.credit_code, name) else name


def _about(search: str) -> Q:
    if not search:
        return Q()
    return Q(document_number__icontains=search) | Q(authority_name__icontains=search)


def _shown(record: Record) -> Record:
    told, name = copy(record), record.subject.name
    told.subject = copy(record.subject)
    told.subject.name = _name_of(record.subject)
    for column in _SPOKEN:
        text = masked(getattr(record, column))
        setattr(told, column, text.replace(name, told.subject.name))
    told.categories = [masked(str(category)) for category in record.categories]
    told.facts, told.reported = "", {}
    return told


def _harmless(text: str) -> str:
    """Return what was typed without the one character that PostgreSQL keeps nowhere."""
    return text.replace("\x00", "").strip()[:_LONGEST]
