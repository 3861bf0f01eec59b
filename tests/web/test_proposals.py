"""Exceptional moves through their pages."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty, Membership
from tests.cases.test_repair import APPLIED, at, to_verification
from tests.conftest import SINCE
from workflows.models import Case, Deadline, Proposal


@pytest.fixture
def verified(applicant, penalty, staff, monkeypatch):
    repair = applicant.applies(penalty, at=APPLIED)
    to_verification(repair, staff)
    now = at("10-08").astimezone(dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return repair


class TestProposal:
    def test_is_made_by_one_person_and_granted_by_another(self, client, verified, staff):
        client.force_login(staff["handler"].user)
        address = reverse("propose", args=[verified.reference, "suspend"])
        page = client.get(reverse("desk-case", args=[verified.reference])).content.decode()
        assert address in page
        said = {"cause": "court", "reason": "等待裁定", "evidence": "受理通知书"}
        assert client.post(address, said).status_code == 302

        client.force_login(staff["approver"].user)
        listed = client.get(reverse("proposals")).content.decode()
        assert verified.reference in listed
        address = reverse("proposal-decide", args=[Proposal.objects.get().pk])
        assert client.post(address).status_code == 422, "no answer is no refusal"
        client.post(address, {"answer": "grant"})

        assert Case.objects.get().suspended_at
        assert not Deadline.objects.filter(ended_at=None, due_on__isnull=False).exists()

    def test_asks_nothing_of_the_person_who_made_it(self, client, verified, staff):
        approver = staff["approver"].user
        Membership.objects.create(
            user=approver, unit=verified.unit_as["finder"], duty=Duty.HANDLER, since=SINCE
        )
        client.force_login(approver)
        said = {"cause": "court", "reason": "等待裁定", "evidence": "受理通知书"}
        client.post(reverse("propose", args=[verified.reference, "suspend"]), said)
        listed = client.get(reverse("proposals")).content.decode()

        assert verified.reference in listed
        assert "由他人决定" in listed
        assert reverse("proposal-decide", args=[Proposal.objects.get().pk]) not in listed

    def test_is_refused_in_a_sentence_where_the_law_does_not_allow_it(
        self, client, verified, staff
    ):
        client.force_login(staff["handler"].user)
        said = {"key": "repair.ndrc.feedback", "length": "3", "reason": "需要时间"}
        refused = client.post(reverse("propose", args=[verified.reference, "extend"]), said)

        assert refused.status_code == 422
        assert not Proposal.objects.exists()

    def test_is_not_shown_to_other_units(self, client, verified, clerk, applicant):
        client.force_login(applicant.user)
        address = reverse("propose", args=[verified.reference, "suspend"])
        assert client.get(address).status_code == 403

    def test_of_nonsense_is_not_found(self, client, verified, staff):
        client.force_login(staff["handler"].user)
        assert (
            client.get(reverse("propose", args=[verified.reference, "nonsense"])).status_code == 404
        )
        assert client.get(reverse("propose", args=["XF-1", "suspend"])).status_code == 404


class TestDemand:
    def test_is_answered_by_the_unit_and_seen_by_supervisors(
        self, client, applicant, penalty, staff, office_supervisor, monkeypatch
    ):
        from workflows import escalation
        from workflows.models import Urging

        repair = applicant.applies(penalty, at=APPLIED)
        escalation.sweep(at=at("10-08"))
        monkeypatch.setattr("django.utils.timezone.now", lambda: at("10-08").astimezone(dt.UTC))
        client.force_login(office_supervisor)
        late = client.get(reverse("oversight")).content.decode()
        assert repair.reference in late
        client.force_login(staff["clerk"].user)
        assert repair.reference in client.get(reverse("demands")).content.decode()

        urging = Urging.objects.filter(deadline__case=repair).first()
        address = reverse("demand-answer", args=[urging.pk])
        assert client.post(address, {"answer": " "}).status_code == 422
        client.post(reverse("demand-answer", args=[urging.pk]), {"answer": "今日办结。"})

        urging.refresh_from_db()
        assert urging.answer == "今日办结。"
        client.force_login(staff["handler"].user)
        assert client.post(reverse("demand-answer", args=[urging.pk])).status_code == 404
