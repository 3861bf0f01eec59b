"""The route of a commitment: told, signed, decided, published and verified side by side, shared."""

from django.utils.translation import gettext_lazy as _

from cases.commitment import rules
from cases.commitment.forms import (
    applying,
    completing,
    deciding,
    publishing,
    rectifying,
    revoking,
    signing,
    verifying,
)
from cases.commitment.states import Commitment
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
    Role,
    Transition,
    Work,
    this,
)

OFFICE, APPROVING, SUPERVISING = Role.OFFICE, Role.APPROVING, Role.SUPERVISING
ACCEPTOR, HANDLER, APPROVER = Duty.ACCEPTOR, Duty.HANDLER, Duty.APPROVER

# The fiction of acceptance stands still while the party supplements (行政许可法 §32).
NOTICE = "general.supplement_notice"
GAP = "commitment.{case.gap_term}.gap"
DECIDE, PROMISE = "commitment.decide", "commitment.{case.promised_term}.promise"
VERIFY = "commitment.{case.verify_term}.verify"
END_GAP, RECHECK, SHARE = "commitment.end_gap", "commitment.recheck", "commitment.share"


class CommitmentFlow(CaseFlow):
    """Tell, let sign, decide, publish, verify by two persons, share how the promise was kept."""

    process_title = _("Notice and commitment")

    opened = Opened().Next(this.eligible)
    eligible = (
        Decide(rules.is_eligible, settled=True).Then(this.find_eligible).Else(this.find_ineligible)
    )
    find_ineligible = Transition(Commitment.find_ineligible).Next(this.tell)
    tell = Work(APPROVING, Duty.COUNTER, applying.Switch, due="commitment.switch").Next(this.switch)
    switch = Transition(Commitment.switch, letter="ineligible", sender=APPROVING).Next(this.closed)

    find_eligible = Transition(Commitment.find_eligible).Next(this.examine)
    examine = Work(
        APPROVING,
        ACCEPTOR,
        applying.Examination,
        due="commitment.inform",
        deemed=Deemed(NOTICE, {"examination": "inform"}),
    ).Next(this.lacking)
    lacking = Decide(rules.is_lacking).Then(this.request_supplement).Else(this.inform)
    request_supplement = Transition(
        Commitment.request_supplement, letter="supplement", sender=APPROVING, pauses=[NOTICE]
    ).Next(this.supplement)
    supplement = Ask(applying.Supplement, due="commitment.supplement").Next(this.supplemented)
    supplemented = Decide(rules.has_answered).Then(this.supply).Else(this.lapse)
    supply = Transition(Commitment.supply, resumes=[NOTICE]).Next(this.examine)
    lapse = Transition(Commitment.lapse, letter="lapsed", sender=APPROVING).Next(this.closed)

    inform = Transition(Commitment.inform, letter="notice", sender=APPROVING).Next(this.sign)
    sign = Ask(signing.Signing, due="commitment.sign").Next(this.answered)
    answered = Decide(rules.has_answered).Then(this.declined).Else(this.lapse)
    declined = Decide(rules.is_declined).Then(this.prefer_general).Else(this.commit)
    prefer_general = Transition(
        Commitment.prefer_general, letter="declined", sender=APPROVING
    ).Next(this.closed)
    commit = Transition(Commitment.commit).Next(this.with_gap)
    with_gap = (
        Decide(rules.is_accepted_with_gap, settled=True)
        .Then(this.accept_with_gap)
        .Else(this.decide)
    )

    decide = Work(
        APPROVING, APPROVER, deciding.InstantDecision, due="commitment.instant_decision"
    ).Next(this.granted_at_once)
    granted_at_once = Decide(rules.is_granted).Then(this.grant).Else(this.take_up)
    take_up = Transition(Commitment.take_up).Next(this.review)

    accept_with_gap = Transition(
        Commitment.accept_with_gap, letter="gap_accepted", sender=APPROVING
    ).Next(this.missing)
    missing = Ask(completing.MissingMaterial, due=GAP).Next(this.handed_in)
    handed_in = Decide(rules.has_answered).Then(this.supply_gap).Else(this.miss)
    supply_gap = Transition(Commitment.supply_gap).Next(this.check_gap)
    check_gap = Work(APPROVING, ACCEPTOR, completing.GapCheck, due="commitment.check_gap").Next(
        this.gap_closed
    )
    gap_closed = Decide(rules.is_gap_closed).Then(this.complete_gap).Else(this.time_left)
    time_left = Decide(rules.has_time_left).Then(this.ask_rest).Else(this.miss_rest)
    ask_rest = Transition(Commitment.ask_rest, letter="gap_rest", sender=APPROVING).Next(
        this.missing
    )
    miss = Transition(Commitment.miss).Next(this.look)
    miss_rest = Transition(Commitment.miss_rest).Next(this.look)
    look = Work(APPROVING, HANDLER, completing.Arrival, due=END_GAP).Next(this.in_time)
    in_time = Decide(rules.has_arrived).Then(this.admit).Else(this.confirm_end)
    admit = Transition(Commitment.admit).Next(this.check_gap)
    confirm_end = Work(
        APPROVING, APPROVER, completing.Termination, due=END_GAP, returns_to="look"
    ).Next(this.terminate)
    terminate = Transition(Commitment.terminate, letter="terminated", sender=APPROVING).Next(
        this.share_end
    )
    share_end = Work(OFFICE, HANDLER, publishing.Sharing, due=SHARE).Next(this.record_end)
    record_end = Transition(Commitment.record_end, letter="recorded").Next(this.closed)
    complete_gap = Transition(Commitment.complete_gap).Next(this.review)

    review = Work(APPROVING, HANDLER, deciding.Review, due=DECIDE, promised=PROMISE).Next(
        this.decide_review
    )
    decide_review = Work(
        APPROVING,
        APPROVER,
        deciding.ReviewDecision,
        due=DECIDE,
        promised=PROMISE,
        returns_to="review",
    ).Next(this.granted)
    granted = Decide(rules.is_granted).Then(this.grant).Else(this.refuse)
    refuse = Transition(Commitment.refuse, letter="refused", sender=APPROVING).Next(this.closed)
    grant = Transition(Commitment.grant, letter="granted", sender=APPROVING).Next(this.side_by_side)

    side_by_side = Fork().Next(this.publish).Next(this.push)
    publish = Work(APPROVING, HANDLER, publishing.Publication, due="commitment.publish").Next(
        this.both
    )
    push = Transition(Commitment.push).Next(this.sign_in)
    sign_in = Work(
        SUPERVISING, ACCEPTOR, verifying.SignIn, due="commitment.push_to_supervisor"
    ).Next(this.verified)
    verified = Decide(rules.is_to_be_verified).Then(this.start_verification).Else(this.watch)
    watch = Transition(Commitment.watch).Next(this.share)

    start_verification = Transition(Commitment.start_verification).Next(this.verify)
    verify = Work(SUPERVISING, HANDLER, verifying.Verification, due=VERIFY).Next(this.again)
    again = Decide(rules.is_to_be_visited_again).Then(this.verify).Else(this.countersign)
    countersign = Work(
        SUPERVISING,
        HANDLER,
        verifying.Countersign,
        due=VERIFY,
        not_by=("verify",),
        returns_to="verify",
    ).Next(this.unseen)
    unseen = Decide(rules.is_unverified).Then(this.leave_unverified).Else(this.kept)
    kept = Decide(rules.is_fulfilled).Then(this.fulfil).Else(this.untrue)
    untrue = Decide(rules.is_false).Then(this.find_false).Else(this.in_part)
    in_part = Decide(rules.is_partial).Then(this.find_partial).Else(this.find_unfulfilled)
    leave_unverified = Transition(
        Commitment.leave_unverified, letter="unverified", sender=SUPERVISING
    ).Next(this.share)
    fulfil = Transition(Commitment.fulfil, letter="fulfilled", sender=SUPERVISING).Next(this.share)
    find_false = Transition(Commitment.find_false).Next(this.draft_notice)
    find_partial = Transition(Commitment.find_partial).Next(this.draft_order)
    find_unfulfilled = Transition(Commitment.find_unfulfilled).Next(this.draft_order)

    draft_order = Work(SUPERVISING, HANDLER, rectifying.OrderDraft, due="commitment.order").Next(
        this.sign_order
    )
    sign_order = Work(
        SUPERVISING,
        APPROVER,
        rectifying.OrderSignature,
        due="commitment.order",
        returns_to="draft_order",
    ).Next(this.order)
    order = Transition(Commitment.order, letter="order", sender=SUPERVISING).Next(this.rectify)
    rectify = Ask(rectifying.Rectification, due="commitment.rectify").Next(this.reported)
    reported = Decide(rules.has_answered).Then(this.report).Else(this.run_out)
    report = Transition(Commitment.report).Next(this.recheck)
    run_out = Transition(Commitment.run_out).Next(this.recheck)
    recheck = Work(SUPERVISING, HANDLER, rectifying.Recheck, due=RECHECK).Next(
        this.countersign_recheck
    )
    countersign_recheck = Work(
        SUPERVISING,
        HANDLER,
        rectifying.RecheckCountersign,
        due=RECHECK,
        not_by=("recheck",),
        returns_to="recheck",
    ).Next(this.rectified)
    rectified = Decide(rules.is_rectified).Then(this.fulfil_late).Else(this.find_unrectified)
    fulfil_late = Transition(Commitment.fulfil_late, letter="rectified", sender=SUPERVISING).Next(
        this.share
    )
    find_unrectified = Transition(Commitment.find_unrectified).Next(this.interviewed)
    interviewed = Decide(rules.is_to_be_interviewed).Then(this.summon).Else(this.draft_notice)
    summon = Transition(Commitment.summon, opens=("interview", "triggered")).Next(this.draft_notice)

    draft_notice = Work(
        APPROVING, HANDLER, revoking.PriorNotice, due="commitment.prior_notice"
    ).Next(this.notify)
    notify = Transition(Commitment.notify, letter="prior_notice", sender=APPROVING).Next(
        this.statement
    )
    statement = Ask(revoking.Statement, due="commitment.revoke_hear").Next(this.heard)
    heard = Decide(rules.has_answered).Then(this.hear).Else(this.waive)
    hear = Transition(Commitment.hear).Next(this.legal_review)
    waive = Transition(Commitment.waive).Next(this.legal_review)
    legal_review = Work(
        APPROVING, Duty.REVIEWER, revoking.LegalReview, due="commitment.legal_review"
    ).Next(this.decide_revocation)
    decide_revocation = Work(
        APPROVING,
        APPROVER,
        revoking.RevocationDecision,
        due="commitment.revoke",
        returns_to="legal_review",
    ).Next(this.revoked)
    revoked = Decide(rules.is_revoked).Then(this.revoke).Else(this.keep)
    revoke = Transition(Commitment.revoke, letter="revoked", sender=APPROVING).Next(
        this.share_revocation
    )
    share_revocation = Work(OFFICE, HANDLER, publishing.Sharing, due=SHARE).Next(
        this.publish_revocation
    )
    publish_revocation = Work(
        APPROVING, HANDLER, publishing.Republication, due="commitment.publish_revocation"
    ).Next(this.both)
    keep = Transition(Commitment.keep, letter="kept", sender=APPROVING).Next(this.share)

    share = Work(OFFICE, HANDLER, publishing.Sharing, due=SHARE).Next(this.both)
    both = Joined().Next(this.record_fulfilment)
    record_fulfilment = Transition(Commitment.record_fulfilment, letter="recorded").Next(
        this.closed
    )

    closed = Closed()
