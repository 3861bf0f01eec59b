"""What the templates show: plain dictionaries."""

from typing import Any

from web.pages.beside import (
    ASKED_FOR,
    awaited,
    in_place_of,
    recusal,
    request,
    returned,
    verbs,
)
from web.pages.cases import (
    case_head,
    case_line,
    case_page,
    entry,
    facts,
    tied,
    time_spent,
    timeline,
)
from web.pages.lists import page_of, paged
from web.pages.moves import (
    change,
    demand,
    exceptional,
    grants,
    proposal,
    proposals_to_decide,
    staff_of,
    stock_change,
)
from web.pages.papers import (
    attachment,
    letter,
    message,
    money,
    offer,
    record,
    services,
)
from web.pages.work import choice, clock, clock_title, item, left, since, with_days_left

Shown = dict[str, Any]

__all__ = [
    "ASKED_FOR",
    "Shown",
    "attachment",
    "awaited",
    "case_head",
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
    "grants",
    "in_place_of",
    "item",
    "left",
    "letter",
    "message",
    "money",
    "offer",
    "page_of",
    "paged",
    "proposal",
    "proposals_to_decide",
    "record",
    "recusal",
    "request",
    "returned",
    "services",
    "since",
    "staff_of",
    "stock_change",
    "tied",
    "time_spent",
    "timeline",
    "verbs",
    "with_days_left",
]
