"""What is asked to put a record right: at its source, and in every copy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.objection.states import Finding, Remedy
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import day, day_come, in_words
from records.models import Place


class SourceCorrection(StepForm):
    """Asked of the provider, which corrects its own system first."""

    title = _("Correct at source")
    why = _("the provider has to correct the record in its own system first")

    corrected_on = forms.DateField(label=_("Corrected on"), widget=day())
    source_note = in_words(_("What was corrected, and in which systems"))
    proof = AttachmentsField(
        label=_("Evidence"), help_text=_("Such as a picture of the corrected entry.")
    )

    def clean_corrected_on(self) -> Any:
        """Refuse a day that has not come."""
        return day_come(self, "corrected_on")


_GONE = _("%(place)s: the record is no longer shown")
_RIGHT = _("%(place)s: the corrected record is shown, or none")


class Copies(StepForm):
    """Asked of the office: what does every place show, and who was told?"""

    title = _("Confirm every copy")
    why = _("the credit office looks at every copy of the record and tells its users")

    users_told = in_words(
        _("Users of the record, and how they were told"),
        help_text=_("Everybody who queried or used the record; 'none' if nobody did."),
    )
    effects_removed = in_words(
        _("Adverse effects removed"),
        help_text=_("Measures built on the record, scores, reports; 'none' if there were none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = _places_of(self.case)
        for name, called in self.places.items():
            self._ask_about(name, called)

    def clean(self) -> dict[str, Any]:
        """Gather what was seen in each place."""
        answers: dict[str, Any] = super().clean() or {}
        seen = {name: answers.pop(f"evidence_{name}", "") for name in self.places}
        for name in self.places:
            answers.pop(f"checked_{name}", None)
        return {**answers, "copies": seen}

    def _ask_about(self, name: str, called: Any) -> None:
        gone = self.case.remedy in (Remedy.REMOVE, Remedy.STOP)
        asked = _GONE if gone else _RIGHT
        self.fields[f"checked_{name}"] = forms.BooleanField(
            label=asked % {"place": called},
            error_messages={"required": _("No result is final while a copy is still wrong.")},
        )
        self.fields[f"evidence_{name}"] = forms.CharField(
            label=_("%(place)s: what was seen, and when") % {"place": called}, max_length=400
        )


def _places_of(case: Any) -> dict[str, Any]:
    open_places = case.record.showings.filter(stopped_on=None).order_by("id")
    places = {showing.place: Place(showing.place).label for showing in open_places}
    return {**places, "site": case.where_seen} if case.finding == Finding.SITE else places
