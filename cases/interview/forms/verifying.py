"""What two verifiers are asked about each point."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.forms.points import PointByPoint, said_of
from cases.interview.states import Finding
from forms.base import StepForm
from forms.questions import in_words


class Verification(PointByPoint):
    """Asked of the first verifier: what is found of each point."""

    title = _("Verify what was put right")
    why = _("two persons of the authority verify each point")

    method = in_words(
        _("How this was verified"), help_text=_("File, online or on site; when, where and by whom.")
    )

    def clean(self) -> dict[str, Any]:
        """Gather the findings, and settle what they make."""
        answers: dict[str, Any] = super().clean() or {}
        findings = [*self.case.settled, *(_found(point, answers) for point in self.points)]
        answers["findings"] = sorted(findings, key=lambda found: int(found["number"]))
        result = rules.result_of(answers["findings"], second_term=self.case.second_term)
        answers["result"] = str(result)
        return answers

    def ask_about(self, point: dict[str, Any]) -> None:
        """Ask what was found of a point, and by what evidence."""
        number, told = point["number"], said_of(point)
        self.fields[f"finding_{number}"] = forms.ChoiceField(
            label=_("%(point)s: found") % told, choices=Finding.choices, widget=forms.RadioSelect
        )
        self.fields[f"evidence_{number}"] = forms.CharField(
            label=_("%(point)s: evidence") % told, max_length=1000
        )


class SecondVerifier(StepForm):
    """Asked of the second verifier."""

    title = _("Countersign the verification")
    why = _("a second verifier has to see the evidence and countersign")

    seen = forms.BooleanField(
        label=_("I have seen the evidence of every point and find the same"),
        help_text=_("If not, return the step with the reason."),
    )


def _found(point: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    number = point["number"]
    return {
        "number": number,
        "finding": answers.pop(f"finding_{number}", Finding.NOT_MET),
        "evidence": answers.pop(f"evidence_{number}", ""),
    }
