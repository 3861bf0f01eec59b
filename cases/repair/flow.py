"""The route of a repair: counter, finding authority, second person, each place of publication."""

from django.utils.translation import gettext_lazy as _

from cases.repair import forms, rules
from cases.repair.states import Repair
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
SUPPLEMENT = "repair.supplement"
# What stands still with the limits: the office's promises and the fiction of acceptance,
# which would start DECIDE on the day of receipt, before a supplement.
BESIDE = ("general.supplement_notice", PROMISE, "repair.promise.accept")


class RepairFlow(CaseFlow):
    """Check the form, accept, verify, decide, stop publication, confirm it everywhere."""

    process_title = _("Credit repair")

    opened = Opened(clocks=[FEEDBACK], promised=[PROMISE]).Next(this.check)

    check = Work(OFFICE, Duty.COUNTER, forms.Check, due="repair.precheck").Next(this.in_form)
    in_form = Decide(rules.is_in_form).Then(this.push).Else(this.send_back)

    send_back = Transition(Repair.send_back, letter="returned", pauses=[FEEDBACK, *BESIDE]).Next(
        this.redo
    )
    redo = Ask(forms.Completion, due=SUPPLEMENT).Next(this.redone)
    redone = Decide(rules.has_answered).Then(this.resubmit).Else(this.lapse)
    resubmit = Transition(Repair.resubmit, resumes=[FEEDBACK, *BESIDE]).Next(this.check)

    push = Transition(Repair.push).Next(this.examine)
    examine = Work(
        FINDER,
        Duty.ACCEPTOR,
        forms.Examination,
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
    supplement = Ask(forms.Supplement, due=SUPPLEMENT).Next(this.supplemented)
    supplemented = Decide(rules.has_answered).Then(this.supply).Else(this.lapse)
    supply = Transition(Repair.supply, resumes=[ACCEPT, DECIDE, FEEDBACK, *BESIDE]).Next(
        this.examine
    )
    lapse = Transition(Repair.lapse, letter="lapsed").Next(this.closed)

    review = Work(FINDER, Duty.REVIEWER, forms.RefusalReview, due=ACCEPT, not_by=("examine",)).Next(
        this.refusal_confirmed
    )
    refusal_confirmed = Decide(rules.is_refusal_confirmed).Then(this.decline).Else(this.examine)
    decline = Transition(
        Repair.decline, letter="not_accepted", sender=FINDER, ends=[FEEDBACK, PROMISE]
    ).Next(this.closed)

    accept = Transition(Repair.accept, letter="accepted", sender=FINDER).Next(this.verify)
    verify = Work(
        FINDER, Duty.HANDLER, forms.Verification, due=DECIDE, promised="repair.promise.decide"
    ).Next(this.decide)
    decide = Work(
        FINDER, Duty.APPROVER, forms.Decision, due=DECIDE, not_by=("examine", "review", "verify")
    ).Next(this.returned)
    returned = Decide(rules.is_returned).Then(this.verify).Else(this.granted)
    granted = Decide(rules.is_granted).Then(this.approve).Else(this.refuse)

    refuse = Transition(Repair.refuse, letter="refused", sender=FINDER).Next(this.closed)
    approve = Transition(
        Repair.approve, letter="granted", sender=FINDER, ends=[FEEDBACK, PROMISE]
    ).Next(this.stop_publication)

    stop_publication = Work(FINDER, Duty.HANDLER, forms.Stopping, due=STOP).Next(this.stop)
    stop = Transition(Repair.stop).Next(this.confirm)
    confirm = Work(OFFICE, Duty.HANDLER, forms.Confirmation, due=STOP).Next(this.finish)
    finish = Transition(Repair.finish, letter="closed").Next(this.closed)

    closed = Closed()
