"""What the templates show: plain dictionaries."""

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
    files_of,
    tied,
    time_spent,
)
from web.pages.history import given_back
from web.pages.lists import narrowed_by, page_of, paged
from web.pages.moves import (
    change,
    exceptional,
    extensions,
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
    offer,
    record,
    services,
)
from web.pages.party import course, rating, told_about, told_to_anyone
from web.pages.route import route
from web.pages.step import actions, with_answers
from web.pages.watched import answer_by, demand, watched
from web.pages.work import choice, clock, clock_title, item, left, since, with_days_left

__all__ = [
    "ASKED_FOR",
    "actions",
    "answer_by",
    "attachment",
    "awaited",
    "case_head",
    "case_line",
    "case_page",
    "change",
    "choice",
    "clock",
    "clock_title",
    "course",
    "demand",
    "entry",
    "exceptional",
    "extensions",
    "facts",
    "files_of",
    "given_back",
    "grants",
    "in_place_of",
    "item",
    "left",
    "letter",
    "message",
    "narrowed_by",
    "offer",
    "page_of",
    "paged",
    "proposal",
    "proposals_to_decide",
    "rating",
    "record",
    "recusal",
    "request",
    "returned",
    "route",
    "services",
    "since",
    "staff_of",
    "stock_change",
    "tied",
    "time_spent",
    "told_about",
    "told_to_anyone",
    "verbs",
    "watched",
    "with_answers",
    "with_days_left",
]
