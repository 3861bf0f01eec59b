"""What makes the record of an interview whole: the recorder's and the party's signatures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.interview.forms.asking import hash_of_recording, need
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given
from forms.questions import in_words


class Countersignature(StepForm):
    """Asked of the recorder: does the record say what happened?"""

    title = _("Countersign the record")
    why = _("the recorder, a second person of the unit, has to countersign the record")

    true_record = forms.BooleanField(
        label=_("I was there; the record says what happened"),
        help_text=_("If not, return the step with the reason."),
    )


class Signing(StepForm):
    """Asked of the host: did the party sign the record?"""

    title = _("Have the record signed")
    why = _("the party reads the record and signs it, or refuses to")
    personal = ("first_witness", "second_witness")

    signature = forms.ChoiceField(
        label=_("The record was"),
        choices=[("signed", _("Read and signed, page by page")), ("refused", _("Not signed"))],
        widget=forms.RadioSelect,
    )
    refusal_note = in_words(_("What the party said about not signing"), required=False)
    first_witness = forms.CharField(label=_("First witness"), required=False, max_length=60)
    second_witness = forms.CharField(label=_("Second witness"), required=False, max_length=60)
    recording_hash = hash_of_recording()
    signed_record = AttachmentsField(label=_("Scan of the record"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for the note and the witnesses only where the party did not sign."""
        names = ("refusal_note", "first_witness", "second_witness", "recording_hash")
        return dict.fromkeys(names, Given("signature", {"refused"}))

    def clean(self) -> dict[str, Any]:
        """Ask, where the party did not sign, for a note and for two witnesses or a recording."""
        answers: dict[str, Any] = super().clean() or {}
        answers["recording_hash"] = answers.get("recording_hash") or self.case.recording_hash
        if answers.get("signature") == "refused":
            need(self, answers, "refusal_note")
            self._check_witnessed(answers)
        return answers

    def _check_witnessed(self, answers: dict[str, Any]) -> None:
        witnesses = {answers.get("first_witness"), answers.get("second_witness")} - {"", None}
        if len(witnesses) < 2 and not answers["recording_hash"]:
            told = _("A refusal takes two different witnesses or the hash of a recording.")
            self.add_error("first_witness", told)
