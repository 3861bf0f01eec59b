"""The demonstration: who is there, what there is to see, and that it comes but once."""

import datetime as dt
from collections import defaultdict
from io import StringIO
from unittest import mock

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from accounts.models import Representation, Substitution, Unit, User
from accounts.standing import standing
from records.models import Alias, Record
from tests.conftest import SHANGHAI
from web.management import people
from web.management.commands import demo
from web.management.law import example_items, load_units
from web.management.people import PASSWORD, PEOPLE, named
from workflows import audit, checking, queues, work
from workflows.acts import Refused
from workflows.case_type import case_type, case_types
from workflows.models import Case, Day, Deadline, Entry, Relation, Service, Term, WorkItem
from workflows.transfers import AWAY

TUESDAY = dt.datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
ON = TUESDAY.date()
HOLIDAY = dt.datetime(2026, 10, 3, 0, 10, tzinfo=SHANGHAI)
LATER = dt.datetime(2027, 7, 1, 23, 50, tzinfo=SHANGHAI)
OPEN = ["open", "claimed"]


def run_demo():
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


@pytest.fixture
def on_day(db, settings, monkeypatch):
    """Return a function that makes the demonstration on a day."""
    settings.DEMO = True

    def on_day(at):
        monkeypatch.setattr(demo, "now", lambda: at)
        return run_demo()

    return on_day


@pytest.fixture(scope="class")
def poured(django_db_setup, django_db_blocker):
    """What the demonstration says of itself, made once for the tests of a class."""
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True),
        mock.patch.object(demo, "now", return_value=TUESDAY),
        transaction.atomic(),
    ):
        yield run_demo()
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(poured, db):
    """The demonstration as it was made: what a test changes in it is taken back."""
    return poured


def could_do(item):
    """Return the demo people who may claim a step, or act for the party it is asked of."""
    if item.queue == WorkItem.PARTY:
        code = item.case.party.credit_code
        mine = Representation.objects.filter(credit_code=code, user__username__startswith="demo-")
        return [representation.user for representation in mine]
    unit, _slash, duty = item.queue.partition("/")
    held = {"memberships__unit__code": unit, "memberships__duty": duty}
    there = User.objects.filter(username__startswith="demo-", **held)
    return [user for user in there if not work.why_not(item, user, on=ON)]


def open_steps():
    steps = WorkItem.objects.filter(state__in=OPEN).exclude(queue__startswith=AWAY)
    return steps.select_related("case__party", "owner", "unit")


class TestDemo:
    @pytest.mark.parametrize("at", [HOLIDAY, LATER], ids=["holiday", "when few can be repaired"])
    def test_tells_its_stories_on_any_day(self, on_day, at):
        on_day(at)

        assert {"objection", "commitment", "interview"} < set(
            Case.objects.values_list("kind", flat=True)
        )
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []
        assert not Entry.objects.filter(at__gt=at).exists()

    def test_is_refused_where_the_service_is_no_demonstration(self, db, settings):
        settings.DEMO = False

        with pytest.raises(CommandError):
            call_command("demo")
        assert not User.objects.exists()


