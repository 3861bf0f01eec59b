"""What is asked where a repair may rest on something false."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.repair.forms.asking import shown_again
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import in_words, yes_or_no


class Suspicion(StepForm):
    """Asked of the authority that holds a repair to rest on something false."""

    title = _("Report that a repair rests on something false")

    allegation = in_words(_("What is false"), help_text=_("The party reads this."))
    evidence = in_words(_("What shows it"), help_text=_("The party reads this."))


class Statement(StepForm):
    """Asked of the party before anything is decided about the falsehood."""

    title = _("State your case")
    why = _("the party may state its case before anything is decided")

    statement = in_words(_("Your statement"), longest=4000, rows=8)
    proof = AttachmentsField(label=_("Files"), required=False)


class Weighing(StepForm):
    """Asked of the handler: what remains of the suspicion after the party was heard?"""

    title = _("Weigh the statement")
    why = _("the authority weighs what the party has said")

    falsehood = yes_or_no(label=_("Does the repair rest on something false?"))
    statement_weighed = in_words(
        _("Which arguments count, which do not, and why"),
        help_text=_("If the party said nothing, say so."),
    )


class FalsehoodDecision(StepForm):
    """Asked of a second person: is the repair revoked?"""

    title = _("Decide on the revocation")
    why = _("a second person of the authority decides whether the repair is revoked")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("revoke", _("Revoke the repair")), ("uphold", _("Let the repair stand"))],
        widget=forms.RadioSelect,
    )
    decision_reason = in_words(_("Reasons of the decision"))

    def clean(self) -> dict[str, Any]:
        """Refuse to revoke against the finding; say until when one is shown and barred."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") != "revoke":
            return answers
        if not self.case.falsehood:
            self.add_error("decision", _("The handler found nothing false: return the step."))
            return answers
        return {**answers, **shown_again(self), "barred_until": self.case.barred_to(self.on)}
