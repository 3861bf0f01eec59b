"""Rows of the exchange schema for tests, as an authority would send them."""

import csv
from collections.abc import Iterable
from pathlib import Path

import openpyxl

from records.columns import SCHEMAS

FOOD = "91370115MAXQ7K2B6Y"
BUILDER = "91370115MAY3T8HD6R"
CITY_OFFICE = "11370115MBX00CG219"
CREDIT_OFFICE = "11370115MBX00XY15Y"
HEADINGS = {field.code: field.heading for schema in SCHEMAS for field in schema.fields}

_PENALTY = {
    "CF_XDR_MC": "济南黄河北润建筑工程有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": BUILDER,
    "CF_WSH": "济阳城管罚决字〔2026〕第0001号（示例）",
    "CF_WFXW": "未按规定处置建筑垃圾",
    "CF_SY": "未按核准的路线运输建筑垃圾。",
    "CF_YJ": "《城市建筑垃圾管理规定》（示例引用）",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款2000元。",
    "CF_NR_FK": "0.2",
    "CF_NR_WFFF": "",
    "CF_JDRQ": "2026/06/25",
    "CF_YXQ": "",
    "CF_GSJZQ": "",
    "CF_CFJG": "济南市济阳区城市管理局",
    "CF_CFJGDM": CITY_OFFICE,
    "CF_SJLY": "济南市济阳区发展和改革局（信用办）",
    "CF_SJLYDM": CREDIT_OFFICE,
    "BZ": "",
}
_PERMIT = {
    "XK_XDR_MC": "济南济阳澄波食品有限公司",
    "XK_XDR_LB": "法人及非法人组织",
    "XK_XDR_SHXYM": FOOD,
    "XK_XKWS": "食品经营许可决定书",
    "XK_WSH": "济阳许可〔2026〕第0001号（示例）",
    "XK_XKLB": "普通",
    "XK_NR": "食品经营",
    "XK_JDRQ": "2026/03/02",
    "XK_YXQZ": "2026/03/02",
    "XK_YXQZI": "2099/12/31",
    "XK_XKJG": "济南市济阳区城市管理局",
    "XK_XKJGDM": CITY_OFFICE,
    "XK_ZT": "有效",
    "XK_LYDW": "济南市济阳区发展和改革局（信用办）",
    "XK_LYDWDM": CREDIT_OFFICE,
}
_SOURCE = {"SJLY": "济南市济阳区发展和改革局（信用办）", "SJLYDM": CREDIT_OFFICE}
_PARTY = {
    "XDR_MC": "济南黄河北润建筑工程有限公司",
    "XDR_LB": "法人及非法人组织",
    "XDR_SHXYM": BUILDER,
}
_LIST_ENTRY = {
    "MDMC": "拖欠农民工工资失信联合惩戒对象名单",
    "WSH": "济阳列字〔2026〕第0001号（示例）",
    "LRSY": "拖欠工资逾期未支付",
    "SS": "经责令限期支付，逾期未支付。",
    "SLYJ": "《拖欠农民工工资失信联合惩戒对象名单管理暂行办法》（示例引用）",
    "LRRQ": "2026/04/10",
    "YXQ": "2029/04/10",
    "LRJG": "济南市济阳区城市管理局",
    "LRJGDM": CITY_OFFICE,
}
_ABNORMAL_ENTRY = {
    "WSH": "济阳异列字〔2026〕第0001号（示例）",
    "LRYY": "未按规定期限公示年度报告",
    "LRRQ": "2026/07/03",
    "LRJG": "济南市济阳区城市管理局",
    "LRJGDM": CITY_OFFICE,
}
_COMMITMENT = {
    "BH": "济阳承诺〔2026〕第0001号（示例）",
    "LX": "审批替代型",
    "SX": "人力资源服务许可",
    "NR": "承诺已符合许可条件。",
    "RQ": "2026/03/16",
    "LY": "履约",
    "GK": "是",
    "SLDW": "济南市济阳区城市管理局",
    "SLDWDM": CITY_OFFICE,
}


def penalty(number: int = 1, **changes: str) -> dict[str, str]:
    return {**_PENALTY, "CF_WSH": f"济阳城管罚决字〔2026〕第{number:04}号（示例）", **changes}


def permit(**changes: str) -> dict[str, str]:
    return {**_PERMIT, **changes}


def _row(prefix: str, *parts: dict[str, str], **changes: str) -> dict[str, str]:
    row = {f"{prefix}_{code}": text for part in parts for code, text in part.items()}
    return {**row, **changes}


def list_entry(**changes: str) -> dict[str, str]:
    return _row("YZ", _PARTY, _LIST_ENTRY, _SOURCE, **changes)


def abnormal_entry(**changes: str) -> dict[str, str]:
    return _row("YC", _PARTY, _ABNORMAL_ENTRY, _SOURCE, **changes)


def commitment(**changes: str) -> dict[str, str]:
    return _row("CN", _PARTY, _COMMITMENT, _SOURCE, **changes)


def grid(rows: Iterable[dict[str, str]]) -> list[list[str]]:
    rows = list(rows)
    codes = list(dict.fromkeys(code for row in rows for code in row))
    return [[HEADINGS[code] for code in codes], *([row.get(c, "") for c in codes] for row in rows)]


def csv_file(
    path: Path, lines: Iterable[list[str]], *, encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return path


def xlsx_file(path: Path, *sheets: Iterable[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for lines in sheets:
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path
