"""The questions that many steps ask in the same way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YES_NO = [("True", _("Yes")), ("False", _("No"))]


def yes_or_no(**kwargs: Any) -> forms.TypedChoiceField:
    """Return a question to be answered by yes or no."""
    return forms.TypedChoiceField(
        choices=YES_NO, coerce=lambda said: said == "True", widget=forms.RadioSelect, **kwargs
    )


def lines(rows: int = 4) -> forms.Textarea:
    """Return the widget for an answer of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    """Return the widget for a date."""
    return forms.DateInput(attrs={"type": "date"})


def contact_name() -> forms.CharField:
    """Return the question for the person who acts for the party."""
    return forms.CharField(label=_("Contact person"), max_length=60)


def contact_phone() -> forms.RegexField:
    """Return the question for that person's telephone number."""
    return forms.RegexField(
        label=_("Contact telephone"),
        regex=r"^[0-9+()\- ]{6,30}$",
        error_messages={"invalid": _("Enter a telephone number: digits, spaces, + and - only.")},
    )


def electronic_service() -> forms.BooleanField:
    """Return the question whether letters may be served in the applicant's account."""
    return forms.BooleanField(
        label=_("Letters may be served electronically, in this account"),
        help_text=_("A letter then counts as served on the day it arrives here."),
        required=False,
    )
