"""Two acts on one record at the same moment: neither is lost, on real connections."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from records.models import Record, Standing
from tests.conftest import TUESDAY
from tests.records.exchange import CITY_OFFICE, csv_file, grid, penalty
from workflows import audit, publication
from workflows.imports import import_file
from workflows.models import Case, Entry

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptying_the_log"),
]
ROUNDS = 10


@pytest.fixture
def other(repair):
    """Return another case about the same record, closed in the books so that it may stand."""
    made = Case.objects.get(pk=repair.pk)
    made.pk = made.id = None
    made._state.adding = True
    made.reference, made.closed_at, made.process = "YY-2026-000001", TUESDAY, None
    made.save()
    return made


def together(*calls):
    """Make all calls at the same moment, each on its own connection."""
    ready = threading.Barrier(len(calls))

    def make(call):
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(make, calls))


def deed(name, case, *args):
    def do():
        # Read before the act, as a case at hand would be: what it knows may be out of date.
        known = Case.objects.select_related("record").get(pk=case.pk)
        with audit.act(by=None, at=TUESDAY):
            getattr(publication, name)(known, *args)

    return do


class TestTwoCases:
    def test_that_withhold_one_record_are_both_remembered(self, repair, other):
        for _round in range(ROUNDS):
            together(deed("withhold", repair), deed("withhold", other))
            assert {*Record.objects.get().withheld_by} == {repair.reference, other.reference}

            together(deed("release", repair), deed("release", other))
            assert Record.objects.get().standing == Standing.PUBLISHED
            assert Record.objects.get().withheld_by == []

    def test_leave_a_record_stopped_whichever_comes_first(self, repair, other):
        for _round in range(ROUNDS):
            deed("withhold", other)()
            together(deed("stop", repair), deed("release", other))
            assert Record.objects.get().standing == Standing.STOPPED
            deed("republish", repair)()

    def test_that_correct_two_facts_lose_neither(self, repair, other):
        together(
            deed("correct", repair, {"fine_fen": 20_000}),
            deed("correct", other, {"conduct": "更正后的行为"}),
        )
        record = Record.objects.get()

        assert (record.fine_fen, record.conduct) == (20_000, "更正后的行为")
        assert record.refuted == {"fine_fen": [2_000_000], "conduct": [""]}
        assert Entry.objects.filter(kind="record_corrected").count() == 2


class TestImportBesideACase:
    @pytest.fixture
    def send(self, repair, tmp_path):
        """Import the record of the case once more, with other facts."""
        with audit.act(by=None, at=TUESDAY):
            Record.objects.update(authority_code=CITY_OFFICE)
        number = Record.objects.get().document_number

        def send(**changes):
            row = penalty(1, CF_WSH=number, CF_NR_FK="2", **changes)
            return import_file(csv_file(tmp_path / "a.csv", grid([row])), by=None, at=TUESDAY)

        send()
        return send

    def test_waits_for_a_correction_that_is_being_made(self, repair, send):
        begun = threading.Event()

        def correct():
            with audit.act(by=None, at=TUESDAY):
                publication.correct(Case.objects.get(pk=repair.pk), {"fine_fen": 20_000})
                begun.set()
                await_somebody_who_waits()

        def send_meanwhile():
            begun.wait(10)
            return send(CF_SY="别的事实")

        _none, result = together(correct, send_meanwhile)

        assert (result.changed, result.refused) == (0, 1)
        assert Record.objects.get().fine_fen == 20_000

    def test_never_brings_back_what_is_corrected_while_it_reads(self, repair, send, monkeypatch):
        # Between the first look of the import and its change.
        monkeypatch.setattr(
            "workflows.imports._create",
            lambda _records, _places: together(deed("correct", repair, {"fine_fen": 20_000})),
        )
        result = send(CF_SY="别的事实")

        assert (result.changed, result.refused) == (0, 1)
        assert Record.objects.get().fine_fen == 20_000


def await_somebody_who_waits():
    blocked = (
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE NOT l.granted AND a.datname = current_database()"
    )
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
