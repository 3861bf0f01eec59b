"""The PDF of a letter: Chinese that can be searched, fonts inside, no network."""

import sys
from hashlib import sha256
from importlib.abc import MetaPathFinder
from io import BytesIO

import pytest
from pypdf import PdfReader

from notifications import letters, pdf
from tests.notifications.letter_values import issued

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),
]


def _with_text(html):
    letter = issued()
    letter.html, letter.sha256 = html, sha256(html.encode()).hexdigest()
    return letter


def _fonts(reader):
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield from (f.get_object() for f in font.get_object()["/DescendantFonts"])


class TestPdf:
    def test_contains_the_text_of_the_letter(self):
        reader = PdfReader(BytesIO(pdf.pdf_of(issued())))
        text = "".join(page.extract_text() for page in reader.pages)
        text = text.replace("\n", "").replace(" ", "")
        for said in ("不予信用修复决定书", "〔2026〕", "2026年9月30日", "（盖章处）", "—1—"):
            assert said in text

    def test_carries_its_fonts_and_only_ours(self):
        reader = PdfReader(BytesIO(pdf.pdf_of(issued())))
        names = set()
        for font in _fonts(reader):
            descriptor = font["/FontDescriptor"]
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
            names.add(font["/BaseFont"].partition("+")[2])
        assert names == {"Noto-Serif-SC", "Noto-Sans-SC"}

    def test_says_that_it_is_pdf_a_3u(self):
        reader = PdfReader(BytesIO(pdf.pdf_of(issued())))
        told = reader.root_object["/Metadata"].get_object().get_data()
        assert b'pdfaid:part="3" pdfaid:conformance="U"' in told

    def test_is_on_a4(self):
        width, height = PdfReader(BytesIO(pdf.pdf_of(issued()))).pages[0].mediabox[2:]
        assert (round(width), round(height)) == (595, 842)

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname"])
    def test_asks_nobody_for_anything(self, address):
        letter = _with_text(f'<img src="{address}">')
        with pytest.raises(pdf.Unreachable, match=address):
            pdf.pdf_of(letter)

    def test_is_kept_once(self):
        first = pdf.keep(issued().pk)
        second = pdf.keep(first.pk)
        assert first.pdf.name == second.pdf.name
        with second.pdf.open("rb") as file:
            assert file.read(5) == b"%PDF-"


class _Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.fixture
def without_libraries(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Absent(), *sys.meta_path])
    pdf._weasyprint.cache_clear()
    yield
    pdf._weasyprint.cache_clear()


@pytest.mark.usefixtures("without_libraries")
class TestWithoutTheLibraries:
    def test_there_is_no_pdf_but_a_page_to_print(self):
        letter = issued()
        assert not pdf.is_available()
        assert pdf.pdf_of(letter) is None
        assert not pdf.keep(letter.pk).pdf
        assert "@page" not in letters.sheet(letter)
        assert letter.html in letters.sheet(letter)
