"""What each person is asked in a repair."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.repair.states import Refusal, Way
from forms.base import StepForm
from forms.commitments import text_to_sign
from forms.fields import AttachmentsField, SignedTextField
from forms.guide import Given, QuestionGroup
from forms.materials import Material, MaterialList
from forms.questions import (
    contact_name,
    contact_phone,
    day,
    electronic_service,
    lines,
    yes_or_no,
)
from forms.supplements import NoticeOnce, Supplement
from records.models import Place, Record

_COMMITMENT = Path(__file__).parent / "letters" / "commitment.txt"
# Raised whenever the text above changes; shown beside it and its hash.
_COMMITMENT_VERSION = "1"
_TWO = 2
_CONTACT = QuestionGroup(
    "contact",
    _("Whom we may ask"),
    ("agent_name", "agent_phone", "served_electronically"),
    _("The office calls this person if something is unclear."),
)

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
_OF_THE_COURT = (
    Material(
        "ruling",
        _("Ruling of the court"),
        _("It approves the plan and names its end."),
        required=True,
    ),
    Material(
        "plan",
        _("The plan"),
        _("What will be paid and put right, and by when."),
        required=True,
    ),
    Material(
        "manager",
        _("Decision that appoints the manager"),
        _("If the manager applies for the organisation."),
    ),
)


def _past(form: StepForm, name: str) -> Any:
    """Return an answer that is a day between the decision and today.

    :raises ValidationError: if it lies outside
    """
    told = form.cleaned_data[name]
    if told > form.on:
        raise ValidationError(_("This day has not come yet."))
    if told < form.case.record.decided_on:
        raise ValidationError(_("This day lies before the day of the decision."))
    return told


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
        _CONTACT,
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
    correction = forms.CharField(
        label=_("How was the breach put right?"), max_length=2000, widget=lines()
    )
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
        return _past(self, "fulfilled_on")


class Check(StepForm):
    """Asked of the counter on the day of receipt."""

    title = _("Check the form")
    why = _("the counter checks that the form is complete, never the substance")

    form_complete = yes_or_no(
        label=_("Is the application complete in form?"),
        help_text=_(
            "Yes: it goes to the finding authority today. No: the party is told what is missing."
        ),
    )
    missing = forms.CharField(
        label=_("What is missing"),
        help_text=_("List everything; the party reads this."),
        required=False,
        max_length=2000,
        widget=lines(),
    )

    def conditions(self) -> dict[str, Given]:
        """Ask what is missing only where something is."""
        return {"missing": Given("form_complete", {"False"})}

    def clean(self) -> dict[str, Any]:
        """Refuse to send a form back without saying what is missing."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("form_complete") is False and not answers.get("missing"):
            self.add_error("missing", _("Say what is missing."))
        return answers


class Completion(Supplement):
    """Asked of the party whose form was incomplete."""

    title = _("Complete the application")
    why = _("the party has to complete the form")


_REFUSAL = ("refusal_code", "refusal_reason", "apply_again")


class _Refusable(StepForm):
    """A step that may end in a refusal, which must name its ground."""

    refused: tuple[str, str]

    def conditions(self) -> dict[str, Given]:
        """Ask for ground, reasons and the way back only where the answer is a refusal."""
        name, value = self.refused
        return {**super().conditions(), **dict.fromkeys(_REFUSAL, Given(name, {value}))}

    def clean(self) -> dict[str, Any]:
        """Ask for ground, reasons and the way back where the answer is a refusal."""
        answers: dict[str, Any] = super().clean() or {}
        name, value = self.refused
        if answers.get(name) == value:
            for field in _REFUSAL:
                if not answers.get(field):
                    self.add_error(field, _("A refusal needs this."))
        return answers


def _ground() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ground of refusal"), choices=[("", "—"), *Refusal.choices], required=False
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reasons, as the party will read them"),
        required=False,
        max_length=2000,
        widget=lines(),
    )


def _again() -> forms.CharField:
    return forms.CharField(
        label=_("When and how the party may apply again"), required=False, max_length=200
    )


_ON_ACCEPTANCE = {
    "accept": _("The party gets a letter of acceptance; the time to decide starts today."),
    "supplement": _("The party gets one notice; the clocks stand still until it answers."),
    "refuse": _("Nothing is sent yet: a reviewer confirms or gives it back."),
}
_ON_DECISION = {
    "grant": _("The party gets the decision; publication has to be stopped at once."),
    "refuse": _("The party gets the decision with ground and remedies; the case is closed."),
}


