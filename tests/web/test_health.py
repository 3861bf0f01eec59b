"""The three questions of a watchman."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from tests.conftest import TUESDAY
from tests.workflows.walks import open_a_repair, walk
from workflows import escalation
from workflows.models import Heartbeat


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the service."""
    return lambda now: monkeypatch.setattr("django.utils.timezone.now", lambda: now)


class TestLive:
    def test_asks_the_database_nothing(self, client):
        # Without the db fixture a query would fail here.
        assert client.get("/health/live").json() == {"live": True}


class TestReady:
    def test_is_yes_on_the_tables_of_this_version(self, client, db):
        assert client.get("/health/ready").status_code == 200

    def test_is_no_while_a_migration_is_missing(self, client, db):
        MigrationRecorder.Migration.objects.filter(app="workflows").last().delete()
        refused = client.get("/health/ready")
        assert (refused.status_code, refused.json()["problem"]) == (503, "migrations are missing")

    def test_is_no_without_a_database(self, client, db, monkeypatch):
        def gone(*_args):
            raise OperationalError("connection refused at a secret address")

        monkeypatch.setattr("web.health.MigrationExecutor", gone)
        refused = client.get("/health/ready")
        assert refused.status_code == 503
        assert "secret" not in refused.content.decode()


class TestClock:
    def test_is_no_before_the_first_sweep(self, client, db):
        assert client.get("/health/clock").status_code == 503

    def test_tells_the_last_sweep(self, client, law, at):
        escalation.sweep(at=TUESDAY)
        at(TUESDAY + dt.timedelta(seconds=60))
        told = client.get("/health/clock")
        assert told.status_code == 200
        assert (told.json()["age_seconds"], told.json()["problem"]) == (60, "")
        assert dt.datetime.fromisoformat(told.json()["at"]) == TUESDAY

    @pytest.mark.parametrize(("age", "status"), [(180, 200), (181, 503)])
    def test_is_no_after_three_minutes_of_silence(self, client, db, at, age, status, settings):
        settings.HEARTBEAT_MAX_AGE_SECONDS = 180
        Heartbeat.objects.create(at=TUESDAY, examined=3, told=2, failed=0)
        at(TUESDAY + dt.timedelta(seconds=age))
        told = client.get("/health/clock")
        assert (told.status_code, told.json()["told"]) == (status, 2)
        assert bool(told.json()["problem"]) is (status == 503)
        assert "no-cache" in told.headers["Cache-Control"]

    def test_is_no_after_a_sweep_that_failed_on_something(self, client, db, at):
        Heartbeat.objects.create(at=TUESDAY, examined=3, told=2, failed=1)
        at(TUESDAY)
        told = client.get("/health/clock")
        assert (told.status_code, told.json()["failed"]) == (503, 1)

    def test_is_no_when_the_sweep_left_something_undone(
        self, client, applicant, penalty, staff, at
    ):
        cast = {**staff, "applicant": applicant}
        walk(open_a_repair(applicant, penalty), "check:yes", cast)
        late = TUESDAY + dt.timedelta(days=14)
        Heartbeat.objects.create(at=late, examined=0, told=0, failed=0)
        at(late)
        told = client.get("/health/clock")
        assert (told.status_code, told.json()["left"]) == (503, 1)
        assert told.json()["problem"]
