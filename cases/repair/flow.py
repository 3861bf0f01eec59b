"""The routes of a repair: asked for, shielded in a reorganisation, doubted, or ended by time."""

from django.utils.translation import gettext_lazy as _

from cases.repair import rules
from cases.repair.forms import accepting, deciding, doubting, expiring, reorganising, stopping
from cases.repair.states import Repair
from forms.supplements import Supplement
from workflows.flow import (
    Ask,
    CaseFlow,
    Closed,
    Decide,
    Deemed,
    Duty,
    Opened,
    Role,
    Transition,
    Work,
    this,
)

OFFICE, FINDER = Role.OFFICE, Role.FINDER

ACCEPT = "repair.{case.channel}.accept"
DECIDE = "repair.{case.channel}.decide"
FEEDBACK = "repair.{case.channel}.feedback"
PROMISE = "repair.promise.feedback"
STOP = "repair.{case.channel}.stop"
COMPLETION = "repair.completion"
SUPPLEMENT = "repair.supplement"
LIFT = "repair.lift"
RULING = "repair.shield.check"
PLAN = "repair.shield.plan"
FULFILMENT = "repair.fulfilment"
STATEMENT = "repair.falsehood.statement"
FALSEHOOD = "repair.falsehood.weigh"
# What stands still with the limits: the office's promises and the fiction of acceptance,
# which would start DECIDE on the day of receipt, before a supplement.
BESIDE = ("general.supplement_notice", PROMISE, "repair.promise.accept")


