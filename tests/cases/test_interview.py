"""An interview, from the finding that opens it to the credit file that keeps it."""

import datetime as dt

import pytest

from accounts.models import Duty, Membership, User
from cases.interview import rules
from cases.interview.states import Interview, State
from records.models import Record
from tests.actors import Caseworker, open_item
from tests.cases.interview_walks import (
    ABSENT,
    ABSENT_ONCE,
    ABSENT_TWICE,
    ANSWERS,
    APPROVED,
    CALL,
    CALLED,
    FAILED,
    GROUNDS,
    HELD,
    MET,
    ORDER,
    ORDERED,
    STORIES,
    VERIFYING,
    WARNED,
    at,
    due_of,
    open_an_interview,
    walk,
)
from tests.cases.objection_walks import objects, to_mark
from tests.conftest import SINCE, letters_to
from workflows import audit, escalation, intake, proposals, related, returning, topics, work
from workflows.calendar import Calendar
from workflows.clock import Event, Period
from workflows.clock import Unit as In
from workflows.models import Deadline, Entry, Relation, WorkItem


@pytest.fixture
def recorder(bureau):
    user = User.objects.create_user("recorder", display_name="季示例")
    Membership.objects.create(user=user, unit=bureau, duty=Duty.HANDLER, since=SINCE)
    return Caseworker(user)


@pytest.fixture
def cast(staff, recorder, applicant):
    return {**staff, "recorder": recorder, "applicant": applicant}


@pytest.fixture
def interview(handler, penalty):
    return open_an_interview(handler, penalty)


@pytest.fixture
def told(interview, cast):
    """Return a function that walks the interview through a story and returns it anew."""

    def told(story):
        walk(interview, story, cast)
        return Interview.objects.get(pk=interview.pk)

    return told


def day(text):
    return dt.date.fromisoformat(f"2026-{text}")


def refused(who, step, case, *, at, **answers):
    """Return what a step says against answers that it does not take."""
    with pytest.raises(work.AnswersRefused) as no:
        who.does(step, case, at=at, **answers)
    return no.value.fields


ENDS = {
    "put right": (State.CLOSED, ["notice", "record_copy", "order", "opinion", "closed"]),
    "put right in a second term": (
        State.CLOSED,
        ["notice", "record_copy", "order", "opinion", "order_again", "opinion", "closed"],
    ),
    "nothing to put right": (State.CLOSED, ["notice", "record_copy", "closed"]),
    "signature refused": (State.CLOSED, ["notice", "record_copy", "closed"]),
    "handed over after a failure": (
        State.TRANSFERRED,
        ["notice", "record_copy", "order", "opinion", "transferred"],
    ),
    "handed over after one absence": (State.TRANSFERRED, ["notice", "transferred"]),
    "postponed": (State.CLOSED, ["notice", "postponed", "record_copy", "closed"]),
    "not postponed": (State.CLOSED, ["notice", "not_postponed", "record_copy", "closed"]),
    "moved by the office": (State.CLOSED, ["notice", "moved", "record_copy", "closed"]),
    "a warning": (State.CLOSED, ["notice", "record_copy", "closed"]),
    "called off before the notice": (State.CANCELLED, ["cancelled"]),
    "called off after the notice": (State.CANCELLED, ["notice", "cancelled"]),
}


