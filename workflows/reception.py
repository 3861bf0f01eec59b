"""Who receives visitors at the counter, and what they may read of the organisation one comes for.

Whom a visitor comes for is not known before they come, and they come about any matter of
theirs. So a counter clerk of the credit office may read the records and the told cases of any
organisation, on three conditions: it was named by its code or by two characters of its name,
the clerk has said why, and the look-up stands in the log under their name. It opens the
organisation for the rest of that day and to nobody else (个人信息保护法 §6, as little as the
purpose requires). What its party is not told yet is not told here: the visitor sees the screen.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Duty
from accounts.standing import representatives, standing
from records.lookup import Found, subjects_called
from records.models import Record, Subject
from workflows import audit, hands, topics
from workflows.acts import Refused, current_act
from workflows.case_type import known_to_party, relations
from workflows.hands import Hands, Past
from workflows.models import Case, Entry, WorkItem
from workflows.separation import Done, conflicts
from workflows.work import SecondPersonNeeded

LOOKED_UP = "looked_up"


class Visit(TextChoices):
    """Why an organisation is looked up at the counter."""

    APPLY = "apply", _("Wants to apply for something")
    HAND_IN = "hand_in", _("Hands something in")
    ASK = "ask", _("Asks about a record or a case")
    WITHDRAW = "withdraw", _("Withdraws an application")


class NotAtTheCounter(Refused):
    """Only a counter clerk of the credit office receives visitors."""

    status = 403


class SayWhy(Refused):
    """Say why the visitor has come; it is kept in the log."""


def look_up(credit_code: str, *, by: Any, reason: str, at: datetime) -> Subject:
    """Open an organisation to a clerk for the rest of the day, and note it in the log.

    :raises NotAtTheCounter: if this person does not receive visitors
    :raises WhoIsRecused: if they represent the organisation, or whom they stand in for does
    :raises NoSuchSubject: if it is not known
    :raises SayWhy: if no reason is given
    """
    with audit.act(by=by, at=at):
        admit(by, past_with(credit_code))
        subject = topics.subject_with(credit_code)
        if reason not in Visit.values:
            raise SayWhy
        audit.record(LOOKED_UP, _stream(credit_code), detail={"reason": reason})
        return subject


def admit(by: Any, past: Past) -> Hands:
    """Return by whose hands a person takes something in, inside the running act.

    It is a deed of the counter's duty, and keeps who did it from deciding in the case.

    :raises NotAtTheCounter: if this person does not receive visitors
    :raises WhoIsRecused: if they are kept out of the case, or whom they stand in for is
    :raises SecondPersonNeeded: if they have decided in it
    """
    act = current_act()
    office = standing(by, on=act.on).counter
    if office is None:
        raise NotAtTheCounter
    acting = hands.reaching(office.queue(Duty.COUNTER), by, on=act.on, past=past)
    if conflicts(Done(hands.TAKEN_IN, str(Duty.COUNTER), acting.people), past.done):
        raise SecondPersonNeeded
    act.on_behalf_of = acting.on_behalf_of
    return acting


def past_with(credit_code: str, source: Case | None = None) -> Past:
    """Return who is kept out before there is a case: who represents the party, or is recused.

    Recused is who was kept out of the case that the new one follows.
    """
    people = representatives(credit_code, on=current_act().on)
    before = hands.past_of(source).kept_out if source is not None else set()
    return Past(kept_out={person.pk for person in people} | before)


def found(viewer: Any, *, on: date, search: str) -> Found:
    """Return the organisations a text names, to who receives visitors; nothing names all."""
    if not search or standing(viewer, on=on).counter is None:
        return Found(search, [], [])
    return subjects_called(search)


def subject_for(viewer: Any, credit_code: str, *, on: date) -> Subject | None:
    """Return an organisation if the viewer has looked it up at the counter today."""
    looked_up = _has_looked_up(viewer, credit_code, on)
    return Subject.objects.filter(looked_up, credit_code=credit_code).first()


def records_of(viewer: Any, subject: Subject, *, on: date) -> QuerySet[Record]:
    """Return the records of an organisation the viewer has looked up today, newest first."""
    theirs = Record.objects.filter(_has_looked_up(viewer, subject.credit_code, on), subject=subject)
    return theirs.select_related("subject").order_by("-decided_on", "-id")


def cases_of(viewer: Any, subject: Subject, *, on: date) -> QuerySet[Case]:
    """Return the told cases of an organisation the viewer has looked up today, newest first."""
    theirs = told().filter(_has_looked_up(viewer, subject.credit_code, on), party=subject)
    return theirs.order_by("-opened_at")


def case_for(viewer: Any, reference: str, *, on: date) -> Case | None:
    """Return one told case if the viewer has looked up its party today."""
    case = told().filter(reference=reference).first()
    return case if case and subject_for(viewer, case.party.credit_code, on=on) else None


def item_for(viewer: Any, item_id: int, *, on: date) -> WorkItem | None:
    """Return an open step that is asked of a party the viewer has looked up today."""
    asked = WorkItem.objects.filter(queue=WorkItem.PARTY, state=WorkItem.State.OPEN)
    types = (f"case__{path}" for path in relations())
    item = asked.select_related("case__party", "case__record__subject", *types).filter(pk=item_id)
    step = item.first()
    return step if step and subject_for(viewer, step.case.party.credit_code, on=on) else None


def told() -> QuerySet[Case]:
    """Return the cases of which their parties know; who calls has seen to whom they are told."""
    known: QuerySet[Case] = Case.objects.filter(known_to_party())
    return known.select_related("party", "record__subject", *relations())


def _has_looked_up(viewer: Any, credit_code: str, on: date) -> Q | Exists:
    """Return the test that a clerk, still one, has looked an organisation up on a day."""
    if standing(viewer, on=on).counter is None:
        return Q(pk__in=[])
    looked = Entry.objects.filter(stream=_stream(credit_code), kind=LOOKED_UP)
    return Exists(looked.filter(by=f"user:{viewer.pk}", at__date=on))


def _stream(credit_code: str) -> str:
    return f"counter/{credit_code}"
