"""Load rule values, the calendar and, if files are given, units and items."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from web.management.law import load_all
from web.management.operators import make_group
from workflows.acts import Refused


class Command(BaseCommand):
    """Add what is not there yet and leave what is there as it is; exit 1 when refused."""

    help = "Load the rule values of every case type, the working calendar and a file of units."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--units",
            type=Path,
            help="a csv file: code, name, name_en, credit_code, is_credit_office (yes)",
        )
        parser.add_argument(
            "--items",
            type=Path,
            help="a csv file of the items for which a commitment may be made",
        )

    def handle(self, **options: Any) -> None:
        try:
            new = load_all(units=options["units"], items=options["items"], at=now())
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from None
        make_group()
        self.stdout.write(
            _(
                "New: %(units)d units, %(terms)d rule values, %(calendar)d days of the calendar, "
                "%(items)d items."
            )
            % new
        )
