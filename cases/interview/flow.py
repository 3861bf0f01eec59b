"""The route of an interview: approval, notice, the meeting, rectification, the shared record."""

from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.forms import (
    calling,
    concluding,
    meeting,
    proposing,
    recording,
    rectifying,
    verifying,
)
from cases.interview.states import Interview
from workflows.flow import Ask, CaseFlow, Closed, Decide, Duty, Opened, Role, Transition, Work, this

OFFICE, FINDER = Role.OFFICE, Role.FINDER

DECIDE = "interview.decide"
HOLD = "interview.hold"
MEASURE = "interview.measure"
VERIFY = "interview.verify"


class InterviewFlow(CaseFlow):
    """Propose, approve, call, meet, sign, put right, verify, share."""

    process_title = _("Interview")

    opened = Opened().Next(this.propose)
    found = Opened().Next(this.propose)
    triggered = Opened().Next(this.propose)
    escalated = Opened().Next(this.propose)

    propose = Transition(Interview.propose).Next(this.draft)
    draft = Work(FINDER, Duty.HANDLER, proposing.Draft, due="interview.draft").Next(this.warning)
    warning = Decide(rules.is_warning).Then(this.review).Else(this.decide)
    review = Work(FINDER, Duty.REVIEWER, proposing.Review, due=DECIDE, returns_to="draft").Next(
        this.decide
    )
    decide = Work(FINDER, Duty.APPROVER, proposing.Approval, due=DECIDE, returns_to="draft").Next(
        this.approved
    )
    approved = Decide(rules.is_approved).Then(this.approve).Else(this.call_off)
    call_off = Transition(Interview.call_off, letter="cancelled", sender=FINDER).Next(this.closed)

    approve = Transition(Interview.approve).Next(this.call)
    call = Work(FINDER, Duty.HANDLER, calling.Call, due="interview.call").Next(this.notify)
    notify = Transition(Interview.notify, letter="notice", sender=FINDER, as_of="meets_on").Next(
        this.answer
    )
    answer = Ask(calling.Answer, due="interview.reply").Next(this.postponing)
    postponing = Decide(rules.has_asked_to_postpone).Then(this.request_postponement).Else(this.meet)
    request_postponement = Transition(Interview.request_postponement).Next(this.reconsider)
    reconsider = Work(FINDER, Duty.HANDLER, calling.Postponement, due="interview.postpone").Next(
        this.postponed
    )
    postponed = Decide(rules.is_postponed).Then(this.reschedule).Else(this.keep)
    reschedule = Transition(
        Interview.reschedule, letter="postponed", sender=FINDER, as_of="meets_on"
    ).Next(this.meet)
    keep = Transition(Interview.keep, letter="not_postponed", sender=FINDER).Next(this.meet)

    meet = Work(FINDER, Duty.HANDLER, meeting.Meeting, due=HOLD).Next(this.moved)
    moved = Decide(rules.is_moved).Then(this.recall).Else(this.fallen)
    recall = Transition(Interview.recall, letter="moved", sender=FINDER, as_of="meets_on").Next(
        this.meet
    )
    fallen = Decide(rules.has_fallen_away).Then(this.confirm).Else(this.countersign)
    confirm = Work(FINDER, Duty.APPROVER, meeting.CallingOff, due=HOLD, returns_to="meet").Next(
        this.call_off
    )
    countersign = Work(
        FINDER,
        Duty.HANDLER,
        recording.Countersignature,
        due=HOLD,
        not_by=("meet",),
        returns_to="meet",
    ).Next(this.attended)
    attended = Decide(rules.is_held).Then(this.hold).Else(this.miss)

    miss = Transition(Interview.miss).Next(this.first_time)
    first_time = Decide(rules.may_be_called_again).Then(this.respond).Else(this.suggest)
    respond = Work(FINDER, Duty.HANDLER, calling.Response, due="interview.respond").Next(this.again)
    again = Decide(rules.is_called_again).Then(this.call_again).Else(this.suggest)
    call_again = Transition(
        Interview.call_again, letter="second_notice", sender=FINDER, as_of="meets_on"
    ).Next(this.meet)

    hold = Transition(Interview.hold).Next(this.signing)
    signing = Work(FINDER, Duty.HANDLER, recording.Signing, due="interview.sign").Next(this.signed)
    signed = Decide(rules.is_signed).Then(this.sign).Else(this.refuse_signature)
    sign = Transition(Interview.sign, letter="record_copy", sender=FINDER).Next(this.instruct)
    refuse_signature = Transition(
        Interview.refuse_signature, letter="record_copy", sender=FINDER
    ).Next(this.instruct)

    instruct = Work(FINDER, Duty.HANDLER, rectifying.Instruction, due="interview.order").Next(
        this.needed
    )
    needed = Decide(rules.is_rectification_needed).Then(this.order).Else(this.enter)
    order = Transition(Interview.order, letter="order", sender=FINDER).Next(this.rectify)
    rectify = Ask(rectifying.Report, due="interview.{case.level}.rectify").Next(this.reported)
    reported = Decide(rules.has_reported).Then(this.hand_in).Else(this.miss_term)
    hand_in = Transition(Interview.hand_in).Next(this.verify)
    miss_term = Transition(Interview.miss_term).Next(this.verify)

    verify = Work(FINDER, Duty.HANDLER, verifying.Verification, due=VERIFY).Next(this.cosign)
    cosign = Work(
        FINDER,
        Duty.HANDLER,
        verifying.SecondVerifier,
        due=VERIFY,
        not_by=("verify",),
        returns_to="verify",
    ).Next(this.passed)
    passed = Decide(rules.is_passed).Then(this.find_passed).Else(this.partly)
    partly = Decide(rules.is_partial).Then(this.find_partial).Else(this.find_failed)
    find_partial = Transition(Interview.find_partial, letter="opinion", sender=FINDER).Next(
        this.order_again
    )
    order_again = Transition(Interview.order_again, letter="order_again", sender=FINDER).Next(
        this.rectify_again
    )
    rectify_again = Ask(rectifying.Report, due="interview.{case.level}.again").Next(this.reported)

    find_failed = Transition(Interview.find_failed, letter="opinion", sender=FINDER).Next(
        this.suggest
    )
    suggest = Work(FINDER, Duty.HANDLER, concluding.Measure, due=MEASURE).Next(this.settle)
    settle = Work(
        FINDER, Duty.APPROVER, concluding.Settlement, due=MEASURE, returns_to="suggest"
    ).Next(this.escalates)
    escalates = Decide(rules.is_escalated).Then(this.escalate).Else(this.hand_over)
    escalate = Transition(
        Interview.escalate,
        letter="escalated",
        sender=FINDER,
        opens=("interview", "escalated"),
    ).Next(this.closed)
    hand_over = Transition(Interview.hand_over, letter="transferred", sender=FINDER).Next(
        this.closed
    )

    find_passed = Transition(Interview.find_passed, letter="opinion", sender=FINDER).Next(
        this.enter
    )
    enter = Work(OFFICE, Duty.HANDLER, concluding.Sharing, due="interview.share").Next(this.share)
    share = Transition(Interview.share).Next(this.finish)
    finish = Transition(Interview.finish, letter="closed", sender=FINDER).Next(this.closed)

    closed = Closed()
