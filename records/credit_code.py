"""The unified social credit code: read as people write it, checked in layers, with reasons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_GAPS = re.compile(r"[\s\u200b\u2060\ufeff\-\u2010-\u2015\u2212]+")
_IDENTITY_NUMBER = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
_OWN_USE = re.compile(r"PDY\d{5}")
_REGISTRATION = re.compile(r"\d{15}", re.ASCII)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]", re.ASCII)
_TAX = re.compile(r"\d{6}[0-9A-Z]{8}[0-9X]", re.ASCII)

_OTHER = gettext_lazy("Other organisation")
KINDS = {
    "11": gettext_lazy("State organ"),
    "12": gettext_lazy("Public institution"),
    "13": gettext_lazy("Mass organisation under the establishment office"),
    "19": _OTHER,
    "21": gettext_lazy("Resident office of a foreign news agency"),
    "29": _OTHER,
    "31": gettext_lazy("Law firm"),
    "32": gettext_lazy("Notary office"),
    "33": gettext_lazy("Grass-roots legal service"),
    "34": gettext_lazy("Forensic appraisal institution"),
    "35": gettext_lazy("Arbitration commission"),
    "39": _OTHER,
    "41": gettext_lazy("Foreign cultural centre"),
    "49": _OTHER,
    "51": gettext_lazy("Social association"),
    "52": gettext_lazy("Private non-enterprise unit"),
    "53": gettext_lazy("Foundation"),
    "54": gettext_lazy("Grass-roots self-governing organisation"),
    "59": _OTHER,
    "61": gettext_lazy("Resident office of a foreign travel authority"),
    "62": gettext_lazy("Resident office of a travel authority of Hong Kong or Macao"),
    "69": _OTHER,
    "71": gettext_lazy("Religious venue"),
    "72": gettext_lazy("Religious school"),
    "79": _OTHER,
    "81": gettext_lazy("Grass-roots trade union"),
    "89": _OTHER,
    "91": gettext_lazy("Enterprise"),
    "92": gettext_lazy("Individually owned business"),
    "93": gettext_lazy("Farmers' cooperative"),
    "A1": gettext_lazy("Unit of the armed forces"),
    "A9": _OTHER,
    "N1": gettext_lazy("Collective economic organisation of a village group"),
    "N2": gettext_lazy("Collective economic organisation of a village"),
    "N3": gettext_lazy("Collective economic organisation of a town"),
    "N9": _OTHER,
    "Y1": _OTHER,
}
# Old codes keep the district they were issued in (370125 was 济阳县 before 2018).
_RENAMED_REGIONS = {
    "370123": "370113",
    "370125": "370115",
    "370181": "370114",
    "371200": "370116",
    "371202": "370116",
    "371203": "370117",
}
_JINAN = {f"3701{end:02}" for end in (0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 24, 26)}
_PROVINCES = {
    *("10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36"),
    *("37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63"),
    *("64", "65", "66", "71", "81", "82"),
}


@dataclass(frozen=True)
class CodeCheck:
    """What was found about one code: every sentence is in the reader's language."""

    valid: bool
    normalised: str
    kind: str
    reasons: list[str]
    warnings: list[str]


def normalised(text: str) -> str:
    """Return a code as it is stored: half-width capitals without gaps or hyphens."""
    return _GAPS.sub("", text.translate(_HALF_WIDTH)).upper()


def check(text: str, *, imported: bool = False) -> CodeCheck:
    """Check a code layer by layer (GB 32100-2015 with GB 11714-1997 inside).

    An imported code with a wrong inner digit only earns a warning: old registers hold such codes.
    """
    code = normalised(text)
    warnings = list(_corrections(text))
    if old := _old_number(code):
        kind, reason = old
        return CodeCheck(False, code, kind, [reason], warnings)
    reasons = list(_wrong_form(code)) or list(_wrong_substance(code, imported=imported))
    if not reasons:
        warnings += [*_region_doubts(code), *(_wrong_body(code) if imported else ())]
    kind = str(KINDS.get(code[:2], ""))
    return CodeCheck(not reasons, code, kind, reasons, warnings)


