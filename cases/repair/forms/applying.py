"""What the party is asked when it applies, and the commitment it signs."""

from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.repair.forms.asking import CONTACT, past
from forms.base import StepForm
from forms.commitments import text_to_sign
from forms.fields import SignedTextField
from forms.guide import QuestionGroup
from forms.materials import Material, MaterialList
from forms.questions import contact_name, contact_phone, day, electronic_service, in_words
from records.models import Record

_COMMITMENT = Path(__file__).parents[1] / "letters" / "commitment.txt"
# Raised whenever the text above changes; shown beside it and its hash.
_COMMITMENT_VERSION = "1"
# Since 国办发〔2025〕22号 proof of fulfilment and the commitment are all that may be demanded.
_OTHERS = (
    Material(
        "correction",
        _("Proof that the breach was put right"),
        _("Photographs before and after, an acceptance report or the like, if there is one."),
    ),
    Material(
        "commitment",
        _("The commitment with the seal"),
        _("Only if you also signed it on paper; the signature in this form is enough."),
    ),
    Material(
        "authority",
        _("Authority of the person who applies"),
        _("If somebody else than the legal representative applies."),
    ),
)
_PROOF = (
    Material(
        "fulfilment",
        _("Proof of fulfilment"),
        _("Payment receipt, certificate of completion or the like: the duty was done in full."),
        required=True,
    ),
    *_OTHERS,
)
_PROOF_OF_REMOVAL = (
    Material(
        "fulfilment",
        _("Proof that the condition of removal is met"),
        _("What the entry names, such as the annual report handed in or the new address."),
        required=True,
    ),
    *_OTHERS,
)


class Application(StepForm):
    """Asked of the party."""

    title = _("Apply for credit repair")
    personal = ("agent_name", "agent_phone", "signer")
    carried = ("agent_name", "agent_phone", "served_electronically")
    text_version = _COMMITMENT_VERSION
    pages = (
        QuestionGroup(
            "fulfilment",
            _("The decision and its fulfilment"),
            ("fulfilled_on", "receipt_number", "under_review"),
            _("When was done what the decision demanded?"),
        ),
        QuestionGroup(
            "correction",
            _("Correction and proof"),
            ("correction", "proof"),
            _("Have the receipt and the papers about the correction at hand."),
        ),
        CONTACT,
        QuestionGroup(
            "signature",
            _("Read and sign the commitment"),
            ("signer", "agreed", "commitment"),
            _("The legal representative signs for the organisation."),
        ),
    )

    fulfilled_on = forms.DateField(
        label=_("When was the penalty fulfilled?"),
        help_text=_("The day the fine was paid or the duty was done in full."),
        widget=day(),
    )
    receipt_number = forms.CharField(
        label=_("Payment receipt number"), max_length=80, required=False
    )
    correction = in_words(_("How was the breach put right?"))
    proof = MaterialList(_PROOF, label=_("What proves it"))
    under_review = forms.BooleanField(
        label=_("An administrative review or lawsuit about this decision is pending"),
        help_text=_("This does not stop the repair; the authority needs to know."),
        required=False,
    )
    agent_name = contact_name()
    agent_phone = contact_phone()
    served_electronically = electronic_service()
    signer = forms.CharField(label=_("Name of the legal representative who signs"), max_length=60)
    agreed = forms.BooleanField(
        label=_("I have read the commitment above and sign it for the organisation"),
        error_messages={"required": _("The commitment must be signed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record = self.case.record
        self.text, shown = text_to_sign(_COMMITMENT, record=record, party=record.subject)
        self.fields["commitment"] = SignedTextField(shown=shown, label=_("Commitment"))
        if record.kind != Record.Kind.PENALTY:
            self.fields["fulfilled_on"].label = _("When was the condition of removal met?")
            self.fields["proof"].ask_for(_PROOF_OF_REMOVAL)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Keep of the text signed what it is known by."""
        answers: dict[str, Any] = super().clean() or {}
        answers["signed_hash"] = answers.pop("commitment", "")
        return answers

    def clean_fulfilled_on(self) -> Any:
        """Refuse a day that has not come, or that lies before the decision."""
        return past(self, "fulfilled_on")
