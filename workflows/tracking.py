"""Where a case stands: what happened, which clocks run, what it waits for. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from workflows import asides, audit, clock, policy, timing, wording
from workflows.calendar import Calendar
from workflows.case_type import Opener, case_type
from workflows.clock import Conventions, Due, Light
from workflows.models import Case, Deadline, Entry, Purpose, WorkItem
from workflows.timing import Course, TimeSpent

# Who works on a case is not told who rated it, nor that they were called back.
RATING = {"rated", "rating_followed_up"}
_IN_THE_LOG_ONLY = {"clock_started", "clock_ended", "opened", "cancelled", *RATING}
_OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]


@dataclass(frozen=True)
class Waiting:
    """What a case waits for: the step, the one who has to do it, until when and why."""

    item: WorkItem
    step: str
    who: str
    why: str
    due_on: date | None
    light: Light

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        said = _("%(step)s: waiting for %(who)s, because %(why)s.") % {
            "step": self.step,
            "who": self.who,
            "why": self.why,
        }
        return _("%(said)s %(until)s") % {"said": said, "until": self._until}

    @property
    def _until(self) -> str:
        if self.due_on is None:
            return str(_("The clock stands still."))
        return _("Due on %(day)s.") % {"day": date_format(self.due_on)}


@dataclass(frozen=True)
class Clock:
    """One running clock of a case, as it may be shown."""

    deadline: Deadline
    due: Due
    light: Light
    days_left: int | None
    certainty: str
    explanation: list[str]


@dataclass(frozen=True)
class Happening:
    """One line of a case's history."""

    at: datetime
    kind: str
    title: str
    who: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Dossier:
    """Where a case stands: its log, its running clocks, and what it waits for."""

    case: Case
    log: list[Entry]
    clocks: list[Clock]
    waiting: list[Waiting]

    @property
    def history(self) -> list[Happening]:
        """What happened, oldest first, and who did it; the log tells every turn of a clock."""
        names = names_in(self.log)
        told = [entry for entry in self.log if entry.kind not in _IN_THE_LOG_ONLY]
        return [self._told(entry, who_did(entry, names)) for entry in told]

    @property
    def timeline(self) -> list[Happening]:
        """The moves, oldest first, without the names of those who work on the case."""
        told = {"received", *case_type(self.case.kind).moves}
        moves = [entry for entry in self.log if entry.kind in told]
        return [self._told(entry, "") for entry in moves]

    def time_spent(self, *, on: date) -> TimeSpent:
        """Return whose working days the case has taken so far."""
        heard = [audit.heard(entry) for entry in self.log]
        return timing.time_spent(heard, policy.calendar(), until=self._until(on))

    def course(self, *, on: date) -> Course:
        """Return the working days of the case so far, each counted once, paused ones apart."""
        heard = [audit.heard(entry) for entry in self.log]
        return timing.course(heard, policy.calendar(), until=self._until(on))

    def _until(self, on: date) -> date:
        return localdate(self.case.closed_at) if self.case.closed_at else on

    def _told(self, entry: Entry, who: str) -> Happening:
        return Happening(entry.at, entry.kind, called(self.case, entry), who, entry.detail)


def waiting_in(cases: Sequence[Case], *, on: date) -> dict[int, list[Waiting]]:
    """Return what each of several cases waits for now."""
    known = {case.pk: case for case in cases}
    open_ = WorkItem.objects.filter(case__in=known, state__in=_OPEN)
    waiting: dict[int, list[Waiting]] = {pk: [] for pk in known}
    for item in open_.select_related("unit", "owner").order_by("due_on", "id"):
        waiting[item.case_id].append(_waiting(item, known[item.case_id], on))
    return waiting


def log_of(case: Case) -> list[Entry]:
    """Return the log of a case the caller may see, oldest first, with the names of its people."""
    log = Entry.objects.filter(stream=case.reference).order_by("seq")
    return list(log.annotate(by_name=_name("by"), absent_name=_name("on_behalf_of")))


def _name(column: str) -> Subquery:
    """Return the name of the person whom an entry knows by a key, such as ``user:7``."""
    of_a_person = Value("^user:([0-9]+)$")
    key = Func(OuterRef(column), of_a_person, function="substring", output_field=TextField())
    people = User.objects.filter(pk=Cast(key, BigIntegerField()))
    return Subquery(people.values_list(Coalesce(NullIf("display_name", Value("")), "username")))


