"""Files of penalties and permits become records, once, and every bad row is told."""

import csv
import hashlib
import threading
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from django.utils.timezone import localdate

from accounts.models import User
from records.models import Record, Showing, Subject
from tests.records.exchange import (
    BUILDER,
    CITY_OFFICE,
    abnormal_entry,
    commitment,
    csv_file,
    grid,
    list_entry,
    penalty,
    permit,
    xlsx_file,
)
from workflows import policy
from workflows.imports import FileRefused, ImportResult, import_file
from workflows.models import Entry

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2026, 9, 29, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LAST_DEMO_DAY = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PERSON = "37012519800101001X"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def send(tmp_path):
    """Import rows as a csv file and return what became of them."""

    def send(*rows, **more):
        path = csv_file(tmp_path / "records.csv", grid(rows))
        return import_file(path, **{"by": None, "at": TUESDAY, **more})

    return send


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.unchanged, result.changed, result.refused


def report(result: ImportResult) -> list[list[str]]:
    with result.report_path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.django_db
class TestImport:
    def test_makes_records_and_shows_them_in_every_place(self, send):
        result = send(penalty(1), penalty(2), places=("authority", "credit_china"))
        record = Record.objects.get(document_number=penalty(1)["CF_WSH"])

        assert counts(result) == (2, 0, 0, 0)
        assert result.report_path is None
        assert record.kind == "penalty"
        assert record.subject.credit_code == BUILDER
        assert record.subject.name == "济南黄河北润建筑工程有限公司"
        assert record.authority_code == CITY_OFFICE
        assert record.decided_on == date(2026, 6, 25)
        assert record.fine_fen == 200_000
        assert record.publication == "published"
        assert set(record.showings.values_list("place", "stopped_on")) == {
            ("authority", None),
            ("credit_china", None),
        }
        assert Subject.objects.count() == 1

    def test_changes_nothing_the_second_time(self, send):
        send(penalty(1), penalty(2), places=("authority",))
        before = list(Record.objects.order_by("pk").values())

        assert counts(send(penalty(1), penalty(2), places=("authority",))) == (0, 2, 0, 0)
        assert list(Record.objects.order_by("pk").values()) == before
        assert Showing.objects.count() == 2

    def test_finds_the_same_records_in_a_workbook(self, send, tmp_path):
        send(penalty(1, CF_JDRQ="2026年6月25日", CF_NR_FK="0.20"))
        headings, line = grid([penalty(1)])
        cells = [{"0.2": 0.2, "2026/06/25": date(2026, 6, 25)}.get(cell, cell) for cell in line]
        book = xlsx_file(tmp_path / "records.xlsx", [headings, cells])

        assert counts(import_file(book, by=None, at=TUESDAY)) == (0, 1, 0, 0)

    def test_takes_over_what_an_authority_corrects(self, send):
        send(penalty(1), penalty(2))

        assert counts(send(penalty(1, CF_NR_FK="0.3"), penalty(2))) == (0, 1, 1, 0)
        assert sorted(Record.objects.values_list("fine_fen", flat=True)) == [200_000, 300_000]

    def test_never_shows_a_stopped_record_again(self, send):
        send(penalty(1), places=("authority",))
        Record.objects.update(publication=Record.Publication.STOPPED)
        Showing.objects.update(stopped_on=date(2026, 9, 28), evidence="checked")

        assert counts(send(penalty(1, CF_NR_FK="0.3"), places=("authority", "city"))) == (
            0,
            0,
            1,
            0,
        )
        assert Record.objects.values_list("publication", "fine_fen").get() == ("stopped", 300_000)
        assert Showing.objects.values_list("place", "stopped_on", "evidence").get() == (
            "authority",
            date(2026, 9, 28),
            "checked",
        )

    def test_leaves_a_withheld_and_marked_record_withheld_and_marked(self, send):
        send(penalty(1), places=("authority",))
        Record.objects.update(publication="withheld", marked_by="YY-1", withheld_by=["YY-1"])
        send(penalty(1, CF_NR_FK="0.3"), places=("authority", "city"))

        assert Record.objects.values_list(
            "publication", "marked_by", "withheld_by", "fine_fen"
        ).get() == ("withheld", "YY-1", ["YY-1"], 300_000)
        assert Showing.objects.count() == 1

    @pytest.mark.parametrize(
        ("tombstone", "standing"),
        [("repaired_on", "Repaired; no longer published"), ("removed_on", "Removed;")],
    )
    def test_leaves_a_tombstone_alone_and_reports_what_differs(self, send, tombstone, standing):
        send(penalty(1), places=("authority",))
        Record.objects.update(publication="stopped", **{tombstone: date(2026, 9, 28)})
        Showing.objects.update(stopped_on=date(2026, 9, 28))
        before = list(Record.objects.values())
        result = send(penalty(1, CF_NR_FK="0.3"), penalty(2), places=("authority",))

        assert counts(result) == (1, 0, 0, 1)
        ((line, field, reason),) = report(result)[1:]
        assert (line, field) == ("2", "行政处罚决定书文号 (CF_WSH)")
        assert standing in reason
        assert list(Record.objects.filter(pk=before[0]["id"]).values()) == before
        assert Showing.objects.filter(record=before[0]["id"]).get().stopped_on

    def test_has_nothing_to_report_when_a_tombstone_comes_again_unchanged(self, send):
        send(penalty(1))
        Record.objects.update(publication="stopped", repaired_on=date(2026, 9, 28))

        assert counts(send(penalty(1))) == (0, 1, 0, 0)

    def test_reports_a_value_that_a_case_found_wrong_and_takes_nothing_of_its_row(self, send):
        send(penalty(1))
        Record.objects.update(fine_fen=20_000, refuted={"fine_fen": [200_000]})
        result = send(penalty(1, CF_SY="别的事实"))

        assert counts(result) == (0, 0, 0, 1)
        assert report(result)[1:] == [
            [
                "2",
                "罚款金额（万元） (CF_NR_FK)",
                "A case found this value wrong; it has to be corrected at its source.",
            ]
        ]
        assert Record.objects.values_list("fine_fen", "facts").get() == (
            20_000,
            penalty()["CF_SY"],
        )

    def test_takes_a_row_over_once_its_source_is_corrected(self, send):
        send(penalty(1))
        Record.objects.update(fine_fen=20_000, refuted={"fine_fen": [200_000]})

        assert counts(send(penalty(1, CF_NR_FK="0.02", CF_SY="别的事实"))) == (0, 0, 1, 0)
        assert Record.objects.values_list("fine_fen", "facts").get() == (20_000, "别的事实")

    def test_knows_a_wrong_day_again(self, send):
        send(penalty(1))
        Record.objects.update(decided_on="2026-06-26", refuted={"decided_on": ["2026-06-25"]})

        assert report(send(penalty(1)))[1][1] == "处罚决定日期 (CF_JDRQ)"

    @pytest.mark.parametrize(
        ("row", "kind"),
        [
            (list_entry(), "list_entry"),
            (abnormal_entry(), "abnormal_entry"),
            (commitment(), "commitment"),
        ],
    )
    def test_takes_every_other_kind_from_csv_and_workbook_alike(self, send, tmp_path, row, kind):
        assert counts(send(row, places=("authority",))) == (1, 0, 0, 0)
        assert Record.objects.get().kind == kind
        book = xlsx_file(tmp_path / "records.xlsx", grid([row]))
        assert counts(import_file(book, by=None, at=TUESDAY)) == (0, 1, 0, 0)

    def test_shows_no_commitment_that_is_not_public(self, send):
        send(commitment(CN_GK="否"), places=("authority", "city"))

        assert Record.objects.get().publication == "unpublished"
        assert not Showing.objects.exists()

    def test_keeps_one_decision_about_several_organisations_as_several_records(self, send):
        other = penalty(1, CF_XDR_SHXYM="91370115MAXQ7K2B6Y", CF_XDR_MC="济南济阳澄波食品有限公司")

        assert counts(send(penalty(1), other)) == (2, 0, 0, 0)

    def test_takes_permits_too(self, send):
        send(permit())

        assert Record.objects.values_list("kind", "valid_until").get() == (
            "permit",
            date(2099, 12, 31),
        )

    def test_does_not_turn_a_penalty_into_a_permit(self, send):
        send(penalty(1))
        same = permit(
            XK_WSH=penalty(1)["CF_WSH"], XK_XDR_SHXYM=BUILDER, XK_XDR_MC=penalty()["CF_XDR_MC"]
        )

        assert counts(send(same)) == (0, 0, 0, 1)
        assert Record.objects.get().kind == "penalty"

    def test_keeps_good_rows_and_reports_every_bad_one(self, send):
        result = send(
            penalty(1),
            penalty(2, CF_JDRQ="2026/09/30", CF_SY=""),
            penalty(3),
            penalty(1, CF_NR_FK="0.3"),
            penalty(4, CF_XDR_LB="自然人", CF_XDR_ZJHM=PERSON, CF_XDR_SHXYM=PERSON),
        )

        assert counts(result) == (2, 0, 0, 3)
        assert report(result) == [
            ["line", "field", "what is wrong"],
            ["3", "违法事实 (CF_SY)", "This field is mandatory."],
            ["3", "处罚决定日期 (CF_JDRQ)", "The decision is dated in the future."],
            ["5", "行政处罚决定书文号 (CF_WSH)", "The same decision already stands in line 2."],
            ["6", "行政相对人类别 (CF_XDR_LB)", "Only organisations are recorded."],
        ]
        assert set(Record.objects.values_list("fine_fen", flat=True)) == {200_000}

    def test_writes_a_report_that_excel_shows_and_does_not_run(self, send, tmp_path):
        evil = '=HYPERLINK("http://x.example","@")'
        result = send(*(penalty(n, **{code: evil}) for n, code in enumerate(penalty(), 1)))
        content = result.report_path.read_bytes()

        assert content.startswith(b"\xef\xbb\xbf")
        assert evil not in content.decode("utf-8-sig")
        cells = [cell for line in report(result) for cell in line]
        assert cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]

    def test_writes_the_report_beside_the_file_or_where_told(self, send, tmp_path):
        assert send(penalty(CF_SY="")).report_path == tmp_path / "records.csv.problems.csv"
        elsewhere = tmp_path / "elsewhere.csv"
        assert send(penalty(CF_SY=""), report=elsewhere).report_path == elsewhere
        assert elsewhere.exists()

    def test_takes_an_old_report_away_when_nothing_is_wrong_any_more(self, send, tmp_path):
        send(penalty(CF_SY=""))
        send(penalty())

        assert not (tmp_path / "records.csv.problems.csv").exists()

    def test_keeps_no_identity_number_anywhere(self, send, tmp_path):
        row = penalty(1, CF_FR_ZJHM=PERSON, CF_SY=f"张某（{PERSON}）")
        result = send({**row, "CF_XDR_ZJHM": PERSON}, {**row, "CF_XDR_ZJHM": "", "CF_CFJG": ""})

        assert counts(result) == (1, 0, 0, 1)
        assert PERSON not in str(list(Record.objects.values()))
        assert PERSON not in str(list(Entry.objects.values()))
        assert PERSON not in result.report_path.read_text(encoding="utf-8-sig")

    def test_is_one_act_in_the_log(self, send, tmp_path):
        clerk = User.objects.create(username="clerk")
        send(penalty(1), penalty(2, CF_SY=""), by=clerk)
        send(penalty(1))
        first, second = Entry.objects.order_by("stream")

        assert (first.stream, second.stream) == ("import/2026-000001", "import/2026-000002")
        assert (first.kind, first.by, first.at) == ("records_imported", f"user:{clerk.pk}", TUESDAY)
        sent = (tmp_path / "records.csv").read_bytes()
        assert second.detail["file_sha256"] == hashlib.sha256(sent).hexdigest()
        assert {**first.detail, "file_sha256": "", "keys_sha256": ""} == {
            "file_name": "records.csv",
            "file_sha256": "",
            "keys_sha256": "",
            "rows": 2,
            "created": 1,
            "changed": 0,
            "unchanged": 0,
            "refused": 1,
        }
        assert first.detail["keys_sha256"] == second.detail["keys_sha256"]

    def test_tells_how_far_it_is(self, send, monkeypatch):
        monkeypatch.setattr("workflows.imports.BATCH", 2)
        told = []
        send(*map(penalty, range(1, 6)), progress=lambda *step: told.append(step))

        assert told == [(2, 5), (4, 5), (5, 5)]
        assert Record.objects.count() == 5

    def test_finds_what_is_twice_in_a_file_across_batches(self, send, monkeypatch):
        monkeypatch.setattr("workflows.imports.BATCH", 2)

        assert counts(send(penalty(1), penalty(2), penalty(3), penalty(1))) == (3, 0, 0, 1)

    def test_asks_the_database_as_often_for_many_rows_as_for_few(
        self, send, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(16):
            send(*map(penalty, range(1, 301)), places=("authority",))
        with django_assert_max_num_queries(16):
            send(*(penalty(n, CF_NR_FK="0.3") for n in range(1, 301)))

    def test_refuses_a_file_whole_and_writes_nothing(self, tmp_path):
        path = csv_file(tmp_path / "a.csv", [["a", "b"], ["1", "2"]])
        with pytest.raises(FileRefused, match="No headings"):
            import_file(path, by=None, at=TUESDAY)

        assert not Entry.objects.exists()
        assert list(tmp_path.iterdir()) == [path]

    def test_writes_nothing_when_its_report_cannot_be_written(self, send, tmp_path):
        with pytest.raises(FileRefused, match="report"):
            send(penalty(1), penalty(2, CF_SY=""), report=tmp_path / "none" / "report.csv")

        assert not Record.objects.exists()
        assert not Entry.objects.exists()


@pytest.mark.django_db
class TestDemoFile:
    @pytest.mark.parametrize(
        "name", ["list_entries.csv", "abnormal_entries.csv", "commitments.csv"]
    )
    def test_of_another_kind_is_good_to_the_last_row(self, name):
        assert counts(import_file(ROOT / "demo" / name, by=None, at=LAST_DEMO_DAY)) == (3, 0, 0, 0)

    def test_is_good_to_the_last_of_its_200_rows(self):
        result = import_file(ROOT / "demo" / "penalties.csv", by=None, at=LAST_DEMO_DAY)

        assert counts(result) == (200, 0, 0, 0)
        assert Record.objects.filter(
            subject__credit_code=BUILDER, authority_code=CITY_OFFICE, decided_on=date(2026, 6, 25)
        ).exists()


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def _terms(self):
        policy.load_terms(ROOT / "cases" / "repair" / "terms.csv")

    def test_says_what_became_of_the_rows(self, tmp_path, capsys):
        path = csv_file(tmp_path / "a.csv", grid([penalty(1), penalty(2, CF_SY="")]))
        call_command("import_records", path)
        told = capsys.readouterr()

        assert "1 created, 0 changed, 0 unchanged, 1 refused." in told.out
        assert "a.csv.problems.csv" in told.out
        assert "2 of 2 rows read" in told.err
        assert Showing.objects.count() == len(policy.edition(localdate()).items("repair.places"))

    def test_exits_with_2_and_one_sentence_when_the_file_is_refused(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(b"")
        with pytest.raises(CommandError, match=r"^a\.csv: No headings.*file\.$") as refused:
            call_command("import_records", path)

        assert refused.value.returncode == 2

    def test_does_not_overwrite_the_file_with_its_report(self, tmp_path):
        path = csv_file(tmp_path / "a.csv", grid([penalty(1)]))
        with pytest.raises(CommandError, match="overwrite"):
            call_command("import_records", path, report=path)


@pytest.mark.race
@pytest.mark.usefixtures("emptying_the_log")
@pytest.mark.django_db(transaction=True)
class TestTwoImportsAtOnce:
    def test_wait_for_each_other_and_make_each_record_once(self, tmp_path):
        known = csv_file(tmp_path / "known.csv", grid([penalty(0)]))
        import_file(known, by=None, at=TUESDAY, places=("city",))
        path = csv_file(tmp_path / "a.csv", grid(map(penalty, range(1, 1501))))
        barrier, results = threading.Barrier(2), []

        def run():
            try:
                barrier.wait(10)
                results.append(counts(import_file(path, by=None, at=TUESDAY, places=("city",))))
            finally:
                connection.close()

        clerks = [threading.Thread(target=run) for _ in range(2)]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join(60)

        assert sorted(results) == [(0, 1500, 0, 0), (1500, 0, 0, 0)]
        assert Record.objects.count() == Showing.objects.count() == 1501
        assert set(Entry.objects.values_list("stream", flat=True)) == {
            "import/2026-000001",
            "import/2026-000002",
            "import/2026-000003",
        }
