"""Tell what completing a step would do: do it, read it back from the log, and undo it all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.letters import CHINESE, ENGLISH, text_of
from notifications.models import Letter, Message
from workflows import tracking, work
from workflows.case_type import LetterKind, case_type
from workflows.clock import PAUSED, RESUMED, SERVED
from workflows.foreseen import Draft, Effect, Foreseen, How, Stand, Step, Turn
from workflows.models import Case, Deadline, Entry, Errand, WorkItem
from workflows.tracking import Clock

_ENDS, _STARTS, _MOVES = "clock_ended", "clock_started", "clock_moved"
_OPENING, _CLOSING = ("opened", "asked_beside"), ("completed", "cancelled")
_TOLD_OTHERWISE = {
    *("claimed", "letter_issued", *_OPENING, *_CLOSING),
    *(_ENDS, _STARTS, _MOVES, PAUSED, RESUMED),
}


def foresee(item_id: int, *, by: Any, answers: Any, at: datetime) -> Foreseen:
    """Return what ``work.complete`` would do now, for the same person and the same answers.

    It is done under the same lock and undone: no number, no letter, no message, no errand and
    no entry of the log is left. Refuses what completing the step would refuse.
    """
    with transaction.atomic():
        waiting = list(Errand.objects.filter(source__items=item_id, done_at=None))
        case = work.complete(item_id, by=by, answers=answers, at=at)
        foreseen = _Reading(case, item_id, at, waiting).foreseen()
        transaction.set_rollback(True)
    return foreseen


class _Reading:
    """Reads what was just done to a case, before it is undone."""

    def __init__(self, case: Any, item_id: int, at: datetime, waiting: Sequence[Errand]) -> None:
        self._case, self._waiting = case, {errand.pk for errand in waiting}
        self._dossier = tracking.dossier_of(case, on=localdate(at))
        self._new = _since(self._dossier.log, item_id)
        self._ended = list(
            case.deadlines.filter(ended_at=at).select_related("term", "item__unit").order_by("pk")
        )

    def foreseen(self) -> Foreseen:
        """Tell all of it."""
        items = self._items()
        return Foreseen(
            reference=self._case.reference,
            before=_stand(self._case, self._was()),
            after=_stand(self._case, self._case.state),
            moves=[self._effect(entry) for entry in self._new if self._is_move(entry)],
            closing=self._steps(items, _CLOSING),
            opening=self._steps(items, _OPENING),
            turns=list(self._turns()),
            letters=self._letters(),
            effects=self._effects(),
            elsewhere=self._errands(),
            ends=any(entry.kind in ("closed", "concluded") for entry in self._new),
        )

    def _is_move(self, entry: Entry) -> bool:
        return entry.kind in case_type(self._case.kind).moves

    def _was(self) -> str:
        moves = [entry.detail["from"] for entry in self._new if self._is_move(entry)]
        return str(moves[0] if moves else self._case.state)

    def _effect(self, entry: Entry) -> Effect:
        return Effect(tracking.called(self._case, entry), entry.basis)

    def _effects(self) -> list[Effect]:
        told = (*_TOLD_OTHERWISE, *case_type(self._case.kind).moves)
        others = [entry for entry in self._new if entry.kind not in told]
        return [self._effect(e) for e in others if not e.kind.startswith(SERVED)]

    def _errands(self) -> list[Effect]:
        left = Errand.objects.filter(source=self._case.pk, done_at=None)
        new = left.exclude(pk__in=self._waiting).select_related("target").order_by("pk")
        return [Effect(_said(errand)) for errand in new]

    def _items(self) -> dict[int, WorkItem]:
        named = {entry.detail.get("item") for entry in self._new} - {None}
        found = WorkItem.objects.filter(pk__in=named).select_related("unit").order_by("pk")
        return {item.pk: item for item in found}

    def _steps(self, items: Mapping[int, WorkItem], kinds: Iterable[str]) -> list[Step]:
        told = [items[entry.detail["item"]] for entry in self._new if entry.kind in kinds]
        still = [item for item in told if kinds is _CLOSING or item.is_open]
        return [_step(item, self._case) for item in still]

    def _turns(self) -> Iterator[Turn]:
        ended = {(e.detail["key"], e.detail["item"]) for e in self._new if e.kind == _ENDS}
        for deadline in self._ended:
            if (deadline.term.key, deadline.item_id) in ended:
                yield Turn(How.ENDS, deadline, was=deadline.due_on)
        for clock in self._dossier.clocks:
            yield from self._turn(clock)

    def _turn(self, clock: Clock) -> Iterator[Turn]:
        mine = [entry for entry in self._new if _is_about(entry, clock.deadline)]
        kinds = {entry.kind for entry in mine}
        how = next((how for kind, how in _HOW if kind in kinds), None)
        if how is not None:
            yield Turn(how, clock.deadline, clock, _before(mine))

    def _letters(self) -> list[Draft]:
        told = [e.detail["number"] for e in self._new if e.kind == "letter_issued"]
        if not told:
            return []
        people: dict[str, list[str]] = {number: [] for number in told}
        sent = Message.objects.filter(letter__number__in=told).select_related("to", "letter")
        for message in sent.order_by("pk"):
            people[str(message.letter)].append(str(message.to))
        return [
            self._draft(letter, people[letter.number])
            for letter in Letter.objects.filter(number__in=told).order_by("pk")
        ]

    def _draft(self, letter: Letter, people: Sequence[str]) -> Draft:
        kind = case_type(self._case.kind).letters.get(letter.name)
        served = any(entry.kind == f"{SERVED}{letter.name}" for entry in self._new)
        return Draft(
            name=letter.name,
            title=letter.title,
            title_en=letter.title_en,
            html=_unnumbered(letter, CHINESE),
            html_en=_unnumbered(letter, ENGLISH),
            addressee=self._addressee(kind),
            people=tuple(people),
            is_served=served,
            has_to_be_served=bool(kind and kind.served and not served),
        )

    def _addressee(self, kind: LetterKind | None) -> str:
        """Return to whom a letter is written: to a unit, with a copy to the party, or to it."""
        if kind is None or not kind.also_to:
            return str(self._case.party.name)
        named = {"unit": self._case.unit_as[kind.also_to], "party": self._case.party.name}
        return _("%(unit)s (copy to %(party)s)") % named


def _since(log: list[Entry], item_id: int) -> list[Entry]:
    """Return the entries of the act that completed a step: the clocks it ended come first."""
    done = [n for n, entry in enumerate(log) if _is_end_of(entry, item_id, "completed")]
    first = done[-1]
    while first and _is_end_of(log[first - 1], item_id, _ENDS, log[first].at):
        first -= 1
    return log[first:]


def _is_end_of(entry: Entry, item_id: int, kind: str, at: datetime | None = None) -> bool:
    named = entry.kind == kind and entry.detail.get("item") == item_id
    return bool(named and (at is None or entry.at == at))


def _is_about(entry: Entry, deadline: Deadline) -> bool:
    detail, key = entry.detail, deadline.term.key
    if entry.kind in (PAUSED, RESUMED):
        return bool(key in detail["keys"])
    return bool(detail.get("key") == key and detail.get("item") == deadline.item_id)


def _before(entries: Iterable[Entry]) -> date | None:
    was = next((e.detail["was"] for e in entries if e.kind == _MOVES), None)
    return date.fromisoformat(was) if was else None


def _stand(case: Case, state: str) -> Stand:
    type_ = case_type(case.kind)
    return Stand(type_.told_staff(state), type_.told_party(state))


def _step(item: WorkItem, case: Case) -> Step:
    who = str(item.unit) if item.unit else case.party.name
    return Step(tracking.title_of(case.kind, item.step), who, item.due_on)


def _unnumbered(letter: Letter, language: str) -> str:
    """Return the text of a letter with a word in the place of the number it will not have."""
    with override(language):
        word = _("[draft, not issued]")
    return text_of(letter, language=language).replace(letter.number, word)


def _said(errand: Errand) -> str:
    """Say what would be done to another case; not to which, for not everybody may see it."""
    if errand.kind == Errand.Kind.OPEN:
        door = case_type(errand.detail["kind"]).door(errand.detail["door"])
        return _("Another case is opened: %(title)s") % {"title": door.title}
    assert errand.target is not None
    title = case_type(errand.target.kind).verbose_name
    return str(_ERRANDS[Errand.Kind(errand.kind)]()) % {"title": title}


_HOW = ((_STARTS, How.STARTS), (PAUSED, How.STANDS), (RESUMED, How.RUNS), (_MOVES, How.MOVES))
_ERRANDS = {
    Errand.Kind.SUSPEND: lambda: _("A case about the same record is suspended: %(title)s"),
    Errand.Kind.RESUME: lambda: _("A case that stood still because of this one goes on: %(title)s"),
    Errand.Kind.CONCLUDE: lambda: _("The case that opened this one may be closed: %(title)s"),
}
