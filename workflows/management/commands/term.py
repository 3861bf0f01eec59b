"""Print one edition of a term: what it says, since when, on what ground."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from workflows import policy, wording
from workflows.calendar import ONE_DAY
from workflows.management.commanding import PlainCommand, day
from workflows.models import Term


class Command(PlainCommand):
    """Print the edition of a term in force on a day; exit 1 when there is none."""

    help = "Print the edition of a term in force on a day, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        parser.add_argument("--on", type=day, required=True, metavar="DATE")

    def handle(self, **options: Any) -> None:
        key, on = options["key"], options["on"]
        try:
            self.tell(_told(policy.term(key, on=on)))
        except policy.NoTermInForce:
            raise CommandError(_why_not(key, on), returncode=1) from None


def _told(term: Term) -> dict[str, Any]:
    return {
        "key": term.key,
        "value": term.value,
        "unit": term.unit,
        "start": term.starts,
        "basis": term.basis,
        "certainty": term.certainty,
        "certainty_label": wording.certainty(term.certainty),
        "edition": {"from": term.in_force.lower, "to": _last(term.in_force.upper)},
    }


def _last(before: date | None) -> date | None:
    return before and before - ONE_DAY


def _why_not(key: str, on: date) -> str:
    if Term.objects.filter(key=key).exists():
        said = _("No edition of “%(key)s” is in force on %(on)s.")
    else:
        said = _("There is no term “%(key)s”.")
    return said % {"key": key, "on": on}
