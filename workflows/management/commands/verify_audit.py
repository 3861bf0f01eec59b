"""Recompute every hash chain of the log; exit 1 if one is broken."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from tqdm import tqdm

from workflows import audit
from workflows.models import Entry

CHUNK = 5_000


class Command(BaseCommand):
    """Read the log from one end to the other, whatever its length, and name every break."""

    help = "Verify the hash chains of the log: all of them, or one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stream", metavar="REF", help="one case number or stream only")

    def handle(self, **options: Any) -> None:
        began, read = time.monotonic(), _Counted(_entries(options["stream"]))
        broken = 0
        for entry, why in audit.verify(read):
            self.stderr.write(f"{entry.stream}#{entry.seq}: {why}")
            broken += 1
        self.stdout.write(
            _("%(entries)d entries checked in %(seconds).1f s; %(broken)d breaks.")
            % {
                "entries": read.count,
                "seconds": time.monotonic() - began,
                "broken": broken,
            }
        )
        if broken:
            sys.exit(1)


class _Counted:
    """Entries on their way to be checked, counted as they pass."""

    def __init__(self, entries: QuerySet[Entry]) -> None:
        self.entries, self.count = entries, 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in _shown(self.entries.iterator(chunk_size=CHUNK)):
            self.count += 1
            yield entry


def _entries(stream: str | None) -> QuerySet[Entry]:
    entries = Entry.objects.order_by("stream", "seq").prefetch_related("values")
    if not stream:
        return entries
    if not Entry.objects.filter(stream=stream).exists():
        raise CommandError(_("The log has no stream “%(name)s”.") % {"name": stream})
    return entries.filter(stream=stream)


def _shown(entries: Iterable[Entry]) -> Iterable[Entry]:
    shown: Iterable[Entry] = tqdm(entries, unit=_(" entries"), disable=not sys.stderr.isatty())
    return shown
