"""Commands that others script: one sentence on stderr when they refuse, and an exit code."""

import json
import sys
from argparse import ArgumentTypeError
from datetime import date, datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _


class PlainCommand(BaseCommand):
    """A command that never prints its usage or a traceback where one sentence will do."""

    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return a parser that raises what it refuses."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the command line; exit 2 for what the parser refuses."""
        try:
            super().run_from_argv(argv)
        except CommandError as refused:
            self._leave(str(refused).removeprefix("Error: "), 2)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; on the command line, what is refused is one sentence and an exit code."""
        try:
            return super().execute(*args, **options)
        except CommandError as refused:
            if not getattr(self, "_called_from_command_line", False):
                raise
            return self._leave(str(refused), refused.returncode)

    def tell(self, answer: Any) -> None:
        """Print an answer as JSON, in letters a person can read."""
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str))

    def _leave(self, why: str, code: int) -> NoReturn:
        self.stderr.write(why)
        sys.exit(code)


def day(text: str) -> date:
    """Read a day written like 2026-10-01."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ArgumentTypeError(
            _("“%(text)s” is not a date written like 2026-10-01.") % {"text": text}
        )
    return found


def number(text: str) -> int:
    """Read a number that is not negative."""
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(_("“%(text)s” is not a whole number from 0 on.") % {"text": text})
    return int(text)


def instant(text: str) -> datetime:
    """Read an instant in ISO form; one without an offset is local."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(_("“%(text)s” is not an instant in ISO form.") % {"text": text})
    return make_aware(found) if is_naive(found) else found