def _old_number(code: str) -> tuple[str, str] | None:
    if is_registration_number(code):
        return _("Registration number"), _(
            "This is a registration number of 15 digits, as used before the unified code; "
            "look the organisation up by it to find its unified code."
        )
    if is_organisation_code(code):
        return _("Organisation code"), _(
            "This is an organisation code of 9 characters; the unified code holds it "
            "as characters 9 to 17."
        )
    if is_tax_number(code):
        return _("Tax number"), _(
            "This is a tax number of 15 characters, as used before the unified code; "
            "its last 9 are the organisation code."
        )
    return None


def _wrong_form(code: str) -> Iterator[str]:
    if len(code) != LENGTH:
        yield _("A unified social credit code has 18 characters; this one has %(count)d.") % {
            "count": len(code)
        }
    elif strangers := sorted(set(code) - set(ALPHABET)):
        yield _(
            "The code holds a character that is never used: %(strangers)s "
            "(only digits and capital letters without I, O, S, V and Z are used)."
        ) % {"strangers": " ".join(strangers)}


def _wrong_substance(code: str, *, imported: bool) -> Iterator[str]:
    if code[:2] not in KINDS:
        yield _("No registration department and kind of organisation is known as “%(pair)s”.") % {
            "pair": code[:2]
        }
    if not code[2:8].isdigit():
        yield _("Characters 3 to 8 name the region and must be digits.")
    if not imported:
        yield from _wrong_body(code)
    yield from _wrong_end(code)
    yield from _never_issued(code)
    yield from _natural_person(code)


def _wrong_body(code: str) -> Iterator[str]:
    if code[16] != body_digit(code[8:16]):
        yield _("Character 17 does not match the organisation's own number before it.")


def _wrong_end(code: str) -> Iterator[str]:
    if code[17] != last_character(code[:17]):
        yield _("The last character does not match the other 17; one of them is mistyped.")


def _never_issued(code: str) -> Iterator[str]:
    body = code[8:16]
    if not body.strip("0") or _OWN_USE.fullmatch(body):
        yield _("The organisation's own number is reserved and is never issued.")


def _natural_person(code: str) -> Iterator[str]:
    sound = code[16] == body_digit(code[8:16]) and code[17] == last_character(code[:17])
    if is_identity_number(code) and not sound:
        yield _("This looks like a person's identity number; only organisations are recorded.")


def _region_doubts(code: str) -> Iterator[str]:
    region = code[2:8]
    if region in _RENAMED_REGIONS:
        yield _("Region %(old)s is historical; it is %(new)s today.") % {
            "old": region,
            "new": _RENAMED_REGIONS[region],
        }
    elif region[:2] not in _PROVINCES or (region[:4] == "3701" and region not in _JINAN):
        yield _("Region %(region)s is not known.") % {"region": region}


def _corrections(text: str) -> Iterator[str]:
    half = text.translate(_HALF_WIDTH)
    if half != text:
        yield _("Full-width characters were read as half-width ones.")
    if _GAPS.search(half):
        yield _("Spaces and hyphens were removed.")
    if half != half.upper():
        yield _("Small letters were read as capital letters.")


def is_registration_number(code: str) -> bool:
    """Tell whether 15 digits are a registration number of old (GB/T 17710, mod 11,10)."""
    if not _REGISTRATION.fullmatch(code):
        return False
    product, rest = 10, 0
    for digit in code:
        rest = (product % 11 + int(digit)) % 10
        product = (rest or 10) * 2
    return rest == 1


def is_organisation_code(code: str) -> bool:
    """Tell whether nine characters are an organisation code (GB 11714)."""
    return bool(_ORGANISATION.fullmatch(code)) and code[8] == body_digit(code[:8])


def is_tax_number(code: str) -> bool:
    """Tell whether 15 characters are a tax number of old: a region and an organisation code."""
    return bool(_TAX.fullmatch(code)) and is_organisation_code(code[6:])


def body_digit(body: str) -> str:
    """Return the check character of an eight-character organisation number (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def last_character(first: str) -> str:
    """Return the check character of a code's first 17 characters (GB 32100)."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first))
    return ALPHABET[-total % 31]


def is_identity_number(text: str) -> bool:
    """Tell whether 18 characters are a resident identity number (GB 11643)."""
    found = _IDENTITY_NUMBER.fullmatch(text)
    return found is not None and _is_day(*map(int, found.groups())) and _ends_as_identity(text)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) >= date(1900, 1, 1)
    except ValueError:
        return False


def _ends_as_identity(text: str) -> bool:
    total = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(text[:17]))
    return text[17] == "10X98765432"[total % 11]
