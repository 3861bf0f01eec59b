"""Small routes that are broken on purpose, each in one way, and the sound one they come from."""

from pathlib import Path
from types import SimpleNamespace

from django.db import models
from django.utils.translation import get_language
from django_fsm import FSMField, transition

from tests.workflows import broken_rules as rules
from workflows.case_type import LetterKind
from workflows.flow import (
    Ask,
    CaseFlow,
    Closed,
    Decide,
    Deemed,
    Duty,
    Fork,
    Joined,
    Opened,
    Overrun,
    Role,
    Transition,
    Work,
    this,
)
from workflows.proof.plan import Plan

OFFICE = Role.OFFICE
LETTERS = {
    name: LetterKind(name, "修", name, name, served=name == "refused")
    for name in ("refused", "granted", "sometimes")
}


class Words(SimpleNamespace):
    """Words in both languages, without a catalogue."""

    def __str__(self):
        return self.zh if (get_language() or "").startswith("zh") else self.en


def words(en, zh):
    return Words(en=en, zh=zh)


def form(en, zh):
    return SimpleNamespace(title=words(en, zh), why=words("it has to be", "办理需要"), __name__=en)


CHECK, VERIFY, DECIDE = form("Check", "核对"), form("Verify", "核实"), form("Decide", "决定")
STOP, COMPLETE = form("Stop", "停止公示"), form("Complete", "补正")
STATES = {
    "received": words("Received", "已收件"),
    "accepted": words("Accepted", "已受理"),
    "approved": words("Approved", "已准予"),
    "refused": words("Refused", "不予准许"),
    "returned": words("Returned", "已退回补正"),
    "withdrawn": words("Withdrawn", "已撤回"),
}


def moved(state, **more):
    return {"label": STATES[state], **more}


class Machine(models.Model):
    """A record that is never stored: only its machine is asked."""

    state = FSMField(default="received", protected=True)
    channel = models.CharField(max_length=4, choices=[("a", "A"), ("b", "B")])
    free = models.CharField(max_length=4)

    class Meta:
        abstract = True

    def __str__(self):
        return self.state

    @transition("state", source="received", target="accepted", custom=moved("accepted"))
    def accept(self): ...

    @transition(
        "state",
        source="accepted",
        target="refused",
        custom=moved("refused", adverse=True),
    )
    def refuse(self): ...

    @transition("state", source="accepted", target="approved", custom=moved("approved"))
    def approve(self): ...


class Fake(Machine):
    """What is asked for is granted or refused."""

    class Meta:
        app_label = "broken"
        managed = False


class Asking(Machine):
    """The same with a question to the party on the way."""

    class Meta:
        app_label = "broken"
        managed = False

    @transition("state", source="received", target="returned", custom=moved("returned"))
    def send_back(self): ...

    @transition("state", source="returned", target="received", custom=moved("received"))
    def resubmit(self): ...

    @transition(
        "state",
        source=["received", "returned"],
        target="withdrawn",
        custom=moved("withdrawn"),
    )
    def withdraw(self): ...


class Careful(Machine):
    """A machine that asks a condition."""

    class Meta:
        app_label = "broken"
        managed = False

    @transition(
        "state",
        source="received",
        target="accepted",
        conditions=[lambda case: case.free],
        custom=moved("accepted"),
    )
    def accept(self): ...


def step(duty, form=CHECK, due="test.step", **more):
    return Work(OFFICE, duty, form, due=due, **more)


class SoundFlow(CaseFlow):
    opened = Opened(clocks=["test.whole"]).Next(this.check)
    check = step(Duty.COUNTER).Next(this.accept)
    accept = Transition(Fake.accept).Next(this.decide)
    decide = step(Duty.APPROVER, DECIDE, due="test.decide").Next(this.granted)
    granted = Decide(rules.is_granted).Then(this.approve).Else(this.refuse)
    approve = Transition(Fake.approve, letter="granted", ends=["test.whole"]).Next(this.closed)
    refuse = Transition(Fake.refuse, letter="refused").Next(this.closed)
    closed = Closed()


class DeadlockFlow(SoundFlow):
    accept = Transition(Fake.accept).Next(this.apart)
    apart = Fork().Next(this.verify).Next(this.stop_publication)
    verify = step(Duty.HANDLER, VERIFY).Next(this.together)
    stop_publication = step(Duty.HANDLER, STOP)
    together = Joined().Next(this.decide)


class LostTokenFlow(SoundFlow):
    accept = Transition(Fake.accept).Next(this.apart)
    apart = Fork().Next(this.verify).Next(this.stop_publication)
    verify = step(Duty.HANDLER, VERIFY).Next(this.together)
    stop_publication = step(Duty.HANDLER, STOP).Next(this.elsewhere)
    together = Joined().Next(this.decide)
    elsewhere = Joined().Next(this.decide)


class TwoTokensFlow(SoundFlow):
    accept = Transition(Fake.accept).Next(this.apart)
    apart = Fork().Next(this.decide).Next(this.verify)
    verify = step(Duty.HANDLER, VERIFY).Next(this.closed)


class EndlessFlow(SoundFlow):
    accept = Transition(Fake.accept).Next(this.apart)
    apart = Fork().Next(this.decide).Next(this.verify)
    verify = step(Duty.HANDLER, VERIFY).Next(this.apart)


class SameSignerFlow(SoundFlow):
    decide = step(Duty.HANDLER, DECIDE, due="test.decide").Next(this.granted)


