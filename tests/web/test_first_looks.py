"""What a person who tries the pages for the first time must not stumble over."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from workflows.clock import Light
from workflows.models import Deadline, Purpose
from workflows.wording import money

DUE = dt.date(2026, 9, 30)
AFTER = DUE + dt.timedelta(days=1)


def _written(template: str, **told):
    return Template("{% load look %}" + template).render(Context(told))


class TestABasis:
    def test_is_cited_as_chinese_officials_cite_it(self):
        with override("zh-hans"):
            said = _written("{{ b|cited }}", b="行政复议法 §20; 民法典 §203")
        assert said == "行政复议法第20条；民法典第203条"

    @pytest.mark.parametrize(
        ("kept", "said"),
        [
            ("公务员法 §76-77", "公务员法第76条至第77条"),
            ("行政许可法 §32(四); §82", "行政许可法第32条第（四）项；第82条"),
            ("行政处罚法 §48, §85", "行政处罚法第48条、第85条"),
            ("国办发〔2020〕49号 (六)(七)", "国办发〔2020〕49号（六）（七）"),
        ],
    )
    def test_names_articles_items_and_sections_in_full(self, kept, said):
        with override("zh-hans"):
            assert _written("{{ b|cited }}", b=kept) == said

    def test_is_left_alone_in_english(self):
        with override("en"):
            assert _written("{{ b|cited }}", b="甲法 §20") == "甲法 §20"


class TestAnAmount:
    @pytest.mark.parametrize(
        ("fen", "said"),
        [(2_000_000, "20,000元"), (200_000, "2,000元"), (200_050, "2,000.50元"), (None, "")],
    )
    def test_is_told_in_yuan_whatever_its_size(self, fen, said):
        with override("zh-hans"):
            assert money(fen) == said


class TestTheTypesOfAFile:
    def test_are_told_in_words(self):
        with override("en"):
            assert _written("{{ a|kinds }}", a=".pdf,.jpg") == "PDF, JPG"


class TestTheLightOfAClock:
    @pytest.mark.parametrize(
        ("purpose", "light"), [(Purpose.PROMISE, Light.AMBER), (Purpose.LIMIT, Light.RED)]
    )
    def test_of_a_promise_is_never_red(self, purpose, light):
        assert Deadline(purpose=purpose, due_on=DUE).light(AFTER) == light


class TestAnObjection:
    def test_disputes_nothing_before_a_part_is_chosen(self, applicant, penalty, staff, client):
        client.force_login(applicant.user)
        page = client.get(reverse("apply", args=[penalty.pk, "objection"]))
        assert page.context["form"].fields["disputed"].choices[0][0] == ""
