"""A repair, from the party's first word to the last place that showed the record."""

import datetime as dt

import pytest

from cases.repair.states import Repair, State
from records.models import Record
from tests.conftest import SHANGHAI, letters_to
from tests.workflows.walks import ANSWERS, GRANTED, STORIES, returns, walk
from workflows import audit, escalation, intake, proposals, topics, work
from workflows.models import Deadline, Entry, WorkItem


def at(day, hour=15):
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


SATURDAY_NIGHT = at("09-26", 21)
APPLIED = at("09-28", 9)


@pytest.fixture
def repair(applicant, penalty):
    return applicant.applies(penalty, at=APPLIED, served_electronically="on")


def to_acceptance(repair, staff, *, on="09-28"):
    staff["clerk"].does("check", repair, at=at(on), form_complete="True")


def to_verification(repair, staff, *, on="09-30"):
    to_acceptance(repair, staff)
    staff["acceptor"].does("examine", repair, at=at(on), examination="accept")


def to_decision(repair, staff, *, fulfilled="True"):
    to_verification(repair, staff)
    staff["handler"].does(
        "verify",
        repair,
        at=at("10-12"),
        duty_fulfilled=fulfilled,
        breach_corrected="True",
        verification="调阅缴款记录。",
    )


def to_stopping(repair, staff):
    to_decision(repair, staff)
    staff["approver"].does(
        "decide", repair, at=at("10-14"), decision="grant", decision_reason="符合条件。"
    )


def state_of(case):
    return Repair.objects.get(pk=case.pk).state


def due(case, key):
    return Deadline.objects.filter(case=case, term__key=key).latest("id").due_on


REFUSAL = {
    "refusal_code": "R2",
    "refusal_reason": "罚款尚未缴清。",
    "apply_again": "缴清罚款之后可以随时再次申请。",
}


