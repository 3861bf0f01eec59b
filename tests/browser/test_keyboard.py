"""The counter clerk's work without a mouse, and the work of both sides without a script."""

import pytest
from playwright.sync_api import expect

from cases.repair.states import Repair, State
from tests.actors import a_pdf
from tests.browser.test_journeys import completes, fills_in, takes
from tests.conftest import TUESDAY

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const [at, look] = [document.activeElement, getComputedStyle(document.activeElement)];
  const box = at.getBoundingClientRect();
  const drawn = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const inside = box.width > 0 && box.top >= 0 && box.bottom <= innerHeight;
  return [drawn && inside, at.outerHTML.slice(0, 200)];
}"""


def tabs_to(visitor, target, most=60):
    """Press Tab until the target has the focus; on the way the focus is always in sight."""
    for _step in range(most):
        visitor.page.keyboard.press("Tab")
        seen, what = visitor.page.evaluate(FOCUS)
        assert seen, what
        if target.evaluate("(wanted) => wanted === document.activeElement"):
            return
    raise AssertionError(f"no way there by Tab: {target}")


def enters(visitor):
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


class TestTheClerk:
    def test_claims_and_completes_a_step_with_the_keyboard_alone(
        self, visit, applicant, penalty, staff
    ):
        applicant.applies(penalty, at=TUESDAY)
        clerk = visit(staff["clerk"].user)
        page = clerk.page
        clerk.opens("/desk/")

        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        tabs_to(clerk, page.get_by_role("main").get_by_role("link").first)
        enters(clerk)
        tabs_to(clerk, page.get_by_role("button", name=clerk.says("Claim")))
        enters(clerk)
        tabs_to(clerk, page.get_by_role("radio").first)
        page.keyboard.press("Space")
        tabs_to(clerk, page.get_by_role("button", name=clerk.says("Complete the step")))
        enters(clerk)

        assert Repair.objects.get().state == State.PUSHED
        clerk.reads(Repair.objects.get().reference)

    def test_needs_no_script(self, arrive, applicant, penalty, staff):
        applicant.applies(penalty, at=TUESDAY)
        clerk = arrive(staff["clerk"], java_script_enabled=False)
        takes(clerk, "Check the form")
        clerk.answers("Is the application complete in form?", "No")
        clerk.presses("Complete the step")
        clerk.is_told_no(422)
        clerk.fills("What is missing", "授权委托书")
        completes(clerk)

        assert Repair.objects.get().state == State.RETURNED


class TestTheApplicant:
    def test_needs_no_script(self, arrive, applicant, penalty, staff):
        wei = arrive(applicant, java_script_enabled=False)
        wei.opens(f"/records/{penalty.pk}/")
        wei.presses("Apply for credit repair")
        fills_in(wei)
        wei.presses("Submit the application")
        wei.is_told_no(422)
        wei.reads("缴款凭证.pdf")
        wei.fills("How was the breach put right?", "已缴清罚款并完成整改。")
        wei.hands_in("Proof of fulfilment", "整改报告.pdf", a_pdf())
        wei.presses("Submit the application")

        case = Repair.objects.get()
        wei.reads(case.query_code)
        wei.presses("To the case")
        wei.reads("缴款凭证.pdf")
        wei.reads("整改报告.pdf")
