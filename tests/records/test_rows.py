"""One row: the facts it becomes, or everything that is wrong with it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from records.cells import in_schema_unit
from records.columns import PENALTY, SCHEMAS
from records.headings import Row
from records.models import Record
from records.rows import Decision, decision_of
from tests.records.exchange import (
    CITY_OFFICE,
    FOOD,
    abnormal_entry,
    commitment,
    list_entry,
    penalty,
    permit,
)

TUESDAY = date(2026, 9, 29)
PERSON = "37012519800101001X"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(row):
    schema = max(SCHEMAS, key=lambda schema: len(row.keys() & schema.by_code.keys()))
    return decision_of(Row(7, row), schema, on=TUESDAY)


def facts_of(row):
    decision = read(row)
    assert isinstance(decision, Decision), decision
    return decision.facts


def reasons_for(row):
    problems = read(row)
    assert isinstance(problems, list), problems
    assert {problem.line for problem in problems} == {7}
    return {problem.field.split(" (")[1][:-1]: problem.reason for problem in problems}


class TestRow:
    def test_of_a_penalty_becomes_its_facts(self):
        decision = read(penalty(CF_YXQ="2026-09-25", BZ="简易程序"))

        assert decision.kind is Record.Kind.PENALTY
        assert decision.key == (
            "济阳城管罚决字〔2026〕第0001号（示例）",
            "91370115MAY3T8HD6R",
            CITY_OFFICE,
        )
        assert decision.name == "济南黄河北润建筑工程有限公司"
        assert decision.facts["decided_on"] == date(2026, 6, 25)
        assert decision.facts["valid_until"] == date(2026, 9, 25)
        assert decision.facts["categories"] == ["罚款"]
        assert decision.facts["fine_fen"] == 200_000
        assert decision.facts["confiscated_fen"] is None
        assert decision.facts["reported"]["CF_NR_FK"] == "0.2"
        assert decision.facts["reported"]["CF_JDRQ"] == "2026-06-25"
        assert decision.facts["reported"]["BZ"] == "简易程序"

    def test_of_a_permit_becomes_its_facts(self):
        decision = read(permit(XK_YXQZI="长期"))

        assert decision.kind is Record.Kind.PERMIT
        assert decision.credit_code == FOOD
        assert decision.facts["conduct"] == "食品经营许可决定书"
        assert decision.facts["valid_from"] == date(2026, 3, 2)
        assert decision.facts["valid_until"] == date(2099, 12, 31)

    def test_of_a_list_entry_becomes_its_facts(self):
        decision = read(list_entry(YZ_SLYJ="《示例办法》第三条", YZ_YCTJ="列入满一年"))

        assert decision.kind is Record.Kind.LIST_ENTRY
        assert decision.document_number == "济阳列字〔2026〕第0001号（示例）"
        assert decision.authority_code == CITY_OFFICE
        assert decision.facts["categories"] == ["拖欠农民工工资失信联合惩戒对象名单"]
        assert decision.facts["conduct"] == "拖欠工资逾期未支付"
        assert decision.facts["legal_basis"] == "《示例办法》第三条"
        assert decision.facts["decided_on"] == date(2026, 4, 10)
        assert decision.facts["valid_until"] == date(2029, 4, 10)
        assert decision.facts["reported"]["YZ_YCTJ"] == "列入满一年"

    def test_of_a_list_entry_without_its_basis_in_law_is_refused(self):
        assert reasons_for(list_entry(YZ_SLYJ="")) == {"YZ_SLYJ": "This field is mandatory."}

    def test_of_an_abnormal_entry_becomes_its_facts(self):
        decision = read(abnormal_entry(YC_LRYY="公示信息隐瞒真实情况、弄虚作假"))

        assert decision.kind is Record.Kind.ABNORMAL_ENTRY
        assert decision.facts["conduct"] == "公示信息隐瞒真实情况、弄虚作假"
        assert decision.facts["authority_name"] == "济南市济阳区城市管理局"
        assert decision.facts["decided_on"] == date(2026, 7, 3)

    @pytest.mark.parametrize(
        "row", [list_entry(YZ_YCRQ="2026/09/01"), abnormal_entry(YC_YCRQ="2026/09/01")]
    )
    def test_of_an_entry_that_has_ended_is_refused(self, row):
        assert list(reasons_for(row).values()) == [
            "What has ended is not taken in; end it by a case."
        ]

    def test_of_a_commitment_becomes_its_facts(self):
        decision = read(commitment(CN_YXQ="2027/03/16"))

        assert decision.kind is Record.Kind.COMMITMENT
        assert decision.facts["categories"] == ["审批替代型"]
        assert decision.facts["conduct"] == "人力资源服务许可"
        assert decision.facts["facts"] == "履约"
        assert decision.may_be_shown

    def test_of_a_commitment_says_whether_it_may_be_shown(self):
        assert not read(commitment(CN_GK="否")).may_be_shown
        assert reasons_for(commitment(CN_GK="也许")).keys() == {"CN_GK"}

    def test_tells_everything_that_is_wrong_at_once(self):
        reasons = reasons_for(
            penalty(
                CF_XDR_SHXYM="91370115MAY3T8HD6X", CF_JDRQ="2026/02/30", CF_NR_FK="two", CF_SY=""
            )
        )

        assert reasons.keys() == {"CF_XDR_SHXYM", "CF_JDRQ", "CF_NR_FK", "CF_SY"}
        assert "mistyped" in reasons["CF_XDR_SHXYM"]
        assert reasons["CF_SY"] == "This field is mandatory."

    def test_is_refused_when_it_was_broken_already(self):
        (problem,) = decision_of(Row(7, penalty(), "broken"), PENALTY, on=TUESDAY)

        assert problem == (7, "", "broken")

    @pytest.mark.parametrize("code", [f.code for f in PENALTY.fields if f.required])
    @pytest.mark.parametrize("blank", ["", " 　", "/", "无", "—"])
    def test_is_refused_without_a_mandatory_field(self, code, blank):
        assert reasons_for(penalty(**{code: blank}))[code] == "This field is mandatory."

    def test_tidies_a_document_number_so_that_it_is_found_again(self):
        assert read(penalty(CF_WSH=" 济阳 罚〔2026〕1 号 ")).document_number == "济阳罚〔2026〕1号"

    @pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "#N/A", "#REF!"])
    def test_is_refused_with_what_is_no_text(self, text):
        assert "control character" in reasons_for(penalty(CF_SY=text))["CF_SY"]

    def test_is_refused_with_a_text_too_long_for_its_column(self):
        assert reasons_for(penalty(CF_WFXW="长" * 401)).keys() == {"CF_WFXW"}
        assert facts_of(penalty(CF_WFXW="长" * 400))


class TestParty:
    def test_that_is_a_natural_person_is_refused_without_a_trace(self):
        problems = read(penalty(CF_XDR_LB="自然人", CF_XDR_SHXYM="", CF_XDR_ZJHM=PERSON))

        assert [problem.reason for problem in problems] == ["Only organisations are recorded."]
        assert PERSON not in str(problems)

    def test_never_leaves_an_identity_number_behind(self):
        row = penalty(CF_FR_ZJHM=PERSON, CF_XDR_ZJHM=PERSON, CF_SY=f"张某（{PERSON}）倾倒垃圾")
        decision = read(row)

        assert PERSON not in str(decision)
        assert decision.facts["facts"] == "张某（370125********001X）倾倒垃圾"
        assert not {"CF_FR_ZJHM", "CF_XDR_ZJHM"} & decision.facts["reported"].keys()

    def test_never_repeats_an_identity_number_in_a_reason(self):
        shifted = {code: PERSON for code in penalty() if code != "CF_XDR_LB"}

        assert PERSON not in str(read({**penalty(), **shifted}))
        assert "identity number" in reasons_for(penalty(CF_XDR_SHXYM=PERSON))["CF_XDR_SHXYM"]

    @pytest.mark.parametrize("kind", ["法人及非法人组织", "个体工商户"])
    def test_must_have_a_unified_code(self, kind):
        row = penalty(CF_XDR_LB=kind, CF_XDR_SHXYM="", CF_XDR_GSZC="370125600000001")

        assert reasons_for(row).keys() == {"CF_XDR_SHXYM"}

    def test_brings_the_numbers_it_had_before_the_unified_code(self):
        row = penalty(
            CF_XDR_GSZC="370125 600000001",
            CF_XDR_ZZJG="60003734-1",
            CF_XDR_SWDJ="370125600037341",
        )

        assert read(row).numbers == {
            "registration_number": "370125600000001",
            "organisation_code": "600037341",
            "tax_number": "370125600037341",
        }

    @pytest.mark.parametrize(
        ("column", "text"),
        [
            ("CF_XDR_GSZC", "370125600000002"),  # its last digit is wrong
            ("CF_XDR_GSZC", "370125800101009"),  # a person born on 1 January 1980
            ("CF_XDR_ZZJG", "600037342"),
            ("CF_XDR_SWDJ", "不详"),
            ("CF_XDR_SWDJ", "91370115MAY3T8HD6R"),  # the unified code again
        ],
    )
    def test_brings_no_number_that_is_none(self, column, text):
        assert read(penalty(**{column: text})).numbers == {}

    def test_must_be_of_a_known_kind(self):
        assert reasons_for(penalty(CF_XDR_LB="公司")).keys() == {"CF_XDR_LB"}


class TestDay:
    @pytest.mark.parametrize(
        "text",
        [
            "2026/09/01",
            "2026/9/1",
            "2026-09-01",
            "2026.09.01",
            "20260901",
            "2026年9月1日",
            "2026 年 09 月 01 日",
            "２０２６／０９／０１",  # noqa: RUF001
            "2026-09-01 00:00:00",
            "2026-09-01T08:30",
            "46266",  # what is left of a day when a cell loses its format
        ],
    )
    def test_is_read_as_clerks_write_it(self, text):
        assert facts_of(penalty(CF_JDRQ=text))["decided_on"] == date(2026, 9, 1)

    @pytest.mark.parametrize(
        "text",
        ["2026/13/01", "2025-02-29", "01/09/2026", "2026", "26-9-1", "今天", "9", "0000-01-01"],
    )
    def test_is_refused_when_it_is_none(self, text):
        assert "not a day" in reasons_for(penalty(CF_JDRQ=text))["CF_JDRQ"]

    def test_of_decision_may_be_today_but_not_tomorrow(self):
        assert facts_of(penalty(CF_JDRQ="2026/09/29"))
        assert "future" in reasons_for(penalty(CF_JDRQ="2026/09/30"))["CF_JDRQ"]

    def test_may_be_the_leap_day(self):
        assert facts_of(penalty(CF_JDRQ="2024/02/29"))["decided_on"] == date(2024, 2, 29)

    @pytest.mark.parametrize(
        "row",
        [
            penalty(CF_YXQ="2026/06/24"),
            penalty(CF_GSJZQ="2026/06/24"),
            permit(XK_YXQZI="2026/03/01"),
            list_entry(YZ_YXQ="2026/04/09"),
            commitment(CN_HCRQ="2026/03/15"),
        ],
    )
    def test_that_ends_something_may_not_lie_before_its_beginning(self, row):
        assert list(reasons_for(row).values()) == ["This day lies before the day it counts from."]


class TestAmount:
    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("0.2", 200_000),
            ("0.000001", 1),
            ("1E-06", 1),  # Excel's own way to write it into a csv
            ("1.5", 1_500_000),
            ("300", 300_000_000),
            ("1,234.5", 1_234_500_000),
            ("１，２３４．５", 1_234_500_000),  # noqa: RUF001
            ("20.0000000", 20_000_000),
            ("2万元", 2_000_000),
            ("0", 0),
            ("", None),
            ("/", None),
            ("9223372036854.775807", 2**63 - 1),
        ],
    )
    def test_is_kept_to_the_fen(self, text, fen):
        assert facts_of(penalty(CF_NR_FK=text))["fine_fen"] == fen

    @given(st.integers(0, 2**63 - 1))
    def test_is_the_same_after_a_journey_through_the_schema(self, fen):
        assert facts_of(penalty(CF_NR_WFFF=in_schema_unit(fen)))["confiscated_fen"] == fen
        assert Decimal(in_schema_unit(fen)) * 1_000_000 == fen

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("0.0000001", "finer than one fen"),
            ("1E-99", "finer than one fen"),
            ("9223372036854.775808", "larger"),
            ("1E+99", "larger"),
            ("1E+999999999", "not an amount"),
            ("-1", "not an amount"),
            ("12,34", "not an amount"),
            ("2000元", "not an amount"),
            ("=1+1", "not an amount"),
            ("NaN", "not an amount"),
        ],
    )
    def test_is_refused_when_it_is_none(self, text, sentence):
        assert sentence in reasons_for(penalty(CF_NR_FK=text))["CF_NR_FK"]


class TestCategories:
    @pytest.mark.parametrize(
        ("text", "categories"),
        [
            ("罚款", ["罚款"]),
            ("罚款;警告", ["罚款", "警告"]),
            ("警告、罚款", ["警告", "罚款"]),
            ("罚款；没收违法所得、没收非法财物", ["罚款", "没收违法所得、没收非法财物"]),
            ("没收违法所得、没收非法财物、罚款", ["没收违法所得、没收非法财物", "罚款"]),
            ("罚款，罚款", ["罚款"]),
        ],
    )
    def test_are_told_apart(self, text, categories):
        assert facts_of(penalty(CF_CFLB=text))["categories"] == categories
