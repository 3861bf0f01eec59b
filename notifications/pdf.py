"""Make the PDF of a letter with fonts of our own and without the network."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
from django.core.files.base import ContentFile
from django.db import transaction

from notifications.letters import sheet
from notifications.models import Letter

log = logging.getLogger(__name__)

_STYLES = ("letter:fonts.css", "letter:letter.css")
_STATIC = Path(__file__).parent / "static" / "notifications"
_FONTS = """
@font-face { font-family: "Noto Serif SC"; src: url(letter:serif.otf); }
@font-face { font-family: "Noto Sans SC"; src: url(letter:sans.otf); }
"""


class Unreachable(Exception):
    """A letter asked for something that is neither its style nor its fonts."""


def is_available() -> bool:
    """Test that PDFs can be made here; if not, the letter's page is there to be printed."""
    return _weasyprint() is not None


def pdf_of(letter: Letter) -> bytes | None:
    """Return the letter as PDF/A-3u with text that can be searched, or nothing without WeasyPrint.

    Takes a third of a second: never call it inside an act.

    :raises Unreachable: if the letter asks for anything but its style and its fonts
    """
    if not (weasyprint := _weasyprint()):
        return None
    page = sheet(letter, styles=_STYLES)
    document = weasyprint.HTML(string=page, base_url="letter:", url_fetcher=_fetcher())
    try:
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3u")
    except weasyprint.urls.FatalURLFetchingError as problem:
        # Not an Exception to WeasyPrint, but to us: one bad letter must not stop the others.
        raise Unreachable(str(problem)) from problem
    return pdf


@transaction.atomic
def keep(letter_id: int) -> Letter:
    """Return a letter with its PDF, made and stored now unless it has been; locks the letter."""
    letter = Letter.objects.select_for_update(no_key=True).get(pk=letter_id)
    if not letter.pdf and (pdf := pdf_of(letter)):
        letter.pdf.save(f"{letter.about}-{letter.name}.pdf", ContentFile(pdf), save=False)
        letter.save(update_fields=["pdf"])
    return letter


@cache
def _weasyprint() -> Any:
    # Takes seconds to import, and needs libraries that no wheel brings.
    try:
        import weasyprint
    except OSError as problem:
        log.warning("Letters are pages to print, not PDF: %s", problem)
        return None
    return weasyprint


@cache
def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    served = {
        "letter:letter.css": ((_STATIC / "letter.css").read_bytes(), "text/css"),
        "letter:fonts.css": (_FONTS.encode(), "text/css"),
        "letter:serif.otf": (fonts.serif_path().read_bytes(), "font/otf"),
        "letter:sans.otf": (fonts.sans_path().read_bytes(), "font/otf"),
    }

    class OurOwn(URLFetcher):  # type: ignore[misc]
        """Serves the style and the fonts from memory and refuses everything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in served:
                raise FatalURLFetchingError(f"A letter may not ask for {url}")
            body, kind = served[url]
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return OurOwn()
