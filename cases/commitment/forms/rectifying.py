"""What is asked where the promise was not kept whole: order, report, and their check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.verifying import Countersign
from cases.commitment.states import Fulfilment
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.questions import in_words, yes_or_no


class OrderDraft(StepForm):
    """Asked of the handler who prepares the order to rectify."""

    title = _("Prepare the order to rectify")
    why = _("the supervising department prepares the order to rectify")

    requirement = in_words(_("What has to be rectified, and how to report it"))
    order_basis = forms.CharField(label=_("Legal basis of the order"), max_length=200)


class OrderSignature(StepForm):
    """Asked of the approver who signs the order."""

    title = _("Sign the order to rectify")
    why = _("the approver of the supervising department signs the order")

    order_signed = forms.BooleanField(
        label=_("I sign the order"),
        error_messages={"required": _("Sign it, or return it to the handler.")},
    )


class Rectification(StepForm):
    """Asked of the party that was ordered to rectify."""

    title = _("Report what was put right")
    why = _("the party has to put right what the order names and report it")

    rectification = in_words(_("What was put right?"))
    rectification_files = AttachmentsField(label=_("Evidence"), required=False)


class Recheck(StepForm):
    """Asked of the first of two persons who check the rectification."""

    title = _("Check the rectification")
    why = _("two persons of the supervising department check the rectification")

    rectified = yes_or_no(label=_("Has what the order names been put right?"))
    recheck_note = in_words(_("How this was checked, and what was seen"))
    recheck_evidence = AttachmentsField(label=_("Record and photographs"))
    to_interview = yes_or_no(
        label=_("Should the party be summoned to an interview?"), required=False, empty_value=None
    )

    def clean(self) -> dict[str, Any]:
        """Say how the promise ends: what is not put right counts as not kept."""
        answers: dict[str, Any] = super().clean() or {}
        done = Fulfilment.FULFILLED if answers.get("rectified") else Fulfilment.NOT_FULFILLED
        return {**answers, "fulfilment": str(done)}


class RecheckCountersign(Countersign):
    """Asked of the second person who checked the rectification."""

    title = _("Countersign the check")
    why = _("the second person has to confirm the check of the rectification")
