"""The pages of a form: which questions are asked together, and which only under a condition."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Protocol, cast

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forms.fields import AttachmentsField


class Condition(Protocol):
    """A test of answers that were given on earlier pages."""

    @property
    def of(self) -> tuple[str, ...]:
        """Return the questions whose answers are tested."""

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Test the answers, by the names of their questions."""


@dataclass(frozen=True)
class Given:
    """The condition that a question was answered in one of these ways; a tick is ``True``."""

    asked: str
    values: Collection[str]

    @property
    def of(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.asked,)

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Test that one of the values was given."""
        said = answers.get(self.asked)
        given = said if isinstance(said, list) else [said]
        return any(str(one) in self.values for one in given)


@dataclass(frozen=True)
class Unlike:
    """The condition that two questions were answered differently."""

    asked: str
    other: str

    @property
    def of(self) -> tuple[str, ...]:
        """Return both questions."""
        return (self.asked, self.other)

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Test that both were answered, each in another way."""
        said = [str(answers.get(name) or "").strip() for name in self.of]
        return all(said) and said[0] != said[1]


@dataclass(frozen=True)
class QuestionGroup:
    """One page of a form.

    ``asks`` names its questions; ``done_*`` stands for all that begin so. A page with a
    condition is passed over while that does not hold; all it asks is needed when it is shown,
    but what ``may_skip`` names.
    """

    name: str
    title: Any
    asks: tuple[str, ...]
    help: Any = ""
    when: Condition | None = None
    may_skip: Collection[str] = field(default_factory=tuple)

    def has(self, question: str) -> bool:
        """Test that a question stands on this page."""
        return any(fnmatchcase(question, pattern) for pattern in self.asks)


@dataclass(frozen=True)
class Said:
    """One answer in words; ``lines`` holds several things, or the lines of a text."""

    label: Any
    lines: list[str]


def questions_of(form: forms.BaseForm, group: QuestionGroup) -> list[str]:
    """Return the questions of a page that this form has, in its order."""
    return [name for name in form.fields if group.has(name)]


def asked(form: Any, data: MultiValueDict[str, Any]) -> list[QuestionGroup]:
    """Return the pages that are to be answered; what is not asked any more decides nothing."""
    found: list[QuestionGroup] = []
    answers: dict[str, Any] = {}
    for group in form.pages:
        names = questions_of(form, group)
        if names and (group.when is None or group.when.holds(answers)):
            found.append(group)
            answers |= {name: _answer(form, name, data) for name in names}
    return found


def to_hand_in(
    form: Any, data: MultiValueDict[str, Any], *, until: QuestionGroup | None = None
) -> MultiValueDict[str, Any]:
    """Return the answers to what is still asked, or to what is asked up to a page."""
    if not form.pages:
        return data
    groups, kept = asked(form, data), data.copy()
    counted = groups[: groups.index(until) + 1] if until in groups else groups
    for name in form.fields:
        if not any(group.has(name) for group in counted):
            kept.pop(name, None)
    return kept


def first_with_errors(form: forms.BaseForm, groups: list[QuestionGroup]) -> QuestionGroup | None:
    """Return the first of the pages on which something has to be put right."""
    wrong = (group for group in groups if errors_on(form, group))
    return next(wrong, None)


def errors_on(form: forms.BaseForm, group: QuestionGroup) -> list[str]:
    """Return the questions of a page whose answers are missing or invalid."""
    return [name for name in form.errors if group.has(name)]


def show_only(form: forms.BaseForm, group: QuestionGroup) -> None:
    """Leave of a form, checked or not, what belongs to one page."""
    for name in [n for n in form.errors if n in form.fields and not group.has(n)]:
        del form.errors[name]
    form.fields = {name: form.fields[name] for name in questions_of(form, group)}
    for name, question in form.fields.items():
        if group.when is not None and name not in group.may_skip:
            question.required = True


def in_words(form: forms.BaseForm, group: QuestionGroup) -> list[Said]:
    """Return what was answered on a page of a valid form, as a reader of the form says it."""
    shown = [form[name] for name in questions_of(form, group) if not form[name].is_hidden]
    return [Said(bound.label, _words(bound)) for bound in shown]


def _answer(form: forms.BaseForm, name: str, data: MultiValueDict[str, Any]) -> Any:
    return form.fields[name].widget.value_from_datadict(data, MultiValueDict(), name)


def _words(bound: forms.BoundField) -> list[str]:
    question, given = bound.field, bound.data
    if isinstance(question, AttachmentsField):
        return [_file(file) for file in _cleaned(bound)]
    if isinstance(question, forms.BooleanField):
        return [_("Yes") if given else _("No")]
    if isinstance(question, forms.ChoiceField):
        return _chosen(question, given)
    if isinstance(question, forms.DateField):
        return [date_format(day)] if (day := _cleaned(bound)) else []
    return [line for line in str(given or "").splitlines() if line]


def _cleaned(bound: forms.BoundField) -> Any:
    kept = bound.form.cleaned_data
    return kept[bound.name] if bound.name in kept else bound.field.clean(bound.data)


def _file(file: Any) -> str:
    if not file.item:
        return str(file.name)
    return _("%(item)s: %(file)s") % {"item": _(file.item), "file": file.name}


def _chosen(question: forms.ChoiceField, given: Any) -> list[str]:
    said = given if isinstance(given, list) else [given]
    choices = cast(Iterable[tuple[Any, Any]], question.choices)
    labels = {str(value): str(label) for value, label in choices if value != ""}
    return [labels[str(one)] for one in said if str(one) in labels]
