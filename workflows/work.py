"""Take work from a queue and do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from viewflow.workflow.exceptions import FlowLockFailed

from accounts.standing import standing
from forms import attachments
from forms.base import StepForm
from workflows import asides, audit, correspondence, deadlines, hands, moving, wording
from workflows.acts import Refused, current_act
from workflows.asides import ASIDES
from workflows.case_type import case_type
from workflows.clock import DEEMED
from workflows.closing import close
from workflows.hands import Hands, NotYourQueue, Past
from workflows.models import Purpose, Role, WorkItem
from workflows.separation import Done, conflicts

State = WorkItem.State


class NoSuchWork(Refused):
    """There is no such step, or it is not yours to see."""

    status = 404


class SecondPersonNeeded(Refused):
    """You did an earlier step of this case; the law wants a second person here."""

    status = 403


class NothingToClaim(Refused):
    """This step is asked of the party, who answers it without claiming it."""


class TakenByAnother(Refused):
    """Somebody else was faster."""

    status = 409


class Busy(Refused):
    """Somebody is working on this case at this very moment. Try again in a few seconds."""

    status = 409


class StillTime(Refused):
    """The time for this step is not over yet."""

    status = 409


class Suspended(Refused):
    """The case is suspended: its clocks stand still and nobody may work on it until it resumes."""

    status = 409


class WaitsBeside(Refused):
    """Something was asked beside this step, and its answer has not come yet."""

    status = 409


class AnswersRefused(Refused):
    """An answer is missing or invalid."""

    def __init__(self, form: StepForm) -> None:
        super().__init__(_("Some answers are missing or invalid."))
        self.form = form
        self.fields = {name: [str(e) for e in errors] for name, errors in form.errors.items()}


class FileUsed(Refused):
    """One of the files has just become part of another case. Hand it in again."""

    status = 409


@dataclass
class _Held:
    """A work item, its case and its task, freshly read under the case's lock."""

    item: WorkItem
    case: Any

    @property
    def is_aside(self) -> bool:
        return self.item.step in ASIDES

    @property
    def node(self) -> Any:
        return ASIDES[self.item.step] if self.is_aside else self.task.flow_task

    @property
    def task(self) -> Any:
        return self.item.task

    def activation(self) -> Any:
        self.task.process = self.case.process
        return self.node.activation_class(self.task)


def claim(item_id: int, *, by: Any, at: datetime) -> WorkItem:
    """Take a step from its queue into one's own inbox, or into that of whom one stands in for.

    :raises TakenByAnother: if it is claimed or done already; who and when stand in the reason
    :raises NotYourQueue, SecondPersonNeeded, WhoIsRecused: if this person may not do it
    :raises NothingToClaim: if it is asked of the party
    """
    with holding(item_id, by=by, at=at) as held:
        past = hands.past_of(held.case)
        acting = _hands(held.item, by, current_act().on, past)
        _check_claimable(held.item)
        _check_second_person(held, acting, past)
        _take(held, acting)
        return held.item


def release(item_id: int, *, by: Any, at: datetime) -> WorkItem:
    """Give a step back to its queue; its deadline runs on.

    Its owner may whenever they like; a colleague of the queue may once the owner's duty or
    substitution has ended or they are recused, so that no step is lost with a person.

    :raises TakenByAnother, NotYourQueue: if it is not this person's to give back
    """
    with holding(item_id, by=by, at=at) as held:
        if held.item.owner_id != by.pk:
            past = hands.past_of(held.case)
            acting = _hands(held.item, by, current_act().on, past)
            _check_abandoned(held.item, past)
            current_act().on_behalf_of = acting.on_behalf_of
        _give_back(held)
        return held.item


def put_back_from(case: Any, people: frozenset[int]) -> None:
    """Give back to their queues the steps of a case that somebody may not do any more.

    Inside the running act, with the case locked; what these people claimed, and what others
    claimed in their place.
    """
    theirs = Q(owner__in=people) | Q(on_behalf_of__in=people)
    claimed = WorkItem.objects.filter(theirs, case_id=case.pk, state=State.CLAIMED)
    for item in claimed.select_related("task", "unit", "owner").order_by("pk"):
        item.case = case
        _give_back(_Held(item, case))


