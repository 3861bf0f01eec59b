"""What is asked when the longest period of publication is over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.repair.forms.asking import past
from forms.base import StepForm
from forms.guide import Given
from forms.questions import day, in_words


class FulfilmentCheck(StepForm):
    """Asked of the handler when the longest period is over and fulfilment is unknown."""

    title = _("Check fulfilment")
    why = _("the longest period is over; publication stops only if the duty is fulfilled")

    fulfilment = forms.ChoiceField(
        label=_("Has the duty been fulfilled?"),
        choices=[("fulfilled", _("Fulfilled in full")), ("open", _("Not, or not in full"))],
        widget=forms.RadioSelect,
    )
    fulfilled_on = forms.DateField(label=_("When was it fulfilled?"), required=False, widget=day())
    kept_basis = forms.CharField(
        label=_("Rule of the sector by which the record stays published"),
        required=False,
        max_length=200,
    )
    fulfilment_note = in_words(_("How this was checked"))

    def clean_fulfilled_on(self) -> Any:
        """Refuse a day that has not come, or that lies before the decision."""
        return past(self, "fulfilled_on") if self.cleaned_data["fulfilled_on"] else None

    def conditions(self) -> dict[str, Given]:
        """Ask for the day, or for the rule, by what was found."""
        return {
            "fulfilled_on": Given("fulfilment", {"fulfilled"}),
            "kept_basis": Given("fulfilment", {"open"}),
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the day of the fulfilment, or for the rule by which the record stays."""
        answers: dict[str, Any] = super().clean() or {}
        wanted = {"fulfilled": "fulfilled_on", "open": "kept_basis"}.get(
            answers.get("fulfilment", ""), ""
        )
        if wanted and not answers.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, _("The answer above needs this."))
        return answers


class FulfilmentDecision(StepForm):
    """Asked of a second person: does publication end, or does the record stay?"""

    title = _("Decide on the end of publication")
    why = _("a second person of the authority decides whether publication ends")

    finding_confirmed = forms.BooleanField(
        label=_("I have read the file and confirm the finding"),
        help_text=_("If you do not agree, return the step: fulfilment is checked again."),
    )
    decision_reason = in_words(_("Reasons of the decision"))
