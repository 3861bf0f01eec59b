"""What a supervisor may direct, who might take a step, and what units were asked. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from accounts.standing import known_in, standing
from workflows import asides, hands, work
from workflows.acts import Refused
from workflows.hands import Past
from workflows.models import Case, Urging, WorkItem
from workflows.queues import PAGE, supervised_by

_OPEN = Q(answered_at=None)
_LATE = Q(answered_at__date__gt=F("answer_due_on"))


@dataclass(frozen=True)
class Candidate:
    """A person of a unit who might take a step, how many steps they have, and why they may not."""

    person: Any
    load: int
    in_place_of: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Asked:
    """Which demands are looked for; what is empty does not narrow.

    ``kind`` is ``urge`` or ``explain`` for those of a person, ``ladder`` for those the service
    made; ``state`` is ``open``, ``late`` for an answer that is late or was, or ``answered``.
    """

    unit: str = ""
    kind: str = ""
    state: str = ""


def may_direct(viewer: Any, unit: Unit | None, *, on: date) -> bool:
    """Test that a person supervises a unit, or the credit office; an auditor only watches."""
    mine = standing(viewer, on=on)
    return unit is not None and (mine.oversees_all or unit in mine.supervised)


def directed_by(viewer: Any, ids: Iterable[int], *, on: date) -> list[WorkItem]:
    """Return those of several open steps that the viewer may hand over and urge, soonest first."""
    named = WorkItem.objects.filter(pk__in=list(ids), state__in=asides.OPEN, unit__isnull=False)
    related = named.select_related("case__party", "case__record__subject", "unit", "owner")
    found = related.order_by("due_on", "pk")
    return [item for item in found if may_direct(viewer, item.unit, on=on)]


def candidates_for(viewer: Any, item: WorkItem, *, on: date) -> list[Candidate]:
    """Return everybody of a step's unit, those who may take it first, the least laden first."""
    if item.unit is None or not may_direct(viewer, item.unit, on=on):
        return []
    past, people = hands.past_of(item.case), known_in(item.unit, on=on)
    loads = _loads(people)
    found = [_candidate(item, person, loads.get(person.pk, 0), past, on) for person in people]
    return sorted(found, key=lambda one: (bool(one.why_not), one.load, str(one.person)))


def team_of(viewer: Any, units: Iterable[Unit], *, on: date) -> dict[Unit, list[Candidate]]:
    """Return who works in each of those units that the viewer directs, and with how many steps."""
    mine = [unit for unit in dict.fromkeys(units) if may_direct(viewer, unit, on=on)]
    teams = {unit: known_in(unit, on=on) for unit in mine}
    loads = _loads(person for team in teams.values() for person in team)
    return {
        unit: [Candidate(person, loads.get(person.pk, 0)) for person in team]
        for unit, team in teams.items()
    }


def demands_for(viewer: Any, asked: Asked, *, on: date, page: int = 1) -> list[Urging]:
    """Return a page of the demands on the units the viewer watches, open ones first."""
    found = _demands(viewer, asked, on).filter(_in_state(asked.state, on))
    ordered = found.order_by(F("answered_at").desc(nulls_first=True), "answer_due_on", "pk")
    return list(_with_case(ordered)[(page - 1) * PAGE : page * PAGE])


def count_demands(viewer: Any, asked: Asked, *, on: date) -> dict[str, int]:
    """Count the demands on the units the viewer watches, by their state; empty for all."""
    states = {state or "all": state for state in ("", "open", "late", "answered")}
    counts = {name: Count("pk", filter=_in_state(s, on)) for name, s in states.items()}
    counted = _demands(viewer, asked, on).order_by().aggregate(**counts)
    return {state: counted[name] for name, state in states.items()}


def demands_in(case: Case) -> list[Urging]:
    """Return every demand about a case the caller may see, newest first."""
    return list(
        _with_case(Urging.objects.filter(deadline__case=case)).order_by("-opened_at", "-pk")
    )


def why_not_another(refused: Refused) -> str:
    """Return why somebody else may not do a step; the refusal itself speaks to that person."""
    return str(_OF_ANOTHER.get(type(refused), refused))


def _candidate(item: WorkItem, person: Any, load: int, past: Past, on: date) -> Candidate:
    if item.owner_id == person.pk:
        return Candidate(person, load, why_not=_("has it now"))
    try:
        acting = work.able(item, person, on=on, past=past)
    except Refused as refused:
        return Candidate(person, load, why_not=why_not_another(refused))
    return Candidate(person, load, str(acting.on_behalf_of or ""))


def _loads(people: Iterable[Any]) -> dict[int, int]:
    owners = {person.pk for person in people}
    claimed = WorkItem.objects.filter(state=WorkItem.State.CLAIMED, owner__in=owners)
    return dict(claimed.order_by().values_list("owner").annotate(n=Count("id")))


def _demands(viewer: Any, asked: Asked, on: date) -> QuerySet[Urging]:
    found = Urging.objects.filter(unit__in=supervised_by(viewer, on=on))
    if asked.unit:
        found = found.filter(unit__code=asked.unit)
    if asked.kind == "ladder":
        return found.filter(rung__isnull=False)
    return found.filter(rung=None, kind=asked.kind) if asked.kind else found


def _in_state(state: str, on: date) -> Q:
    overdue = _OPEN & Q(answer_due_on__lt=on)
    return {"open": _OPEN, "late": overdue | _LATE, "answered": ~_OPEN}.get(state, Q())


def _with_case(found: QuerySet[Urging]) -> QuerySet[Urging]:
    about = ("deadline__case__party", "deadline__term", "deadline__item", "unit")
    return found.select_related(*about, "asked_by", "answered_by")


_OF_ANOTHER: dict[type[Refused], Any] = {
    hands.NotYourQueue: gettext_lazy("does not hold the duty that does this step"),
    hands.WhoIsRecused: gettext_lazy("is kept out of this case, by recusal or a tie to the party"),
    work.SecondPersonNeeded: gettext_lazy("did another step of this case that excludes this one"),
}