def complete(item_id: int, *, by: Any, answers: Any, at: datetime) -> Any:
    """Record a person's answers, stop the clock and send the case on; return the case.

    :raises TakenByAnother, NotYourQueue: if the step is not in this person's inbox
    :raises SecondPersonNeeded, WhoIsRecused: if this person may not do it any more
    :raises AnswersRefused: if an answer is missing or invalid
    """
    with holding(item_id, by=by, at=at) as held:
        past = hands.past_of(held.case)
        acting = _hands(held.item, by, current_act().on, past)
        if held.item.queue == WorkItem.PARTY:
            _check_free(held.item)
            _take(held, acting)
        _check_mine(held.item, by)
        _check_second_person(held, acting, past)
        _check_nothing_awaited(held.item)
        _act_for(held, acting)
        _send_on(held, _record_answers(held, by, answers))
        return held.case


def take_in(held: _Held, acting: Hands, *, answers: Any) -> Any:
    """Record inside the running act what a clerk takes in for the party; return the case.

    The caller has made sure that these hands may, and that the step is asked of the party.

    :raises AnswersRefused: if an answer is missing or invalid
    """
    _take(held, acting)
    _send_on(held, _record_answers(held, acting.by, answers))
    return held.case


def check_asked(held: _Held) -> None:
    """Make sure that a step is asked of the party and not answered yet.

    :raises NoSuchWork, TakenByAnother: if it is not
    """
    if held.item.queue != WorkItem.PARTY:
        raise NoSuchWork
    _check_free(held.item)


def lapse(item_id: int, *, at: datetime) -> Any:
    """Take silence for an answer: the party's time for a step is over; return the case.

    :raises StillTime: if it is not
    """
    with holding(item_id, by=None, at=at) as held:
        _check_free(held.item)
        _check_over(held.item.due_on)
        held.case.lapsed = True
        held.activation().assign(None)
        _finish(held, "lapsed", {})
        _send_on(held, {})
        return held.case


def deem(item_id: int, *, at: datetime) -> Any:
    """Take an office's silence for what the law says it means; return the case.

    Counted from the day the application was received (行政许可法 §32). Never to the party's
    detriment: a flow can only name answers that move the case on. Whoever had claimed the
    step did not do it.

    :raises StillTime: if the office's time is not over
    """
    with holding(item_id, by=None, at=at) as held:
        if not held.item.is_open:
            _check_free(held.item)
        _check_over(held.item.deemed_on)
        _take_away(held)
        answers = held.node.deemed.answers
        if not held.is_aside:
            _record_deeming(held)
            _imply(held, answers)
        moot = [a for a in asides.awaited_by(held.item) if not ASIDES[a.step].outlives]
        asides.cancel(moot, held.case)
        _finish(held, "deemed", answers)
        _send_on(held, answers)
        return held.case


def overrun(item_id: int, *, at: datetime) -> Any:
    """Make the move that the flow foresees when a step is late; the step stays open.

    :raises StillTime: if it is not late
    """
    with holding(item_id, by=None, at=at) as held:
        if not held.item.is_open:
            _check_free(held.item)
        _check_over(held.item.overrun_on)
        after = held.node.overrun
        deadlines.end(held.case, item=held.item, keys=[after.key])
        _mark(held.item, held.item.state, overrun_on=None)
        audit.record("overrun", held.case, detail={**_named(held.item), "key": after.key})
        moving.make(held.case, after.move.__name__)
        if after.letter:
            correspondence.send(after.letter, held.case, sender=Role.OFFICE)
        held.case.save()
        return held.case


def form_for(item: WorkItem, *, by: Any, on: Any, answers: Any = None) -> StepForm:
    """Return the form of a step, blank or with answers."""
    step = asides.step_named(item.kind, item.step)
    about = {"request": item.request} if item.step in ASIDES else {}
    form: StepForm = step.form(
        answers, case=item.case.typed, by=by, on=on, overdue=_is_overdue(item, on), **about
    )
    return form


def why_not(item: WorkItem, by: Any, *, on: Any) -> str:
    """Return why a person may not claim a step, or nothing if they may; asks no lock."""
    past = hands.past_of(item.case)
    try:
        acting = _hands(item, by, on, past)
        _check_free(item)
        _check_second_person(_Held(item, item.case), acting, past)
    except Refused as refusal:
        return str(refusal)
    return ""


