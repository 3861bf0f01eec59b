"""How events, lengths of time and due dates are told to people, in the language they read."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflows.clock import Due, Light, Period, Span, Unit

STATUTORY = frozenset({"S", "M+", "seed", "C"})
OFFICE = "L"

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
    "closed": gettext_lazy("Case closed"),
    "clock_started": gettext_lazy("Clock started"),
    "clock_paused": gettext_lazy("Clock stands still"),
    "clock_resumed": gettext_lazy("Clock runs again"),
    "clock_extended": gettext_lazy("Time extended"),
    "clock_moved": gettext_lazy("Due date moved"),
    "clock_ended": gettext_lazy("Clock ended"),
    "reminded": gettext_lazy("Handler reminded"),
    "escalated": gettext_lazy("Supervisors told"),
    "publication_stopped": gettext_lazy("Publication stopped"),
    "publication_confirmed": gettext_lazy("Looked at every place"),
}


def certainty(tag: str) -> str:
    """Return how far a value can be relied on; only a confirmed one is called statutory."""
    if tag in STATUTORY:
        return _("statutory limit")
    return _("office's own limit") if tag == OFFICE else _("basis to be confirmed")


def length(period: Period) -> str:
    """Return a length of time in words."""
    if period.unit == Unit.MONTHS:
        said = ngettext("%(n)s month", "%(n)s months", period.length)
    elif period.unit == Unit.CALENDAR_DAYS:
        said = ngettext("%(n)s calendar day", "%(n)s calendar days", period.length)
    elif period.length == 0:
        return _("the same working day")
    else:
        said = ngettext("%(n)s working day", "%(n)s working days", period.length)
    return said % {"n": period.length}


def explanation(due: Due, moves: Mapping[str, Any]) -> list[str]:
    """Return why a clock ends when it does, sentence by sentence."""
    started = moves.get(due.started_by) or EVENTS.get(due.started_by, due.started_by)
    first = _("Starts with “%(event)s” on %(day)s, which is not counted; it runs %(length)s.") % {
        "event": started,
        "day": date_format(due.start),
        "length": length(due.period),
    }
    return [first, *_extension(due), *map(_pause, due.pauses), *_counting(due)]


def _extension(due: Due) -> Iterable[str]:
    if due.extended_by:
        yield _("Extended by %(n)s.") % {"n": due.extended_by}


def _pause(span: Span) -> str:
    if span.to is None:
        return _("It stands still since %(day)s.") % {"day": date_format(span.after)}
    said = _("It stood still after %(first)s, up to and including %(last)s.")
    return said % {"first": date_format(span.after), "last": date_format(span.to)}


def _counting(due: Due) -> Iterable[str]:
    if due.period.unit == Unit.WORKING_DAYS and due.excluded:
        yield _("Rest days, not counted: %(days)s.") % {"days": _days(due.excluded)}
    if due.period.unit == Unit.WORKING_DAYS and due.worked_weekends:
        yield _("Weekend days worked, counted: %(days)s.") % {"days": _days(due.worked_weekends)}
    if due.rolled_from:
        yield _("The last day, %(day)s, is a rest day: it moves to the next working day.") % {
            "day": date_format(due.rolled_from)
        }
    if due.provisional:
        yield _("Provisional: the calendar of that year has not been published.")


def _days(days: Iterable[date]) -> str:
    return _(", ").join(f"{day:%m-%d}" for day in days)
