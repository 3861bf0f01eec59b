"""Files by their addresses: taken in at once, shown in our pages, shut until they are scanned."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from forms import attachments
from forms.models import Attachment
from tests.actors import a_pdf
from tests.conftest import TUESDAY
from tests.forms.test_attachments import picture
from tests.workflows.walks import open_a_repair

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(applicant):
    client = Client(headers={"accept-language": "en"})
    client.force_login(applicant.user)
    return client


def a_file(name="缴款凭证.pdf", content=None):
    return SimpleUploadedFile(name, content or a_pdf())


def looked_at(client, address):
    """Return the answer, read to its end as a browser would."""
    answer = client.get(address, headers={"accept-language": "en"})
    if answer.streaming:
        answer.read = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return answer


def locked(file, how):
    Attachment.objects.filter(pk=file.pk).update(scan=how)


class TestAFileSentAtOnce:
    def test_is_kept_for_its_sender_and_part_of_nothing(self, sender, applicant):
        told = sender.post("/files/", {"file": a_file()})

        kept = Attachment.objects.get()
        assert told.status_code == 201
        assert told.json() == {
            "id": kept.pk,
            "name": "缴款凭证.pdf",
            "size": kept.size,
            "scan": "none",
            "scan_label": "Not scanned for malware: no scanner is installed",
        }
        assert (kept.about, kept.uploaded_by) == ("", applicant.user)

    def test_is_told_as_the_line_of_its_question(self, sender):
        told = sender.post("/files/", {"file": a_file(), "field": "proof:fulfilment"})

        kept = Attachment.objects.get()
        line = told.content.decode()
        assert told.status_code == 201
        assert f'name="proof" value="fulfilment:{kept.pk}" checked' in line
        assert "缴款凭证.pdf" in line

    def test_is_told_without_trusting_the_name_of_the_question(self, sender):
        told = sender.post("/files/", {"file": a_file(), "field": '"><script>x'})

        assert b"<script>" not in told.content

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"file": ("a.pdf", b"no pdf")}, "is not a PDF, JPG or PNG file"),
            ({"file": ("a.exe", b"MZ")}, "is not a PDF, JPG or PNG file"),
            ({"file": ("a.pdf", b"")}, "is empty"),
            ({}, "No file came"),
            ({"file": "text"}, "No file came"),
        ],
    )
    def test_that_is_not_what_it_says_is_refused_in_a_sentence(self, sender, sent, said):
        given = {k: SimpleUploadedFile(*v) if isinstance(v, tuple) else v for k, v in sent.items()}
        told = sender.post("/files/", given)

        assert told.status_code == 422
        assert said in told.json()["detail"]
        assert not Attachment.objects.exists()

    def test_too_large_is_refused_in_a_sentence(self, sender, settings):
        settings.ATTACHMENT_MAX_BYTES = 10
        told = sender.post("/files/", {"file": a_file()})

        assert told.status_code == 422
        assert "larger than" in told.json()["detail"]

    def test_of_somebody_not_signed_in_is_refused(self, client, db):
        told = client.post("/files/", {"file": a_file()})

        assert told.status_code == 401
        assert told.json()["detail"]
        assert not Attachment.objects.exists()

    def test_needs_the_token_of_the_page(self, applicant):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(applicant.user)

        assert strict.post("/files/", {"file": a_file()}).status_code == 403
        assert not Attachment.objects.exists()

    def test_is_named_by_the_form_that_is_handed_in(self, sender, applicant, penalty, staff):
        sender.post("/files/", {"file": a_file(), "field": "proof:fulfilment"})
        kept = Attachment.objects.get()
        case = applicant.applies(penalty, at=TUESDAY, proof=[f"fulfilment:{kept.pk}"])

        assert attachments.of_case(case.reference).get() == kept


class TestAFileSentWithTheForm:
    def test_is_for_the_material_of_its_line(self, sender, applicant, penalty, staff):
        form = applicant.answers(penalty, at=TUESDAY)
        form.pop("proof")
        page = f"/records/{penalty.pk}/apply/repair/"
        sender.post(page, {**form, "proof:fulfilment": a_file()}, follow=True)

        assert Attachment.objects.filter(item="Proof of fulfilment").exclude(about="").exists()


class TestAFileNotUsedYet:
    @pytest.mark.parametrize("page", ["/files/{}/", "/files/{}/view/"])
    def test_opens_to_its_sender_alone(self, sender, applicant, client, page, staff):
        kept = applicant.hands_in(at=TUESDAY)
        address = page.format(kept.pk)

        assert looked_at(sender, address).read == a_pdf()
        for other in (staff["clerk"].user, User.objects.create_user("stranger")):
            client.force_login(other)
            assert client.get(address).status_code == 404


class TestShowingAFile:
    @pytest.fixture
    def clerk_looks(self, staff, client):
        client.force_login(staff["clerk"].user)
        return lambda address: looked_at(client, address)

    @pytest.fixture
    def file(self, applicant, penalty, staff):
        return attachments.of_case(open_a_repair(applicant, penalty).reference).get()

    def test_is_allowed_in_our_own_pages_and_no_others(self, clerk_looks, file):
        shown = clerk_looks(f"/files/{file.pk}/view/")

        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Content-Type"] == "application/pdf"

    def test_to_be_saved_is_framed_nowhere(self, clerk_looks, file):
        saved = clerk_looks(f"/files/{file.pk}/")

        assert saved.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in saved.headers["Content-Security-Policy"]
        assert saved.headers["Content-Disposition"].startswith("attachment")

    @pytest.mark.parametrize("page", ["/files/{}/", "/files/{}/view/"])
    @pytest.mark.parametrize(
        ("scan", "said"),
        [("waiting", "still being scanned for malware"), ("infected", "Malware was found")],
    )
    def test_before_it_has_passed_the_scan_is_refused_with_the_reason(
        self, clerk_looks, file, page, scan, said
    ):
        locked(file, scan)
        told = clerk_looks(page.format(file.pk))

        assert told.status_code == 403
        assert said in told.content.decode()

    def test_that_waits_is_open_to_who_handed_it_in(self, sender, file):
        locked(file, "waiting")
        assert looked_at(sender, f"/files/{file.pk}/view/").status_code == 200
        locked(file, "infected")
        assert looked_at(sender, f"/files/{file.pk}/view/").status_code == 403

    @pytest.mark.parametrize(
        ("scan", "said"),
        [
            ("none", "Not scanned for malware: no scanner is installed"),
            ("waiting", "Waits for the malware scan"),
            ("infected", "Malware found: the file is locked"),
        ],
    )
    def test_says_on_both_faces_how_it_was_scanned(self, clerk_looks, sender, file, scan, said):
        locked(file, scan)

        for page in (
            clerk_looks(f"/desk/cases/{file.about}/"),
            sender.get(f"/cases/{file.about}/"),
        ):
            assert said in page.content.decode()
            assert (f"/files/{file.pk}/" in page.content.decode()) is (scan != "infected")

    def test_tells_the_desk_what_it_is_for_and_who_handed_it_in(self, clerk_looks, file, applicant):
        page = clerk_looks(f"/desk/cases/{file.about}/").content.decode()

        assert f'data-view="/files/{file.pk}/view/"' in page
        assert file.sha256 in page
        assert "What proves it" in page
        assert str(applicant.user) in page


class TestTheSheetOfALetter:
    def test_is_shown_alone_in_our_own_pages(self, sender, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        page = sender.get(f"/cases/{case.reference}/").content.decode()
        number = page.split("/letters/")[1].split("/")[0]
        shown = sender.get(f"/letters/{number}/view/")

        assert shown.status_code == 200
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
        assert b'class="letter-sheet"' in shown.content

    def test_of_another_party_is_not_there(self, client, applicant, penalty, staff):
        open_a_repair(applicant, penalty)
        client.force_login(User.objects.create_user("stranger"))

        assert client.get("/letters/1/view/").status_code == 404


class TestAPicture:
    def test_is_previewed_by_its_line(self, sender):
        told = sender.post(
            "/files/", {"file": a_file("现场.png", picture("PNG")), "field": "proof"}
        )
        kept = Attachment.objects.get()

        assert f'<img src="/files/{kept.pk}/view/" alt=""' in told.content.decode()
