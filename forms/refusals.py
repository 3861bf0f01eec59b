"""What a refusal has to say: its ground, its reasons, and when the party may apply again."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words

_SAID = ("refusal_code", "refusal_reason", "apply_again")


class Refusable(StepForm):
    """A step that may speak of a refusal, which must name its ground.

    ``refused`` is the question and the answer that refuses.
    """

    refused: ClassVar[tuple[str, str]]

    def conditions(self) -> dict[str, Given]:
        """Ask for ground, reasons and the way back only where the answer is a refusal."""
        name, value = self.refused
        return {**super().conditions(), **dict.fromkeys(_SAID, Given(name, {value}))}

    def clean(self) -> dict[str, Any]:
        """Ask for ground, reasons and the way back where the answer is a refusal."""
        answers: dict[str, Any] = super().clean() or {}
        name, value = self.refused
        if answers.get(name) == value:
            self._check_said(answers)
        return answers

    def _check_said(self, answers: dict[str, Any]) -> None:
        for name in _SAID:
            if not answers.get(name):
                self.add_error(name, _("A refusal needs this."))


def ground_among(grounds: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    """Return the question for the ground of a refusal, one of those the law knows."""
    return forms.ChoiceField(
        label=_("Ground of refusal"), choices=[("", "—"), *grounds], required=False
    )


def reasons_told() -> forms.CharField:
    """Return the question for the reasons of a refusal, in the words the party gets."""
    return in_words(_("Reasons, as the party will read them"), required=False)


def way_back() -> forms.CharField:
    """Return the question how the party may apply again."""
    return forms.CharField(
        label=_("When and how the party may apply again"), required=False, max_length=200
    )
