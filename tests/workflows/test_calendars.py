"""The calendar of a year: loaded whole or not at all, and every date it touches moves openly."""

import datetime as dt
import logging

import pytest
from django.utils import translation

from notifications.models import Message
from tests.workflows.days import day
from tests.workflows.sheets import HEADING, NOTICE, rows_2026, rows_2027, written
from tests.workflows.walks import at, walk
from workflows import calendar_sheet, calendars, checking, deadlines, policy
from workflows.calendar_sheet import CalendarRefused
from workflows.models import Day, Deadline, Entry

NOW = at("12-28", 10)
EARLIER = at("09-29", 20)
FEEDBACK = "repair.ndrc.feedback"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def late_repair(applicant, penalty, staff):
    """Received on 24 December 2026: its feedback is due in a year not yet published."""
    return applicant.applies(penalty, at=at("12-24", 8))


def load(path, *, now=NOW, **more):
    return calendars.load(path, by=None, at=now, **more)


def clock_of(case, key=FEEDBACK):
    return Deadline.objects.get(case=case, term__key=key, item=None)


def moves_of(case):
    return list(Entry.objects.filter(stream=case.reference, kind="clock_moved").order_by("seq"))


def told(user):
    return list(Message.objects.filter(to=user, letter=None).order_by("id"))


class TestAYear:
    def test_that_is_new_is_added_with_its_notice_and_its_version(self, law, tmp_path):
        change = load(written(tmp_path, rows_2027()))

        assert (change.year, change.version, change.added) == (2027, 1, 7)
        assert (change.changed, change.removed, change.moves) == (0, 0, [])
        new_year = Day.objects.get(day=dt.date(2027, 1, 1))
        assert (new_year.is_worked, new_year.notice, new_year.version) == (False, NOTICE, 1)
        with policy.reading():
            assert policy.calendar().published_to == dt.date(2027, 12, 31)

    def test_that_is_replaced_gets_the_next_version_and_leaves_the_others_alone(
        self, law, tmp_path
    ):
        before = Day.objects.exclude(day__year=2026).count()
        change = load(written(tmp_path, rows_2026(without=["10-07"])))

        assert (change.version, change.added, change.changed, change.removed) == (2, 0, 0, 1)
        assert set(Day.objects.filter(day__year=2026).values_list("version", flat=True)) == {2}
        assert Day.objects.exclude(day__year=2026).count() == before
        assert not Day.objects.filter(day=day("10-07")).exists()

    def test_is_written_into_the_log_of_its_calendar(self, law, tmp_path):
        path = written(tmp_path, rows_2027())
        load(path)

        entry = Entry.objects.get(stream="calendar/2027")
        assert (entry.kind, entry.by) == ("calendar_loaded", "service")
        assert entry.detail["sha256"] == calendar_sheet.read(path).sha256
        assert entry.detail["digest"] == calendar_sheet.read(path).digest
        assert (entry.detail["version"], entry.detail["added"]) == (1, 7)

    def test_loaded_twice_changes_nothing_the_second_time(self, law, tmp_path):
        path = written(tmp_path, rows_2027())
        load(path)
        again = load(path)

        assert (again.version, again.is_none) == (1, True)
        assert Entry.objects.filter(stream="calendar/2027").count() == 1

    def test_has_the_same_digest_in_whatever_order_it_is_written(self, law, tmp_path):
        rows = rows_2027()
        one, other = written(tmp_path, rows, "a.csv"), written(tmp_path, rows[::-1], "b.csv")

        assert calendar_sheet.read(one).digest == calendar_sheet.read(other).digest
        assert calendar_sheet.read(one).sha256 != calendar_sheet.read(other).sha256

    def test_may_start_with_a_byte_order_mark(self, law, tmp_path):
        path = written(tmp_path, rows_2027())
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

        assert len(calendar_sheet.read(path).days) == 7


