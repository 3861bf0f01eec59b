"""What each person is asked about a commitment."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.commitment.register import ItemVersion, PromisedTerm, Variant, VerifyMethod, version_of
from cases.commitment.states import (
    BROKEN,
    Commitment,
    Fulfilment,
    Refusal,
    Result,
    SignerIs,
)
from forms.base import StepForm
from forms.commitments import text_to_sign
from forms.fields import AttachmentsField, SignedTextField
from forms.guide import Given, QuestionGroup, Unlike
from forms.materials import Material, MaterialList, listed
from forms.models import Attachment
from forms.questions import contact_name, contact_phone, day, electronic_service, lines, yes_or_no
from forms.supplements import NoticeOnce
from forms.supplements import Supplement as SupplementForm
from workflows import policy

_COMMITMENT = Path(__file__).parent / "letters" / "commitment.txt"


def _reasons(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=lines(), **kwargs)


def _evidence(label: Any, **kwargs: Any) -> AttachmentsField:
    return AttachmentsField(label=label, **kwargs)


def _need(form: StepForm, answers: dict[str, Any], names: tuple[str, ...], told: Any) -> None:
    for name in names:
        if answers.get(name) in (None, "", []):
            form.add_error(name, told)


class Application(StepForm):
    """Asked of the party, about one item of the published list."""

    title = _("Apply by notice and commitment")
    personal = ("legal_representative", "agent_name", "agent_phone", "agent_authority")
    carried = (
        *("address", "legal_representative", "agent_name", "agent_phone"),
        *("agent_authority", "served_electronically"),
    )
    pages = (
        QuestionGroup(
            "organisation",
            _("The organisation"),
            ("address", "legal_representative"),
            _("As in the business licence."),
        ),
        QuestionGroup(
            "contact",
            _("Whom we may ask"),
            ("agent_name", "agent_phone", "served_electronically"),
            _("The office calls this person if something is unclear."),
        ),
        QuestionGroup(
            "authority",
            _("The agent's authority"),
            ("agent_authority",),
            _("Somebody else than the legal representative applies."),
            when=Unlike("agent_name", "legal_representative"),
        ),
        QuestionGroup("materials", _("The main material"), ("materials",)),
        QuestionGroup(
            "gap",
            _("What will follow later"),
            ("missing_materials", "gap_term"),
            _("The item allows some material to follow; a promise stands in for it until then."),
        ),
    )

    address = forms.CharField(label=_("Address of the organisation"), max_length=200)
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=60)
    agent_name = contact_name()
    agent_phone = contact_phone()
    agent_authority = forms.CharField(
        label=_("Number of the agent's written authority"),
        help_text=_("Needed where somebody else than the legal representative applies."),
        max_length=80,
        required=False,
    )
    materials = MaterialList((), label=_("Main material"))
    missing_materials = forms.MultipleChoiceField(
        label=_("Which material is still missing?"),
        help_text=_("Only what the list of the item allows to follow later."),
        widget=forms.CheckboxSelectMultiple,
    )
    gap_term = forms.ChoiceField(
        label=_("Within which time will you hand it in?"),
        help_text=_("No longer than the item's own promised time; it counts from the notice."),
        choices=PromisedTerm.choices,
        widget=forms.RadioSelect,
    )
    served_electronically = electronic_service()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version_of(self.case.item, self.on)
        self.fields["materials"].ask_for(_asked_for(self.version))  # type: ignore[attr-defined]
        if self.version is None or self.version.variant != Variant.GAP:
            del self.fields["missing_materials"], self.fields["gap_term"]
        else:
            may_follow = [(name, name) for name in self.version.may_be_missing]
            self._choice("missing_materials").choices = may_follow
            last = PromisedTerm.values.index(self.version.promised_term)
            self._choice("gap_term").choices = PromisedTerm.choices[: last + 1]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        """Ask for the agent's authority where somebody else applies."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("agent_name") != answers.get("legal_representative"):
            _need(self, answers, ("agent_authority",), _("Give the number of the authority."))
        return answers


