"""The log: append-only, chained, impossible outside an act, silent about persons."""

import datetime as dt
import json
from contextlib import contextmanager

import pytest
from django.db import InternalError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from tests.conftest import TUESDAY
from tests.workflows.walks import STORIES, open_a_repair, walk
from workflows import acts, audit
from workflows.models import Entry, Sealed

STREAM = "test/2026-000001"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@contextmanager
def as_owner():
    """Do what only the owner of the tables can: switch the triggers off, then on again."""
    with connection.cursor() as cursor:
        for table in ("workflows_entry", "workflows_sealed"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("workflows_entry", "workflows_sealed"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def written(stream=STREAM):
    return list(Entry.objects.filter(stream=stream).order_by("seq"))


def problems():
    found = audit.verify(Entry.objects.order_by("stream", "seq").prefetch_related("values"))
    return [(entry.seq, why) for entry, why in found]


def write(*kinds, by=None, personal=None, **detail):
    for kind in kinds:
        with audit.act(by=by, at=TUESDAY):
            audit.record(kind, STREAM, detail=detail, personal=personal)


@pytest.fixture
def five(db):
    write("one", "two", "three", "four", "five", text="甲")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return written()


class TestTheLog:
    def test_cannot_be_written_outside_an_act(self, db):
        with pytest.raises(LookupError):
            audit.record("received", STREAM)
        assert not Entry.objects.exists()

    def test_cannot_be_inserted_into_behind_its_back(self, db):
        with acts.acting(by=None, at=TUESDAY):
            with pytest.raises(InternalError, match="acts only"), transaction.atomic():
                Entry.objects.create(stream=STREAM, seq=1, kind="forged", by="service", at=TUESDAY)
            with pytest.raises(InternalError, match="acts only"), transaction.atomic():
                Entry.objects.bulk_create([Entry(stream=STREAM, seq=1, kind="forged", at=TUESDAY)])

    @pytest.mark.parametrize(
        "forbidden",
        [
            "UPDATE workflows_entry SET kind = 'other'",
            "UPDATE workflows_entry SET hash = hash",
            "DELETE FROM workflows_entry",
            "DELETE FROM workflows_entry WHERE seq = 5",
            "TRUNCATE workflows_entry CASCADE",
        ],
    )
    def test_is_append_only_for_the_database_itself(self, five, forbidden):
        with (
            pytest.raises(InternalError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(forbidden)
        assert written() == five

    def test_is_append_only_inside_an_act_too(self, five):
        with pytest.raises(InternalError, match="append-only"), audit.act(by=None, at=TUESDAY):
            Entry.objects.filter(seq=1).update(kind="other")

    def test_numbers_without_a_gap_and_links_each_entry_to_the_one_before(self, five):
        assert [entry.seq for entry in five] == [1, 2, 3, 4, 5]
        assert [entry.previous for entry in five] == [
            audit.GENESIS,
            *(entry.hash for entry in five[:-1]),
        ]
        assert problems() == []

    def test_chains_several_entries_of_one_act_and_keeps_streams_apart(self, db):
        with audit.act(by=None, at=TUESDAY):
            audit.record("a", STREAM)
            audit.record("b", "test/2026-000002")
            audit.record("c", STREAM)

        assert [(e.kind, e.seq) for e in written()] == [("a", 1), ("c", 2)]
        assert [(e.kind, e.seq) for e in written("test/2026-000002")] == [("b", 1)]
        assert problems() == []

    def test_says_who_acted_and_when(self, db):
        user = User.objects.create_user("somebody")
        write("by hand", by=user)
        write("by itself")

        by_hand, by_itself = written()
        assert (by_hand.by, by_itself.by) == (f"user:{user.pk}", "service")
        assert by_hand.at == TUESDAY

    def test_keeps_nothing_of_an_act_that_fails(self, five):
        def fail():
            with audit.act(by=None, at=TUESDAY):
                audit.record("six", STREAM)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert written() == five

    def test_keeps_nothing_of_an_act_undone_from_outside(self, five):
        def undo():
            with transaction.atomic():
                write("six")
                assert len(written()) == 6
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            undo()
        assert written() == five

    def test_undoes_the_whole_act_when_an_entry_cannot_be_written(self, db):
        def write_badly():
            with audit.act(by=None, at=TUESDAY):
                User.objects.create_user("nobody")
                audit.record("one", STREAM, detail={"day": dt.date(2026, 9, 29)})

        with pytest.raises(TypeError):
            write_badly()
        assert not User.objects.exists()


class TestVerification:
    def test_finds_a_changed_entry(self, five):
        with as_owner() as cursor:
            cursor.execute('UPDATE workflows_entry SET detail = \'{"text": "乙"}\' WHERE seq = 3')

        assert problems() == [(3, "it was changed after it was written")]

    @pytest.mark.parametrize(
        "change",
        [
            "kind = 'other'",
            "by = 'user:1'",
            "on_behalf_of = 'user:1'",
            "at = at + interval '1 microsecond'",
            "basis = 'x'",
            'sealed = \'{"name": "x"}\'',
            "stream = 'test/2026-000009', seq = 1, previous = repeat('0', 64)",
        ],
    )
    def test_finds_a_change_of_any_column(self, five, change):
        with as_owner() as cursor:
            cursor.execute(f"UPDATE workflows_entry SET {change} WHERE seq = 5")

        assert [why for _seq, why in problems()] == ["it was changed after it was written"]

    def test_finds_a_changed_entry_whose_hash_was_made_to_fit(self, five):
        forged = five[2]
        forged.detail = {"text": "乙"}
        with as_owner() as cursor:
            cursor.execute(
                "UPDATE workflows_entry SET detail = %s, hash = %s WHERE seq = 3",
                [json.dumps(forged.detail), audit.digest(forged)],
            )
        assert problems() == [(4, "it does not follow the entry before it")]

    def test_finds_a_removed_entry(self, five):
        with as_owner() as cursor:
            cursor.execute("DELETE FROM workflows_entry WHERE seq = 2")

        assert problems() == [(3, "number 2 is missing")]

    def test_finds_a_removed_entry_after_the_rest_was_renumbered(self, five):
        with as_owner() as cursor:
            cursor.execute("DELETE FROM workflows_entry WHERE seq = 2")
            for seq in (3, 4, 5):
                cursor.execute("UPDATE workflows_entry SET seq = seq - 1 WHERE seq = %s", [seq])

        assert problems()[0] == (2, "it does not follow the entry before it")

    def test_finds_a_removed_first_entry(self, five):
        with as_owner() as cursor:
            cursor.execute("DELETE FROM workflows_entry WHERE seq = 1")

        assert problems() == [(2, "number 1 is missing")]

    def test_finds_two_entries_that_changed_places(self, five):
        with as_owner() as cursor:
            for old, new in ((2, 9), (3, 2), (9, 3)):
                cursor.execute("UPDATE workflows_entry SET seq = %s WHERE seq = %s", [new, old])

        assert [seq for seq, _why in problems()] == [2, 3, 4]

    def test_cannot_see_that_the_newest_entry_is_gone(self, five):
        # A chain knows its past only; that its end was cut off takes an anchor elsewhere.
        with as_owner() as cursor:
            cursor.execute("DELETE FROM workflows_entry WHERE seq = 5")

        assert problems() == []

    def test_goes_on_after_a_break_and_into_the_next_stream(self, five):
        with audit.act(by=None, at=TUESDAY):
            audit.record("one", "test/2026-000002")
        with as_owner() as cursor:
            cursor.execute("UPDATE workflows_entry SET basis = 'x' WHERE seq IN (1, 4)")

        assert [seq for seq, _why in problems()] == [1, 4, 1]

    def test_hears_the_whole_life_of_a_case(self, applicant, penalty, staff):
        repair = open_a_repair(applicant, penalty)
        walk(repair, STORIES["repaired after every detour"], {**staff, "applicant": applicant})

        assert len(written(repair.reference)) > 80
        assert problems() == []


class TestAPersonalValue:
    NAME = "韦示例"

    @pytest.fixture
    def sealed(self, db):
        write("received", personal={"agent_name": self.NAME}, fact="公开")
        return Sealed.objects.get()

    def test_enters_the_chain_as_a_salted_commitment_only(self, sealed):
        entry = written()[0]
        kept = audit.canonical([getattr(entry, name) for name in ("detail", "sealed", "basis")])

        assert self.NAME not in kept
        assert entry.sealed == {"agent_name": audit.commitment(sealed.salt, self.NAME)}
        assert len(sealed.salt) == 32

    def test_is_salted_anew_each_time(self, sealed):
        write("received", personal={"agent_name": self.NAME})

        first, second = (entry.sealed["agent_name"] for entry in written())
        assert first != second

    def test_cannot_be_changed(self, sealed):
        with pytest.raises(InternalError, match="append-only"), transaction.atomic():
            Sealed.objects.update(value="另一人")

    def test_that_was_changed_all_the_same_is_found(self, sealed):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with as_owner() as cursor:
            cursor.execute("UPDATE workflows_sealed SET value = '\"另一人\"'")

        assert problems() == [(1, "sealed values were changed: agent_name")]

    def test_may_be_erased_and_the_chain_still_holds(self, sealed):
        sealed.delete()

        assert not Sealed.objects.exists()
        assert problems() == []

    def test_of_an_application_is_nowhere_in_its_log(self, applicant, penalty):
        repair = open_a_repair(applicant, penalty, signer="示例签字人", agent_phone="0531-99999999")

        log = "".join(audit.canonical([e.detail, e.sealed]) for e in written(repair.reference))
        assert "示例签字人" not in log
        assert "0531-99999999" not in log
        kept = dict(Sealed.objects.values_list("name", "value"))
        assert kept["signer"] == "示例签字人"
        assert set(kept) == {"agent_name", "agent_phone", "signer"}


class TestCanonicalJson:
    @settings(max_examples=200, deadline=None, database=None)
    @given(value=JSON)
    def test_is_the_same_after_being_read_again(self, value):
        assert audit.canonical(json.loads(audit.canonical(value))) == audit.canonical(value)

    @settings(max_examples=100, deadline=None, database=None)
    @given(value=st.dictionaries(st.text(), JSON, max_size=6))
    def test_does_not_depend_on_the_order_of_keys(self, value):
        turned = dict(reversed(value.items()))

        assert audit.canonical(turned) == audit.canonical(value)

    def test_writes_characters_as_they_are(self):
        assert audit.canonical({"b": 1, "a": "信办"}) == '{"a":"信办","b":1}'

    def test_survives_the_database(self, db):
        write("odd", nested=[{"深": [1, None, True]}], big=10**17, text='“引号” \\ "', empty={})

        assert problems() == []
