"""Each face end to end, by its addresses."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.repair.states import Repair, State
from forms.models import Attachment
from tests.actors import a_pdf, open_item
from tests.conftest import SHANGHAI
from workflows.models import WorkItem

AT = dt.datetime(2026, 9, 29, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT.astimezone(dt.UTC))


@pytest.fixture
def repair(applicant, penalty):
    return applicant.applies(penalty, at=AT)


def answers(applicant, penalty):
    form = applicant.answers(penalty, at=AT)
    form.pop("proof")
    return {**form, "proof": SimpleUploadedFile("缴款凭证.pdf", a_pdf())}


@pytest.mark.usefixtures("today")
class TestApplicant:
    def test_applies_for_repair_and_gets_a_receipt(self, client, applicant, penalty, staff):
        client.force_login(applicant.user)
        listed = client.get(reverse("records"))
        assert penalty.document_number in listed.content.decode()

        applied = client.post(
            reverse("apply", args=[penalty.pk, "repair"]), answers(applicant, penalty), follow=True
        )

        case = Repair.objects.get()
        assert applied.status_code == 200
        assert case.query_code in applied.content.decode()
        assert case.reference in client.get(reverse("cases")).content.decode()
        assert client.get(reverse("case", args=[case.reference])).status_code == 200

    def test_is_told_what_is_missing_and_keeps_the_file(self, client, applicant, penalty):
        client.force_login(applicant.user)
        incomplete = answers(applicant, penalty) | {"correction": ""}

        refused = client.post(reverse("apply", args=[penalty.pk, "repair"]), incomplete)

        assert refused.status_code == 422
        assert "缴款凭证.pdf" in refused.content.decode()
        assert not Repair.objects.exists()

    def test_is_told_the_first_possible_day(self, client, applicant, penalty):
        penalty.decided_on = dt.date(2026, 8, 1)
        penalty.save()
        client.force_login(applicant.user)

        refused = client.get(reverse("apply", args=[penalty.pk, "repair"]))

        assert refused.status_code == 422
        assert "2026年11月2日" in refused.content.decode()

    def test_reads_letters_and_files_and_nobody_else_does(
        self, client, applicant, repair, django_user_model
    ):
        from notifications.models import Letter

        letter, file = Letter.objects.get(), Attachment.objects.get()
        client.force_login(applicant.user)
        assert client.get(reverse("letter", args=[letter.pk])).status_code == 200
        handed_out = client.get(reverse("file", args=[file.pk]))
        assert b"".join(handed_out.streaming_content).startswith(b"%PDF")
        for close in handed_out._resource_closers:
            close()

        client.force_login(django_user_model.objects.create_user("stranger"))
        for address in (
            reverse("letter", args=[letter.pk]),
            reverse("letter-pdf", args=[letter.pk]),
            reverse("file", args=[file.pk]),
            reverse("case", args=[repair.reference]),
        ):
            assert client.get(address).status_code == 404

    def test_supplements_on_the_page_that_asks_for_it(self, client, applicant, repair, staff):
        staff["clerk"].does("check", repair, at=AT, form_complete="False", missing="授权委托书")
        item = open_item(repair, "redo")
        client.force_login(applicant.user)
        assert "授权委托书" in client.get(reverse("asked", args=[item.pk])).content.decode()

        client.post(reverse("asked", args=[item.pk]), {"supplement_note": "已补齐"})

        assert Repair.objects.get().state == State.RECEIVED

    def test_withdraws(self, client, applicant, repair):
        client.force_login(applicant.user)
        client.post(reverse("withdraw", args=[repair.reference]))

        assert Repair.objects.get().state == State.WITHDRAWN


class TestTracking:
    def test_tells_anyone_with_the_receipt_where_the_case_stands(self, client, repair):
        address = reverse("track")
        asked = {"reference": repair.reference, "code": repair.query_code.lower()}
        told = client.post(address, asked).content.decode()

        assert repair.reference in told
        assert "韦示例" not in told

    def test_tells_nothing_without_the_query_code(self, client, repair):
        told = client.post(reverse("track"), {"reference": repair.reference, "code": "XXXXXXXX"})

        assert "认定" not in told.content.decode()
        assert repair.party.name not in told.content.decode()


@pytest.mark.usefixtures("today")
class TestCaseworker:
    def test_claims_a_step_and_completes_it(self, client, repair, clerk, bureau):
        item = open_item(repair, "check")
        client.force_login(clerk.user)
        assert repair.reference in client.get(reverse("queue")).content.decode()

        client.post(reverse("work-claim", args=[item.pk]))
        assert repair.reference in client.get(reverse("desk")).content.decode()
        done = client.post(reverse("work", args=[item.pk]), {"form_complete": "True"}, follow=True)

        assert done.status_code == 200
        assert Repair.objects.get().state == State.PUSHED

    def test_is_told_who_was_faster(self, client, repair, clerk, office):
        from tests.conftest import _caseworker

        other = _caseworker(office, "counter", "另一位示例")
        clerk.claims("check", repair, at=AT)
        client.force_login(other.user)

        late = client.post(reverse("work-claim", args=[open_item(repair, "check").pk]))

        assert late.status_code == 409
        assert "clerk" in late.content.decode()
        assert "10:00" in late.content.decode()

    def test_sees_an_incomplete_answer_beside_its_question(self, client, repair, clerk):
        clerk.claims("check", repair, at=AT)
        client.force_login(clerk.user)
        item = open_item(repair, "check")

        refused = client.post(reverse("work", args=[item.pk]), {"form_complete": "False"})

        assert refused.status_code == 422
        assert WorkItem.objects.get(pk=item.pk).state == WorkItem.State.CLAIMED

    def test_does_not_see_the_work_of_another_unit(self, client, repair, acceptor):
        client.force_login(acceptor.user)
        item = open_item(repair, "check")

        assert client.get(reverse("work", args=[item.pk])).status_code == 404
        assert client.post(reverse("work-claim", args=[item.pk])).status_code == 403


class TestSupervisor:
    def test_sees_what_is_late_and_the_log_behind_it(
        self, client, repair, office_supervisor, monkeypatch
    ):
        later = AT + dt.timedelta(days=30)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later.astimezone(dt.UTC))
        client.force_login(office_supervisor)

        assert repair.reference in client.get(reverse("oversight")).content.decode()
        assert client.get(reverse("workload")).status_code == 200
        assert client.get(reverse("oversight-case", args=[repair.reference])).status_code == 200
        log = client.get(reverse("oversight-log", args=[repair.reference])).content.decode()
        assert "received" in log
        assert "0531-00000000" not in log


@pytest.mark.usefixtures("today")
class TestBudget:
    """Every page stays within twelve queries, whatever the volume."""

    @pytest.mark.parametrize("name", ["home", "records", "cases", "messages"])
    def test_of_the_applicants_lists(
        self, name, client, applicant, repair, django_assert_max_num_queries
    ):
        client.force_login(applicant.user)
        with django_assert_max_num_queries(12):
            client.get(reverse(name))

    def test_of_the_case_page(self, client, applicant, repair, django_assert_max_num_queries):
        client.force_login(applicant.user)
        with django_assert_max_num_queries(12):
            client.get(reverse("case", args=[repair.reference]))

    @pytest.mark.parametrize("name", ["desk", "queue"])
    def test_of_the_desk(self, name, client, clerk, repair, django_assert_max_num_queries):
        client.force_login(clerk.user)
        with django_assert_max_num_queries(12):
            client.get(reverse(name))

    def test_of_a_step(self, client, clerk, repair, django_assert_max_num_queries):
        clerk.claims("check", repair, at=AT)
        item = open_item(repair, "check")
        client.force_login(clerk.user)
        with django_assert_max_num_queries(12):
            client.get(reverse("work", args=[item.pk]))
        with django_assert_max_num_queries(12):
            client.get(reverse("desk-case", args=[repair.reference]))

    @pytest.mark.parametrize("name", ["oversight", "workload"])
    def test_of_oversight(
        self, name, client, office_supervisor, repair, django_assert_max_num_queries
    ):
        client.force_login(office_supervisor)
        with django_assert_max_num_queries(12):
            client.get(reverse(name))
