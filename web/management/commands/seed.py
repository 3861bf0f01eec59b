"""Plant a realistic stock of cases, to see the service as large as it may become."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _
from tqdm import tqdm

from web.management.law import load_all
from web.management.pouring import settle
from web.management.stock import plant


class Command(BaseCommand):
    """Plant obviously invented cases by the ten thousand; refused outside a demonstration."""

    help = "Plant so many invented cases, most of them open, over forty invented units."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, required=True)
        parser.add_argument(
            "--open-share", type=float, default=1.0, help="how many of them are open; 1 is all"
        )

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Invented cases are planted in a demonstration only (DEMO)."))
        at, began = now(), time.monotonic()
        load_all(units=None, at=at)
        with tqdm(total=options["cases"], unit=_(" cases"), disable=not sys.stderr.isatty()) as bar:
            plant(options["cases"], at=at, open_share=options["open_share"], planted=bar.update)
        settle()
        self.stdout.write(
            _("%(cases)d cases planted in %(seconds).0f s.")
            % {"cases": options["cases"], "seconds": time.monotonic() - began}
        )
