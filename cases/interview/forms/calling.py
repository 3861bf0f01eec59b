"""What is asked to call a party: the notice, its answer, a later day, a second call."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.interview.forms.appointing import Appointing, appointed_day, hour, period
from cases.interview.forms.asking import leave, need
from cases.interview.states import Interview
from forms.base import StepForm
from forms.guide import Given, QuestionGroup
from forms.questions import (
    contact_name,
    contact_phone,
    day,
    electronic_service,
    in_words,
    whom_to_ask,
    yes_or_no,
)
from workflows import audit, policy
from workflows.clock import due


class Call(Appointing):
    """Asked of the handler: what the notice of the interview says."""

    title = _("Call the party")
    why = _("the handler writes the notice of the interview")

    meets_on = appointed_day()
    meets_at = hour(_("Time of day"))
    place = forms.CharField(label=_("Place, or how to join online"), max_length=200)
    online = forms.BooleanField(
        label=_("Held online"),
        help_text=_("Identity is checked on screen; a recording needs the party's consent."),
        required=False,
    )
    invited = forms.CharField(
        label=_("Who has to come"),
        help_text=_("Legal representative or authorised manager; in bankruptcy the administrator."),
        max_length=200,
    )
    to_bring = in_words(_("What to bring"))
    gathering = forms.CharField(
        label=_("Joint meeting"),
        help_text=_("If several organisations are called together; each has its own case."),
        required=False,
        max_length=120,
    )
    copied_to = forms.CharField(
        label=_("Copy to"),
        help_text=_("For public bodies and state enterprises: the superior organ and the auditor."),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        """Leave the time of notice before the appointed day."""
        answers: dict[str, Any] = super().clean() or {}
        self.check_day(answers)
        return answers


class Answer(StepForm):
    """Asked of the party: will it come, or does it ask, once, for a later day?"""

    title = _("Answer the notice of the interview")
    why = _("the party may ask, once, for a later day; silence means that it will come")
    personal = ("contact_name", "contact_phone")
    carried = ("contact_name", "contact_phone", "served_electronically")
    pages = (
        QuestionGroup("reply", _("Will you come?"), ("reply",)),
        QuestionGroup(
            "later",
            _("A later day"),
            ("postpone_reason", "postpone_to"),
            _("You may ask for it once."),
            when=Given("reply", {"postpone"}),
        ),
        whom_to_ask("contact_name", "contact_phone", "served_electronically"),
    )

    reply = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("come", _("We will come")), ("postpone", _("We ask for a later day"))],
        widget=forms.RadioSelect,
    )
    postpone_reason = in_words(_("Why a later day?"), required=False)
    postpone_to = forms.DateField(label=_("Which day?"), required=False, widget=day())
    contact_name = contact_name()
    contact_phone = contact_phone()
    served_electronically = electronic_service()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postpone_to"].help_text = _latest_day_told(self.case)

    def clean(self) -> dict[str, Any]:
        """Ask for reason and day of a postponement, and keep it within its limit."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("reply") == "postpone":
            need(self, answers, "postpone_reason", "postpone_to")
            _check_postponed(self, "postpone_to", answers)
        return answers


class Postponement(StepForm):
    """Asked of the handler: is the later day granted?"""

    title = _("Answer the request for a later day")
    why = _("the handler has to answer the party's request for a later day")

    postponed = yes_or_no(
        label=_("Is a later day granted?"),
        help_text=_("No: the appointed day stays; say why."),
    )
    meets_on = appointed_day(required=False)
    meets_at = hour(_("Time of day"), required=False)
    postpone_answer = in_words(_("Reason, as the party will read it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meets_on"].initial = self.case.postpone_to
        self.fields["meets_on"].help_text = _latest_day_told(self.case)
        self.fields["meets_at"].initial = self.case.meets_at

    def conditions(self) -> dict[str, Given]:
        """Ask for the later day only where it is granted."""
        return dict.fromkeys(("meets_on", "meets_at"), Given("postponed", {"True"}))

    def clean(self) -> dict[str, Any]:
        """Keep the new day within its limit, or the old day as it is."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("postponed"):
            need(self, answers, "meets_on", "meets_at")
            _check_postponed(self, "meets_on", answers)
        else:
            leave(answers, "meets_on", "meets_at")
        return answers


class Response(Appointing):
    """Asked of the handler after the party stayed away: call it a second time?"""

    title = _("Respond to the absence")
    why = _("the handler decides whether the party is called a second time")

    response = forms.ChoiceField(
        label=_("How to go on?"),
        choices=[
            ("again", _("Call the party a second and last time")),
            ("measure", _("Propose a measure")),
        ],
        widget=forms.RadioSelect,
    )
    meets_on = appointed_day(required=False)
    meets_at = hour(_("Time of day"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for a day only where the party is called again."""
        return dict.fromkeys(("meets_on", "meets_at"), Given("response", {"again"}))

    def clean(self) -> dict[str, Any]:
        """Appoint a day for the second call, with the time of notice before it."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("response") == "again":
            need(self, answers, "meets_on", "meets_at")
            self.check_day(answers)
        else:
            leave(answers, "meets_on", "meets_at")
        return answers


def _latest(case: Interview) -> date | None:
    longest = period("interview.postpone_max", case)
    return due(audit.written(case), longest, policy.calendar()).on


def _latest_day_told(case: Interview) -> Any:
    latest = _latest(case)
    assert latest is not None
    assert case.meets_on is not None
    said = _("After %(first)s and not later than %(last)s.")
    return said % {"first": date_format(case.meets_on), "last": date_format(latest)}


def _check_postponed(form: StepForm, name: str, answers: dict[str, Any]) -> None:
    wanted, latest = answers.get(name), _latest(form.case)
    if wanted and latest and not form.case.meets_on < wanted <= latest:
        form.add_error(name, _latest_day_told(form.case))
