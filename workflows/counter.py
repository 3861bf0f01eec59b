"""Take in at the counter what visitors bring for an organisation; the case is like any other."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.standing import representatives
from forms.visitor import Visitor
from records.models import Record
from workflows import audit, hands, intake, reception, topics, work
from workflows.acts import Brought, current_act
from workflows.case_type import About, Door, Opener, Topic, case_type
from workflows.models import Case, Channel, Entry

_SIGNED = _("The text as signed by hand, and an agent's written authority.")
_WITHDRAWAL = _("The signed letter of withdrawal, and an agent's written authority.")


def submit_at_counter(
    kind: str, *, by: Any, visitor: Any, answers: Any, at: datetime, door: str = "", **about: Any
) -> Any:
    """Open a case of ``kind`` for a visitor's organisation, as it could itself.

    ``about`` names what it is about, as for ``intake.submit``; ``visitor`` answers ``Visitor``.
    The case belongs to its party by the party's code and not to who entered it: whoever
    represents the organisation follows it online at once.

    :raises NotAtTheCounter: if this person does not receive visitors
    :raises WhoIsRecused: if they represent the organisation, or whom they stand in for does
    :raises NotPossible, AlreadyOpen, AnswersRefused: as for the party
    """
    with audit.act(by=by, at=at) as act:
        reception.admit(by, hands.Past())
        type_, entrance = case_type(kind), intake.door_of(kind, door, Opener.PARTY)
        topic = topic_for_visitor(entrance, **about)
        reception.admit(by, reception.past_with(topic.subject.credit_code, topic.source))
        intake.check_possible(type_, entrance, topic, on=act.on)
        form = application(entrance, topic, by=by, on=act.on, answers=answers)
        came = _welcome(visitor_form(form, by=by, on=act.on, answers=visitor))
        case = intake.receive(type_, entrance, topic, lambda: form, came_in=Channel.COUNTER)
        work.bind(came, case)
        return case


def hand_in_at_counter(item_id: int, *, by: Any, visitor: Any, answers: Any, at: datetime) -> Any:
    """Record for a visitor's organisation what a step asks of the party; return the case.

    :raises NotAtTheCounter, WhoIsRecused: as for an application
    :raises SecondPersonNeeded: if this person has decided in the case
    :raises NoSuchWork, TakenByAnother, AnswersRefused: as for the party
    """
    with work.holding(item_id, by=by, at=at) as held:
        acting = reception.admit(by, hands.past_of(held.case))
        work.check_asked(held)
        form = work.form_for(held.item, by=by, on=current_act().on)
        came = _welcome(visitor_form(form, by=by, on=current_act().on, answers=visitor))
        work.bind(came, held.case)
        return work.take_in(held, acting, answers=answers)


def withdraw_at_counter(reference: str, *, by: Any, visitor: Any, at: datetime) -> Any:
    """End a case whose party brings a signed letter of withdrawal.

    :raises NotAtTheCounter, WhoIsRecused, SecondPersonNeeded: as for what is handed in
    :raises NoSuchCase: if the party knows of no such case
    :raises AnswersRefused: if the letter is not there
    :raises TooLate: if it has been decided
    """
    with audit.act(by=by, at=at) as act:
        reception.admit(by, hands.Past())
        case = reception.told().filter(reference=reference).first()
        if case is None:
            raise topics.NoSuchCase
        with work.locking(case.kind, case.process_id):
            reception.admit(by, hands.past_of(case))
            work.bind(_welcome(withdrawal_form(by=by, on=act.on, answers=visitor)), case)
            return intake.take_back(work.typed_case(case.kind, pk=case.pk))


def topic_for_visitor(
    door: Door,
    *,
    item: str = "",
    record_id: int | None = None,
    credit_code: str = "",
    source: str = "",
) -> Topic:
    """Return what a visitor's case is to be about; who calls has seen to whom it is told.

    :raises NoSuchRecord, NoSuchSubject, NoSuchCase: if there is no such thing
    """
    if door.about == About.SUBJECT:
        return Topic(topics.subject_with(credit_code), item=item)
    if door.about == About.CASE:
        return _after(source, item)
    record = Record.objects.select_related("subject").filter(pk=record_id or 0).first()
    if record is None:
        raise topics.NoSuchRecord
    return Topic(record.subject, record, item=item)


def application(door: Door, topic: Topic, *, by: Any, on: date, answers: Any = None) -> Any:
    """Return the form of a door as it is asked at the counter, blank or with answers.

    Where nobody has an account for the organisation, no letter can be served in it.
    """
    form = door.form(answers, case=topic, by=by, on=on)
    if not representatives(topic.subject.credit_code, on=on):
        form.fields.pop("served_electronically", None)
    return form


def visitor_form(beside: Any, *, by: Any, on: date, answers: Any = None) -> Visitor:
    """Return the questions about a visitor; what the form ``beside`` has signed is scanned."""
    signs = beside.fields.get("commitment")
    return Visitor(answers, by=by, on=on, needs=_SIGNED if signs and signs.required else "")


def withdrawal_form(*, by: Any, on: date, answers: Any = None) -> Visitor:
    """Return the questions about a visitor who brings a letter of withdrawal."""
    return Visitor(answers, by=by, on=on, needs=_WITHDRAWAL)


def brought_in(case: Case, seq: int | None = None) -> Entry | None:
    """Return the entry of a case the caller may see that tells what came in at the counter.

    The one with a number, or the last.
    """
    told = Entry.objects.filter(stream=case.reference, detail__came_in=audit.COUNTER)
    chosen = told.filter(seq=seq) if seq else told.order_by("-seq")
    return chosen.prefetch_related("values").first()


def _after(source: str, item: str) -> Topic:
    earlier = reception.told().filter(reference=source).first()
    if earlier is None:
        raise topics.NoSuchCase
    return Topic(earlier.party, earlier.record, earlier.typed, item)


def _welcome(form: Visitor) -> Visitor:
    """Note in the running act that a visitor has come, and who."""
    if not form.is_valid():
        raise work.AnswersRefused(form)
    current_act().brought = Brought(form.personal_facts())
    return form
