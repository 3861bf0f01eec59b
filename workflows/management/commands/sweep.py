"""Do now what the timetable does each minute: find what is due and act on it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.utils.timezone import now

from workflows import escalation, related
from workflows.management.commanding import PlainCommand, instant


class Command(PlainCommand):
    """Sweep the deadlines once; exit 1 when it failed on one of them."""

    help = "Do everything that is due, as JSON: how much was examined, told and failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", type=instant, metavar="ISO", help="now, if not given")

    def handle(self, **options: Any) -> None:
        at = options["at"] or now()
        related.run(at=at)
        related.open_found(at=at)
        beat = escalation.sweep(at=at)
        self.tell({"examined": beat.examined, "told": beat.told, "failed": beat.failed})
        if beat.failed:
            sys.exit(1)
