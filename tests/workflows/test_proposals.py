"""What one person proposes and a second decides."""

import datetime as dt

import pytest

from accounts.models import Duty, Membership
from tests.cases.test_repair import APPLIED, at, to_verification
from tests.conftest import SINCE
from workflows import editions, escalation, policy, proposals, work
from workflows.models import Deadline, Entry, Term, WorkItem


@pytest.fixture
def repair(applicant, penalty):
    return applicant.applies(penalty, at=APPLIED)


def due(case, key):
    return Deadline.objects.get(case=case, term__key=key, ended_at=None, purpose="limit").due_on


def suspend(repair, staff, *, cause="court", on="10-08"):
    return proposals.propose(
        "suspend",
        repair.reference,
        by=staff["handler"].user,
        at=at(on),
        reason="等待法院裁定。",
        evidence="（示例）受理通知书",
        cause=cause,
    )


def grants(staff, proposal, *, on="10-08"):
    return proposals.decide(proposal.pk, by=staff["approver"].user, grant=True, at=at(on))


class TestSuspension:
    def test_stops_every_clock_and_starts_them_again(self, repair, staff, applicant):
        to_verification(repair, staff)
        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 15)
        grants(staff, suspend(repair, staff))

        assert due(repair, "repair.ndrc.decide") is None
        with pytest.raises(work.Suspended):
            staff["handler"].claims("verify", repair, at=at("10-09"))
        resume = proposals.propose(
            "resume", repair.reference, by=staff["handler"].user, at=at("10-20"), reason="已裁定。"
        )
        grants(staff, resume, on="10-20")

        # Accepted on 30 September; the 8th counted, six working days are left after the 20th.
        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 28)
        assert applicant.user.messages_received.filter(body__contains="等待法院裁定").exists()

    def test_needs_a_listed_cause(self, repair, staff):
        with pytest.raises(proposals.NotAllowed):
            suspend(repair, staff, cause="too busy")

    def test_does_nothing_before_a_second_person_grants_it(self, repair, staff):
        to_verification(repair, staff)
        proposal = suspend(repair, staff)

        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 15)
        with pytest.raises(proposals.NotYours):
            proposals.decide(proposal.pk, by=staff["handler"].user, grant=True, at=at("10-08"))
        proposals.decide(proposal.pk, by=staff["approver"].user, grant=False, at=at("10-08"))
        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 15)
        with pytest.raises(proposals.AlreadyDecided):
            grants(staff, proposal)

    def test_is_not_granted_by_the_hand_that_proposed_it(self, repair, staff, bureau):
        both = staff["handler"].user
        Membership.objects.create(user=both, unit=bureau, duty=Duty.APPROVER, since=SINCE)
        proposal = suspend(repair, staff)

        with pytest.raises(proposals.SameHand):
            proposals.decide(
                proposal.pk, by=type(both).objects.get(pk=both.pk), grant=True, at=at("10-08")
            )

    def test_climbs_no_rung_while_it_lasts(self, repair, staff):
        to_verification(repair, staff)
        grants(staff, suspend(repair, staff))

        escalation.sweep(at=at("12-01"))

        assert not Entry.objects.filter(
            kind__in=["reminded", "escalated"], at__gte=at("10-09")
        ).exists()


class TestExtension:
    def propose(self, repair, staff, *, length=5, on="10-08", key="repair.ndrc.decide"):
        return proposals.propose(
            "extend",
            repair.reference,
            by=staff["handler"].user,
            at=at(on),
            reason="需要现场核查。",
            key=key,
            length=length,
        )

    def test_moves_the_date_once_and_tells_the_party_why(self, repair, staff, applicant):
        to_verification(repair, staff)
        grants(staff, self.propose(repair, staff))

        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 22)
        assert WorkItem.objects.get(step="verify").due_on == dt.date(2026, 10, 22)
        assert applicant.user.messages_received.filter(body__contains="需要现场核查").exists()
        with pytest.raises(proposals.NotAllowed):
            self.propose(repair, staff, length=1)

    def test_is_capped_and_comes_before_the_date(self, repair, staff):
        to_verification(repair, staff)
        with pytest.raises(proposals.NotAllowed):
            self.propose(repair, staff, length=8)
        with pytest.raises(proposals.NotAllowed):
            self.propose(repair, staff, on="10-16")

    def test_is_refused_where_the_law_knows_none(self, repair, staff):
        with pytest.raises(proposals.NotAllowed):
            self.propose(repair, staff, key="repair.ndrc.feedback")


class TestCorrection:
    def test_of_a_start_moves_the_date_and_keeps_the_old_one_in_the_log(self, repair, staff):
        to_verification(repair, staff)
        proposal = proposals.propose(
            "correct_start",
            repair.reference,
            by=staff["handler"].user,
            at=at("10-08"),
            reason="受理日期登记有误。",
            key="repair.ndrc.decide",
            as_of="2026-09-29",
        )
        grants(staff, proposal)

        moved = Entry.objects.filter(kind="clock_moved", detail__key="repair.ndrc.decide").latest(
            "id"
        )
        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 14)
        assert moved.detail["was"] == "2026-10-15"


@pytest.fixture
def office_approver(office):
    from tests.conftest import _caseworker

    return _caseworker(office, Duty.APPROVER, "office_approver").user


class TestEdition:
    def propose(self, by, **changed):
        told = {
            "value": "5",
            "since": dt.date(2026, 10, 1),
            "basis": "本办内部规定（修订）",
            "certainty": "L",
            "open_cases": editions.KEEP,
            "reason": "提速。",
            **changed,
        }
        return editions.propose("repair.ndrc.decide", by=by, at=at("09-30"), **told)

    def test_takes_two_persons(self, law, clerk, office_approver):
        before = Term.objects.filter(key="repair.ndrc.decide").count()
        proposal = self.propose(clerk.user)
        with pytest.raises(editions.NotYours):
            editions.decide(proposal.pk, by=clerk.user, grant=True, at=at("09-30"))

        editions.decide(proposal.pk, by=office_approver, grant=True, at=at("09-30"))

        assert policy.term("repair.ndrc.decide", on=dt.date(2026, 9, 30)).value == "7"
        assert policy.term("repair.ndrc.decide", on=dt.date(2026, 10, 1)).value == "5"
        assert Term.objects.filter(key="repair.ndrc.decide").count() == before + 1

    def test_leaves_open_cases_under_the_edition_that_governs_them(
        self, repair, staff, office_approver
    ):
        to_verification(repair, staff)
        proposal = self.propose(staff["clerk"].user)
        editions.decide(proposal.pk, by=office_approver, grant=True, at=at("09-30"))

        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 15)

    def test_moves_open_cases_when_it_says_so_with_an_event(self, repair, staff, office_approver):
        to_verification(repair, staff)
        proposal = self.propose(staff["clerk"].user, open_cases=editions.MOVE)
        editions.decide(proposal.pk, by=office_approver, grant=True, at=at("09-30"))

        assert due(repair, "repair.ndrc.decide") == dt.date(2026, 10, 13)
        assert Entry.objects.filter(kind="clock_moved", stream=repair.reference).exists()

    def test_is_refused_without_a_basis(self, law, clerk):
        with pytest.raises(proposals.NotAllowed):
            self.propose(clerk.user, basis=" ")
