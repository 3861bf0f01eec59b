"""Who stands in for whom: on which days, in which queues, and never further than that."""

import datetime as dt

import pytest
from django.contrib.admin.sites import site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Duty, Membership, Substitution, Unit, User
from accounts.standing import standing

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 9, 24), dt.date(2026, 10, 9)
ONE_DAY = dt.timedelta(days=1)
WORKED_SUNDAY = dt.date(2026, 9, 20)


@pytest.fixture
def bureau():
    return Unit.objects.create(
        code="CG", name="城管局（示例）", name_en="CG", credit_code="11370115MB00000CG0"
    )


@pytest.fixture
def other():
    return Unit.objects.create(
        code="SJ", name="市监局（示例）", name_en="SJ", credit_code="11370115MB00000SJ0"
    )


def person(name):
    return User.objects.create_user(name, display_name=name)


def joins(user, unit, duty, since=FIRST - ONE_DAY, until=None):
    return Membership.objects.create(user=user, unit=unit, duty=duty, since=since, until=until)


@pytest.fixture
def zhao(bureau):
    """Who is away from 24 September to 9 October: handler and supervisor of the bureau."""
    user = person("zhao")
    joins(user, bureau, Duty.HANDLER)
    joins(user, bureau, Duty.APPROVER)
    joins(user, bureau, Duty.SUPERVISOR)
    return user


@pytest.fixture
def qian():
    return person("qian")


def given(absent, substitute, unit, **changed):
    told = {"duty": "", "since": FIRST, "until": LAST, "reason": "休假（示例）", **changed}
    return Substitution.objects.create(
        absent=absent, substitute=substitute, unit=unit, given_by=absent, **told
    )


def now(user, on=FIRST):
    return standing(User.objects.get(pk=user.pk), on=on)


