"""Load the calendar of a year and say which dates of open cases move."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workflows import calendars
from workflows.calendar_sheet import CalendarRefused
from workflows.calendars import CalendarChange, Move
from workflows.management.commanding import PlainCommand


class Command(PlainCommand):
    """Replace the calendar of one year, whole or not at all; exit 2 when the file is wrong."""

    help = "Load the working calendar of one year from a csv file: date,kind,name,notice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would move")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            change = calendars.load(path, by=None, at=now(), dry_run=options["dry_run"])
        except CalendarRefused as refused:
            raise CommandError(f"{path.name}: {refused}", returncode=2) from None
        except OSError as unread:
            raise CommandError(f"{path.name}: {unread.strerror}", returncode=2) from None
        self._tell(change, foreseen=options["dry_run"])

    def _tell(self, change: CalendarChange, *, foreseen: bool) -> None:
        for move in change.moves:
            self.stdout.write(_line(move))
        self.stdout.write(
            _(
                "Calendar %(year)d, version %(version)d: %(added)d days added, "
                "%(changed)d changed, %(removed)d removed; %(moves)d dates move."
            )
            % {**vars(change), "moves": len(change.moves)}
        )
        if foreseen:
            self.stdout.write(_("Nothing was written."))
        if change.failed:
            names = _(", ").join(change.failed)
            said = _("Not moved, load the file again: %(names)s.")
            self.stderr.write(said % {"names": names})
            sys.exit(1)


def _line(move: Move) -> str:
    old, new = _date(move.old, move.was_provisional), _date(move.new, move.is_provisional)
    return f"{move.case}\t{move.key}\t{old} → {new}"


def _date(day: date | None, is_provisional: bool) -> str:
    if day is None:
        return _("stands still")
    return f"{day} ({_('provisional date')})" if is_provisional else f"{day}"
