"""What each person is asked in a repair."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.repair.states import Refusal
from forms.base import StepForm
from forms.commitments import text_to_sign
from forms.fields import AttachmentsField, SignedTextField
from records.models import Place

_YES_NO = [("True", _("Yes")), ("False", _("No"))]
_COMMITMENT = Path(__file__).parent / "letters" / "commitment.txt"
_DATE = forms.DateInput(attrs={"type": "date"})


def _lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 4})


def _yes_or_no(**kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=_YES_NO, coerce=lambda said: said == "True", widget=forms.RadioSelect, **kwargs
    )


class Application(StepForm):
    """Asked of the party."""

    title = _("Apply for credit repair")
    personal = ("agent_name", "agent_phone", "signer")

    fulfilled_on = forms.DateField(
        label=_("When was the penalty fulfilled?"),
        help_text=_("The day the fine was paid or the duty was done in full."),
        widget=_DATE,
    )
    receipt_number = forms.CharField(
        label=_("Payment receipt number"), max_length=80, required=False
    )
    correction = forms.CharField(
        label=_("How was the breach put right?"), max_length=2000, widget=_lines()
    )
    proof = AttachmentsField(
        label=_("Proof of fulfilment"),
        help_text=_("Payment receipt, acceptance report or the like. PDF, JPG or PNG."),
    )
    under_review = forms.BooleanField(
        label=_("An administrative review or lawsuit about this decision is pending"),
        help_text=_("This does not stop the repair; the authority needs to know."),
        required=False,
    )
    agent_name = forms.CharField(label=_("Contact person"), max_length=60)
    agent_phone = forms.RegexField(
        label=_("Contact telephone"),
        regex=r"^[0-9+()\- ]{6,30}$",
        error_messages={"invalid": _("Enter a telephone number: digits, spaces, + and - only.")},
    )
    signer = forms.CharField(label=_("Name of the legal representative who signs"), max_length=60)
    agreed = forms.BooleanField(
        label=_("I have read the commitment above and sign it for the organisation"),
        error_messages={"required": _("The commitment must be signed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record = self.case
        self.text, shown = text_to_sign(_COMMITMENT, record=record, party=record.subject)
        self.fields["commitment"] = SignedTextField(shown=shown, label=_("Commitment"))

    def clean_fulfilled_on(self) -> Any:
        """Refuse a day that has not come, or that lies before the decision."""
        day = self.cleaned_data["fulfilled_on"]
        if day > self.on:
            raise ValidationError(_("This day has not come yet."))
        if day < self.case.decided_on:
            raise ValidationError(_("This day lies before the day of the decision."))
        return day


class Check(StepForm):
    """Asked of the counter on the day of receipt."""

    title = _("Check the form")
    why = _("the counter checks that the form is complete, never the substance")

    form_complete = _yes_or_no(
        label=_("Is the application complete in form?"),
        help_text=_(
            "Yes: it goes to the finding authority today. No: the party is told what is missing."
        ),
    )
    missing = forms.CharField(
        label=_("What is missing"),
        help_text=_("List everything; the party reads this."),
        required=False,
        max_length=2000,
        widget=_lines(),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to send a form back without saying what is missing."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("form_complete") is False and not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))
        return answers


class Completion(StepForm):
    """Asked of the party whose form was incomplete."""

    title = _("Complete the application")
    why = _("the party has to complete the form")

    supplement_note = forms.CharField(
        label=_("What have you added or corrected?"), max_length=2000, widget=_lines()
    )
    proof = AttachmentsField(label=_("Files"), required=False)


class Supplement(Completion):
    """Asked of the party from which the authority needs more."""

    title = _("Hand in the supplement")
    why = _("the party has to hand in what the notice lists")


class _Refusable(StepForm):
    """A step that may end in a refusal, which must name its ground."""

    refused: tuple[str, str]

    def clean(self) -> dict[str, Any]:
        """Ask for ground, reasons and the way back where the answer is a refusal."""
        answers: dict[str, Any] = super().clean() or {}
        name, value = self.refused
        if answers.get(name) == value:
            for field in ("refusal_code", "refusal_reason", "apply_again"):
                if not answers.get(field):
                    self.add_error(field, _("A refusal needs this."))
        return answers


def _ground() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ground of refusal"), choices=[("", "—"), *Refusal.choices], required=False
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reasons, as the party will read them"),
        required=False,
        max_length=2000,
        widget=_lines(),
    )


def _again() -> forms.CharField:
    return forms.CharField(
        label=_("When and how the party may apply again"), required=False, max_length=200
    )


_ON_ACCEPTANCE = {
    "accept": _("The party gets a letter of acceptance; the time to decide starts today."),
    "supplement": _("The party gets one notice; the clocks stand still until it answers."),
    "refuse": _("Nothing is sent yet: a reviewer confirms or gives it back."),
}
_ON_DECISION = {
    "grant": _("The party gets the decision; publication has to be stopped at once."),
    "refuse": _("The party gets the decision with ground and remedies; the case is closed."),
    "return": _("The handler verifies again; the date stays as it is."),
}


class Examination(_Refusable):
    """Asked of the finding authority: does it take the application up?"""

    title = _("Decide on acceptance")
    why = _("the authority that made the decision has to say whether it takes the application up")
    refused = ("examination", "refuse")

    examination = forms.ChoiceField(
        label=_("Result of the examination"),
        choices=[
            ("accept", _("Accept")),
            ("supplement", _("Ask once for everything that is missing")),
            ("refuse", _("Propose not to accept (a second person confirms)")),
        ],
        widget=forms.RadioSelect,
    )
    missing = forms.CharField(
        label=_("Everything that is missing"),
        help_text=_("The notice is sent once; list every item and its form."),
        required=False,
        max_length=2000,
        widget=_lines(),
    )
    refusal_code = _ground()
    refusal_reason = _reason()
    apply_again = _again()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("examination", _ON_ACCEPTANCE)

    def clean(self) -> dict[str, Any]:
        """Hold the examiner to one complete notice (行政许可法 §32)."""
        answers = super().clean()
        answers["supplement_asked"] = self.case.supplement_asked
        if answers.get("examination") == "supplement":
            self._check_notice(answers)
            answers["supplement_asked"] = True
        return answers

    def _check_notice(self, answers: dict[str, Any]) -> None:
        if self.case.supplement_asked:
            self.add_error(
                "examination", _("The party has been asked once already; decide on what is there.")
            )
        if not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))


class RefusalReview(StepForm):
    """Asked of a second person before an application is not taken up."""

    title = _("Confirm that the application is not accepted")
    why = _("a second person has to confirm that the application is not accepted")

    refusal_confirmed = _yes_or_no(
        label=_("Do you confirm the proposal not to accept?"),
        help_text=_("No: it goes back to be examined again."),
    )


class Verification(StepForm):
    """Asked of the handler of the finding authority."""

    title = _("Verify")
    why = _("the authority verifies that the duty is fulfilled and the breach put right")

    duty_fulfilled = _yes_or_no(label=_("Has the duty been fulfilled in full?"))
    breach_corrected = _yes_or_no(label=_("Has the breach been put right?"))
    verification = forms.CharField(
        label=_("How this was verified"),
        help_text=_("File, online or on site; what was seen."),
        max_length=2000,
        widget=_lines(),
    )


class Decision(_Refusable):
    """Asked of a second person, who did none of the work before."""

    title = _("Decide on the repair")
    why = _("a second person of the authority decides")
    refused = ("decision", "refuse")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("grant", _("Grant the repair")),
            ("refuse", _("Refuse the repair")),
            ("return", _("Return to the handler to be verified again")),
        ],
        widget=forms.RadioSelect,
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=_lines()
    )
    refusal_code = _ground()
    refusal_reason = _reason()
    apply_again = _again()

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


class Stopping(StepForm):
    """Asked of the finding authority, which stops publication at its source."""

    title = _("Stop publication at source")
    why = _("the authority has to stop showing the record on its own site")

    stopped_note = forms.CharField(
        label=_("Where and how publication was stopped"), max_length=400, widget=_lines()
    )


class Confirmation(StepForm):
    """Asked of the office: is the record shown nowhere any more?"""

    title = _("Confirm in each place")
    why = _("the credit office looks in each place that showed the record")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(self.case.record.showings.filter(stopped_on=None).order_by("id"))
        for showing in self.places:
            self._ask_about(showing)

    def clean(self) -> dict[str, Any]:
        """Gather what was seen in each place."""
        answers: dict[str, Any] = super().clean() or {}
        seen = {s.place: answers.pop(f"evidence_{s.place}", "") for s in self.places}
        for showing in self.places:
            answers.pop(f"gone_{showing.place}", None)
        return {**answers, "confirmations": seen}

    def _ask_about(self, showing: Any) -> None:
        place = Place(showing.place).label
        self.fields[f"gone_{showing.place}"] = forms.BooleanField(
            label=_("%(place)s: the record is no longer shown") % {"place": place},
            error_messages={
                "required": _("The case cannot be closed while a place shows the record.")
            },
        )
        self.fields[f"evidence_{showing.place}"] = forms.CharField(
            label=_("%(place)s: what was seen, and when") % {"place": place}, max_length=400
        )
