"""What the operators' desk says in words where the tables hold keys, and how laws are cited."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from notifications.templatetags.letter_words import cited, zh_basis
from tests.conftest import TUESDAY
from tests.web import operators
from tests.workflows.walks import open_a_repair, walk
from workflows import rulebook
from workflows.case_type import case_type
from workflows.models import Deadline, Entry, Term

operator, desk = operators.operator, operators.desk


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TUESDAY.astimezone(dt.UTC))


@pytest.fixture
def checked(applicant, penalty, staff):
    """A repair whose form was checked."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes", staff)
    return case


def rows(desk, table):
    """Return the list of a table in English."""
    path = reverse(f"admin:workflows_{table}_changelist")
    return desk.get(path, headers={"Accept-Language": "en"}).content.decode()


class TestTheLog:
    def test_calls_a_move_of_a_type_by_its_title(self, desk, checked):
        kinds = set(Entry.objects.filter(stream=checked.reference).values_list("kind", flat=True))
        moves = case_type("repair").moves
        with override("en"):
            titles = {kind: str(moves[kind]) for kind in kinds & moves.keys()}
        said = rows(desk, "entry")
        assert titles
        for kind, title in titles.items():
            assert f'kind_in_words">{title}<' in said
            assert f'kind_in_words">{kind}<' not in said

    def test_names_who_wrote_it(self, desk, checked, applicant):
        said = rows(desk, "entry")
        assert str(applicant.user) in said
        assert f"user:{applicant.user.pk}<" not in said


class TestARuleValue:
    def test_says_what_it_is_about_and_keeps_its_key(self, desk, office):
        title = rulebook.title("calc.first_day")
        assert title == "Whether the day of the start is counted"
        assert f'{title}<span class="sub code">calc.first_day</span>' in rows(desk, "term")

    def test_is_said_in_words(self, office):
        with override("en"):
            said = {t.key: rulebook.in_words(t) for t in Term.objects.all()}
        assert said["calc.pause_day_counts"] == "yes"
        assert "force majeure" in said["clock.suspend.causes"]
        assert "force_majeure" not in said["clock.suspend.causes"]

    def test_of_a_clock_is_titled_in_the_list_of_clocks(self, desk, checked):
        keys = Deadline.objects.filter(case=checked).values_list("term__key", flat=True)
        titled = [key for key in keys if rulebook.title(key)]
        said = rows(desk, "deadline")
        assert titled
        assert [key for key in titled if f'<span class="sub code">{key}</span>' not in said] == []


class TestAStep:
    def test_waits_for_a_unit_and_a_duty_not_for_a_key(self, desk, checked):
        said = rows(desk, "workitem")
        assert "/handler<" not in said
        assert "/counter<" not in said


class TestABasis:
    def test_of_several_articles_is_cited_from_one_to_another(self):
        assert zh_basis("公务员法 §76-77") == "公务员法第76条至第77条"

    def test_is_left_alone_for_who_reads_english(self):
        with override("en"):
            assert cited("公务员法 §76-77") == "公务员法 §76-77"