def able(item: WorkItem, by: Any, *, on: Any, past: Past) -> Hands:
    """Return by whose hands a person would do a step, whoever has it now.

    :raises NotYourQueue, WhoIsRecused, SecondPersonNeeded: if they may not do it
    """
    acting = _hands(item, by, on, past)
    _check_second_person(_Held(item, item.case), acting, past)
    return acting


def check_open(item: WorkItem) -> None:
    """Make sure that a step still waits for somebody.

    :raises TakenByAnother: if it was finished; who and when stand in the reason
    """
    if not item.is_open:
        _check_free(item)


def hand_over(held: Any, acting: Hands) -> None:
    """Put a step into another person's inbox, out of its queue or of an inbox; clocks run on.

    Inside the running act, with the case locked and the person found ``able``.
    """
    if not held.is_aside:
        if held.item.state == State.CLAIMED:
            held.activation().unassign()
        held.activation().assign(acting.by)
    told = {"owner": acting.by, "on_behalf_of": acting.on_behalf_of}
    _mark(held.item, State.CLAIMED, claimed_at=current_act().at, **told)


@contextmanager
def holding(item_id: int, *, by: Any, at: datetime) -> Iterator[_Held]:
    """Run the block as one act with the case locked and everything read anew.

    :raises NoSuchWork: if there is no such step
    :raises Busy: if the case stays locked
    """
    with audit.act(by=by, at=at):
        found = WorkItem.objects.filter(pk=item_id).values_list("kind", "case__process_id")
        kind, process_id = found.first() or (None, None)
        if kind is None:
            raise NoSuchWork
        with locking(kind, process_id):
            held = _read(item_id, kind)
            if held.case.suspended_at:
                raise Suspended
            yield held


@contextmanager
def locking(kind: str, process_id: int | None) -> Iterator[None]:
    """Hold the one lock of a case; its log, clocks and steps are written by nobody else.

    :raises Busy: if the case stays locked
    """
    try:
        with case_type(kind).flow.lock(process_id):
            yield
    except FlowLockFailed as locked:
        raise Busy from locked


def typed_case(kind: str, **where: Any) -> Any:
    """Return a case as its own type, with what every act needs read along."""
    type_ = case_type(kind)
    related = ("process", "party", "record", "opened_by", *type_.read_along)
    return type_.record.objects.select_related(*related).get(**where)


def _read(item_id: int, kind: str) -> _Held:
    found = WorkItem.objects.select_related("task", "unit", "owner")
    item = found.annotate(awaits=asides.has_asides()).get(pk=item_id)
    case = typed_case(kind, pk=item.case_id)
    item.case = case
    return _Held(item, case)


def _check_claimable(item: WorkItem) -> None:
    if item.queue == WorkItem.PARTY:
        raise NothingToClaim
    _check_free(item)


def _check_free(item: WorkItem) -> None:
    if item.state == State.CLAIMED:
        raise TakenByAnother(
            _("%(who)s claimed this step at %(when)s.")
            % {"who": item.owner, "when": wording.clock_time(item.claimed_at)},
            who=str(item.owner),
            when=item.claimed_at,
        )
    if item.state in (State.DONE, State.CANCELLED):
        raise TakenByAnother(
            _("This step was finished at %(when)s by %(who)s.")
            % {"who": item.owner or _("the service"), "when": wording.clock_time(item.closed_at)},
            who=str(item.owner or ""),
            when=item.closed_at,
        )


def _hands(item: WorkItem, by: Any, on: Any, past: Past) -> Hands:
    if item.queue != WorkItem.PARTY:
        return hands.reaching(item.queue, by, on=on, past=past)
    if item.case.party.credit_code not in standing(by, on=on).codes:
        raise NoSuchWork
    return Hands(by)


def _check_second_person(held: _Held, acting: Hands, past: Past) -> None:
    item = held.item
    if item.queue == WorkItem.PARTY:
        return
    wanted = Done(item.step, hands.duty_of(item.queue), acting.people, held.node.not_by)
    if conflicts(wanted, past.done):
        raise SecondPersonNeeded


def _check_abandoned(item: WorkItem, past: Past) -> None:
    reached = standing(item.owner, on=current_act().on).queues
    if item.queue in reached and item.owner_id not in past.kept_out:
        _check_free(item)


def _check_mine(item: WorkItem, by: Any) -> None:
    if item.state != State.CLAIMED:
        _check_free(item)
        raise NotYourQueue(_("Claim this step before you work on it."))
    if item.owner_id != by.pk:
        _check_free(item)


