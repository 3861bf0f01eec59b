"""The demo people: obviously invented, one for each thing a person can be here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from accounts.models import Duty, Membership, Representation, Substitution, Unit, User
from web.management import operators
from workflows.calendar import ONE_DAY

PASSWORD = "xinban-demo-2026"
SINCE = date(2020, 1, 1)
COMPANIES = (
    "91370115MAXQ7K2B6Y",
    "91370115MAY3T8HD6R",
    "91370100MAWJ2R6EX7",
    "92370115MAXH5U9L0J",
    "93370115MAY8C4NT61",
)
AGENCY = ("91370115MAXYNNRG99", "91370115MAYFX9A43W", "91370115MBXWXDXN3M", "92370115MAXL17FU17")
# What is left to one team, so that no case of the demonstration stays where nobody sits.
OTHERS = ("YJ", "ZJ", "HJ", "SF", "DS", "CZ", "XJ", "GX", "MZ")
LEAVE = 30 * ONE_DAY


@dataclass(frozen=True)
class Person:
    """A demo person: the name to sign in with, what they are, and for whom they act.

    ``units`` are codes; ``stands_in_for`` names another demo person who is away for a while.
    """

    name: str
    shown: str
    is_what: str
    units: tuple[str, ...] = ()
    duty: Duty | None = None
    codes: tuple[str, ...] = ()
    stands_in_for: str = ""
    is_operator: bool = False

    @property
    def username(self) -> str:
        """The name to sign in with."""
        return f"demo-{self.name}"


def _works(unit: str, name: str, shown: str, is_what: str, duty: Duty) -> Person:
    return Person(name, shown, is_what, (unit,), duty)


def _team(unit: str, prefix: str, short: str, of: str) -> Iterator[Person]:
    """Yield who decides on acceptance, verifies, countersigns, reviews and signs in a unit."""
    units = (unit,) if unit else OTHERS
    for name, shown, is_what, duty in (
        ("acceptor", "受理", "Acceptance", Duty.ACCEPTOR),
        ("handler", "承办甲", "Handler", Duty.HANDLER),
        ("second-handler", "承办乙", "Second handler", Duty.HANDLER),
        ("reviewer", "审核", "Reviewer", Duty.REVIEWER),
        ("approver", "签发", "Approver", Duty.APPROVER),
    ):
        yield Person(f"{prefix}{name}", f"示例·{short}{shown}", f"{is_what}, {of}", units, duty)


PEOPLE = (
    Person("applicant", "示例·申请人", "Applicant for five organisations", codes=COMPANIES),
    Person("agent", "示例·代办人", "Applicant for four other organisations", codes=AGENCY),
    _works("XY", "clerk", "示例·窗口甲", "Counter clerk, credit office", Duty.COUNTER),
    _works("XY", "office-acceptor", "示例·信用办受理", "Acceptance, credit office", Duty.ACCEPTOR),
    _works("XY", "office-handler", "示例·信用办乙", "Handler, credit office", Duty.HANDLER),
    _works("XY", "office-reviewer", "示例·信用办审核", "Reviewer, credit office", Duty.REVIEWER),
    _works("XY", "office-approver", "示例·信用办签发", "Approver, credit office", Duty.APPROVER),
    _works("XY", "office-supervisor", "示例·督办丙", "Supervisor of all units", Duty.SUPERVISOR),
    _works("XY", "auditor", "示例·审计员", "Auditor: reads all, changes nothing", Duty.AUDITOR),
    *_team("CG", "", "城管", "urban management"),
    _works("CG", "supervisor", "示例·城管督办", "Supervisor, urban management", Duty.SUPERVISOR),
    *_team("SJ", "sj-", "市监", "market regulation"),
    Person(
        "sj-substitute",
        "示例·市监替岗",
        "Stands in for the approver of market regulation",
        ("SJ",),
        stands_in_for="sj-approver",
    ),
    _works("SP", "sp-counter", "示例·审批窗口", "Counter clerk, approval bureau", Duty.COUNTER),
    *_team("SP", "sp-", "审批", "approval bureau"),
    *_team("RS", "rs-", "人社", "human resources"),
    *_team("", "other-", "各局", "every other department"),
    Person("operator", "示例·运维员", "Operator: administration desk", is_operator=True),
)


def make_people(*, on: date) -> list[User]:
    """Make the demo people who are not there yet and return them; leave the others as they are.

    Who is away is away from ``on``.
    """
    known = set(User.objects.values_list("username", flat=True))
    missing = [person for person in PEOPLE if person.username not in known]
    # One hash for all, whose password is the same: a slow hash for each would cost seconds.
    password = make_password(PASSWORD) if missing else ""
    units = {unit.code: unit for unit in Unit.objects.all()}
    made = [_make(person, password, units) for person in missing]
    for person in missing:
        if person.stands_in_for:
            _let_stand_in(person, units, on)
    return made


def named(username: str) -> User:
    """Return one demo person."""
    return User.objects.get(username=username)


def to_choose_from() -> list[dict[str, str]]:
    """Return the demo people for the sign-in page, by unit; nothing if they have not been made."""
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
    return {
        "username": person.username,
        "name": person.shown,
        "role": _role(person),
        "where": _where(person, units),
    }


def _role(person: Person) -> str:
    if person.duty:
        return str(person.duty.label)
    if person.stands_in_for:
        return _("Substitute")
    return _("Operator") if person.is_operator else _("Applicant")


def _where(person: Person, units: dict[str, str]) -> str:
    if len(person.units) > 1:
        return _("Every other department")
    if person.units:
        return units.get(person.units[0], "")
    return _("The service itself") if person.is_operator else _("Organisations")


def _make(person: Person, password: str, units: dict[str, Unit]) -> User:
    user = User.objects.create(
        username=person.username,
        password=password,
        display_name=person.shown,
        email=f"{person.username}@example.com",
        is_staff=person.is_operator,
    )
    if person.is_operator:
        user.groups.add(operators.make_group())
    Membership.objects.bulk_create(
        [
            Membership(user=user, unit=units[code], duty=person.duty, since=SINCE)
            for code in person.units
            if person.duty
        ]
    )
    Representation.objects.bulk_create(
        [Representation(user=user, credit_code=code, since=SINCE) for code in person.codes]
    )
    return user


def _let_stand_in(person: Person, units: dict[str, Unit], on: date) -> None:
    absent = named(f"demo-{person.stands_in_for}")
    Substitution.objects.create(
        absent=absent,
        substitute=named(person.username),
        unit=units[person.units[0]],
        since=on,
        until=on + LEAVE,
        given_by=absent,
        reason="年休假（示例）",
    )


def _in_chinese(person: Person, units: dict[str, str]) -> str:
    if person.units:
        where = units[person.units[0]] if len(person.units) == 1 else "其他各部门"
        return f"{where} {_DUTIES[person.duty] if person.duty else '替岗人员（代签发人）'}"
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
