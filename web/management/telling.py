"""The words in which a demo case is told: who opens it, what is done next, how long ago."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from accounts.models import Unit, User
from forms import attachments
from records.models import Record
from web.management.people import COMPANIES, PEOPLE, named
from workflows import (
    audit,
    consulting,
    counter,
    intake,
    policy,
    reception,
    related,
    transfers,
    work,
)
from workflows.acts import Refused
from workflows.case_type import Topic
from workflows.models import Case, WorkItem

PROOF = Path(__file__).parents[2] / "demo" / "proof.pdf"
FIRST_HOUR = 9
DONE_WITHIN = timedelta(minutes=20)


class Clock:
    """The clock of the stories: so many working days ago, so many hours after nine."""

    def __init__(self, now: datetime) -> None:
        self.now, self._calendar = localtime(now), policy.calendar()

    def day(self, days_ago: int) -> date:
        """Return the day so many working days before today, or after it where below zero."""
        day, step = self.now.date(), timedelta(days=1 if days_ago < 0 else -1)
        for _n in range(abs(days_ago)):
            day += step
            while not self._calendar.is_worked(day):
                day += step
        return day

    def at(self, days_ago: int, hours: int = 0) -> datetime:
        """Return an instant of a day gone by; of today there is only now."""
        if not days_ago:
            return self.now
        morning = self.now.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        return morning + timedelta(days=(self.day(days_ago) - self.now.date()).days, hours=hours)


@dataclass(frozen=True)
class Scene:
    """One moment of a story: the case so far, who acts, when, and by which clock."""

    clock: Clock
    at: datetime
    case: Case | None = None
    by: Any = None
    item: WorkItem | None = None

    @property
    def today(self) -> str:
        """The day of the moment, as a form takes it."""
        return self.at.date().isoformat()


Answer = str | list[str] | Callable[[Scene], Any]
Opening = Callable[[Scene], Case]
Deed = Callable[[Scene], None]


@dataclass(frozen=True)
class Story:
    """How a case was opened so many working days ago, and what was done on which later days."""

    days_ago: int
    opens: Opening
    then: tuple[tuple[int, Deed], ...] = ()

    def tell(self, clock: Clock) -> Case | None:
        """Let it happen and return the case; nothing where it can no longer be opened by now."""
        try:
            case = self.opens(Scene(clock, clock.at(self.days_ago)))
        except (Refused, ObjectDoesNotExist):
            return None
        for hour, (days_ago, deed) in enumerate(self.then, start=1):
            at = clock.at(days_ago, hour)
            deed(Scene(clock, at, case))
            related.run(at=at)
        return case


def applies(
    kind: str,
    *,
    answers: dict[str, Answer],
    record: str = "",
    by: str = "demo-applicant",
    **about: str,
) -> Opening:
    """Let a party open a case, about a record known by its number or about what is named."""

    def opened(scene: Scene) -> Case:
        who = named(by)
        told = _said(Scene(scene.clock, scene.at, by=who), answers)
        found: dict[str, Any] = {"record_id": numbered(record).pk} if record else {}
        case: Case = intake.submit(kind, by=who, answers=told, at=scene.at, **found, **about)
        return case

    return opened


def brings(kind: str, *, answers: dict[str, Answer], record: str, name: str) -> Opening:
    """Let a visitor of that name bring an application to the counter, where the clerk enters it."""

    def opened(scene: Scene) -> Case:
        clerk, about = named("demo-clerk"), numbered(record)
        code, at = about.subject.credit_code, scene.at
        reception.look_up(code, by=clerk, reason=reception.Visit.APPLY, at=at)
        here = Scene(scene.clock, scene.at, by=clerk)
        visitor, said = _said(here, {**VISITOR, "visitor_name": name}), _said(here, answers)
        case: Case = counter.submit_at_counter(
            kind, by=clerk, visitor=visitor, answers=said, record_id=about.pk, at=at
        )
        return case

    return opened


def calls(
    kind: str,
    *,
    by: str,
    answers: dict[str, Answer],
    record: str = "",
    after: str = "",
    **about: str,
) -> Opening:
    """Let an authority open a case, about a record or ``after`` the last case about one."""

    def opened(scene: Scene) -> Case:
        who = named(by)
        told = _said(Scene(scene.clock, scene.at, by=who), answers)
        found: dict[str, Any] = {"record_id": numbered(record).pk} if record else {}
        if after:
            found = {"source": numbered(after).cases.latest("pk").reference}
        case: Case = intake.open_for_office(
            kind, by=who, answers=told, at=scene.at, **found, **about
        )
        return case

    return opened


def is_found(kind: str, door: str, record: str) -> Opening:
    """Let the service itself open a case about a record, as it does every night."""

    def opened(scene: Scene) -> Case:
        about = numbered(record)
        with audit.act(by=None, at=scene.at):
            case: Case = intake.open_by_service(kind, door, Topic(about.subject, about))
        return case

    return opened


def does(step: str, **answers: Answer) -> Deed:
    """Let the first demo person who may do a step, or the party it is asked of, do it."""

    def done(scene: Scene) -> None:
        item, who = _in_hands(scene, step)
        at = scene.at + (DONE_WITHIN if scene.at < scene.clock.now else timedelta())
        scene = Scene(scene.clock, at, scene.case, who, item)
        work.complete(item.pk, by=who, answers=_said(scene, answers), at=at)

    return done


def claims(step: str) -> Deed:
    """Let a demo person claim a step and keep it."""

    def claimed(scene: Scene) -> None:
        _in_hands(scene, step)

    return claimed


def consults(step: str, *units: str, question: str) -> Deed:
    """Let whoever has a step ask other units to assist."""

    def asked(scene: Scene) -> None:
        item, who = _in_hands(scene, step)
        asked_of = list(Unit.objects.filter(code__in=units))
        consulting.ask(
            item.pk, by=who, at=scene.at, units=asked_of, kind="assist", question=question
        )

    return asked


def transfers_to(unit: str, step: str, *, reason: str) -> Deed:
    """Let whoever has a step ask another unit to take it over."""

    def transferred(scene: Scene) -> None:
        item, who = _in_hands(scene, step)
        to = Unit.objects.get(code=unit)
        transfers.transfer(item.pk, by=who, at=scene.at, to=to, reason=reason)

    return transferred


def in_days(days: int) -> Answer:
    """Answer with the day so many working days after today, or before it where below zero."""
    return lambda scene: scene.clock.day(-days).isoformat()


def today(scene: Scene) -> str:
    """Answer with the day on which it is answered."""
    return scene.today


def a_file(name: str, *, item: str = "") -> Answer:
    """Answer with a file handed in for an item; no two parties hand in the very same."""

    def handed_in(scene: Scene) -> list[str]:
        content = PROOF.read_bytes() + f"\n%{scene.by.pk} {_about(scene)}".encode()
        upload = SimpleUploadedFile(f"{name}（示例）.pdf", content)
        kept = attachments.store(upload, by=scene.by, at=scene.at)
        return [f"{item}:{kept.pk}" if item else str(kept.pk)]

    return handed_in


VISITOR: dict[str, Answer] = {
    "visitor_paper": "identity_card",
    "visitor_last_four": "000X",
    "visitor_capacity": "agent",
    "visitor_authority": "示例授权〔2026〕3号",
    "visitor_papers": a_file("授权委托书"),
}


def the_text_shown(scene: Scene) -> str:
    """Answer with the hash of the text that the step shows to be signed."""
    assert scene.item is not None
    form = work.form_for(scene.item, by=scene.by, on=scene.at.date())
    return str(form.fields["commitment"].initial)


def fine(number: int) -> str:
    """Return the number of one of the fines that were imposed for the demo cases."""
    return f"济阳城管罚决字〔2026〕第{number:04}号（示例）"


def numbered(number: str) -> Record:
    """Return the demo record with a number."""
    return Record.objects.select_related("subject").get(document_number=number)


def _about(scene: Scene) -> str:
    return scene.case.party.credit_code if scene.case else ""


def _said(scene: Scene, answers: Any) -> dict[str, Any]:
    told = answers or {}
    return {name: said(scene) if callable(said) else said for name, said in told.items()}


def _in_hands(scene: Scene, step: str) -> tuple[WorkItem, User]:
    """Return the open step and whoever has it; where nobody has, somebody claims it."""
    assert scene.case is not None
    steps = scene.case.items.filter(step=step, state__in=["open", "claimed"])
    item = steps.select_related("case", "owner", "unit").earliest("pk")
    if item.queue == WorkItem.PARTY:
        return item, _acting_for(scene.case)
    if item.owner is None:
        item.owner = _able(item, on=scene.at.date())
        work.claim(item.pk, by=item.owner, at=scene.at)
    return item, item.owner


def _acting_for(case: Case) -> User:
    code = case.party.credit_code
    return named("demo-applicant" if code in COMPANIES else "demo-agent")


def _able(item: WorkItem, *, on: date) -> User:
    """Return the first of the demo people who may do a step."""
    unit, _slash, duty = item.queue.partition("/")
    there = (person for person in PEOPLE if person.duty == duty and unit in person.units)
    people = (named(person.username) for person in there)
    return next(user for user in people if not work.why_not(item, user, on=on))