GOOD = f"2027-01-01,holiday,元旦,{NOTICE}"
WRONG = {
    "another heading": ("day,kind,name,notice", [GOOD], 1),
    "an unreadable date": (HEADING, [GOOD, f"2027-02-30,holiday,春节,{NOTICE}"], 3),
    "a date in another form": (HEADING, [f"20270101,holiday,元旦,{NOTICE}"], 2),
    "a date of another year": (HEADING, [GOOD, f"2026-02-06,holiday,春节,{NOTICE}"], 3),
    "a date that is there twice": (HEADING, [GOOD, GOOD], 3),
    "a third kind of day": (HEADING, [f"2027-01-01,rest,元旦,{NOTICE}"], 2),
    "a make-up day on a Monday": (HEADING, [GOOD, f"2027-01-04,workday,元旦,{NOTICE}"], 3),
    "no notice": (HEADING, ["2027-01-01,holiday,元旦,"], 2),
    "a notice too long to keep": (HEADING, [f"2027-01-01,holiday,元旦,{'长' * 121}"], 2),
    "a column too few": (HEADING, [GOOD, "2027-02-06,holiday,春节"], 3),
    "a blank line in between": (HEADING, [GOOD, "", GOOD], 3),
    "an open quotation": (HEADING, [GOOD, '2027-02-06,holiday,"春节'], 3),
    "no day at all": (HEADING, [], 1),
}


class TestAWrongFile:
    @pytest.mark.parametrize(("heading", "rows", "line"), WRONG.values(), ids=WRONG)
    def test_is_refused_whole_with_the_line_that_is_wrong(self, law, tmp_path, heading, rows, line):
        path = tmp_path / "wrong.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        before = list(Day.objects.values())

        with pytest.raises(CalendarRefused) as refused:
            load(path)

        assert refused.value.line == line
        assert str(refused.value).startswith(f"Line {line}: ")
        assert list(Day.objects.values()) == before
        assert not Entry.objects.exists()

    @pytest.mark.parametrize("festival", calendar_sheet.FESTIVALS)
    def test_is_partial_when_a_festival_has_no_holiday(self, law, tmp_path, festival):
        rows = [row for row in rows_2027() if festival not in row]
        saturday = f"2027-07-03,workday,{festival},{NOTICE}"

        with pytest.raises(CalendarRefused, match=festival) as refused:
            load(written(tmp_path, [*rows, saturday]))
        assert refused.value.line == 8

    def test_leaves_no_year_out(self, law, tmp_path):
        rows = [row.replace("2027-", "2028-", 1) for row in rows_2027()]

        with pytest.raises(CalendarRefused, match="2027"):
            load(written(tmp_path, rows))

    def test_that_is_no_text_names_the_line_too(self, law, tmp_path):
        path = tmp_path / "gbk.csv"
        path.write_bytes(f"{HEADING}\n{GOOD}\n".encode("gb18030"))

        with pytest.raises(CalendarRefused) as refused:
            load(path)
        assert refused.value.line == 2


class TestAProvisionalDate:
    def test_becomes_sure_and_moves_with_an_event_when_its_year_is_loaded(
        self, late_repair, tmp_path
    ):
        before = clock_of(late_repair)
        assert (before.due_on, before.provisional) == (dt.date(2027, 1, 7), True)

        change = load(written(tmp_path, rows_2027()))

        after = clock_of(late_repair)
        assert (after.due_on, after.provisional) == (dt.date(2027, 1, 8), False)
        move = next(m for m in change.moves if m.key == FEEDBACK)
        assert (move.old, move.new) == (dt.date(2027, 1, 7), dt.date(2027, 1, 8))
        assert (move.was_provisional, move.is_provisional) == (True, False)
        entry = next(e for e in moves_of(late_repair) if e.detail["key"] == FEEDBACK)
        assert (entry.detail["was"], entry.detail["due"]) == ("2027-01-07", "2027-01-08")
        assert (entry.detail["was_provisional"], entry.detail["provisional"]) == (True, False)
        assert entry.detail["because"] == "calendar 2027 v1"

    def test_becomes_sure_with_an_event_even_where_it_does_not_move(self, late_repair, tmp_path):
        load(written(tmp_path, rows_2027(元旦="01-02")))

        after = clock_of(late_repair)
        assert (after.due_on, after.provisional) == (dt.date(2027, 1, 7), False)
        entry = next(e for e in moves_of(late_repair) if e.detail["key"] == FEEDBACK)
        assert entry.detail["was"] == entry.detail["due"] == "2027-01-07"

    def test_that_comes_later_is_told_to_nobody(self, late_repair, applicant, tmp_path):
        load(written(tmp_path, rows_2027()))

        assert told(applicant.user) == []

    def test_is_only_foreseen_by_a_dry_run(self, late_repair, tmp_path):
        entries, days = Entry.objects.count(), Day.objects.count()
        change = load(written(tmp_path, rows_2027()), dry_run=True)

        assert change.version == 1
        moved = {(move.case, move.key): move.new for move in change.moves}
        assert moved[late_repair.reference, FEEDBACK] == dt.date(2027, 1, 8)
        assert clock_of(late_repair).due_on == dt.date(2027, 1, 7)
        assert (Entry.objects.count(), Day.objects.count()) == (entries, days)

    def test_is_foreseen_as_it_will_move(self, late_repair, tmp_path):
        path = written(tmp_path, rows_2027())

        assert load(path, dry_run=True).moves == load(path).moves


