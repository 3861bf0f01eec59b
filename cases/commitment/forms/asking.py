"""What an answer about a commitment needs beside it."""

from typing import Any

from forms.base import StepForm


def need(form: StepForm, answers: dict[str, Any], names: tuple[str, ...], told: Any) -> None:
    """Refuse a form in which one of several questions was left unanswered; a no is an answer."""
    for name in names:
        if answers.get(name) in (None, "", []):
            form.add_error(name, told)
