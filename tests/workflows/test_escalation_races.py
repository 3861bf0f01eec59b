"""The sweep beside people, beside other sweeps, and after somebody pulled the plug."""

import os
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from notifications.models import Message
from tests.actors import open_item
from tests.workflows.test_escalation import DECIDE, another, climbed, copies
from tests.workflows.test_races import together
from tests.workflows.walks import at, open_a_repair, walk
from workflows import audit, escalation, work
from workflows.models import Entry, Heartbeat, Urging

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptying_the_log"),
]
LATE = at("10-14", 9)
COPIES, LOT = 24, 4
SWEEP = """
import datetime, django
django.setup()
from workflows import escalation
escalation.BATCH = {lot}
escalation.sweep(at=datetime.datetime.fromisoformat("{at}"))
"""


@pytest.fixture
def late(repair, cast, bureau_supervisor, office_supervisor):
    """A case overdue since the 14th, and copies of it."""
    walk(repair, "check:yes examine:accept", cast)
    return [repair, *copies(repair, DECIDE, COPIES)]


def sweep_of_its_own():
    """Start the sweep in a process of its own, as the worker runs it."""
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return subprocess.Popen(
        [sys.executable, "-c", SWEEP.format(lot=LOT, at=LATE.isoformat())],
        env={**os.environ, "DATABASE_URL": url},
        cwd=settings.BASE_DIR,
    )


def until(happens, *, seconds=30, while_runs=None):
    end = time.monotonic() + seconds
    while not happens():
        assert while_runs is None or while_runs.poll() is None, "it ended"
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def slowly(db):
    """Let the database take its time over every clock that climbs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;"
            "CREATE TRIGGER dawdle BEFORE UPDATE ON workflows_deadline "
            "FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS dawdle CASCADE")


def sweeps_at_work():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return cursor.fetchone()[0]


def assert_told_once(cases):
    """Every case climbed both rungs once, with one message to each person and one demand."""
    for case in cases:
        assert [rung for _kind, rung, _since in climbed(case, DECIDE)] == [1, 2]
    assert Urging.objects.count() == len(cases)
    named = [
        pk
        for entry in Entry.objects.filter(kind__in=["reminded", "escalated"])
        for pk in entry.detail["messages"]
    ]
    written = Message.objects.filter(letter=None, pk__gte=min(named))
    assert sorted(named) == sorted(written.values_list("pk", flat=True))
    assert len(named) == len(set(named))
    entries = Entry.objects.order_by("stream", "seq").prefetch_related("values")
    assert list(audit.verify(entries)) == []


class TestAKilledSweep:
    def test_is_finished_by_the_next_one(self, late, slowly):
        with sweep_of_its_own() as running:
            until(lambda: Urging.objects.count() >= LOT, while_runs=running)
            running.kill()
        assert running.returncode == -signal.SIGKILL
        until(lambda: sweeps_at_work() == 0)
        done = Urging.objects.count()
        assert LOT <= done < len(late)
        assert not Heartbeat.objects.exists()

        beat = escalation.sweep(at=LATE)

        assert beat.failed == 0
        assert_told_once(late)


class TestTwoSweeps:
    def test_at_once_tell_once(self, late):
        for _round in range(2):
            beats = together(*(lambda: escalation.sweep(at=LATE) for _worker in range(3)))

            assert [type(beat).__name__ for beat in beats] == ["Heartbeat"] * 3
            assert sum(beat.failed for beat in beats) == 0
        assert_told_once(late)


class TestACaseSomebodyWorksOn:
    def test_is_left_to_the_next_sweep(self, late):
        case, locked, over = late[0], threading.Event(), threading.Event()
        item = open_item(case, "verify")

        def sit_on_it():
            with work.holding(item.pk, by=None, at=LATE):
                locked.set()
                over.wait(timeout=20)

        def sweep():
            locked.wait(timeout=20)
            began = time.monotonic()
            try:
                return escalation.sweep(at=LATE), time.monotonic() - began
            finally:
                over.set()

        _sat, (beat, seconds) = together(sit_on_it, sweep)

        assert (beat.failed, climbed(case, DECIDE)) == (0, [])
        assert seconds < 5  # nobody waited for the lock
        assert [len(climbed(copy, DECIDE)) for copy in late[1:]] == [2] * COPIES

        escalation.sweep(at=LATE)
        assert_told_once(late)

    def test_lapses_and_is_deemed_in_the_next_sweep(self, applicant, penalty, cast):
        waiting = open_a_repair(applicant, penalty)
        walk(waiting, "check:yes examine:more", cast)
        silent = open_a_repair(applicant, another(penalty))
        walk(silent, "check:yes", cast)
        items = [open_item(waiting, "supplement"), open_item(silent, "examine")]
        locked, over = [threading.Event(), threading.Event()], threading.Event()

        def sit_on(item, sitting):
            with work.holding(item.pk, by=None, at=at("10-20")):
                sitting.set()
                over.wait(timeout=20)

        def sweep():
            for sitting in locked:
                sitting.wait(timeout=20)
            try:
                return escalation.sweep(at=at("10-20"))
            finally:
                over.set()

        beat = together(
            *(lambda i=i, s=s: sit_on(i, s) for i, s in zip(items, locked, strict=True)), sweep
        )[-1]
        assert (beat.failed, beat.told) == (0, 0)

        again = escalation.sweep(at=at("10-20", 16))
        assert again.failed == 0
        kinds = Entry.objects.filter(kind__in=["lapsed", "deemed"]).values_list("stream", "kind")
        assert set(kinds) == {(waiting.reference, "lapsed"), (silent.reference, "deemed")}


class TestAnAnswerAndAnother:
    def test_to_one_demand_do_not_both_count(self, late, handler, approver):
        escalation.sweep(at=LATE)
        urging = Urging.objects.first()
        results = together(
            *(
                lambda who=who: escalation.answer(
                    urging.pk, by=who, answer=f"答复：{who}", at=at("10-15")
                )
                for who in (handler.user, approver.user)
            )
        )
        refused = [r for r in results if isinstance(r, Exception)]

        assert [type(refusal) for refusal in refused] == [escalation.AlreadyAnswered]
        assert Entry.objects.filter(kind="urging_answered").count() == 1
