"""What is asked until the application is taken up: its form, its acceptance, a refusal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.repair.states import Refusal
from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words, yes_or_no
from forms.refusals import Refusable, ground_among, reasons_told, way_back
from forms.supplements import NoticeOnce, Supplement


class Check(StepForm):
    """Asked of the counter on the day of receipt."""

    title = _("Check the form")
    why = _("the counter checks that the form is complete, never the substance")

    form_complete = yes_or_no(
        label=_("Is the application complete in form?"),
        help_text=_(
            "Yes: it goes to the finding authority today. No: the party is told what is missing."
        ),
    )
    missing = in_words(
        _("What is missing"), help_text=_("List everything; the party reads this."), required=False
    )

    def conditions(self) -> dict[str, Given]:
        """Ask what is missing only where something is."""
        return {"missing": Given("form_complete", {"False"})}

    def clean(self) -> dict[str, Any]:
        """Refuse to send a form back without saying what is missing."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("form_complete") is False and not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))
        return answers


class Completion(Supplement):
    """Asked of the party whose form was incomplete."""

    title = _("Complete the application")
    why = _("the party has to complete the form")


_ON_ACCEPTANCE = {
    "accept": _("The party gets a letter of acceptance; the time to decide starts today."),
    "supplement": _("The party gets one notice; the clocks stand still until it answers."),
    "refuse": _("Nothing is sent yet: a reviewer confirms or gives it back."),
}


class Examination(NoticeOnce, Refusable):
    """Asked of the finding authority: does it take the application up?"""

    title = _("Decide on acceptance")
    why = _("the authority that made the decision has to say whether it takes the application up")
    asks = ("examination", "supplement")
    refused = ("examination", "refuse")
    field_order = ("examination", "missing")

    examination = forms.ChoiceField(
        label=_("Result of the examination"),
        choices=[
            ("accept", _("Accept")),
            ("supplement", _("Ask once for everything that is missing")),
            ("refuse", _("Propose not to accept (a second person confirms)")),
        ],
        widget=forms.RadioSelect,
    )
    refusal_code = ground_among(Refusal.choices)
    refusal_reason = reasons_told()
    apply_again = way_back()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("examination", _ON_ACCEPTANCE)


class RefusalReview(StepForm):
    """Asked of a second person before an application is not taken up."""

    title = _("Confirm that the application is not accepted")
    why = _("a second person has to confirm that the application is not accepted")

    refusal_confirmed = forms.BooleanField(
        label=_("I have read the file and confirm that the application is not accepted"),
        help_text=_("If you do not agree, return the step: it is examined again."),
    )
