"""A repair that rests on something false: the party is heard, two persons decide, one is barred."""

import datetime as dt

import pytest

from cases.repair import opening
from cases.repair.states import Repair, State
from records.models import Record
from tests.conftest import SHANGHAI, letters_to
from tests.workflows.walks import APPLIED, STORIES, open_a_repair, walk
from workflows import audit, escalation, intake, work
from workflows.case_type import Topic
from workflows.models import Deadline, Entry, Relation, WorkItem

DAY = dt.date
SUSPICION = {
    "allegation": "缴款凭证系伪造。（示例）",
    "evidence": "财政部门复函：无此笔缴款。（示例）",
}


def at(month_day, hour=15, year=2026):
    return dt.datetime.fromisoformat(f"{year}-{month_day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def repaired(applicant, penalty, cast):
    """A penalty of 25 June 2026, longest end 25 June 2027, hidden since 28 September 2026."""
    repair = open_a_repair(applicant, penalty)
    walk(repair, STORIES["repaired"], cast, since=APPLIED)
    return Repair.objects.get(pk=repair.pk)


@pytest.fixture
def doubted(repaired, staff):
    return doubts(staff["handler"], repaired)


def doubts(who, source, on="11-02"):
    return intake.open_for_office(
        "repair",
        by=who.user,
        door="doubted",
        source=source.reference,
        answers=SUSPICION,
        at=at(on),
    )


def heard(case, applicant, on="11-04"):
    applicant.does("hear", case, at=at(on), statement="凭证由代办机构提供，我单位不知情。（示例）")


def weighed(case, staff, *, false="True", on="11-09"):
    staff["handler"].does(
        "weigh", case, at=at(on), falsehood=false, statement_weighed="不影响事实认定。（示例）"
    )


def judged(case, staff, decision="revoke", on="11-10"):
    return staff["approver"].does(
        "judge_falsehood", case, at=at(on), decision=decision, decision_reason="示例。"
    )


def offered(record, on):
    return opening.offer(Topic(record.subject, record), on=on)


class TestAFalsehood:
    def test_revokes_the_repair_shows_the_record_again_and_bars_the_party(
        self, doubted, applicant, staff, penalty
    ):
        heard(doubted, applicant)
        weighed(doubted, staff)
        judged(doubted, staff)

        case = Repair.objects.get(pk=doubted.pk)
        penalty.refresh_from_db()
        assert case.state == State.REVOKED
        assert penalty.publication == Record.Publication.PUBLISHED
        assert (penalty.repaired_on, penalty.fulfilled_on) == (None, None)
        assert not penalty.showings.exclude(stopped_on=None).exists()
        assert case.barred_until == DAY(2029, 11, 10)
        assert letters_to(applicant.user)[-2:] == ["suspicion", "revoked"]
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_lets_the_rest_of_the_period_go_on(self, doubted, applicant, staff, penalty):
        """270 days of it were left on 28 September 2026."""
        heard(doubted, applicant)
        weighed(doubted, staff)
        judged(doubted, staff)

        case = Repair.objects.get(pk=doubted.pk)
        left = DAY(2027, 6, 25) - DAY(2026, 9, 28)
        assert case.restored_until == DAY(2026, 11, 10) + left == DAY(2027, 8, 7)
        assert offered(penalty, DAY(2026, 11, 11)).closes_on == DAY(2027, 8, 7)

    def test_of_the_market_regulators_has_the_period_counted_anew_and_no_bar(
        self, applicant, penalty, bureau, cast
    ):
        bureau.code = "SJ"
        bureau.save()
        repair = open_a_repair(applicant, penalty)
        walk(repair, STORIES["repaired"], cast, since=APPLIED)
        case = doubts(cast["handler"], repair)
        heard(case, applicant)
        weighed(case, cast)
        judged(case, cast)

        case = Repair.objects.get(pk=case.pk)
        penalty.refresh_from_db()
        assert (case.restored_until, case.barred_until) == (DAY(2027, 11, 10), None)
        offer = offered(penalty, DAY(2026, 11, 11))
        assert (offer.opens_on, offer.closes_on) == (DAY(2027, 2, 11), DAY(2027, 11, 10))

    def test_tells_remedies_the_end_of_the_bar_and_the_way_back(self, doubted, applicant, staff):
        heard(doubted, applicant)
        weighed(doubted, staff)
        judged(doubted, staff)

        told = applicant.user.messages_received.latest("id").letter
        for said in ("行政复议", "行政诉讼", "2029年11月10日", "2029年11月11日", "2027年8月7日"):
            assert said in told.html, said
        assert "10 November 2029" in told.html_en

    def test_refuses_the_next_application_with_the_day_of_the_bar(
        self, doubted, applicant, staff, penalty
    ):
        heard(doubted, applicant)
        weighed(doubted, staff)
        judged(doubted, staff)
        penalty.refresh_from_db()

        with pytest.raises(intake.NotPossible) as refused:
            applicant.applies(penalty, at=at("11-16"))
        assert "R6" in str(refused.value)
        assert refused.value.fields["opens_on"] == DAY(2029, 11, 11)

    def test_not_proven_leaves_the_repair_and_no_adverse_word(
        self, doubted, applicant, staff, penalty
    ):
        heard(doubted, applicant)
        weighed(doubted, staff, false="False")
        judged(doubted, staff, "uphold")

        penalty.refresh_from_db()
        assert Repair.objects.get(pk=doubted.pk).state == State.UPHELD
        assert penalty.publication == Record.Publication.STOPPED
        assert penalty.repaired_on == DAY(2026, 9, 28)
        assert "不作为不良记录" in applicant.user.messages_received.latest("id").letter.html

    def test_is_not_found_by_the_approver_alone(self, doubted, applicant, staff):
        heard(doubted, applicant)
        weighed(doubted, staff, false="False")

        with pytest.raises(work.AnswersRefused):
            judged(doubted, staff, "revoke")
        assert Repair.objects.get(pk=doubted.pk).state == State.SUSPECTED

    def test_is_not_judged_by_who_granted_the_repair_and_weighed_it(
        self, doubted, applicant, staff, bureau
    ):
        from accounts.models import Duty, Membership

        Membership.objects.create(
            user=staff["handler"].user, unit=bureau, duty=Duty.APPROVER, since=DAY(2020, 1, 1)
        )
        heard(doubted, applicant)
        weighed(doubted, staff)

        with pytest.raises(work.SecondPersonNeeded):
            staff["handler"].does(
                "judge_falsehood", doubted, at=at("11-10"), decision="revoke", decision_reason="例"
            )

    def test_follows_the_repair_it_doubts(self, doubted, repaired):
        tie = Relation.objects.get(target=doubted.pk)
        assert (tie.kind, tie.source_id) == (Relation.Kind.FOLLOWS, repaired.pk)
        assert doubted.opened_by != repaired.opened_by


class TestTheHearing:
    def test_counts_from_the_service_of_the_notice_and_not_before(self, doubted):
        """The consent to electronic service was given for another case: it has to be served."""
        clock = Deadline.objects.get(case=doubted.pk, item__step="hear", purpose="limit")
        assert (clock.started_on, clock.due_on) == (None, None)
        assert WorkItem.objects.filter(case=doubted.pk, step="aside.serve", state="open").exists()

    def test_runs_five_working_days(self, doubted, staff):
        staff["handler"].does(
            "aside.serve",
            doubted,
            at=at("11-04"),
            method="direct",
            served_on="2026-11-04",
            proof="送达回证（示例）",
        )

        clock = Deadline.objects.get(case=doubted.pk, item__step="hear", purpose="limit")
        assert clock.due_on == DAY(2026, 11, 11)

    def test_goes_on_after_silence(self, doubted, staff):
        staff["handler"].does(
            "aside.serve",
            doubted,
            at=at("11-04"),
            method="direct",
            served_on="2026-11-04",
            proof="送达回证（示例）",
        )
        escalation.sweep(at=at("11-11", 23))
        assert WorkItem.objects.filter(case=doubted.pk, step="hear", state="open").exists()
        escalation.sweep(at=at("11-12", 1))

        assert WorkItem.objects.filter(case=doubted.pk, step="weigh", state="open").exists()


class TestADoubt:
    def test_reaches_only_a_completed_repair(self, applicant, penalty, staff):
        repair = open_a_repair(applicant, penalty)

        with pytest.raises(intake.NotPossible):
            doubts(staff["handler"], repair)

    def test_is_not_raised_twice_at_once(self, doubted, repaired, staff):
        with pytest.raises((intake.AlreadyOpen, intake.NotPossible)):
            doubts(staff["handler"], repaired)

    def test_may_be_raised_again_after_it_was_not_proven(self, doubted, repaired, applicant, staff):
        staff["handler"].does(
            "aside.serve",
            doubted,
            at=at("11-03"),
            method="direct",
            served_on="2026-11-03",
            proof="送达回证（示例）",
        )
        heard(doubted, applicant)
        weighed(doubted, staff, false="False")
        judged(doubted, staff, "uphold")
        for item in WorkItem.objects.filter(case=doubted.pk, step="aside.serve", state="open"):
            work.claim(item.pk, by=staff["handler"].user, at=at("11-11"))
            work.complete(
                item.pk,
                by=staff["handler"].user,
                answers={"method": "direct", "served_on": "2026-11-11", "proof": "示例"},
                at=at("11-11"),
            )

        assert doubts(staff["handler"], repaired, on="12-01").state == State.SUSPECTED

    def test_is_not_raised_after_the_record_is_shown_again(
        self, doubted, repaired, applicant, staff
    ):
        heard(doubted, applicant)
        weighed(doubted, staff)
        judged(doubted, staff)
        Repair.objects.filter(pk=doubted.pk).update(closed_at=at("11-11"))

        with pytest.raises(intake.NotPossible):
            doubts(staff["handler"], repaired, on="12-01")

    def test_is_raised_by_the_finding_authority_and_not_by_the_party(self, repaired, applicant):
        with pytest.raises(intake.NoSuchDoor):
            intake.submit(
                "repair",
                by=applicant.user,
                door="doubted",
                source=repaired.reference,
                answers=SUSPICION,
                at=at("11-02"),
            )

    def test_cannot_be_withdrawn_by_the_party(self, doubted, applicant):
        with pytest.raises(intake.TooLate):
            intake.withdraw(doubted.reference, by=applicant.user, at=at("11-03"))