class TestADateThatIsShortened:
    # Without 7 October as a holiday, everything counted across it ends a working day earlier.
    @pytest.fixture
    def shortened(self, repair, cast, tmp_path):
        walk(repair, "check:yes", cast)
        self.was = clock_of(repair).due_on
        self.change = load(written(tmp_path, rows_2026(without=["10-07"])), now=EARLIER)
        return repair

    def test_keeps_an_event_with_old_and_new(self, shortened):
        entry = next(e for e in moves_of(shortened) if e.detail["key"] == FEEDBACK)

        assert entry.detail["was"] == self.was.isoformat() == "2026-10-16"
        assert entry.detail["due"] == "2026-10-15"
        assert entry.detail["because"] == "calendar 2026 v2"

    def test_is_told_to_the_party_with_old_new_and_reason(self, shortened, applicant):
        (message,) = told(applicant.user)

        assert shortened.reference in message.subject
        for said in ("2026年10月16日", "2026年10月15日", "国务院办公厅2025-11-04通知"):
            assert said in message.body

    def test_is_told_to_whoever_could_do_the_step(self, shortened, cast):
        assert len(told(cast["acceptor"].user)) >= 1
        assert told(cast["clerk"].user) == []

    def test_leaves_the_evidence_of_having_been_told(self, shortened, applicant):
        entry = Entry.objects.get(stream=shortened.reference, kind="shortening_told")

        assert FEEDBACK in entry.detail["keys"]
        assert told(applicant.user)[0].pk in entry.detail["messages"]

    def test_moves_the_step_and_leaves_nothing_for_the_checker(self, shortened):
        item = shortened.items.get(step="examine")

        assert item.due_on == Deadline.objects.get(item=item, purpose="limit").due_on
        assert checking.check().differences == []


class TestAPausedClock:
    def test_stays_without_a_date_and_counts_by_the_new_calendar_once_it_runs(
        self, repair, cast, tmp_path
    ):
        walk(repair, "check:yes examine:more", cast)
        assert clock_of(repair).due_on is None

        change = load(written(tmp_path, rows_2026(without=["10-07"])), now=EARLIER)

        assert clock_of(repair).due_on is None
        assert FEEDBACK not in {move.key for move in change.moves}
        walk(repair, "supplement:done", cast, since=at("09-29", 21))
        # Paused on the day it was received: all ten are counted from 30 September on.
        assert clock_of(repair).due_on == day("10-16")


class TestACaseThatCannotBeMoved:
    def test_is_named_and_does_not_keep_the_others_from_moving(
        self, late_repair, tmp_path, monkeypatch, caplog
    ):
        caplog.set_level(logging.CRITICAL)

        def broken(*args, **more):
            raise RuntimeError("no")

        path = written(tmp_path, rows_2027())
        with monkeypatch.context() as patched:
            patched.setattr(deadlines, "recompute", broken)
            change = load(path)
        assert change.failed == [late_repair.reference]
        assert clock_of(late_repair).provisional

        again = load(path)

        assert (again.version, again.failed) == (1, [])
        assert not clock_of(late_repair).provisional