class TestTheDemonstration:
    def test_makes_people_who_can_sign_in_and_says_who_they_are(self, demonstration, client):
        page = client.get(reverse("account_login")).content.decode()

        for person in PEOPLE:
            assert authenticate(username=person.username, password=PASSWORD)
            assert person.username in demonstration
            assert page.count(f'value="{person.username}"') == 1
        assert PASSWORD in demonstration
        for place in {person["where"] for person in people.to_choose_from()}:
            assert page.count(f">{place}</summary>") == 1

    def test_gives_each_person_what_they_are_named_after(self, demonstration):
        clerk, agent = named("demo-clerk"), named("demo-agent")
        substitution = Substitution.objects.get()
        back = substitution.until + dt.timedelta(1)

        assert standing(clerk, on=ON).queues == ["XY/counter"]
        assert len(standing(agent, on=ON).codes) == 4
        assert standing(named("demo-auditor"), on=ON).is_auditor
        assert named("demo-operator").is_staff
        assert named("demo-operator").has_perm("accounts.add_membership")
        assert standing(named("demo-sj-substitute"), on=ON).queues == ["SJ/approver"]
        assert standing(substitution.substitute, on=back).queues == []

    def test_has_cases_of_every_type_in_at_least_two_states_one_of_them_late(self, demonstration):
        states = defaultdict(set)
        for kind, state in Case.objects.values_list("kind", "state"):
            states[kind].add(state)

        assert Case.objects.count() == 22  # as both readmes say
        assert set(states) == {type_.label for type_ in case_types()}
        assert min(len(found) for found in states.values()) >= 2
        assert states["objection"] == {"verifying", "closed", "received"}
        assert states["commitment"] == {"informed", "verifying", "gap", "general", "eligible"}
        assert states["interview"] == {"noticed", "rectifying", "proposed"}
        assert {"shielded", "suspected", "supplement", "fulfilment"} < states["repair"]
        assert queues.late_for(named("demo-office-supervisor"), on=ON)

    def test_leaves_no_step_open_that_nobody_there_could_do(self, demonstration):
        steps = list(open_steps())

        assert len(steps) > 20
        assert [str(step) for step in steps if not step.owner and not could_do(step)] == []

    def test_shows_what_happens_beside_a_route(self, demonstration):
        waiting = set(open_steps().values_list("step", "queue"))
        transferred = WorkItem.objects.get(queue__startswith=AWAY)
        disputed, held_up = (
            Case.objects.get(kind=kind, record__marked_by__startswith="YY")
            for kind in ("objection", "repair")
        )

        assert {("aside.assist", "CZ/handler"), ("aside.assist", "RS/handler")} < waiting
        assert ("aside.transfer", "SJ/acceptor") in waiting
        assert transferred.step == "examine"
        assert held_up.suspended_at
        assert disputed.record == held_up.record
        assert disputed.record.marked_by == disputed.reference
        assert Case.objects.get(came_in="counter").opened_by == named("demo-clerk")
        assert Service.objects.get(effective_on=None).letter.name == "suspicion"
        assert Relation.objects.get(kind=Relation.Kind.FOLLOWS).target.state == "suspected"

    def test_has_records_of_every_kind_with_former_names_and_a_correction(self, demonstration):
        upheld = Case.objects.get(kind="objection", state="closed")

        assert set(Record.objects.values_list("kind", flat=True)) == set(Record.Kind.values)
        assert Alias.objects.filter(kind=Alias.Kind.FORMER_NAME).count() >= 2
        assert (upheld.record.fine_fen, upheld.record.marked_by) == (200_000, "")

    def test_is_a_log_that_agrees_with_the_tables(self, demonstration):
        streams = set(Entry.objects.values_list("stream", flat=True))
        setup = {f"setup/{name}" for name in ("units", "terms", "calendar", "people", "items")}

        assert setup <= streams
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []
        assert checking.check().differences == []
        call_command("rebuild_items", check=True, stdout=StringIO())

    def test_changes_nothing_the_second_time(self, demonstration):
        versions = case_type("commitment").get_model("ItemVersion")
        tables = (Unit, Term, Day, User, Record, Case, Entry, Deadline, Substitution, versions)
        before = [table.objects.count() for table in tables]

        assert run_demo() == demonstration
        assert [table.objects.count() for table in tables] == before


class TestLoadPolicy:
    def test_loads_rule_values_and_calendar_without_any_unit(self, db):
        call_command("load_policy", stdout=StringIO())

        assert Term.objects.filter(key="repair.places").exists()
        assert Day.objects.exists()
        assert not Unit.objects.exists()

    def test_loads_the_items_of_a_file_once(self, db):
        files = {"units": demo.DEMO / "units.csv", "items": example_items()}
        first, again = StringIO(), StringIO()
        call_command("load_policy", **files, stdout=first)
        call_command("load_policy", **files, stdout=again)

        assert "事项5个" in first.getvalue()
        assert "事项0个" in again.getvalue()

    def test_refuses_items_of_units_that_are_not_there(self, db):
        with pytest.raises(CommandError, match=r"items\.csv"):
            call_command("load_policy", items=example_items())
        assert not Term.objects.exists()

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
