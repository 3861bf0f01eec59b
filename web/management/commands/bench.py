"""Measure the service beside hand-written SQL and beside plain viewflow, in turns."""

import json
import platform
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import override_settings
from django.utils.timezone import now
from tqdm import tqdm

from web.management import late
from web.management.acts import WHOLE, Acts
from web.management.law import load_all
from web.management.pouring import settle
from web.management.reads import Reads, plant_plain
from web.management.stock import plant
from web.management.timing import SIDES, Times, table
from workflows.models import WorkItem


class Command(BaseCommand):
    """Work on databases of its own, made for it and dropped afterwards; prints a table."""

    help = "Measure acts and pages at several volumes; the data of the service is not touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sizes", default="10000", help="open work items, e.g. 10000,100000,1000000"
        )
        parser.add_argument("--rounds", type=int, default=20)
        parser.add_argument("--json", type=Path, metavar="FILE")
        parser.add_argument(
            "--keep", action="store_true", help="leave the databases, and use those left before"
        )

    def handle(self, **options: Any) -> None:
        times, sizes = Times(), [int(size) for size in options["sizes"].split(",")]
        with _apart():
            for size in sizes:
                with _database(f"xinban_bench_{size}", keep=options["keep"]):
                    _measure(times, size, options["rounds"], with_acts=size == sizes[0])
            rows = times.rows()
            about = _about()
        self._tell(rows, about)
        if options["json"]:
            told = json.dumps({**about, "rows": rows}, ensure_ascii=False, indent=1)
            options["json"].write_text(told + "\n", encoding="utf-8")

    def _tell(self, rows: list[dict[str, Any]], about: dict[str, Any]) -> None:
        for line in table(rows):
            self.stdout.write(line)
        for row in rows:
            if row["what"] == WHOLE:
                rates = [f"{side} {1000 / row[side]['p50_ms']:.1f}" for side in SIDES]
                self.stdout.write(f"cases per second in one process: {', '.join(rates)}")
        self.stdout.write(", ".join(f"{name} {value}" for name, value in about.items()))


def _measure(times: Times, size: int, rounds: int, *, with_acts: bool) -> None:
    _fill(size)
    contests: list[Acts | Reads] = [Reads(times, size)]
    if with_acts:
        contests.append(Acts(times, size))
    for contest in contests:
        contest.rehearse()
    for _round in tqdm(range(rounds), desc=f"{size}", disable=not sys.stderr.isatty()):
        for contest in contests:
            contest.round()
    for contest in contests:
        contest.hand.close()
    late.measure(times, size)


def _fill(size: int) -> None:
    """Plant what is missing, for both sides."""
    load_all(units=None, at=now())
    missing = size - WorkItem.objects.count()
    with tqdm(total=max(missing, 0), unit=" cases", disable=not sys.stderr.isatty()) as bar:
        plant(missing, at=now(), planted=bar.update)
    plant_plain(size)
    settle()


@contextmanager
def _apart() -> Iterator[None]:
    """Keep files, addresses and hosts of the service out of it."""
    with (
        TemporaryDirectory() as files,
        override_settings(
            MEDIA_ROOT=files,
            ROOT_URLCONF="web.management.addresses",
            ALLOWED_HOSTS=["testserver"],
            SECURE_SSL_REDIRECT=False,
        ),
    ):
        yield


@contextmanager
def _database(name: str, *, keep: bool) -> Iterator[None]:
    """Work on a database of this name, made if need be, and come back to the one before."""
    before = connection.settings_dict["NAME"]
    _make(name, anew=not keep)
    _turn_to(name)
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        yield
    finally:
        _turn_to(before)
        if not keep:
            _run(f'DROP DATABASE "{name}"')


def _make(name: str, *, anew: bool) -> None:
    if anew:
        _run(f'DROP DATABASE IF EXISTS "{name}"')
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return
    _run(f'CREATE DATABASE "{name}"')


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _about() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    load = Path("/proc/loadavg").read_text(encoding="ascii").split()[0]
    return {
        "at": now().isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "postgresql": version,
        "fsync": fsync,
        "load": load,
    }
