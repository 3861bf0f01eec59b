"""What is asked when the result has been told: the fate of the mark, the end of a review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.objection.forms.values import Correcting, remedy_if_wrong
from cases.objection.states import Conclusion, Fate
from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words, yes_or_no


class Settlement(StepForm):
    """Asked of the approver when the result has to be served, or review or litigation is known."""

    title = _("Decide on the mark")
    why = _("the mark is removed once the result is served, or kept while a review is pending")

    fate = forms.ChoiceField(
        label=_("What becomes of the mark?"), choices=Fate.choices, widget=forms.RadioSelect
    )
    review_number = forms.CharField(
        label=_("Number of the review or lawsuit"), max_length=100, required=False
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the number only where the mark is kept."""
        return {"review_number": Given("fate", {Fate.KEEP.value})}

    def clean(self) -> dict[str, Any]:
        """Refuse while a letter is not served, and to keep the mark for nothing."""
        answers: dict[str, Any] = super().clean() or {}
        if self.case.services.filter(effective_on=None).exists():
            self.add_error("fate", _("The result has not been served yet."))
        answers["review_number"] = answers.get("review_number") or self.case.review_number
        if answers.get("fate") == Fate.KEEP and not answers["review_number"]:
            self.add_error("review_number", _("Give the number of the review or lawsuit."))
        return answers


class ReviewEnd(Correcting):
    """Asked of the handler of the office when the review or lawsuit has ended."""

    title = _("Note how the review or lawsuit ended")
    why = _("the mark stays until the review or lawsuit has ended")

    is_overturned = yes_or_no(
        label=_("Was the decision behind the record changed?"),
        help_text=_("Changed, revoked, found illegal or void. No: the mark is removed."),
    )
    review_note = in_words(_("How it ended: document, day, and what it says"))
    remedy = remedy_if_wrong()
    field_order = ("is_overturned", "review_note", "remedy")

    def clean(self) -> dict[str, Any]:
        """Ask for the remedy where the decision was changed."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("is_overturned"):
            answers["conclusion"] = Conclusion.WRONG.value
            self.take_remedy(answers)
        return answers
