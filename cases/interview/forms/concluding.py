"""What is asked to bring an interview to its end: a measure, its decision, the credit file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.forms.asking import need
from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words


class Measure(StepForm):
    """Asked of the handler: what is proposed to the head, and why."""

    title = _("Propose a measure")
    why = _("the handler proposes how to go on after an absence or a failure")

    measure = forms.ChoiceField(
        label=_("Measure proposed"),
        choices=[
            ("escalate", _("A warning interview")),
            ("transfer", _("Hand the matter over to the competent unit")),
        ],
        widget=forms.RadioSelect,
    )
    handed_to = forms.CharField(label=_("Competent unit"), required=False, max_length=120)
    measure_reason = in_words(_("Reasons, as the party will read them"))

    def conditions(self) -> dict[str, Given]:
        """Ask for the competent unit only where the matter is handed over."""
        return {"handed_to": Given("measure", {"transfer"})}

    def clean(self) -> dict[str, Any]:
        """Refuse a warning after a warning, and a transfer to nobody."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("measure") == "transfer":
            need(self, answers, "handed_to")
        elif rules.is_warning(self.case):
            self.add_error("measure", _("After a warning interview the matter is handed over."))
        return answers


class Settlement(StepForm):
    """Asked of the head: the decision on the measure that the handler proposed."""

    title = _("Decide on the measure")
    why = _("the head has to decide on the measure that was proposed")

    settlement = in_words(
        _("Reasons of the decision"),
        help_text=_("This decides as proposed; to decide otherwise, return the step."),
    )


class Sharing(StepForm):
    """Asked of the credit office: the interview and its result enter the credit file."""

    title = _("Share the record of the interview")
    why = _("the credit office enters the interview and its result in the credit file")

    shared_number = forms.CharField(label=_("Number in the credit file"), max_length=80)
    not_published = forms.BooleanField(
        label=_("It is in the credit file only; no site and no press shows it")
    )

    def clean(self) -> dict[str, Any]:
        """Keep what was shared, word for word."""
        answers: dict[str, Any] = super().clean() or {}
        return {**answers, "shared": rules.content_of(self.case)}
