"""What a person may act for on a day: which organisations, which units, with which duties."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import WATCHING as WATCHING
from accounts.models import (
    Duty,
    Membership,
    Representation,
    Substitution,
    Unit,
    User,
    in_force,
)


class Standing:
    """A person's duties and organisations on one day, each read when it is first asked for."""

    def __init__(self, user: Any, on: date) -> None:
        self._user, self._on = user, on

    @cached_property
    def _reached(self) -> tuple[Membership, ...]:
        """The duties this person holds, and those of absent people for whom they stand in."""
        if not self._user:
            return ()
        held = Membership.objects.filter(in_force(self._on)).select_related("unit", "user")
        stood_in = _stood_in_by(self._user, held, self._on)
        return tuple(held.filter(user=self._user).union(stood_in).order_by("pk"))

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """The duties this person holds."""
        return tuple(m for m in self._reached if m.user_id == self._user.pk)

    @cached_property
    def stood_in_for(self) -> tuple[Membership, ...]:
        """The duties of absent people that this person does in their place."""
        return tuple(m for m in self._reached if m.user_id != self._user.pk)

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
        """The keys of the queues this person works, on their own account or for somebody."""
        return sorted({m.unit.queue(m.duty) for m in self._reached})

    @property
    def units(self) -> list[Unit]:
        """The units this person belongs to, or stands in for somebody in."""
        return _units(self._reached)

    @property
    def workplaces(self) -> list[Unit]:
        """The units in which this person works, and does not only watch."""
        return _units(m for m in self._reached if m.duty not in WATCHING)

    @property
    def supervised(self) -> list[Unit]:
        """The units this person supervises."""
        return _units(m for m in self.memberships if m.duty == Duty.SUPERVISOR)

    @property
    def is_staff_member(self) -> bool:
        """Test that this person belongs to a unit."""
        return bool(self._reached)

    @property
    def is_auditor(self) -> bool:
        """Test that this person may read everything and change nothing."""
        return any(m.duty == Duty.AUDITOR for m in self.memberships)

    @property
    def oversees_all(self) -> bool:
        """Test that this person supervises the credit office, which watches every unit's clocks."""
        return any(unit.is_credit_office for unit in self.supervised)

    @property
    def counter(self) -> Unit | None:
        """The credit office, if this person receives visitors at its counter."""
        return next((u for u in self.units_as(Duty.COUNTER) if u.is_credit_office), None)

    def units_as(self, duty: Duty) -> list[Unit]:
        """Return the units in which this person does a duty, for themselves or for somebody."""
        return _units(m for m in self._reached if m.duty == duty)

    def principals(self, queue: str) -> tuple[User, ...]:
        """Return for whom this person stands in to reach a queue; nobody where it is their own."""
        reaching = [m for m in self._reached if m.unit.queue(m.duty) == queue]
        return self._not_own(reaching)

    def principals_in(self, unit: Unit) -> tuple[User, ...]:
        """Return for whom this person stands in to work in a unit; nobody where they belong."""
        working = [m for m in self._reached if m.unit_id == unit.pk and m.duty not in WATCHING]
        return self._not_own(working)

    def _not_own(self, memberships: list[Membership]) -> tuple[User, ...]:
        people = {m.user_id: m.user for m in memberships}
        return () if self._user and self._user.pk in people else tuple(people.values())


def standing(user: Any, *, on: date) -> Standing:
    """Return what a person may act for on a day; remembered on the user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Standing(None, on)
    memory: dict[date, Standing] = user.__dict__.setdefault("_standing", {})
    if on not in memory:
        memory[on] = Standing(user, on)
    return memory[on]


def known_in(unit: Unit, *, on: date) -> list[Any]:
    """Return everybody who works in a unit or stands in for somebody there on a day.

    Their standing in this unit, and in no other, is read along: two queries for all of them.
    """
    held = Membership.objects.filter(in_force(on), unit=unit, user__is_active=True)
    duties = list(held.exclude(duty__in=WATCHING).select_related("unit", "user").order_by("pk"))
    given = Substitution.objects.filter(in_force(on), unit=unit, substitute__is_active=True)
    reached: dict[Any, list[Membership]] = {}
    for membership in duties:
        reached.setdefault(membership.user, []).append(membership)
    for passed in given.select_related("substitute").order_by("pk"):
        of_the_absent = [m for m in duties if _is_passed_on(m, passed)]
        reached.setdefault(passed.substitute, []).extend(of_the_absent)
    return [_known(person, on, found) for person, found in reached.items() if found]


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


def stands_in_for_any(user: Any, absent: Iterable[int], unit: Unit, *, on: date) -> bool:
    """Test that a person is the substitute of one of these people in a unit on a day."""
    given = Substitution.objects.filter(in_force(on), substitute=user, unit=unit)
    return given.filter(absent__in=absent).exists()


def _stood_in_by(user: User, held: QuerySet[Membership], on: date) -> QuerySet[Membership]:
    given = Substitution.objects.filter(
        in_force(on), substitute=user, absent=OuterRef("user"), unit=OuterRef("unit")
    )
    passed_on = Exists(given.filter(Q(duty="") | Q(duty=OuterRef("duty"))))
    return held.filter(passed_on, user__is_active=True).exclude(duty__in=WATCHING)


def _is_passed_on(membership: Membership, given: Substitution) -> bool:
    return given.absent_id == membership.user_id and given.duty in ("", membership.duty)


def _known(person: User, on: date, reached: list[Membership]) -> User:
    mine = Standing(person, on)
    vars(mine)["_reached"] = tuple(reached)
    vars(person)["_standing"] = {on: mine}
    return person


def _units(memberships: Iterable[Membership]) -> list[Unit]:
    return list({m.unit_id: m.unit for m in memberships}.values())
