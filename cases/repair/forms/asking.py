"""What several stages of a repair ask alike: the contact, a day since the decision, a return."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forms.base import StepForm
from forms.questions import day_come, whom_to_ask

CONTACT = whom_to_ask("agent_name", "agent_phone", "served_electronically")


def past(form: StepForm, name: str) -> Any:
    """Return an answer that is a day between the decision and today.

    :raises ValidationError: if it lies outside
    """
    told = day_come(form, name)
    if told < form.case.record.decided_on:
        raise ValidationError(_("This day lies before the day of the decision."))
    return told


def shown_again(form: StepForm) -> dict[str, Any]:
    """Return since when a record is shown again, and until when."""
    return {"shown_again_on": form.on, "restored_until": form.case.restored_to(form.on)}
