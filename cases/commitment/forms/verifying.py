"""What is asked of the supervising department: to take over, to verify, to countersign."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.asking import need
from cases.commitment.register import VerifyMethod
from cases.commitment.states import Fulfilment, Result
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import day, day_come, in_words, yes_or_no
from workflows import policy


class SignIn(StepForm):
    """Asked of the supervising department, which takes the commitment over."""

    title = _("Take the commitment over")
    why = _("the supervising department has to take the commitment over")

    signed_in = forms.BooleanField(
        label=_("We have received the commitment and supervise it from now on"),
        error_messages={"required": _("Sign in, or transfer it to the competent department.")},
    )
    drawn = yes_or_no(
        label=_("Was this commitment drawn by lot to be verified?"),
        help_text=_("By the same lot for all, whether they committed or not."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.verify_method != VerifyMethod.SAMPLE:
            del self.fields["drawn"]

    def clean(self) -> dict[str, Any]:
        """Put it under daily supervision in any case; say how it is shared if none verifies."""
        answers: dict[str, Any] = super().clean() or {}
        none = self.case.verify_method == VerifyMethod.NONE or answers.get("drawn") is False
        said = {"fulfilment": str(Fulfilment.UNVERIFIED)} if none else {}
        return {**answers, "daily_supervision": True, **said}


METHODS = [
    ("online", _("Comparison of data")),
    ("file", _("In the files")),
    ("site", _("On site")),
    ("letter", _("By asking another authority")),
]
_AS_OTHERS = _("We ask no more than of those who did not commit (no discrimination)")


class Verification(StepForm):
    """Asked of the first of two verifiers of the supervising department."""

    title = _("Verify the commitment")
    why = _("two persons of the supervising department verify the commitment")

    method = forms.ChoiceField(label=_("How?"), choices=METHODS, widget=forms.RadioSelect)
    visited_on = forms.DateField(label=_("On which day was it verified?"), widget=day())
    place = forms.CharField(label=_("Where?"), max_length=200)
    seen = yes_or_no(
        label=_("Could you see what was promised?"),
        help_text=_("No: premises closed, nobody met. Two such visits end unverified, not false."),
    )
    result = forms.ChoiceField(
        label=_("Finding"),
        choices=[("", "—"), *(c for c in Result.choices if c[0] != Result.CLOSED)],
        required=False,
    )
    operated_early = yes_or_no(
        label=_("Did the party operate before the conditions were met?"),
        required=False,
        empty_value=None,
    )
    facts_found = in_words(_("Facts found"))
    subject_statement = in_words(
        _("What the party said"), help_text=_("Its words; or that nobody was met.")
    )
    evidence = AttachmentsField(label=_("Record and photographs"))
    as_others = forms.BooleanField(label=_AS_OTHERS)

    def clean(self) -> dict[str, Any]:
        """Keep what could not be seen apart from what is false; count the visits."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("seen") is False:
            return {**answers, **self._closed(answers)}
        need(self, answers, ("result",), _("Say what was found."))
        if answers.get("operated_early") and answers.get("result") == Result.FULFILLED:
            told = _("Whoever operated before the conditions were met has not kept the promise.")
            self.add_error("result", told)
        return {**answers, "fulfilment": self._ends_as(answers.get("result"))}

    def clean_visited_on(self) -> date:
        """Refuse a day that has not come, or that lies before the decision."""
        on = day_come(self, "visited_on")
        if self.case.committed_on and on < self.case.committed_on:
            raise ValidationError(_("This day lies before the commitment."))
        return on

    def _closed(self, answers: dict[str, Any]) -> dict[str, Any]:
        if answers.get("result"):
            self.add_error("result", _("What could not be seen is neither kept nor broken."))
        visits = self.case.closed_visits + 1
        needed = policy.edition(self.case.governed_on).number("commitment.visits")
        done = str(Fulfilment.UNVERIFIED) if visits >= needed else ""
        return {"result": str(Result.CLOSED), "closed_visits": visits, "fulfilment": done}

    def _ends_as(self, result: Any) -> str:
        """Return how the case is shared if nothing else follows."""
        return str(Fulfilment.FULFILLED) if result == Result.FULFILLED else ""


class Countersign(StepForm):
    """Asked of the second verifier, who was there."""

    title = _("Countersign the record of the verification")
    why = _("the second verifier has to confirm the record")

    took_part = forms.BooleanField(
        label=_("I took part in the verification; the record and the evidence are right"),
        error_messages={"required": _("Confirm it, or return the step to the first verifier.")},
    )
    second_note = in_words(_("Note of the second verifier"), required=False)
