"""What is asked about what has to be put right: the points, and the party's report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.interview.forms.asking import need
from cases.interview.forms.points import PointByPoint, said_of
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given, QuestionGroup
from forms.questions import in_words, yes_or_no

_BARS = ("|", "\uff5c")


class Instruction(StepForm):
    """Asked of the handler: what has to be put right, and how it is proven."""

    title = _("Settle what has to be put right")
    why = _("the authority settles what the party has to put right")

    requirement = forms.ChoiceField(
        label=_("Is there something to put right?"),
        choices=[
            ("order", _("Yes: order it, point by point")),
            ("none", _("No: the reminder was enough")),
        ],
        widget=forms.RadioSelect,
    )
    points = in_words(
        _("Points"),
        longest=4000,
        rows=6,
        help_text=_("One a line: what is required, so that it can be measured | how it is proven"),
        required=False,
    )
    no_order_reason = in_words(_("Why nothing has to be put right"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for the points of an order, or for the reason of none."""
        return {
            "points": Given("requirement", {"order"}),
            "no_order_reason": Given("requirement", {"none"}),
        }

    def clean_points(self) -> list[dict[str, Any]]:
        """Read the points, each with its proof."""
        said = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        return [_point(n, line) for n, line in enumerate(filter(None, said), start=1)]

    def clean(self) -> dict[str, Any]:
        """Ask for the points of an order, or for the reason of none."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("requirement") == "order":
            need(self, answers, "points")
        elif answers.get("requirement") == "none":
            need(self, answers, "no_order_reason")
            answers["points"] = []
        return answers


class Report(PointByPoint):
    """Asked of the party: what was done about each point, and how it is proven."""

    title = _("Report on what was put right")
    why = _("the party has to put the points right and to report on each of them")
    pages = (
        QuestionGroup(
            "points",
            _("What was done about each point"),
            ("done_*", "how_*"),
            _("Answer point by point; what is not done yet is said too."),
        ),
        QuestionGroup("proof", _("Proof, and anything else"), ("report_note", "report_files")),
    )

    report_note = in_words(_("Anything else"), required=False)
    report_files = AttachmentsField(label=_("Proof of the points"), required=False)

    def clean(self) -> dict[str, Any]:
        """Gather what was said of each point."""
        answers: dict[str, Any] = super().clean() or {}
        answers["report"] = [
            {
                "number": point["number"],
                "done": answers.pop(f"done_{point['number']}", None),
                "how": answers.pop(f"how_{point['number']}", ""),
            }
            for point in self.points
        ]
        return answers

    def ask_about(self, point: dict[str, Any]) -> None:
        """Ask whether a point was put right, and how it is proven."""
        number, told = point["number"], said_of(point)
        self.fields[f"done_{number}"] = yes_or_no(label=_("%(point)s: put right?") % told)
        self.fields[f"how_{number}"] = forms.CharField(
            label=_("%(point)s: how, and with what proof (%(proof)s)?") % told, max_length=1000
        )


def _point(number: int, line: str) -> dict[str, Any]:
    what, _bar, proof = line.replace(_BARS[1], _BARS[0]).partition(_BARS[0])
    if not what.strip() or not proof.strip():
        said = _("Line %(n)s: write what is required, a bar |, and how it is proven.")
        raise ValidationError(said % {"n": number})
    return {"number": number, "what": what.strip(), "proof": proof.strip()}