class TestAnInterview:
    @pytest.mark.parametrize("story", ENDS)
    def test_ends_with_its_letters_and_nothing_left_open(self, told, applicant, story):
        ended = told(STORIES[story])

        assert (ended.state, letters_to(applicant.user)) == ENDS[story]
        assert ended.closed_at
        assert not WorkItem.objects.filter(state__in=["open", "claimed"]).exists()
        assert not Deadline.objects.filter(ended_at=None).exists()
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_has_the_dates_of_the_casebook(self, interview, cast):
        walk(interview, CALLED, cast)
        early = refused(
            cast["handler"],
            "meet",
            interview,
            at=at("09-25"),
            **{**HELD, "held_on": "2026-09-25"},
        )
        assert "2026年9月28日" in early["held_on"][0]

        walk(interview, ORDERED.removeprefix(CALLED), cast)
        assert due_of(interview, "rectify") == day("10-26")

        walk(interview, "10-20 rectify:done", cast)
        assert due_of(interview, "verify") == day("10-27")

        walk(interview, "10-23 verify:good 10-26 cosign:yes", cast)
        assert due_of(interview, "enter") == day("11-04")

    def test_may_be_held_on_the_very_day_the_time_of_notice_ends(self, interview, cast):
        walk(interview, CALLED, cast)
        on_the_28th = {**HELD, "held_on": "2026-09-28"}
        cast["handler"].does("meet", interview, at=at("09-28"), **on_the_28th)

        assert open_item(interview, "countersign")

    def test_starts_no_clock_against_the_party_before_the_notice_is_served(self, interview, cast):
        walk(interview, "09-21 draft:first decide:approve call:plain", cast)
        assert due_of(interview, "answer") is None
        escalation.sweep(at=at("10-30"))
        assert open_item(interview, "answer")

        walk(interview, "10-30 serve:notice", cast)
        assert due_of(interview, "answer") == day("11-03")

    def test_takes_silence_for_coming(self, interview, cast):
        walk(interview, f"{APPROVED} LAPSE:09-25", cast)

        assert open_item(interview, "meet")

    def test_shows_that_it_waits_for_service_before_rectification_runs(self, interview, cast):
        walk(interview, f"{MET} signing:signed instruct:order", cast)
        assert due_of(interview, "rectify") is None

        walk(interview, "10-09 serve:order", cast)
        assert due_of(interview, "rectify") == day("10-29")

    def test_of_warning_gives_thirty_days(self, interview, cast):
        walk(interview, f"{WARNED} 09-23 answer:come 09-29 meet:held countersign:yes", cast)
        walk(interview, "09-29 signing:signed instruct:order serve:order", cast)

        assert due_of(interview, "rectify") == day("10-29")

    def test_counts_electronic_service_from_its_day_once_the_party_consents(self, interview, cast):
        walk(interview, f"{APPROVED} 09-23 answer:electronic 09-29 meet:held countersign:yes", cast)
        walk(interview, "09-29 signing:signed instruct:order", cast)

        assert due_of(interview, "rectify") == day("10-26")
        assert not WorkItem.objects.filter(step="aside.serve", state="open").exists()


class TestTheDoors:
    def test_are_open_to_the_authority_that_made_the_finding_and_to_nobody_else(
        self, penalty, office_handler
    ):
        with pytest.raises(topics.NoSuchRecord):
            open_an_interview(office_handler, penalty)

    def test_are_closed_to_the_party(self, penalty, applicant, handler):
        with pytest.raises(intake.NoSuchDoor):
            intake.submit(
                "interview",
                by=applicant.user,
                record_id=penalty.pk,
                answers=GROUNDS,
                at=at("09-21"),
            )

    def test_are_closed_to_those_who_only_approve(self, penalty, approver, office):
        with pytest.raises(topics.NotYourDoor):
            open_an_interview(approver, penalty)

    def test_lead_to_a_reminder_for_a_first_and_to_a_warning_for_every_other_occasion(self):
        levels = {o: str(rules.level_of(o)) for o in ("first", "repeated", "refused", "serious")}

        assert levels.pop("first") == "reminder"
        assert set(levels.values()) == {"warning"}

    def test_are_open_about_an_organisation_without_a_record(
        self, company, handler, bureau, office
    ):
        case = intake.open_for_office(
            "interview",
            by=handler.user,
            door="found",
            credit_code=company.credit_code,
            answers=GROUNDS,
            at=at("09-21"),
        )

        assert (case.record, case.unit_as["finder"]) == (None, bureau)
        assert case.document == GROUNDS["document"]

    def test_are_closed_about_a_permit_and_about_what_has_been_repaired(self, penalty, handler):
        penalty.kind = Record.Kind.PERMIT
        penalty.save(update_fields=["kind"])
        with pytest.raises(intake.NotPossible):
            open_an_interview(handler, penalty)

    def test_are_closed_to_the_same_fact_within_six_months_but_not_to_a_new_one(
        self, told, handler, penalty
    ):
        told(STORIES["nothing to put right"])  # held on 29 September 2026

        again = at("12-01")
        with pytest.raises(work.AnswersRefused) as no:
            open_an_interview(handler, penalty, at=again)
        assert "new_fact" in no.value.fields

        assert open_an_interview(handler, penalty, at=again, new_fact="十一月再次逾期。")

    def test_are_open_to_the_same_fact_when_six_months_are_over(self, told, handler, penalty):
        told(STORIES["nothing to put right"])
        over = dt.datetime.fromisoformat("2027-03-30T09:00+08:00")

        assert open_an_interview(handler, penalty, at=over)

    def test_open_by_themselves_where_rectification_fails_in_another_case(
        self, applicant, penalty, cast
    ):
        source = applicant.applies(penalty, at=at("09-28", 8))
        with audit.act(by=None, at=at("09-28")):
            opened = intake.open_by_service(
                "interview",
                "triggered",
                intake.Topic(source.party, source.record, source),
                parent=source,
            )

        assert opened.unit_as["finder"] == source.unit_as["finder"]
        assert (opened.level, opened.document) == ("reminder", source.reference)
        assert source.reference in opened.reason
        assert opened.opened_by is None
        walk(opened, "09-28 draft:first decide:off", cast)
        assert Interview.objects.get().state == State.CANCELLED

    def test_do_not_open_twice_for_the_same_failed_rectification(self, applicant, penalty, cast):
        source = applicant.applies(penalty, at=at("09-28", 8))
        topic = intake.Topic(source.party, source.record, source)
        with audit.act(by=None, at=at("09-28")):
            opened = intake.open_by_service("interview", "triggered", topic, parent=source)
        trigger = {**ANSWERS["draft:first"], "document": source.reference}
        cast["handler"].does("draft", opened, at=at("09-28"), **trigger)
        walk(opened, "09-28 decide:approve", cast)
        cast["handler"].does("call", opened, at=at("09-28"), **{**CALL, "meets_on": "2026-10-09"})
        walk(opened, "09-28 serve:notice 09-29 answer:come", cast)
        held = {**HELD, "held_on": "2026-10-09"}
        cast["handler"].does("meet", opened, at=at("10-09"), **held)
        walk(opened, "10-09 countersign:yes signing:signed instruct:none enter:done", cast)

        with pytest.raises(intake.NotPossible), audit.act(by=None, at=at("11-02")):
            intake.open_by_service("interview", "triggered", topic, parent=source)

    def test_are_not_for_the_party_to_leave(self, interview, applicant):
        with pytest.raises(topics.NoSuchCase):  # nobody has told them yet
            intake.withdraw(interview.reference, by=applicant.user, at=at("09-21"))


