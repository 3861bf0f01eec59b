"""A record shielded while a reorganisation plan is carried out, and what comes after."""

import datetime as dt

import pytest

from cases.repair import opening
from cases.repair.states import Repair, State
from records.models import Record
from tests.conftest import SHANGHAI, letters_to
from tests.workflows.walks import ANSWERS
from workflows import intake, work
from workflows.case_type import Topic
from workflows.models import Deadline

DAY = dt.date


def at(month_day, hour=15, year=2026):
    return dt.datetime.fromisoformat(f"{year}-{month_day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


def ruling(applicant, when, **changed):
    return {
        "court": "示例市中级人民法院",
        "ruling_number": "（2026）示例破1号",
        "ruled_on": "2026-07-01",
        "plan_ends_on": "2026-12-31",
        "manager": "示例管理人",
        "proof": [str(applicant.hands_in("裁定书.pdf", at=when).pk)],
        "agent_name": "示例·经办人",
        "agent_phone": "0531-00000000",
        "served_electronically": "on",
        **changed,
    }


def asks(applicant, record, when=None, **changed):
    when = when or at("07-06")
    return intake.submit(
        "repair",
        by=applicant.user,
        door="reorganised",
        record_id=record.pk,
        answers=ruling(applicant, when, **changed),
        at=when,
    )


def checked(case, staff, genuine="True"):
    staff["handler"].does(
        "check_ruling", case, at=at("07-08"), ruling_genuine=genuine, ruling_note="已电话核实。"
    )


def shielded(case, staff):
    checked(case, staff)
    staff["approver"].does(
        "judge_ruling", case, at=at("07-10"), decision="grant", decision_reason="裁定属实。"
    )


def reported(case, staff, outcome, when):
    staff["handler"].does("watch_plan", case, at=when, plan_outcome=outcome, plan_note="管理人报告")
    return staff["approver"].does(
        "judge_plan", case, at=when, decision=outcome, decision_reason="示例。"
    )


def state_of(case):
    return Repair.objects.get(pk=case.pk).state


@pytest.fixture
def shield(applicant, penalty):
    """Asked for on 6 July 2026, long before the shortest period of the penalty ends."""
    return asks(applicant, penalty)


class TestAShield:
    def test_withholds_the_record_until_the_plan_ends(self, shield, staff, penalty, applicant):
        shielded(shield, staff)

        penalty.refresh_from_db()
        assert state_of(shield) == State.SHIELDED
        assert penalty.publication == Record.Publication.WITHHELD
        assert letters_to(applicant.user) == ["receipt", "shielded"]
        clock = Deadline.objects.get(case=shield.pk, item__step="watch_plan", purpose="limit")
        assert clock.started_on == DAY(2026, 12, 31)
        assert clock.provisional

    def test_becomes_a_repair_when_the_plan_is_carried_out(self, shield, staff, penalty, applicant):
        shielded(shield, staff)
        reported(shield, staff, "carried_out", at("12-28"))
        assert state_of(shield) == State.APPROVED
        staff["handler"].does("stop_publication", shield, at=at("12-29"), stopped_note="官网撤下。")
        staff["office_handler"].does("confirm", shield, at=at("12-30"), **ANSWERS["confirm:seen"])

        penalty.refresh_from_db()
        assert state_of(shield) == State.REPAIRED
        assert (penalty.publication, penalty.withheld_by) == (Record.Publication.STOPPED, [])
        assert penalty.repaired_on == DAY(2026, 12, 30)
        assert letters_to(applicant.user)[-2:] == ["granted", "closed"]

    def test_ends_when_the_plan_fails_and_the_rest_of_the_period_goes_on(
        self, shield, staff, penalty, applicant
    ):
        """350 days were left on 10 July 2026."""
        shielded(shield, staff)
        reported(shield, staff, "failed", at("11-02"))

        penalty.refresh_from_db()
        case = Repair.objects.get(pk=shield.pk)
        left = DAY(2027, 6, 25) - DAY(2026, 7, 10)
        assert case.state == State.UNSHIELDED
        assert penalty.publication == Record.Publication.PUBLISHED
        assert case.restored_until == DAY(2026, 11, 2) + left == DAY(2027, 10, 18)
        letter = applicant.user.messages_received.latest("id").letter
        assert letter.name == "unshielded"
        assert "行政复议" in letter.html
        assert "2027年10月18日" in letter.html

    def test_that_ended_leaves_the_ordinary_repair_open(self, shield, staff, penalty, applicant):
        shielded(shield, staff)
        reported(shield, staff, "failed", at("11-02"))
        penalty.refresh_from_db()

        offer = opening.offer(Topic(penalty.subject, penalty), on=DAY(2026, 11, 3))
        assert (offer.possible, offer.closes_on) == (True, DAY(2027, 10, 18))

    def test_is_not_given_for_a_ruling_that_is_not_genuine(self, shield, staff):
        checked(shield, staff, genuine="False")

        with pytest.raises(work.AnswersRefused):
            staff["approver"].does(
                "judge_ruling", shield, at=at("07-10"), decision="grant", decision_reason="好"
            )

    def test_is_refused_with_ground_and_remedies(self, shield, staff, penalty, applicant):
        checked(shield, staff, genuine="False")
        staff["approver"].does(
            "judge_ruling",
            shield,
            at=at("07-10"),
            decision="refuse",
            decision_reason="裁定书不实。",
            refusal_code="R5",
            refusal_reason="法院复函：无此裁定。（示例）",
            apply_again="取得生效裁定后可以重新提出。",
        )

        penalty.refresh_from_db()
        assert state_of(shield) == State.REFUSED
        assert penalty.publication == Record.Publication.PUBLISHED
        letter = applicant.user.messages_received.latest("id").letter
        assert "行政复议" in letter.html
        assert "R5" in letter.html

    def test_is_not_ended_against_the_report(self, shield, staff):
        shielded(shield, staff)
        staff["handler"].does(
            "watch_plan", shield, at=at("11-02"), plan_outcome="carried_out", plan_note="报告"
        )

        with pytest.raises(work.AnswersRefused):
            staff["approver"].does(
                "judge_plan", shield, at=at("11-02"), decision="failed", decision_reason="示例"
            )
        assert state_of(shield) == State.SHIELDED

    def test_needs_two_persons(self, shield, staff, bureau):
        from accounts.models import Duty, Membership

        Membership.objects.create(
            user=staff["handler"].user, unit=bureau, duty=Duty.APPROVER, since=DAY(2020, 1, 1)
        )
        checked(shield, staff)

        with pytest.raises(work.SecondPersonNeeded):
            staff["handler"].does(
                "judge_ruling", shield, at=at("07-10"), decision="grant", decision_reason="好"
            )

    def test_may_be_withdrawn_while_the_ruling_is_checked_and_not_after(
        self, shield, staff, applicant
    ):
        shielded(shield, staff)

        with pytest.raises(intake.TooLate):
            intake.withdraw(shield.reference, by=applicant.user, at=at("07-13"))

    def test_asked_for_may_be_withdrawn(self, shield, applicant):
        intake.withdraw(shield.reference, by=applicant.user, at=at("07-07"))

        assert state_of(shield) == State.WITHDRAWN


class TestAnApplicationForAShield:
    @pytest.mark.parametrize(
        "changed", [{"plan_ends_on": "2026-07-05"}, {"ruled_on": "2026-07-07"}, {"proof": []}]
    )
    def test_is_refused_when_its_dates_or_its_ruling_are_missing(self, applicant, penalty, changed):
        with pytest.raises(work.AnswersRefused):
            asks(applicant, penalty, **changed)

    def test_is_refused_where_no_rule_knows_it(self, applicant, penalty):
        penalty.decided_on = DAY(2025, 2, 3)
        penalty.save()

        with pytest.raises(intake.NotPossible):
            asks(
                applicant,
                penalty,
                at("06-20", year=2025),
                ruled_on="2025-06-02",
                plan_ends_on="2025-12-31",
            )

    def test_excludes_an_ordinary_one_about_the_same_record(self, shield, applicant, penalty):
        with pytest.raises(intake.AlreadyOpen):
            applicant.applies(penalty, at=at("09-28"))
