"""The organisations a file is about: known by their codes, named as of late, older names kept."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Max

from records.models import Alias, Subject
from records.rows import Decision

# Every name the rows give an organisation, and the last day on which they do.
Names = dict[str, date]


def under_present_codes(decisions: list[Decision]) -> list[Decision]:
    """Return the decisions with every former code replaced by the one that follows it."""
    codes = {decision.credit_code for decision in decisions}
    former = Alias.objects.filter(kind=Alias.Kind.FORMER_CODE, value__in=codes)
    present = dict(former.values_list("value", "subject__credit_code"))
    if not present:
        return decisions
    return [replace(d, credit_code=present.get(d.credit_code, d.credit_code)) for d in decisions]


def subjects_of(decisions: list[Decision]) -> dict[str, Subject]:
    """Return the organisations of the decisions by code; make those not yet known.

    The name in the latest decision is the present one; every other becomes an alias, and so do
    the numbers the rows give. Writes at once; the same rows again change nothing.
    """
    names = _names(decisions)
    known = Subject.objects.in_bulk(list(names), field_name="credit_code")
    new = [Subject(credit_code=c, name=_latest(n)) for c, n in names.items() if c not in known]
    Subject.objects.bulk_create(new, ignore_conflicts=True)
    subjects = Subject.objects.in_bulk(list(names), field_name="credit_code")
    _keep([*_former_names(subjects, names), *_numbers(subjects, decisions)])
    return subjects


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ in nothing but width and gaps."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).upper().split())


def _names(decisions: Iterable[Decision]) -> dict[str, Names]:
    found: dict[str, Names] = defaultdict(dict)
    for decision in decisions:
        stated = found[decision.credit_code]
        day = stated.get(decision.name, decision.decided_on)
        stated[decision.name] = max(day, decision.decided_on)
    return found


def _latest(stated: Names, present: str = "") -> str:
    return max(stated, key=lambda name: (stated[name], same_name(name, present)))


def _former_names(subjects: dict[str, Subject], names: dict[str, Names]) -> Iterator[Alias]:
    doubtful = [
        subject
        for code, subject in subjects.items()
        if not all(same_name(name, subject.name) for name in names[code])
    ]
    newest = _newest_decisions(doubtful)
    for subject in doubtful:
        yield from _renamed(subject, names[subject.credit_code], newest.get(subject.pk))


def _newest_decisions(subjects: list[Subject]) -> dict[int, date]:
    if not subjects:
        return {}
    found = Subject.objects.filter(pk__in=[subject.pk for subject in subjects])
    dated = found.filter(records__isnull=False).annotate(newest=Max("records__decided_on"))
    return dict(dated.values_list("pk", "newest"))


def _renamed(subject: Subject, stated: Names, newest: date | None) -> Iterator[Alias]:
    latest, former = _latest(stated, subject.name), dict(stated)
    if newest is None or stated[latest] >= newest:
        former.setdefault(subject.name, newest or stated[latest])
        subject.name = latest
        subject.save(update_fields=["name"])
    for name, day in former.items():
        if not same_name(name, subject.name):
            yield Alias(subject=subject, kind=Alias.Kind.FORMER_NAME, value=name, until=day)


def _numbers(subjects: dict[str, Subject], decisions: list[Decision]) -> Iterator[Alias]:
    for decision in decisions:
        for kind, number in decision.numbers.items():
            yield Alias(subject=subjects[decision.credit_code], kind=kind, value=number)


def _keep(aliases: list[Alias]) -> None:
    # Asked for first: an insert that conflicts would use up a key for every row of a file.
    wanted = {(a.subject_id, str(a.kind), a.value): a for a in aliases}
    if not wanted:
        return
    found = Alias.objects.filter(subject__in={subject for subject, _kind, _value in wanted})
    known = set(found.values_list("subject_id", "kind", "value"))
    new = [alias for key, alias in wanted.items() if key not in known]
    Alias.objects.bulk_create(new, ignore_conflicts=True)