class RepairFlow(CaseFlow):
    """Check the form, accept, verify, decide, stop publication, confirm it everywhere."""

    process_title = _("Credit repair")

    opened = Opened(clocks=[FEEDBACK], promised=[PROMISE]).Next(this.check)

    check = Work(OFFICE, Duty.COUNTER, accepting.Check, due="repair.precheck").Next(this.in_form)
    in_form = Decide(rules.is_in_form).Then(this.push).Else(this.send_back)

    send_back = Transition(Repair.send_back, letter="returned", pauses=[FEEDBACK, *BESIDE]).Next(
        this.redo
    )
    redo = Ask(accepting.Completion, due=COMPLETION).Next(this.redone)
    redone = Decide(rules.has_answered).Then(this.resubmit).Else(this.lapse)
    resubmit = Transition(Repair.resubmit, resumes=[FEEDBACK, *BESIDE]).Next(this.check)

    push = Transition(Repair.push).Next(this.examine)
    examine = Work(
        FINDER,
        Duty.ACCEPTOR,
        accepting.Examination,
        due=ACCEPT,
        promised="repair.promise.accept",
        deemed=Deemed("general.supplement_notice", {"examination": "accept"}),
    ).Next(this.acceptable)
    acceptable = Decide(rules.is_acceptable).Then(this.accept).Else(this.lacking)
    lacking = Decide(rules.is_lacking).Then(this.request_supplement).Else(this.review)

    request_supplement = Transition(
        Repair.request_supplement,
        letter="supplement",
        sender=FINDER,
        pauses=[ACCEPT, DECIDE, FEEDBACK, *BESIDE],
    ).Next(this.supplement)
    supplement = Ask(Supplement, due=SUPPLEMENT).Next(this.supplemented)
    supplemented = Decide(rules.has_answered).Then(this.supply).Else(this.lapse)
    supply = Transition(Repair.supply, resumes=[ACCEPT, DECIDE, FEEDBACK, *BESIDE]).Next(
        this.examine
    )
    lapse = Transition(Repair.lapse, letter="lapsed").Next(this.closed)

    review = Work(
        FINDER, Duty.REVIEWER, accepting.RefusalReview, due=ACCEPT, returns_to="examine"
    ).Next(this.decline)
    decline = Transition(
        Repair.decline, letter="not_accepted", sender=FINDER, ends=[FEEDBACK, PROMISE]
    ).Next(this.closed)

    accept = Transition(Repair.accept, letter="accepted", sender=FINDER).Next(this.verify)
    verify = Work(
        FINDER, Duty.HANDLER, deciding.Verification, due=DECIDE, promised="repair.promise.decide"
    ).Next(this.decide)
    decide = Work(FINDER, Duty.APPROVER, deciding.Decision, due=DECIDE, returns_to="verify").Next(
        this.granted
    )
    granted = Decide(rules.is_granted).Then(this.approve).Else(this.refuse)

    refuse = Transition(Repair.refuse, letter="refused", sender=FINDER).Next(this.closed)
    approve = Transition(
        Repair.approve, letter="granted", sender=FINDER, ends=[FEEDBACK, PROMISE]
    ).Next(this.stop_publication)

    stop_publication = Work(FINDER, Duty.HANDLER, stopping.Stopping, due=STOP).Next(this.stop)
    stop = Transition(Repair.stop).Next(this.confirm)
    confirm = Work(OFFICE, Duty.HANDLER, stopping.Confirmation, due=STOP).Next(this.sync)
    sync = Transition(Repair.sync).Next(this.measured)
    measured = Decide(rules.has_measures).Then(this.lift_measures).Else(this.lift)
    lift_measures = Work(OFFICE, Duty.HANDLER, stopping.Lifting, due=LIFT).Next(this.lift)
    lift = Transition(Repair.lift).Next(this.finish)
    finish = Transition(Repair.finish, letter="closed").Next(this.closed)

    reorganised = Opened(clocks=[FEEDBACK]).Next(this.submit_ruling)
    submit_ruling = Transition(Repair.submit_ruling).Next(this.check_ruling)
    check_ruling = Work(FINDER, Duty.HANDLER, reorganising.RulingCheck, due=RULING).Next(
        this.judge_ruling
    )
    judge_ruling = Work(
        FINDER, Duty.APPROVER, reorganising.RulingDecision, due=RULING, returns_to="check_ruling"
    ).Next(this.shielding)
    shielding = Decide(rules.is_granted).Then(this.shield).Else(this.refuse)
    shield = Transition(
        Repair.shield,
        letter="shielded",
        sender=FINDER,
        ends=[FEEDBACK],
        as_of="plan_ends_on",
    ).Next(this.watch_plan)
    watch_plan = Work(FINDER, Duty.HANDLER, reorganising.PlanReport, due=PLAN).Next(this.judge_plan)
    judge_plan = Work(
        FINDER, Duty.APPROVER, reorganising.PlanDecision, due=PLAN, returns_to="watch_plan"
    ).Next(this.carried_out)
    carried_out = Decide(rules.is_carried_out).Then(this.approve).Else(this.unshield)
    unshield = Transition(Repair.unshield, letter="unshielded", sender=FINDER).Next(this.closed)

    expired = Opened().Next(this.known)
    known = Decide(rules.is_fulfilled, settled=True).Then(this.expire).Else(this.question)
    question = Transition(Repair.question).Next(this.check_fulfilment)
    check_fulfilment = Work(FINDER, Duty.HANDLER, expiring.FulfilmentCheck, due=FULFILMENT).Next(
        this.judge_fulfilment
    )
    judge_fulfilment = Work(
        FINDER,
        Duty.APPROVER,
        expiring.FulfilmentDecision,
        due=FULFILMENT,
        returns_to="check_fulfilment",
    ).Next(this.ended)
    ended = Decide(rules.is_found_fulfilled).Then(this.expire).Else(this.keep)
    expire = Transition(Repair.expire, letter="expired", sender=FINDER).Next(this.closed)
    keep = Transition(Repair.keep, letter="kept", sender=FINDER).Next(this.closed)

    doubted = Opened().Next(this.suspect)
    suspect = Transition(Repair.suspect, letter="suspicion", sender=FINDER).Next(this.hear)
    hear = Ask(doubting.Statement, due=STATEMENT).Next(this.weigh)
    weigh = Work(FINDER, Duty.HANDLER, doubting.Weighing, due=FALSEHOOD).Next(this.judge_falsehood)
    judge_falsehood = Work(
        FINDER, Duty.APPROVER, doubting.FalsehoodDecision, due=FALSEHOOD, returns_to="weigh"
    ).Next(this.proven)
    proven = Decide(rules.is_false).Then(this.revoke).Else(this.uphold)
    revoke = Transition(Repair.revoke, letter="revoked", sender=FINDER).Next(this.closed)
    uphold = Transition(Repair.uphold, letter="upheld", sender=FINDER).Next(this.closed)

    closed = Closed()
