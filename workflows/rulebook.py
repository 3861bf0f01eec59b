"""The rule values in force by what they are about, for people who look for one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import clock, policy, suspension, wording
from workflows.asides import ASIDES
from workflows.case_type import CaseType, case_types
from workflows.models import Purpose, Term

_VARIANT = re.compile(r"\\\{[^}]*\\\}")
_EXTENSION = ".extend"
_NAMED = {
    "calc.first_day": gettext_lazy("Whether the day of the start is counted"),
    "calc.month_end": gettext_lazy("On which day a period of months ends"),
    "calc.pause_day_counts": gettext_lazy("Whether the day of a pause is counted"),
    "calc.receipt_convention": gettext_lazy("On which day something counts as received"),
    "calc.roll_act_deadline": gettext_lazy("Whether a last day that is a rest day moves"),
    "calc.roll_publication": gettext_lazy("Whether the end of a publication moves"),
    "clock.suspend.causes": gettext_lazy("For which causes a case is suspended"),
    "deemed.announce_before": gettext_lazy("How long before it a deemed acceptance is announced"),
    "general.service.announcement": gettext_lazy("How long an announcement serves a letter"),
    "ladder.answer": gettext_lazy("Time to answer a demand"),
    "light.yellow.least": gettext_lazy("Amber light: at least so long before the last day"),
    "light.yellow.share": gettext_lazy("Amber light: share of the period that is left"),
}


@dataclass(frozen=True)
class RuleValue:
    """One rule value in force, and what it is about; empty if only its key and basis tell."""

    term: Term
    title: str

    @property
    def value(self) -> str:
        """What it says: a length of time in words, or the value as it stands."""
        if self.term.unit in set(clock.Unit):
            return wording.length(self.term.period)
        return str(self.term.value)


def of_clocks(*, on: date) -> dict[str, list[RuleValue]]:
    """Return what clocks run by and how they are counted, grouped by type of case."""
    groups = {title: list(found) for title, found in _groups(on)}
    return {
        title: named
        for title, found in groups.items()
        if (named := [rule for rule in found if rule.title])
    }


def every(*, on: date) -> dict[str, list[RuleValue]]:
    """Return every rule value in force, grouped by type of case."""
    return {title: found for title, values in _groups(on) if (found := list(values))}


def title(key: str) -> str:
    """Return what the rule value of a key is about; empty if only its key tells."""
    own = [type_ for type_ in case_types() if type_.label == key.partition(".")[0]]
    return _title(key, _steps(own[0]) if own else _beside())


def in_words(term: Term) -> str:
    """Return what a value says: a length of time, yes or no, causes, or the value as it stands."""
    if term.value.isdigit() and term.unit in set(clock.Unit):
        return wording.length(term.period)
    told = {"true": _("yes"), "false": _("no")}
    if term.key == suspension.LISTED:
        told = {cause: str(said) for cause, said in suspension.CAUSES.items()}
    return _("; ").join(told.get(one, one) for one in term.value.split(";"))


def _groups(on: date) -> Iterator[tuple[str, Iterator[RuleValue]]]:
    terms, types = policy.edition(on).terms, case_types()
    labels = {type_.label for type_ in types}
    for type_ in types:
        own = [term for term in terms if _kind(term) == type_.label]
        yield str(type_.verbose_name), _titled(own, _steps(type_))
    rest = [term for term in terms if _kind(term) not in labels]
    yield _("Every type of case"), _titled(rest, _beside())


def _kind(term: Term) -> str:
    return term.key.partition(".")[0]


def _titled(terms: Iterable[Term], named: dict[str, list[str]]) -> Iterator[RuleValue]:
    for term in terms:
        yield RuleValue(term, _title(term.key, named))


def _pattern(key: str) -> re.Pattern[str]:
    """Return the test for the keys of a term that has variants, as ``repair.{channel}.accept``."""
    return re.compile(_VARIANT.sub("[^.]+", re.escape(key)))


def _title(key: str, named: dict[str, list[str]]) -> str:
    base = key.removesuffix(_EXTENSION)
    variants = (titles for name, titles in named.items() if _pattern(name).fullmatch(base))
    found = named.get(base) or [title for titles in variants for title in titles]
    title = " / ".join(dict.fromkeys(found))
    if title and base != key:
        return _("%(title)s: extension") % {"title": title}
    return title or str(_NAMED.get(key, ""))


def _steps(type_: CaseType) -> dict[str, list[str]]:
    """Return, for the keys a route names, the steps whose clocks run by them."""
    named: dict[str, list[str]] = {}
    for flow in type_.flows.values():
        for node in flow.instance.nodes():
            for key, title in _keys_of(node):
                named.setdefault(key, []).append(title)
    return named


def _keys_of(node: Any) -> Iterator[tuple[str, str]]:
    if hasattr(node, "clocks"):
        whole = _("The whole case")
        yield from ((key, whole) for key in node.clocks)
        yield from ((key, _for(whole, Purpose.PROMISE)) for key in node.promised)
    elif hasattr(node, "due"):
        title = str(node.form.title)
        yield node.due, title
        for purpose, key in node.more_clocks().items():
            if key:
                yield key, _for(title, Purpose(purpose))


def _for(title: str, purpose: Purpose) -> str:
    return _("%(step)s (%(purpose)s)") % {"step": title, "purpose": purpose.label}


def _beside() -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for aside in ASIDES.values():
        named.setdefault(aside.due, []).append(str(aside.title))
        if aside.deemed:
            told = {"step": aside.title, "purpose": _("silence counts as no objection")}
            named.setdefault(aside.deemed.key, []).append(_("%(step)s (%(purpose)s)") % told)
    return named
