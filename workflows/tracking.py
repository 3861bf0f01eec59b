"""What a person may see of cases and records, and where a case stands. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Representation, User
from accounts.standing import Standing, standing
from forms import attachments
from forms.models import Attachment
from notifications.models import Letter
from records.models import Record, Subject
from workflows import asides, audit, clock, correspondence, policy, timing, wording
from workflows.calendar import Calendar
from workflows.case_type import Opener, case_type, known_to_party, relations
from workflows.clock import Conventions, Due, Light
from workflows.models import Case, Deadline, Entry, Involvement, Purpose, WorkItem
from workflows.timing import Course, TimeSpent

# Who works on a case is not told who rated it, nor that they were called back.
_RATING = {"rated", "rating_followed_up"}
_IN_THE_LOG_ONLY = {"clock_started", "clock_ended", "opened", "cancelled", *_RATING}
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


def visible_to(viewer: Any, *, on: date) -> QuerySet[Case]:
    """Return the cases a person may see: of their organisations or units; an auditor, all.

    A unit sees a case while it has a part in it, or because it did: it was asked beside a step
    or did one, or it transferred its part to another unit.
    """
    mine = standing(viewer, on=on)
    everything: QuerySet[Case] = Case.objects.select_related("party", "record__subject")
    if mine.is_auditor:
        return everything
    theirs = Q(party__credit_code__in=_codes(mine)) & known_to_party()
    return everything.filter(theirs | _had_a_part(mine))


def cases_of(viewer: Any, *, on: date) -> QuerySet[Case]:
    """Return the cases of the organisations a person represents, newest first."""
    codes = standing(viewer, on=on).codes
    mine: QuerySet[Case] = Case.objects.filter(known_to_party(), party__credit_code__in=codes)
    return mine.select_related("party", "record").order_by("-opened_at")


def case_for(viewer: Any, reference: str, *, on: date) -> Case | None:
    """Return one case if the person may see it."""
    found = visible_to(viewer, on=on).filter(reference=reference)
    return found.select_related(*relations()).first()


def is_party(viewer: Any, case: Case, *, on: date) -> bool:
    """Test that a person represents the party of a case."""
    return case.party.credit_code in standing(viewer, on=on).codes


def is_staff_of(viewer: Any, case: Case, *, on: date) -> bool:
    """Test that a person sees a case for another reason than that they represent its party."""
    mine = standing(viewer, on=on)
    return mine.is_auditor or Case.objects.filter(_had_a_part(mine), pk=case.pk).exists()


def case_by_query_code(reference: str, query_code: str) -> Case | None:
    """Return the case that a receipt's number and query code name, for anyone who holds both."""
    case = Case.objects.filter(reference=reference.strip().upper()).select_related("party").first()
    given = query_code.strip().upper()
    return case if case and constant_time_compare(case.query_code, given) else None


def records_of(viewer: Any, *, on: date, search: str = "") -> QuerySet[Record]:
    """Return the records of the organisations a person represents, newest first."""
    codes = standing(viewer, on=on).codes
    mine = Record.objects.filter(subject__credit_code__in=codes).select_related("subject")
    if search:
        mine = mine.filter(
            Q(document_number__icontains=search)
            | Q(authority_name__icontains=search)
            | Q(subject__name__icontains=search)
        )
    return mine.order_by("-decided_on", "-id")


def organisations_of(viewer: Any, *, on: date) -> list[Subject]:
    """Return the organisations a person represents, as far as anything is known about them."""
    codes = standing(viewer, on=on).codes
    return list(Subject.objects.filter(credit_code__in=codes).order_by("name"))


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


def log_for(viewer: Any, case: Case, *, on: date) -> list[Entry]:
    """Return the log of a case the staff may see; how it was rated is told only to who watches."""
    log = log_of(case)
    if _watches(viewer, case, on=on):
        return log
    return [entry for entry in log if entry.kind not in _RATING]


def _watches(viewer: Any, case: Case, *, on: date) -> bool:
    mine = standing(viewer, on=on)
    if mine.is_auditor or mine.oversees_all:
        return True
    return Involvement.objects.filter(case=case, unit__in=mine.supervised).exists()


