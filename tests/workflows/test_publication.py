"""Publication: changed by cases alone, and every change is an event."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import InternalError
from django.utils import translation

from records.models import Record, Standing
from records.schema import CORRIGIBLE, FACTS
from tests.conftest import TUESDAY
from workflows import audit, publication
from workflows.models import Case, Entry

SEEN = dict.fromkeys(("authority", "credit_china", "province", "city"), "查询无记录")
SHOWN = {"publication", "marked_by", "withheld_by", "repaired_on", "removed_on", "refuted"}
ROOMS = ("accounts", "cases", "forms", "notifications", "records", "web", "workflows")


@pytest.fixture
def does(repair):
    """Do one deed of publication for a case, as an act of its own."""

    def does(deed, *args, case=repair, **more):
        with audit.act(by=None, at=TUESDAY):
            getattr(publication, deed)(case, *args, **more)
        return Record.objects.get(pk=case.record_id)

    return does


@pytest.fixture
def stopped(repair, does):
    does("stop", note="官网已撤下。")
    return repair


@pytest.fixture
def other(repair):
    """Return another case about the same record, closed in the books so that it may stand."""
    made = Case.objects.get(pk=repair.pk)
    made.pk = made.id = None
    made._state.adding = True
    made.reference, made.closed_at, made.process = "YY-2026-000001", TUESDAY, None
    made.save()
    return made


def last():
    return Entry.objects.order_by("id").last()


class TestPublication:
    def test_stops_at_the_source_and_says_what_it_was_before(self, stopped, penalty):
        assert Record.objects.get().publication == Record.Publication.STOPPED
        assert last().kind == "publication_stopped"
        assert last().detail == {
            "record": penalty.pk,
            "from": "published",
            "to": "stopped",
            "note": "官网已撤下。",
        }

    @pytest.mark.parametrize("deed", ["mark", "unmark", "withhold", "release", "stop", "remove"])
    def test_cannot_be_changed_outside_an_act(self, repair, deed):
        with pytest.raises(LookupError):
            getattr(publication, deed)(repair)
        assert Record.objects.get().standing == Standing.PUBLISHED

    def test_tells_the_case_at_hand_too(self, repair, does):
        does("stop")

        assert repair.record.publication == Record.Publication.STOPPED

    def test_is_confirmed_in_every_place_with_what_was_seen(self, stopped, penalty, does):
        record = does("confirm", SEEN)

        shown = penalty.showings.values_list("stopped_on", "evidence")
        assert set(shown) == {(TUESDAY.date(), "查询无记录")}
        assert last().detail["places"] == SEEN
        assert record.repaired_on == TUESDAY.date()
        assert record.standing == Standing.REPAIRED

    def test_that_ends_without_a_repair_is_not_called_one(self, stopped, does):
        assert does("confirm", SEEN, repaired=False).standing == Standing.STOPPED

    @pytest.mark.parametrize("left_out", SEEN)
    def test_cannot_be_confirmed_while_a_place_is_left_out(self, stopped, penalty, left_out, does):
        seen = {place: said for place, said in SEEN.items() if place != left_out}

        with pytest.raises(publication.StillShown):
            does("confirm", seen)
        assert penalty.showings.filter(stopped_on=None).count() == 4
        assert last().kind == "publication_stopped"

    def test_cannot_be_confirmed_before_it_is_stopped(self, repair, does):
        with pytest.raises(publication.StillShown):
            does("confirm", SEEN)
        assert not Record.objects.get().is_tombstone

    def test_is_not_confirmed_again_where_it_has_ended_already(self, stopped, penalty, does):
        penalty.showings.filter(place="city").update(stopped_on="2026-09-01", evidence="早已撤下")
        does("confirm", {place: said for place, said in SEEN.items() if place != "city"})

        assert penalty.showings.get(place="city").evidence == "早已撤下"


class TestMark:
    def test_leaves_the_record_published_and_says_whose_it_is(self, repair, does):
        record = does("mark")

        assert record.publication == Record.Publication.PUBLISHED
        assert record.marked_by == repair.reference
        assert record.standing == Standing.OBJECTED
        assert last().kind == "record_marked"
        assert last().stream == repair.reference
        assert last().detail == {"record": record.pk, "from": "", "to": repair.reference}

    def test_is_taken_off_by_its_own_case(self, repair, does):
        does("mark")

        assert does("unmark").standing == Standing.PUBLISHED
        assert last().detail["from"] == repair.reference

    def test_of_another_case_stays(self, repair, other, does):
        does("mark", case=other)

        assert does("unmark").marked_by == other.reference


class TestWithholding:
    def test_hides_the_record_until_it_is_released(self, does):
        assert does("withhold", why="逾期未复核").standing == Standing.WITHHELD
        assert last().detail["note"] == "逾期未复核"
        assert does("release").standing == Standing.PUBLISHED
        assert (last().detail["from"], last().detail["to"]) == ("withheld", "published")

    def test_lasts_until_the_last_case_releases_it(self, other, does):
        does("withhold")
        does("withhold", case=other)
        does("withhold")

        assert does("release").standing == Standing.WITHHELD
        assert does("release", case=other).standing == Standing.PUBLISHED

    def test_of_a_stopped_record_brings_nothing_back_when_it_ends(self, stopped, other, does):
        assert does("withhold", case=other).publication == Record.Publication.STOPPED
        assert does("release", case=other).publication == Record.Publication.STOPPED

    def test_that_still_runs_is_not_overruled_by_a_republication(self, stopped, other, does):
        does("withhold", case=other)

        assert does("republish").standing == Standing.WITHHELD
        assert does("release", case=other).standing == Standing.PUBLISHED

    def test_never_publishes_what_was_not_published(self, does):
        with audit.act(by=None, at=TUESDAY):
            Record.objects.update(publication="unpublished")
        does("withhold")

        assert does("release").publication == Record.Publication.UNPUBLISHED


class TestRepublication:
    def test_shows_the_record_again_in_every_place(self, stopped, penalty, does):
        does("confirm", SEEN)
        record = does("republish", why="修复材料不实")

        assert (record.standing, record.repaired_on) == (Standing.PUBLISHED, None)
        assert penalty.showings.filter(stopped_on=None, evidence="").count() == 4
        assert last().kind == "publication_resumed"
        assert last().detail["note"] == "修复材料不实"

    def test_of_a_record_that_is_shown_is_no_event(self, repair, does):
        before = last()
        does("republish")

        assert last() == before

    def test_never_brings_a_removed_record_back(self, repair, other, does):
        does("remove", case=other)
        record = does("republish")

        assert record.publication == Record.Publication.STOPPED
        assert record.standing == Standing.REMOVED


class TestRemoval:
    def test_is_for_good(self, does, penalty):
        record = does("remove", why="处罚决定已撤销")

        assert record.removed_on == TUESDAY.date()
        assert record.standing == Standing.REMOVED
        assert last().kind == "record_removed"
        assert does("confirm", SEEN).repaired_on is None


class TestFulfilment:
    def test_has_a_day_and_an_event(self, does):
        assert does("fulfil", on=dt.date(2026, 9, 28)).fulfilled_on == dt.date(2026, 9, 28)
        assert last().detail["to"] == "2026-09-28"
        assert does("fulfil", on=None).fulfilled_on is None


class TestCorrection:
    def test_notes_old_and_new_values(self, does, penalty):
        record = does("correct", {"fine_fen": "20000", "decided_on": "2026-06-26"})

        assert (record.fine_fen, record.decided_on) == (20_000, dt.date(2026, 6, 26))
        assert last().kind == "record_corrected"
        assert last().detail == {
            "record": penalty.pk,
            "changes": {
                "fine_fen": [2_000_000, 20_000],
                "decided_on": ["2026-06-25", "2026-06-26"],
            },
        }
        assert record.refuted == {"fine_fen": [2_000_000], "decided_on": ["2026-06-25"]}

    def test_back_to_an_earlier_value_clears_it_again(self, does):
        does("correct", {"fine_fen": 20_000})
        record = does("correct", {"fine_fen": 2_000_000})

        assert record.refuted == {"fine_fen": [20_000]}

    def test_to_the_same_value_refutes_nothing(self, does):
        assert does("correct", {"fine_fen": 2_000_000}).refuted == {"fine_fen": []}

    @pytest.mark.parametrize(
        "changes",
        [
            {"publication": "stopped"},
            {"repaired_on": "2026-09-28"},
            {"reported": {}},
            {"subject_id": 1},
            {"fine_fen": "two"},
            {"decided_on": "2026-02-30"},
            {"decided_on": None},
            {"conduct": "长" * 401},
        ],
    )
    def test_of_anything_but_a_fact_or_to_what_does_not_fit_is_refused(self, does, changes):
        before = Record.objects.values().get()
        with pytest.raises(publication.NotCorrigible):
            does("correct", changes)

        assert Record.objects.values().get() == before
        assert last().kind != "record_corrected"

    def test_may_touch_every_fact_but_the_row_as_reported(self):
        assert {*FACTS} - {*CORRIGIBLE} == {"reported"}
        assert not SHOWN & {*FACTS}


class TestStanding:
    @pytest.mark.parametrize(
        ("values", "standing"),
        [
            ({}, "published"),
            ({"marked_by": "YY-1"}, "objected"),
            ({"marked_by": "YY-1", "publication": "withheld"}, "withheld"),
            ({"marked_by": "YY-1", "publication": "unpublished"}, "unpublished"),
            ({"marked_by": "YY-1", "publication": "stopped"}, "stopped"),
            ({"publication": "stopped", "repaired_on": "2026-09-28"}, "repaired"),
            (
                {"publication": "stopped", "repaired_on": "x", "removed_on": "2026-09-28"},
                "removed",
            ),
        ],
    )
    def test_is_one_word_for_how_a_record_is_shown(self, values, standing):
        assert Record(**values).standing == standing

    def test_reads_as_a_sentence(self):
        with translation.override("en"):
            objected = str(Standing.OBJECTED.label)
        assert objected == "Published; an objection is being handled"


class TestGuard:
    def test_finds_nobody_else_who_changes_how_a_record_is_shown(self):
        root = Path(settings.BASE_DIR)
        paths = [path for room in ROOMS for path in (root / room).rglob("*.py")]
        found = {
            (str(path.relative_to(root)), name)
            for path in paths
            if "migrations" not in path.parts
            for name in changed_in(path.read_text(encoding="utf-8"))
        }

        assert {path for path, _name in found} == {"workflows/publication.py"}

    @pytest.mark.parametrize(
        "code",
        [
            "record.publication = 'stopped'",
            "case.record.marked_by += 'x'",
            "Record.objects.filter(pk=1).update(publication='stopped')",
            "setattr(record, 'repaired_on', day)",
            "record.save(update_fields=['publication'])",
            "Record.objects.bulk_update(found, ['removed_on'])",
            "cursor.execute('UPDATE records_record SET fine_fen = 1')",
        ],
    )
    def test_would_see_it(self, code):
        assert changed_in(code)

    def test_is_the_databases_too(self, db, penalty):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL xinban.act = 'off'")
        changes = (
            {"publication": "stopped"},
            {"marked_by": "YY-1"},
            {"withheld_by": ["YY-1"]},
            {"fulfilled_on": "2026-09-28"},
            {"repaired_on": "2026-09-28"},
            {"removed_on": "2026-09-28"},
            {"refuted": {"fine_fen": [1]}},
        )
        for change in changes:
            with pytest.raises(InternalError, match="acts only"), transaction.atomic():
                Record.objects.update(**change)
        assert Record.objects.update(fine_fen=1) == 1
        assert Record.objects.get().standing == Standing.PUBLISHED


def changed_in(code):
    """Yield what a piece of code changes of how records are shown."""
    return [name for node in ast.walk(ast.parse(code)) for name in _changed(node)]


def _changed(node):
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return [p.attr for p in parts if isinstance(p, ast.Attribute) and p.attr in SHOWN]
    if isinstance(node, ast.Call):
        return _changed_by_call(node)
    return []


def _changed_by_call(node):
    said = {c.value for part in node.args for c in ast.walk(part) if isinstance(c, ast.Constant)}
    for keyword in node.keywords:
        if keyword.arg == "update_fields":
            said |= {c.value for c in ast.walk(keyword.value) if isinstance(c, ast.Constant)}
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called == "execute":
        return [text for text in said if "UPDATE records_record" in str(text)]
    if called in ("update", "_put"):
        return [keyword.arg for keyword in node.keywords if keyword.arg in SHOWN]
    if called in ("setattr", "bulk_update", "save"):
        return [name for name in said if name in SHOWN]
    return []
