"""What a person may act for on a day: which organisations, which units, with which duties."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import Duty, Membership, Representation, Unit, in_force

WATCHING = frozenset({Duty.SUPERVISOR, Duty.AUDITOR})


class Standing:
    """A person's duties and organisations on one day, each read when it is first asked for."""

    def __init__(self, user: Any, on: date) -> None:
        self._user, self._on = user, on

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """The duties this person holds."""
        held = Membership.objects.filter(in_force(self._on), user=self._user)
        return tuple(held.select_related("unit")) if self._user else ()

    @property
    def representations(self) -> QuerySet[Representation]:
        """The rights of this person to act for organisations."""
        held = Representation.objects.filter(in_force(self._on), user=self._user)
        return held if self._user else held.none()

    @cached_property
    def codes(self) -> frozenset[str]:
        """The unified codes of the organisations this person acts for."""
        return frozenset(self.representations.values_list("credit_code", flat=True))

    @property
    def queues(self) -> list[str]:
        """The keys of the queues this person works."""
        return sorted({m.unit.queue(m.duty) for m in self.memberships})

    @property
    def units(self) -> list[Unit]:
        """The units this person belongs to."""
        return list({m.unit_id: m.unit for m in self.memberships}.values())

    @property
    def workplaces(self) -> list[Unit]:
        """The units in which this person works, and does not only watch."""
        working = [m for m in self.memberships if m.duty not in WATCHING]
        return list({m.unit_id: m.unit for m in working}.values())

    @property
    def supervised(self) -> list[Unit]:
        """The units this person supervises."""
        supervising = [m for m in self.memberships if m.duty == Duty.SUPERVISOR]
        return list({m.unit_id: m.unit for m in supervising}.values())

    @property
    def is_staff_member(self) -> bool:
        """Test that this person belongs to a unit."""
        return bool(self.memberships)

    @property
    def is_auditor(self) -> bool:
        """Test that this person may read everything and change nothing."""
        return any(m.duty == Duty.AUDITOR for m in self.memberships)

    @property
    def oversees_all(self) -> bool:
        """Test that this person supervises the credit office, which watches every unit's clocks."""
        return any(unit.is_credit_office for unit in self.supervised)


def standing(user: Any, *, on: date) -> Standing:
    """Return what a person may act for on a day; remembered on the user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Standing(None, on)
    memory: dict[date, Standing] = user.__dict__.setdefault("_standing", {})
    if on not in memory:
        memory[on] = Standing(user, on)
    return memory[on]


def representatives(credit_code: str, *, on: date) -> list[Any]:
    """Return the people who may act for an organisation on a day."""
    found = Representation.objects.filter(
        in_force(on), credit_code=credit_code, user__is_active=True
    )
    return list(
        dict.fromkeys(representation.user for representation in found.select_related("user"))
    )


def holders(unit: Unit, duty: Duty, *, on: date) -> list[Any]:
    """Return the people who hold a duty in a unit on a day."""
    found = Membership.objects.filter(in_force(on), unit=unit, duty=duty, user__is_active=True)
    return list(dict.fromkeys(membership.user for membership in found.select_related("user")))
