"""What a proposal wants, in words: what it names, and the clock or rule value it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from web.pages.work import clock_title
from web.shown import Shown
from workflows import clock, editions, rulebook, suspension, wording
from workflows.models import Deadline, Proposal
from workflows.rulebook import RuleValue

_PROPOSED = {
    "cause": gettext_lazy("Cause"),
    "key": gettext_lazy("Time limit"),
    "length": gettext_lazy("Longer by"),
    "as_of": gettext_lazy("Started on"),
    "value": gettext_lazy("New value"),
    "since": gettext_lazy("In force from"),
    "basis": gettext_lazy("Legal basis"),
    "certainty": gettext_lazy("How certain"),
    "open_cases": gettext_lazy("Open cases"),
    "person": gettext_lazy("Who is to be recused"),
    "named": gettext_lazy("Whom the party means"),
    "year": gettext_lazy("Year"),
    "notice": gettext_lazy("Notice that declared the days"),
    "days": gettext_lazy("Declared days"),
    "added": gettext_lazy("Days added"),
    "changed": gettext_lazy("Days changed"),
    "removed": gettext_lazy("Days removed"),
    "moves": gettext_lazy("Dates of open cases that move"),
    "shorter": gettext_lazy("Dates that come nearer"),
    "sha256": gettext_lazy("SHA-256 of the file"),
}
_UNTOLD = frozenset({"file", "digest"})
_CHOICES: dict[str, Shown] = {"cause": suspension.CAUSES, "open_cases": editions.OPEN_CASES}
_DAYS = frozenset({"as_of", "since"})


@dataclass(frozen=True)
class Names:
    """What the numbers and keys in proposals stand for: people, clocks of cases, rule values."""

    people: Mapping[int, str] = field(default_factory=dict)
    clocks: Mapping[tuple[int, str], Deadline] = field(default_factory=dict)
    rules: Mapping[str, RuleValue] = field(default_factory=dict)

    def rule(self, proposed: Proposal) -> RuleValue | None:
        """Return the rule value that a proposal is to change, as it is now."""
        return self.rules.get(proposed.detail.get("key", ""))

    def title(self, proposed: Proposal) -> str:
        """Return what the rule value is about that a proposal is to change; nothing if unknown."""
        rule = self.rule(proposed)
        return rule.title if rule else ""


def named(found: Sequence[Proposal], *, on: date) -> Names:
    """Return what the numbers and keys in proposals the caller may see stand for."""
    return Names(_people(found), _clocks(found), _rules(found, on))


def code(proposed: Proposal) -> str:
    """Return by what a proposal without a case is called for: a year, or the key of a value."""
    if proposed.kind == Proposal.Kind.CALENDAR:
        return _("Calendar %(year)s") % {"year": proposed.detail["year"]}
    return str(proposed.detail["key"])


def facts(proposed: Proposal, names: Names) -> Iterator[Shown]:
    """Yield what a proposal names, each under its label."""
    if rule := names.rule(proposed):
        yield {"label": _("Value in force"), "value": rule.value}
    for name, value in proposed.detail.items():
        if name not in _UNTOLD and not (name == "key" and proposed.case_id is None):
            told = _worded(proposed, name, value, names)
            yield {"label": _PROPOSED.get(name, name), "value": told}


def _worded(proposed: Proposal, name: str, value: Any, names: Names) -> Any:
    running = names.clocks.get((proposed.case_id or 0, proposed.detail.get("key", "")))
    if name == "certainty":
        return wording.certainty(value)
    if name == "person":
        return names.people.get(value, "")
    if name in _DAYS:
        return date_format(date.fromisoformat(value))
    if running and name == "key":
        return clock_title(running, running.item)
    if running and name == "length":
        return wording.length(replace(running.term.period, length=value))
    return _chosen(proposed, name, value, names)


def _chosen(proposed: Proposal, name: str, value: Any, names: Names) -> Any:
    rule = names.rule(proposed)
    if rule and name == "value" and rule.term.unit in set(clock.Unit):
        return wording.length(replace(rule.term.period, length=int(value)))
    return _CHOICES.get(name, {}).get(value, value)


def _people(found: Iterable[Proposal]) -> dict[int, str]:
    concerned = {proposed.detail.get("person") for proposed in found} - {None}
    people = User.objects.filter(pk__in=concerned) if concerned else []
    return {person.pk: str(person) for person in people}


def _clocks(found: Iterable[Proposal]) -> dict[tuple[int, str], Deadline]:
    about = {p.case_id: p.detail["key"] for p in found if p.case_id and "key" in p.detail}
    if not about:
        return {}
    run = Deadline.objects.filter(case__in=about, term__key__in=set(about.values()))
    rows = run.select_related("case", "item", "term").order_by("pk")
    return {(running.case_id, running.term.key): running for running in rows}


def _rules(found: Iterable[Proposal], on: date) -> dict[str, RuleValue]:
    if not any(proposed.kind == Proposal.Kind.TERM for proposed in found):
        return {}
    groups = rulebook.every(on=on).values()
    return {rule.term.key: rule for rules in groups for rule in rules}
