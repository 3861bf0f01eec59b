"""What is asked before a decision is revoked: notice, statement, legal review, decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.asking import need
from cases.commitment.states import BROKEN, Fulfilment, Result
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given
from forms.questions import in_words, yes_or_no


class PriorNotice(StepForm):
    """Asked of the handler of the authority that may revoke its decision."""

    title = _("Prepare the prior notice")
    why = _("the party has to be told before a revocation is decided")

    notice_facts = in_words(_("Facts and evidence"))
    notice_basis = forms.CharField(label=_("Legal basis of a revocation"), max_length=200)


class Statement(StepForm):
    """Asked of the party before a revocation is decided."""

    title = _("State your case")
    why = _("the party may be heard before a revocation is decided")

    statement = in_words(_("Your statement and defence"))
    statement_files = AttachmentsField(label=_("Evidence"), required=False)


class LegalReview(StepForm):
    """Asked of the reviewer who examines the case in law."""

    title = _("Examine the revocation in law")
    why = _("the legal review comes before the decision")

    statement_weighed = in_words(
        _("What the party said, and why it is followed or not"),
        help_text=_("If it said nothing, say so; silence admits nothing."),
    )
    legal_opinion = in_words(_("Legal opinion"))


class RevocationDecision(StepForm):
    """Asked of the approver, who handled nothing of the case."""

    title = _("Decide whether the decision is revoked")
    why = _("the approver decides whether the decision is revoked")

    revocation = forms.ChoiceField(
        label=_("Decision"),
        choices=[("revoke", _("Revoke the decision")), ("keep", _("Keep the decision"))],
        widget=forms.RadioSelect,
    )
    finding_upheld = yes_or_no(
        label=_("Does the finding of the verification stand?"),
        help_text=_("If the decision is kept: no means that the promise counts as kept."),
        required=False,
        empty_value=None,
    )
    revocation_reason = in_words(_("Reasons of the decision"))

    def conditions(self) -> dict[str, Given]:
        """Ask whether the finding stands only where the decision is kept."""
        return {"finding_upheld": Given("revocation", {"keep"})}

    def clean(self) -> dict[str, Any]:
        """Say how the promise ends; what is revoked was not kept."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("revocation") == "keep":
            need(self, answers, ("finding_upheld",), _("Say whether the finding stands."))
        upheld = answers.get("revocation") == "revoke" or answers.get("finding_upheld")
        return {**answers, "fulfilment": str(self._found() if upheld else Fulfilment.FULFILLED)}

    def _found(self) -> Fulfilment:
        return BROKEN[0] if self.case.result == Result.FALSE else BROKEN[1]
