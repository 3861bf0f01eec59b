"""How a day is appointed: not before the time of notice after service is over."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.states import Interview
from forms.base import StepForm
from forms.questions import day
from workflows import audit, policy
from workflows.clock import Event, Period, due


class Appointing(StepForm):
    """A step that may appoint a day, which has to leave the time of notice after service."""

    def check_day(self, answers: dict[str, Any]) -> None:
        """Refuse a day too early even if the letter were served today."""
        first = _earliest_if_served(self.on, self.case)
        appointed = answers.get("meets_on")
        if appointed and first and appointed < first:
            said = _("Even if served today, the party must not be heard before %(day)s.")
            self.add_error("meets_on", said % {"day": date_format(first)})


def appointed_day(**kwargs: Any) -> forms.DateField:
    """Return the question for the day on which the party is heard."""
    return forms.DateField(label=_("Appointed day"), widget=day(), **kwargs)


def hour(label: Any, **kwargs: Any) -> forms.RegexField:
    """Return a question for a time of day."""
    return forms.RegexField(
        label=label,
        regex=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        help_text=_("For example 09:30."),
        error_messages={"invalid": _("Enter a time of day such as 09:30.")},
        **kwargs,
    )


def earliest(case: Interview) -> date | None:
    """Return the first day on which the party may be heard, if the notice was served."""
    notice = period("interview.notice_lead", case)
    return rules.earliest_day(audit.written(case), notice, policy.calendar())


def _earliest_if_served(on: date, case: Interview) -> date | None:
    notice = period("interview.notice_lead", case)
    return due([Event(notice.starts[0], on, {})], notice, policy.calendar()).on


def period(key: str, case: Interview) -> Period:
    """Return a period as the edition has it that governs the case."""
    return policy.term(key, on=case.governed_on).period
