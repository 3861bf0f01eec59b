"""What is asked of the host on the appointed day: the record, an absence, another day."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.interview.forms.appointing import Appointing, appointed_day, earliest, hour
from cases.interview.forms.asking import hash_of_recording, leave, need
from cases.interview.states import Authority
from forms.base import StepForm
from forms.guide import Given
from forms.questions import day, in_words


class Meeting(Appointing):
    """Asked of the host: what became of the appointed day, and the record of the interview."""

    title = _("Hold the interview")
    why = _("the authority hears the party on the appointed day and keeps the record")
    personal = ("attendee", "others", "statement")

    outcome = forms.ChoiceField(
        label=_("What became of the appointed day?"),
        choices=[
            ("held", _("The interview was held")),
            ("absent", _("Nobody came, although the notice was served")),
            ("moved", _("Another day is needed, not because of the party")),
            ("fallen", _("The ground has fallen away")),
        ],
        widget=forms.RadioSelect,
    )
    held_on = forms.DateField(label=_("Held on"), required=False, widget=day())
    held_from = hour(_("Began at"), required=False)
    held_to = hour(_("Ended at"), required=False)
    host = forms.CharField(label=_("Host"), required=False, max_length=60)
    recorder = forms.CharField(
        label=_("Recorder"),
        help_text=_("A second person of the unit, who countersigns."),
        required=False,
        max_length=60,
    )
    others = forms.CharField(label=_("Others present"), required=False, max_length=200)
    attendee = forms.CharField(label=_("Who spoke for the party"), required=False, max_length=60)
    attendee_post = forms.CharField(label=_("Post held"), required=False, max_length=60)
    authority = forms.ChoiceField(
        label=_("By what right"),
        help_text=_("Without any of these nobody can be heard; another day is needed."),
        choices=[("", "-"), *Authority.choices],
        required=False,
    )
    authority_proof = forms.CharField(
        label=_("Letter of authority or court decision"), required=False, max_length=200
    )
    identity_checked = forms.BooleanField(label=_("The identity was checked"), required=False)
    rights_told = forms.BooleanField(
        label=_("The rights were told: to state, to give evidence, to ask for recusal"),
        required=False,
    )
    fact_put = in_words(_("Facts put to the party"), longest=4000, required=False)
    statement = in_words(
        _("Statement of the party, word for word"), longest=8000, rows=8, required=False
    )
    requirements = in_words(_("What was required"), longest=4000, required=False)
    promise = in_words(_("What the party promised"), longest=4000, required=False)
    consequences_told = forms.BooleanField(
        label=_("The consequences of not putting things right were told"), required=False
    )
    recording_consent = forms.BooleanField(
        label=_("The party consented to the recording"), required=False
    )
    recording_hash = hash_of_recording()
    absence_note = in_words(
        _("Record of the absence: how long one waited, whom one called"), required=False
    )
    no_excuse = forms.BooleanField(
        label=_("No force majeure is known, and the address of the service is the party's present"),
        required=False,
    )
    moved_because = in_words(
        _("Why another day is needed, as the party will read it"), required=False
    )
    meets_on = appointed_day(required=False)
    meets_at = hour(_("Time of day"), required=False)
    cancel_reason = in_words(
        _("Why the ground has fallen away, as the party will read it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = earliest(self.case)
        self.fields["host"].initial = self.case.host
        self.fields["held_on"].help_text = self._first_told()
        self.explain("outcome", _ON_MEETING)

    def conditions(self) -> dict[str, Given]:
        """Ask for what belongs to the outcome, and for nothing else."""
        asked = {**_OF_OUTCOME, "held": (*_OF_OUTCOME["held"], *_IF_HELD)}
        return {name: Given("outcome", {out}) for out, names in asked.items() for name in names}

    def clean(self) -> dict[str, Any]:
        """Hold the record to what its outcome needs."""
        answers: dict[str, Any] = super().clean() or {}
        outcome = answers.get("outcome", "")
        need(self, answers, *_OF_OUTCOME.get(outcome, ()))
        if outcome in _OF_OUTCOME:
            self._check(outcome, answers)
        # What belongs to another outcome must not overwrite what the case knows.
        others = {n for names in _OF_OUTCOME.values() for n in names} - {*self.personal}
        leave(answers, *others.difference(_OF_OUTCOME.get(outcome, ())))
        return answers

    def _check(self, outcome: str, answers: dict[str, Any]) -> None:
        if outcome == "moved":
            self.check_day(answers)
        if outcome in ("held", "absent") and self.first is None:
            self.add_error("outcome", _("The notice has not been served yet."))
        if outcome == "held":
            self._check_held(answers)
        if outcome == "absent":
            self._check_absent()

    def _first_told(self) -> Any:
        if self.first is None:
            return _("The notice has not been served yet.")
        return _("Not before %(day)s.") % {"day": date_format(self.first)}

    def _check_held(self, answers: dict[str, Any]) -> None:
        held_on = answers.get("held_on")
        if held_on and held_on > self.on:
            self.add_error("held_on", _("This day has not come yet."))
        if held_on and self.first and held_on < self.first:
            self.add_error("held_on", self._first_told())
        if answers.get("recorder") and answers["recorder"] == answers.get("host"):
            self.add_error("recorder", _("Host and recorder are two different persons."))
        if answers.get("authority") not in ("", Authority.LEGAL):
            need(self, answers, "authority_proof")
        if self.case.online:
            need(self, answers, "recording_consent", "recording_hash")

    def _check_absent(self) -> None:
        appointed = self.case.meets_on
        if self.on < appointed:
            self.add_error("outcome", _("The appointed day has not come yet."))
        if self.first and appointed < self.first:
            said = _("The notice was served too late for that day: not before %(day)s. Move it.")
            self.add_error("outcome", said % {"day": date_format(self.first)})


_OF_OUTCOME = {
    "held": (
        *("held_on", "held_from", "held_to", "host", "recorder", "attendee", "attendee_post"),
        *("authority", "identity_checked", "rights_told", "fact_put", "statement"),
        *("requirements", "consequences_told"),
    ),
    "absent": ("absence_note", "no_excuse"),
    "moved": ("moved_because", "meets_on", "meets_at"),
    "fallen": ("cancel_reason",),
}
_IF_HELD = ("others", "authority_proof", "promise", "recording_consent", "recording_hash")
_ON_MEETING = {
    "held": _("The recorder countersigns; then the party signs."),
    "absent": _("A second person countersigns; then a second notice or a measure is decided."),
    "moved": _("The party gets a new notice; nothing is held against it."),
    "fallen": _("The head confirms; the party is told that the interview is off."),
}


class CallingOff(StepForm):
    """Asked of the head: is the interview called off because its ground has fallen away?"""

    title = _("Confirm that the interview is called off")
    why = _("the head has to confirm that the ground of the interview has fallen away")

    called_off = forms.BooleanField(
        label=_("The ground has fallen away; call the interview off"),
        help_text=_("If not, return the step with the reason."),
    )
