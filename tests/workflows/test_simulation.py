"""What if: dates before and after, for one case and for all; nothing is written."""

import datetime as dt

import pytest
from django.db import InternalError, connection
from django.utils import translation

from tests.workflows.days import day
from tests.workflows.sheets import rows_2026, written
from tests.workflows.walks import at, walk
from workflows import calendar_sheet, deadlines, policy, simulation
from workflows.clock import Light
from workflows.models import Day, Deadline, Entry, Term
from workflows.simulation import NoSuchClock, NoSuchTerm, NothingToSupplement, WhatIf, WrongValue

ON = dt.date(2026, 9, 29)
FEEDBACK, ACCEPT = "repair.ndrc.feedback", "repair.ndrc.accept"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def pushed(repair, cast):
    walk(repair, "check:yes", cast)
    return repair


@pytest.fixture
def shorter(tmp_path, law):
    """The calendar of 2026 without 7 October as a holiday."""
    return calendar_sheet.supposed(
        calendar_sheet.read(written(tmp_path, rows_2026(without=["10-07"])))
    )


def asked(case, on=ON, **what_if):
    return {c.deadline.term.key: c for c in simulation.of_case(case, WhatIf(**what_if), on=on)}


def dates(case):
    running = Deadline.objects.filter(case=case, ended_at=None)
    return dict(running.values_list("term__key", "due_on"))


def everything():
    tables = (Deadline, Entry, Day, Term)
    return [list(model.objects.order_by("pk").values()) for model in tables]


class TestACase:
    def test_shows_every_running_clock_as_it_is(self, pushed):
        found = asked(pushed, suspend=0)

        assert {key: change.before.due.on for key, change in found.items()} == dates(pushed)

    def test_shows_what_a_supplement_would_do_and_it_does_it(self, pushed, cast):
        foreseen = asked(pushed, supplement=1)

        walk(pushed, "examine:more", cast, since=at("09-29", 9))
        walk(pushed, "supplement:done", cast, since=at("09-30", 9))

        now = dates(pushed)
        for key in (FEEDBACK, ACCEPT):
            assert foreseen[key].after.due.on == now[key] != foreseen[key].before.due.on

    def test_shows_what_a_supplement_would_do_at_the_counter(self, repair, cast):
        foreseen = asked(repair, supplement=1)

        walk(repair, "check:no", cast, since=at("09-29", 9))
        walk(repair, "redo:done", cast, since=at("09-30", 9))

        assert foreseen[FEEDBACK].after.due.on == dates(repair)[FEEDBACK]
        assert foreseen["repair.precheck"].after.due.on == dates(repair)["repair.precheck"]

    def test_cannot_be_asked_for_a_supplement_once_it_is_accepted(self, pushed, cast):
        walk(pushed, "examine:accept", cast, since=at("09-29", 9))

        with pytest.raises(NothingToSupplement):
            asked(pushed, supplement=3)

    def test_shows_what_a_suspension_would_do(self, pushed):
        found = asked(pushed, suspend=10)

        # Ten days from 29 September, which is counted: nine more from 10 October on.
        assert found[FEEDBACK].before.due.on == day("10-16")
        assert found[FEEDBACK].after.due.on == day("10-21")
        assert all(change.has_moved for change in found.values())

    def test_shows_what_an_extension_would_do_to_its_clock_only(self, pushed):
        found = asked(pushed, extend=(FEEDBACK, 5))

        assert found[FEEDBACK].after.due.on == day("10-23")
        assert found[FEEDBACK].after.due.extended_by == 5
        assert [key for key, change in found.items() if change.has_moved] == [FEEDBACK]

    def test_has_no_clock_that_does_not_run(self, pushed):
        with pytest.raises(NoSuchClock):
            asked(pushed, extend=("repair.ndrc.decide", 5))

    def test_shows_what_another_calendar_would_do(self, pushed, shorter):
        found = asked(pushed, calendar=shorter)

        assert found[FEEDBACK].after.due.on == day("10-15")
        assert found[ACCEPT].after.due.on == day("10-07")

    def test_shows_the_lights_of_the_day_of_the_question(self, pushed, shorter):
        found = asked(pushed, on=day("10-08"), calendar=shorter)[ACCEPT]

        assert (found.before.light, found.after.light) == (Light.AMBER, Light.RED)
        assert found.becomes_overdue

    def test_explains_both_dates(self, pushed):
        found = asked(pushed, suspend=10)[FEEDBACK]

        assert not any("stood still" in said for said in found.explained(found.before))
        assert any("stood still" in said for said in found.explained(found.after))

    def test_has_nothing_to_show_once_it_is_closed(self, pushed, cast):
        walk(pushed, "WITHDRAW", cast, since=at("09-29", 9))

        assert asked(pushed, suspend=3) == {}

    def test_is_left_as_it_was(self, pushed, shorter):
        before = everything()
        for what_if in ({"supplement": 3}, {"suspend": 3}, {"extend": (ACCEPT, 1)}):
            asked(pushed, **what_if)
        asked(pushed, calendar=shorter)

        assert everything() == before

    def test_could_not_be_changed_even_by_mistake(self, pushed, monkeypatch):
        def writing(deadline, *_):
            deadline.save()

        monkeypatch.setattr(deadlines, "renew", writing)
        with pytest.raises(InternalError, match="read-only"):
            asked(pushed, suspend=3)

    def test_can_be_worked_on_afterwards(self, pushed, cast):
        asked(pushed, suspend=3)
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("off",)

        walk(pushed, "CLAIM:examine", cast, since=at("09-29", 9))


