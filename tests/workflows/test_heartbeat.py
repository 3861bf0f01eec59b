"""The dead-man's switch: a sweep that is silent, fails or overlooks something is noticed."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError

from tests.actors import open_item
from tests.workflows.test_escalation import DECIDE, clock_of
from tests.workflows.test_races import together
from tests.workflows.walks import at, walk
from workflows import alarm, climbing, escalation, heartbeat, work
from workflows.models import Deadline, Involvement, WorkItem

LATE = at("10-14", 9)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def alarms(settings, tmp_path):
    """Alarms go to a file of the test's own and to one address."""
    settings.VAR_DIR = tmp_path
    settings.ALARM_RECIPIENTS = ["duty@example.com"]
    settings.HEARTBEAT_MAX_AGE_SECONDS = 180
    return lambda: read(tmp_path / "alarms.log")


def read(path):
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def verifying(repair, cast):
    """A case to be decided by 13 October."""
    walk(repair, "check:yes examine:accept", cast)
    return repair


@pytest.fixture
def blind(monkeypatch):
    """A sweep that finds nothing to climb, as if its own query were wrong."""

    def sweep(now):
        with monkeypatch.context() as patched:
            patched.setattr(climbing, "due_rungs", lambda **_on: Deadline.objects.none())
            patched.setattr(escalation, "silent", lambda **_on: WorkItem.objects.none())
            patched.setattr(escalation, "overlooked", lambda **_on: WorkItem.objects.none())
            return escalation.sweep(at=now)

    return sweep


class TestAPulse:
    def test_is_missing_before_the_first_sweep(self, db):
        found = heartbeat.pulse(LATE)

        assert (found.ok, found.age, found.heartbeat, found.expected) == (False, None, None, 0)
        assert found.reason

    def test_is_well_after_a_sweep(self, verifying):
        beat = escalation.sweep(at=LATE)
        found = heartbeat.pulse(LATE + MINUTE)

        assert (found.ok, found.reason) == (True, "")
        assert (found.heartbeat, found.age, found.expected) == (beat, 60, 0)

    @pytest.mark.parametrize(("age", "ok"), [(180, True), (181, False)])
    def test_is_late_after_a_while(self, law, age, ok):
        escalation.sweep(at=LATE)
        found = heartbeat.pulse(LATE + dt.timedelta(seconds=age))

        assert found.ok is ok
        assert ("181" in found.reason) is not ok

    def test_is_not_well_when_the_sweep_failed_on_something(self, verifying):
        Involvement.objects.filter(case=verifying).delete()
        beat = escalation.sweep(at=LATE)
        found = heartbeat.pulse(LATE)

        assert beat.failed == 2  # the clock of the case and that of its step
        assert not found.ok
        assert "2" in found.reason
        assert found.expected == 1

    def test_disagrees_with_a_sweep_that_overlooked_a_clock(self, verifying, blind):
        beat = blind(LATE)
        assert (beat.told, beat.failed) == (0, 0)
        found = heartbeat.pulse(LATE + MINUTE)

        assert (found.ok, found.expected) == (False, 1)

    @pytest.mark.parametrize("way", ["check:yes", "check:yes examine:more"])
    def test_disagrees_with_a_sweep_that_overlooked_a_silence(self, repair, cast, blind, way):
        walk(repair, way, cast)
        Deadline.objects.update(next_rung_on=None)
        blind(at("10-20", 9))

        assert heartbeat.pulse(at("10-20", 9)).expected == 1
        escalation.sweep(at=at("10-20", 10))
        assert heartbeat.pulse(at("10-20", 10)).ok

    def test_does_not_expect_what_came_after_the_sweep(self, verifying, cast, blind):
        blind(LATE)
        assert clock_of(verifying, DECIDE).next_rung_on <= LATE.date()
        # Somebody acted a moment ago: the clock may be due since then only.
        cast["handler"].claims("verify", verifying, at=LATE + MINUTE)

        assert heartbeat.pulse(LATE + MINUTE).ok

    def test_does_not_expect_what_is_due_tomorrow(self, verifying, blind):
        blind(at("10-11", 23, 59))

        assert heartbeat.pulse(at("10-12", 0, 1)).ok

    def test_is_not_fooled_by_a_sweep_of_the_future(self, verifying):
        escalation.sweep(at=at("12-01"))

        assert not heartbeat.pulse(LATE).ok
        assert heartbeat.pulse(LATE).heartbeat is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptying_the_log")
