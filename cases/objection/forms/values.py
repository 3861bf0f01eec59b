"""The value that a disputed part of a record should have."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.objection import rules
from cases.objection.states import Conclusion, Remedy
from forms.base import StepForm
from forms.questions import in_words

FOUND_WRONG = (Conclusion.WRONG, Conclusion.PARTLY_WRONG)
NOT_A_VALUE = _("This is no value of the disputed part.")


def fits(disputed: str, said: str) -> bool:
    """Test that what was said is a value of the disputed part."""
    try:
        rules.value_of(disputed, said)
    except rules.NotAValue:
        return False
    return True


def remedy_if_wrong() -> forms.ChoiceField:
    """Return the question what has to be done; where nothing is wrong it is left open."""
    return forms.ChoiceField(
        label=_("What has to be done?"), choices=[("", "—"), *Remedy.choices], required=False
    )


class Correcting(StepForm):
    """A step that may name the value a disputed fact should have."""

    corrected_value = in_words(
        _("Corrected value of the disputed part"),
        rows=2,
        help_text=_("An amount in yuan, a day as 2026-09-30, or the text as it should read."),
        required=False,
    )
    makes_worse = forms.BooleanField(
        label=_("The correction is to the party's cost"),
        help_text=_("The party is then heard before anything is corrected."),
        required=False,
    )

    def take_correction(self, answers: dict[str, Any]) -> None:
        """Turn what was written into a change of the record; money tells itself if it is worse."""
        disputed, said = self.case.disputed, answers.get("corrected_value", "")
        answers["changes"] = {}
        if not said:
            self.add_error("corrected_value", _("Give the corrected value."))
        elif not rules.is_fact(disputed) or not fits(disputed, said):
            self.add_error("corrected_value", NOT_A_VALUE)
        else:
            self._change(answers, disputed, rules.value_of(disputed, said))

    def take_remedy(self, answers: dict[str, Any]) -> None:
        """Ask what has to be done, and for the value where it is to correct the record."""
        if not answers.get("remedy"):
            self.add_error("remedy", _("Say what has to be done."))
        if answers.get("remedy") != Remedy.CORRECT:
            answers |= {"corrected_value": "", "changes": {}}
        else:
            self.take_correction(answers)

    def _change(self, answers: dict[str, Any], disputed: str, value: Any) -> None:
        answers["changes"] = {disputed: value}
        higher = rules.is_higher(disputed, value, getattr(self.case.record, disputed))
        answers["makes_worse"] = higher or answers.get("makes_worse", False)