class TestTheApproval:
    def test_of_a_warning_passes_a_reviewer_before_the_head(self, interview, cast):
        walk(interview, "09-21 draft:repeated", cast)

        assert open_item(interview, "review")
        assert not WorkItem.objects.filter(step="decide").exists()

    def test_is_not_given_by_who_drew_the_interview_up(self, cast, bureau, penalty):
        both = cast["handler"]
        Membership.objects.create(user=both.user, unit=bureau, duty=Duty.APPROVER, since=SINCE)
        interview = open_an_interview(both, penalty)
        walk(interview, "09-21 draft:first", cast)

        with pytest.raises(work.SecondPersonNeeded):
            both.does("decide", interview, at=at("09-21"), approval="approve")

    def test_needs_a_reason_to_call_the_interview_off(self, interview, cast):
        walk(interview, "09-21 draft:first", cast)
        said = refused(cast["approver"], "decide", interview, at=at("09-21"), approval="call_off")

        assert "cancel_reason" in said


class TestTheNotice:
    def test_is_refused_if_the_day_is_too_early_even_when_served_today(self, interview, cast):
        walk(interview, "09-21 draft:first decide:approve", cast)
        early = {**CALL, "meets_on": "2026-09-23"}
        said = refused(cast["handler"], "call", interview, at=at("09-21"), **early)

        assert "24" in said["meets_on"][0]

    def test_names_the_rights_and_that_it_costs_nothing(self, interview, cast, applicant):
        walk(interview, APPROVED, cast)
        notice = applicant.user.messages_received.latest("id").letter

        for right in (
            "陈述",
            "回避",
            "副本",
            "延期",
            "异议",
            "不收取任何费用",
            "不向社会公示",
            "投诉",
        ):
            assert right in notice.html
        assert "not a penalty" in notice.html_en
        assert "行政复议" not in notice.html

    def test_copies_the_superior_organ_of_a_public_body(self, interview, cast, applicant):
        walk(interview, "09-21 draft:first decide:approve", cast)
        copied = {**CALL, "copied_to": "示例区审计局", "gathering": "示例集中约谈会"}
        cast["handler"].does("call", interview, at=at("09-21"), **copied)
        notice = applicant.user.messages_received.latest("id").letter

        assert "抄送：示例区审计局" in notice.html
        assert "示例集中约谈会" in notice.html


