"""Print an API token for a demo person, for trying the API with curl."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import tokens
from accounts.models import User


class Command(BaseCommand):
    help = "Print an API token for a demo person; nothing else goes to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default="applicant", help="clerk, acceptor, handler, …")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        name = f"demo-{role.replace('_', '-')}"
        person = User.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no “{name}”. {_who_there_is()}")
        at, days = timezone.now(), settings.API_TOKEN_DAYS
        self.stdout.write(tokens.issue(person, "demo_token", at=at, days=days))


def _who_there_is() -> str:
    people = User.objects.filter(username__startswith="demo-", is_active=True)
    roles = [name.removeprefix("demo-") for name in people.values_list("username", flat=True)]
    if not roles:
        return "`make run` makes the demo people."
    return f"Roles: {', '.join(sorted(roles))}."
