"""What a clerk notes of a visitor who comes to the counter for an organisation."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.fields import AttachmentsField


class Paper(TextChoices):
    """By which document a visitor shows who they are."""

    IDENTITY_CARD = "identity_card", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    TRAVEL_PERMIT = "travel_permit", _("Travel permit of a Hong Kong, Macao or Taiwan resident")
    RESIDENCE_PERMIT = "residence_permit", _("Permanent residence permit for foreigners")


class Capacity(TextChoices):
    """As what a visitor comes."""

    REPRESENTATIVE = "representative", _("Legal representative or person in charge")
    AGENT = "agent", _("Agent with a written authority")


class Visitor(StepForm):
    """Asked of the clerk: who hands this in, and by what right.

    Of the identity document its kind and the last four characters are kept, never the whole
    number: they are enough to tell later whether the same document was shown, and nothing more
    is needed for that (个人信息保护法 §6, as little as the purpose requires). ``needs`` says
    what has to be scanned in any case.
    """

    title = _("Visitor")
    personal = (
        "visitor_name",
        "visitor_capacity",
        "visitor_paper",
        "visitor_last_four",
        "visitor_authority",
    )

    visitor_name = forms.CharField(label=_("Name of the visitor"), max_length=60)
    visitor_paper = forms.ChoiceField(label=_("Document shown"), choices=Paper.choices)
    visitor_last_four = forms.RegexField(
        label=_("Last four characters of its number"),
        regex=r"^[0-9A-Za-z]{4}$",
        error_messages={"invalid": _("Enter exactly the last four letters or digits.")},
        widget=forms.TextInput(attrs={"maxlength": 4, "autocomplete": "off"}),
    )
    visitor_capacity = forms.ChoiceField(label=_("Comes as"), choices=Capacity.choices)
    visitor_authority = forms.CharField(
        label=_("Number of the written authority"),
        help_text=_("Of an agent; without a number of its own, the date and who signed it."),
        max_length=80,
        required=False,
    )
    visitor_papers = AttachmentsField(label=_("Scans of what was shown or signed"), required=False)

    def __init__(self, *args: Any, needs: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("An agent's written authority. Never a copy of the identity document.")
        if not self.is_bound:
            self.fields["visitor_name"].widget.attrs["autofocus"] = True
        self.fields["visitor_papers"].help_text = needs or told
        self.fields["visitor_papers"].required = bool(needs)

    def clean(self) -> dict[str, Any]:
        """Ask an agent for the authority itself."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("visitor_capacity") == Capacity.AGENT:
            if not answers.get("visitor_authority"):
                self.add_error("visitor_authority", _("An agent needs a written authority."))
            if not answers.get("visitor_papers", True):
                self.add_error("visitor_papers", _("Scan the written authority."))
        return answers
