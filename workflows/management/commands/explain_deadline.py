"""Say when a period ends and why, sentence by sentence; asks nothing of any case."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import override

from workflows import clock, policy, wording
from workflows.calendar import ONE_DAY, Calendar
from workflows.clock import Conventions, Due, Event, Period, Unit
from workflows.management.commanding import PlainCommand, day, number
from workflows.models import Day

KEY, GIVEN = "given", "given"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Command(PlainCommand):
    """Count a period from a day, with pauses and an extension, and explain every step."""

    help = "Explain when a period ends: working days (WD), calendar days (CD) or months (M)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--start", type=day, required=True, help="the day it starts")
        parser.add_argument("--length", type=number, required=True)
        parser.add_argument("--unit", choices=[str(unit) for unit in Unit], required=True)
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--act", action="store_true", help="a period for doing an act (default)")
        kind.add_argument("--publication", action="store_true", help="a period of publication")
        parser.add_argument(
            "--pause", type=_pause, action="append", default=[], metavar="FROM:TO", dest="pauses"
        )
        parser.add_argument("--extend", type=number, default=0, metavar="N")
        parser.add_argument("--lang", choices=LANGUAGES, default="zh")

    def handle(self, **options: Any) -> None:
        calendar = self._calendar()
        with override(LANGUAGES[options["lang"]]):
            due = _due(calendar, self._conventions(options["start"]), options)
            self.tell(_answer(due, _unknown(due, calendar)))

    def _calendar(self) -> Calendar:
        try:
            days = dict(Day.objects.values_list("day", "is_worked"))
        except DatabaseError:
            days = {}  # the file that is shipped says the same
        shipped = policy.LAW / "days.csv"
        return policy.calendar_of(days or {d.day: d.is_worked for d in policy.days_in(shipped)})

    def _conventions(self, on: date) -> Conventions:
        try:
            return policy.conventions_on(on)
        except (DatabaseError, policy.NoTermInForce):
            return clock.USUAL


def _pause(text: str) -> tuple[date, date]:
    since, colon, to = text.partition(":")
    if not colon:
        raise ArgumentTypeError(_("“%(text)s” is not a pause written FROM:TO.") % {"text": text})
    span = day(since), day(to)
    if span[1] < span[0]:
        raise ArgumentTypeError(_("The pause %(text)s ends before it begins.") % {"text": text})
    return span


def _due(calendar: Calendar, conventions: Conventions, options: dict[str, Any]) -> Due:
    period = Period(
        KEY,
        options["length"],
        Unit(options["unit"]),
        starts=(GIVEN,),
        rolls=not options["publication"],
    )
    try:
        return clock.due(list(_events(options)), period, calendar, conventions)
    except (OverflowError, ValueError):
        raise CommandError(_("The period is too long to be counted."), returncode=2) from None


def _events(options: dict[str, Any]) -> Iterator[Event]:
    start = options["start"]
    yield Event(GIVEN, start, {})
    turns = [
        (on, kind) for pause in options["pauses"] for on, kind in zip(pause, _TURNS, strict=True)
    ]
    for on, kind in sorted(turns, key=_in_turn):
        if on < start:
            raise CommandError(_("A pause cannot begin before the start."), returncode=2)
        yield Event(kind, on, {"keys": [KEY]})
    if options["extend"]:
        yield Event(clock.EXTENDED, start, {"keys": [KEY], "length": options["extend"]})


def _in_turn(turn: tuple[date, str]) -> tuple[date, int]:
    return turn[0], _TURNS.index(turn[1])


_TURNS = (clock.PAUSED, clock.RESUMED)


def _unknown(due: Due, calendar: Calendar) -> list[str]:
    first = min([*calendar.holidays, *calendar.makeup_days], default=date.max).replace(
        month=1, day=1
    )
    if due.start is None or due.start >= first:
        return []
    return [_("No calendar is known before %(year)d: only weekends rest.") % {"year": first.year}]


def _answer(due: Due, more: list[str]) -> dict[str, Any]:
    assert due.on is not None
    return {
        "due": due.on,
        "provisional": due.provisional,
        "explanation": [*_explanation(due), *more, wording.conclusion(due)],
        "excluded": _excluded(due),
        "worked_weekends": _worked_weekends(due),
    }


def _explanation(due: Due) -> list[str]:
    return wording.explanation(due, {GIVEN: _("the day given")})


def _excluded(due: Due) -> list[date]:
    if due.period.unit == Unit.WORKING_DAYS:
        return list(due.excluded)
    if due.rolled_from is None or due.on is None:
        return []
    return [due.rolled_from + n * ONE_DAY for n in range((due.on - due.rolled_from).days)]


def _worked_weekends(due: Due) -> list[date]:
    if due.period.unit != Unit.WORKING_DAYS:
        return []
    return [d for d in due.worked_weekends if not any(pause.holds(d) for pause in due.pauses)]
