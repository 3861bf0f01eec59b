"""Files in the browser: sent at once with their progress, and read beside the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from forms import attachments
from forms.models import Attachment
from tests.actors import a_pdf
from tests.conftest import TUESDAY
from tests.forms.test_attachments import picture
from tests.workflows.walks import open_a_repair

pytestmark = pytest.mark.browser
PDF = {"name": "缴款凭证.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
PICTURE = {"name": "现场.png", "mimeType": "image/png", "buffer": picture("PNG", (400, 300))}
FALSE = {"name": "假的.pdf", "mimeType": "application/pdf", "buffer": b"no pdf"}


@pytest.fixture
def form(visit, applicant, penalty, staff):
    """An applicant before the list of materials of a repair."""
    visitor = visit(applicant.user)
    visitor.opens(f"/records/{penalty.pk}/apply/repair/?page=correction")
    return visitor


def line_of(visitor, material):
    named = visitor.page.locator(".material-name", has_text=visitor.says(material))
    return visitor.page.locator(".material").filter(has=named)


def held_up(visitor):
    """Let what is sent wait until the test lets it go."""
    waiting = []
    visitor.page.route("**/files/", lambda route: waiting.append(route))
    return waiting


class TestAFileThatIsChosen:
    def test_is_there_at_once_on_the_line_of_its_material(self, form):
        line = line_of(form, "Proof of fulfilment")
        line.locator("input[type=file]").set_input_files([PDF])

        kept = line.locator(".files-kept .file-line")
        expect(kept).to_contain_text("缴款凭证.pdf")
        expect(line.get_by_role("status")).to_contain_text(form.says("has arrived"))
        file = Attachment.objects.get()
        expect(kept.locator("input[name=proof]")).to_have_value(f"fulfilment:{file.pk}")
        assert file.about == ""

    def test_tells_its_progress_and_can_be_stopped(self, form):
        waiting = held_up(form)
        line = line_of(form, "Proof of fulfilment")
        line.locator("input[type=file]").set_input_files([PDF])

        expect(line.get_by_role("progressbar")).to_be_visible()
        expect(line.get_by_role("status")).to_contain_text(form.says("is being sent"))
        form.page.wait_for_timeout(100)
        line.get_by_role("button", name=form.says("Cancel")).click()
        expect(line.get_by_role("progressbar")).to_have_count(0)
        expect(line.locator("input[type=file]")).to_be_focused()
        assert waiting
        assert not Attachment.objects.exists()
        # The browser says that it broke off what we told it to break off.
        form.complaints.clear()

    def test_that_is_refused_says_why_and_leaves_the_others(self, form):
        line = line_of(form, "Proof of fulfilment")
        with form.page.expect_response(lambda answer: answer.status == 422):
            line.locator("input[type=file]").set_input_files([FALSE, PDF])

        expect(line.locator(".files-kept .file-line")).to_have_count(1)
        expect(line.locator(".failed")).to_contain_text("假的.pdf")
        line.get_by_role("button", name=form.says("Dismiss")).click()
        expect(line.locator(".failed")).to_have_count(0)
        assert [status for status, _page in form.complaints] == [422]
        form.complaints.clear()

    def test_that_is_a_picture_is_previewed(self, form):
        line = line_of(form, "Proof that the breach was put right")
        line.locator("input[type=file]").set_input_files([PICTURE])

        shown = line.locator(".file-thumb img")
        expect(shown).to_be_visible()
        form.page.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())

    def test_can_be_taken_out_again(self, form):
        line = line_of(form, "Proof of fulfilment")
        line.locator("input[type=file]").set_input_files([PDF])
        line.get_by_role("button", name=form.says("Remove")).click()

        expect(line.locator(".file-line")).to_have_count(0)
        expect(line.locator("input[type=file]")).to_be_focused()

    def test_holds_the_form_back_until_it_is_there(self, form):
        waiting = held_up(form)
        form.page.locator("textarea").fill("已缴清罚款并完成整改。")
        line = line_of(form, "Proof of fulfilment")
        line.locator("input[type=file]").set_input_files([PDF])
        expect(line.get_by_role("progressbar")).to_be_visible()
        form.page.get_by_role("button", name=form.says("Next"), exact=True).click()
        expect(line.get_by_role("status")).to_contain_text(
            form.says(
                "Some files are still on their way; the form follows as soon as they have arrived."
            )
        )

        with form.page.expect_navigation():
            for route in waiting:
                route.continue_()
        assert "page=correction" not in form.page.url

    def test_may_be_dropped(self, form):
        line = line_of(form, "Proof of fulfilment")
        carried = form.page.evaluate_handle(
            """([name, bytes]) => {
              const carried = new DataTransfer();
              const type = "application/pdf";
              carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
              return carried;
            }""",
            ["拖放.pdf", list(a_pdf())],
        )
        line.locator(".files").dispatch_event("drop", {"dataTransfer": carried})

        expect(line.locator(".files-kept .file-line")).to_contain_text("拖放.pdf")


@pytest.fixture
def desk(visit, applicant, penalty, staff):
    """A clerk before a case with a picture and a PDF."""
    case = open_a_repair(applicant, penalty)
    upload = SimpleUploadedFile(PICTURE["name"], PICTURE["buffer"])
    file = attachments.store(upload, by=applicant.user, at=TUESDAY)
    attachments.bind([file.pk], about=case.reference)
    visitor = visit(staff["clerk"].user)
    visitor.opens(f"/desk/cases/{case.reference}/")
    return visitor


class TestTheViewer:
    def test_is_used_by_keyboard_alone(self, desk):
        page = desk.page
        link = page.get_by_role("link", name="现场.png")
        link.focus()
        page.keyboard.press("Enter")

        viewer = page.locator(".viewer")
        picture_ = viewer.get_by_role("img", name="现场.png")
        expect(viewer.get_by_role("heading")).to_have_text("现场.png")
        expect(viewer.get_by_role("heading")).to_be_focused()
        expect(viewer).to_contain_text(Attachment.objects.get(name="现场.png").sha256)
        expect(picture_).to_have_class("size-100 turn-0")
        for key, look in [("+", "size-150 turn-0"), ("-", "size-100 turn-0")]:
            page.keyboard.press(key)
            expect(picture_).to_have_class(look)
        page.keyboard.press("r")
        expect(picture_).to_have_class("size-100 turn-1")

        page.keyboard.press("Escape")
        expect(viewer).to_be_hidden()
        expect(link).to_be_focused()

    def test_goes_from_one_document_to_the_next_and_round(self, desk):
        page = desk.page
        page.get_by_role("link", name="现场.png").click()
        names = set()
        links = page.locator("[data-view]")
        for _step in range(links.count()):
            names.add(page.locator(".viewer-name").inner_text())
            page.keyboard.press("ArrowRight")

        assert len(names) == links.count()
        expect(page.locator(".viewer-name")).to_have_text("现场.png")

    def test_shows_a_letter_in_its_own_frame(self, desk):
        page = desk.page
        page.locator("[data-kind=letter]").first.click()

        sheet = page.frame_locator(".viewer iframe").locator(".letter-sheet")
        expect(sheet).to_be_visible()

    def test_shows_of_a_locked_file_why(self, desk):
        Attachment.objects.filter(name="现场.png").update(scan="waiting")
        desk.page.reload()
        desk.page.get_by_role("link", name="现场.png").click()

        expect(desk.page.locator(".viewer-locked")).to_have_text(
            desk.says("Waits for the malware scan")
        )
        expect(desk.page.locator(".viewer img")).to_have_count(0)
