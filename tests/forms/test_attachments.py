"""Files that people hand in: kept as they are, and refused when they are not what they say."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from accounts.models import User
from forms import attachments
from forms.models import Attachment
from tests.actors import a_pdf
from tests.conftest import TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody():
    return User.objects.create_user("somebody")


@pytest.fixture
def store(somebody):
    def hand_in(name, content):
        return attachments.store(SimpleUploadedFile(name, content), by=somebody, at=TUESDAY)

    return hand_in


def picture(kind, size=(8, 8)):
    made = BytesIO()
    Image.new("RGB", size).save(made, kind)
    return made.getvalue()


def locked_pdf():
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(width=10, height=10)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def empty_pdf():
    made = BytesIO()
    PdfWriter().write(made)
    return made.getvalue()


class TestAFile:
    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("缴款凭证.pdf", a_pdf(), "application/pdf"),
            ("扫描件.PDF", a_pdf(), "application/pdf"),
            ("照片.jpg", picture("JPEG"), "image/jpeg"),
            ("照片.JPEG", picture("JPEG"), "image/jpeg"),
            ("截图.png", picture("PNG"), "image/png"),
        ],
    )
    def test_is_kept_byte_by_byte_and_known_by_its_hash(self, store, somebody, name, content, kind):
        file = store(name, content)

        assert (file.name, file.content_type, file.size) == (name, kind, len(content))
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        with file.file.open() as kept:
            assert kept.read() == content
        assert (file.uploaded_by, file.uploaded_at, file.about) == (somebody, TUESDAY, "")

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("空.pdf", b""),
            ("程序.pdf", b"MZ\x90\x00" + b"\x00" * 200),
            ("网页.pdf", b"<html><script>alert(1)</script></html>"),
            ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("表.docx", b"PK\x03\x04" + b"\x00" * 100),
            ("照片.pdf", picture("JPEG")),  # says one thing, is another
            ("凭证.jpg", a_pdf()),
            ("凭证.pdf.exe", a_pdf()),
            ("凭证", a_pdf()),
            ("半截.pdf", a_pdf()[:40]),
            ("半截.png", picture("PNG")[:40]),
            ("坏.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 64),
            ("加密.pdf", locked_pdf()),
            ("无页.pdf", empty_pdf()),
        ],
    )
    def test_is_refused_in_a_sentence_when_it_is_not_what_it_says(self, store, name, content):
        with pytest.raises(ValidationError) as refused:
            store(name, content)

        assert all(refused.value.messages)
        assert not Attachment.objects.exists()

    def test_that_is_too_big_is_refused_with_the_limit(self, store, settings):
        settings.ATTACHMENT_MAX_BYTES = 1024

        with pytest.raises(ValidationError, match=r"1\.0"):
            store("大.pdf", a_pdf() + b"\n" * 2000)

    def test_that_is_just_as_big_as_allowed_is_kept(self, store, settings):
        settings.ATTACHMENT_MAX_BYTES = len(a_pdf())

        assert store("大.pdf", a_pdf()).pk

    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    @pytest.mark.parametrize("limit", [60, 31])
    def test_with_more_pixels_than_anybody_scans_is_refused(self, store, monkeypatch, limit):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)

        with pytest.raises(ValidationError):
            store("大.png", picture("PNG"))

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/凭证.pdf", "凭证.pdf"),
            ("C:\\Users\\wei\\凭证.pdf", "凭证.pdf"),
            ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ],
    )
    def test_keeps_only_the_last_part_of_its_name(self, store, given, kept):
        upload = SimpleUploadedFile("x.pdf", a_pdf())
        upload._name = given
        file = attachments.store(upload, by=User.objects.get(), at=TUESDAY)

        assert file.name == kept

    def test_lies_under_its_hash_and_not_under_the_name_it_came_with(self, store, settings):
        file = store("../x.pdf", a_pdf())

        assert Path(file.file.name).name.startswith(file.sha256)
        assert Path(file.file.path).is_relative_to(settings.MEDIA_ROOT)

    def test_handed_in_twice_is_kept_twice(self, store):
        first, second = store("一.pdf", a_pdf()), store("二.pdf", a_pdf())

        assert first.sha256 == second.sha256
        assert first.file.name != second.file.name


class TestUse:
    def test_makes_a_file_part_of_one_case_for_good(self, store, somebody):
        file = store("一.pdf", a_pdf())

        assert attachments.bind([file.pk], about="XF-2026-000001") == 1
        assert attachments.bind([file.pk], about="XF-2026-000002") == 0
        assert attachments.of_case("XF-2026-000001").get() == file
        assert not attachments.unused_of(somebody).exists()

    def test_is_open_to_nobody_else(self, store):
        store("一.pdf", a_pdf())

        assert not attachments.unused_of(User.objects.create_user("other")).exists()
