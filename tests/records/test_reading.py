"""Files as offices send them: which are read, and which are refused with a sentence."""

from datetime import date, datetime

import pytest
from django.utils import translation

from records.columns import ABNORMAL_ENTRY, COMMITMENT, LIST_ENTRY, PENALTY, PERMIT, SCHEMAS
from records.headings import Unreadable
from records.reading import opened
from tests.records.exchange import (
    HEADINGS,
    abnormal_entry,
    commitment,
    csv_file,
    grid,
    list_entry,
    penalty,
    permit,
    xlsx_file,
)

TWO = grid([penalty(1), penalty(2)])


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(path):
    with opened(path) as table:
        return table, list(table.rows)


def refusal_of(path):
    with pytest.raises(Unreadable) as refused:
        read(path)
    return str(refused.value)


class TestTextFile:
    @pytest.mark.parametrize("delimiter", [",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_is_read_in_every_encoding_and_with_either_delimiter(
        self, tmp_path, encoding, delimiter
    ):
        path = csv_file(tmp_path / "a.csv", TWO, encoding=encoding, delimiter=delimiter)
        table, rows = read(path)

        assert table.schema is PENALTY
        assert [(row.line, row.cells) for row in rows] == [(2, penalty(1)), (3, penalty(2))]
        assert table.expected == 2

    def test_keeps_characters_only_gb18030_has(self, tmp_path):
        path = csv_file(
            tmp_path / "a.csv",
            grid([penalty(CF_XDR_MC="济阳龘䶮食品有限公司")]),
            encoding="gb18030",
        )

        assert read(path)[1][0].cells["CF_XDR_MC"] == "济阳龘䶮食品有限公司"

    def test_may_have_codes_for_headings(self, tmp_path):
        row = penalty()
        path = csv_file(tmp_path / "a.csv", [list(row), list(row.values())])

        assert read(path)[1][0].cells == row

    def test_may_have_headings_with_spaces_stars_and_other_widths(self, tmp_path):
        headings = [
            f" *{heading} " if i % 2 else f"{heading[:2]}　{heading[2:]}(必填)"
            for i, heading in enumerate(TWO[0])
        ]
        headings[9] = "罚款金额(万元)"
        path = csv_file(tmp_path / "a.csv", [headings, *TWO[1:]])

        assert read(path)[1][1].cells == penalty(2)

    def test_may_have_a_title_above_and_codes_below_the_headings(self, tmp_path):
        row = penalty()
        lines = [["行政处罚信息报送表"], [], TWO[0], list(row), list(row.values())]
        rows = read(csv_file(tmp_path / "a.csv", lines))[1]

        assert [(found.line, found.cells) for found in rows] == [(5, row)]

    def test_counts_lines_as_an_editor_does(self, tmp_path):
        rows = [penalty(1, CF_SY="第一行\n第二行"), penalty(2)]
        lines = grid(rows)
        path = csv_file(tmp_path / "a.csv", [*lines[:2], [""] * len(lines[0]), lines[2]])

        assert [row.line for row in read(path)[1]] == [2, 5]

    def test_tells_which_columns_it_does_not_know(self, tmp_path):
        lines = [[*TWO[0], "心情"], [*TWO[1], "好"]]
        table, rows = read(csv_file(tmp_path / "a.csv", lines))

        assert table.left_out == ("心情",)
        assert rows[0].cells == penalty(1)

    def test_marks_a_row_with_too_many_cells(self, tmp_path):
        rows = read(csv_file(tmp_path / "a.csv", [TWO[0], [*TWO[1], "x"], TWO[2]]))[1]

        assert rows[0].fault == "The row has more cells than there are headings."
        assert rows[1].fault == ""

    def test_marks_the_lines_a_stray_quotation_mark_swallows_and_reads_on(self, tmp_path):
        path = csv_file(tmp_path / "a.csv", grid([penalty(n) for n in (1, 2, 3, 4)]))
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[2] = f'"oh" no,{lines[2]}'
        lines.append('"never closed')
        path.write_text("".join(lines), encoding="utf-8")
        rows = read(path)[1]

        assert [row.line for row in rows if not row.fault] == [2, 4, 5]
        assert [row.fault for row in rows if row.fault] == [
            "Lines 3 to 3 cannot be read: their quotation marks do not match.",
            "Lines 6 to 6 cannot be read: their quotation marks do not match.",
        ]


class TestWorkbook:
    def test_is_known_by_its_content_and_read_cell_by_cell(self, tmp_path):
        row = penalty(CF_NR_FK="0.000001", CF_NR_WFFF="20", CF_JDRQ="2026-06-25")
        cells = {
            **row,
            "CF_NR_FK": 0.000001,
            "CF_NR_WFFF": 20.0,
            "CF_JDRQ": datetime(2026, 6, 25),  # noqa: DTZ001
            "CF_YXQ": date(2026, 9, 25),
        }
        path = xlsx_file(tmp_path / "a.csv", [TWO[0], [], list(cells.values())])
        rows = read(path)[1]

        assert [row.line for row in rows] == [3]
        assert {c: v for c, v in rows[0].cells.items() if v} == {
            c: v for c, v in {**row, "CF_YXQ": "2026-09-25"}.items() if v
        }

    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),  # what a formula leaves behind
            (1234567890.123456, "1234567890.123456"),
            (0.0000001, "0.0000001"),  # finer than a fen is not rounded away
            (300, "300"),
        ],
    )
    def test_keeps_a_number_as_it_was_typed(self, tmp_path, number, text):
        headings = TWO[0]
        cells = [*TWO[1]]
        cells[headings.index(HEADINGS["CF_NR_FK"])] = number

        assert (
            read(xlsx_file(tmp_path / "a.xlsx", [headings, cells]))[1][0].cells["CF_NR_FK"] == text
        )

    def test_may_hold_other_sheets(self, tmp_path):
        path = xlsx_file(tmp_path / "a.xlsx", [["填报说明"]], TWO)

        assert len(read(path)[1]) == 2

    def test_is_refused_when_two_sheets_hold_records(self, tmp_path):
        path = xlsx_file(tmp_path / "a.xlsx", TWO, grid([permit()]))

        assert "More than one sheet" in refusal_of(path)

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04 and then nothing", b"PK\x03\x04" + bytes(400)]
    )
    def test_is_refused_when_damaged(self, tmp_path, content):
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)

        assert "damaged" in refusal_of(path)

    def test_of_the_old_kind_is_refused(self, tmp_path):
        path = tmp_path / "a.xls"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))

        assert "save it as .xlsx" in refusal_of(path)


