"""What is asked to find the truth: of the office that compares, of the provider that verifies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.objection import rules
from cases.objection.forms.values import FOUND_WRONG, Correcting, remedy_if_wrong
from cases.objection.states import Conclusion, Finding
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import in_words

_ON_COMPARISON = {
    Finding.SAME.value: _("The provider is asked."),
    Finding.OURS.value: _("An approver agrees; then the platform is put right at once."),
    Finding.SITE.value: _("An approver agrees; then the site is told to follow the platform."),
}


class Comparison(Correcting):
    """Asked of the handler of the credit office: is the mistake our own?"""

    title = _("Compare with the source message")
    why = _("the credit office compares what is shown with what the provider reported")

    finding = forms.ChoiceField(
        label=_("What does the comparison show?"),
        choices=Finding.choices,
        widget=forms.RadioSelect,
    )
    compared = in_words(_("What was compared, and what was seen"))
    field_order = ("finding", "compared")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("finding", _ON_COMPARISON)

    def clean(self) -> dict[str, Any]:
        """Ask for the right value where the mistake is our own."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("finding") == Finding.OURS:
            self.take_correction(answers)
        else:
            answers |= {"corrected_value": "", "makes_worse": False, "changes": {}}
        return answers


class Signing(StepForm):
    """Asked of the provider on receipt of the inquiry (D16)."""

    title = _("Sign for the inquiry")
    why = _("the provider of the record has to sign for the inquiry")
    personal = ("signed_for",)

    signed_for = forms.CharField(label=_("Section and person in charge"), max_length=200)


class Verification(Correcting):
    """Asked of the handler of the provider (D17)."""

    title = _("Verify the disputed record")
    why = _("the provider of the record verifies it against its own files")

    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect
    )
    verification = in_words(
        _("What was verified, and why this is the conclusion"),
        help_text=_("Name the files and what they say; that it is true is not enough."),
    )
    remedy = remedy_if_wrong()
    proof = AttachmentsField(
        label=_("Evidence"),
        help_text=_("Needed for every conclusion but that nothing can be verified."),
        required=False,
    )
    field_order = ("conclusion", "verification", "remedy")

    def clean_verification(self) -> str:
        """Refuse a bare "it is true"."""
        said: str = self.cleaned_data["verification"]
        if rules.is_bare(said):
            raise ValidationError(_("Give reasons: a bare confirmation is no verification."))
        return said

    def clean(self) -> dict[str, Any]:
        """Ask for evidence, and for the remedy where the record is wrong."""
        answers: dict[str, Any] = super().clean() or {}
        conclusion = answers.get("conclusion")
        if conclusion != Conclusion.CANNOT_VERIFY and not answers.get("proof"):
            self.add_error("proof", _("Hand in the evidence, also where the record is right."))
        if conclusion in FOUND_WRONG:
            self.take_remedy(answers)
        else:
            answers |= {"remedy": "", "corrected_value": "", "makes_worse": False, "changes": {}}
        return answers


class Signature(StepForm):
    """Asked of a second person of the provider, who signs its reply."""

    title = _("Sign the reply")
    why = _("a second person of the provider signs the reply")

    reply_number = forms.CharField(
        label=_("Number of the reply"),
        help_text=_("If it is not right, return the step instead."),
        max_length=100,
    )
