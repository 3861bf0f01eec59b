"""What is asked to decide on the result: the party's statement, the draft, the approval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.objection.forms.values import FOUND_WRONG
from cases.objection.states import Remedy
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import in_words


class Statement(StepForm):
    """Asked of the party before a correction to its cost."""

    title = _("Give your statement")
    why = _("the party is heard before the record is corrected to its cost")

    statement = in_words(_("Your statement"), longest=4000, rows=6)
    proof = AttachmentsField(label=_("Files"), required=False)


class Draft(StepForm):
    """Asked of the handler of the credit office, who drafts the result (D18)."""

    title = _("Draft the result")
    why = _("the credit office drafts the result from the provider's reply")

    outcome_reason = in_words(
        _("Reasons of the result, as the party will read them"),
        help_text=_("Answer the party's statement too, if it gave one."),
    )
    remedy = forms.ChoiceField(
        label=_("What has to be done?"), choices=Remedy.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.conclusion in FOUND_WRONG:
            self.fields["remedy"].initial = self.case.remedy
        else:
            del self.fields["remedy"]

    def clean(self) -> dict[str, Any]:
        """Let nobody but the provider say what the right value is."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("remedy") == Remedy.CORRECT and not self.case.changes:
            self.add_error("remedy", _("The provider has given no corrected value."))
        return answers


class _Approving(StepForm):
    """A step in which a second person agrees, with reasons, or returns it."""

    approval = in_words(
        _("Opinion of the approver"), help_text=_("If you do not agree, return the step instead.")
    )


class OwnApproval(_Approving):
    """Asked of a second person before the office's own mistake is put right."""

    title = _("Approve the correction of an own mistake")
    why = _("a second person has to agree before a record is changed")


class Approval(_Approving):
    """Asked of a second person of the credit office, who decides."""

    title = _("Approve the result")
    why = _("a second person of the credit office decides on the result")
