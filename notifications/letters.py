"""Write official letters: strictly rendered, sealed by a hash, kept as they were issued.

What a letter may use (``{{ … }}`` in ``<name>.html`` and in ``<name>.en.html``, its English
reading copy). Anything it uses must be there and must not be empty; ``{% if %}`` may ask
whether a value that is there is empty. A value may be a function: it is called only by the
letters that use it. Texts may be lazy: they are read in the language of the letter.

=============  ==================================================================================
``number``     the letter's own number; ``title`` its title
``issued_on``  the day of the letter
``unit``       who writes: ``name``, ``name_en``, ``phone``
``office``     the credit office: ``name``, ``name_en``, ``phone``
``party``      to whom: ``name``, ``credit_code``
``case``       ``reference``; ``query_code`` in the receipt only
``record``     ``document_number``, ``authority_name``, ``decided_on``
``facts``      the facts of the case, as its ``states.py`` names them
``materials``  what was handed in: each ``name``
``due``        by the last word of a term's key, e.g. ``due.decide``: ``date``, ``basis``,
               ``certainty_zh``, ``certainty_en``, ``provisional``, ``counting_zh``,
               ``counting_en``; never called statutory by the letter itself
``reasons``    grounds of a refusal: each ``value`` (its code) and ``label``
``places``     where the record was shown: each ``get_place_display``, ``stopped_on``
``remedies``   each ``zh``, ``en``, ``basis``
=============  ==================================================================================

Filters: ``zh_date`` (2026年9月30日), ``en_date`` (30 September 2026) and ``zh_basis``
(行政复议法第20条).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template import Engine
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from notifications.given import LetterIncomplete, StrictContext
from notifications.models import Letter

__all__ = ["LetterAltered", "LetterIncomplete", "issue", "render", "sheet"]

CHINESE, ENGLISH = "zh-hans", "en"
_STYLES = ("letter", "letter-screen")
_TEMPLATES = Path(__file__).parent / "templates"


class LetterAltered(Exception):
    """The text of the letter is not the text that was issued."""


def issue(
    name: str,
    *,
    folder: Path,
    about: str,
    number: str,
    title: str,
    title_en: str,
    context: Mapping[str, Any],
    at: datetime,
) -> Letter:
    """Write a letter and its English reading copy, inside the caller's transaction.

    Costs one ``INSERT``; the PDF is made later by the outbox. The hash is of the Chinese text.

    :raises LetterIncomplete: if the letter uses a value that is missing or empty
    """
    values = {**context, "number": number}
    html = render(name, folder=folder, context={**values, "title": title}, language=CHINESE)
    html_en = render(
        f"{name}.en", folder=folder, context={**values, "title": title_en}, language=ENGLISH
    )
    return Letter.objects.create(
        about=about,
        name=name,
        number=number,
        title=title,
        title_en=title_en,
        html=html,
        html_en=html_en,
        sha256=_hash(html),
        issued_at=at,
    )


def render(name: str, *, folder: Path, context: Mapping[str, Any], language: str) -> str:
    """Return the text of ``folder/<name>.html``.

    :raises LetterIncomplete: if the letter uses a value that is missing or empty
    """
    template, strict = _engine(folder).get_template(f"{name}.html"), StrictContext(context)
    with override(language):
        text = str(template.render(strict))
    if strict.holes:
        raise LetterIncomplete(f"{name}: {', '.join(strict.holes)}")
    return text


def text_of(letter: Letter, *, language: str = CHINESE) -> SafeString:
    """Return the text of a letter as it was issued, or its English reading copy.

    :raises LetterAltered: if its text is not the one that was issued
    """
    if _hash(letter.html) != letter.sha256:
        raise LetterAltered(letter.number)
    # Safe: our own template wrote it, escaping every value.
    return mark_safe(letter.html_en if language == ENGLISH else letter.html)


def sheet(letter: Letter, *, language: str = CHINESE, styles: Sequence[str] = ()) -> str:
    """Return a whole page of the letter to read, to print or to make the PDF of.

    :raises LetterAltered: if its text is not the one that was issued
    """
    values = {
        "letter": letter,
        "text": text_of(letter, language=language),
        "title": letter.title_en if language == ENGLISH else letter.title,
        "styles": styles or [static(f"notifications/{name}.css") for name in _STYLES],
        "query_address": query_address(),
        "code": square_code(letter.about),
        "language": language,
    }
    with override(language):
        return render_to_string("notifications/sheet.html", values)


def query_address() -> str:
    """Return where a case is looked up by number and query code; empty if nobody has said."""
    return str(getattr(settings, "QUERY_ADDRESS", ""))


def square_code(reference: str) -> SafeString:
    """Return the square code that leads to where a case is looked up, as a picture to embed."""
    address = query_address()
    told = f"{address}?{urlencode({'reference': reference})}" if address else reference
    code = segno.make(told, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=2, border=0, omitsize=True))


class _HoleInAPlainValue(str):
    """What Django prints for a part that a date or a text does not have: nothing, loudly."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        raise LetterIncomplete(f"{variable} is missing")


@cache
def _engine(folder: Path) -> Engine:
    return Engine(
        dirs=[str(folder), str(_TEMPLATES)],
        string_if_invalid=_HoleInAPlainValue("%s"),
        builtins=["notifications.templatetags.letter_words"],
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
