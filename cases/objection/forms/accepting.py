"""What is asked to take an objection up, or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.objection.states import Ground, State
from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words
from forms.supplements import NoticeOnce

_ON_SCREENING = {
    "accept": _("The record is marked today; the party gets the letters about both."),
    "supplement": _("The party gets one notice; the clocks stand still until it answers."),
    "refuse": _("Nothing is sent yet: a reviewer confirms or returns it."),
}


class Screening(NoticeOnce):
    """Asked of the acceptance officer of the credit office."""

    title = _("Decide on acceptance")
    why = _("the credit office has to say whether it takes the objection up")
    asks = ("screening", "supplement")

    screening = forms.ChoiceField(
        label=_("Result of the screening"),
        choices=[
            ("accept", _("Accept")),
            ("supplement", _("Ask once for everything that is missing")),
            ("refuse", _("Propose not to accept (a second person confirms)")),
        ],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Ground of non-acceptance"), choices=[("", "—"), *Ground.choices], required=False
    )
    ground_reason = in_words(_("Reasons, as the party will read them"), required=False)
    field_order = ("screening",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("screening", _ON_SCREENING)

    def conditions(self) -> dict[str, Given]:
        """Ask for the ground only where it is proposed not to accept."""
        refused = Given("screening", {"refuse"})
        return {**super().conditions(), "ground": refused, "ground_reason": refused}

    def clean(self) -> dict[str, Any]:
        """Hold a proposal not to accept to a ground that is there, and to its reasons."""
        answers = super().clean()
        if answers.get("screening") == "refuse":
            for name in ("ground", "ground_reason"):
                if not answers.get(name):
                    self.add_error(name, _("A proposal not to accept needs this."))
            self._check_decided(answers.get("ground"))
        return answers

    def _check_decided(self, ground: str | None) -> None:
        earlier = self.case.record.cases.filter(kind=self.case.kind, state=State.CLOSED)
        if ground == Ground.DECIDED and not earlier.exists():
            self.add_error("ground", _("No objection to this record has been decided."))


class RefusalReview(StepForm):
    """Asked of a second person before an objection is not taken up."""

    title = _("Confirm that the objection is not accepted")
    why = _("a second person has to confirm that the objection is not accepted")

    review_opinion = in_words(
        _("Why the proposal is right"), help_text=_("If it is not, return the step instead.")
    )
