"""Questions that belong to one answer of another question."""

import pytest
from django import forms as django_forms

from forms.base import StepForm
from forms.guide import Given
from tests.conftest import TUESDAY
from workflows.case_type import case_types


def _forms():
    for type_ in case_types():
        nodes = [node for flow in type_.flows.values() for node in flow.instance.nodes()]
        found = [node.form for node in nodes if hasattr(node, "form")]
        found += [door.form for door in type_.doors.values() if door.form]
        yield from ((type_.label, form) for form in dict.fromkeys(found))


FORMS = [pytest.param(form, id=f"{kind}.{form.__name__}") for kind, form in _forms()]
CONDITIONED = 15  # at least so many forms have such questions


def conditions_of(form):
    return form.conditions(form.__new__(form))


class TestEveryForm:
    @pytest.mark.parametrize("form", FORMS)
    def test_asks_under_an_answer_that_can_be_given_to_a_question_before(self, form):
        names = list(dict.fromkeys([*(form.field_order or ()), *form.base_fields]))
        for name, given in conditions_of(form).items():
            choices = {str(value) for value, _label in form.base_fields[given.asked].choices}
            assert given.values <= choices
            assert names.index(given.asked) < names.index(name)

    @pytest.mark.parametrize("form", FORMS)
    def test_never_needs_what_it_may_not_ask(self, form):
        asked = [form.base_fields[name] for name in conditions_of(form)]
        assert not any(field.required for field in asked)

    def test_is_looked_at(self):
        conditioned = [form for _kind, form in _forms() if conditions_of(form)]
        assert len(conditioned) >= CONDITIONED


class Asked(StepForm):
    end = django_forms.ChoiceField(choices=[("go", "Go on"), ("stop", "Stop here")])
    why = django_forms.CharField(required=False)
    note = django_forms.CharField(required=False)

    def conditions(self):
        return {"why": Given("end", {"stop"})}


class TestAPage:
    def test_says_with_which_answer_a_question_is_asked(self):
        why = Asked(on=TUESDAY.date())["why"].as_field_group()
        assert 'data-only-if="end" data-only-values="stop"' in why
        assert "Stop here" in why

    def test_says_nothing_of_the_kind_about_others(self):
        assert "data-only-if" not in Asked(on=TUESDAY.date())["note"].as_field_group()