def dossier_of(case: Case, *, on: date) -> Dossier:
    """Return where a case the caller may see stands, read once from its log and its clocks."""
    log = log_of(case)
    law, heard = _Law(policy.calendar(), _conventions(case, log)), [audit.heard(e) for e in log]
    clocks = [_clock(deadline, heard, law, on) for deadline in _running(case)]
    limits = [clock.deadline for clock in clocks if clock.deadline.purpose == Purpose.LIMIT]
    items = [deadline.item for deadline in limits if deadline.item]
    return Dossier(case, log, clocks, [_waiting(item, case, on) for item in items])


def _running(case: Case) -> Iterable[Deadline]:
    if case.closed_at:  # every clock has ended with the case
        return []
    found = case.deadlines.filter(ended_at=None).order_by("due_on", "id")
    return found.select_related("term", "item__unit", "item__owner")


def title_of(kind: str, step: str) -> str:
    """Return what a step is called."""
    return str(asides.step_named(kind, step).form.title)


def state_of(case: Case, *, told_party: bool) -> str:
    """Return where a case stands, in the words of the party or of the office."""
    type_ = case_type(case.kind)
    return type_.told_party(case.state) if told_party else type_.told_staff(case.state)


def _waiting(item: WorkItem, case: Case, on: date) -> Waiting:
    item.case = case
    form = asides.step_named(case.kind, item.step).form
    who = str(item.unit) if item.unit else case.party.name
    return Waiting(item, str(form.title), who, str(form.why), item.due_on, item.light(on))


@dataclass(frozen=True)
class _Law:
    """What a case is counted by: the calendar, and the conventions its receipt names."""

    calendar: Calendar
    conventions: Conventions


def _conventions(case: Case, log: list[Entry]) -> Conventions:
    for entry in log:
        if "conventions" in entry.detail:
            return Conventions(**entry.detail["conventions"])
    return policy.conventions(case)


def _clock(deadline: Deadline, heard: list[clock.Event], law: _Law, on: date) -> Clock:
    heard = clock.heard_by(deadline.item_id, heard)
    due = clock.due(heard, deadline.term.period, law.calendar, law.conventions)
    return Clock(
        deadline=deadline,
        due=due,
        light=deadline.light(on),
        days_left=law.calendar.worked_between(on, due.on) if due.on and due.on >= on else None,
        certainty=wording.certainty(deadline.term.certainty),
        explanation=wording.explanation(due, case_type(deadline.case.kind).moves),
    )


def called(case: Case, entry: Entry) -> str:
    """Return what an event of a case is called."""
    type_ = case_type(case.kind)
    moves = type_.moves
    if entry.kind == "received" and type_.door(entry.detail.get("door", "")).opener != Opener.PARTY:
        return _("Case opened")
    said = str(moves.get(entry.kind) or wording.event(entry.kind))
    if entry.detail.get("came_in") != audit.COUNTER:
        return said
    return _("%(event)s, at the counter") % {"event": said}


def names_in(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the names of those who wrote entries, by the key the log knows them by."""
    told = [pair for entry in entries for pair in _named(entry)]
    known = {key: name for key, name in told if name is not None}
    rest = {key for key, name in told if name is None and key.startswith("user:")}
    ids = [int(key.removeprefix("user:")) for key in rest]
    people = User.objects.filter(pk__in=ids) if ids else []
    named = {f"user:{user.pk}": str(user) for user in people}
    return {**known, **named, "service": str(_("The service"))}


def _named(entry: Entry) -> list[tuple[str, str | None]]:
    by, absent = getattr(entry, "by_name", None), getattr(entry, "absent_name", None)
    return [(entry.by, by), (entry.on_behalf_of, absent)]


def who_did(entry: Entry, names: Mapping[str, str]) -> str:
    """Return who wrote an entry, and in whose place."""
    who = names.get(entry.by, "")
    if not entry.on_behalf_of:
        return who
    said = _("%(who)s on behalf of %(absent)s")
    return said % {"who": who, "absent": names.get(entry.on_behalf_of, "")}
