"""Note a name or number by which an organisation was or is known elsewhere."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from records import credit_code, numbers
from records.models import Alias, Subject
from workflows import audit
from workflows.management.commanding import day


class Command(BaseCommand):
    """Add one alias of an organisation; an event of the log says so. Exit 1 when it is refused."""

    help = "Add a former name, a former unified code or an old number to an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the organisation's present unified code")
        parser.add_argument("kind", choices=Alias.Kind.values)
        parser.add_argument("value", help="the former name, the former code or the number")
        parser.add_argument("--since", type=day, metavar="DATE")
        parser.add_argument("--until", type=day, metavar="DATE")

    def handle(self, **options: Any) -> None:
        subject, kind = _subject(options["code"]), options["kind"]
        value = _value(kind, options["value"])
        dates = {name: options[name] for name in ("since", "until")}
        try:
            with audit.act(by=None, at=now()):
                alias = Alias.objects.create(subject=subject, kind=kind, value=value, **dates)
                _log(alias)
        except IntegrityError:
            raise CommandError(_("This alias is known already.")) from None
        label = alias.get_kind_display()
        self.stdout.write(f"{subject.credit_code} {subject.name}: {label} {alias.value}")


def _subject(text: str) -> Subject:
    code = credit_code.normalised(text)
    subject = Subject.objects.filter(credit_code=code).first()
    if subject is None:
        raise CommandError(_("No organisation with the code %(code)s is known.") % {"code": code})
    return subject


def _value(kind: str, text: str) -> str:
    if kind == Alias.Kind.FORMER_NAME:
        return " ".join(text.split())
    if kind == Alias.Kind.FORMER_CODE:
        return _former_code(text)
    if number := numbers.read(kind, text):
        return number
    raise CommandError(_("This is no %(kind)s.") % {"kind": Alias.Kind(kind).label})


def _former_code(text: str) -> str:
    check = credit_code.check(text, imported=True)
    if not check.valid:
        raise CommandError(" ".join(check.reasons))
    if Subject.objects.filter(credit_code=check.normalised).exists():
        raise CommandError(_("Under this code an organisation of its own is known."))
    return check.normalised


def _log(alias: Alias) -> None:
    dates = {"since": alias.since, "until": alias.until}
    audit.record(
        "alias_added",
        f"subject/{alias.subject.credit_code}",
        detail={
            "kind": alias.kind,
            "value": alias.value,
            **{name: found and found.isoformat() for name, found in dates.items()},
        },
    )
