"""The units and people of a planted stock: forty units, two hundred people, two duties each."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from accounts.models import Duty, Membership, Unit, User
from records.credit_code import ALPHABET, body_digit, last_character
from workflows.models import Role

UNITS, PEOPLE = 40, 200
SINCE = date(2020, 1, 1)
_BEFORE_CHECK_DIGITS = 16
_OFFICE = (Duty.COUNTER, Duty.HANDLER)
_FINDER = (Duty.ACCEPTOR, Duty.HANDLER, Duty.REVIEWER, Duty.APPROVER)


@dataclass(frozen=True)
class Staff:
    """Who works on the stock: the office, the other units, and who holds each of their queues."""

    office: Unit
    units: list[Unit]
    holders: dict[str, list[int]]
    party: User

    def unit(self, role: Role, finder: Unit) -> Unit:
        """Return the unit that has a role in a case of a finding authority."""
        return self.office if role == Role.OFFICE else finder


def hire() -> Staff:
    """Make the units and people of the stock where they are not there yet, and return them."""
    office = Unit.objects.filter(is_credit_office=True).first() or _unit(0, is_credit_office=True)
    units = [_unit(number) for number in range(1, UNITS + 1)]
    if not User.objects.filter(username="stock-party").exists():
        _hire(office, units)
    holders: dict[str, list[int]] = {}
    for member in Membership.objects.select_related("unit").order_by("pk"):
        holders.setdefault(member.unit.queue(member.duty), []).append(member.user_id)
    return Staff(office, units, holders, User.objects.get(username="stock-party"))


def credit_code(start: str, number: int) -> str:
    """Return a valid code that begins as told and was never issued."""
    while len(start) < _BEFORE_CHECK_DIGITS:
        number, rest = divmod(number, len(ALPHABET))
        start += ALPHABET[rest]
    start += body_digit(start[8:])
    return start + last_character(start)


def _hire(office: Unit, units: list[Unit]) -> None:
    chance = Random(PEOPLE)
    names = ["party", *(f"{number:03}" for number in range(1, PEOPLE + 1))]
    people = User.objects.bulk_create([_person(name) for name in names])[1:]
    duties = []
    for number, person in enumerate(people):
        unit = [office, *units][number % (UNITS + 1)]
        held = _OFFICE if unit == office else chance.sample(_FINDER, chance.choice([2, 3]))
        duties += [_membership(person, unit, duty) for duty in held]
    Membership.objects.bulk_create(duties)


def _unit(number: int, **columns: Any) -> Unit:
    unit, _is_new = Unit.objects.get_or_create(
        code=f"U{number:02}",
        defaults={
            "name": f"示例存量单位{number:02}",
            "name_en": f"Stock unit {number:02} (demo)",
            "credit_code": credit_code("11370115MBX9", number),
            **columns,
        },
    )
    return unit


def _person(name: str) -> User:
    return User(username=f"stock-{name}", display_name=f"示例·存量{name}", password="!")


def _membership(user: User, unit: Unit, duty: Duty) -> Membership:
    return Membership(user=user, unit=unit, duty=duty, since=SINCE)
