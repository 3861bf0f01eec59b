"""The questions that many steps ask in the same way."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.guide import QuestionGroup

YES_NO = [("True", _("Yes")), ("False", _("No"))]


def yes_or_no(**kwargs: Any) -> forms.TypedChoiceField:
    """Return a question to be answered by yes or no."""
    return forms.TypedChoiceField(
        choices=YES_NO, coerce=lambda said: said == "True", widget=forms.RadioSelect, **kwargs
    )


def lines(rows: int = 4) -> forms.Textarea:
    """Return the widget for an answer of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def in_words(label: Any, *, longest: int = 2000, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Return a question to be answered in one's own words, in several lines."""
    return forms.CharField(label=label, max_length=longest, widget=lines(rows), **kwargs)


def day() -> forms.DateInput:
    """Return the widget for a date."""
    return forms.DateInput(attrs={"type": "date"})


def day_come(form: StepForm, name: str) -> date:
    """Return the day by which a question was answered.

    :raises ValidationError: if it has not come yet
    """
    told: date = form.cleaned_data[name]
    if told > form.on:
        raise ValidationError(_("This day has not come yet."))
    return told


def whom_to_ask(*names: str) -> QuestionGroup:
    """Return the page that asks who speaks for the party, by these questions."""
    told = _("The office calls this person if something is unclear.")
    return QuestionGroup("contact", _("Whom we may ask"), names, told)


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
