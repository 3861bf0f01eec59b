"""What one types is kept: while one types, on another device, and when the session has ended."""

import pytest
from playwright.sync_api import expect

from forms.models import Draft
from tests.browser.conftest import PASSWORD
from tests.browser.test_keyboard import enters, tabs_to

pytestmark = pytest.mark.browser
LONG = 20_000


def types(visitor, penalty):
    """Type on the first page of an application and wait until that is kept."""
    visitor.opens(f"/records/{penalty.pk}/apply/repair/")
    visitor.fills("Payment receipt number", "示例-0001")
    state = visitor.page.locator(".draft-state")
    expect(state).to_contain_text("15:00", timeout=LONG)


class TestADraft:
    def test_keeps_itself_and_is_gone_on_with_elsewhere(self, visit, applicant, penalty):
        types(visit(applicant.user), penalty)
        phone = visit(applicant.user, width=360)
        phone.opens("/")
        phone.reads("Continue your draft")
        phone.page.get_by_role("link", name=phone.says("Apply for credit repair")).first.click()

        expect(phone.field("Payment receipt number")).to_have_value("示例-0001")

    def test_loses_nothing_when_the_page_is_read_in_the_other_language(
        self, visit, applicant, penalty
    ):
        wei = visit(applicant.user)
        wei.opens(f"/records/{penalty.pk}/apply/repair/?page=fulfilment")
        wei.fills("Payment receipt number", "示例-0001")
        wei.page.get_by_role("button", name="English").click()

        expect(wei.page.locator("html")).to_have_attribute("lang", "en")
        expect(wei.page.get_by_label("Payment receipt number")).to_have_value("示例-0001")

    def test_says_when_it_could_not_be_kept_and_tries_again(self, visit, applicant, penalty):
        wei = visit(applicant.user)
        wei.page.clock.install()
        wei.page.route("**/drafts/", lambda route: route.fulfill(status=503))
        wei.opens(f"/records/{penalty.pk}/apply/repair/")
        wei.fills("Payment receipt number", "示例-0001")
        state = wei.page.locator(".draft-state")
        wei.page.clock.fast_forward("00:05")
        expect(state).to_have_text(state.get_attribute("data-failed"))
        wei.page.unroute("**/drafts/")
        wei.complaints.clear()

        wei.page.clock.fast_forward("00:30")
        expect(state).to_contain_text("15:00")
        assert Draft.objects.get().answers["receipt_number"] == ["示例-0001"]


class TestAnExpiredSession:
    def test_loses_no_text(self, arrive, applicant, penalty):
        wei = arrive(applicant)
        wei.opens(f"/records/{penalty.pk}/apply/repair/")
        wei.fills("Payment receipt number", "示例-0001")
        wei.fills("When was the penalty fulfilled?", "2026-07-01")
        cookies = [c for c in wei.context.cookies() if c["name"] != "sessionid"]
        wei.context.clear_cookies()
        wei.context.add_cookies(cookies)
        wei.presses("Next")
        wei.fills(wei.page.locator("#id_login"), applicant.user.username)
        wei.fills(wei.page.locator("#id_password"), PASSWORD)
        wei.presses("Sign in", within=wei.page.get_by_role("main"))

        expect(wei.field("Payment receipt number")).to_have_value("示例-0001")
        expect(wei.field("When was the penalty fulfilled?")).to_have_value("2026-07-01")


class TestAGuidedForm:
    def test_is_filled_in_with_the_keyboard_alone(self, visit, applicant, penalty):
        wei = visit(applicant.user)
        wei.opens(f"/records/{penalty.pk}/apply/repair/?page=contact")
        page = wei.page
        tabs_to(wei, wei.field("Contact person"))
        page.keyboard.type("韦示例")
        tabs_to(wei, page.get_by_role("button", name=wei.says("Next")))
        enters(wei)
        wei.is_told_no(422)
        expect(page.get_by_role("alert")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(wei.field("Contact telephone")).to_be_focused()
        page.keyboard.type("0531-00000000")
        enters(wei)

        expect(page.locator("h1")).to_have_text(wei.says("Read and sign the commitment"))
        expect(page.locator("[aria-current=step]")).to_have_count(1)
