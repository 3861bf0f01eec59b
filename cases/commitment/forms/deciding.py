"""What is asked to decide: at once on the day of the commitment, or after a review."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.commitment.states import Refusal
from forms.base import StepForm
from forms.questions import day, in_words
from forms.refusals import Refusable, ground_among, reasons_told, way_back

_ON_INSTANT = {
    "grant": _("The party gets the decision at once; it is published and verified afterwards."),
    "review": _("No decision yet: a handler reviews, and two persons decide."),
}


class InstantDecision(StepForm):
    """Asked of the approver on the day of the commitment."""

    title = _("Decide on the commitment")
    why = _("the approver decides on the day of the commitment")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the application")), ("review", _("Have it reviewed first"))],
        widget=forms.RadioSelect,
    )
    decision_reason = in_words(_("Reasons of the decision"))
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("decision", _ON_INSTANT)

    def clean(self) -> dict[str, Any]:
        """Refuse to grant at once where the seal was used by another organisation."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") == "grant" and self.case.seal_seen_in:
            told = _("The same seal page was handed in by others: %(cases)s. Have it reviewed.")
            named = {"cases": ", ".join(self.case.seal_seen_in)}
            self.add_error("decision", ValidationError(told, params=named))
        return answers


_PROPOSALS = [("grant", _("Grant the application")), ("refuse", _("Refuse the application"))]


class Review(Refusable):
    """Asked of the handler who reviews the complete application."""

    title = _("Review the application")
    why = _("a handler of the approving authority reviews the application")
    refused = ("proposal", "refuse")
    field_order = ("proposal",)

    refusal_code = ground_among(Refusal.choices)
    refusal_reason = reasons_told()
    apply_again = way_back()
    proposal = forms.ChoiceField(
        label=_("Proposed decision"), choices=_PROPOSALS, widget=forms.RadioSelect
    )


class ReviewDecision(StepForm):
    """Asked of the approver, who did none of the review."""

    title = _("Decide on the application")
    why = _("the approver decides on the proposal")

    decision = forms.ChoiceField(label=_("Decision"), choices=_PROPOSALS, widget=forms.RadioSelect)
    decision_reason = in_words(_("Reasons of the decision"))
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=day())

    def clean(self) -> dict[str, Any]:
        """Let a decision follow its proposal: two persons stand behind it, or it is returned."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") not in (None, self.case.proposal):
            self.add_error("decision", _("The handler proposed otherwise: return it to be redone."))
        return answers