class TestRepair:
    def test_ends_when_every_place_has_stopped_showing_the_record(
        self, repair, applicant, staff, penalty
    ):
        to_stopping(repair, staff)
        staff["handler"].does("stop_publication", repair, at=at("10-15"), stopped_note="官网撤下。")
        seen = {f"gone_{p}": "on" for p in ("authority", "credit_china", "province", "city")}
        seen |= {key.replace("gone", "evidence"): "10月16日查询无记录" for key in seen}
        staff["office_handler"].does("confirm", repair, at=at("10-16"), **seen)

        again = Repair.objects.get()
        penalty.refresh_from_db()
        assert (again.state, bool(again.closed_at)) == (State.REPAIRED, True)
        assert penalty.publication == Record.Publication.STOPPED
        assert penalty.repaired_on == dt.date(2026, 10, 16)
        assert penalty.fulfilled_on == dt.date(2026, 7, 1)
        assert not penalty.showings.filter(stopped_on=None).exists()
        assert letters_to(applicant.user) == ["receipt", "accepted", "granted", "closed"]
        assert not Deadline.objects.filter(ended_at=None).exists()
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_has_the_dates_of_the_casebook_across_two_festivals(self, applicant, penalty, staff):
        repair = applicant.applies(penalty, at=SATURDAY_NIGHT)
        to_verification(repair, staff)

        assert due(repair, "repair.ndrc.feedback") == dt.date(2026, 10, 15)
        assert due(repair, "repair.ndrc.accept") == dt.date(2026, 10, 8)
        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 15)

        staff["handler"].does("verify", repair, at=at("10-12"), **ANSWERS["verify:good"])
        staff["approver"].does("decide", repair, at=at("10-14"), **ANSWERS["decide:grant"])
        assert due(repair, "repair.ndrc.stop") == dt.date(2026, 10, 19)
        assert repair.shown_until == dt.date(2027, 6, 25)

    def test_is_refused_before_the_shortest_publication_period_ends(self, applicant, penalty):
        with pytest.raises(intake.NotPossible) as refused:
            applicant.applies(penalty, at=at("09-25"))

        assert refused.value.fields["opens_on"] == dt.date(2026, 9, 26)
        assert "2026" in str(refused.value)
        assert not Repair.objects.exists()

    def test_cannot_be_opened_twice_about_one_record(self, repair, applicant, penalty):
        with pytest.raises(intake.AlreadyOpen, match=repair.reference):
            applicant.applies(penalty, at=APPLIED)

    def test_cannot_be_opened_about_the_record_of_another(self, penalty, clerk):
        from tests.actors import Applicant

        with pytest.raises(topics.NoSuchRecord):
            Applicant(clerk.user).applies(penalty, at=APPLIED)

    def test_goes_back_to_the_party_when_the_form_is_incomplete(self, repair, applicant, staff):
        staff["clerk"].does(
            "check", repair, at=at("09-28"), form_complete="False", missing="缺少授权委托书"
        )
        assert state_of(repair) == State.RETURNED
        assert due(repair, "repair.ndrc.feedback") is None

        applicant.does("redo", repair, at=at("09-30"), supplement_note="已补齐。")

        assert state_of(repair) == State.RECEIVED
        assert due(repair, "repair.ndrc.feedback") == dt.date(2026, 10, 20)

    def test_stops_the_clock_while_the_party_supplements(self, repair, applicant, staff):
        to_acceptance(repair, staff)
        staff["acceptor"].does(
            "examine", repair, at=at("09-29"), examination="supplement", missing="缴款凭证原件"
        )
        assert state_of(repair) == State.SUPPLEMENT
        assert letters_to(applicant.user)[-1] == "supplement"

        applicant.does("supplement", repair, at=at("10-09"), supplement_note="已补交。")

        assert state_of(repair) == State.PUSHED
        # Pushed on 28 September, one working day counted; two are left after 9 October.
        assert due(repair, "repair.ndrc.accept") == dt.date(2026, 10, 12)

    def test_may_be_asked_for_more_only_once(self, repair, applicant, staff):
        to_acceptance(repair, staff)
        staff["acceptor"].does(
            "examine", repair, at=at("09-29"), examination="supplement", missing="缴款凭证原件"
        )
        applicant.does("supplement", repair, at=at("09-30"), supplement_note="已补交。")

        with pytest.raises(work.AnswersRefused) as refused:
            staff["acceptor"].does(
                "examine", repair, at=at("10-08"), examination="supplement", missing="还要别的"
            )
        assert "examination" in refused.value.fields

    def test_lapses_when_the_party_says_nothing(self, repair, applicant, staff):
        to_acceptance(repair, staff)
        staff["acceptor"].does(
            "examine", repair, at=at("09-29"), examination="supplement", missing="缴款凭证原件"
        )
        assert due(repair, "repair.supplement") == dt.date(2026, 10, 19)

        escalation.sweep(at=at("10-19", 23))
        assert state_of(repair) == State.SUPPLEMENT
        escalation.sweep(at=at("10-20", 0))

        assert state_of(repair) == State.LAPSED
        assert letters_to(applicant.user)[-1] == "lapsed"

    def test_is_not_declined_by_one_person_alone(self, repair, applicant, staff):
        to_acceptance(repair, staff)
        staff["acceptor"].does("examine", repair, at=at("09-29"), examination="refuse", **REFUSAL)
        assert state_of(repair) == State.PUSHED

        staff["reviewer"].does("review", repair, at=at("09-30"), refusal_confirmed="True")

        assert state_of(repair) == State.NOT_ACCEPTED
        assert letters_to(applicant.user)[-1] == "not_accepted"

    def test_cannot_be_decided_by_the_person_who_verified(self, repair, staff, bureau):
        from accounts.models import Duty, Membership

        both = staff["handler"]
        Membership.objects.create(
            user=both.user, unit=bureau, duty=Duty.APPROVER, since=dt.date(2020, 1, 1)
        )
        to_decision(repair, staff)

        with pytest.raises(work.SecondPersonNeeded):
            both.does("decide", repair, at=at("10-13"), decision="grant", decision_reason="好")

    def test_cannot_be_granted_against_the_finding(self, repair, staff):
        to_decision(repair, staff, fulfilled="False")

        with pytest.raises(work.AnswersRefused):
            staff["approver"].does(
                "decide", repair, at=at("10-13"), decision="grant", decision_reason="好"
            )
        assert state_of(repair) == State.ACCEPTED

    def test_returns_to_the_handler_and_keeps_its_date(self, repair, staff):
        to_decision(repair, staff)
        returns(staff["approver"], "decide", repair, at=at("10-13"), reason="请补充核实。")

        item = WorkItem.objects.get(case_id=repair.pk, state="claimed")
        assert (item.step, item.due_on) == ("verify", dt.date(2026, 10, 15))
        assert item.owner == staff["handler"].user
        assert state_of(repair) == State.ACCEPTED

    def test_not_accepted_is_returned_by_the_reviewer_who_disagrees(self, repair, staff):
        to_acceptance(repair, staff)
        staff["acceptor"].does("examine", repair, at=at("09-29"), examination="refuse", **REFUSAL)
        returns(staff["reviewer"], "review", repair, at=at("09-30"), reason="材料齐全。")
        staff["acceptor"].does("examine", repair, at=at("09-30"), examination="accept")

        assert state_of(repair) == State.ACCEPTED

    def test_is_refused_with_ground_and_remedies(self, repair, applicant, staff):
        to_decision(repair, staff, fulfilled="False")
        staff["approver"].does(
            "decide",
            repair,
            at=at("10-13"),
            decision="refuse",
            decision_reason="未履行完毕。",
            **REFUSAL,
        )

        assert state_of(repair) == State.REFUSED
        letter = applicant.user.messages_received.latest("id").letter
        assert "行政复议" in letter.html
        assert "60" in letter.html

    def test_may_be_withdrawn_before_it_is_decided(self, repair, applicant, staff):
        to_acceptance(repair, staff)
        intake.withdraw(repair.reference, by=applicant.user, at=at("09-29"))

        assert state_of(repair) == State.WITHDRAWN
        assert not WorkItem.objects.filter(state__in=["open", "claimed"]).exists()
        assert not Deadline.objects.filter(ended_at=None).exists()

    def test_can_no_longer_be_withdrawn_once_decided(self, repair, applicant, staff):
        to_stopping(repair, staff)

        with pytest.raises(intake.TooLate):
            intake.withdraw(repair.reference, by=applicant.user, at=at("10-14"))

    def test_cannot_close_while_a_place_shows_the_record(self, repair, staff):
        to_stopping(repair, staff)
        staff["handler"].does("stop_publication", repair, at=at("10-15"), stopped_note="官网撤下。")

        with pytest.raises(work.AnswersRefused) as refused:
            staff["office_handler"].does(
                "confirm", repair, at=at("10-16"), gone_city="on", evidence_city="无"
            )
        assert "gone_credit_china" in refused.value.fields

    def test_waits_for_the_units_that_built_a_measure_on_the_record(self, repair, applicant, staff):
        cast = {**staff, "applicant": applicant}
        now = walk(repair, f"{GRANTED} stop_publication:done confirm:measures", cast)
        assert state_of(repair) == State.SYNCED
        with pytest.raises(work.AnswersRefused):
            staff["office_handler"].does("lift_measures", repair, at=now, lifting_note="尚未答复")

        staff["office_handler"].does(
            "lift_measures", repair, at=now, measures_lifted="on", lifting_note="已解除。"
        )

        assert state_of(repair) == State.REPAIRED
        moved = Entry.objects.filter(stream=repair.reference, kind__in=("sync", "lift", "finish"))
        assert [entry.kind for entry in moved.order_by("seq")] == ["sync", "lift", "finish"]

    def test_is_applied_for_again_about_a_repaired_record_in_vain(
        self, repair, applicant, staff, penalty
    ):
        walk(repair, STORIES["repaired"], {**staff, "applicant": applicant})
        penalty.refresh_from_db()

        with pytest.raises(intake.NotPossible):
            applicant.applies(penalty, at=at("10-20"))


