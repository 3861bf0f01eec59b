"""What the templates show: plain dictionaries."""

from typing import Any

from web.pages.cases import case_line, case_page, entry, facts, findings, time_spent, timeline
from web.pages.lists import page_of, paged
from web.pages.moves import change, demand, exceptional, grants, proposal, stock_change
from web.pages.papers import attachment, letter, message, money, promises, record
from web.pages.work import choice, clock, clock_title, item, left, since, with_days_left

Shown = dict[str, Any]

__all__ = [
    "Shown",
    "attachment",
    "case_line",
    "case_page",
    "change",
    "choice",
    "clock",
    "clock_title",
    "demand",
    "entry",
    "exceptional",
    "facts",
    "findings",
    "grants",
    "item",
    "left",
    "letter",
    "message",
    "money",
    "page_of",
    "paged",
    "promises",
    "proposal",
    "record",
    "since",
    "stock_change",
    "time_spent",
    "timeline",
    "with_days_left",
]
