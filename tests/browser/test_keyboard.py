"""The work of every side without a mouse, and that of two of them without a script."""

import pytest
from playwright.sync_api import expect

from cases.repair.states import Repair, State
from tests.actors import a_pdf
from tests.browser.test_journeys import completes, hands_in_proof, signs, takes, tells_when
from tests.conftest import TUESDAY
from workflows.models import Urging

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const [at, look] = [document.activeElement, getComputedStyle(document.activeElement)];
  const box = at.getBoundingClientRect();
  // The button of a field for a day is the browser's own and wears its ring inside the field.
  const inner = at.type === "date" && !at.matches(":focus");
  const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const drawn = ring || inner;
  const inside = box.width > 0 && box.top >= 0 && box.bottom <= innerHeight;
  const where = `${look.outline} at ${box.top} to ${box.bottom} of ${innerHeight}`;
  return [drawn && inside, `${where}: ${at.outerHTML.slice(0, 200)}`];
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


def follows(visitor, target, most=60):
    """Come to a link or a button by Tab and follow it."""
    tabs_to(visitor, target, most)
    enters(visitor)


def types_a_day(visitor, field, day):
    """Type a day into a field; which of its parts comes first is the browser's affair."""
    tabs_to(visitor, field)
    year, month, date = day.split("-")
    for typed in (month + date + year, year + month + date):
        visitor.page.keyboard.type(typed)
        if field.input_value() == day:
            return
        visitor.page.keyboard.press("Shift+Tab")
        tabs_to(visitor, field)
    raise AssertionError(field.input_value())


def chooses_a_file(visitor, field):
    """Open the browser's own dialog with the space bar and choose a file there."""
    tabs_to(visitor, field)
    with visitor.page.expect_file_chooser() as asked:
        visitor.page.keyboard.press("Space")
    told = {"name": "缴款凭证.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    asked.value.set_files(told)
    expect(visitor.page.locator(".files-kept .file-line")).to_have_count(1)


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
        tells_when(wei)
        hands_in_proof(wei)
        wei.reads("缴款凭证.pdf")
        wei.fills("How was the breach put right?", "已缴清罚款并完成整改。")
        wei.hands_in("Proof of fulfilment", "整改报告.pdf", a_pdf())
        wei.presses("Next")
        signs(wei)
        wei.presses("Submit the application")

        case = Repair.objects.get()
        wei.reads(case.query_code)
        wei.presses("To the case")
        wei.reads("缴款凭证.pdf")
        wei.reads("整改报告.pdf")

    def test_goes_from_the_start_page_to_the_receipt_with_the_keyboard_alone(
        self, visit, applicant, penalty, staff
    ):
        wei = visit(applicant.user)
        page, keys = wei.page, wei.page.keyboard
        onward = page.get_by_role("button", name=wei.says("Next"))
        wei.opens("/")
        follows(wei, page.get_by_role("link", name=wei.says("See my records")))
        follows(wei, page.get_by_role("link", name=penalty.document_number, exact=True))
        apply = page.get_by_role("link", name=wei.says("Apply for credit repair"))
        follows(wei, apply.first)
        types_a_day(wei, page.locator("#id_fulfilled_on"), "2026-07-01")
        follows(wei, onward)
        tabs_to(wei, page.locator("#id_correction"))
        keys.type("已缴清罚款并完成整改。")
        chooses_a_file(wei, page.locator("input[type=file]").first)
        follows(wei, onward)
        tabs_to(wei, page.locator("#id_agent_name"))
        keys.type("韦示例")
        tabs_to(wei, page.locator("#id_agent_phone"))
        keys.type("0531-00000000")
        follows(wei, onward)
        tabs_to(wei, page.locator("#id_signer"))
        keys.type("韦示例")
        tabs_to(wei, page.locator("#id_agreed"))
        keys.press("Space")
        follows(wei, onward)
        follows(wei, page.get_by_role("button", name=wei.says("Submit the application")))

        wei.reads(Repair.objects.get().query_code)


class TestTheSupervisor:
    def test_urges_a_step_and_reads_the_bulletin_with_the_keyboard_alone(
        self, visit, clock, applicant, penalty, staff, office_supervisor
    ):
        case = applicant.applies(penalty, at=TUESDAY)
        clock.forward(days=30)
        supervisor = visit(office_supervisor)
        page = supervisor.page
        supervisor.opens("/oversight/")
        follows(supervisor, page.locator(".figure-red a"))
        item = case.items.get(step="check")
        urge = page.locator(f"a[href='/oversight/steps/{item.pk}/demand/']")
        follows(supervisor, urge, most=90)
        tabs_to(supervisor, page.get_by_role("main").get_by_role("textbox").first)
        page.keyboard.type("请说明为何仍未检查，并于今日办结。")
        follows(supervisor, page.get_by_role("button", name=supervisor.says("Send the demand")))
        assert Urging.objects.filter(deadline__case=case, rung=None).count() == 1
        follows(supervisor, page.get_by_role("link", name=supervisor.says("Bulletin")))

        assert page.url.endswith("/oversight/bulletin/")
        supervisor.reads("Bulletin")
