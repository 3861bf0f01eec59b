"""Opening cases through the doors of their types, by their pages."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Duty
from cases.commitment.register import load_items
from cases.commitment.states import Commitment
from cases.interview.states import Interview
from cases.objection.states import Objection
from tests.actors import a_pdf
from tests.cases.commitment_walks import ITEMS, LICENCE, the_units
from tests.cases.interview_walks import GROUNDS
from tests.cases.objection_walks import claim, objects
from tests.conftest import _caseworker
from tests.workflows.walks import at, open_a_repair, walk
from workflows import related
from workflows.models import Case, Relation

NOW = at("09-29", 9)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def listed(office):
    the_units()
    load_items(ITEMS)


class TestARecord:
    def test_offers_each_thing_that_may_be_asked_for_about_it(self, client, applicant, penalty):
        client.force_login(applicant.user)
        listed = client.get(reverse("records")).context["list"]["rows"]
        assert [offer["kind"] for offer in listed[0]["offers"]] == ["objection", "repair"]

        page = client.get(reverse("record", args=[penalty.pk])).content.decode()
        for args in (["objection"], ["repair"], ["repair", "reorganised"]):
            assert reverse("apply", args=[penalty.pk, *args]) in page

    def test_is_objected_to_on_its_page(self, client, applicant, penalty):
        client.force_login(applicant.user)
        page = reverse("apply", args=[penalty.pk, "objection"])
        assert client.get(page).status_code == 200
        told = {k: v for k, v in claim(applicant, on=NOW).items() if k != "evidence"}
        evidence = SimpleUploadedFile("处罚决定书.pdf", a_pdf())
        opened = client.post(page, {**told, "evidence": evidence}, follow=True)

        case = Objection.objects.get()
        assert case.query_code in opened.content.decode()
        again = client.get(page)
        assert again.status_code == 409
        assert case.reference in again.content.decode()

    @pytest.mark.parametrize("path", ["nonsense", "interview", "repair/expired", "repair/none"])
    def test_is_not_applied_about_through_a_door_that_is_not_there(
        self, client, applicant, penalty, path
    ):
        client.force_login(applicant.user)
        assert client.get(f"/records/{penalty.pk}/apply/{path}/").status_code == 404


class TestBeginning:
    def test_asks_what_it_is_about_and_then_for_the_answers(self, client, applicant, listed):
        client.force_login(applicant.user)
        begin = reverse("begin", args=["commitment", "opened"])
        assert begin in client.get(reverse("home")).content.decode()
        choices = client.get(begin).context["choices"]
        (chosen,) = [one["url"] for one in choices if f"item={LICENCE}" in one["url"]]
        assert client.get(chosen).status_code == 200
        refused = client.post(chosen, {})

        assert refused.status_code == 422
        assert refused.context["form"].errors
        assert not Commitment.objects.exists()

    def test_for_somebody_elses_organisation_is_refused(self, client, applicant, listed):
        client.force_login(applicant.user)
        begin = reverse("begin", args=["commitment", "opened"])
        assert client.get(begin, {"org": "91370115MA0000000X"}).context["chosen"] is None
        theirs = {"org": "91370115MA0000000X", "item": LICENCE}
        assert client.get(begin, theirs).status_code == 404

    def test_tells_who_acts_for_nobody_whom_to_ask(self, client, listed, django_user_model):
        client.force_login(django_user_model.objects.create_user("nobody"))
        page = client.get(reverse("begin", args=["commitment", "opened"]))

        assert page.context["organisations"] == []
        assert page.content.decode().count("<h1") == 1

    def test_about_a_record_starts_at_the_record(self, client, applicant, law):
        client.force_login(applicant.user)
        assert client.get(reverse("begin", args=["repair", "opened"])).status_code == 404


class TestFollowing:
    def test_leads_from_the_closed_case_to_the_new_one(
        self, client, applicant, penalty, staff, office
    ):
        case = objects(applicant, penalty)
        client.force_login(applicant.user)
        page = reverse("follow", args=[case.reference, "again"])
        assert page not in client.get(reverse("case", args=[case.reference])).content.decode()
        assert client.get(page).status_code == 422
        Objection.objects.filter(pk=case.pk).update(closed_at=NOW, state="closed")

        assert page in client.get(reverse("case", args=[case.reference])).content.decode()
        told = {k: v for k, v in claim(applicant, on=NOW).items() if k != "evidence"}
        told |= {"evidence": SimpleUploadedFile("新证据.pdf", a_pdf())}
        opened = client.post(page, {**told, "new_evidence": "新取得的缴款书原件。"})
        assert opened.status_code == 302
        relation = Relation.objects.get(kind=Relation.Kind.FOLLOWS)
        assert relation.source_id == case.pk
        for one, other in ((relation.source, relation.target), (relation.target, relation.source)):
            shown = client.get(reverse("case", args=[one.reference])).content.decode()
            assert reverse("case", args=[other.reference]) in shown


class TestOpeningForAUnit:
    def test_goes_from_the_record_to_the_case(self, client, penalty, staff):
        client.force_login(staff["handler"].user)
        door = reverse("desk-open-door", args=["interview", "opened"])
        assert door in client.get(reverse("desk-open")).content.decode()
        (found,) = client.get(door, {"q": "0101"}).context["list"]["rows"]
        form = client.get(f"{door}{found['url']}")
        assert form.status_code == 200
        opened = client.post(f"{door}?record={penalty.pk}", GROUNDS)

        case = Interview.objects.get()
        assert opened.url == reverse("desk-case", args=[case.reference])
        assert client.get(opened.url).status_code == 200

    def test_about_an_organisation_finds_it_by_code_or_name(self, client, company, staff):
        client.force_login(staff["handler"].user)
        door = reverse("desk-open-door", args=["interview", "found"])
        assert client.get(door).context["list"]["rows"] == []
        for words in (company.credit_code.lower(), company.name[2:6]):
            (row,) = client.get(door, {"q": words}).context["list"]["rows"]
            assert client.get(f"{door}{row['url']}").status_code == 200

    @pytest.mark.parametrize("pointed", ["0", "x", "²", "9" * 30, "\0"])
    def test_about_no_record_is_told_so(self, client, penalty, staff, pointed):
        client.force_login(staff["handler"].user)
        door = reverse("desk-open-door", args=["interview", "opened"])

        assert client.get(door, {"record": pointed}).status_code == 404

    def test_keeps_the_answers_that_were_right(self, client, penalty, staff):
        client.force_login(staff["handler"].user)
        door = reverse("desk-open-door", args=["interview", "opened"])
        refused = client.post(f"{door}?record={penalty.pk}", {**GROUNDS, "reason": ""})

        assert refused.status_code == 422
        assert GROUNDS["fact"] in refused.content.decode()
        assert not Interview.objects.exists()

    def test_is_for_those_with_the_duty_alone(self, client, penalty, staff):
        client.force_login(staff["acceptor"].user)
        door = reverse("desk-open-door", args=["interview", "opened"])

        assert client.get(reverse("desk-open")).context["list"]["rows"] == []
        assert client.get(door).status_code == 403
        assert client.post(f"{door}?record={penalty.pk}", GROUNDS).status_code == 403

    def test_is_not_told_its_party_before_the_time(self, client, applicant, penalty, staff):
        client.force_login(staff["handler"].user)
        door = reverse("desk-open-door", args=["interview", "opened"])
        client.post(f"{door}?record={penalty.pk}", GROUNDS)
        case = Interview.objects.get()

        client.logout()
        client.force_login(applicant.user)
        client.cookies.pop("messages", None)
        assert case.reference not in client.get(reverse("cases")).content.decode()
        assert client.get(reverse("case", args=[case.reference])).status_code == 404


class TestASuspension:
    def test_names_the_case_it_comes_from_on_both_sides(
        self, client, applicant, penalty, staff, office
    ):
        screener = _caseworker(office, Duty.ACCEPTOR, "screener")
        repair = open_a_repair(applicant, penalty)
        walk(repair, "check:yes", {**staff, "applicant": applicant})
        objection = objects(applicant, penalty)
        screener.does("screen", objection, at=at("09-29", 16), screening="accept")
        related.run(at=at("09-29", 17))
        assert Case.objects.get(pk=repair.pk).suspended_at

        client.force_login(applicant.user)
        for one, other in ((repair, objection), (objection, repair)):
            page = client.get(reverse("case", args=[one.reference]))
            (tie,) = page.context["case"]["ties"]
            assert tie["reference"] == other.reference
            assert reverse("case", args=[other.reference]) in page.content.decode()
