"""What is asked about a shield in a court reorganisation, and when the plan is over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.repair.forms.asking import CONTACT, shown_again
from cases.repair.states import Refusal
from forms.base import StepForm
from forms.guide import QuestionGroup
from forms.materials import Material, MaterialList
from forms.questions import (
    contact_name,
    contact_phone,
    day,
    day_come,
    electronic_service,
    in_words,
    yes_or_no,
)
from forms.refusals import Refusable, ground_among, reasons_told, way_back

_OF_THE_COURT = (
    Material(
        "ruling",
        _("Ruling of the court"),
        _("It approves the plan and names its end."),
        required=True,
    ),
    Material(
        "plan",
        _("The plan"),
        _("What will be paid and put right, and by when."),
        required=True,
    ),
    Material(
        "manager",
        _("Decision that appoints the manager"),
        _("If the manager applies for the organisation."),
    ),
)


class ShieldApplication(StepForm):
    """Asked of the party, or of the manager who acts for it, in a court reorganisation."""

    title = _("Ask for a shield during a court reorganisation")
    personal = ("agent_name", "agent_phone", "manager")
    carried = ("agent_name", "agent_phone", "served_electronically")
    pages = (
        QuestionGroup(
            "ruling",
            _("The ruling of the court"),
            ("court", "ruling_number", "ruled_on", "proof"),
            _("The ruling that approves the plan of the reorganisation."),
        ),
        QuestionGroup(
            "plan",
            _("The plan and its manager"),
            ("plan_ends_on", "manager"),
        ),
        CONTACT,
    )

    court = forms.CharField(label=_("Court"), max_length=100)
    ruling_number = forms.CharField(label=_("Number of the ruling"), max_length=100)
    ruled_on = forms.DateField(label=_("Date of the ruling"), widget=day())
    plan_ends_on = forms.DateField(label=_("When does the plan end?"), widget=day())
    manager = forms.CharField(label=_("Manager appointed by the court"), max_length=100)
    proof = MaterialList(_OF_THE_COURT, label=_("The ruling and the plan"))
    agent_name = contact_name()
    agent_phone = contact_phone()
    served_electronically = electronic_service()

    def clean_ruled_on(self) -> Any:
        """Refuse a day that has not come."""
        return day_come(self, "ruled_on")

    def clean_plan_ends_on(self) -> Any:
        """Refuse a plan that is over: the ordinary repair is the way then."""
        if self.cleaned_data["plan_ends_on"] < self.on:
            raise ValidationError(_("The plan is over already; apply for repair."))
        return self.cleaned_data["plan_ends_on"]


class RulingCheck(StepForm):
    """Asked of the handler: is the court's ruling what it seems?"""

    title = _("Check the ruling")
    why = _("the finding authority checks the ruling with the court")

    ruling_genuine = yes_or_no(label=_("Is the ruling genuine, and does it approve the plan?"))
    ruling_note = in_words(_("How this was checked"))


class RulingDecision(Refusable):
    """Asked of a second person: is the record shielded?"""

    title = _("Decide on the shield")
    why = _("a second person of the authority decides on the shield")
    refused = ("decision", "refuse")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Shield the record")), ("refuse", _("Refuse the shield"))],
        widget=forms.RadioSelect,
    )
    decision_reason = in_words(_("Reasons of the decision"))
    refusal_code = ground_among(Refusal.choices)
    refusal_reason = reasons_told()
    apply_again = way_back()

    def clean(self) -> dict[str, Any]:
        """Refuse to rely on a ruling that was not found genuine; keep since when it is hidden."""
        answers = super().clean()
        if answers.get("decision") == "grant":
            if not self.case.ruling_genuine:
                self.add_error("decision", _("The ruling was not found genuine: refuse or return."))
            answers["hidden_on"] = self.on
        return answers


class PlanReport(StepForm):
    """Asked of the handler when the plan has been carried out or has failed."""

    title = _("Report the outcome of the plan")
    why = _("the record stays shielded until the plan is carried out or fails")

    plan_outcome = forms.ChoiceField(
        label=_("Outcome of the plan"),
        choices=[("carried_out", _("Carried out")), ("failed", _("Failed, or liquidation"))],
        widget=forms.RadioSelect,
    )
    plan_note = in_words(_("Who reported it, with which document"))


class PlanDecision(StepForm):
    """Asked of a second person: does the repair become final, or is the record shown again?"""

    title = _("Decide after the plan")
    why = _("a second person of the authority decides what becomes of the shield")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("carried_out", _("The plan was carried out: grant the repair")),
            ("failed", _("The plan failed: show the record again")),
        ],
        widget=forms.RadioSelect,
    )
    decision_reason = in_words(_("Reasons of the decision"))

    def clean(self) -> dict[str, Any]:
        """Refuse to go beyond the report; say until when a record is shown again."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") != self.case.plan_outcome:
            self.add_error("decision", _("The handler reported otherwise: return the step."))
        elif answers["decision"] == "failed":
            answers |= shown_again(self)
        return answers