class TestFile:
    @pytest.mark.parametrize(
        ("row", "schema"),
        [
            (permit(), PERMIT),
            (list_entry(), LIST_ENTRY),
            (abnormal_entry(), ABNORMAL_ENTRY),
            (commitment(), COMMITMENT),
        ],
    )
    def test_of_each_kind_is_known_by_its_headings(self, tmp_path, row, schema):
        table, rows = read(csv_file(tmp_path / "a.csv", grid([row])))

        assert table.schema is schema
        assert rows[0].cells == row

    @pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.kind.value)
    def test_has_no_heading_that_means_two_columns(self, schema):
        names = [name for field in schema.fields for name in field.names]

        assert len(names) == len(set(names))

    def test_with_nothing_but_headings_all_kinds_share_is_refused(self, tmp_path):
        lines = [["统一社会信用代码", "法定代表人", "备注"], ["1", "2", "3"]]

        assert "No headings" in refusal_of(csv_file(tmp_path / "a.csv", lines))

    def test_without_a_mandatory_column_is_refused_by_name(self, tmp_path):
        row = penalty()
        del row["CF_CFJGDM"], row["CF_XDR_SHXYM"]
        sentence = refusal_of(csv_file(tmp_path / "a.csv", grid([row])))

        assert sentence == (
            "These mandatory columns are missing: 统一社会信用代码 (CF_XDR_SHXYM); "
            "处罚机关统一社会信用代码 (CF_CFJGDM)."
        )

    def test_with_a_column_twice_is_refused(self, tmp_path):
        lines = [[*TWO[0], "CF_WSH"], [*TWO[1], "x"]]

        assert "twice" in refusal_of(csv_file(tmp_path / "a.csv", lines))

    def test_with_amounts_in_yuan_is_refused(self, tmp_path):
        lines = [[h.replace("万元", "元") for h in TWO[0]], *TWO[1:]]

        assert "is in yuan" in refusal_of(csv_file(tmp_path / "a.csv", lines))

    @pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3\n", "名称,电话\n".encode()])
    def test_that_holds_no_kind_of_record_is_refused(self, tmp_path, content):
        path = tmp_path / "a.csv"
        path.write_bytes(content)

        assert "No headings" in refusal_of(path)

    @pytest.mark.parametrize("content", [b"\xff\x00\xff\x00\xff", b"\x89PNG\r\n\x1a\n\xff\xfe\xff"])
    def test_that_is_no_text_is_refused(self, tmp_path, content):
        path = tmp_path / "a.csv"
        path.write_bytes(content)

        assert "neither xlsx nor text" in refusal_of(path)

    def test_that_is_not_there_is_refused(self, tmp_path):
        assert "cannot be opened" in refusal_of(tmp_path / "none.csv")
        assert "cannot be opened" in refusal_of(tmp_path)
