"""Say whether a unified social credit code is valid, and why not, as JSON."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from records import credit_code


class Command(BaseCommand):
    """Print valid, normalised, kind, reasons and warnings; exit 1 when the code is not valid."""

    help = "Check a unified social credit code and print what was found as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the code, as written")
        parser.add_argument(
            "--imported",
            action="store_true",
            help="a wrong inner check digit is a warning only",
        )

    def handle(self, **options: Any) -> None:
        found = credit_code.check(options["code"], imported=options["imported"])
        self.stdout.write(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        if not found.valid:
            sys.exit(1)
