"""What a person who serves a letter on the party is asked (casebook §2.5)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import day, in_words

METHODS = [
    ("direct", _("Handed over, receipt signed")),
    ("electronic", _("Electronically, in the party's account")),
    ("post", _("By post, receipt returned")),
    ("left", _("Left behind, with two witnesses or a recording")),
    ("entrusted", _("Through another organ")),
    ("announced", _("By public announcement")),
]


class ServiceReturn(StepForm):
    """Asked of the unit whose letter has to reach the party."""

    title = _("Serve a letter")
    why = _("the letter has to be served before its time limits run")

    method = forms.ChoiceField(
        label=_("How was the letter served?"), choices=METHODS, widget=forms.RadioSelect
    )
    served_on = forms.DateField(
        label=_("On which day?"),
        help_text=_(
            "The day of the signature or of the receipt; of an announcement, the day it appeared."
        ),
        widget=day(),
    )
    proof = in_words(
        _("Proof"),
        longest=400,
        rows=2,
        help_text=_("Receipt, tracking number, names of the witnesses, or place of publication."),
    )
    service_papers = AttachmentsField(label=_("Receipt of service"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        if not self.case.served_electronically:  # it takes the party's consent (民诉法 §90)
            method.choices = [choice for choice in METHODS if choice[0] != "electronic"]

    def clean_served_on(self) -> Any:
        """Refuse a day that has not come."""
        served_on = self.cleaned_data["served_on"]
        if served_on > self.on:
            raise ValidationError(_("This day has not come yet."))
        return served_on
