"""The demonstration: who is there, what there is to see, and that it comes but once."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Unit, User
from accounts.standing import standing
from records.models import Record
from tests.conftest import SHANGHAI
from web.management import people
from web.management.commands import demo
from web.management.law import load_units
from workflows import audit, queues
from workflows.acts import Refused
from workflows.models import Case, Day, Entry, Term, WorkItem

TUESDAY = dt.datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)


def run_demo():
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


@pytest.fixture
def demonstration(db, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(demo, "now", lambda: TUESDAY)
    return run_demo()


class TestDemo:
    def test_is_refused_where_the_service_is_no_demonstration(self, db, settings):
        settings.DEMO = False

        with pytest.raises(CommandError):
            call_command("demo")
        assert not User.objects.exists()

    def test_makes_people_who_can_sign_in_and_says_who_they_are(self, demonstration):
        for person in people.PEOPLE:
            assert authenticate(username=person.username, password=people.PASSWORD)
            assert person.username in demonstration
        assert people.PASSWORD in demonstration

    def test_gives_each_person_what_they_are_named_after(self, demonstration):
        on = TUESDAY.date()
        clerk, agent = User.objects.get(username="demo-clerk"), people.named("demo-agent")

        assert standing(clerk, on=on).queues == ["XY/counter"]
        assert len(standing(agent, on=on).codes) == 2
        assert standing(people.named("demo-auditor"), on=on).is_auditor
        assert people.named("demo-operator").is_superuser

    def test_shows_cases_in_six_states_one_of_them_late(self, demonstration):
        states = set(Case.objects.values_list("state", flat=True))
        supervisor = people.named("demo-office-supervisor")

        assert states == {"received", "pushed", "supplement", "accepted", "approved", "repaired"}
        assert queues.count_late(supervisor, on=TUESDAY.date()) >= 1
        assert queues.count_inbox(WorkItem.objects.get(step="verify", state="claimed").owner) == 1

    def test_logs_what_it_loaded(self, demonstration):
        streams = set(Entry.objects.values_list("stream", flat=True))

        assert {"setup/units", "setup/terms", "setup/calendar", "setup/people"} <= streams
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_changes_nothing_the_second_time(self, demonstration):
        tables = (Unit, Term, Day, User, Record, Case, Entry)
        before = [table.objects.count() for table in tables]

        assert run_demo() == demonstration
        assert [table.objects.count() for table in tables] == before


class TestLoadPolicy:
    def test_loads_rule_values_and_calendar_without_any_unit(self, db):
        call_command("load_policy", stdout=StringIO())

        assert Term.objects.filter(key="repair.places").exists()
        assert Day.objects.exists()
        assert not Unit.objects.exists()

    def test_refuses_a_unit_whose_code_is_mistyped(self, db, tmp_path):
        path = tmp_path / "units.csv"
        path.write_text(
            "code,name,name_en,credit_code,is_credit_office\nXY,示例,Demo,11370115MBX00XY15X,yes\n",
            encoding="utf-8",
        )
        with pytest.raises(Refused, match="XY"):
            load_units(path)
        with pytest.raises(CommandError):
            call_command("load_policy", units=path)
        assert not Term.objects.exists()

    def test_says_so_when_an_edition_has_other_days_here(self, db):
        call_command("load_policy", stdout=StringIO())
        Term.objects.filter(key="repair.places").update(in_force=("2020-01-01", None))

        with pytest.raises(CommandError, match=r"repair\.places"):
            call_command("load_policy")