class TestAVerification:
    def verify(self, staff, repair, **answers):
        told = {"duty_fulfilled": "True", "breach_corrected": "True", "verification": "已核实。"}
        return staff["handler"].does("verify", repair, at=at("10-12"), **{**told, **answers})

    def test_on_site_needs_a_place_and_two_persons(self, repair, staff):
        to_verification(repair, staff)
        with pytest.raises(work.AnswersRefused) as refused:
            self.verify(staff, repair, verification_way="site", officers="示例甲")
        assert set(refused.value.fields) == {"site", "officers"}

        seen = {"site": "示例工地", "officers": "示例甲\n示例乙"}
        self.verify(staff, repair, verification_way="site", **seen)

        again = Repair.objects.get()
        assert (again.verification_way, again.site) == ("site", "示例工地")

    def test_keeps_who_was_there_out_of_the_log(self, repair, staff):
        to_verification(repair, staff)
        seen = {"site": "示例工地", "officers": "示例甲\n示例乙"}
        self.verify(staff, repair, verification_way="site", **seen)

        entry = Entry.objects.get(stream=repair.reference, kind="completed", detail__step="verify")
        assert "officers" in entry.sealed
        assert "示例甲" not in str(entry.detail)

    @pytest.mark.parametrize(("way", "kept"), [("online", "online"), ("", "file")])
    def test_is_from_the_file_unless_said_otherwise(self, repair, staff, way, kept):
        to_verification(repair, staff)
        self.verify(staff, repair, verification_way=way)

        assert Repair.objects.get().verification_way == kept


