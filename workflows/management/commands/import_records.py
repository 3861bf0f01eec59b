"""Import a file of records and say what became of its rows."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts.models import User
from workflows import policy
from workflows.imports import FileRefused, ImportResult, Progress, import_file


class Command(BaseCommand):
    """Import records of one kind from csv or xlsx; exit 2 when the file is refused whole."""

    help = "Import records of one kind from a csv or xlsx file in its exchange schema."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--report", type=Path, help="where to report the refused rows")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who imports; the service if not given"
        )

    def handle(self, **options: Any) -> None:
        path, report, by = options["file"], options["report"], _person(options["by"])
        if report and report.resolve() == path.resolve():
            raise CommandError(_("The report would overwrite the file itself."), returncode=2)
        at = now()
        places = _places(at)
        try:
            with _progress() as progress:
                result = import_file(
                    path, by=by, at=at, report=report, places=places, progress=progress
                )
        except FileRefused as refused:
            raise CommandError(f"{path.name}: {refused}", returncode=2) from None
        self._tell(result)

    def _tell(self, result: ImportResult) -> None:
        if result.left_out:
            names = _(", ").join(result.left_out)
            self.stderr.write(_("Columns not known and left out: %(names)s.") % {"names": names})
        self.stdout.write(
            _(
                "%(created)d created, %(changed)d changed, "
                "%(unchanged)d unchanged, %(refused)d refused."
            )
            % vars(result)
        )
        if result.report_path:
            self.stdout.write(_("What is wrong: %(path)s") % {"path": result.report_path})


def _person(username: str | None) -> User | None:
    if not username:
        return None
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": username}) from None


def _places(at: datetime) -> list[str]:
    try:
        return policy.edition(localdate(at)).items("repair.places")
    except policy.NoTermInForce:
        missing = _("The rule values are not loaded: no places that show records are known.")
        raise CommandError(missing, returncode=2) from None


@contextmanager
def _progress() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield _lines
        return
    with tqdm(unit=_(" rows")) as bar:
        yield partial(_advance, bar)


def _advance(bar: Any, done: int, expected: int | None) -> None:
    bar.total = max(done, expected or 0)
    bar.update(done - bar.n)


def _lines(done: int, expected: int | None) -> None:
    total = max(done, expected or 0)
    sys.stderr.write(_("%(done)d of %(total)d rows read\n") % {"done": done, "total": total})
