"""The measurement does what it says on all three sides, whatever it measures."""

import datetime as dt

import pytest

from web.management.acts import WHOLE, Acts
from web.management.law import load_all
from web.management.reads import Reads, plant_plain
from web.management.stock import plant
from web.management.timing import FLOOR, OURS, PLAIN, Times, table
from workflows import audit
from workflows.models import Entry, WorkItem

STOCK = 400


@pytest.fixture
def contests(emptying_the_log, settings):
    settings.ROOT_URLCONF = "web.management.addresses"
    at = dt.datetime.now(dt.UTC)
    load_all(units=None, at=at)
    plant(STOCK, at=at, planted=lambda _count: None)
    plant_plain(STOCK)
    times = Times()
    sides = [Reads(times, STOCK), Acts(times, STOCK)]
    for contest in sides:
        contest.rehearse()
        contest.round()
    yield times
    for contest in sides:
        contest.hand.close()


@pytest.mark.race
class TestBench:
    def test_measures_each_side_and_leaves_a_sound_log(self, contests):
        rows = {row["what"]: row for row in contests.rows()}

        for what in ("queue page", "inbox count", "claim, all steps", "complete, all steps", WHOLE):
            assert {OURS, FLOOR, PLAIN} <= rows[what].keys()
        assert rows["complete: examine"][OURS]["queries"] <= 40
        assert len(list(table(contests.rows()))) == len(rows) + 1
        ours = Entry.objects.exclude(stream__startswith="floor/").order_by("stream", "seq")
        assert list(audit.verify(ours)) == []
        assert WorkItem.objects.filter(step="confirm", state="done").exists()
