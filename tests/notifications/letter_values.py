"""Values for every letter of a repair, made up, and the letters that use them."""

import datetime as dt
from pathlib import Path

from notifications import letters

FOLDER = Path(__file__).parents[2] / "cases" / "repair" / "letters"
NOON = dt.datetime(2026, 9, 30, 4, 0, tzinfo=dt.UTC)
NAMES = sorted(p.stem for p in FOLDER.glob("[!_]*.html") if not p.name.endswith(".en.html"))
ADVERSE = ["not_accepted", "refused", "lapsed", "unshielded", "kept", "revoked"]


def values(**changed):
    """Return a full set of values; text marks where it came from, so that it can be found."""
    return {
        "number": "示例信用修受字〔2026〕第0001号",
        "title": "示例标题",
        "issued_on": dt.date(2026, 9, 30),
        "unit": {"name": "示例区城市管理局", "name_en": "Example Bureau", "phone": "000-1"},
        "office": {"name": "示例区信用办", "name_en": "Example Credit Office", "phone": "000-2"},
        "party": {"name": "示例工程有限公司", "credit_code": "91370115MAY3T8HD6R"},
        "case": {"reference": "XF-2026-000001", "query_code": "7KQ2M9XD"},
        "record": {
            "document_number": "示例罚决字〔2026〕第1号",
            "authority_name": "示例区城市管理局",
            "decided_on": dt.date(2026, 6, 25),
        },
        "facts": {
            "channel": "ndrc",
            "missing": "缴款凭证",
            "refusal_reason": "加处罚款尚未缴纳",
            "apply_again": "缴清以后",
            "decision_reason": "罚款已缴清，现场已整改",
            "ruling_number": "（2026）示例破1号",
            "court": "示例市中级人民法院",
            "ruled_on": dt.date(2026, 7, 1),
            "plan_ends_on": dt.date(2026, 12, 31),
            "plan_note": "管理人报告：计划终止",
            "shown_until": dt.date(2027, 6, 25),
            "fulfilled_on": dt.date(2026, 7, 2),
            "fulfilment_note": "罚款未缴清",
            "kept_basis": "示例行业规定第1条",
            "allegation": "缴款凭证系伪造",
            "evidence": "财政部门复函",
            "statement_weighed": "不影响认定",
            "shown_again_on": dt.date(2026, 11, 10),
            "restored_until": dt.date(2027, 8, 7),
            "counted_anew": 0,
            "barred_until": dt.date(2029, 11, 10),
        },
        "instrument": {"zh": "《示例办法》", "en": "the Example Measures"},
        "listed": False,
        "may_apply_on": dt.date(2029, 11, 11),
        "materials": [{"name": "缴款凭证.pdf"}],
        "due": {name: _due(day) for day, name in enumerate(_DUES, start=8)},
        "reasons": [{"value": "R2", "label": "义务未全部履行"}],
        "places": [{"get_place_display": "信用中国", "stopped_on": dt.date(2026, 10, 16)}],
        "remedies": [
            {"zh": "向示例人民政府申请行政复议", "en": "apply for review", "basis": "甲法 §20"},
            {"zh": "向人民法院提起诉讼", "en": "bring a suit", "basis": "乙法 §46"},
        ],
        **changed,
    }


_DUES = ["feedback", "completion", "decide", "stop", "supplement", "statement"]


def _due(day):
    return {
        "date": dt.date(2026, 10, day),
        "basis": "丙办法 §7",
        "certainty_zh": "依据待核",
        "certainty_en": "basis to be confirmed",
        "provisional": False,
        "counting_zh": "自2026年9月28日起算，当日不计入。",
        "counting_en": "Starts on 28 September 2026, which is not counted.",
    }


def written(name, **changed):
    """Return a letter of a repair, or its English copy if the name ends in ``.en``."""
    language = "en" if name.endswith(".en") else "zh-hans"
    return letters.render(name, folder=FOLDER, context=values(**changed), language=language)


def issued(name="refused", **changed):
    """Issue a letter of a repair."""
    return letters.issue(
        name,
        folder=FOLDER,
        about="XF-2026-000001",
        number=changed.pop("number", "示例信用修决字〔2026〕第0001号"),
        title="不予信用修复决定书",
        title_en="Decision refusing repair",
        context=values(**changed),
        at=NOON,
    )