class TestAPostponement:
    def test_is_at_most_ten_working_days(self, interview, cast):
        walk(interview, APPROVED, cast)
        late = {**ANSWERS["answer:postpone"], "postpone_to": "2026-10-20"}
        said = refused(cast["applicant"], "answer", interview, at=at("09-23"), **late)
        assert "19" in said["postpone_to"][0]  # 29 September and ten working days

        cast["applicant"].does(
            "answer", interview, at=at("09-23"), **{**late, "postpone_to": "2026-10-19"}
        )
        assert Interview.objects.get().state == State.POSTPONING
        assert due_of(interview, "reconsider") == day("09-24")

    def test_is_asked_for_once(self, told):
        postponed = told(f"{APPROVED} 09-23 answer:postpone reconsider:yes serve:postponed")

        assert postponed.state == State.RESCHEDULED
        assert not WorkItem.objects.filter(queue="party", state="open").exists()

    def test_moves_the_time_to_keep_the_record(self, told):
        postponed = told(f"{APPROVED} 09-23 answer:postpone reconsider:yes serve:postponed")

        assert due_of(postponed, "meet") == day("10-14")


class TestTheMeeting:
    def test_needs_a_proven_service_before_anybody_counts_as_absent(self, interview, cast):
        # The party answered, yet nobody can prove that the notice was served.
        walk(interview, "09-21 draft:first decide:approve call:plain 09-23 answer:come", cast)
        said = refused(cast["handler"], "meet", interview, at=at("09-30"), **ABSENT)

        assert "outcome" in said

    def test_is_not_missed_if_the_notice_came_too_late_but_may_be_moved(self, interview, cast):
        late = "09-21 draft:first decide:approve call:plain 09-28 serve:notice answer:come"
        walk(interview, late, cast)
        said = refused(cast["handler"], "meet", interview, at=at("09-29"), **ABSENT)
        assert "2026年10月8日" in said["outcome"][0]

        walk(interview, "09-29 meet:moved", cast)
        assert Interview.objects.get().state == State.RESCHEDULED

    def test_is_not_missed_before_the_day(self, interview, cast):
        walk(interview, CALLED, cast)

        assert "outcome" in refused(cast["handler"], "meet", interview, at=at("09-28"), **ABSENT)

    def test_is_not_missed_through_force_majeure_or_an_old_address(self, interview, cast):
        walk(interview, CALLED, cast)
        excused = {**ABSENT, "no_excuse": ""}

        assert "no_excuse" in refused(cast["handler"], "meet", interview, at=at("09-29"), **excused)

    @pytest.mark.parametrize(
        "missing", ["authority", "identity_checked", "rights_told", "statement", "fact_put"]
    )
    def test_is_no_meeting_without_what_the_record_needs(self, interview, cast, missing):
        walk(interview, CALLED, cast)
        said = refused(cast["handler"], "meet", interview, at=at("09-29"), **{**HELD, missing: ""})

        assert missing in said

    def test_hears_nobody_else_than_the_legal_representative_without_authority(
        self, interview, cast
    ):
        walk(interview, CALLED, cast)
        sent = {**HELD, "authority": "authorised"}
        said = refused(cast["handler"], "meet", interview, at=at("09-29"), **sent)
        assert "authority_proof" in said

        manager = {**HELD, "authority": "administrator", "authority_proof": "示例破字第1号"}
        cast["handler"].does("meet", interview, at=at("09-29"), **manager)
        assert Interview.objects.get().authority == "administrator"

    def test_takes_two_persons_of_the_unit(self, interview, cast):
        walk(interview, CALLED, cast)
        alone = {**HELD, "recorder": HELD["host"]}
        assert "recorder" in refused(cast["handler"], "meet", interview, at=at("09-29"), **alone)

        walk(interview, "09-29 meet:held", cast)
        with pytest.raises(work.SecondPersonNeeded):
            cast["handler"].does("countersign", interview, at=at("09-29"), true_record="on")

    def test_held_online_needs_consent_and_the_hash_of_the_recording(self, interview, cast):
        walk(interview, "09-21 draft:first decide:approve", cast)
        cast["handler"].does("call", interview, at=at("09-21"), **CALL, online="on")
        walk(interview, "09-22 serve:notice 09-23 answer:come", cast)

        said = refused(cast["handler"], "meet", interview, at=at("09-29"), **HELD)
        assert {"recording_consent", "recording_hash"} <= set(said)

        taped = {**HELD, "recording_consent": "on", "recording_hash": "a" * 64}
        cast["handler"].does("meet", interview, at=at("09-29"), **taped)
        assert Interview.objects.get().recording_hash == "a" * 64

    def test_seals_what_the_party_said(self, told):
        told(f"{CALLED} 09-29 meet:held")
        record = Entry.objects.filter(kind="completed").latest("seq")

        assert {"statement", "attendee"} <= set(record.sealed)
        assert "资金周转困难" not in str(record.detail)
        assert record.values.get(name="statement").value == HELD["statement"]

    def test_is_called_off_by_the_head_only(self, told, cast):
        fallen = told(f"{CALLED} 09-29 meet:fallen")

        assert fallen.state == State.NOTICED
        assert open_item(fallen, "confirm").queue.endswith("approver")


