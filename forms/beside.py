"""What other units are asked beside a step: their opinion, or to sign for a case."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.questions import in_words, yes_or_no

POSITIONS: dict[str, str | Promise] = {
    "agree": _("We agree"),
    "conditional": _("We agree under conditions"),
    "disagree": _("We disagree"),
    "no_objection": _("No objection"),
    "not_competent": _("This is not within our competence"),
}
_NEED_REASONS = ("conditional", "disagree", "not_competent")


class Opinion(StepForm):
    """Asked of a unit beside a step; only the staff of the case read the answer.

    It takes no files: those of a case are shown to its party.
    """

    position = forms.ChoiceField(
        label=_("What is your opinion?"),
        choices=list(POSITIONS.items()),
        widget=forms.RadioSelect,
    )
    reasons = in_words(
        _("Reasons, conditions or facts"),
        help_text=_("The staff of the case read this; its party does not."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].help_text = self.request.get("question", "")

    def clean(self) -> dict[str, Any]:
        """Refuse the opinion of the one who asked for it, and one that needs reasons without."""
        answers: dict[str, Any] = super().clean() or {}
        if self.by is not None and self.by.pk == self.request.get("asked_by"):
            self.add_error(None, _("You asked for this opinion yourself; somebody else gives it."))
        if answers.get("position") in _NEED_REASONS and not answers.get("reasons"):
            self.add_error("reasons", _("Say why; without reasons nobody can act on this."))
        return answers


class Assistance(Opinion):
    """Asked of a unit that knows something the step needs (协办)."""

    title = _("Assist another unit")
    why = _("another unit needs what this unit knows")


class Countersignature(Opinion):
    """Asked of a unit that has to agree (会签)."""

    title = _("Countersign")
    why = _("this unit has been asked to agree")


class Advice(Opinion):
    """Asked of one more person, perhaps of the same unit (加签)."""

    title = _("Give advice")
    why = _("one more opinion has been asked for before this step is done")


class SignIn(StepForm):
    """Asked of the unit to which a case is transferred (转办): take it, or give it back."""

    title = _("Sign for a transferred case")
    why = _("the unit has to take the case or give it back with its reasons")

    taken = yes_or_no(
        label=_("Does your unit take the case?"),
        help_text=_("Yes: the open steps come to your unit; their dates stay as they are."),
    )
    given_back_because = in_words(_("If not: why is your unit not competent?"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse to give a case back without saying why."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("taken") is False and not answers.get("given_back_because"):
            self.add_error("given_back_because", _("Say why your unit does not take the case."))
        return answers
