"""The numbers organisations had before the unified code, as a row of a file states them."""

import re
from collections.abc import Callable
from datetime import date

from records import credit_code
from records.models import Alias

_DAY_OF_BIRTH = re.compile(r"\d{6}(\d{2})(\d{2})(\d{2})\d{3}", re.ASCII)


def read(kind: str, text: str) -> str:
    """Return a number as it is stored, or nothing when it is none of its kind."""
    number = credit_code.normalised(text)
    return number if _READERS[kind](number) else ""


def _registration_number(number: str) -> bool:
    return credit_code.is_registration_number(number) and not _may_be_a_person(number)


def _may_be_a_person(number: str) -> bool:
    # Identity numbers had 15 digits too. Rather lose an alias than keep a person's number.
    found = _DAY_OF_BIRTH.fullmatch(number)
    try:
        return found is not None and bool(date(1900 + int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return False


_READERS: dict[str, Callable[[str], bool]] = {
    Alias.Kind.REGISTRATION_NUMBER: _registration_number,
    Alias.Kind.ORGANISATION_CODE: credit_code.is_organisation_code,
    Alias.Kind.TAX_NUMBER: credit_code.is_tax_number,
}
