"""How letters write dates and articles of law."""

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import get_language

from notifications.given import LetterIncomplete

register = template.Library()
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）"})
_MONTHS = {
    1: "January",
    2: "February",
    3: "March",
    4: "April",
    5: "May",
    6: "June",
    7: "July",
    8: "August",
    9: "September",
    10: "October",
    11: "November",
    12: "December",
}


@register.filter
def zh_date(day: Any) -> str:
    """Write a day as 2026年9月30日."""
    return f"{_day(day).year}年{day.month}月{day.day}日"


@register.filter
def en_date(day: Any) -> str:
    """Write a day as 30 September 2026, whatever language the service speaks."""
    return f"{_day(day).day} {_MONTHS[day.month]} {day.year}"


@register.filter
def zh_basis(basis: Any) -> str:
    """Write “行政复议法 §20; 民法典 §203” as 行政复议法第20条；民法典第203条."""
    said = str(basis).replace("; ", "；").replace(", ", "、").replace(" (", "(")
    several = re.sub(r"\s*§\s*(\d+)-(\d+)", r"第\1条至第\2条", said)
    items = re.sub(r"\s*§\s*(\d+)\((\w)\)", r"第\1条第（\2）项", several)
    return re.sub(r"\s*§\s*(\d+)", r"第\1条", items).translate(_FULL_WIDTH)


@register.filter
def cited(basis: Any) -> str:
    """Write a legal basis as the reader's language cites it."""
    return zh_basis(basis) if (get_language() or "").startswith("zh") else str(basis)


def _day(day: Any) -> date:
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    raise LetterIncomplete(f"{day} is not a day")