class TestAnAbsence:
    def test_is_answered_by_one_second_notice(self, interview, cast):
        walk(interview, f"{ABSENT_ONCE} 09-30 respond:again", cast)
        called = Interview.objects.get()
        assert (called.state, called.second_called) == (State.NOTICED, True)
        assert called.meets_on == day("10-16")

        walk(interview, "10-08 serve:second_notice 10-16 meet:absent countersign:yes", cast)
        assert open_item(interview, "suggest")
        assert not WorkItem.objects.filter(step="respond", state="open").exists()

    def test_counts_only_once_the_second_notice_is_served(self, interview, cast):
        walk(interview, f"{ABSENT_ONCE} 09-30 respond:again", cast)

        assert "outcome" in refused(cast["handler"], "meet", interview, at=at("10-16"), **ABSENT)

    def test_ends_in_a_measure_that_the_head_decides_with_remedies(self, told, applicant):
        told(f"{ABSENT_TWICE} suggest:transfer settle:yes serve:transferred")
        letter = applicant.user.messages_received.latest("id").letter

        assert letter.name == "transferred"
        assert "行政复议" in letter.html
        assert "行政诉讼" in letter.html
        assert "示例区综合执法局" in letter.html


class TestTheSignature:
    def test_refused_takes_two_different_witnesses_or_a_recording(self, interview, cast):
        walk(interview, MET, cast)
        one = {"signature": "refused", "refusal_note": "无", "first_witness": "见证甲"}
        twice = {**one, "second_witness": "见证甲"}
        for answers in (one, twice):
            said = refused(cast["handler"], "signing", interview, at=at("09-29"), **answers)
            assert "first_witness" in said

        taped = {"signature": "refused", "refusal_note": "无", "recording_hash": "b" * 64}
        cast["handler"].does("signing", interview, at=at("09-29"), **taped)
        assert Interview.objects.get().state == State.REFUSED_TO_SIGN

    def test_refused_is_noted_in_the_copy(self, told, applicant):
        told(f"{MET} signing:refused")

        assert "未签字：称需请示总部。" in applicant.user.messages_received.latest("id").letter.html

    def test_comes_before_anything_is_shared(self, told):
        held = told(MET)

        assert not held.may("share")
        assert not held.may("order")
        assert not WorkItem.objects.filter(step="enter").exists()


