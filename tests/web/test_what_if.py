"""The simulator and the change of a rule value, through their pages."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty
from tests.cases.test_repair import APPLIED, at, to_verification
from tests.conftest import _caseworker
from tests.workflows.walks import walk
from workflows import editions, policy
from workflows.case_type import case_type
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
        asked = client.get(address, {"event": "extend", "days": "6"})

        assert asked.status_code == 422
        assert asked.context["form"].errors["key"]

    def test_says_beside_the_question_what_cannot_happen_to_it(self, client, verified, staff):
        walk(verified, "verify:good decide:grant", staff, since=at("10-08"))
        client.force_login(staff["handler"].user)
        address = reverse("case-what-if", args=[verified.reference])
        asked = client.get(address, {"event": "supplement", "days": "6"})

        assert asked.status_code == 422
        assert asked.context["form"].non_field_errors()


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

    def test_offers_rule_values_by_what_they_are_about(self, client, verified, office_supervisor):
        client.force_login(office_supervisor)
        offered = dict(client.get(reverse("what-if")).context["form"].fields["key"].choices)
        repairs = dict(offered[str(case_type("repair").verbose_name)])

        told = repairs["repair.ndrc.decide"]
        assert str(case_type("repair").step("verify").form.title) in told
        assert "repair.ndrc.decide" in told
        assert policy.term("repair.ndrc.decide", on=dt.date(2026, 10, 8)).basis[:10] in told
        assert "repair.places" not in repairs, "no clock runs by it"
        client.get(reverse("term-propose"))
        every = dict(client.get(reverse("term-propose")).context["form"].fields["key"].choices)
        assert "repair.places" in dict(every[str(case_type("repair").verbose_name)])

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("key", "repair.nonsense"),
            ("key", "\0"),
            ("key", ""),
            ("value", "zwei"),
            ("value", "-3"),
            ("since", "2026-02-30"),
            ("since", "0001-01-01"),
            ("open_cases", "perhaps"),
        ],
    )
    def test_says_at_the_field_what_makes_no_sense(
        self, client, verified, office_supervisor, field, said
    ):
        client.force_login(office_supervisor)
        asked = client.get(reverse("what-if"), {**self.QUESTION, field: said})

        assert asked.status_code == 422
        assert list(asked.context["form"].errors) == [field]
        assert "found" not in asked.context

    def test_survives_a_number_no_calendar_has(self, client, verified, office_supervisor):
        client.force_login(office_supervisor)
        asked = client.get(reverse("what-if"), {**self.QUESTION, "value": "9" * 40})

        assert asked.status_code < 500

    def test_keeps_what_was_typed_if_the_proposal_is_refused(
        self, client, verified, office_supervisor
    ):
        client.force_login(office_supervisor)
        said = {**self.QUESTION, "basis": " ", "certainty": "L", "reason": "提速的理由"}
        refused = client.post(reverse("term-propose"), said)

        assert refused.status_code == 422
        assert "提速的理由" in refused.content.decode()
        assert not Proposal.objects.exists()

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
