"""Make the demonstration: units, rules, records, people and a few cases; harmless to repeat."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from tqdm import tqdm

from records.models import Record
from web.management import people
from web.management.law import EditionsOverlap, example_items, load_all
from web.management.stories import tell_stories
from workflows import audit, policy
from workflows.imports import import_file
from workflows.models import Case

DEMO = Path(__file__).parents[3] / "demo"
FILES = (
    "penalties",
    "story_penalties",
    "permits",
    "list_entries",
    "abnormal_entries",
    "commitments",
)


class Command(BaseCommand):
    """Load the demo once, then say who can sign in as what; refused outside a demonstration."""

    help = "Load units, rules, demo records, demo people and demo cases; say who can sign in."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                _("Demo people with a known password are made in a demonstration only (DEMO).")
            )
        at = now()
        self._load_policy(at)
        _import_records(at)
        _make_people(at)
        if not Case.objects.exists():
            tell_stories(at=at)
        self._tell_who()

    def _load_policy(self, at: datetime) -> None:
        # What was changed here since then stays; the demonstration still starts.
        try:
            load_all(units=DEMO / "units.csv", items=example_items(), at=at)
        except EditionsOverlap as overlap:
            self.stderr.write(str(overlap))

    def _tell_who(self) -> None:
        self.stdout.write(
            f"可以登录的示例用户 / Who can sign in — 口令 / password: {people.PASSWORD}"
        )
        for line in people.sign_in_table():
            self.stdout.write(line)


def _import_records(at: datetime) -> None:
    if Record.objects.exists():
        return
    places = policy.edition(localdate(at)).items("repair.places")
    with tqdm(unit=_(" rows"), disable=not sys.stderr.isatty()) as bar:
        for name in FILES:
            import_file(
                DEMO / f"{name}.csv",
                by=None,
                at=at,
                report=settings.VAR_DIR / "demo.problems.csv",
                places=places,
                progress=lambda done, _expected: _advance(bar, done),
            )


def _advance(bar: Any, done: int) -> None:
    bar.update(done - bar.n)


def _make_people(at: datetime) -> None:
    with audit.act(by=None, at=at):
        made = people.make_people(on=localdate(at))
        if made:
            names = [user.username for user in made]
            audit.record("people_made", "setup/people", detail={"users": names})
