"""Watch over the sweep from a process of its own, which needs neither broker nor worker."""

import logging
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils.timezone import now

from workflows import heartbeat
from workflows.management.commanding import PlainCommand

log = logging.getLogger(__name__)


class Command(PlainCommand):
    """Look each minute until stopped, first when a sweep has had its time; alarm when due."""

    help = "Raise an alarm when the deadlines are not swept, and tell when they are again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once; exit 1 if not well")

    def handle(self, **options: Any) -> None:
        if options["once"]:
            sys.exit(0 if heartbeat.watch(now()) else 1)
        time.sleep(settings.HEARTBEAT_MAX_AGE_SECONDS)
        while True:
            self._look()
            time.sleep(settings.WATCH_INTERVAL_SECONDS)

    def _look(self) -> None:
        close_old_connections()
        try:
            heartbeat.watch(now())
        except Exception:  # a watch that ends watches over nothing
            log.exception("the watch failed; it goes on")