class TestAnExtension:
    """Order 36 lets the time to decide be extended when the party is told before (D44)."""

    def extend(self, repair, staff, *, on, length=5):
        key = "repair.ndrc.decide"
        proposal = proposals.propose(
            "extend",
            repair.reference,
            by=staff["handler"].user,
            at=at(on),
            reason="需现场核实。（示例）",
            key=key,
            length=length,
        )
        return proposals.decide(proposal.pk, by=staff["approver"].user, grant=True, at=at(on))

    def test_is_proposed_by_one_and_granted_by_another_before_the_day(self, repair, staff):
        to_verification(repair, staff)
        self.extend(repair, staff, on="10-12")

        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 22)

    def test_is_given_once(self, repair, staff):
        to_verification(repair, staff)
        self.extend(repair, staff, on="10-12")

        with pytest.raises(proposals.NotAllowed):
            self.extend(repair, staff, on="10-13", length=1)

    def test_is_too_late_after_the_day(self, repair, staff):
        to_verification(repair, staff)

        with pytest.raises(proposals.NotAllowed):
            self.extend(repair, staff, on="10-16")


class TestALetter:
    def test_to_a_party_without_electronic_service_is_served_before_its_time_runs(
        self, applicant, penalty, staff
    ):
        repair = applicant.applies(penalty, at=APPLIED, served_electronically="")
        to_acceptance(repair, staff)
        staff["acceptor"].does(
            "examine", repair, at=at("09-29"), examination="supplement", missing="缴款凭证原件"
        )
        assert due(repair, "repair.supplement") is None

        staff["handler"].does(
            "aside.serve",
            repair,
            at=at("10-12"),
            method="post",
            served_on="2026-10-09",
            proof="EMS回执（示例）",
        )

        assert due(repair, "repair.supplement") == dt.date(2026, 10, 22)

    def test_of_refusal_keeps_the_case_open_until_it_is_served(self, applicant, penalty, staff):
        repair = applicant.applies(penalty, at=APPLIED, served_electronically="")
        to_decision(repair, staff, fulfilled="False")
        staff["approver"].does(
            "decide",
            repair,
            at=at("10-13"),
            decision="refuse",
            decision_reason="未履行完毕。",
            **REFUSAL,
        )

        case = Repair.objects.get()
        assert (case.state, case.closed_at) == (State.REFUSED, None)
