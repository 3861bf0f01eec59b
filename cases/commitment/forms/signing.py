"""What the party signs: whether it commits, to which text, and by whose hand."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.commitment.forms.asking import need
from cases.commitment.register import ItemVersion
from cases.commitment.states import Commitment, SignerIs
from forms.base import StepForm
from forms.commitments import text_to_sign
from forms.fields import AttachmentsField, SignedTextField
from forms.guide import Given, QuestionGroup
from forms.models import Attachment
from forms.questions import day, yes_or_no

_COMMITMENT = Path(__file__).parents[1] / "letters" / "commitment.txt"
_COMMITS = Given("choice", {"commit"})


class Signing(StepForm):
    """Asked of the party that was told: does it commit, and who signs for it?"""

    title = _("Commit or decline")
    why = _("the party has to sign the commitment or choose the general procedure")
    personal = ("signer", "authority_number")
    pages = (
        QuestionGroup("choice", _("Commit or decline"), ("choice",)),
        QuestionGroup("conditions", _("The conditions"), ("conditions_met",), when=_COMMITS),
        QuestionGroup(
            "day",
            _("When the conditions will be met"),
            ("conditions_by",),
            when=Given("conditions_met", {"False"}),
        ),
        QuestionGroup(
            "statements",
            _("Read the commitment"),
            ("statement_*", "commitment"),
            _("What you sign is this text, word for word."),
            when=_COMMITS,
        ),
        QuestionGroup("signature", _("Who signs"), ("signer", "signer_is", "seal"), when=_COMMITS),
        QuestionGroup(
            "authority",
            _("The authority to sign"),
            ("authority_number",),
            when=Given("signer_is", {SignerIs.AUTHORISED.value}),
        ),
    )

    choice = forms.ChoiceField(
        label=_("What do you choose?"),
        choices=[
            ("commit", _("I commit: the text below is signed")),
            ("decline", _("I decline: the general procedure")),
        ],
        widget=forms.RadioSelect,
    )
    conditions_met = yes_or_no(
        label=_("Are all conditions met today?"),
        help_text=_("Until they are met you may not operate, even with a permit."),
        required=False,
        empty_value=None,
    )
    conditions_by = forms.DateField(
        label=_("If not: by which day will they be met?"), required=False, widget=day()
    )
    signer = forms.CharField(label=_("Name of the person who signs"), max_length=60, required=False)
    signer_is = forms.ChoiceField(
        label=_("This person is"),
        choices=SignerIs.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    authority_number = forms.CharField(
        label=_("Number of the authority to sign"), max_length=80, required=False
    )
    seal = AttachmentsField(label=_("Signature page with the seal"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = self.case.version.item.current(self.on)
        version = self.version or self.case.version
        self.text, shown = _text(self.case, version)
        self.text_version = str(version.number)
        for number, said in enumerate(self._statements(), start=1):
            self.fields[f"statement_{number}"] = forms.BooleanField(label=said, required=False)
        self.fields["commitment"] = SignedTextField(
            shown=shown, label=_("Commitment"), required=False
        )

    def clean(self) -> dict[str, Any]:
        """Hold the signature to the text shown, to every statement and to the right hand."""
        answers: dict[str, Any] = super().clean() or {}
        given = [answers.pop(f"statement_{n}", False) for n, _s in enumerate(self._statements(), 1)]
        signed = answers.pop("commitment", "")
        if answers.get("choice") != "commit":
            self.errors.pop("commitment", None)
            return answers
        self._explain_change()
        self._check_listed()
        self._check_statements(given)
        self._check_signer(answers)
        self._check_conditions(answers)
        return {**answers, **self._signed(answers), "signed_hash": signed}

    def record_on(self, case: Any) -> None:
        """Keep the text that was signed with the hash that signs it."""
        super().record_on(case)
        if case.choice == "commit":
            case.committed_text = self.text

    def _statements(self) -> list[str]:
        return list((self.version or self.case.version).statements)

    def _check_listed(self) -> None:
        if self.version is None:
            told = _("The item is no longer on the list: choose the general procedure.")
            self.add_error("choice", told)

    def _explain_change(self) -> None:
        version = self.version
        signed = self.data.get(self.add_prefix("commitment"))
        if not signed or "commitment" not in self.errors:
            return
        if version in (None, self.case.version):
            return
        told = _("Version %(new)s has been in force since %(day)s. Read the new text, then sign.")
        named = {"new": version.number, "day": _day(version.published_from)}
        self.add_error("choice", ValidationError(told, params=named))

    def _check_statements(self, given: list[bool]) -> None:
        for number, ticked in enumerate(given, start=1):
            if not ticked:
                self.add_error(f"statement_{number}", _("Without this there is no commitment."))

    def _check_signer(self, answers: dict[str, Any]) -> None:
        need(self, answers, ("signer", "signer_is", "seal"), _("A signature needs this."))
        if answers.get("signer_is") == SignerIs.AUTHORISED:
            told = _("Give the number of the authority to sign.")
            need(self, answers, ("authority_number",), told)
        elif answers.get("signer") != self.case.legal_representative:
            told = _("This is not the legal representative named in the application.")
            self.add_error("signer", told)

    def _check_conditions(self, answers: dict[str, Any]) -> None:
        need(self, answers, ("conditions_met",), _("Say whether the conditions are met."))
        if answers.get("conditions_met") is False:
            need(self, answers, ("conditions_by",), _("Name the day."))
        by = answers.get("conditions_by")
        if by and by < self.on:
            self.add_error("conditions_by", _("This day is past."))

    def _signed(self, answers: dict[str, Any]) -> dict[str, Any]:
        version = self.version or self.case.version
        return {
            "version_id": version.pk,
            "committed_on": self.on,
            "seal_seen_in": _seen_elsewhere(answers.get("seal") or [], self.case),
        }


def _text(case: Commitment, version: ItemVersion) -> tuple[str, str]:
    return text_to_sign(
        _COMMITMENT, case=case, party=case.party, version=version, item=version.item
    )


def _seen_elsewhere(seals: list[Attachment], case: Commitment) -> list[str]:
    """Return the commitments of other organisations that carry the very same file as seal."""
    same = Attachment.objects.filter(sha256__in=[seal.sha256 for seal in seals]).exclude(about="")
    others = Commitment.objects.exclude(party=case.party)
    found = others.filter(reference__in=same.values("about"))
    return list(found.order_by("reference").values_list("reference", flat=True))


def _day(on: date | None) -> str:
    return date_format(on) if on else ""