def _name(column: str) -> Subquery:
    """Return the name of the person whom an entry knows by a key, such as ``user:7``."""
    of_a_person = Value("^user:([0-9]+)$")
    key = Func(OuterRef(column), of_a_person, function="substring", output_field=TextField())
    people = User.objects.filter(pk=Cast(key, BigIntegerField()))
    return Subquery(people.values_list(Coalesce(NullIf("display_name", Value("")), "username")))


def dossier_of(case: Case, *, on: date) -> Dossier:
    """Return where a case the caller may see stands, read once from its log and its clocks."""
    log, calendar = log_of(case), policy.calendar()
    heard = [audit.heard(entry) for entry in log]
    running = case.deadlines.filter(ended_at=None).order_by("due_on", "id")
    found = running.select_related("term", "item__unit", "item__owner")
    if case.closed_at:  # every clock has ended with the case
        found = found.none()
    law = _Law(calendar, _conventions(case, log))
    clocks = [_clock(deadline, heard, law, on) for deadline in found]
    limits = [clock.deadline for clock in clocks if clock.deadline.purpose == Purpose.LIMIT]
    items = [deadline.item for deadline in limits if deadline.item]
    return Dossier(case, log, clocks, [_waiting(item, case, on) for item in items])


def _had_a_part(mine: Standing) -> Any:
    involved = Involvement.objects.filter(case=OuterRef("pk"), unit__in=mine.units)
    return Exists(involved) | Exists(_worked_on(mine))


def _worked_on(mine: Standing) -> QuerySet[WorkItem]:
    transferred = Q(request__from__in=[unit.code for unit in mine.units])
    steps = WorkItem.objects.filter(case=OuterRef("pk")).exclude(state=WorkItem.State.CANCELLED)
    return steps.filter(Q(unit__in=mine.units) | transferred)


def _codes(mine: Standing) -> QuerySet[Any]:
    return mine.representations.values("credit_code")


def letters_of(case: Case, *, told_party: bool) -> QuerySet[Letter]:
    """Return the letters of a case the caller may see, each with its service if it needs one.

    What units write to one another is no letter to the party.
    """
    issued = Letter.objects.filter(about=case.reference).select_related("service")
    if told_party:
        issued = issued.exclude(name__in=correspondence.between_units())
    return issued.order_by("issued_at", "id")


def letter_for(viewer: Any, letter_id: int, *, on: date) -> Letter | None:
    """Return one letter if the person may see its case."""
    letter = Letter.objects.filter(pk=letter_id).first()
    case = case_for(viewer, letter.about, on=on) if letter else None
    if letter is None or case is None:
        return None
    between = letter.name in correspondence.between_units()
    return None if between and not is_staff_of(viewer, case, on=on) else letter


def attachments_of(case: Case, *, told_party: bool) -> QuerySet[Attachment]:
    """Return the files of a case the caller may see; the party, those handed in for it.

    What an office gathers for itself reaches the party by letter.
    """
    files = attachments.of_case(case.reference)
    return files.filter(_by_party(case) | _brought(case)) if told_party else files


def attachment_for(viewer: Any, attachment_id: int, *, on: date) -> Attachment | None:
    """Return one file if the person may see its case, or handed it in and has not used it yet."""
    file = Attachment.objects.filter(pk=attachment_id).first()
    if file is None:
        return None
    if not file.about:
        return file if file.uploaded_by_id == viewer.pk else None
    case = case_for(viewer, file.about, on=on)
    if case is None or is_staff_of(viewer, case, on=on):
        return file if case else None
    return attachments_of(case, told_party=True).filter(pk=file.pk).first()


def _by_party(case: Case) -> Exists:
    acting = Representation.objects.filter(
        user=OuterRef("uploaded_by"), credit_code=case.party.credit_code
    )
    return Exists(acting)


def _brought(case: Case) -> Exists:
    """Return the test that a file was handed in for the party at the counter."""
    told = Entry.objects.filter(stream=case.reference, detail__came_in=audit.COUNTER)
    path, number = Value("$.files[*] ? (@ == $id)"), JSONObject(id=OuterRef("pk"))
    holds = Func(
        F("detail"), path, number, function="jsonb_path_exists", output_field=BooleanField()
    )
    return Exists(told.filter(holds))


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
