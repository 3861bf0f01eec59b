"""What the party is asked when it objects, the first time and again."""

from typing import Any, ClassVar

from django import forms
from django.db.models import BLANK_CHOICE_DASH
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.objection import rules
from cases.objection.forms.values import NOT_A_VALUE, fits
from cases.objection.states import Capacity, Disputed, Flaw, Request
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given, QuestionGroup
from forms.materials import Material, MaterialList
from forms.questions import contact_name, contact_phone, electronic_service, in_words, whom_to_ask

_EVIDENCE = (
    Material(
        "decision",
        _("The document the record speaks of"),
        _("The decision, permit or notice as it was served on you."),
    ),
    Material(
        "right",
        _("What shows what is right"),
        _("Receipts, extracts from the register, letters of the authority."),
    ),
    Material(
        "seen",
        _("The record as you saw it"),
        _("A picture of the page, or the page of the credit report."),
    ),
)
_CLAIM = (
    QuestionGroup(
        "matter",
        _("What is wrong"),
        ("flaw", "disputed", "wanted"),
        _("What is shown now stands beside each part of the record."),
    ),
    QuestionGroup(
        "value",
        _("What would be right"),
        ("claimed_value",),
        when=Given("wanted", {Request.CORRECT.value}),
    ),
    QuestionGroup(
        "grounds",
        _("Why it is wrong, and what shows it"),
        ("reason", "where_seen", "evidence"),
        _("Have the decision as served on you and your evidence at hand."),
    ),
)
_FILED_BY = (
    QuestionGroup(
        "standing",
        _("Who files this"),
        ("under_review", "capacity"),
        _("And whether the matter is before another body already."),
    ),
    QuestionGroup(
        "pending",
        _("The review or lawsuit that is pending"),
        ("review_number",),
        when=Given("under_review", {"True"}),
    ),
    QuestionGroup(
        "authority",
        _("The agent's authority"),
        ("authority",),
        when=Given("capacity", {Capacity.AGENT.value}),
    ),
    whom_to_ask("agent_name", "agent_phone", "agent_email", "served_electronically"),
    QuestionGroup("truth", _("Your statement that this is true"), ("truthful",)),
)


class Application(StepForm):
    """Asked of the party (D14)."""

    title = _("Object to a record")
    personal = ("agent_name", "agent_phone", "agent_email")
    carried = ("capacity", "agent_name", "agent_phone", "agent_email", "served_electronically")
    pages: ClassVar[tuple[QuestionGroup, ...]] = (*_CLAIM, *_FILED_BY)

    flaw = forms.ChoiceField(label=_("What is wrong with the record?"), choices=Flaw.choices)
    disputed = forms.ChoiceField(
        label=_("Which part do you dispute?"),
        help_text=_("What is shown now stands beside each part."),
        choices=Disputed.choices,
    )
    claimed_value = in_words(
        _("What would be right?"),
        rows=2,
        help_text=_("An amount in yuan, a day as 2026-09-30, or the text as it should read."),
        required=False,
    )
    reason = in_words(_("Why is it wrong?"))
    wanted = forms.ChoiceField(
        label=_("What do you ask for?"), choices=Request.choices, widget=forms.RadioSelect
    )
    where_seen = forms.CharField(
        label=_("Where did you see it?"),
        help_text=_("Address of the page, or number of the credit report."),
        max_length=400,
    )
    evidence = MaterialList(_EVIDENCE, label=_("Evidence"), help_text=_("At least one of these."))
    under_review = forms.BooleanField(
        label=_("An administrative review or lawsuit about this matter is pending"), required=False
    )
    review_number = forms.CharField(
        label=_("Its number"), max_length=100, required=False, help_text=_("If one is pending.")
    )
    capacity = forms.ChoiceField(
        label=_("You file as"), choices=Capacity.choices, widget=forms.RadioSelect
    )
    authority = AttachmentsField(
        label=_("Power of attorney"),
        help_text=_("An agent hands in the organisation's authority, valid today."),
        required=False,
    )
    agent_name = contact_name()
    agent_phone = contact_phone()
    agent_email = forms.EmailField(label=_("E-mail"), required=False)
    served_electronically = electronic_service()
    truthful = forms.BooleanField(
        label=_("What I state and hand in is true and complete"),
        error_messages={"required": _("An objection is taken only with this statement.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disputed"].choices = _parts_of(self.case.record)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the answers given make necessary."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("capacity") == Capacity.AGENT and not answers.get("authority"):
            self.add_error("authority", _("An agent needs the organisation's authority."))
        if answers.get("under_review") and not answers.get("review_number"):
            self.add_error("review_number", _("Give the number of the review or lawsuit."))
        if answers.get("wanted") == Request.CORRECT:
            self._check_claim(answers)
        return answers

    def _check_claim(self, answers: dict[str, Any]) -> None:
        disputed, claimed = answers.get("disputed", ""), answers.get("claimed_value", "")
        if not claimed:
            self.add_error("claimed_value", _("Say what would be right."))
        elif not fits(disputed, claimed):
            self.add_error("claimed_value", NOT_A_VALUE)


class Again(Application):
    """Asked of the party that objects once more to what has been decided."""

    title = _("Object again, with new evidence")
    pages = (
        QuestionGroup(
            "new",
            _("What is new"),
            ("new_evidence",),
            _("What was decided is looked at again only for something new."),
        ),
        *_CLAIM,
        *_FILED_BY,
    )

    new_evidence = in_words(
        _("What is new?"),
        help_text=_("Evidence that was not before us the first time, and why it was not."),
    )


def _parts_of(record: Any) -> list[tuple[str, str]]:
    # Nobody disputes by chance the part that stands first.
    return [*BLANK_CHOICE_DASH, *((part.value, _with_value(part, record)) for part in Disputed)]


def _with_value(part: Disputed, record: Any) -> str:
    value = getattr(record, part.value) if rules.is_fact(part) else None
    shown = rules.shown_value(part, value)[:80]
    named = {"part": part.label, "value": shown}
    return gettext("%(part)s (%(value)s)") % named if shown else str(part.label)
