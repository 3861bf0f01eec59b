"""What is asked to end publication: at its source, in each place, and the measures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.questions import in_words
from records.models import Place


class Stopping(StepForm):
    """Asked of the finding authority, which stops publication at its source."""

    title = _("Stop publication at source")
    why = _("the authority has to stop showing the record on its own site")

    stopped_note = in_words(_("Where and how publication was stopped"), longest=400)

    def clean(self) -> dict[str, Any]:
        """Keep the day since which the record is not shown."""
        answers: dict[str, Any] = super().clean() or {}
        return {**answers, "hidden_on": self.case.hidden_on or self.on}


class Confirmation(StepForm):
    """Asked of the office: is the record shown nowhere any more?"""

    title = _("Confirm in each place")
    why = _("the credit office looks in each place that showed the record")

    measures = in_words(
        _("Units known to have built a measure on this record"),
        rows=3,
        help_text=_("One a line. If you name one, you are asked whether the measures are lifted."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(self.case.record.showings.filter(stopped_on=None).order_by("id"))
        for showing in self.places:
            self._ask_about(showing)

    def clean(self) -> dict[str, Any]:
        """Gather what was seen in each place."""
        answers: dict[str, Any] = super().clean() or {}
        seen = {s.place: answers.pop(f"evidence_{s.place}", "") for s in self.places}
        for showing in self.places:
            answers.pop(f"gone_{showing.place}", None)
        return {**answers, "confirmations": seen}

    def _ask_about(self, showing: Any) -> None:
        place = Place(showing.place).label
        self.fields[f"gone_{showing.place}"] = forms.BooleanField(
            label=_("%(place)s: the record is no longer shown") % {"place": place},
            error_messages={
                "required": _("The case cannot be closed while a place shows the record.")
            },
        )
        self.fields[f"evidence_{showing.place}"] = forms.CharField(
            label=_("%(place)s: what was seen, and when") % {"place": place}, max_length=400
        )


class Lifting(StepForm):
    """Asked of the office: does any measure built on the record still run?"""

    title = _("Confirm that the measures are lifted")
    why = _("the credit office asks each unit that built a measure on the record")

    measures_lifted = forms.BooleanField(
        label=_("Every unit named has lifted its measure"),
        error_messages={"required": _("The case cannot be closed while a measure runs on.")},
    )
    lifting_note = in_words(_("Which unit lifted what, and when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures_lifted"].help_text = self.case.measures
