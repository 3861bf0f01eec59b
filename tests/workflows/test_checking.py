"""Every date that is shown is the one its log gives; what differs raises an alarm."""

import datetime as dt
import logging

import pytest
from django.utils import translation

from tests.workflows.walks import STORIES, walk
from workflows import checking, tasks
from workflows.models import Case, Deadline, Entry, WorkItem

WRONG = dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def pushed(repair, cast):
    walk(repair, "check:yes", cast)
    return repair


def accept_clock(case):
    return Deadline.objects.get(case=case, term__key="repair.ndrc.accept")


class TestACheck:
    @pytest.mark.parametrize("story", STORIES)
    def test_finds_nothing_wrong_at_the_end_of_any_story(self, repair, cast, story):
        walk(repair, STORIES[story], cast)
        check = checking.check()

        assert check.differences == []
        assert check.examined == Deadline.objects.filter(ended_at=None).count()

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("due_on", WRONG),
            ("due_on", None),
            ("amber_on", WRONG),
            ("provisional", True),
            ("next_rung_on", WRONG),
            ("started_on", WRONG),
        ],
    )
    def test_finds_every_column_that_was_changed(self, pushed, column, value):
        clock = accept_clock(pushed)
        was = getattr(clock, column)
        Deadline.objects.filter(pk=clock.pk).update(**{column: value})

        (difference,) = checking.check().differences

        assert (difference.case, difference.key) == (pushed.reference, "repair.ndrc.accept")
        assert difference.columns[column] == (value, was)

    @pytest.mark.parametrize("column", ["due_on", "amber_on", "promised_on", "deemed_on"])
    def test_finds_every_copy_on_a_step_that_was_changed(self, pushed, column):
        item = pushed.items.get(step="examine")
        was = getattr(item, column)
        WorkItem.objects.filter(pk=item.pk).update(**{column: WRONG})

        (difference,) = checking.check().differences

        assert difference.columns[f"item.{column}"] == (WRONG, was)

    def test_gives_both_dates_and_both_explanations(self, pushed):
        clock = accept_clock(pushed)
        Deadline.objects.filter(pk=clock.pk).update(amber_on=WRONG)

        (difference,) = checking.check().differences

        assert difference.columns["due_on"] == (clock.due_on, clock.due_on)
        assert "2026-09-28" in difference.said[0]
        assert clock.due_on.isoformat() in difference.said[0]
        assert "3 working days" in difference.should[0]

    def test_raises_an_alarm_that_names_the_case(self, pushed, caplog):
        Deadline.objects.filter(pk=accept_clock(pushed).pk).update(due_on=WRONG)

        assert tasks.check_deadlines() == 1

        (alarm,) = [r for r in caplog.records if r.levelno == logging.CRITICAL]
        said = alarm.getMessage()
        for part in (pushed.reference, "repair.ndrc.accept", "2026-12-01", "2026-10-08"):
            assert part in said

    def test_is_not_stopped_by_a_clock_that_cannot_be_worked_out(self, pushed):
        broken = accept_clock(pushed)
        broken.term.starts = "never"
        broken.term.save()
        other = Deadline.objects.filter(case=pushed).exclude(pk=broken.pk).last()
        Deadline.objects.filter(pk=other.pk).update(due_on=WRONG)

        found = {difference.key: difference for difference in checking.check().differences}

        assert set(found) == {broken.term.key, other.term.key}
        assert "NeverStarted" in found[broken.term.key].should[0]

    def test_leaves_ended_clocks_alone(self, pushed, cast):
        Deadline.objects.filter(case=pushed).exclude(ended_at=None).update(due_on=WRONG)

        assert checking.check().differences == []

    def test_changes_nothing(self, pushed):
        Deadline.objects.filter(pk=accept_clock(pushed).pk).update(due_on=WRONG)
        entries = Entry.objects.count()
        checking.check()

        assert accept_clock(pushed).due_on == WRONG
        assert Entry.objects.count() == entries

    def test_needs_as_few_queries_for_many_clocks_as_for_one(
        self, pushed, django_assert_num_queries
    ):
        clocks = list(Deadline.objects.filter(ended_at=None))
        for _n in range(20):
            for clock in clocks:
                clock.pk = None
            Deadline.objects.bulk_create(clocks)

        # Two a batch and one to see that it was the last; three for the law, read once.
        with django_assert_num_queries(6):
            check = checking.check()
        assert check.examined == 21 * len(clocks)
        assert Case.objects.count() == 1
