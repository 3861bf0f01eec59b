"""The demo people: obviously invented, one for each thing a person can be here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from accounts.models import Duty, Membership, Representation, Unit, User

PASSWORD = "xinban-demo-2026"
SINCE = date(2020, 1, 1)
COMPANIES = (
    "91370115MAXQ7K2B6Y",
    "91370115MAY3T8HD6R",
    "91370100MAWJ2R6EX7",
    "92370115MAXH5U9L0J",
    "93370115MAY8C4NT61",
)
AGENCY = ("91370115MAXYNNRG99", "91370115MAYFX9A43W")


@dataclass(frozen=True)
class Person:
    """A demo person: the name to sign in with, what they are, and for whom they act."""

    name: str
    shown: str
    is_what: str
    unit: str = ""
    duty: Duty | None = None
    codes: tuple[str, ...] = ()
    is_operator: bool = False

    @property
    def username(self) -> str:
        """The name to sign in with."""
        return f"demo-{self.name}"


PEOPLE = (
    Person("applicant", "示例·申请人", "Applicant for five organisations", codes=COMPANIES),
    Person("agent", "示例·代办人", "Applicant for two other organisations", codes=AGENCY),
    Person("clerk", "示例·窗口甲", "Counter clerk, credit office", "XY", Duty.COUNTER),
    Person("office-handler", "示例·信用办乙", "Handler, credit office", "XY", Duty.HANDLER),
    Person("office-supervisor", "示例·督办丙", "Supervisor of all units", "XY", Duty.SUPERVISOR),
    Person("office-approver", "示例·信用办签发", "Approver, credit office", "XY", Duty.APPROVER),
    Person("acceptor", "示例·城管受理", "Acceptance, urban management", "CG", Duty.ACCEPTOR),
    Person("handler", "示例·城管承办", "Handler, urban management", "CG", Duty.HANDLER),
    Person("reviewer", "示例·城管审核", "Reviewer, urban management", "CG", Duty.REVIEWER),
    Person("approver", "示例·城管签发", "Approver, urban management", "CG", Duty.APPROVER),
    Person("supervisor", "示例·城管督办", "Supervisor, urban management", "CG", Duty.SUPERVISOR),
    Person("sj-acceptor", "示例·市监受理", "Acceptance, market regulation", "SJ", Duty.ACCEPTOR),
    Person("sj-handler", "示例·市监承办", "Handler, market regulation", "SJ", Duty.HANDLER),
    Person("sj-reviewer", "示例·市监审核", "Reviewer, market regulation", "SJ", Duty.REVIEWER),
    Person("sj-approver", "示例·市监签发", "Approver, market regulation", "SJ", Duty.APPROVER),
    Person("auditor", "示例·审计员", "Auditor: reads all, changes nothing", "XY", Duty.AUDITOR),
    Person("operator", "示例·运维员", "Operator: administration desk", is_operator=True),
)


def make_people() -> list[User]:
    """Make the demo people who are not there yet and return them; leave the others as they are."""
    known = set(User.objects.values_list("username", flat=True))
    missing = [person for person in PEOPLE if person.username not in known]
    # One hash for all, whose password is the same: a slow hash for each would cost seconds.
    password = make_password(PASSWORD) if missing else ""
    return [_make(person, password) for person in missing]


def named(username: str) -> User:
    """Return one demo person."""
    return User.objects.get(username=username)


def to_choose_from() -> list[dict[str, str]]:
    """Return the demo people for the sign-in page; nothing if they have not been made."""
    units = {unit.code: str(unit) for unit in Unit.objects.all()}
    there = set(
        User.objects.filter(username__startswith="demo-").values_list("username", flat=True)
    )
    return [_choice(person, units) for person in PEOPLE if person.username in there]


def sign_in_table() -> list[str]:
    """Return the lines that say who may sign in as what, in Chinese and English."""
    units = dict(Unit.objects.values_list("code", "name"))
    rows = [(person.username, _in_chinese(person, units), person.is_what) for person in PEOPLE]
    heading = ("用户名 / user name", "身份", "may sign in as")
    widths = [max(_width(row[n]) for row in (heading, *rows)) for n in range(2)]
    return [_line(heading, widths), *(_line(row, widths) for row in rows)]


def _choice(person: Person, units: dict[str, str]) -> dict[str, str]:
    role = (
        person.duty.label
        if person.duty
        else _("Operator")
        if person.is_operator
        else _("Applicant")
    )
    return {
        "username": person.username,
        "name": person.shown,
        "role": str(role),
        "where": units.get(person.unit, ""),
    }


def _make(person: Person, password: str) -> User:
    user = User.objects.create(
        username=person.username,
        password=password,
        display_name=person.shown,
        email=f"{person.username}@example.com",
        is_staff=person.is_operator,
        is_superuser=person.is_operator,
    )
    if person.duty:
        unit = Unit.objects.get(code=person.unit)
        Membership.objects.create(user=user, unit=unit, duty=person.duty, since=SINCE)
    Representation.objects.bulk_create(
        [Representation(user=user, credit_code=code, since=SINCE) for code in person.codes]
    )
    return user


def _in_chinese(person: Person, units: dict[str, str]) -> str:
    if person.duty:
        return f"{units[person.unit]} {_DUTIES[person.duty]}"
    return (
        "运维人员（管理后台）" if person.is_operator else f"经办人（代表{len(person.codes)}家单位）"
    )


def _line(row: Iterable[Any], widths: list[int]) -> str:
    first, second, third = row
    return f"  {_padded(first, widths[0])}  {_padded(second, widths[1])}  {third}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    # A terminal draws a Chinese character twice as wide as a letter.
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


_DUTIES = {
    Duty.COUNTER: "窗口收件员",
    Duty.ACCEPTOR: "受理员",
    Duty.HANDLER: "承办人",
    Duty.REVIEWER: "审核人",
    Duty.APPROVER: "签发人",
    Duty.SUPERVISOR: "督办员",
    Duty.AUDITOR: "审计员",
}
