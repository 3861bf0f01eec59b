"""The pages of a form: each question on one of them, conditions on what was asked before."""

import datetime as dt
from typing import ClassVar

import pytest
from django import forms
from django.http import QueryDict

from forms import guide
from forms.base import StepForm
from forms.guide import Given, QuestionGroup, Unlike
from workflows.case_type import case_types
from workflows.flow import Ask

ON = dt.date(2026, 9, 29)
DYNAMIC = {
    "commitment": ("commitment", "statement_1", "statement_2"),
    "report": ("done_1", "how_1", "done_2", "how_2"),
}


class Party(StepForm):
    pages: ClassVar = (
        QuestionGroup("who", "Who", ("capacity", "name", "leader")),
        QuestionGroup("agent", "Agent", ("paper",), when=Given("capacity", {"agent"})),
        QuestionGroup("number", "Number", ("number",), when=Given("paper", {"True"})),
        QuestionGroup("other", "Other", ("why", "note"), when=Unlike("name", "leader")),
        QuestionGroup("last", "Last", ("word",)),
    )

    capacity = forms.ChoiceField(choices=[("self", "Self"), ("agent", "Agent")])
    name = forms.CharField()
    leader = forms.CharField()
    paper = forms.BooleanField(required=False)
    number = forms.CharField(required=False)
    why = forms.CharField(required=False)
    note = forms.CharField(required=False)
    word = forms.CharField()


def told(**answers):
    data = QueryDict(mutable=True)
    data.update(answers)
    return data


def asked(**answers):
    return [group.name for group in guide.asked(Party(on=ON), told(**answers))]


def every_form():
    for type_ in case_types():
        doors = [door.form for door in type_.doors.values() if door.form]
        steps = [
            node.form
            for flow in type_.flows.values()
            for node in vars(flow).values()
            if hasattr(node, "form")
        ]
        yield from dict.fromkeys((*doors, *steps))


def asked_of_the_party():
    for type_ in case_types():
        for flow in type_.flows.values():
            for node in vars(flow).values():
                if isinstance(node, Ask):
                    yield node.form


WITH_PAGES = [form for form in every_form() if form.pages]


class TestAForm:
    def test_has_pages_where_a_party_is_asked_much(self):
        doors = [
            door.form
            for type_ in case_types()
            for door in type_.doors.values()
            if door.form and door.opener == "party"
        ]
        long = [f for f in (*doors, *asked_of_the_party()) if len(f.base_fields) > 5]

        assert {form.__name__ for form in long} >= {"Application", "Signing", "Again"}
        assert [form for form in long if not form.pages] == []

    @pytest.mark.parametrize("form", WITH_PAGES, ids=lambda form: form.__qualname__)
    def test_asks_each_question_on_exactly_one_page(self, form):
        dynamic = [name for names in DYNAMIC.values() for name in names]
        for name in form.base_fields:
            assert len([group for group in form.pages if group.has(name)]) == 1, name
        for name in dynamic:
            assert len([group for group in form.pages if group.has(name)]) <= 1, name
        assert len({group.name for group in form.pages}) == len(form.pages)

    @pytest.mark.parametrize("form", WITH_PAGES, ids=lambda form: form.__qualname__)
    def test_has_only_pages_that_ask_something_and_no_name_of_ours(self, form):
        dynamic = [name for names in DYNAMIC.values() for name in names]
        for group in form.pages:
            assert any(group.has(name) for name in (*form.base_fields, *dynamic)), group.name
            assert group.name not in {"review", ""}

    @pytest.mark.parametrize("form", WITH_PAGES, ids=lambda form: form.__qualname__)
    def test_makes_no_page_depend_on_what_is_asked_later(self, form):
        before: list[str] = []
        for group in form.pages:
            if group.when is not None:
                assert set(group.when.of) <= set(before), group.name
            before += [name for name in form.base_fields if group.has(name)]


class TestAPage:
    def test_is_asked_only_where_its_condition_holds(self):
        assert asked() == ["who", "last"]
        assert asked(capacity="agent") == ["who", "agent", "last"]
        assert asked(capacity="agent", paper="on") == ["who", "agent", "number", "last"]

    def test_depends_on_no_answer_that_is_not_asked_for_any_more(self):
        assert asked(capacity="self", paper="on") == ["who", "last"]

    def test_may_depend_on_two_answers_that_differ(self):
        assert asked(name="韦示例", leader=" 韦示例 ") == ["who", "last"]
        assert asked(name="韦示例", leader="泉示例") == ["who", "other", "last"]
        assert asked(name="韦示例") == ["who", "last"]

    def test_says_that_a_question_under_a_condition_is_needed(self):
        form = Party(on=ON)
        guide.show_only(form, form.pages[3])

        assert list(form.fields) == ["why", "note"]
        assert all(field.required for field in form.fields.values())

    def test_shows_of_a_checked_form_its_own_errors(self):
        form = Party(told(capacity="self"), on=ON)
        assert set(form.errors) == {"name", "leader", "word"}
        assert guide.first_with_errors(form, guide.asked(form, form.data)).name == "who"
        guide.show_only(form, form.pages[-1])

        assert set(form.errors) == {"word"}
        assert [field.name for field in form] == ["word"]


class TestWhatIsHandedIn:
    def test_leaves_out_what_is_not_asked_any_more(self):
        data = told(capacity="self", paper="on", number="7", name="a", leader="a", word="b")
        kept = guide.to_hand_in(Party(on=ON), data)

        assert kept.dict() == {"capacity": "self", "name": "a", "leader": "a", "word": "b"}
        assert data["number"] == "7", "the draft itself is left alone"

    def test_goes_as_far_as_the_page_one_is_on(self):
        data = told(capacity="self", name="a", leader="a", word="b")
        kept = guide.to_hand_in(Party(on=ON), data, until=Party.pages[0])

        assert "word" not in kept
        assert kept["name"] == "a"

    def test_is_told_in_the_words_of_the_form(self):
        data = told(capacity="agent", paper="on", name="韦示例", leader="泉示例", note="一\n二")
        form = Party(data, on=ON)
        who, agent, _number, other, _last = form.pages

        assert next(iter(guide.in_words(form, who))).lines == ["Agent"]
        assert [said.lines for said in guide.in_words(form, agent)] == [["是"]]
        assert [said.lines for said in guide.in_words(form, other)] == [[], ["一", "二"]]
