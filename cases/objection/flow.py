"""The route of an objection: acceptance and mark, own mistake, provider, result, every copy."""

from django.utils.translation import gettext_lazy as _

from cases.objection import rules
from cases.objection.forms import accepting, concluding, correcting, deciding, verifying
from cases.objection.states import Objection
from forms.supplements import Supplement
from workflows.flow import (
    Ask,
    CaseFlow,
    Closed,
    Decide,
    Deemed,
    Duty,
    Opened,
    Overrun,
    Role,
    Transition,
    Work,
    this,
)

OFFICE, PROVIDER = Role.OFFICE, Role.PROVIDER

ACCEPT = "objection.accept"
DEEMED = "objection.deemed"
SELFCHECK = "objection.selfcheck"
ASKED = "objection.provider"
RESULT = "objection.result"
CORRECT = "objection.correct"
TOTAL = "objection.promise.total"
# What stands still while the party supplements.
BEFORE = (ACCEPT, DEEMED, TOTAL)


class ObjectionFlow(CaseFlow):
    """Accept and mark, compare, ask the provider, decide, correct at source, confirm, unmark."""

    process_title = _("Objection to a record")

    opened = Opened(promised=[TOTAL]).Next(this.screen)
    again = Opened(promised=[TOTAL]).Next(this.screen)

    screen = Work(
        OFFICE,
        Duty.ACCEPTOR,
        accepting.Screening,
        due=ACCEPT,
        deemed=Deemed(DEEMED, {"screening": "accept"}),
    ).Next(this.acceptable)
    acceptable = Decide(rules.is_acceptable).Then(this.accept).Else(this.lacking)
    lacking = Decide(rules.is_lacking).Then(this.request_supplement).Else(this.review)

    request_supplement = Transition(
        Objection.request_supplement, letter="supplement", pauses=BEFORE
    ).Next(this.supplement)
    supplement = Ask(Supplement, due="objection.supplement").Next(this.supplemented)
    supplemented = Decide(rules.has_answered).Then(this.supply).Else(this.lapse)
    supply = Transition(Objection.supply, resumes=BEFORE).Next(this.screen)
    lapse = Transition(Objection.lapse, letter="lapsed").Next(this.closed)

    review = Work(
        OFFICE, Duty.REVIEWER, accepting.RefusalReview, due=ACCEPT, returns_to="screen"
    ).Next(this.decline)
    decline = Transition(Objection.decline, letter="not_accepted", ends=[TOTAL]).Next(this.closed)

    accept = Transition(Objection.accept, letter="accepted").Next(this.mark)
    mark = Transition(Objection.mark, letter="marked").Next(this.compare)
    compare = Work(OFFICE, Duty.HANDLER, verifying.Comparison, due=SELFCHECK).Next(this.ours)
    ours = Decide(rules.is_put_right_here).Then(this.approve_own).Else(this.inquire)
    approve_own = Work(
        OFFICE, Duty.APPROVER, deciding.OwnApproval, due=SELFCHECK, returns_to="compare"
    ).Next(this.self_correct)
    self_correct = Transition(Objection.self_correct, letter="self_corrected", ends=[TOTAL]).Next(
        this.confirm
    )

    inquire = Transition(Objection.inquire, letter="inquiry").Next(this.receive)
    receive = Work(PROVIDER, Duty.ACCEPTOR, verifying.Signing, due="objection.signin").Next(
        this.sign_for
    )
    sign_for = Transition(Objection.sign_for).Next(this.verify)
    verify = Work(
        PROVIDER,
        Duty.HANDLER,
        verifying.Verification,
        due=ASKED,
        overrun=Overrun("objection.withhold", Objection.withhold),
    ).Next(this.sign)
    sign = Work(
        PROVIDER,
        Duty.REVIEWER,
        verifying.Signature,
        due=ASKED,
        overrun=Overrun("objection.withhold", Objection.withhold),
        returns_to="verify",
    ).Next(this.reply)
    reply = Transition(Objection.reply).Next(this.to_be_heard)

    to_be_heard = Decide(rules.is_to_be_heard).Then(this.hear).Else(this.draft)
    hear = Transition(Objection.hear, letter="hearing", pauses=[TOTAL]).Next(this.plead)
    plead = Ask(deciding.Statement, due="objection.statement").Next(this.note_statement)
    note_statement = Transition(Objection.note_statement, resumes=[TOTAL]).Next(this.draft)

    draft = Work(OFFICE, Duty.HANDLER, deciding.Draft, due=RESULT).Next(this.approve)
    approve = Work(OFFICE, Duty.APPROVER, deciding.Approval, due=RESULT, returns_to="draft").Next(
        this.right
    )
    right = Decide(rules.is_right).Then(this.maintain).Else(this.unverifiable)
    unverifiable = Decide(rules.is_unverifiable).Then(this.leave_withheld).Else(this.out_of_term)
    out_of_term = Decide(rules.is_out_of_term).Then(this.expire).Else(this.wholly_wrong)
    wholly_wrong = Decide(rules.is_wholly_wrong).Then(this.uphold).Else(this.uphold_in_part)

    maintain = Transition(Objection.maintain, letter="maintained", ends=[TOTAL]).Next(this.told)
    leave_withheld = Transition(Objection.leave_withheld, letter="withheld", ends=[TOTAL]).Next(
        this.told
    )
    expire = Transition(Objection.expire, letter="stopped", ends=[TOTAL]).Next(this.confirm)
    uphold = Transition(Objection.uphold, letter="upheld", ends=[TOTAL]).Next(this.correct)
    uphold_in_part = Transition(
        Objection.uphold_in_part, letter="upheld_in_part", ends=[TOTAL]
    ).Next(this.correct)

    correct = Work(PROVIDER, Duty.HANDLER, correcting.SourceCorrection, due=CORRECT).Next(
        this.put_right
    )
    put_right = Transition(Objection.put_right).Next(this.confirm)
    confirm = Work(OFFICE, Duty.HANDLER, correcting.Copies, due="objection.confirm").Next(
        this.spread
    )
    spread = Transition(Objection.spread, letter="corrected").Next(this.told)

    told = Decide(rules.is_mark_to_go).Then(this.finish).Else(this.settle)
    settle = Work(OFFICE, Duty.APPROVER, concluding.Settlement, due="objection.unmark").Next(
        this.kept
    )
    kept = Decide(rules.is_mark_kept).Then(this.keep_mark).Else(this.finish)
    keep_mark = Transition(Objection.keep_mark).Next(this.follow)
    follow = Work(OFFICE, Duty.HANDLER, concluding.ReviewEnd, due="objection.review").Next(
        this.overturned
    )
    overturned = Decide(rules.is_overturned).Then(this.reconsider).Else(this.finish)
    reconsider = Transition(Objection.reconsider).Next(this.to_be_heard)

    finish = Transition(Objection.finish, letter="closed").Next(this.closed)
    closed = Closed()