def _asked_for(version: ItemVersion | None) -> list[Material]:
    if version is None:
        return []
    main = listed(version.main_materials, required=True)
    follows = _("May follow later; then say so where you are asked what is missing.")
    later = [
        Material(f"later{n}", name, follows) for n, name in enumerate(version.may_be_missing, 1)
    ]
    return [*main, *(later if version.variant == Variant.GAP else [])]


class Switch(StepForm):
    """Asked of the counter where no commitment is possible."""

    title = _("Pass to the general procedure")
    why = _("the counter has to tell why no commitment is possible and how to apply instead")

    switch_note = _reasons(
        _("How the party applies in the general procedure"),
        help_text=_("Where, with what, and how long it takes; the party reads this."),
    )


_ON_EXAMINATION = {
    "inform": _("The party gets the notice and may commit or decline."),
    "supplement": _("The party gets one notice of everything that is missing."),
}


class Examination(NoticeOnce):
    """Asked of the acceptance officer before the party is told what it may promise."""

    title = _("Look at the main material and inform")
    why = _("the approving authority has to look at the main material and inform the party")
    asks = ("examination", "supplement")
    field_order = ("examination", "missing")

    examination = forms.ChoiceField(
        label=_("Is the main material complete?"),
        choices=[
            ("inform", _("Complete: inform the party")),
            ("supplement", _("Ask once for everything that is missing")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("examination", _ON_EXAMINATION)


class Supplement(SupplementForm):
    """Asked of the party whose main material is incomplete."""


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
    seal = _evidence(_("Signature page with the seal"), required=False)

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
        _need(self, answers, ("signer", "signer_is", "seal"), _("A signature needs this."))
        if answers.get("signer_is") == SignerIs.AUTHORISED:
            told = _("Give the number of the authority to sign.")
            _need(self, answers, ("authority_number",), told)
        elif answers.get("signer") != self.case.legal_representative:
            told = _("This is not the legal representative named in the application.")
            self.add_error("signer", told)

    def _check_conditions(self, answers: dict[str, Any]) -> None:
        _need(self, answers, ("conditions_met",), _("Say whether the conditions are met."))
        if answers.get("conditions_met") is False:
            _need(self, answers, ("conditions_by",), _("Name the day."))
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


_ON_INSTANT = {
    "grant": _("The party gets the decision at once; it is published and verified afterwards."),
    "review": _("No decision yet: a handler reviews, and two persons decide."),
}


class InstantDecision(StepForm):
    """Asked of the approver on the day of the commitment."""

    title = _("Decide on the commitment")
    why = _("the approver decides on the day of the commitment")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the application")), ("review", _("Have it reviewed first"))],
        widget=forms.RadioSelect,
    )
    decision_reason = _reasons(_("Reasons of the decision"))
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("decision", _ON_INSTANT)

    def clean(self) -> dict[str, Any]:
        """Refuse to grant at once where the seal was used by another organisation."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") == "grant" and self.case.seal_seen_in:
            told = _("The same seal page was handed in by others: %(cases)s. Have it reviewed.")
            named = {"cases": ", ".join(self.case.seal_seen_in)}
            self.add_error("decision", ValidationError(told, params=named))
        return answers


class MissingMaterial(StepForm):
    """Asked of the party that promised to hand material in later."""

    title = _("Hand in the missing material")
    why = _("the party has to hand in what it promised")

    gap_note = _reasons(_("What do you hand in?"))
    gap_files = MaterialList((), label=_("What you hand in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promised = listed(self.case.missing_materials, required=False)
        self.fields["gap_files"].ask_for(promised)  # type: ignore[attr-defined]


class GapCheck(StepForm):
    """Asked of the acceptance officer when something has arrived."""

    title = _("Check what was handed in")
    why = _("the approving authority has to check whether the material is now complete")

    gap_closed = yes_or_no(label=_("Is everything there now?"))
    still_missing = _reasons(_("What is still missing"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask what is still missing only where something is."""
        return {"still_missing": Given("gap_closed", {"False"})}

    def clean(self) -> dict[str, Any]:
        """Say what is missing, and note whether the time promised goes on."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("gap_closed") is False:
            _need(self, answers, ("still_missing",), _("Say what is missing."))
        due = self.case.gap_due_on
        return {**answers, "gap_time_left": due is None or self.on <= due}


class Arrival(StepForm):
    """Asked of the handler when the time for the missing material is over."""

    title = _("See whether anything arrived in time")
    why = _("a handler has to see whether anything arrived at the counter or by post in time")

    arrived = yes_or_no(
        label=_("Did the material arrive in time after all?"),
        help_text=_("The day of arrival counts; of a letter, the day it was posted."),
    )
    arrived_on = forms.DateField(label=_("Arrived or posted on"), required=False, widget=day())
    termination_reason = _reasons(
        _("Why the matter has to be ended"),
        help_text=_("Where it was looked for; whether force majeure was claimed."),
        required=False,
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the day of arrival, or why the matter has to be ended."""
        return {
            "arrived_on": Given("arrived", {"True"}),
            "termination_reason": Given("arrived", {"False"}),
        }

    def clean(self) -> dict[str, Any]:
        """Count the day of arrival, and nothing else."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("arrived") is False:
            _need(self, answers, ("termination_reason",), _("A second person has to know why."))
        elif answers.get("arrived"):
            self._check_in_time(answers)
        return answers

    def _check_in_time(self, answers: dict[str, Any]) -> None:
        _need(self, answers, ("arrived_on",), _("Name the day."))
        arrived, due = answers.get("arrived_on"), self.case.gap_due_on
        if arrived and due and arrived > due:
            self.add_error(
                "arrived_on", _("This day lies after the last day of the time promised.")
            )


class Termination(StepForm):
    """Asked of a second person before the matter is ended."""

    title = _("End the matter")
    why = _("a second person has to confirm that the matter is ended")

    terminated = forms.BooleanField(
        label=_("I have looked at the case: nothing arrived in time, and no extension was granted"),
        error_messages={"required": _("Confirm it, or return the step to the handler.")},
    )

    def clean(self) -> dict[str, Any]:
        """Note that the promise was not kept."""
        return {**(super().clean() or {}), "fulfilment": str(Fulfilment.NOT_FULFILLED)}


_REFUSAL = ("refusal_code", "refusal_reason", "apply_again")
_PROPOSALS = [("grant", _("Grant the application")), ("refuse", _("Refuse the application"))]


class _Refusable(StepForm):
    """A step that may speak of a refusal, which must name its ground."""

    refused: str

    refusal_code = forms.ChoiceField(
        label=_("Ground of refusal"), choices=[("", "—"), *Refusal.choices], required=False
    )
    refusal_reason = _reasons(_("Reasons, as the party will read them"), required=False)
    apply_again = forms.CharField(
        label=_("When and how the party may apply again"), required=False, max_length=200
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for ground, reasons and the way back only where the answer is a refusal."""
        return {**super().conditions(), **dict.fromkeys(_REFUSAL, Given(self.refused, {"refuse"}))}

    def clean(self) -> dict[str, Any]:
        """Ask for ground, reasons and the way back where the answer is a refusal."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get(self.refused) == "refuse":
            _need(self, answers, _REFUSAL, _("A refusal needs this."))
        return answers


class Review(_Refusable):
    """Asked of the handler who reviews the complete application."""

    title = _("Review the application")
    why = _("a handler of the approving authority reviews the application")
    refused = "proposal"
    field_order = ("proposal",)

    proposal = forms.ChoiceField(
        label=_("Proposed decision"), choices=_PROPOSALS, widget=forms.RadioSelect
    )


class ReviewDecision(StepForm):
    """Asked of the approver, who did none of the review."""

    title = _("Decide on the application")
    why = _("the approver decides on the proposal")

    decision = forms.ChoiceField(label=_("Decision"), choices=_PROPOSALS, widget=forms.RadioSelect)
    decision_reason = _reasons(_("Reasons of the decision"))
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=day())

    def clean(self) -> dict[str, Any]:
        """Let a decision follow its proposal: two persons stand behind it, or it is returned."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") not in (None, self.case.proposal):
            self.add_error("decision", _("The handler proposed otherwise: return it to be redone."))
        return answers


class Publication(StepForm):
    """Asked of the approving authority, which publishes its decision."""

    title = _("Publish the decision")
    why = _("the decision has to be published")

    publication_note = forms.CharField(
        label=_("Where and when it was published"), max_length=400, widget=lines(2)
    )


class SignIn(StepForm):
    """Asked of the supervising department, which takes the commitment over."""

    title = _("Take the commitment over")
    why = _("the supervising department has to take the commitment over")

    signed_in = forms.BooleanField(
        label=_("We have received the commitment and supervise it from now on"),
        error_messages={"required": _("Sign in, or transfer it to the competent department.")},
    )
    drawn = yes_or_no(
        label=_("Was this commitment drawn by lot to be verified?"),
        help_text=_("By the same lot for all, whether they committed or not."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.verify_method != VerifyMethod.SAMPLE:
            del self.fields["drawn"]

    def clean(self) -> dict[str, Any]:
        """Put it under daily supervision in any case; say how it is shared if none verifies."""
        answers: dict[str, Any] = super().clean() or {}
        none = self.case.verify_method == VerifyMethod.NONE or answers.get("drawn") is False
        said = {"fulfilment": str(Fulfilment.UNVERIFIED)} if none else {}
        return {**answers, "daily_supervision": True, **said}


METHODS = [
    ("online", _("Comparison of data")),
    ("file", _("In the files")),
    ("site", _("On site")),
    ("letter", _("By asking another authority")),
]
_AS_OTHERS = _("We ask no more than of those who did not commit (no discrimination)")


class Verification(StepForm):
    """Asked of the first of two verifiers of the supervising department."""

    title = _("Verify the commitment")
    why = _("two persons of the supervising department verify the commitment")

    method = forms.ChoiceField(label=_("How?"), choices=METHODS, widget=forms.RadioSelect)
    visited_on = forms.DateField(label=_("On which day was it verified?"), widget=day())
    place = forms.CharField(label=_("Where?"), max_length=200)
    seen = yes_or_no(
        label=_("Could you see what was promised?"),
        help_text=_("No: premises closed, nobody met. Two such visits end unverified, not false."),
    )
    result = forms.ChoiceField(
        label=_("Finding"),
        choices=[("", "—"), *(c for c in Result.choices if c[0] != Result.CLOSED)],
        required=False,
    )
    operated_early = yes_or_no(
        label=_("Did the party operate before the conditions were met?"),
        required=False,
        empty_value=None,
    )
    facts_found = _reasons(_("Facts found"))
    subject_statement = _reasons(
        _("What the party said"), help_text=_("Its words; or that nobody was met.")
    )
    evidence = _evidence(_("Record and photographs"))
    as_others = forms.BooleanField(label=_AS_OTHERS)

    def clean(self) -> dict[str, Any]:
        """Keep what could not be seen apart from what is false; count the visits."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("seen") is False:
            return {**answers, **self._closed(answers)}
        _need(self, answers, ("result",), _("Say what was found."))
        if answers.get("operated_early") and answers.get("result") == Result.FULFILLED:
            told = _("Whoever operated before the conditions were met has not kept the promise.")
            self.add_error("result", told)
        return {**answers, "fulfilment": self._ends_as(answers.get("result"))}

    def clean_visited_on(self) -> date:
        """Refuse a day that has not come, or that lies before the decision."""
        on: date = self.cleaned_data["visited_on"]
        if on > self.on:
            raise ValidationError(_("This day has not come yet."))
        if self.case.committed_on and on < self.case.committed_on:
            raise ValidationError(_("This day lies before the commitment."))
        return on

    def _closed(self, answers: dict[str, Any]) -> dict[str, Any]:
        if answers.get("result"):
            self.add_error("result", _("What could not be seen is neither kept nor broken."))
        visits = self.case.closed_visits + 1
        needed = policy.edition(self.case.governed_on).number("commitment.visits")
        done = str(Fulfilment.UNVERIFIED) if visits >= needed else ""
        return {"result": str(Result.CLOSED), "closed_visits": visits, "fulfilment": done}

    def _ends_as(self, result: Any) -> str:
        """Return how the case is shared if nothing else follows."""
        return str(Fulfilment.FULFILLED) if result == Result.FULFILLED else ""


class Countersign(StepForm):
    """Asked of the second verifier, who was there."""

    title = _("Countersign the record of the verification")
    why = _("the second verifier has to confirm the record")

    took_part = forms.BooleanField(
        label=_("I took part in the verification; the record and the evidence are right"),
        error_messages={"required": _("Confirm it, or return the step to the first verifier.")},
    )
    second_note = _reasons(_("Note of the second verifier"), required=False)


class OrderDraft(StepForm):
    """Asked of the handler who prepares the order to rectify."""

    title = _("Prepare the order to rectify")
    why = _("the supervising department prepares the order to rectify")

    requirement = _reasons(_("What has to be rectified, and how to report it"))
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

    rectification = _reasons(_("What was put right?"))
    rectification_files = _evidence(_("Evidence"), required=False)


class Recheck(StepForm):
    """Asked of the first of two persons who check the rectification."""

    title = _("Check the rectification")
    why = _("two persons of the supervising department check the rectification")

    rectified = yes_or_no(label=_("Has what the order names been put right?"))
    recheck_note = _reasons(_("How this was checked, and what was seen"))
    recheck_evidence = _evidence(_("Record and photographs"))
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


class PriorNotice(StepForm):
    """Asked of the handler of the authority that may revoke its decision."""

    title = _("Prepare the prior notice")
    why = _("the party has to be told before a revocation is decided")

    notice_facts = _reasons(_("Facts and evidence"))
    notice_basis = forms.CharField(label=_("Legal basis of a revocation"), max_length=200)


class Statement(StepForm):
    """Asked of the party before a revocation is decided."""

    title = _("State your case")
    why = _("the party may be heard before a revocation is decided")

    statement = _reasons(_("Your statement and defence"))
    statement_files = _evidence(_("Evidence"), required=False)


class LegalReview(StepForm):
    """Asked of the reviewer who examines the case in law."""

    title = _("Examine the revocation in law")
    why = _("the legal review comes before the decision")

    statement_weighed = _reasons(
        _("What the party said, and why it is followed or not"),
        help_text=_("If it said nothing, say so; silence admits nothing."),
    )
    legal_opinion = _reasons(_("Legal opinion"))


class RevocationDecision(StepForm):
    """Asked of the approver, who handled nothing of the case."""

    title = _("Decide whether the decision is revoked")
    why = _("the approver decides whether the decision is revoked")

    revocation = forms.ChoiceField(
        label=_("Decision"),
        choices=[("revoke", _("Revoke the decision")), ("keep", _("Keep the decision"))],
        widget=forms.RadioSelect,
    )
    finding_upheld = yes_or_no(
        label=_("Does the finding of the verification stand?"),
        help_text=_("If the decision is kept: no means that the promise counts as kept."),
        required=False,
        empty_value=None,
    )
    revocation_reason = _reasons(_("Reasons of the decision"))

    def conditions(self) -> dict[str, Given]:
        """Ask whether the finding stands only where the decision is kept."""
        return {"finding_upheld": Given("revocation", {"keep"})}

    def clean(self) -> dict[str, Any]:
        """Say how the promise ends; what is revoked was not kept."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("revocation") == "keep":
            _need(self, answers, ("finding_upheld",), _("Say whether the finding stands."))
        upheld = answers.get("revocation") == "revoke" or answers.get("finding_upheld")
        return {**answers, "fulfilment": str(self._found() if upheld else Fulfilment.FULFILLED)}

    def _found(self) -> Fulfilment:
        return BROKEN[0] if self.case.result == Result.FALSE else BROKEN[1]


class Sharing(StepForm):
    """Asked of the credit office, which passes the result to the city's platform."""

    title = _("Share the fulfilment")
    why = _("the credit office has to pass the result to the city's credit platform")

    shared_note = forms.CharField(
        label=_("Receipt of the city's platform"),
        help_text=_("Number and time of the batch."),
        max_length=400,
        widget=lines(2),
    )


class Republication(StepForm):
    """Asked of the approving authority, which publishes that its decision was revoked."""

    title = _("Publish the revocation")
    why = _("the revocation has to be published and the permit marked as revoked")

    revocation_note = forms.CharField(
        label=_("Where and when, and that the permit now shows as revoked"),
        max_length=400,
        widget=lines(2),
    )
