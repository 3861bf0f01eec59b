"""What is asked where material was promised for later: what came, and whether in time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.asking import need
from cases.commitment.states import Fulfilment
from forms.base import StepForm
from forms.guide import Given
from forms.materials import MaterialList, listed
from forms.questions import day, in_words, yes_or_no


class MissingMaterial(StepForm):
    """Asked of the party that promised to hand material in later."""

    title = _("Hand in the missing material")
    why = _("the party has to hand in what it promised")

    gap_note = in_words(_("What do you hand in?"))
    gap_files = MaterialList((), label=_("What you hand in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promised = listed(self.case.missing_materials, required=False)
        self.fields["gap_files"].ask_for(promised)  # type: ignore[attr-defined]


class GapCheck(StepForm):
    """Asked of the acceptance officer when something has arrived."""

    title = _("Check what was handed in")
    why = _("the approving authority has to check whether the material is now complete")

    gap_closed = yes_or_no(label=_("Is everything there now?"))
    still_missing = in_words(_("What is still missing"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask what is still missing only where something is."""
        return {"still_missing": Given("gap_closed", {"False"})}

    def clean(self) -> dict[str, Any]:
        """Say what is missing, and note whether the time promised goes on."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("gap_closed") is False:
            need(self, answers, ("still_missing",), _("Say what is missing."))
        due = self.case.gap_due_on
        return {**answers, "gap_time_left": due is None or self.on <= due}


class Arrival(StepForm):
    """Asked of the handler when the time for the missing material is over."""

    title = _("See whether anything arrived in time")
    why = _("a handler has to see whether anything arrived at the counter or by post in time")

    arrived = yes_or_no(
        label=_("Did the material arrive in time after all?"),
        help_text=_("The day of arrival counts; of a letter, the day it was posted."),
    )
    arrived_on = forms.DateField(label=_("Arrived or posted on"), required=False, widget=day())
    termination_reason = in_words(
        _("Why the matter has to be ended"),
        help_text=_("Where it was looked for; whether force majeure was claimed."),
        required=False,
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the day of arrival, or why the matter has to be ended."""
        return {
            "arrived_on": Given("arrived", {"True"}),
            "termination_reason": Given("arrived", {"False"}),
        }

    def clean(self) -> dict[str, Any]:
        """Count the day of arrival, and nothing else."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("arrived") is False:
            need(self, answers, ("termination_reason",), _("A second person has to know why."))
        elif answers.get("arrived"):
            self._check_in_time(answers)
        return answers

    def _check_in_time(self, answers: dict[str, Any]) -> None:
        need(self, answers, ("arrived_on",), _("Name the day."))
        arrived, due = answers.get("arrived_on"), self.case.gap_due_on
        if arrived and due and arrived > due:
            self.add_error(
                "arrived_on", _("This day lies after the last day of the time promised.")
            )


class Termination(StepForm):
    """Asked of a second person before the matter is ended."""

    title = _("End the matter")
    why = _("a second person has to confirm that the matter is ended")

    terminated = forms.BooleanField(
        label=_("I have looked at the case: nothing arrived in time, and no extension was granted"),
        error_messages={"required": _("Confirm it, or return the step to the handler.")},
    )

    def clean(self) -> dict[str, Any]:
        """Note that the promise was not kept."""
        return {**(super().clean() or {}), "fulfilment": str(Fulfilment.NOT_FULFILLED)}
