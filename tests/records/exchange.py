"""Rows of the exchange schema for tests, as an authority would send them."""

import csv
from collections.abc import Iterable
from pathlib import Path

import openpyxl

from records.columns import PENALTY, PERMIT

FOOD = "91370115MAXQ7K2B6Y"
BUILDER = "91370115MAY3T8HD6R"
CITY_OFFICE = "11370115MBX00CG219"
CREDIT_OFFICE = "11370115MBX00XY15Y"
HEADINGS = {field.code: field.heading for field in (*PENALTY.fields, *PERMIT.fields)}

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


def penalty(number: int = 1, **changes: str) -> dict[str, str]:
    return {**_PENALTY, "CF_WSH": f"济阳城管罚决字〔2026〕第{number:04}号（示例）", **changes}


def permit(**changes: str) -> dict[str, str]:
    return {**_PERMIT, **changes}


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
