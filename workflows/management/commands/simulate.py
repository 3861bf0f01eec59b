"""Ask what would happen to one case, or to all open cases; writes nothing."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from workflows import calendar_sheet, clock, simulation, wording
from workflows.acts import Refused
from workflows.calendar import Calendar
from workflows.management.commanding import PlainCommand, day, number
from workflows.models import Case, Term
from workflows.simulation import Change, Kept, Prospect, StockChange, WhatIf


class Command(PlainCommand):
    """Show every date before and after; exit 2 for a question that cannot be asked."""

    help = "What if: a supplement, a suspension, an extension, another calendar or term."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", nargs="?", help="one case; without it, all open cases")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--supplement", type=number, metavar="DAYS")
        what.add_argument("--suspend", type=number, metavar="DAYS")
        what.add_argument("--extend", type=_extension, metavar="KEY:N")
        what.add_argument("--calendar", type=Path, metavar="FILE")
        what.add_argument("--term", metavar="KEY")
        parser.add_argument("--value", help="what the term would say")
        parser.add_argument("--unit", choices=[str(unit) for unit in clock.Unit])
        parser.add_argument("--from", type=day, metavar="DATE", dest="since")
        parser.add_argument(
            "--move-open", action="store_true", help="put running clocks under the new edition"
        )
        parser.add_argument("--on", type=day, metavar="DATE", help="the day of the question")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        on = options["on"] or localdate(now())
        try:
            self._answer(_what_if(options, on), options, on)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None

    def _answer(self, what_if: WhatIf, options: dict[str, Any], on: date) -> None:
        if options["case"]:
            changes = simulation.of_case(_case(options["case"]), what_if, on=on)
            self._tell_case(changes, as_json=options["json"])
        elif what_if.calendar is None and what_if.term is None:
            raise CommandError(_("Name the case to which this would happen."), returncode=2)
        else:
            found = simulation.of_stock(what_if, on=on)
            self._tell_stock(found, as_json=options["json"])

    def _tell_case(self, changes: list[Change], *, as_json: bool) -> None:
        if as_json:
            self.tell([_told(change) for change in changes])
            return
        for change in changes:
            self.stdout.write(_line(change))

    def _tell_stock(self, found: StockChange, *, as_json: bool) -> None:
        if as_json:
            self.tell(_stock(found))
            return
        for change in found.changes:
            self.stdout.write(_line(change))
        for kept in found.kept:
            self.stdout.write(_kept_line(kept))
        said = _(
            "%(examined)d clocks asked: %(changes)d change, %(overdue)d become overdue, "
            "%(kept)d keep their edition, %(failed)d cannot be asked."
        )
        self.stdout.write(said % {name: _count(each) for name, each in _parts(found).items()})


def _extension(text: str) -> tuple[str, int]:
    key, colon, length = text.rpartition(":")
    if not (colon and key):
        raise ArgumentTypeError(_("“%(text)s” is not written KEY:N.") % {"text": text})
    return key, number(length)


def _what_if(options: dict[str, Any], on: date) -> WhatIf:
    return WhatIf(
        supplement=options["supplement"],
        suspend=options["suspend"],
        extend=options["extend"],
        calendar=_calendar(options["calendar"]),
        term=_term(options, on),
        moves_open=options["move_open"],
    )


def _calendar(path: Path | None) -> Calendar | None:
    if path is None:
        return None
    try:
        return calendar_sheet.supposed(calendar_sheet.read(path))
    except OSError as unread:
        raise CommandError(f"{path.name}: {unread.strerror}", returncode=2) from None


def _term(options: dict[str, Any], on: date) -> Term | None:
    key, value = options["term"], options["value"]
    if (key is None) != (value is None):
        raise CommandError(_("--term and --value go together."), returncode=2)
    if key is None:
        return None
    since = options["since"] or on
    return simulation.edition(key, value=value, unit=options["unit"], since=since)


def _case(reference: str) -> Case:
    case: Case | None = Case.objects.filter(reference=reference).first()
    if case is None:
        said = _("There is no case “%(reference)s”.") % {"reference": reference}
        raise CommandError(said, returncode=1)
    return case


def _line(change: Change) -> str:
    before, after = _short(change.before), _short(change.after)
    return f"{change.deadline.case.reference}\t{change.deadline.term.key}\t{before} → {after}"


def _short(prospect: Prospect) -> str:
    on = prospect.due.on or _("stands still")
    sure = f" ({_('provisional date')})" if prospect.due.provisional else ""
    return f"{on}{sure} {wording.LIGHTS[prospect.light]}"


def _kept_line(kept: Kept) -> str:
    return f"{kept.deadline.case.reference}\t{kept.deadline.term.key}\t{kept.reason}"


def _told(change: Change) -> dict[str, Any]:
    return {
        "case": change.deadline.case.reference,
        "key": change.deadline.term.key,
        "purpose": change.deadline.purpose,
        "before": _in_full(change, change.before),
        "after": _in_full(change, change.after),
        "moved": change.has_moved,
        "becomes_overdue": change.becomes_overdue,
    }


def _in_full(change: Change, prospect: Prospect) -> dict[str, Any]:
    return {
        "due": prospect.due.on,
        "provisional": prospect.due.provisional,
        "light": prospect.light,
        "explanation": change.explained(prospect),
    }


def _stock(found: StockChange) -> dict[str, Any]:
    parts = _parts(found)
    return {
        **parts,
        "changes": [_told(change) for change in found.changes],
        "overdue": [change.deadline.case.reference for change in found.overdue],
        "kept": [_told_kept(kept) for kept in found.kept],
    }


def _told_kept(kept: Kept) -> dict[str, Any]:
    return {
        "case": kept.deadline.case.reference,
        "key": kept.deadline.term.key,
        "governed_on": kept.deadline.case.governed_on,
        "reason": kept.reason,
    }


def _parts(found: StockChange) -> dict[str, Any]:
    return {
        "examined": found.examined,
        "changes": found.changes,
        "overdue": found.overdue,
        "kept": found.kept,
        "failed": found.failed,
    }


def _count(part: Any) -> int:
    return part if isinstance(part, int) else len(part)