class Examination(NoticeOnce, _Refusable):
    """Asked of the finding authority: does it take the application up?"""

    title = _("Decide on acceptance")
    why = _("the authority that made the decision has to say whether it takes the application up")
    asks = ("examination", "supplement")
    refused = ("examination", "refuse")
    field_order = ("examination", "missing")

    examination = forms.ChoiceField(
        label=_("Result of the examination"),
        choices=[
            ("accept", _("Accept")),
            ("supplement", _("Ask once for everything that is missing")),
            ("refuse", _("Propose not to accept (a second person confirms)")),
        ],
        widget=forms.RadioSelect,
    )
    refusal_code = _ground()
    refusal_reason = _reason()
    apply_again = _again()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("examination", _ON_ACCEPTANCE)


class RefusalReview(StepForm):
    """Asked of a second person before an application is not taken up."""

    title = _("Confirm that the application is not accepted")
    why = _("a second person has to confirm that the application is not accepted")

    refusal_confirmed = forms.BooleanField(
        label=_("I have read the file and confirm that the application is not accepted"),
        help_text=_("If you do not agree, return the step: it is examined again."),
    )


class Verification(StepForm):
    """Asked of the handler of the finding authority."""

    title = _("Verify")
    why = _("the authority verifies that the duty is fulfilled and the breach put right")
    personal = ("officers",)

    verification_way = forms.TypedChoiceField(
        label=_("How was this verified?"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Way.FILE,
        empty_value=Way.FILE,
    )
    site = forms.CharField(
        label=_("Place seen"),
        help_text=_("Only for a verification on site."),
        required=False,
        max_length=200,
    )
    officers = forms.CharField(
        label=_("Who was there for the authority"),
        help_text=_("On site at least two persons, one a line."),
        required=False,
        max_length=200,
        widget=lines(2),
    )
    duty_fulfilled = yes_or_no(label=_("Has the duty been fulfilled in full?"))
    breach_corrected = yes_or_no(label=_("Has the breach been put right?"))
    verification = forms.CharField(
        label=_("What was seen"),
        help_text=_("Files read, sites looked at, facts found; with their dates."),
        max_length=2000,
        widget=lines(),
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the place and the two persons only where one was on site."""
        return dict.fromkeys(("site", "officers"), Given("verification_way", {Way.SITE.value}))

    def clean(self) -> dict[str, Any]:
        """Hold a verification on site to a place and two persons (casebook D10)."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("verification_way") == Way.SITE:
            if not answers.get("site"):
                self.add_error("site", _("Say which place was seen."))
            if len(str(answers.get("officers", "")).split("\n")) < _TWO:
                self.add_error("officers", _("Name the two persons who were on site."))
        return answers


class Decision(_Refusable):
    """Asked of a second person, who did none of the work before."""

    title = _("Decide on the repair")
    why = _("a second person of the authority decides")
    refused = ("decision", "refuse")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the repair")), ("refuse", _("Refuse the repair"))],
        widget=forms.RadioSelect,
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=lines()
    )
    refusal_code = _ground()
    refusal_reason = _reason()
    apply_again = _again()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("decision", _ON_DECISION)

    def clean(self) -> dict[str, Any]:
        """Refuse to grant what the handler found unfulfilled."""
        answers = super().clean()
        found = self.case.duty_fulfilled and self.case.breach_corrected
        if answers.get("decision") == "grant" and not found:
            self.add_error(
                "decision",
                _("The handler found the duty or the correction wanting: return or refuse."),
            )
        return answers


class Stopping(StepForm):
    """Asked of the finding authority, which stops publication at its source."""

    title = _("Stop publication at source")
    why = _("the authority has to stop showing the record on its own site")

    stopped_note = forms.CharField(
        label=_("Where and how publication was stopped"), max_length=400, widget=lines()
    )

    def clean(self) -> dict[str, Any]:
        """Keep the day since which the record is not shown."""
        answers: dict[str, Any] = super().clean() or {}
        return {**answers, "hidden_on": self.case.hidden_on or self.on}


class Confirmation(StepForm):
    """Asked of the office: is the record shown nowhere any more?"""

    title = _("Confirm in each place")
    why = _("the credit office looks in each place that showed the record")

    measures = forms.CharField(
        label=_("Units known to have built a measure on this record"),
        help_text=_("One a line. If you name one, you are asked whether the measures are lifted."),
        required=False,
        max_length=2000,
        widget=lines(3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(self.case.record.showings.filter(stopped_on=None).order_by("id"))
        for showing in self.places:
            self._ask_about(showing)

    def clean(self) -> dict[str, Any]:
        """Gather what was seen in each place."""
        answers: dict[str, Any] = super().clean() or {}
        seen = {s.place: answers.pop(f"evidence_{s.place}", "") for s in self.places}
        for showing in self.places:
            answers.pop(f"gone_{showing.place}", None)
        return {**answers, "confirmations": seen}

    def _ask_about(self, showing: Any) -> None:
        place = Place(showing.place).label
        self.fields[f"gone_{showing.place}"] = forms.BooleanField(
            label=_("%(place)s: the record is no longer shown") % {"place": place},
            error_messages={
                "required": _("The case cannot be closed while a place shows the record.")
            },
        )
        self.fields[f"evidence_{showing.place}"] = forms.CharField(
            label=_("%(place)s: what was seen, and when") % {"place": place}, max_length=400
        )


class Lifting(StepForm):
    """Asked of the office: does any measure built on the record still run?"""

    title = _("Confirm that the measures are lifted")
    why = _("the credit office asks each unit that built a measure on the record")

    measures_lifted = forms.BooleanField(
        label=_("Every unit named has lifted its measure"),
        error_messages={"required": _("The case cannot be closed while a measure runs on.")},
    )
    lifting_note = forms.CharField(
        label=_("Which unit lifted what, and when"), max_length=2000, widget=lines()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures_lifted"].help_text = self.case.measures


class ShieldApplication(StepForm):
    """Asked of the party, or of the manager who acts for it, in a court reorganisation."""

    title = _("Ask for a shield during a court reorganisation")
    personal = ("agent_name", "agent_phone", "manager")
    carried = ("agent_name", "agent_phone", "served_electronically")
    pages = (
        QuestionGroup(
            "ruling",
            _("The ruling of the court"),
            ("court", "ruling_number", "ruled_on", "proof"),
            _("The ruling that approves the plan of the reorganisation."),
        ),
        QuestionGroup(
            "plan",
            _("The plan and its manager"),
            ("plan_ends_on", "manager"),
        ),
        _CONTACT,
    )

    court = forms.CharField(label=_("Court"), max_length=100)
    ruling_number = forms.CharField(label=_("Number of the ruling"), max_length=100)
    ruled_on = forms.DateField(label=_("Date of the ruling"), widget=day())
    plan_ends_on = forms.DateField(label=_("When does the plan end?"), widget=day())
    manager = forms.CharField(label=_("Manager appointed by the court"), max_length=100)
    proof = MaterialList(_OF_THE_COURT, label=_("The ruling and the plan"))
    agent_name = contact_name()
    agent_phone = contact_phone()
    served_electronically = electronic_service()

    def clean_ruled_on(self) -> Any:
        """Refuse a day that has not come."""
        if self.cleaned_data["ruled_on"] > self.on:
            raise ValidationError(_("This day has not come yet."))
        return self.cleaned_data["ruled_on"]

    def clean_plan_ends_on(self) -> Any:
        """Refuse a plan that is over: the ordinary repair is the way then."""
        if self.cleaned_data["plan_ends_on"] < self.on:
            raise ValidationError(_("The plan is over already; apply for repair."))
        return self.cleaned_data["plan_ends_on"]


class RulingCheck(StepForm):
    """Asked of the handler: is the court's ruling what it seems?"""

    title = _("Check the ruling")
    why = _("the finding authority checks the ruling with the court")

    ruling_genuine = yes_or_no(label=_("Is the ruling genuine, and does it approve the plan?"))
    ruling_note = forms.CharField(label=_("How this was checked"), max_length=2000, widget=lines())


class RulingDecision(_Refusable):
    """Asked of a second person: is the record shielded?"""

    title = _("Decide on the shield")
    why = _("a second person of the authority decides on the shield")
    refused = ("decision", "refuse")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Shield the record")), ("refuse", _("Refuse the shield"))],
        widget=forms.RadioSelect,
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=lines()
    )
    refusal_code = _ground()
    refusal_reason = _reason()
    apply_again = _again()

    def clean(self) -> dict[str, Any]:
        """Refuse to rely on a ruling that was not found genuine; keep since when it is hidden."""
        answers = super().clean()
        if answers.get("decision") == "grant":
            if not self.case.ruling_genuine:
                self.add_error("decision", _("The ruling was not found genuine: refuse or return."))
            answers["hidden_on"] = self.on
        return answers


class PlanReport(StepForm):
    """Asked of the handler when the plan has been carried out or has failed."""

    title = _("Report the outcome of the plan")
    why = _("the record stays shielded until the plan is carried out or fails")

    plan_outcome = forms.ChoiceField(
        label=_("Outcome of the plan"),
        choices=[("carried_out", _("Carried out")), ("failed", _("Failed, or liquidation"))],
        widget=forms.RadioSelect,
    )
    plan_note = forms.CharField(
        label=_("Who reported it, with which document"), max_length=2000, widget=lines()
    )


class PlanDecision(StepForm):
    """Asked of a second person: does the repair become final, or is the record shown again?"""

    title = _("Decide after the plan")
    why = _("a second person of the authority decides what becomes of the shield")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("carried_out", _("The plan was carried out: grant the repair")),
            ("failed", _("The plan failed: show the record again")),
        ],
        widget=forms.RadioSelect,
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=lines()
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to go beyond the report; say until when a record is shown again."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") != self.case.plan_outcome:
            self.add_error("decision", _("The handler reported otherwise: return the step."))
        elif answers["decision"] == "failed":
            answers |= _shown_again(self)
        return answers


class FulfilmentCheck(StepForm):
    """Asked of the handler when the longest period is over and fulfilment is unknown."""

    title = _("Check fulfilment")
    why = _("the longest period is over; publication stops only if the duty is fulfilled")

    fulfilment = forms.ChoiceField(
        label=_("Has the duty been fulfilled?"),
        choices=[("fulfilled", _("Fulfilled in full")), ("open", _("Not, or not in full"))],
        widget=forms.RadioSelect,
    )
    fulfilled_on = forms.DateField(label=_("When was it fulfilled?"), required=False, widget=day())
    kept_basis = forms.CharField(
        label=_("Rule of the sector by which the record stays published"),
        required=False,
        max_length=200,
    )
    fulfilment_note = forms.CharField(
        label=_("How this was checked"), max_length=2000, widget=lines()
    )

    def clean_fulfilled_on(self) -> Any:
        """Refuse a day that has not come, or that lies before the decision."""
        return _past(self, "fulfilled_on") if self.cleaned_data["fulfilled_on"] else None

    def conditions(self) -> dict[str, Given]:
        """Ask for the day, or for the rule, by what was found."""
        return {
            "fulfilled_on": Given("fulfilment", {"fulfilled"}),
            "kept_basis": Given("fulfilment", {"open"}),
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the day of the fulfilment, or for the rule by which the record stays."""
        answers: dict[str, Any] = super().clean() or {}
        wanted = {"fulfilled": "fulfilled_on", "open": "kept_basis"}.get(
            answers.get("fulfilment", ""), ""
        )
        if wanted and not answers.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, _("The answer above needs this."))
        return answers


class FulfilmentDecision(StepForm):
    """Asked of a second person: does publication end, or does the record stay?"""

    title = _("Decide on the end of publication")
    why = _("a second person of the authority decides whether publication ends")

    finding_confirmed = forms.BooleanField(
        label=_("I have read the file and confirm the finding"),
        help_text=_("If you do not agree, return the step: fulfilment is checked again."),
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=lines()
    )


class Suspicion(StepForm):
    """Asked of the authority that holds a repair to rest on something false."""

    title = _("Report that a repair rests on something false")

    allegation = forms.CharField(
        label=_("What is false"),
        help_text=_("The party reads this."),
        max_length=2000,
        widget=lines(),
    )
    evidence = forms.CharField(
        label=_("What shows it"),
        help_text=_("The party reads this."),
        max_length=2000,
        widget=lines(),
    )


class Statement(StepForm):
    """Asked of the party before anything is decided about the falsehood."""

    title = _("State your case")
    why = _("the party may state its case before anything is decided")

    statement = forms.CharField(label=_("Your statement"), max_length=4000, widget=lines(8))
    proof = AttachmentsField(label=_("Files"), required=False)


class Weighing(StepForm):
    """Asked of the handler: what remains of the suspicion after the party was heard?"""

    title = _("Weigh the statement")
    why = _("the authority weighs what the party has said")

    falsehood = yes_or_no(label=_("Does the repair rest on something false?"))
    statement_weighed = forms.CharField(
        label=_("Which arguments count, which do not, and why"),
        help_text=_("If the party said nothing, say so."),
        max_length=2000,
        widget=lines(),
    )


class FalsehoodDecision(StepForm):
    """Asked of a second person: is the repair revoked?"""

    title = _("Decide on the revocation")
    why = _("a second person of the authority decides whether the repair is revoked")

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("revoke", _("Revoke the repair")), ("uphold", _("Let the repair stand"))],
        widget=forms.RadioSelect,
    )
    decision_reason = forms.CharField(
        label=_("Reasons of the decision"), max_length=2000, widget=lines()
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to revoke against the finding; say until when one is shown and barred."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") != "revoke":
            return answers
        if not self.case.falsehood:
            self.add_error("decision", _("The handler found nothing false: return the step."))
            return answers
        return {**answers, **_shown_again(self), "barred_until": self.case.barred_to(self.on)}


def _shown_again(form: StepForm) -> dict[str, Any]:
    return {"shown_again_on": form.on, "restored_until": form.case.restored_to(form.on)}
