"""What several stages of an interview ask alike, and what an answer needs or leaves out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm

_NEEDED = _("This is needed here.")


def need(form: StepForm, answers: dict[str, Any], *names: str) -> None:
    """Refuse a form in which one of these is neither said nor ticked; tell it once."""
    for name in names:
        if not answers.get(name) and name not in form.errors:
            form.add_error(name, _NEEDED)


def leave(answers: dict[str, Any], *names: str) -> None:
    """Leave out answers that belong to another choice, so that they change no fact."""
    for name in names:
        answers.pop(name, None)


def hash_of_recording() -> forms.RegexField:
    """Return the question by which a recording is known again: its SHA-256."""
    return forms.RegexField(
        label=_("SHA-256 of the recording"),
        regex=r"^[0-9a-f]{64}$",
        required=False,
        error_messages={"invalid": _("A SHA-256 has 64 of the signs 0-9 and a-f.")},
    )
