"""A letter with a hole in it is worse than none."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256

import pytest
from django.db import transaction
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy

from notifications import letters
from notifications.letters import LetterAltered, LetterIncomplete
from notifications.models import Letter
from tests.notifications.letter_values import NOON, issued


@dataclass
class Unit:
    name: str = "示例局"
    phone: str = ""
    parent: object = None


@pytest.fixture
def write(tmp_path):
    def write(text, **context):
        (tmp_path / "letter.html").write_text(text, encoding="utf-8")
        letters._engine.cache_clear()
        return letters.render("letter", folder=tmp_path, context=context, language="zh-hans")

    return write


class TestRender:
    @pytest.mark.parametrize(
        "text",
        [
            "{{ nobody }}",
            "{{ nobody|upper }}",
            "{{ nobody|default:'—' }}",
            "{% if nobody %}x{% endif %}",
            "{% if not nobody %}x{% endif %}",
            "{% if nobody == 'x' or not unit.address %}x{% endif %}",
            "{% for x in nobody %}{{ x }}{% endfor %}",
            "{% with y=nobody %}x{% endwith %}",
            "{{ unit.address }}",
            "{% if unit.address %}x{% endif %}",
            "{% for x in unit.people %}x{% endfor %}",
            "{{ facts.paid }}",
            "{% if facts.paid %}x{% endif %}",
            "{% for r in reasons %}{{ r.code }}{% endfor %}",
            "{% for r in reasons %}{% if r.code %}x{% endif %}{% endfor %}",
            "{{ issued_on.fortnight }}",
        ],
    )
    def test_refuses_what_is_missing_even_in_a_question(self, write, text):
        given = {"unit": Unit(), "facts": {"a": 1}, "reasons": [{"zh": "理由"}]}
        with pytest.raises(LetterIncomplete):
            write(text, issued_on=dt.date(2026, 9, 30), **given)

    @pytest.mark.parametrize("empty", [None, "", "  ", [], (), lazystr("")])
    @pytest.mark.parametrize(
        "text",
        [
            "{{ x }}",
            "{{ x|upper }}",
            "{{ x|zh_date }}",
            "{{ x.part }}",
            "{% for y in x %}{{ y }}{% endfor %}",
            "{% if x == 'ndrc' %}a{% else %}b{% endif %}",
        ],
    )
    def test_refuses_to_use_what_is_empty(self, write, text, empty):
        with pytest.raises(LetterIncomplete):
            write(text, x=empty)

    def test_may_ask_whether_a_value_is_empty(self, write):
        text = "{% if unit.phone %}{{ unit.phone }}{% else %}none{% endif %}"
        assert write(text, unit=Unit()) == "none"
        assert write(text, unit=Unit(phone="12")) == "12"

    def test_prints_zero_and_false(self, write):
        assert write("{{ days }}/{{ paid }}", days=0, paid=False) == "0/False"

    def test_escapes_what_people_wrote(self, write):
        text = write("{{ facts.said }}", facts={"said": "<script>alert(1)</script>"})
        assert text == "&lt;script&gt;alert(1)&lt;/script&gt;"

    def test_does_not_mistake_braces_in_a_name_for_a_variable(self, write):
        assert write("{{ name }}", name="{{ nobody }}") == "{{ nobody }}"

    def test_calls_a_function_only_when_the_letter_uses_it(self, write):
        assert write("{{ a }}", a=lambda: "1", b=lambda: 1 / 0) == "1"

    def test_reads_lazy_texts_in_the_language_of_the_letter(self, write):
        assert write("{{ day }}", day=gettext_lazy("Monday")) == "星期一"

    def test_writes_dates_as_people_do(self, write):
        day = dt.date(2026, 9, 30)
        assert (
            write("{{ d|zh_date }}, {{ d|en_date }}", d=day) == "2026年9月30日, 30 September 2026"
        )

    @pytest.mark.parametrize("day", ["2026-09-30", 20260930, NOON])
    def test_takes_nothing_but_a_day_for_a_day(self, write, day):
        with pytest.raises(LetterIncomplete):
            write("{{ d|zh_date }}", d=day)

    def test_writes_articles_as_people_do(self, write):
        assert write("{{ b|zh_basis }}", b="甲法 §20; 乙法 §9") == "甲法第20条；乙法第9条"


@pytest.mark.django_db
class TestIssue:
    def test_costs_one_insert(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            issued()

    def test_keeps_the_text_its_hash_and_the_english_copy_but_makes_no_pdf(self):
        letter = Letter.objects.get(pk=issued().pk)
        assert letter.sha256 == sha256(letter.html.encode()).hexdigest()
        assert "本机关决定不予信用修复" in letter.html
        assert "the repair is refused" in letter.html_en
        assert not letter.pdf

    def test_leaves_nothing_when_it_is_incomplete(self):
        with pytest.raises(LetterIncomplete), transaction.atomic():
            issued(reasons=[])
        assert not Letter.objects.exists()

    def test_leaves_nothing_when_the_act_is_undone(self):
        with transaction.atomic():
            issued()
            transaction.set_rollback(True)
        assert not Letter.objects.exists()


@pytest.mark.django_db
class TestSheet:
    def test_shows_the_letter_as_it_was_issued_with_its_case_and_code(self):
        letter = issued()
        page = letters.sheet(letter)
        assert letter.html in page
        assert "XF-2026-000001" in page
        assert "<svg" in page
        assert 'href="/static/notifications/letter.css"' in page

    def test_shows_the_english_copy_marked_as_a_translation(self):
        page = letters.sheet(issued(), language="en")
        assert '<html lang="en">' in page
        assert "Courtesy translation; the Chinese text is authoritative." in page

    def test_does_not_show_a_letter_whose_text_was_changed(self):
        letter = issued()
        letter.html = letter.html.replace("不予", "准予")
        with pytest.raises(LetterAltered):
            letters.sheet(letter)

    def test_carries_no_inline_style_or_script(self):
        page = letters.sheet(issued())
        assert "style=" not in page
        assert "<style" not in page
        assert "<script" not in page
