"""Every letter of a repair says what it must, and is not written without it."""

import copy
import csv
import datetime as dt
import re

import pytest

from notifications import given, letters
from notifications.letters import LetterIncomplete
from tests.notifications.letter_values import ADVERSE, FOLDER, NAMES, values, written

BOTH = [name + ending for name in NAMES for ending in ("", ".en")]
MAY_BE_EMPTY = re.compile(r"phone$|provisional$|listed$|ruling_number$|counted_anew$|barred_until$")


@pytest.fixture
def used(monkeypatch):
    """Return a function that tells which values a letter uses."""
    seen = set()
    real = given.given
    monkeypatch.setattr(
        given, "given", lambda value, path, holes: seen.add(path) or real(value, path, holes)
    )

    def used(name):
        seen.clear()
        written(name)
        return sorted(path for path in seen if _is_there(path))

    return used


def _is_there(path):
    here = values()
    for part in path.split("."):
        if isinstance(here, list) and part.isdigit():
            here = here[int(part)]
        elif isinstance(here, dict) and part in here:
            here = here[part]
        else:
            return False
    return not path[-1].isdigit()


def _changed(path, change):
    context = copy.deepcopy(values())
    *way, last = path.split(".")
    here = context
    for part in way:
        here = here[int(part) if isinstance(here, list) else part]
    change(here, last)
    return context


def _render(name, context):
    return letters.render(name, folder=FOLDER, context=context, language="zh-hans")


def test_every_letter_has_a_title_and_an_english_copy():
    with (FOLDER / "titles.csv").open(encoding="utf-8", newline="") as lines:
        titled = sorted(row["name"] for row in csv.DictReader(lines))
    assert titled == NAMES
    assert all((FOLDER / f"{name}.en.html").exists() for name in NAMES)


@pytest.mark.parametrize("name", BOTH)
class TestEveryLetter:
    def test_is_not_written_without_any_one_of_its_values(self, used, name):
        paths = used(name)
        assert {"number", "title", "unit.phone", "party.name", "case.reference"} <= set(paths)
        for path in paths:
            with pytest.raises(LetterIncomplete):
                _render(name, _changed(path, lambda here, last: here.pop(last)))

    def test_is_not_written_with_any_one_of_its_values_empty(self, used, name):
        for path in used(name):
            if not MAY_BE_EMPTY.search(path):
                with pytest.raises(LetterIncomplete):
                    _render(name, _changed(path, lambda here, last: here.update({last: None})))

    def test_is_written_when_the_unit_has_no_telephone(self, name):
        unit = {**values()["unit"], "phone": ""}
        office = {**values()["office"], "phone": ""}
        text = written(name, unit=unit, office=office)
        assert "电话：<" not in text
        assert "elephone: <" not in text

    def test_knows_no_number_of_days_and_calls_nothing_statutory(self, name):
        text = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
        assert not re.search(r"\d+\s*(个?工作日|日|天|个月|年|(working )?days?|months?)", text)
        assert "法定" not in text
        assert "statutory" not in text


@pytest.mark.parametrize("name", ADVERSE)
class TestAnAdverseLetter:
    def test_names_every_remedy_with_its_basis(self, name):
        text = written(name)
        assert (
            "向示例人民政府申请行政复议（甲法第20条），也可以向人民法院提起诉讼（乙法第46条）"
            in text
        )

    def test_names_every_remedy_in_english_too(self, name):
        text = written(f"{name}.en")
        assert "apply for review (甲法 §20), or bring a suit (乙法 §46)" in text

    def test_tells_how_to_apply_again(self, name):
        assert re.search("再次申请|重新提出申请", written(name))


@pytest.mark.parametrize("name", ["not_accepted", "refused"])
def test_a_refusal_gives_its_code_its_ground_and_its_particulars(name):
    text = written(name)
    assert "理由代码R2：义务未全部履行。" in text
    assert "加处罚款尚未缴纳" in text
    assert "缴清以后" in text


@pytest.mark.parametrize(
    ("name", "due"),
    [
        ("receipt", "feedback"),
        ("returned", "completion"),
        ("accepted", "decide"),
        ("granted", "stop"),
    ],
)
class TestADate:
    def test_is_given_with_its_basis_and_how_certain_it_is(self, name, due):
        day = values()["due"][due]["date"]
        assert f"2026年10月{day.day}日（依据待核：丙办法第7条）" in written(name)

    def test_is_called_provisional_when_the_calendar_is_not_published(self, name, due):
        provisional = {**values()["due"][due], "date": dt.date(2027, 1, 4), "provisional": True}
        assert "2027年1月4日（依据待核：丙办法第7条；有关年度放假安排尚未公布，暂算）" in written(
            name, due={due: provisional}
        )


@pytest.mark.parametrize("name", [name for name in BOTH if not name.startswith("receipt")])
def test_only_the_receipt_tells_the_query_code(name):
    assert "7KQ2M9XD" not in written(name, case={"reference": "XF-1", "query_code": "7KQ2M9XD"})


def test_a_decision_cites_the_instrument_of_its_edition():
    assert "《示例办法》" in written("granted")
    assert "the Example Measures" in written("granted.en")


@pytest.mark.parametrize(
    ("name", "clock"), [("supplement", "supplement"), ("suspicion", "statement")]
)
def test_a_time_that_waits_for_service_is_told_without_a_date(name, clock):
    text = written(name)
    assert "送达之日起" in text
    assert "丙办法第7条" in text
    assert f"2026年10月{values()['due'][clock]['date'].day}日" not in text


def test_the_last_letter_lists_every_place_and_when_it_was_found_stopped():
    text = written("closed")
    assert "<td>信用中国</td><td>2026年10月16日</td>" in text