class TestTheStock:
    def test_says_which_dates_another_calendar_moves(self, pushed, shorter):
        found = simulation.of_stock(WhatIf(calendar=shorter), on=ON)

        assert found.examined == len(dates(pushed))
        assert {change.deadline.term.key for change in found.changes} >= {FEEDBACK, ACCEPT}
        assert (found.overdue, found.kept, found.failed) == ([], [], [])

    def test_says_which_clocks_become_overdue_at_once(self, pushed, shorter):
        found = simulation.of_stock(WhatIf(calendar=shorter), on=day("10-08"))

        assert ACCEPT in {change.deadline.term.key for change in found.overdue}
        assert FEEDBACK not in {change.deadline.term.key for change in found.overdue}

    def test_changes_the_cases_a_new_edition_governs(self, pushed):
        term = simulation.edition(FEEDBACK, value="5", unit=None, since=day("09-01"))
        found = simulation.of_stock(WhatIf(term=term), on=ON)

        (change,) = found.changes
        assert change.deadline.term.key == FEEDBACK
        assert (change.before.due.on, change.after.due.on) == (day("10-16"), day("10-10"))
        assert found.kept == []
        assert found.examined == 1

    def test_says_why_a_case_keeps_the_edition_that_governs_it(self, pushed):
        term = simulation.edition(FEEDBACK, value="5", unit=None, since=day("10-01"))
        found = simulation.of_stock(WhatIf(term=term), on=ON)

        (kept,) = found.kept
        assert found.changes == []
        assert "Sept. 28, 2026" in kept.reason
        assert "Oct. 1, 2026" in kept.reason

    def test_moves_open_cases_where_the_proposal_says_so(self, pushed):
        term = simulation.edition(FEEDBACK, value="5", unit=None, since=day("10-01"))
        found = simulation.of_stock(WhatIf(term=term, moves_open=True), on=ON)

        assert [change.after.due.on for change in found.changes] == [day("10-10")]
        assert found.kept == []

    def test_asks_every_clock_about_a_rule_they_share(self, pushed):
        term = simulation.edition("light.yellow.least", value="4", unit=None, since=day("09-01"))
        found = simulation.of_stock(WhatIf(term=term), on=ON)

        changed = {c.deadline.term.key: c for c in found.changes}
        assert found.examined == len(dates(pushed))
        assert changed[ACCEPT].after.light == Light.AMBER
        assert changed[ACCEPT].after.due.on == changed[ACCEPT].before.due.on

    def test_is_seen_by_those_who_supervise_it(
        self, pushed, cast, shorter, bureau_supervisor, office_supervisor
    ):
        what_if = WhatIf(calendar=shorter)
        seen = {
            who: {
                c.deadline.term.key
                for c in simulation.of_stock(what_if, viewer=user, on=ON).changes
            }
            for who, user in {
                "bureau": bureau_supervisor,
                "office": office_supervisor,
                "party": cast["applicant"].user,
            }.items()
        }
        assert seen["party"] == set()
        assert ACCEPT in seen["bureau"]
        assert FEEDBACK not in seen["bureau"]
        assert {ACCEPT, FEEDBACK} <= seen["office"]

    def test_names_the_case_that_cannot_be_asked_and_goes_on(self, pushed, shorter):
        Term.objects.filter(key=ACCEPT).update(starts="never")
        found = simulation.of_stock(WhatIf(calendar=shorter), on=ON)

        assert found.failed == [pushed.reference]
        assert FEEDBACK in {change.deadline.term.key for change in found.changes}

    def test_is_left_as_it_was(self, pushed, shorter):
        before = everything()
        term = simulation.edition(FEEDBACK, value="5", unit=None, since=day("09-01"))
        simulation.of_stock(WhatIf(calendar=shorter), on=ON)
        simulation.of_stock(WhatIf(term=term), on=ON)

        assert everything() == before
        with policy.reading():
            assert policy.term(FEEDBACK, on=ON).value == "10"


class TestAnEdition:
    def test_is_like_the_one_it_follows_but_for_what_is_changed(self, law):
        new = simulation.edition(FEEDBACK, value="5", unit="CD", since=day("10-01"))
        old = policy.term(FEEDBACK, on=ON)

        assert new.pk is None
        assert (new.value, new.unit, new.starts, new.basis) == ("5", "CD", old.starts, old.basis)
        assert (new.in_force.lower, new.in_force.upper) == (day("10-01"), None)
        assert old.value == "10"

    def test_follows_one_that_is_in_force(self, law):
        with pytest.raises(NoSuchTerm):
            simulation.edition("repair.unheard", value="5", unit=None, since=ON)

    @pytest.mark.parametrize(("value", "unit"), [("-1", None), ("soon", None), ("5", "weeks")])
    def test_of_a_period_is_a_period(self, law, value, unit):
        with pytest.raises(WrongValue):
            simulation.edition(FEEDBACK, value=value, unit=unit, since=ON)
