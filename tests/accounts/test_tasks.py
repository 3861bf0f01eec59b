"""What is left of people who are not signed in any more."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts import tasks
from config.celery import app

LATER = dt.datetime(2026, 10, 14, 3, 30, tzinfo=dt.UTC)


@pytest.fixture
def typed(db):
    def keep(text, *, until):
        store = SessionStore()
        store["typed"] = text
        store.create()
        Session.objects.filter(pk=store.session_key).update(expire_date=until)
        return store.session_key

    return keep


@pytest.fixture
def at_night(monkeypatch):
    monkeypatch.setattr("accounts.tasks.now", lambda: LATER)


class TestTheNightlyTask:
    def test_deletes_what_was_typed_in_a_session_that_has_run_out(self, typed, at_night):
        over = typed("示例", until=LATER - dt.timedelta(seconds=1))
        open_ = typed("示例", until=LATER + dt.timedelta(seconds=1))

        assert tasks.forget_sessions() == 1
        (left,) = Session.objects.all()
        assert left.pk == open_ != over
        assert left.get_decoded() == {"typed": "示例"}

    def test_signs_nobody_out_whose_session_goes_on(self, client, applicant, monkeypatch):
        client.force_login(applicant.user)
        (session,) = Session.objects.all()
        last = session.expire_date - dt.timedelta(seconds=1)
        monkeypatch.setattr("accounts.tasks.now", lambda: last)

        assert tasks.forget_sessions() == 0
        assert client.get(reverse("cases")).status_code == 200

    def test_stands_in_the_timetable(self):
        named = {entry["task"] for entry in app.conf.beat_schedule.values()}

        assert tasks.forget_sessions.name in named & set(app.tasks)
