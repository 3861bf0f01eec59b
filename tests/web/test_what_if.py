"""The simulator and the change of a rule value, through their pages."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty
from tests.cases.test_repair import APPLIED, at, to_verification
from tests.conftest import _caseworker
from workflows import editions, policy
from workflows.models import Deadline, Entry, Proposal
from workflows.proposals import NotYours


@pytest.fixture
def verified(applicant, penalty, staff, monkeypatch):
    repair = applicant.applies(penalty, at=APPLIED)
    to_verification(repair, staff)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("10-08").astimezone(dt.UTC))
    return repair


class TestACase:
    def test_shows_the_date_after_a_suspension_and_writes_nothing(self, client, verified, staff):
        before = (Entry.objects.count(), list(Deadline.objects.values_list("due_on", flat=True)))
        client.force_login(staff["handler"].user)
        address = reverse("case-what-if", args=[verified.reference])
        assert client.get(address).status_code == 200

        told = client.get(address, {"event": "suspend", "days": "6"}).content.decode()

        assert "2026年10月15日" in told
        assert "2026年10月21日" in told
        after = (Entry.objects.count(), list(Deadline.objects.values_list("due_on", flat=True)))
        assert after == before

    def test_asks_which_limit_is_extended(self, client, verified, staff):
        client.force_login(staff["handler"].user)
        address = reverse("case-what-if", args=[verified.reference])
        assert client.get(address, {"event": "extend", "days": "6"}).status_code == 200


class TestTheStock:
    QUESTION = {
        "key": "repair.ndrc.decide",
        "value": "3",
        "since": "2026-09-01",
        "open_cases": "move",
    }

    def test_shows_what_would_move(self, client, verified, office_supervisor):
        client.force_login(office_supervisor)
        told = client.get(reverse("what-if"), self.QUESTION).content.decode()

        assert verified.reference in told
        assert "2026年10月10日" in told  # a Saturday that is worked
        assert policy.term("repair.ndrc.decide", on=dt.date(2026, 10, 8)).value == "7"

    def test_is_changed_by_two_persons(self, client, verified, office_supervisor, office):
        approver = _caseworker(office, Duty.APPROVER, "office_approver").user
        client.force_login(office_supervisor)
        said = {**self.QUESTION, "basis": "本办内部规定", "certainty": "L", "reason": "提速"}
        assert client.post(reverse("term-propose"), said).status_code == 302

        client.force_login(approver)
        assert "repair.ndrc.decide" in client.get(reverse("proposals")).content.decode()
        address = reverse("term-decide", args=[Proposal.objects.get().pk])
        client.post(address, {"answer": "grant"})

        assert policy.term("repair.ndrc.decide", on=dt.date(2026, 10, 8)).value == "3"
        assert Entry.objects.filter(kind="clock_moved", stream=verified.reference).exists()

    def test_is_not_proposed_by_who_changes_nothing_or_has_no_say(
        self, client, office, bureau_supervisor
    ):
        auditor = _caseworker(office, Duty.AUDITOR, "auditor").user
        told = {"basis": "示例", "certainty": "L", "reason": "提速"}
        since = dt.date(2026, 9, 1)
        for person in (auditor, bureau_supervisor):
            client.force_login(person)
            assert reverse("term-propose") not in client.get(reverse("what-if")).content.decode()
            assert client.get(reverse("term-propose")).status_code == 403
            with pytest.raises(NotYours):
                editions.propose(
                    "repair.ndrc.decide",
                    by=person,
                    at=APPLIED,
                    **{**told, "value": "5", "since": since, "open_cases": editions.KEEP},
                )

    def test_is_not_shown_to_caseworkers(self, client, verified, staff):
        client.force_login(staff["handler"].user)
        assert client.get(reverse("what-if")).status_code == 403
