"""The counter by its pages: found, opened with a reason, entered, and given a receipt."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Duty
from cases.commitment.register import load_items
from cases.commitment.states import Commitment
from cases.objection.states import Objection
from cases.repair.states import Repair, State
from records.models import Alias, Subject
from tests.actors import a_pdf, open_item
from tests.cases.commitment_walks import ITEMS, LICENCE, the_units
from tests.cases.objection_walks import claim, objects
from tests.conftest import COMPANY, _caseworker
from tests.workflows.visits import CAME, AtTheCounter
from tests.workflows.walks import APPLIED, at, open_a_repair, walk
from workflows import audit, reception
from workflows.models import Channel, Entry

NOW = at("09-29", 9)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk.user)
    return client


@pytest.fixture
def opened(desk, clerk, company):
    """The desk of a clerk who has looked the company up."""
    reception.look_up(company.credit_code, by=clerk.user, reason="apply", at=NOW)
    return desk


def organisation():
    return reverse("counter-organisation", args=[COMPANY])


def enter(kind, door="opened", **about):
    address = reverse("counter-enter", args=[COMPANY, kind, door])
    pointed = "&".join(f"{name}={value}" for name, value in about.items())
    return f"{address}?{pointed}" if pointed else address


def came(**changed):
    papers = SimpleUploadedFile("授权委托书.pdf", a_pdf())
    return {**CAME, "visitor_papers": papers, **changed}


def repair(clerk, penalty, **changed):
    answers = AtTheCounter(clerk.user).answers(penalty, at=NOW)
    proof = SimpleUploadedFile("缴款凭证.pdf", a_pdf())
    return {**answers, **came(), "proof": proof, **changed}


class TestFinding:
    def test_is_by_code_name_or_former_name(self, desk, company):
        Alias.objects.create(
            subject=company, kind=Alias.Kind.FORMER_NAME, value="老字号建安（示例）"
        )
        for words in (COMPANY.lower(), company.name[2:6], "老字号建安"):
            page = desk.get(reverse("counter"), {"q": words})
            assert company.name in page.content.decode()

    def test_tells_what_was_read_differently(self, desk, company):
        page = desk.get(reverse("counter"), {"q": f"{COMPANY[:-1]}Q"})

        assert page.context["found"].remarks
        assert page.context["found"].remarks[0] in page.content.decode()

    @pytest.mark.parametrize("words", ["", "黄", "\0\0", "没有这一家", "x" * 500])
    def test_finds_nothing_by_less_than_two_characters_or_by_nonsense(self, desk, company, words):
        page = desk.get(reverse("counter"), {"q": words})

        assert page.status_code == 200
        assert company.name not in page.content.decode()

    def test_opens_the_organisation_with_a_reason(self, desk, company):
        assert desk.get(organisation()).status_code == 404
        assert desk.post(reverse("counter"), {"code": COMPANY}).status_code == 422
        opened = desk.post(reverse("counter"), {"code": COMPANY, "reason": "apply"})

        assert opened.url == organisation()
        assert desk.get(organisation()).status_code == 200
        assert Entry.objects.get(kind="looked_up").detail == {"reason": "apply"}

    def test_of_an_unknown_code_is_told_so(self, desk, law):
        asked = {"code": "91370115MA0000000X", "reason": "apply"}
        assert desk.post(reverse("counter"), asked).status_code == 404

    def test_is_for_clerks_of_the_credit_office_alone(self, client, bureau, staff, company):
        elsewhere = _caseworker(bureau, Duty.COUNTER, "elsewhere")
        for person in (staff["acceptor"], staff["office_handler"], elsewhere):
            client.force_login(person.user)
            refused = client.get(reverse("counter"))
            assert refused.status_code == 403
            assert reverse("counter") not in client.get(reverse("desk")).content.decode()
        client.force_login(staff["clerk"].user)
        assert reverse("counter") in client.get(reverse("desk")).content.decode()


class TestAnOrganisation:
    def test_shows_what_can_be_asked_for_from_when_and_why_not(self, opened, penalty):
        page = opened.get(organisation())
        (record,) = page.context["list"]["rows"]
        told = {offer["title"]: offer["url"] for offer in record["offers"]}

        assert len(told) == 3
        for kind, door in (
            ("repair", "opened"),
            ("repair", "reorganised"),
            ("objection", "opened"),
        ):
            assert enter(kind, door, record=penalty.pk) in told.values()
        assert enter("commitment") in page.content.decode()

    def test_says_from_which_day_where_it_is_too_early(self, opened, penalty):
        penalty.decided_on = dt.date(2026, 8, 1)
        with audit.act(by=None, at=NOW):
            penalty.save()
        page = opened.get(organisation())
        assert "2026-11-02" in page.content.decode()
        assert enter("repair", record=penalty.pk) not in page.content.decode()
        assert opened.get(enter("repair", record=penalty.pk)).status_code == 422

    def test_shows_its_cases_and_what_is_asked_of_it(self, opened, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        walk(case, "check:no", staff)
        page = opened.get(organisation()).content.decode()

        assert case.reference in page
        assert reverse("counter-asked", args=[open_item(case, "redo").pk]) in page
        assert reverse("counter-withdraw", args=[case.reference]) in page

    def test_asks_the_database_little(
        self, opened, applicant, penalty, staff, django_assert_max_num_queries
    ):
        walk(open_a_repair(applicant, penalty), "check:no", staff)
        with django_assert_max_num_queries(12):
            opened.get(organisation())


class TestEntering:
    def test_opens_the_same_case_and_prints_its_receipt(self, opened, clerk, penalty):
        page = enter("repair", record=penalty.pk)
        assert opened.get(page).status_code == 200
        done = opened.post(page, repair(clerk, penalty))

        case = Repair.objects.get()
        assert done.url == reverse("counter-receipt", args=[case.reference])
        receipt = opened.get(done.url).content.decode()
        for told in (case.reference, case.query_code, "缴款凭证.pdf", "授权委托书.pdf", "来示例"):
            assert told in receipt
        assert "Case number" in receipt
        assert "<svg" in receipt
        assert case.came_in == Channel.COUNTER

    def test_asks_for_both_forms_again_and_keeps_what_was_right(self, opened, clerk, penalty):
        page = enter("repair", record=penalty.pk)
        wrong = repair(clerk, penalty, visitor_name="", correction="")
        refused = opened.post(page, wrong)

        assert refused.status_code == 422
        assert list(refused.context["visitor"].errors) == ["visitor_name"]
        assert list(refused.context["form"].errors) == ["correction"]
        assert "缴款凭证.pdf" in refused.content.decode()
        assert CAME["visitor_authority"] in refused.content.decode()
        assert not Repair.objects.exists()

    def test_prints_the_text_to_be_signed(self, opened, penalty):
        page = opened.get(enter("repair", record=penalty.pk, text=1))

        form = page.context["form"]
        assert form.text.split("\n")[0] in page.content.decode()
        assert form["commitment"].initial in page.content.decode()

    def test_of_an_objection_needs_no_scan_from_a_representative(self, opened, clerk, penalty):
        told = claim(AtTheCounter(clerk.user), on=NOW)
        told |= {**came(visitor_capacity="representative"), "visitor_papers": ""}
        done = opened.post(enter("objection", record=penalty.pk), told)

        assert done.status_code == 302
        assert Objection.objects.get().came_in == Channel.COUNTER

    def test_asks_what_a_commitment_is_about_and_then_for_the_answers(self, opened, office):
        the_units()
        load_items(ITEMS)
        chosen = opened.get(enter("commitment"))
        assert f"?item={LICENCE}" in chosen.content.decode()
        assert opened.get(enter("commitment", item=LICENCE)).status_code == 200
        assert opened.post(enter("commitment", item=LICENCE), came()).status_code == 422
        assert not Commitment.objects.exists()

    @pytest.mark.parametrize(
        "path",
        [
            "repair/opened/?record=0",
            "repair/opened/?record=999999999999999999999",
            "repair/opened/?record=%00",
            "repair/expired/?record=1",
            "repair/none/",
            "nonsense/opened/",
            "objection/again/?source=YY-2026-999999",
            "interview/opened/?record=1",
        ],
    )
    def test_of_what_is_not_there_is_told_so(self, opened, penalty, path):
        assert opened.get(f"{organisation()}{path}").status_code == 404
        assert opened.post(f"{organisation()}{path}", CAME).status_code == 404

    def test_of_another_organisations_record_is_not_possible(self, opened, penalty, office):
        other = Subject.objects.create(credit_code="91370115MA0000000X", name="他人（示例）")
        with audit.act(by=None, at=NOW):
            penalty.subject = other
            penalty.save()
        assert opened.get(enter("repair", record=penalty.pk)).status_code == 404

    def test_follows_an_earlier_case(self, opened, clerk, applicant, penalty):
        case = objects(applicant, penalty)
        Objection.objects.filter(pk=case.pk).update(closed_at=NOW, state="closed")
        page = enter("objection", "again", source=case.reference)

        assert page in opened.get(organisation()).content.decode().replace("&amp;", "&")
        assert opened.get(page).status_code == 200


class TestHandingIn:
    def test_goes_on_with_the_case(self, opened, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        walk(case, "check:no", staff)
        page = reverse("counter-asked", args=[open_item(case, "redo").pk])
        asked = opened.get(page)
        assert "缺少授权委托书" in asked.content.decode()
        assert opened.post(page, came(supplement_note="")).status_code == 422
        done = opened.post(page, came(supplement_note="已补齐。"))

        assert Repair.objects.get().state == State.RECEIVED
        receipt = opened.get(done.url).content.decode()
        assert "授权委托书.pdf" in receipt
        assert opened.get(page).status_code == 404

    def test_is_only_for_what_the_clerk_has_looked_up(self, desk, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        walk(case, "check:no", staff)
        item = open_item(case, "redo").pk

        assert desk.get(reverse("counter-asked", args=[item])).status_code == 404
        assert desk.get(reverse("counter-receipt", args=[case.reference])).status_code == 404
        assert desk.get(reverse("counter-withdraw", args=[case.reference])).status_code == 404


class TestWithdrawing:
    def test_takes_the_letter_and_ends_the_case(self, opened, applicant, penalty):
        case = open_a_repair(applicant, penalty)
        page = reverse("counter-withdraw", args=[case.reference])
        assert opened.get(page).status_code == 200
        assert opened.post(page, CAME).status_code == 422
        done = opened.post(page, came())

        assert Repair.objects.get().state == State.WITHDRAWN
        assert "授权委托书.pdf" in opened.get(done.url).content.decode()

    def test_of_a_decided_case_is_refused(self, opened, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        walk(case, "check:yes examine:accept verify:good decide:grant", staff)
        assert (
            opened.post(reverse("counter-withdraw", args=[case.reference]), came()).status_code
            == 409
        )

    def test_is_not_asked_for_where_it_is_too_late(self, opened, applicant, penalty):
        case = open_a_repair(applicant, penalty)
        page = reverse("counter-withdraw", args=[case.reference])
        opened.post(page, came())

        assert opened.get(page).status_code == 409


class TestAReceipt:
    def test_is_of_what_came_in_at_the_counter_alone(self, opened, applicant, penalty):
        case = open_a_repair(applicant, penalty)
        assert opened.get(reverse("counter-receipt", args=[case.reference])).status_code == 404

    @pytest.mark.parametrize("seq", ["0", "x", "99999999999999999999", "²"])
    def test_with_a_senseless_number_is_no_fault(self, opened, clerk, penalty, seq):
        case = AtTheCounter(clerk.user).enters(penalty, at=APPLIED)
        page = opened.get(reverse("counter-receipt", args=[case.reference]), {"entry": seq})
        assert page.status_code in (200, 404)
