"""One cell: what a clerk wrote becomes what its column holds, exactly, or a reason why not."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from records import credit_code
from records.models import Record, Subject
from records.schema import FACTS, NO, ORGANISATION, SOLE_TRADER, YES, Field, Shape

FEN = 1_000_000  # in 10,000 yuan, the unit of the exchange schema
_LARGEST_FEN = 2**63 - 1
_EMPTY = {"/", "\\", "-", "—", "——", "无", "空", "NULL"}
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_AMOUNT = re.compile(r"(\d{1,30}|\d{1,3}(?:,\d{3}){1,9})(\.\d{1,30})?(E[+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"([1-9]\d{3})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)
_PACKED_DAY = re.compile(r"([1-9]\d{3})(\d{2})(\d{2})", re.ASCII)
_EXCEL_DAY = re.compile(r"[3-7]\d{4}", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)
# The schema writes a validity without end as this day.
_WITHOUT_END = date(2099, 12, 31)
_FOR_EVER = {"长期", "永久", "长期有效", "永久有效"}
# Two of the law's own names of penalties hold a separator.
_CATEGORY = re.compile(
    r"没收违法所得、没收非法财物|(?:暂扣或者?|暂扣/)?吊销许可证、(?:暂扣或者?吊销)?执照"
    r"|[^;；,，、|/\s]+"
)
_PERSON_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", re.ASCII)


class Unfit(Exception):
    """A cell does not hold what its column asks for."""


def value_of(field: Field, cell: str) -> Any:
    """Return what a cell holds; empty or ``None`` if nothing.

    :raises Unfit: if it does not hold what its column asks for
    """
    text = "" if field.shape is Shape.SECRET else tidy(cell)
    if text:
        return _PARSERS[field.shape](field, text)
    if field.required:
        raise Unfit(_("This field is mandatory."))
    return None if field.shape in (Shape.DATE, Shape.MONEY) else ""


def tidy(cell: str) -> str:
    """Return the text of a cell without margins; the signs for nothing are nothing."""
    text = cell.replace("\ufeff", "").replace("\u200b", "").strip()
    return "" if text.upper() in _EMPTY else text


def _text(field: Field, text: str) -> str:
    if _EXCEL_ERROR.fullmatch(text) or any(_is_control(char) for char in text):
        raise Unfit(_("The cell holds an error or a control character, not text."))
    limit = getattr(_LIMITS.get(field.fact), "max_length", None)
    if limit and len(text) > limit:
        raise Unfit(_("At most %(limit)d characters fit here.") % {"limit": limit})
    return _PERSON_IN_TEXT.sub(_masked, text)


def _is_control(char: str) -> bool:
    return char not in "\r\n\t" and unicodedata.category(char) in ("Cc", "Cs")


def _masked(found: re.Match[str]) -> str:
    number = found[0].upper()
    if not credit_code.is_identity_number(number) or credit_code.check(number).valid:
        return found[0]
    return f"{number[:6]}********{number[-4:]}"


def _document_number(field: Field, text: str) -> str:
    return _text(field, "".join(text.split()))


def _list(field: Field, text: str) -> list[str]:
    found = dict.fromkeys(_CATEGORY.findall(_text(field, text)))
    if not found:
        raise Unfit(_("This field is mandatory."))
    return list(found)


def _day(_field: Field, text: str) -> date:
    compact = _TIME.sub("", unicodedata.normalize("NFKC", text)).replace(" ", "")
    if compact in _FOR_EVER:
        return _WITHOUT_END
    if _EXCEL_DAY.fullmatch(compact):
        return _EXCEL_EPOCH + timedelta(days=int(compact))
    found = _DAY.fullmatch(compact) or _PACKED_DAY.fullmatch(compact)
    try:
        return date(*map(int, found.groups() if found else (0, 0, 0)))
    except ValueError:
        raise Unfit(_("This is not a day; write it as 2026/09/01.")) from None


def _money(_field: Field, text: str) -> int:
    compact = "".join(unicodedata.normalize("NFKC", text).upper().split())
    compact = compact.removesuffix("元").removesuffix("万") if "万" in compact else compact
    if not _AMOUNT.fullmatch(compact):
        raise Unfit(_("This is not an amount in 10,000 yuan."))
    fen = Fraction(compact.replace(",", "")) * FEN
    if fen.denominator != 1:
        raise Unfit(_("The amount is finer than one fen (six decimals of 10,000 yuan)."))
    if fen > _LARGEST_FEN:
        raise Unfit(_("The amount is larger than any amount of money."))
    return int(fen)


def _code(_field: Field, text: str) -> str:
    found = credit_code.check(text, imported=True)
    if not found.valid:
        raise Unfit(" ".join(found.reasons))
    return found.normalised


def _party(_field: Field, text: str) -> str:
    if text not in {*ORGANISATION, SOLE_TRADER}:
        raise Unfit(
            _("Write %(organisation)s or %(trader)s here.")
            % {"organisation": "法人及非法人组织", "trader": SOLE_TRADER}
        )
    return text


def _consent(_field: Field, text: str) -> str:
    if text not in (YES, NO):
        raise Unfit(_("Write %(yes)s or %(no)s here.") % {"yes": YES, "no": NO})
    return text


_PARSERS: dict[Shape, Callable[[Field, str], Any]] = {
    Shape.TEXT: _text,
    Shape.NUMBER: _document_number,
    Shape.LIST: _list,
    Shape.DATE: _day,
    Shape.MONEY: _money,
    Shape.CODE: _code,
    Shape.PARTY: _party,
    Shape.CONSENT: _consent,
}
_LIMITS = {
    "name": Subject._meta.get_field("name"),
    **{name: Record._meta.get_field(name) for name in ("document_number", *FACTS)},
}


def as_reported(field: Field, value: Any) -> str:
    """Return a value as text, one way however it was written."""
    if field.shape is Shape.LIST:
        return ";".join(value)
    if field.shape is Shape.DATE:
        return str(value.isoformat())
    return in_schema_unit(value) if field.shape is Shape.MONEY else str(value)


def in_schema_unit(fen: int) -> str:
    """Return an amount as the exchange schema writes it, in 10,000 yuan, exactly."""
    whole, rest = divmod(fen, FEN)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")
