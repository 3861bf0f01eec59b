"""A planted stock is as good as a grown one: every case can be worked on and verified."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from tests.conftest import SHANGHAI, SINCE
from web.management.staffing import PEOPLE, UNITS, hire
from web.management.stages import STAGES
from web.management.stock import plant
from web.management.told.repairs import GRANTED_WHOLE
from workflows import audit, clock, policy, work
from workflows.clock import Light
from workflows.models import Case, Deadline, Entry, WorkItem

AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
CASES = 300
ANSWERS = dict(GRANTED_WHOLE)


@pytest.fixture
def stock(law):
    plant(CASES, at=AT, planted=lambda _count: None)


def holders_of(item):
    unit, duty = item.queue.split("/")
    return User.objects.filter(memberships__unit__code=unit, memberships__duty=duty)


class TestPlant:
    def test_makes_units_people_and_cases_at_every_step(self, stock):
        steps = set(WorkItem.objects.values_list("step", flat=True))

        assert Case.objects.filter(closed_at=None).count() == CASES
        assert steps == {stage.step for stage in STAGES}
        assert len(hire().units) == UNITS
        assert User.objects.filter(username__startswith="stock-").count() == PEOPLE + 1

    def test_has_work_that_is_green_amber_and_red(self, stock):
        lights = {item.light(AT.date()) for item in WorkItem.objects.all()}

        assert lights == {Light.GREEN, Light.AMBER, Light.RED}

    def test_leaves_every_open_step_to_be_claimed_and_done(self, stock):
        for step, answers in ANSWERS.items():
            item = WorkItem.objects.filter(step=step, state="open").first()
            person = holders_of(item).first() or hire_for(item)
            work.claim(item.pk, by=person, at=AT)
            case = work.complete(item.pk, by=person, answers=answers, at=AT)
            assert case.closed_at or case.items.exclude(pk=item.pk).get(state="open")

    def test_is_claimable_item_by_item(self, stock):
        for item in WorkItem.objects.filter(state="open")[:60]:
            person = holders_of(item).first() or hire_for(item)
            assert work.claim(item.pk, by=person, at=AT).owner == person

    def test_has_a_sound_chain_in_every_case(self, stock):
        entries = Entry.objects.order_by("stream", "seq")

        assert entries.filter(kind="received").count() == CASES
        assert list(audit.verify(entries)) == []

    def test_has_the_dates_the_log_gives(self, stock):
        calendar = policy.calendar()
        for deadline in Deadline.objects.select_related("term", "case")[:100]:
            events = audit.written(deadline.case)
            due = clock.due(events, deadline.term.period, calendar)
            assert (deadline.started_on, deadline.due_on) == (due.start, due.on)

    def test_agrees_with_the_tasks_of_its_flows(self, stock):
        call_command("rebuild_items", check=True, stdout=StringIO())

    def test_continues_the_numbers_of_real_cases(self, penalty, applicant):
        first = applicant.applies(penalty, at=AT)
        plant(10, at=AT, planted=lambda _count: None)
        numbers = sorted(Case.objects.values_list("reference", flat=True))

        assert numbers[0] == first.reference
        assert numbers[-1] == "XF-2026-000011"

    def test_closes_the_share_that_is_not_open(self, law):
        plant(100, at=AT, open_share=0.2, planted=lambda _count: None)
        closed = Case.objects.exclude(closed_at=None)

        assert 60 < closed.count() < 100
        assert not Deadline.objects.filter(case__in=closed, ended_at=None).exists()
        call_command("rebuild_items", check=True, stdout=StringIO())


class TestSeed:
    def test_is_refused_where_the_service_is_no_demonstration(self, db, settings):
        settings.DEMO = False

        with pytest.raises(CommandError):
            call_command("seed", cases=1)


def hire_for(item):
    """Give a duty that nobody of the unit happens to hold to somebody new."""
    person, _is_new = User.objects.get_or_create(username=f"for-{item.queue}")
    Membership.objects.get_or_create(
        user=person, unit=item.unit, duty=item.queue.split("/")[1], since=SINCE
    )
    return User.objects.get(pk=person.pk)
