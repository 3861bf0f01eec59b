"""How events, lengths of time and due dates are told to people, in the language they read."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflows.calendar import ONE_DAY
from workflows.clock import SERVED, Due, Light, Period, Span, Unit

STATUTORY = frozenset({"S", "M+", "seed", "C"})
OFFICE = "L"
_FEN, _TOO_MUCH = 100, 10**15
_AROUND_AN_AMOUNT = re.compile(r"[,，\s元]")

LIGHTS: Mapping[Light, Any] = {
    Light.GREEN: gettext_lazy("On time"),
    Light.AMBER: gettext_lazy("Due soon"),
    Light.RED: gettext_lazy("Overdue"),
    Light.GREY: gettext_lazy("Paused"),
}

EVENTS: Mapping[str, Any] = {
    "received": gettext_lazy("Application received"),
    "opened": gettext_lazy("Step opened"),
    "claimed": gettext_lazy("Step claimed"),
    "released": gettext_lazy("Step put back"),
    "completed": gettext_lazy("Step completed"),
    "lapsed": gettext_lazy("No answer in time"),
    "cancelled": gettext_lazy("Step cancelled"),
    "concluded": gettext_lazy("Route ended; something beside it is still open"),
    "closed": gettext_lazy("Case closed"),
    "asked_beside": gettext_lazy("Asked beside the step"),
    "opinions_asked": gettext_lazy("Other units asked for their opinion"),
    "opinion_taken_back": gettext_lazy("Question to another unit taken back"),
    "opinions_complete": gettext_lazy("All opinions are in"),
    "transfer_asked": gettext_lazy("Transfer to another unit asked for"),
    "transferred": gettext_lazy("Transferred to another unit"),
    "transfer_given_back": gettext_lazy("Transfer given back"),
    "returned": gettext_lazy("Returned to the step before"),
    "case_opened": gettext_lazy("Another case opened"),
    "errand_failed": gettext_lazy("What another case asked for could not be done"),
    "overrun": gettext_lazy("Consequence of the delay"),
    "clock_started": gettext_lazy("Clock started"),
    "clock_paused": gettext_lazy("Clock stands still"),
    "clock_resumed": gettext_lazy("Clock runs again"),
    "clock_extended": gettext_lazy("Time extended"),
    "clock_moved": gettext_lazy("Due date moved"),
    "shortening_told": gettext_lazy("Earlier date announced"),
    "calendar_loaded": gettext_lazy("Calendar loaded"),
    "clock_ended": gettext_lazy("Clock ended"),
    "reminded": gettext_lazy("Handler reminded"),
    "escalated": gettext_lazy("Supervisors told"),
    "deemed_accepted": gettext_lazy("Deemed accepted by law"),
    "deemed": gettext_lazy("Silence taken for an answer"),
    "deeming_announced": gettext_lazy("Deemed acceptance announced"),
    "urged": gettext_lazy("Supervisor pressed for action"),
    "explanation_asked": gettext_lazy("Supervisor requested an explanation"),
    "urging_answered": gettext_lazy("Demand answered"),
    "rated": gettext_lazy("Rated by the party"),
    "rating_followed_up": gettext_lazy("Called back after a poor rating"),
    "reassigned": gettext_lazy("Step handed to another person"),
    "proposed": gettext_lazy("Proposed"),
    "proposal_granted": gettext_lazy("Proposal granted"),
    "proposal_refused": gettext_lazy("Proposal refused"),
    "suspended": gettext_lazy("Case suspended"),
    "resumed": gettext_lazy("Case resumed"),
    "cause_ended": gettext_lazy("One cause of the suspension ended"),
    "recused": gettext_lazy("Person recused"),
    "start_corrected": gettext_lazy("Start of a clock corrected"),
    "letter_issued": gettext_lazy("Letter issued"),
    "publication_stopped": gettext_lazy("Publication stopped"),
    "publication_confirmed": gettext_lazy("Looked at every place"),
    "publication_withheld": gettext_lazy("Display withheld"),
    "publication_released": gettext_lazy("Withholding ended"),
    "publication_resumed": gettext_lazy("Publication resumed"),
    "record_marked": gettext_lazy("Marked as objected to"),
    "record_unmarked": gettext_lazy("Mark of the objection taken off"),
    "record_removed": gettext_lazy("Record removed"),
    "record_corrected": gettext_lazy("Record corrected"),
    "record_fulfilled": gettext_lazy("Duty noted as fulfilled"),
    "alias_added": gettext_lazy("Alias added"),
    "edition_added": gettext_lazy("New edition in force"),
    "loaded": gettext_lazy("Loaded"),
    "records_imported": gettext_lazy("Records imported"),
    "people_made": gettext_lazy("People of the demonstration made"),
    "planted": gettext_lazy("Cases of the demonstration made"),
    "user_added": gettext_lazy("Account made"),
    "user_changed": gettext_lazy("Account changed"),
    "password_set": gettext_lazy("Password set by an operator"),
    "token_revoked": gettext_lazy("Token revoked"),
    "unit_added": gettext_lazy("Unit entered"),
    "unit_changed": gettext_lazy("Unit changed"),
    "membership_added": gettext_lazy("Duty given"),
    "membership_changed": gettext_lazy("Duty changed or ended"),
    "substitution_added": gettext_lazy("Substitute entered"),
    "substitution_changed": gettext_lazy("Substitution changed or ended"),
    "representation_added": gettext_lazy("Right to act for an organisation given"),
    "representation_changed": gettext_lazy("Right to act changed or ended"),
    "item_added": gettext_lazy("Item entered"),
    "item_changed": gettext_lazy("Item renamed"),
    "itemversion_added": gettext_lazy("Version of an item drafted"),
    "itemversion_changed": gettext_lazy("Draft of a version changed"),
    "itemversion_published": gettext_lazy("Version of an item published"),
    "delivery_retried": gettext_lazy("Deliveries tried again"),
    "view_kept": gettext_lazy("View of a list kept"),
    "view_shared": gettext_lazy("View shared, or no longer"),
    "view_dropped": gettext_lazy("View dropped"),
    "malware_found": gettext_lazy("Malware found in a file"),
    "looked_up": gettext_lazy("Organisation looked up at the counter"),
}


def source(basis: str) -> str:
    """Return the document a basis names, without the remark in brackets that staff read."""
    return basis.partition("（")[0].strip()


def money(fen: int | None) -> str:
    """Return an amount of fen in yuan, without a fraction where it is whole."""
    if fen is None:
        return ""
    yuan = Decimal(fen) / _FEN
    return _("%(n)s yuan") % {"n": f"{yuan:,.2f}" if fen % _FEN else f"{yuan:,.0f}"}


def fen_in(said: str) -> int | None:
    """Return the fen of an amount that somebody wrote in yuan; nothing if it is no amount."""
    try:
        amount = Decimal(_AROUND_AN_AMOUNT.sub("", said)) * _FEN
    except InvalidOperation:
        return None
    is_amount = amount.is_finite() and 0 <= amount < _TOO_MUCH and amount == int(amount)
    return int(amount) if is_amount else None


def event(kind: str) -> Any:
    """Return what an event of the engine is called."""
    return _("Letter served") if kind.startswith(SERVED) else EVENTS.get(kind, kind)


def certainty(tag: str) -> str:
    """Return how far a value can be relied on; only a confirmed one is called statutory."""
    if tag in STATUTORY:
        return _("statutory limit")
    return _("office's own limit") if tag == OFFICE else _("basis to be confirmed")


def clock_time(at: datetime | None) -> str:
    """Return hour and minute of an instant as a clock on the wall shows them, if it is known."""
    return f"{localtime(at):%H:%M}" if at else ""


def length(period: Period) -> str:
    """Return a length of time in words."""
    return _counted(period.length, period.unit)


def _counted(n: int, unit: Unit) -> str:
    if unit == Unit.MONTHS:
        said = ngettext("%(n)s month", "%(n)s months", n)
    elif unit == Unit.CALENDAR_DAYS:
        said = ngettext("%(n)s calendar day", "%(n)s calendar days", n)
    elif n == 0:
        return _("the same working day")
    else:
        said = ngettext("%(n)s working day", "%(n)s working days", n)
    return said % {"n": n}


def explanation(due: Due, moves: Mapping[str, Any]) -> list[str]:
    """Return why a clock ends when it does, sentence by sentence."""
    if due.start is None:
        said = _("Starts on the day the letter is served; it then runs %(length)s.")
        return [said % {"length": length(due.period)}]
    started = moves.get(due.started_by) or event(due.started_by)
    first = _("Starts with “%(event)s” on %(day)s, which is not counted; it runs %(length)s.") % {
        "event": started,
        "day": date_format(due.start),
        "length": length(due.period),
    }
    return [first, *_extension(due), *_pauses(due), *_counting(due), *_ending(due)]


def conclusion(due: Due) -> str:
    """Return the sentence that ends an explanation: the date itself."""
    if due.on is None:
        return _("There is no date before it runs again.")
    return _("So it ends with the end of %(day)s.") % {"day": date_format(due.on)}


def _extension(due: Due) -> Iterable[str]:
    if due.extended_by:
        yield _("Extended by %(n)s.") % {"n": _counted(due.extended_by, due.period.unit)}


def _pauses(due: Due) -> Iterable[str]:
    for span in due.pauses:
        if due.on is None or span.after < due.on:
            yield _pause(span)
    stood = [day for span in due.pauses for day in _stood(span, due)]
    if stood:
        yield _("Not counted, as it stood still: %(days)s.") % {"days": _days(stood)}


def _pause(span: Span) -> str:
    if span.to is None:
        return _("It stands still since %(day)s.") % {"day": date_format(span.after)}
    said = _("It stood still after %(first)s, up to and including %(last)s.")
    return said % {"first": date_format(span.after), "last": date_format(span.to)}


def _stood(span: Span, due: Due) -> list[date]:
    """Return the days of a pause, now over, that would have been counted."""
    if span.to is None or due.on is None or span.after >= due.on:
        return []
    days = [span.after + (n + 1) * ONE_DAY for n in range((span.to - span.after).days)]
    rests = due.excluded if due.period.unit == Unit.WORKING_DAYS else ()
    return [day for day in days if day not in rests]


def _counting(due: Due) -> Iterable[str]:
    if due.period.unit != Unit.WORKING_DAYS:
        return
    made_up = [d for d in due.worked_weekends if not any(span.holds(d) for span in due.pauses)]
    if due.excluded:
        yield _("Rest days, not counted: %(days)s.") % {"days": _days(due.excluded)}
    if made_up:
        yield _("Weekend days worked, counted: %(days)s.") % {"days": _days(made_up)}


def _ending(due: Due) -> Iterable[str]:
    if due.on in due.excluded:
        yield _("The last day is a rest day; a period of publication does not move for it.")
    if due.rolled_from:
        yield _("The last day, %(day)s, is a rest day: it moves to the next working day.") % {
            "day": date_format(due.rolled_from)
        }
    if due.provisional:
        yield _("Provisional: the calendar of that year has not been published.")


def _days(days: Iterable[date]) -> str:
    return _(", ").join(f"{day:%m-%d}" for day in days)
