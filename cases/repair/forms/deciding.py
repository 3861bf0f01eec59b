"""What is asked to decide on a repair: what was verified, and the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.repair.states import Refusal, Way
from forms.base import StepForm
from forms.guide import Given
from forms.questions import in_words, yes_or_no
from forms.refusals import Refusable, ground_among, reasons_told, way_back

_TWO = 2


class Verification(StepForm):
    """Asked of the handler of the finding authority."""

    title = _("Verify")
    why = _("the authority verifies that the duty is fulfilled and the breach put right")
    personal = ("officers",)

    verification_way = forms.TypedChoiceField(
        label=_("How was this verified?"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Way.FILE,
        empty_value=Way.FILE,
    )
    site = forms.CharField(
        label=_("Place seen"),
        help_text=_("Only for a verification on site."),
        required=False,
        max_length=200,
    )
    officers = in_words(
        _("Who was there for the authority"),
        longest=200,
        rows=2,
        help_text=_("On site at least two persons, one a line."),
        required=False,
    )
    duty_fulfilled = yes_or_no(label=_("Has the duty been fulfilled in full?"))
    breach_corrected = yes_or_no(label=_("Has the breach been put right?"))
    verification = in_words(
        _("What was seen"),
        help_text=_("Files read, sites looked at, facts found; with their dates."),
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the place and the two persons only where one was on site."""
        return dict.fromkeys(("site", "officers"), Given("verification_way", {Way.SITE.value}))

    def clean(self) -> dict[str, Any]:
        """Hold a verification on site to a place and two persons (casebook D10)."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("verification_way") == Way.SITE:
            if not answers.get("site"):
                self.add_error("site", _("Say which place was seen."))
            if len(str(answers.get("officers", "")).split("\n")) < _TWO:
                self.add_error("officers", _("Name the two persons who were on site."))
        return answers


_ON_DECISION = {
    "grant": _("The party gets the decision; publication has to be stopped at once."),
    "refuse": _("The party gets the decision with ground and remedies; the case is closed."),
}


class Decision(Refusable):
    """Asked of a second person, who did none of the work before."""

    title = _("Decide on the repair")
    why = _("a second person of the authority decides")
    refused = ("decision", "refuse")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the repair")), ("refuse", _("Refuse the repair"))],
        widget=forms.RadioSelect,
    )
    decision_reason = in_words(_("Reasons of the decision"))
    refusal_code = ground_among(Refusal.choices)
    refusal_reason = reasons_told()
    apply_again = way_back()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("decision", _ON_DECISION)

    def clean(self) -> dict[str, Any]:
        """Refuse to grant what the handler found unfulfilled."""
        answers = super().clean()
        found = self.case.duty_fulfilled and self.case.breach_corrected
        if answers.get("decision") == "grant" and not found:
            self.add_error(
                "decision",
                _("The handler found the duty or the correction wanting: return or refuse."),
            )
        return answers
