"""The one kind of form every step of every case uses."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forms.fields import AttachmentsField
from forms.guide import Given, QuestionGroup
from forms.models import Attachment


class StepForm(forms.Form):
    """Ask one person for the facts one step needs.

    ``title`` names the step, ``why`` says what it waits for; ``personal`` names the answers
    that say something about a person, which enter the log as commitments only. ``pages`` says
    which questions are asked together; ``carried`` names the answers that are the same in every
    case of one person for one party. ``text`` is what has to be signed, in its ``text_version``.
    """

    title: ClassVar[str | Promise] = ""
    why: ClassVar[str | Promise] = ""
    personal: ClassVar[tuple[str, ...]] = ()
    pages: ClassVar[tuple[QuestionGroup, ...]] = ()
    carried: ClassVar[tuple[str, ...]] = ()
    text = ""
    text_version = ""
    template_name = "forms/step.html"

    def __init__(
        self,
        *args: Any,
        case: Any = None,
        by: Any = None,
        on: date,
        overdue: bool = False,
        request: dict[str, Any] | None = None,
        **kwargs: Any,
    ):
        self.case, self.by, self.on, self.request = case, by, on, request or {}
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if overdue:
            self.fields["overdue_reason"] = _explanation()
        for name in self._file_fields():
            self.fields[name].limit_to(by)  # type: ignore[attr-defined]

    def conditions(self) -> dict[str, Given]:
        """Return which questions are asked only if another was answered in a certain way.

        For the reader's eye only: what an answer needs is checked when it is handed in.
        """
        return {}

    def explain(self, name: str, told: Mapping[str, Any]) -> None:
        """Say beside each choice of a field what it will do."""
        vars(self.fields[name])["explanations"] = told

    def record_on(self, case: Any) -> None:
        """Write the cleaned answers onto the case as its facts; does not save the case."""
        for fact, value in self.cleaned_data.items():
            if fact not in self._file_fields() and hasattr(case, fact):
                setattr(case, fact, value)

    def facts(self) -> dict[str, Any]:
        """Return the answers as the log keeps them, personal ones left out."""
        return {k: _plain(v) for k, v in self.cleaned_data.items() if k not in self.personal}

    def personal_facts(self) -> dict[str, Any]:
        """Return the answers that say something about a person."""
        return {k: _plain(self.cleaned_data[k]) for k in self.personal if self.cleaned_data[k]}

    def attachments(self) -> list[Attachment]:
        """Return the files handed in with the answers."""
        return [file for name in self._file_fields() for file in self.cleaned_data[name]]

    def items(self) -> dict[int, str]:
        """Return what each of these files is for."""
        asked = [(self.fields[name], name) for name in self._file_fields()]
        return {
            file.pk: field.for_what(file)  # type: ignore[attr-defined]
            for field, name in asked
            for file in self.cleaned_data[name]
        }

    def _file_fields(self) -> list[str]:
        return [n for n, field in self.fields.items() if isinstance(field, AttachmentsField)]


def _explanation() -> forms.CharField:
    return forms.CharField(
        label=_("Why is this step late?"),
        help_text=_("The time limit has passed: an explanation is required and is recorded."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Attachment):
        told = {"id": value.pk, "sha256": value.sha256, "size": value.size}
        return {**told, "item": value.item} if value.item else told
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