class TestTheRectification:
    def test_lists_points_each_with_its_proof(self, interview, cast):
        walk(interview, f"{MET} signing:signed", cast)
        vague = {**ORDER, "points": "认真整改"}
        assert "points" in refused(cast["handler"], "instruct", interview, at=at("09-29"), **vague)

        walk(interview, "09-29 instruct:order", cast)
        assert Interview.objects.get().points == [
            {"number": 1, "what": "补缴保证金2万元", "proof": "缴款凭证"},
            {"number": 2, "what": "公示栏张贴整改情况", "proof": "现场照片"},
        ]

    def test_is_reported_point_by_point(self, interview, cast):
        walk(interview, ORDERED, cast)
        half = {"done_1": "True", "how_1": "已缴"}
        said = refused(cast["applicant"], "rectify", interview, at=at("10-20"), **half)

        assert set(said) == {"done_2", "how_2"}

    def test_is_extended_once_before_its_end_and_within_the_cap(self, interview, cast):
        walk(interview, ORDERED, cast)
        asked = {"key": "interview.reminder.rectify", "reason": "雨季停工"}
        told = {"by": cast["handler"].user, "at": at("10-20"), **asked}
        with pytest.raises(proposals.NotAllowed):
            proposals.propose("extend", interview.reference, length=11, **told)
        proposal = proposals.propose("extend", interview.reference, length=10, **told)
        proposals.decide(proposal.pk, by=cast["approver"].user, grant=True, at=at("10-21"))

        assert due_of(interview, "rectify") == day("11-09")
        with pytest.raises(proposals.NotAllowed):
            proposals.propose("extend", interview.reference, length=1, **told)

    def test_is_verified_even_if_nothing_was_reported(self, interview, cast):
        walk(interview, f"{ORDERED} LAPSE:10-26", cast)
        assert open_item(interview, "rectify")
        walk(interview, "LAPSE:10-27", cast)

        assert due_of(interview, "verify") == day("11-03")

    def test_is_verified_by_two_persons_with_evidence_of_each_point(self, interview, cast):
        walk(interview, VERIFYING, cast)
        bare = {**ANSWERS["verify:good"], "evidence_2": ""}
        assert "evidence_2" in refused(cast["handler"], "verify", interview, at=at("10-21"), **bare)

        walk(interview, "10-21 verify:good", cast)
        with pytest.raises(work.SecondPersonNeeded):
            cast["handler"].does("cosign", interview, at=at("10-21"), seen="on")

    def test_gets_one_more_term_for_what_is_open_and_no_third(self, told, cast):
        again = told(f"{VERIFYING} verify:half cosign:yes serve:opinion")
        assert (again.state, again.second_term) == (State.RECTIFYING, True)
        assert due_of(again, "rectify_again") is None

        walk(again, "10-22 serve:order_again", cast)
        assert due_of(again, "rectify_again") == day("11-12")

        walk(again, "11-05 rectify_again:done", cast)
        half = {"method": "现场核查。", "finding_2": "not_met", "evidence_2": "照片"}
        cast["handler"].does("verify", again, at=at("11-05"), **half)
        walk(again, "11-05 cosign:yes", cast)
        assert Interview.objects.get().state == State.FAILED

    def test_is_not_required_where_the_law_does_not_allow_it(self):
        found = [{"finding": "met"}, {"finding": "impossible"}]

        assert rules.result_of(found, second_term=False) == "passed"

    @pytest.mark.parametrize(
        ("findings", "second", "result"),
        [
            (("met", "met"), False, "passed"),
            (("met", "not_met"), False, "partial"),
            (("met", "not_met"), True, "failed"),
            (("not_met", "not_met"), False, "failed"),
            (("not_met", "impossible"), False, "failed"),
        ],
    )
    def test_has_the_result_that_its_findings_make(self, findings, second, result):
        found = [{"finding": finding} for finding in findings]

        assert rules.result_of(found, second_term=second) == result

    def test_failed_is_a_measure_that_two_persons_carry(self, told, cast, bureau):
        failed = told(FAILED)
        assert failed.state == State.FAILED
        walk(failed, "10-28 suggest:escalate", cast)

        Membership.objects.create(
            user=cast["handler"].user, unit=bureau, duty=Duty.APPROVER, since=SINCE
        )
        with pytest.raises(work.SecondPersonNeeded):
            Caseworker(User.objects.get(pk=cast["handler"].user.pk)).does(
                "settle", failed, at=at("10-28"), settlement="同意。"
            )


class TestAStepReturned:
    @pytest.mark.parametrize(
        ("story", "who", "step", "back"),
        [
            ("09-21 draft:repeated", "reviewer", "review", "draft"),
            ("09-21 draft:first", "approver", "decide", "draft"),
            (f"{CALLED} 09-29 meet:held", "recorder", "countersign", "meet"),
            (f"{CALLED} 09-29 meet:fallen", "approver", "confirm", "meet"),
            (f"{VERIFYING} verify:good", "recorder", "cosign", "verify"),
            (f"{FAILED} suggest:transfer", "approver", "settle", "suggest"),
        ],
    )
    def test_goes_one_step_back_with_its_reason_and_its_date(
        self, told, cast, story, who, step, back
    ):
        case = told(story)
        first_due = WorkItem.objects.filter(case=case, step=back).latest("pk").due_on
        item = cast[who].claims(step, case, at=at("10-28"))
        returning.send_back(item.pk, by=cast[who].user, at=at("10-28"), reason="请核对。")

        again = open_item(case, back)
        assert again.due_on == first_due
        assert Interview.objects.get().state == case.state

    def test_may_end_otherwise_than_before(self, told, cast):
        case = told(f"{VERIFYING} verify:good")
        item = cast["recorder"].claims("cosign", case, at=at("10-21"))
        by = cast["recorder"].user
        returning.send_back(item.pk, by=by, at=at("10-21"), reason="第2项照片与现场不符。")
        walk(case, "10-21 verify:half cosign:yes", cast)

        assert Interview.objects.get().state == State.RECTIFYING


