"""Asking the party once for everything that is missing, and its answer (行政许可法 §32)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import lines


class NoticeOnce(StepForm):
    """An examination that may ask the party, once, for everything that is missing.

    ``asks`` is the question and the answer by which it asks. A second notice needs its reason:
    only what could not be asked for the first time may be asked for now.
    """

    asks: tuple[str, str]

    missing = forms.CharField(
        label=_("Everything that is missing"),
        help_text=_("The notice is sent once; list every item and its form, one a line."),
        required=False,
        max_length=2000,
        widget=lines(),
    )

    def clean(self) -> dict[str, Any]:
        """Hold the examiner to one complete notice."""
        answers: dict[str, Any] = super().clean() or {}
        answers["supplement_asked"] = self.case.supplement_asked
        name, value = self.asks
        if answers.get(name) == value:
            self._check_notice(name, answers)
            answers["supplement_asked"] = True
        return answers

    def _check_notice(self, name: str, answers: dict[str, Any]) -> None:
        if self.case.supplement_asked:
            self.add_error(
                name, _("The party has been asked once already; decide on what is there.")
            )
        if not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))


class Supplement(StepForm):
    """Asked of the party from which the office needs more."""

    title = _("Hand in the supplement")
    why = _("the party has to hand in what the notice lists")

    supplement_note = forms.CharField(
        label=_("What have you added or corrected?"), max_length=2000, widget=lines()
    )
    proof = AttachmentsField(label=_("Files"), required=False)