def _check_over(last_day: Any) -> None:
    if last_day is None or current_act().on <= last_day:
        raise StillTime


def _check_nothing_awaited(item: Any) -> None:
    if item.awaits and (awaited := asides.awaited_by(item)):
        named = _(", ").join(sorted({str(aside.unit) for aside in awaited}))
        raise WaitsBeside(_("This step waits for an answer of: %(units)s.") % {"units": named})


def _imply(held: _Held, answers: dict[str, Any]) -> None:
    for fact, value in answers.items():
        setattr(held.case, fact, value)


def _give_back(held: _Held) -> None:
    if held.item.state != State.CLAIMED:
        _check_free(held.item)
        raise NotYourQueue(_("Claim this step before you work on it."))
    _let_go(held)
    audit.record("released", held.case, detail=_named(held.item))


def _let_go(held: _Held) -> None:
    if not held.is_aside:
        held.activation().unassign()
    _mark(held.item, State.OPEN, owner=None, on_behalf_of=None, claimed_at=None)


def _take_away(held: _Held) -> None:
    if held.item.state == State.CLAIMED:
        _let_go(held)
    if not held.is_aside:
        held.activation().assign(None)


def _record_deeming(held: _Held) -> None:
    running = held.item.deadlines.filter(purpose=Purpose.DEEMED, ended_at=None)
    clock = running.select_related("term").get()
    assert clock.started_on is not None
    detail = {"as_of": clock.started_on.isoformat(), "noticed": current_act().on.isoformat()}
    audit.record(DEEMED, held.case, basis=clock.term.basis, detail=detail)


def _take(held: _Held, acting: Hands) -> None:
    if not held.is_aside:
        held.activation().assign(acting.by)
    _mark(held.item, State.CLAIMED, owner=acting.by, claimed_at=current_act().at)
    _act_for(held, acting)
    audit.record("claimed", held.case, detail=_named(held.item))


def _act_for(held: _Held, acting: Hands) -> None:
    """Note in whose place it is done; a duty may have come or gone since the claim."""
    absent = current_act().on_behalf_of = acting.on_behalf_of
    if held.item.on_behalf_of_id != (absent and absent.pk):
        _mark(held.item, held.item.state, on_behalf_of=absent)


def _record_answers(held: _Held, by: Any, answers: Any) -> dict[str, Any]:
    form = form_for(held.item, by=by, on=current_act().on, answers=answers)
    if not form.is_valid():
        raise AnswersRefused(form)
    if not held.is_aside:
        form.record_on(held.case)
    bind(form, held.case)
    _finish(held, "completed", form.facts(), form.personal_facts())
    return form.cleaned_data


def bind(form: StepForm, case: Any) -> None:
    """Make the files handed in with a form part of the case.

    :raises FileUsed: if a file has become part of another case meanwhile
    """
    files = [file.pk for file in form.attachments()]
    bound = attachments.bind(files, about=case.reference, items=form.items()) if files else 0
    if bound < len(files):
        raise FileUsed
    if brought := current_act().brought:
        brought.files += files


def _is_overdue(item: WorkItem, on: Any) -> bool:
    """Test that an office is late with a step; only an office has to explain itself."""
    return item.unit_id is not None and item.due_on is not None and on > item.due_on


def _finish(
    held: _Held, kind: str, facts: dict[str, Any], personal: dict[str, Any] | None = None
) -> None:
    deadlines.end(held.case, item=held.item)
    _mark(held.item, State.DONE, closed_at=current_act().at)
    detail = {**_named(held.item), "facts": facts}
    audit.record(kind, held.case, detail=detail, personal=personal)


def _send_on(held: _Held, answers: dict[str, Any]) -> None:
    if held.is_aside:
        _settle(held, answers)
    else:
        activation = held.activation()
        activation.start(None)
        activation.execute()
    held.case.save()


def _settle(held: _Held, answers: dict[str, Any]) -> None:
    held.node.settle(held.case, held.item, answers)
    if held.case.concluded_at:
        close(held.case)


def _mark(item: WorkItem, state: str, **columns: Any) -> None:
    item.state = state
    for name, value in columns.items():
        setattr(item, name, value)
    item.save(update_fields=["state", *columns])


def _named(item: WorkItem) -> dict[str, Any]:
    return {"item": item.pk, "step": item.step}
