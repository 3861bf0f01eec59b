"""A form filled in page by page: kept as a draft, looked over, handed in once."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.commitment.register import load_items
from cases.commitment.states import Commitment
from cases.objection.states import Objection
from cases.repair.states import Repair, State
from forms import drafts
from forms.models import Draft
from tests.actors import a_pdf, open_item
from tests.cases import commitment_walks, interview_walks
from tests.cases.commitment_walks import ITEMS, LEGAL, LICENCE, the_units
from tests.cases.objection_walks import claim, objects
from tests.conftest import SHANGHAI, _caseworker
from workflows import topics

NOW = dt.datetime(2026, 9, 29, 14, 2, tzinfo=SHANGHAI)
PASSWORD = "示例-correct-horse"
PAGES = ["fulfilment", "correction", "contact", "signature"]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026, two past two, from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def wei(client, applicant):
    client.force_login(applicant.user)
    return client


@pytest.fixture
def form(penalty):
    return reverse("apply", args=[penalty.pk, "repair"])


def answers_on(page, applicant, penalty):
    """Return what is filled in on one page of an application for repair."""
    told = applicant.answers(penalty, at=NOW)
    told["proof"] = SimpleUploadedFile("缴款凭证.pdf", a_pdf())
    asked = {
        "fulfilment": ("fulfilled_on", "receipt_number"),
        "correction": ("correction", "proof"),
        "contact": ("agent_name", "agent_phone", "served_electronically"),
        "signature": ("signer", "agreed", "commitment"),
    }
    return {name: told[name] for name in asked[page]}


def fills_in(client, form, applicant, penalty, pages=PAGES):
    for page in pages:
        told = answers_on(page, applicant, penalty)
        answer = client.post(f"{form}?page={page}", told)
        assert answer.status_code == 302, answer.content.decode()
    return answer


def is_review(page):
    return "applicant/review.html" in [template.name for template in page.templates]


def mark_in(page):
    """Return the hidden mark of the form in a page."""
    found = re.search(r'name="draft_of" value="([^"]+)"', page.content.decode())
    return found[1]


class TestAGuidedForm:
    def test_asks_one_group_a_page_and_hands_in_after_the_review(
        self, wei, applicant, penalty, form, staff
    ):
        first = wei.get(form)
        page = first.content.decode()
        assert first.context["group"].name == "fulfilment"
        assert page.count("<h1") == 1
        assert page.count('aria-current="step"') == 1
        assert 'name="agent_name"' not in page
        to = fills_in(wei, form, applicant, penalty)

        review = wei.get(to.url)
        told = review.content.decode()
        assert to.url == f"{form}?page=review"
        for said in ("2026年7月1日", "已缴清罚款并完成整改。", "缴款凭证.pdf", "韦示例"):
            assert said in told
        for group in PAGES:
            assert f"{form}?page={group}&amp;then=review" in told
        assert not Repair.objects.exists()
        done = wei.post(to.url, follow=True)

        case = Repair.objects.get()
        assert case.query_code in done.content.decode()
        assert case.agent_name == "韦示例"
        assert case.served_electronically
        assert not Draft.objects.exists()

    def test_shows_on_the_review_the_text_that_is_signed(self, wei, applicant, penalty, form):
        to = fills_in(wei, form, applicant, penalty)
        told = wei.get(to.url)
        kept = Draft.objects.get().answers["commitment"]

        assert kept == [told.context["form"].fields["commitment"].shown]
        assert kept[0] in told.content.decode()
        assert told.context["form"].text_version == "1"

    def test_says_on_its_page_what_is_wrong_and_keeps_what_was_typed(
        self, wei, applicant, penalty, form
    ):
        told = answers_on("fulfilment", applicant, penalty) | {"fulfilled_on": "2026-12-24"}
        refused = wei.post(f"{form}?page=fulfilment", told)

        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {"fulfilled_on"}
        assert "error-summary" in refused.content.decode()
        assert "2026-12-24" in wei.get(form).content.decode()

    def test_goes_back_without_asking_whether_it_is_right(self, wei, form):
        back = wei.post(f"{form}?page=correction", {"correction": "整改", "go": "back"})

        assert back.url == f"{form}?page=fulfilment"
        assert Draft.objects.get().answers["correction"] == ["整改"]

    def test_can_be_left_and_gone_on_with_from_the_start_page(self, wei, applicant, penalty, form):
        fills_in(wei, form, applicant, penalty, PAGES[:1])
        left = wei.post(f"{form}?page=correction", {"correction": "整改", "go": "leave"})
        assert left.url == reverse("home")

        for page in ("home", "cases"):
            (draft,) = wei.get(reverse(page)).context["drafts"]
            assert draft["url"] == form
            assert draft["title"] == "申请信用修复"
            assert draft["matter"] == penalty.document_number
        again = wei.get(draft["url"])
        assert again.context["group"].name == "correction"
        assert "整改" in again.content.decode()
        gone = wei.post(draft["drop_url"])
        assert gone.url == reverse("home")
        assert wei.get(reverse("home")).context["drafts"] == []

    def test_leads_from_the_review_to_the_first_page_that_is_wrong(
        self, wei, applicant, penalty, form
    ):
        fills_in(wei, form, applicant, penalty, ["fulfilment", "contact", "signature"])
        led = wei.get(f"{form}?page=review", follow=True)

        assert led.context["group"].name == "correction"
        assert set(led.context["form"].errors) == {"correction", "proof"}
        right = wei.post(led.context["action"], answers_on("correction", applicant, penalty))
        assert right.url == f"{form}?page=review"

    def test_shows_the_page_of_the_first_error_if_it_is_refused_in_the_end(
        self, wei, applicant, penalty, form
    ):
        fills_in(wei, form, applicant, penalty)
        stale = Draft.objects.get()
        stale.answers["commitment"] = ["0" * 64]
        stale.save()
        refused = wei.post(f"{form}?page=review")

        assert refused.status_code == 422
        assert refused.context["group"].name == "signature"
        assert "error-summary" in refused.content.decode()
        assert Draft.objects.exists()
        assert not Repair.objects.exists()

    def test_is_somebody_elses_business_to_nobody(self, wei, applicant, penalty, form):
        fills_in(wei, form, applicant, penalty, PAGES[:1])
        draft = Draft.objects.get()
        other = Client()
        other.force_login(_caseworker_of(penalty).user)

        assert other.post(reverse("draft-drop", args=[draft.pk])).status_code == 404
        assert other.get(form).status_code == 404
        assert Draft.objects.exists()

    @pytest.mark.parametrize("page", [*PAGES, "review", "nonsense", ""])
    def test_stays_within_twelve_queries(
        self, page, wei, applicant, penalty, form, django_assert_max_num_queries
    ):
        fills_in(wei, form, applicant, penalty)
        with django_assert_max_num_queries(12):
            assert wei.get(f"{form}?page={page}").status_code == 200

    def test_fills_in_what_the_person_said_before(self, wei, applicant, penalty, form):
        assert "泉小姐" not in wei.get(f"{form}?page=contact").content.decode()
        other = _like(penalty)
        objects(applicant, other, on=NOW, agent_name="泉小姐", agent_phone="0531-11111111")
        page = wei.get(f"{form}?page=contact").content.decode()

        assert "泉小姐" in page
        assert "0531-11111111" in page
        colleague = _caseworker_of(penalty).user
        assert topics.said_before(colleague, penalty.subject, ["agent_name"]) == {}

    def test_takes_nonsense_without_failing(self, wei, form):
        for body in ({"correction": "a\0b"}, {"proof": "9" * 40}, {"go": "up"}, {}):
            assert wei.post(f"{form}?page=correction", body).status_code in {302, 422}
        assert wei.post(f"{form}?page=" + "x" * 400, {}).status_code == 422


class TestAConditionalPage:
    def test_is_asked_for_when_its_condition_holds(self, wei, applicant, penalty):
        form = reverse("apply", args=[penalty.pk, "objection"])
        told = claim(applicant, on=NOW)
        matter = {name: told[name] for name in ("flaw", "disputed", "wanted")}
        assert wei.post(f"{form}?page=matter", matter).url == f"{form}?page=value"
        page = wei.get(f"{form}?page=value").content.decode()
        assert "可不填" not in page.partition("<main")[2].partition("</form>")[0]
        refused = wei.post(f"{form}?page=value", {"claimed_value": ""})
        assert refused.status_code == 422
        matter["wanted"] = "remove"
        assert wei.post(f"{form}?page=matter", matter).url == f"{form}?page=grounds"
        assert wei.get(f"{form}?page=value").context["group"].name == "matter"

    def test_passed_over_hands_nothing_in(self, wei, applicant, penalty, staff):
        form = reverse("apply", args=[penalty.pk, "objection"])
        told = claim(applicant, on=NOW)
        wei.post(f"{form}?page=value", {"claimed_value": "2000"})
        told |= {"wanted": "remove"}
        told.pop("claimed_value")
        wei.post(form, told)

        assert Objection.objects.get().claimed_value == ""


class TestACommitment:
    @pytest.fixture
    def listed(self, office):
        the_units()
        load_items(ITEMS)

    def test_is_applied_for_and_signed_page_by_page(self, wei, applicant, listed):
        begin = f"{reverse('begin', args=['commitment', 'opened'])}?item={LICENCE}"
        form = wei.get(begin)
        for answers in (
            {"address": "示例路1号", "legal_representative": LEGAL},
            {"agent_name": "韦示例", "agent_phone": "0531-00000000"},
            {"agent_authority": "示例授权〔2026〕1号"},
        ):
            form = wei.post(form.context["action"], answers, follow=True)
            assert form.context["form"].errors == {}
        assert form.context["group"].name == "materials"
        names = [m.key for m in form.context["form"].fields["materials"].materials.values()]
        files = {f"materials:{n}": SimpleUploadedFile(f"{n}.pdf", a_pdf()) for n in names}
        review = wei.post(form.context["action"], files, follow=True)
        assert is_review(review)
        wei.post(review.context["action"])

        case = Commitment.objects.get()
        assert case.agent_authority == "示例授权〔2026〕1号"
        self.is_signed(wei, applicant, case)

    @pytest.mark.parametrize("page", ["organisation", "contact", "materials"])
    def test_stays_within_twelve_queries(
        self, page, wei, listed, django_assert_max_num_queries, company
    ):
        begin = reverse("begin", args=["commitment", "opened"])
        address = f"{begin}?org={company.credit_code}&item={LICENCE}&page={page}"
        with django_assert_max_num_queries(12):
            assert wei.get(address).status_code == 200

    def is_signed(self, wei, applicant, case):
        staff = commitment_walks.the_staff()
        commitment_walks.walk(case, "examine:inform", staff, since=NOW)
        asked = reverse("asked", args=[open_item(case, "sign").pk])
        said = commitment_walks.signature(applicant, case, NOW)
        page = wei.get(asked)
        asks = [
            ["choice"],
            ["conditions_met"],
            [*(f"statement_{n}" for n in range(1, 6)), "commitment"],
            ["signer", "signer_is", "seal"],
        ]
        for names in asks:
            page = wei.post(page.context["action"], {n: said[n] for n in names}, follow=True)
        assert is_review(page)
        assert said["commitment"] in page.content.decode()
        wei.post(page.context["action"])

        assert Commitment.objects.get().signed_hash == said["commitment"]

    def test_declined_asks_for_nothing_more(
        self, wei, applicant, listed, django_assert_max_num_queries
    ):
        case = commitment_walks.applies(applicant, on=NOW)
        commitment_walks.walk(case, "examine:inform", commitment_walks.the_staff(), since=NOW)
        asked = reverse("asked", args=[open_item(case, "sign").pk])
        with django_assert_max_num_queries(12):
            wei.get(asked)
        page = wei.post(f"{asked}?page=choice", {"choice": "decline"}, follow=True)
        assert is_review(page)
        done = wei.post(page.context["action"])

        assert done.url == reverse("case", args=[case.reference])
        assert commitment_walks.state_of(case) == "general"


class TestWhatIsNotPossibleYet:
    def test_is_told_before_anything_is_filled_in(self, wei, penalty, form):
        penalty.decided_on = dt.date(2026, 8, 1)
        penalty.save()
        told = wei.get(form)
        page = told.content.decode()

        assert told.status_code == 422
        assert "2026年11月2日" in page
        assert "<textarea" not in page
        assert told.context["offer"]["basis"] in page
        assert reverse("record", args=[penalty.pk]) in page
        assert wei.post(form, {}).status_code == 422

    def test_names_the_case_that_is_open_already(self, wei, applicant, penalty, form, staff):
        case = applicant.applies(penalty, at=NOW)
        told = wei.get(form)

        assert told.status_code == 409
        assert reverse("case", args=[case.reference]) in told.content.decode()

    @pytest.mark.parametrize("ask", ["get", "post"])
    def test_is_told_to_who_turns_back_to_the_last_page_after_handing_in(
        self, wei, applicant, penalty, form, staff, ask
    ):
        applicant.applies(penalty, at=NOW)

        assert getattr(wei, ask)(f"{form}?page=review").status_code == 409


class TestAnInterview:
    def test_is_reported_on_point_by_point(self, wei, applicant, penalty, staff, office, bureau):
        cast = {**staff, "applicant": applicant}
        cast["recorder"] = _caseworker(bureau, "handler", "recorder")
        case = interview_walks.open_an_interview(staff["handler"], penalty)
        interview_walks.walk(case, interview_walks.ORDERED, cast)
        asked = reverse("asked", args=[open_item(case, "rectify").pk])
        page = wei.get(asked)

        assert set(page.context["form"].fields) == {"done_1", "how_1", "done_2", "how_2"}
        told = interview_walks.ANSWERS["rectify:done"]
        assert wei.post(f"{asked}?page=points", told).url == f"{asked}?page=proof"


class TestASupplement:
    @pytest.fixture
    def asked(self, applicant, penalty, staff):
        case = applicant.applies(penalty, at=NOW)
        told = {"form_complete": "False", "missing": "授权委托书\n\n整改照片（三张）"}
        staff["clerk"].does("check", case, at=NOW, **told)
        return reverse("asked", args=[open_item(case, "redo").pk])

    def test_is_asked_for_item_by_item(self, wei, asked):
        page = wei.get(asked)
        assert list(page.context["form"].fields) == ["proof", "item_1", "item_2", "supplement_note"]
        refused = wei.post(asked, {"item_1": "已补", "supplement_note": ""})
        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {"item_2"}
        photos = SimpleUploadedFile("照片.pdf", a_pdf())
        done = wei.post(asked, {"item_1": "原件已寄出", "proof:2": photos}, follow=True)

        case = Repair.objects.get()
        assert done.status_code == 200
        assert case.state == State.RECEIVED
        assert case.supplement_note == "1. 授权委托书: 原件已寄出"

    def test_may_be_answered_as_a_whole(self, wei, asked):
        wei.post(asked, {"supplement_note": "都补齐了。"})

        assert Repair.objects.get().supplement_note == "都补齐了。"


class TestADraft:
    def test_is_saved_while_one_types(self, wei, applicant, form):
        mark = mark_in(wei.get(form))
        typed = {"draft_of": mark, "receipt_number": "示例-1", "agent_name": "别页"}
        saved = wei.post(reverse("draft-save"), typed)

        assert "14:02" in saved.json()["saved"]
        draft = drafts.read(applicant.user, form)
        assert draft.answers["receipt_number"] == ["示例-1"]
        assert "agent_name" not in draft.answers, "it is not asked on this page"
        assert draft.page == "fulfilment"

    def test_is_not_saved_under_a_mark_that_is_not_ours_or_anothers(self, wei, penalty, form):
        mark = mark_in(wei.get(form))
        for false in ("", "nonsense", f"{mark}x"):
            assert wei.post(reverse("draft-save"), {"draft_of": false}).status_code == 404
        other = Client()
        other.force_login(_caseworker_of(penalty).user)
        assert other.post(reverse("draft-save"), {"draft_of": mark}).status_code == 404
        assert not Draft.objects.exists()

    def test_of_a_step_is_there_again_for_its_owner(self, client, applicant, penalty, staff):
        case = applicant.applies(penalty, at=NOW)
        staff["clerk"].claims("check", case, at=NOW)
        client.force_login(staff["clerk"].user)
        step = reverse("work", args=[open_item(case, "check").pk])
        typed = {"form_complete": "False", "missing": "授权委托书"}
        client.post(reverse("draft-save"), {"draft_of": mark_in(client.get(step)), **typed})

        page = client.get(step)
        assert "14:02" in page.content.decode()
        assert "授权委托书" in page.content.decode()
        assert client.post(page.context["draft"]["drop_url"], {"anew": "yes"}).url == step
        assert "授权委托书" not in client.get(step).content.decode()

    def test_of_a_step_goes_when_the_step_is_done(self, client, applicant, penalty, staff):
        case = applicant.applies(penalty, at=NOW)
        staff["clerk"].claims("check", case, at=NOW)
        client.force_login(staff["clerk"].user)
        step = reverse("work", args=[open_item(case, "check").pk])
        mark = mark_in(client.get(step))
        client.post(reverse("draft-save"), {"draft_of": mark, "form_complete": "True"})
        client.post(step, {"draft_of": mark, "form_complete": "True"})

        assert Repair.objects.get().state == State.PUSHED
        assert not Draft.objects.exists()


class TestAnExpiredSession:
    @pytest.fixture
    def person(self, applicant):
        applicant.user.set_password(PASSWORD)
        applicant.user.save()
        return applicant.user

    def ends(self, client):
        """Forget the session on the server; the browser still has its cookies."""
        client.session.flush()

    def signs_in(self, client, user, to=""):
        told = {"login": user.username, "password": PASSWORD, "next": to}
        return client.post(f"{reverse('account_login')}", told, follow=True)

    def typed(self, client, form):
        """Type on the first page, and press Next when the session has ended meanwhile."""
        mark = mark_in(client.get(form))
        self.ends(client)
        told = {"draft_of": mark, "receipt_number": "示例-0001", "fulfilled_on": "2026-07-01"}
        return client.post(f"{form}?page=fulfilment", told)

    def test_loses_no_typed_text(self, person, wei, form):
        led = self.typed(wei, form)
        assert led.status_code == 302
        assert led.url.startswith(reverse("account_login"))
        assert not Draft.objects.exists()
        again = self.signs_in(wei, person, to=form)

        assert again.request["PATH_INFO"] == form
        assert "示例-0001" in again.content.decode()
        assert Draft.objects.get().writer == person

    def test_gives_nothing_to_whoever_signs_in_next(self, person, wei, form, penalty):
        self.typed(wei, form)
        other = _caseworker_of(penalty).user
        other.set_password(PASSWORD)
        other.save()
        assert "示例-0001" not in self.signs_in(wei, other).content.decode()
        wei.post(reverse("account_logout"))
        self.signs_in(wei, person, to=form)

        assert not Draft.objects.exists()

    def test_keeps_what_was_saved_while_typing_too(self, person, wei, form):
        mark = mark_in(wei.get(form))
        self.ends(wei)
        led = wei.post(reverse("draft-save"), {"draft_of": mark, "receipt_number": "示例-0002"})
        assert led.status_code == 302
        assert "示例-0002" in self.signs_in(wei, person, to=form).content.decode()

    def test_still_protects_against_forged_requests(self, applicant, person, form, penalty):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(person)
        page = strict.get(form)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
        self.ends(strict)
        told = {"draft_of": mark_in(page), "receipt_number": "示例-0003"}

        assert strict.post(f"{form}?page=fulfilment", told).status_code == 403
        told["csrfmiddlewaretoken"] = token
        assert strict.post(f"{form}?page=fulfilment", told).status_code == 302

    def test_keeps_the_text_of_whoever_signed_in_again_in_another_tab(self, person, form):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(person)
        page = strict.get(form)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
        strict.force_login(person)
        strict.cookies["csrftoken"] = "n" * 32
        told = {"draft_of": mark_in(page), "receipt_number": "示例-0004"}
        led = strict.post(f"{form}?page=fulfilment", {**told, "csrfmiddlewaretoken": token})

        assert led.url == form
        assert "示例-0004" in strict.get(form).content.decode()


def _caseworker_of(penalty):
    from accounts.models import Unit

    return _caseworker(Unit.objects.get(credit_code=penalty.authority_code), "reviewer", "other")


def _like(penalty):
    told = {field.name: getattr(penalty, field.name) for field in penalty._meta.fields}
    told |= {"id": None, "document_number": "济阳城管罚决字〔2026〕第0303号（示例）"}
    return type(penalty).objects.create(**told)
