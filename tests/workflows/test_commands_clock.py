"""The commands of the clock that others script: their answers, their sentences, their exits."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config.celery import app
from tests.workflows.days import day
from tests.workflows.sheets import rows_2026, rows_2027, written
from tests.workflows.walks import at, walk
from workflows import escalation
from workflows.management.commands import explain_deadline
from workflows.management.commands import term as term_command
from workflows.models import Day, Deadline, Entry, Heartbeat

FEEDBACK, ACCEPT = "repair.ndrc.feedback", "repair.ndrc.accept"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def answer(capsys):
    """Run a command and return what it printed, as JSON or as text."""

    def answer(*words):
        call_command(*map(str, words))
        said = capsys.readouterr().out
        return json.loads(said) if said[:1] in "{[" else said

    return answer


@pytest.fixture
def pushed(repair, cast):
    walk(repair, "check:yes", cast)
    return repair


def explained(answer, text):
    return answer("explain_deadline", *text.split())


def leaves(command, *words):
    """Return the exit code of a command line that is refused."""
    with pytest.raises(SystemExit) as left:
        command.run_from_argv(["manage.py", command.__module__.rpartition(".")[2], *words])
    return left.value.code


def refusal(*words):
    """Return the sentence and the exit code with which a command refuses."""
    with pytest.raises(CommandError) as refused:
        call_command(*map(str, words))
    return str(refused.value), refused.value.returncode


class TestExplainDeadline:
    @pytest.mark.parametrize(
        ("given", "due"),
        [
            ("--start 2026-09-24 --length 7 --unit WD", "2026-10-12"),
            ("--start 2026-09-24 --length 7 --unit WD --act", "2026-10-12"),
            ("--start 2026-09-21 --length 20 --unit WD", "2026-10-26"),
            ("--start 2026-09-26 --length 0 --unit WD", "2026-09-28"),
            ("--start 2026-09-10 --length 30 --unit CD", "2026-10-10"),
            ("--start 2026-09-21 --length 12 --unit CD", "2026-10-08"),
            ("--start 2026-09-21 --length 12 --unit CD --publication", "2026-10-03"),
            ("--start 2026-07-31 --length 3 --unit M", "2026-11-02"),
            ("--start 2026-07-31 --length 3 --unit M --publication", "2026-10-31"),
            ("--start 2025-11-30 --length 3 --unit M --publication", "2026-02-28"),
            ("--start 2026-09-01 --length 3 --unit WD --pause 2026-09-02:2026-09-08", "2026-09-10"),
            (
                "--start 2026-09-01 --length 3 --unit WD "
                "--pause 2026-09-03:2026-09-10 --pause 2026-09-02:2026-09-07",
                "2026-09-14",
            ),
            ("--start 2026-09-01 --length 3 --unit WD --extend 2", "2026-09-08"),
        ],
    )
    def test_says_when_a_period_ends(self, law, answer, given, due):
        assert explained(answer, given)["due"] == due

    def test_lists_the_days_left_out_and_the_weekends_worked(self, law, answer):
        told = explained(answer, "--start 2026-09-24 --length 7 --unit WD")

        off = [f"2026-09-{n}" for n in (25, 26, 27)] + [f"2026-10-0{n}" for n in range(1, 8)]
        assert told["excluded"] == [*off, "2026-10-11"]
        assert told["worked_weekends"] == ["2026-10-10"]
        assert told["provisional"] is False

    def test_lists_for_calendar_days_only_those_it_rolled_over(self, law, answer):
        told = explained(answer, "--start 2026-09-10 --length 15 --unit CD")
        straight = explained(answer, "--start 2026-09-10 --length 30 --unit CD")

        assert told["excluded"] == ["2026-09-25", "2026-09-26", "2026-09-27"]
        assert (straight["excluded"], straight["worked_weekends"]) == ([], [])

    def test_does_not_count_a_worked_weekend_on_which_it_stood_still(self, law, answer):
        told = explained(
            answer, "--start 2026-09-24 --length 7 --unit WD --pause 2026-10-08:2026-10-12"
        )
        assert told["worked_weekends"] == []
        assert told["due"] == "2026-10-15"

    def test_is_provisional_beyond_the_calendar(self, law, answer):
        told = explained(answer, "--start 2026-12-28 --length 10 --unit WD --lang en")

        assert told["provisional"] is True
        assert any(said.startswith("Provisional") for said in told["explanation"])

    def test_explains_every_step_in_english(self, law, answer):
        told = explained(
            answer,
            "--start 2026-09-24 --length 7 --unit WD --lang en "
            "--pause 2026-09-28:2026-10-09 --extend 3",
        )
        assert told["explanation"] == [
            "Starts with “the day given” on Sept. 24, 2026, which is not counted; "
            "it runs 7 working days.",
            "Extended by 3 working days.",
            "It stood still after Sept. 28, 2026, up to and including Oct. 9, 2026.",
            "Not counted, as it stood still: 09-29, 09-30, 10-08, 10-09.",
            "Rest days, not counted: 09-25, 09-26, 09-27, 10-01, 10-02, 10-03, 10-04, 10-05, "
            "10-06, 10-07, 10-11, 10-17, 10-18.",
            "Weekend days worked, counted: 10-10.",
            "So it ends with the end of Oct. 21, 2026.",
        ]

    def test_explains_the_roll_over_and_why_a_publication_does_not(self, law, answer):
        act = explained(answer, "--start 2026-07-31 --length 3 --unit M --lang en")
        shown = explained(answer, "--start 2026-07-31 --length 3 --unit M --lang en --publication")

        assert any("moves to the next working day" in said for said in act["explanation"])
        assert any("does not move for it" in said for said in shown["explanation"])

    def test_explains_in_chinese_unless_asked_otherwise_and_readably(self, law, capsys):
        call_command(
            "explain_deadline", *["--start", "2026-09-24", "--length", "7", "--unit", "WD"]
        )
        said = capsys.readouterr().out

        assert "2026年9月24日" in said
        assert "\\u" not in said

    def test_does_not_mention_a_pause_that_came_too_late(self, law, answer):
        told = explained(
            answer,
            "--start 2026-09-01 --length 2 --unit WD --pause 2026-09-07:2026-09-09 --lang en",
        )
        assert told["due"] == "2026-09-03"
        assert not any("stood still" in said for said in told["explanation"])

    def test_uses_the_shipped_calendar_where_none_is_loaded(self, db, answer):
        assert not Day.objects.exists()
        told = explained(answer, "--start 2026-09-24 --length 7 --unit WD")

        assert told["due"] == "2026-10-12"

    def test_uses_the_calendar_that_is_loaded(self, law, answer):
        Day.objects.filter(day=day("10-07")).delete()
        told = explained(answer, "--start 2026-09-24 --length 7 --unit WD")

        assert told["due"] == "2026-10-10"

    def test_says_that_it_knows_no_calendar_of_old_years(self, law, answer):
        told = explained(answer, "--start 2019-05-06 --length 3 --unit WD --lang en")

        assert any("before 2024" in said for said in told["explanation"])

    @pytest.mark.parametrize(
        "given",
        [
            "--start 2026-02-30 --length 7 --unit WD",
            "--start 20260924 --length 7 --unit WD",
            "--start 2026-09-24 --length -7 --unit WD",
            "--start 2026-09-24 --length seven --unit WD",
            "--start 2026-09-24 --length 7 --unit XX",
            "--start 2026-09-24 --length 7",
            "--start 2026-09-24 --length 7 --unit WD --act --publication",
            "--start 2026-09-24 --length 7 --unit WD --pause 2026-10-09:2026-10-08",
            "--start 2026-09-24 --length 7 --unit WD --pause 2026-10-09",
            "--start 2026-09-24 --length 7 --unit WD --pause 2026-10-09:soon",
            "--start 2026-09-24 --length 7 --unit WD --extend -1",
            "--start 2026-09-24 --length 7 --unit WD --lang fr",
            "--start 2026-09-24 --length 7 --unit WD --unheard-of",
        ],
    )
    def test_leaves_with_two_and_one_sentence_for_what_cannot_be_read(self, capsys, given):
        assert leaves(explain_deadline.Command(), *given.split()) == 2

        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.strip().splitlines()) == 1
        assert "usage" not in said.err

    @pytest.mark.parametrize(
        "given",
        [
            "--start 2026-09-24 --length 7 --unit WD --pause 2026-09-01:2026-09-03",
            "--start 2026-09-24 --length 999999 --unit M",
            "--start 2026-09-24 --length 9999999 --unit CD",
        ],
    )
    def test_refuses_what_cannot_be_counted(self, law, given):
        _sentence, code = refusal("explain_deadline", *given.split())

        assert code == 2


class TestTerm:
    def test_prints_the_edition_in_force(self, law, answer):
        told = answer("term", "repair.samr.decide", "--on", "2025-12-24")

        assert (told["value"], told["unit"], told["start"]) == ("15", "WD", "accept")
        assert told["edition"] == {"from": "2021-09-01", "to": "2025-12-24"}
        assert (told["certainty"], told["certainty_label"]) == ("S", "statutory limit")
        assert told["basis"] == "国市监信规〔2021〕3号"

    def test_prints_the_next_edition_on_its_first_day(self, law, answer):
        told = answer("term", "repair.samr.decide", "--on", "2025-12-25")

        assert (told["value"], told["edition"]) == ("7", {"from": "2025-12-25", "to": None})

    def test_leaves_with_one_where_none_is_in_force(self, law):
        assert refusal("term", "repair.samr.decide", "--on", "2020-01-01") == (
            "No edition of “repair.samr.decide” is in force on 2020-01-01.",
            1,
        )

    def test_leaves_with_one_for_a_key_that_is_not_known(self, law):
        assert refusal("term", "repair.unheard", "--on", "2026-01-01") == (
            "There is no term “repair.unheard”.",
            1,
        )

    @pytest.mark.parametrize("given", ["repair.samr.decide", "x --on today", "--on 2026-01-01"])
    def test_leaves_with_two_for_what_cannot_be_read(self, capsys, given):
        assert leaves(term_command.Command(), *given.split()) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


class TestSweep:
    def test_does_what_is_due_then_and_counts_it(self, pushed, answer):
        told = answer("sweep", "--at", "2026-09-30T09:00:00+08:00")

        assert told["told"] >= 1
        assert told["failed"] == 0
        assert Heartbeat.objects.get().examined == told["examined"]

    def test_takes_an_instant_without_an_offset_for_a_local_one(self, pushed, answer):
        answer("sweep", "--at", "2026-09-30T09:00")

        assert Heartbeat.objects.get().at.isoformat() == "2026-09-30T01:00:00+00:00"

    def test_leaves_with_one_when_it_failed_on_something(self, pushed, monkeypatch, capsys):
        beat = Heartbeat(examined=3, told=1, failed=1)
        monkeypatch.setattr(escalation, "sweep", lambda *, at: beat)
        with pytest.raises(SystemExit) as left:
            call_command("sweep")

        assert left.value.code == 1
        assert json.loads(capsys.readouterr().out)["failed"] == 1


class TestCheckDeadlines:
    def test_is_content_where_all_is_right(self, pushed, answer):
        running = Deadline.objects.filter(ended_at=None).count()

        assert answer("check_deadlines") == f"{running} clocks checked; 0 differ.\n"

    def test_names_what_differs_and_leaves_with_one(self, pushed, capsys):
        Deadline.objects.filter(case=pushed, term__key=ACCEPT).update(due_on=day("12-01"))
        with pytest.raises(SystemExit) as left:
            call_command("check_deadlines")

        assert left.value.code == 1
        said = capsys.readouterr()
        assert pushed.reference in said.err
        assert "2026-12-01 ≠ 2026-10-08" in said.err
        assert "1 differ" in said.out

    def test_runs_every_night(self):
        entry = app.conf.beat_schedule["check deadlines"]

        assert entry["task"] == "workflows.tasks.check_deadlines"
        assert (entry["schedule"].hour, entry["schedule"].minute) == ({2}, {30})


class TestLoadCalendar:
    def test_prints_which_dates_move(self, pushed, answer, tmp_path):
        told = answer("load_calendar", written(tmp_path, rows_2026(without=["10-07"])))

        assert f"{pushed.reference}\t{FEEDBACK}\t2026-10-16 → 2026-10-15\n" in told
        assert "Calendar 2026, version 2: 0 days added, 0 changed, 1 removed" in told

    def test_says_which_dates_would_move_and_moves_none(self, pushed, answer, tmp_path):
        path = written(tmp_path, rows_2026(without=["10-07"]))
        told = answer("load_calendar", path, "--dry-run")

        assert f"{FEEDBACK}\t2026-10-16 → 2026-10-15\n" in told
        assert "Nothing was written." in told
        assert Deadline.objects.get(case=pushed, term__key=FEEDBACK).due_on == day("10-16")
        assert not Entry.objects.filter(stream="calendar/2026").exists()

    def test_says_what_becomes_sure(self, applicant, penalty, staff, answer, tmp_path):
        applicant.applies(penalty, at=at("12-24", 8))
        told = answer("load_calendar", written(tmp_path, rows_2027()))

        assert f"{FEEDBACK}\t2027-01-07 (provisional date) → 2027-01-08\n" in told

    def test_refuses_a_wrong_file_with_its_line(self, law, tmp_path):
        path = written(tmp_path, rows_2027()[:-1])
        sentence, code = refusal("load_calendar", path)

        assert code == 2
        assert sentence.startswith("calendar.csv: Line 7: ")
        assert "国庆节" in sentence
        assert not Day.objects.filter(day__year=2027).exists()

    def test_refuses_a_file_that_is_not_there(self, law, tmp_path):
        assert refusal("load_calendar", tmp_path / "none.csv")[1] == 2


class TestSimulate:
    def test_shows_one_case_as_it_is_and_as_it_would_be(self, pushed, answer):
        told = answer("simulate", pushed.reference, "--suspend", 10, "--on", "2026-09-29")

        assert f"{FEEDBACK}\t2026-10-16 On time → 2026-10-21 On time\n" in told

    def test_shows_it_to_a_machine_too(self, pushed, answer):
        told = answer(
            "simulate",
            pushed.reference,
            "--extend",
            f"{FEEDBACK}:5",
            "--on",
            "2026-09-29",
            "--json",
        )
        moved = [change for change in told if change["moved"]]
        assert [change["key"] for change in moved] == [FEEDBACK]
        assert moved[0]["before"]["due"] == "2026-10-16"
        assert moved[0]["after"]["due"] == "2026-10-23"
        assert "Extended by 5 working days." in moved[0]["after"]["explanation"]

    def test_shows_what_a_calendar_would_do_to_every_open_case(self, pushed, answer, tmp_path):
        path = written(tmp_path, rows_2026(without=["10-07"]))
        told = answer("simulate", "--calendar", path, "--on", "2026-10-08")

        assert f"{ACCEPT}\t2026-10-08 Due soon → 2026-10-07 Overdue\n" in told
        assert " become overdue" in told

    def test_shows_which_cases_a_new_edition_leaves_alone(self, pushed, answer):
        words = ["simulate", "--term", FEEDBACK, "--value", 5, "--on", "2026-09-29"]
        kept = answer(*words, "--from", "2026-10-01", "--json")
        moved = answer(*words, "--from", "2026-10-01", "--move-open", "--json")

        assert (kept["changes"], kept["kept"][0]["case"]) == ([], pushed.reference)
        assert kept["kept"][0]["governed_on"] == "2026-09-28"
        assert moved["changes"][0]["after"]["due"] == "2026-10-10"
        assert moved["kept"] == []

    def test_writes_nothing(self, pushed, answer):
        entries, dates = Entry.objects.count(), list(Deadline.objects.order_by("pk").values())
        answer("simulate", pushed.reference, "--supplement", 6, "--on", "2026-09-29")

        assert Entry.objects.count() == entries
        assert list(Deadline.objects.order_by("pk").values()) == dates

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (["XF-2026-999999", "--suspend", "3"], 1),
            (["--suspend", "3"], 2),
            (["--term", FEEDBACK], 2),
            (["--term", "repair.unheard", "--value", "3"], 2),
            (["--term", FEEDBACK, "--value", "-3"], 2),
            (["--calendar", "there/is/none.csv"], 2),
        ],
    )
    def test_refuses_what_cannot_be_asked(self, law, words, code):
        assert refusal("simulate", *words)[1] == code