class TestASubstitute:
    @pytest.mark.parametrize(
        ("on", "reaches"),
        [(FIRST - ONE_DAY, False), (FIRST, True), (LAST, True), (LAST + ONE_DAY, False)],
    )
    def test_reaches_the_queues_of_the_absent_from_the_first_day_to_the_last(
        self, zhao, qian, bureau, on, reaches
    ):
        given(zhao, qian, bureau)

        assert now(qian, on).queues == ["CG/approver", "CG/handler"] * reaches
        assert now(qian, on).workplaces == [bureau] * reaches
        assert now(qian, on).principals("CG/handler") == (zhao,) * reaches

    def test_for_one_duty_reaches_that_one_only(self, zhao, qian, bureau):
        given(zhao, qian, bureau, duty=Duty.APPROVER)

        assert now(qian).queues == ["CG/approver"]
        assert now(qian).units_as(Duty.APPROVER) == [bureau]
        assert now(qian).units_as(Duty.HANDLER) == []

    def test_in_one_unit_reaches_nothing_in_another(self, zhao, qian, bureau, other):
        joins(zhao, other, Duty.HANDLER)
        given(zhao, qian, other)

        assert now(qian).queues == ["SJ/handler"]

    def test_supervises_and_audits_for_nobody(self, zhao, qian, bureau):
        joins(zhao, bureau, Duty.AUDITOR)
        given(zhao, qian, bureau)

        assert now(qian).supervised == []
        assert not now(qian).is_auditor
        assert "CG/supervisor" not in now(qian).queues

    def test_reaches_only_what_the_absent_person_really_holds_then(self, zhao, qian, bureau):
        given(zhao, qian, bureau)
        Membership.objects.filter(user=zhao, duty=Duty.HANDLER).update(until=FIRST)

        assert now(qian, FIRST).queues == ["CG/approver", "CG/handler"]
        assert now(qian, FIRST + ONE_DAY).queues == ["CG/approver"]

    def test_of_a_duty_the_absent_person_does_not_hold_reaches_nothing(self, zhao, qian, bureau):
        given(zhao, qian, bureau, duty=Duty.REVIEWER)

        assert now(qian).queues == []

    def test_of_a_person_who_was_deactivated_reaches_nothing(self, zhao, qian, bureau):
        given(zhao, qian, bureau)
        User.objects.filter(pk=zhao.pk).update(is_active=False)

        assert now(qian).queues == []

    def test_who_was_deactivated_reaches_nothing(self, zhao, qian, bureau):
        given(zhao, qian, bureau)
        User.objects.filter(pk=qian.pk).update(is_active=False)

        assert now(qian).queues == []

    def test_of_a_substitute_reaches_nothing_by_it(self, zhao, qian, bureau):
        sun = person("sun")
        given(zhao, qian, bureau)
        given(qian, sun, bureau)

        assert now(sun).queues == []
        assert now(qian).queues == ["CG/approver", "CG/handler"]

    def test_of_a_substitute_reaches_what_that_one_holds_themself(self, zhao, qian, bureau):
        sun = person("sun")
        joins(qian, bureau, Duty.COUNTER)
        given(zhao, qian, bureau)
        given(qian, sun, bureau)

        assert now(sun).queues == ["CG/counter"]
        assert now(sun).principals("CG/counter") == (qian,)

    def test_acts_on_their_own_account_where_the_duty_is_their_own(self, zhao, qian, bureau):
        joins(qian, bureau, Duty.HANDLER)
        given(zhao, qian, bureau)

        assert now(qian).principals("CG/handler") == ()
        assert now(qian).principals("CG/approver") == (zhao,)
        assert now(qian).principals_in(bureau) == ()
        assert [m.duty for m in now(qian).memberships] == [Duty.HANDLER]

    def test_of_two_people_stands_in_for_both(self, zhao, qian, bureau):
        sun = person("sun")
        joins(sun, bureau, Duty.HANDLER)
        given(zhao, qian, bureau)
        given(sun, qian, bureau)

        assert set(now(qian).principals("CG/handler")) == {zhao, sun}
        assert now(qian).queues == ["CG/approver", "CG/handler"]

    def test_costs_no_question_more(self, zhao, qian, bureau, django_assert_num_queries):
        given(zhao, qian, bureau)
        user = User.objects.get(pk=qian.pk)

        with django_assert_num_queries(1):
            mine = standing(user, on=FIRST)
            assert [str(p) for p in mine.principals("CG/handler")] == ["zhao"]
            assert mine.queues
            assert mine.workplaces == [bureau]


class TestASubstitution:
    @pytest.mark.parametrize(
        "changed",
        [
            {"until": FIRST - ONE_DAY},
            {"duty": Duty.SUPERVISOR},
            {"duty": Duty.AUDITOR},
        ],
    )
    def test_is_refused_by_the_table_when_it_makes_no_sense(self, zhao, qian, bureau, changed):
        with pytest.raises(IntegrityError), transaction.atomic():
            given(zhao, qian, bureau, **changed)

    def test_is_never_of_oneself(self, zhao, bureau):
        with pytest.raises(IntegrityError), transaction.atomic():
            given(zhao, zhao, bureau)

        same = Substitution(absent=zhao, substitute=zhao, unit=bureau, since=FIRST, until=LAST)
        with pytest.raises(ValidationError):
            same.clean()

    def test_tells_the_desk_that_it_ends_before_it_begins(self, zhao, qian, bureau):
        wrong = Substitution(absent=zhao, substitute=qian, unit=bureau, since=LAST, until=FIRST)
        with pytest.raises(ValidationError) as refused:
            wrong.clean()
        assert list(refused.value.message_dict) == ["until"]

    def test_is_signed_by_the_operator_who_enters_it_and_never_deleted(
        self, zhao, qian, bureau, rf
    ):
        desk, request = site.get_model_admin(Substitution), rf.post("/")
        request.user = zhao
        made = Substitution(
            absent=zhao, substitute=qian, unit=bureau, since=FIRST, until=LAST, reason="休假"
        )
        desk.save_model(request, made, form=None, change=False)

        assert Substitution.objects.get().given_by == zhao
        assert not desk.has_delete_permission(request)
        assert "given_by" not in desk.get_form(request).base_fields