class TestACaseSomebodyWorksOn:
    def test_is_not_expected(self, repair, cast, blind):
        walk(repair, "check:yes examine:accept", cast)
        blind(LATE)
        item, locked, over = open_item(repair, "verify"), threading.Event(), threading.Event()

        def sit_on_it():
            with work.holding(item.pk, by=None, at=LATE):
                locked.set()
                over.wait(timeout=20)

        def look():
            locked.wait(timeout=20)
            try:
                return heartbeat.pulse(LATE + MINUTE)
            finally:
                over.set()

        _sat, found = together(sit_on_it, look)

        assert (found.ok, found.expected) == (True, 0)
        assert heartbeat.pulse(LATE + MINUTE).expected == 1


class TestAWatch:
    def test_is_silent_while_all_is_well(self, law, alarms):
        escalation.sweep(at=LATE)

        assert heartbeat.watch(LATE + MINUTE)
        assert (alarms(), mail.outbox) == ([], [])

    def test_alarms_once_and_tells_once_when_it_is_over(self, law, alarms, caplog):
        escalation.sweep(at=LATE)
        for minutes in (4, 5, 6):
            assert not heartbeat.watch(LATE + minutes * MINUTE)
        assert len(alarms()) == len(mail.outbox) == 1
        assert "240" in mail.outbox[0].body
        assert mail.outbox[0].to == ["duty@example.com"]
        assert "CRITICAL" in caplog.text

        escalation.sweep(at=LATE + 7 * MINUTE)
        for _again in range(2):
            assert heartbeat.watch(LATE + 7 * MINUTE)
        assert len(alarms()) == len(mail.outbox) == 2
        assert mail.outbox[0].subject != mail.outbox[1].subject

        heartbeat.watch(LATE + 20 * MINUTE)
        assert len(alarms()) == 3

    def test_alarms_when_the_database_does_not_answer(self, db, alarms, monkeypatch):
        def gone(_at):
            raise OperationalError("connection refused at a secret address")

        monkeypatch.setattr(heartbeat, "pulse", gone)

        assert not heartbeat.watch(LATE)
        (line,) = alarms()
        assert "secret" not in line

    @pytest.mark.parametrize(("swept", "code"), [(True, 0), (False, 1)])
    def test_looks_once_for_a_timetable_of_ones_own(self, law, monkeypatch, swept, code):
        monkeypatch.setattr("django.utils.timezone.now", lambda: LATE)
        monkeypatch.setattr("workflows.management.commands.watch_clock.now", lambda: LATE)
        if swept:
            escalation.sweep(at=LATE)
        with pytest.raises(SystemExit) as left:
            call_command("watch_clock", "--once")

        assert left.value.code == code


class TestAnAlarm:
    def test_is_mailed_past_the_outbox(self, db, settings, monkeypatch):
        asked = {}
        monkeypatch.setattr(
            alarm, "get_connection", lambda **named: asked.update(named) or mail.get_connection()
        )
        settings.ALARM_MAIL_TIMEOUT_SECONDS = 5

        alarm.raise_alarm("Quiet", "No sweep.")

        assert [(sent.subject, sent.body) for sent in mail.outbox] == [("Quiet", "No sweep.")]
        assert asked == {"timeout": 5}

    def test_reaches_the_file_when_the_mail_does_not_go(self, alarms, monkeypatch, caplog):
        def refuse(**_named):
            raise ConnectionRefusedError

        monkeypatch.setattr(alarm, "get_connection", refuse)
        alarm.raise_alarm("Quiet", "No\nsweep.")

        assert alarms() == ["Quiet: No sweep."]
        assert "one way of the alarm failed" in caplog.text

    def test_reaches_the_mail_when_the_file_cannot_be_written(self, settings, tmp_path):
        (tmp_path / "file").touch()
        settings.VAR_DIR = tmp_path / "file"
        alarm.raise_alarm("Quiet", "No sweep.")

        assert len(mail.outbox) == 1

    def test_needs_no_recipient(self, settings, alarms):
        settings.ALARM_RECIPIENTS = []
        alarm.raise_alarm("Quiet", "No sweep.")

        assert (len(alarms()), mail.outbox) == (1, [])
