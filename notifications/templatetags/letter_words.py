"""How letters write dates and articles of law."""

import re
from datetime import date, datetime
from typing import Any

from django import template

from notifications.given import LetterIncomplete

register = template.Library()
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
    return re.sub(r"\s*§\s*(\d+)", r"第\1条", str(basis)).replace("; ", "；")


def _day(day: Any) -> date:
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    raise LetterIncomplete(f"{day} is not a day")
