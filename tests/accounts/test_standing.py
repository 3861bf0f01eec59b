"""What a person may act for: by duty and by organisation, from day to day."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Duty, Membership, Representation, Unit, User
from accounts.standing import holders, representatives, standing

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
ONE_DAY = dt.timedelta(days=1)
CODE = "91370115MAY3T8HD6R"


def unit(code, *, is_credit_office=False):
    return Unit.objects.create(
        code=code,
        name=f"{code}（示例）",
        name_en=code,
        credit_code=f"11370115MB00000{code}0",
        is_credit_office=is_credit_office,
    )


@pytest.fixture
def office():
    return unit("XY", is_credit_office=True)


@pytest.fixture
def bureau():
    return unit("CG")


@pytest.fixture
def person():
    return User.objects.create_user("person")


def joins(person, unit, duty, since=FIRST, until=LAST):
    return Membership.objects.create(user=person, unit=unit, duty=duty, since=since, until=until)


def now(person, on=FIRST):
    return standing(User.objects.get(pk=person.pk), on=on)


class TestADuty:
    @pytest.mark.parametrize(
        ("on", "holds"),
        [(FIRST - ONE_DAY, False), (FIRST, True), (LAST, True), (LAST + ONE_DAY, False)],
    )
    def test_lasts_from_its_first_day_to_its_last_inclusive(self, person, bureau, on, holds):
        joins(person, bureau, Duty.ACCEPTOR)

        assert now(person, on).queues == ["CG/acceptor"] * holds
        assert now(person, on).is_staff_member is holds
        assert holders(bureau, Duty.ACCEPTOR, on=on) == [person] * holds

    def test_without_an_end_goes_on(self, person, bureau):
        joins(person, bureau, Duty.ACCEPTOR, until=None)

        assert now(person, dt.date(2099, 1, 1)).queues == ["CG/acceptor"]

    def test_opens_one_queue_in_one_unit(self, person, bureau, office):
        joins(person, bureau, Duty.ACCEPTOR)
        joins(person, bureau, Duty.HANDLER)
        joins(person, office, Duty.COUNTER)

        assert now(person).queues == ["CG/acceptor", "CG/handler", "XY/counter"]
        assert set(now(person).units) == {bureau, office}

    def test_written_down_twice_counts_once(self, person, bureau):
        for since in (FIRST, FIRST + ONE_DAY):
            joins(person, bureau, Duty.SUPERVISOR, since=since)
        on = FIRST + ONE_DAY

        assert now(person, on).supervised == [bureau]
        assert now(person, on).queues == ["CG/supervisor"]
        assert holders(bureau, Duty.SUPERVISOR, on=on) == [person]

    def test_of_supervision_in_the_credit_office_watches_all_units(self, person, bureau, office):
        joins(person, bureau, Duty.SUPERVISOR)
        assert not now(person).oversees_all

        joins(person, office, Duty.SUPERVISOR)
        assert now(person).oversees_all

    def test_in_the_credit_office_alone_does_not(self, person, office):
        joins(person, office, Duty.HANDLER)

        assert not now(person).oversees_all
        assert not now(person).is_auditor

    def test_of_an_auditor_reads_and_supervises_nothing(self, person, office):
        joins(person, office, Duty.AUDITOR)

        assert now(person).is_auditor
        assert now(person).supervised == []


class TestARepresentation:
    @pytest.mark.parametrize(
        ("on", "holds"),
        [(FIRST - ONE_DAY, False), (FIRST, True), (LAST, True), (LAST + ONE_DAY, False)],
    )
    def test_lasts_from_its_first_day_to_its_last_inclusive(self, person, on, holds):
        Representation.objects.create(user=person, credit_code=CODE, since=FIRST, until=LAST)

        assert now(person, on).codes == ({CODE} if holds else frozenset())
        assert representatives(CODE, on=on) == [person] * holds

    def test_written_down_twice_counts_once(self, person):
        for since in (FIRST, FIRST - ONE_DAY):
            Representation.objects.create(user=person, credit_code=CODE, since=since)

        assert representatives(CODE, on=FIRST) == [person]


class TestNobody:
    @pytest.mark.parametrize("who", [None, AnonymousUser()])
    def test_may_act_for_nothing(self, who):
        nobody = standing(who, on=FIRST)

        assert (nobody.queues, nobody.units, nobody.supervised) == ([], [], [])
        assert not nobody.codes
        assert not any((nobody.is_staff_member, nobody.is_auditor, nobody.oversees_all))

    def test_is_a_person_who_was_deactivated(self, person, bureau):
        joins(person, bureau, Duty.APPROVER)
        Representation.objects.create(user=person, credit_code=CODE, since=FIRST)
        User.objects.update(is_active=False)

        assert now(person).queues == []
        assert not now(person).codes
        assert holders(bureau, Duty.APPROVER, on=FIRST) == []
        assert representatives(CODE, on=FIRST) == []


class TestReading:
    def test_happens_once_for_each_day(self, person, bureau, django_assert_max_num_queries):
        joins(person, bureau, Duty.ACCEPTOR)
        with django_assert_max_num_queries(2):
            for _time in range(3):
                assert standing(person, on=FIRST).queues
                assert not standing(person, on=FIRST).codes