class TestAPendingObjection:
    def test_to_the_same_record_holds_the_interview_up(
        self, interview, cast, applicant, penalty, office
    ):
        screener = User.objects.create_user("screener", display_name="screener")
        Membership.objects.create(user=screener, unit=office, duty=Duty.ACCEPTOR, since=SINCE)
        objection = objects(applicant, penalty, on=at("09-21", 10))
        to_mark(objection, {"screener": Caseworker(screener)}, on="09-21")
        related.run(at=at("09-21", 16))

        with pytest.raises(work.Suspended):
            walk(interview, "09-22 draft:first", cast)
        assert due_of(interview, "draft") is None


class TestAnEscalation:
    @pytest.mark.parametrize("story", ["escalated after a failure", "escalated after two absences"])
    def test_opens_a_warning_interview_that_the_reminder_waits_for(
        self, told, cast, applicant, bureau, story
    ):
        reminder = told(STORIES[story])
        related.run(at=at("10-28"))
        warning = Interview.objects.exclude(pk=reminder.pk).get()

        assert (reminder.state, warning.level) == (State.ESCALATED, "warning")
        assert (warning.occasion, warning.fact) == ("refused", reminder.fact)
        assert (warning.record, warning.unit_as["finder"]) == (reminder.record, bureau)
        assert reminder.reference in warning.reason
        assert Relation.objects.get().target_id == warning.pk
        assert "行政复议" in applicant.user.messages_received.latest("id").letter.html
        assert reminder.closed_at is None

        walk(warning, "10-29 draft:refused review:agree decide:off", cast)
        related.run(at=at("10-29"))
        assert all(case.closed_at for case in Interview.objects.all())


class TestAWarning:
    def test_is_not_followed_by_another_but_handed_over(self, told, cast):
        missed = f"{WARNED} 09-23 answer:come 09-29 meet:absent countersign:yes respond:measure"
        warning = told(missed)

        said = refused(
            cast["handler"], "suggest", warning, at=at("09-30"), **ANSWERS["suggest:escalate"]
        )
        assert "measure" in said


class TestTheRecord:
    def test_is_shared_with_interview_and_success_and_never_published(self, told, penalty):
        was = penalty.publication
        shared = told(STORIES["put right"]).shared
        penalty.refresh_from_db()

        assert (shared["level"], shared["held_on"]) == ("reminder", "2026-09-29")
        assert (shared["result"], shared["points"], shared["published"]) == ("passed", 2, False)
        assert penalty.publication == was
        assert not Entry.objects.filter(kind__startswith="publication").exists()
        assert "资金周转困难" not in str(shared)

    def test_is_not_shared_if_anybody_means_to_publish_it(self, interview, cast):
        walk(interview, f"{MET} signing:signed instruct:none", cast)
        said = refused(
            cast["office_handler"], "enter", interview, at=at("09-30"), shared_number="示例档-1"
        )

        assert "not_published" in said

    def test_is_told_to_the_party_as_proof_of_a_breach_put_right(self, told, applicant):
        told(STORIES["put right"])
        letters = {m.letter.name: m.letter for m in applicant.user.messages_received.all()}

        assert "证明材料" in letters["opinion"].html
        assert "不向社会公示" in letters["closed"].html


class TestTheTimeOfNotice:
    LEAD = Period("x", 3, In.WORKING_DAYS, ("served_notice", "served_moved"))

    def test_starts_with_the_service_of_the_letter_that_appointed_the_day(self):
        served = [Event("notify", day("09-21"), {}), Event("served_notice", day("09-22"), {})]
        calendar = Calendar(
            holidays=frozenset({day("09-25")}), makeup_days=frozenset(), published_to=day("12-31")
        )

        assert rules.earliest_day(served[:1], self.LEAD, calendar) is None
        assert rules.earliest_day(served, self.LEAD, calendar) == day("09-28")
        moved = [*served, Event("recall", day("09-29"), {})]
        assert rules.earliest_day(moved, self.LEAD, calendar) is None