class AloneFlow(SoundFlow):
    check = step(Duty.REVIEWER).Next(this.accept)
    decide = step(Duty.APPROVER, DECIDE, due="test.decide").Next(this.granted)


class OnePersonFlow(SoundFlow):
    opened = Opened(clocks=["test.whole"]).Next(this.accept)
    check = None


class CountersignedFlow(SoundFlow):
    decide = step(Duty.HANDLER, DECIDE, due="test.decide", not_by=("check",)).Next(this.granted)


class TwoHandlersFlow(SoundFlow):
    check = step(Duty.HANDLER).Next(this.accept)
    decide = step(Duty.HANDLER, DECIDE, due="test.decide", not_by=("check",)).Next(this.granted)


class SilentOfficeFlow(SoundFlow):
    decide = step(
        Duty.APPROVER,
        DECIDE,
        due="test.decide",
        deemed=Deemed("test.step", {"decision": "refuse"}),
    ).Next(this.granted)


class KindSilenceFlow(SoundFlow):
    decide = step(
        Duty.APPROVER,
        DECIDE,
        due="test.decide",
        deemed=Deemed("test.step", {"decision": "grant"}),
    ).Next(this.granted)


class OrphanClockFlow(SoundFlow):
    check = step(Duty.COUNTER).Next(this.in_form)
    in_form = Decide(rules.is_in_form).Then(this.accept).Else(this.send_back)
    send_back = Transition(Asking.send_back, pauses=["test.step"]).Next(this.redo)
    redo = Ask(COMPLETE, due="test.step").Next(this.resubmit)
    resubmit = Transition(Asking.resubmit).Next(this.check)


class ForgottenClockFlow(OrphanClockFlow):
    send_back = Transition(Asking.send_back, pauses=["test.whole"]).Next(this.redo)
    approve = Transition(Fake.approve, letter="granted").Next(this.closed)


class ResumedFlow(OrphanClockFlow):
    resubmit = Transition(Asking.resubmit, resumes=["test.step"]).Next(this.check)


class StrangeClockFlow(SoundFlow):
    refuse = Transition(Fake.refuse, letter="refused", ends=["test.decide"]).Next(this.closed)


class NeverStartsFlow(SoundFlow):
    check = step(Duty.COUNTER, due="test.decide").Next(this.accept)


class NeverServedFlow(SoundFlow):
    decide = step(Duty.APPROVER, DECIDE, due="test.served").Next(this.granted)


class RefusedMoveFlow(SoundFlow):
    check = step(Duty.COUNTER).Next(this.decide)
    decide = step(Duty.APPROVER, DECIDE).Next(this.granted)
    granted = Decide(rules.is_granted).Then(this.accept).Else(this.refuse)
    accept = Transition(Fake.accept).Next(this.approve)


class LateFlow(SoundFlow):
    check = step(Duty.COUNTER, overrun=Overrun("test.step", Fake.approve)).Next(this.accept)


class ReturningFlow(SoundFlow):
    decide = step(Duty.APPROVER, DECIDE, due="test.decide", returns_to="check").Next(this.granted)


class DeadStepFlow(SoundFlow):
    check = step(Duty.COUNTER).Next(this.of_one_kind)
    of_one_kind = Decide(rules.is_of_one_kind, settled=True).Then(this.accept).Else(this.again)
    again = Decide(rules.is_of_one_kind, settled=True).Then(this.verify).Else(this.accept)
    verify = step(Duty.HANDLER, VERIFY).Next(this.accept)


class NoRemediesFlow(SoundFlow):
    refuse = Transition(Fake.refuse, letter="granted").Next(this.closed)


class SometimesFlow(SoundFlow):
    refuse = Transition(Fake.refuse, letter="sometimes").Next(this.closed)


class NoLetterFlow(SoundFlow):
    refuse = Transition(Fake.refuse).Next(this.closed)


class NoTermFlow(SoundFlow):
    decide = step(Duty.APPROVER, DECIDE, due="test.unknown").Next(this.granted)


class HalfTermFlow(SoundFlow):
    decide = step(Duty.APPROVER, DECIDE, due="test.{case.channel}.decide").Next(this.granted)


class FreeTermFlow(SoundFlow):
    decide = step(Duty.APPROVER, DECIDE, due="test.{case.free}.decide").Next(this.granted)


class NoQueueFlow(SoundFlow):
    check = step(Duty.SUPERVISOR).Next(this.accept)


class NoWordsFlow(SoundFlow):
    check = step(Duty.COUNTER, SimpleNamespace(title="Nowhere translated", why="Neither")).Next(
        this.accept
    )


def plan_of(flow, record=Fake, **changed):
    """Return the plan of a broken route, with all that is not broken whole."""
    made = Plan(
        name=flow.__name__,
        flow=flow,
        record=record,
        states={},
        told=STATES,
        terms=TERMS,
        letters=LETTERS,
        folder=Path(__file__).parent / "broken_letters",
        doors={"opened": "received"},
    )
    states = {made.first_state}
    for move in made.moves.values():
        states |= {*move.leads, *move.leads.values()}
    vars(made).update({"states": {state: STATES[state] for state in states}, **changed})
    return made


def _term(starts):
    return [{"starts": starts, "unit": "WD", "basis": "本办内部规定"}]


TERMS = {
    "test.whole": _term("received"),
    "test.step": _term("received"),
    "test.decide": _term("accept"),
    "test.served": _term("served_refused"),
    "test.a.decide": _term("accept"),
}
