"""What each person is asked in an objection."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BLANK_CHOICE_DASH
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.objection import rules
from cases.objection.states import (
    Capacity,
    Conclusion,
    Disputed,
    Fate,
    Finding,
    Flaw,
    Ground,
    Remedy,
    Request,
    State,
)
from forms.base import StepForm
from forms.fields import AttachmentsField
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
from records.models import Place

__all__ = ["Supplement"]
_WRONG = (Conclusion.WRONG, Conclusion.PARTLY_WRONG)
_EVIDENCE = (
    Material(
        "decision",
        _("The document the record speaks of"),
        _("The decision, permit or notice as it was served on you."),
    ),
    Material(
        "right",
        _("What shows what is right"),
        _("Receipts, extracts from the register, letters of the authority."),
    ),
    Material(
        "seen",
        _("The record as you saw it"),
        _("A picture of the page, or the page of the credit report."),
    ),
)
_CLAIM = (
    QuestionGroup(
        "matter",
        _("What is wrong"),
        ("flaw", "disputed", "wanted"),
        _("What is shown now stands beside each part of the record."),
    ),
    QuestionGroup(
        "value",
        _("What would be right"),
        ("claimed_value",),
        when=Given("wanted", {Request.CORRECT.value}),
    ),
    QuestionGroup(
        "grounds",
        _("Why it is wrong, and what shows it"),
        ("reason", "where_seen", "evidence"),
        _("Have the decision as served on you and your evidence at hand."),
    ),
)
_FILED_BY = (
    QuestionGroup(
        "standing",
        _("Who files this"),
        ("under_review", "capacity"),
        _("And whether the matter is before another body already."),
    ),
    QuestionGroup(
        "pending",
        _("The review or lawsuit that is pending"),
        ("review_number",),
        when=Given("under_review", {"True"}),
    ),
    QuestionGroup(
        "authority",
        _("The agent's authority"),
        ("authority",),
        when=Given("capacity", {Capacity.AGENT.value}),
    ),
    QuestionGroup(
        "contact",
        _("Whom we may ask"),
        ("agent_name", "agent_phone", "agent_email", "served_electronically"),
        _("The office calls this person if something is unclear."),
    ),
    QuestionGroup("truth", _("Your statement that this is true"), ("truthful",)),
)


class Application(StepForm):
    """Asked of the party (D14)."""

    title = _("Object to a record")
    personal = ("agent_name", "agent_phone", "agent_email")
    carried = ("capacity", "agent_name", "agent_phone", "agent_email", "served_electronically")
    pages: ClassVar[tuple[QuestionGroup, ...]] = (*_CLAIM, *_FILED_BY)

    flaw = forms.ChoiceField(label=_("What is wrong with the record?"), choices=Flaw.choices)
    disputed = forms.ChoiceField(
        label=_("Which part do you dispute?"),
        help_text=_("What is shown now stands beside each part."),
        choices=Disputed.choices,
    )
    claimed_value = forms.CharField(
        label=_("What would be right?"),
        help_text=_("An amount in yuan, a day as 2026-09-30, or the text as it should read."),
        required=False,
        max_length=2000,
        widget=lines(2),
    )
    reason = forms.CharField(label=_("Why is it wrong?"), max_length=2000, widget=lines())
    wanted = forms.ChoiceField(
        label=_("What do you ask for?"), choices=Request.choices, widget=forms.RadioSelect
    )
    where_seen = forms.CharField(
        label=_("Where did you see it?"),
        help_text=_("Address of the page, or number of the credit report."),
        max_length=400,
    )
    evidence = MaterialList(_EVIDENCE, label=_("Evidence"), help_text=_("At least one of these."))
    under_review = forms.BooleanField(
        label=_("An administrative review or lawsuit about this matter is pending"), required=False
    )
    review_number = forms.CharField(
        label=_("Its number"), max_length=100, required=False, help_text=_("If one is pending.")
    )
    capacity = forms.ChoiceField(
        label=_("You file as"), choices=Capacity.choices, widget=forms.RadioSelect
    )
    authority = AttachmentsField(
        label=_("Power of attorney"),
        help_text=_("An agent hands in the organisation's authority, valid today."),
        required=False,
    )
    agent_name = contact_name()
    agent_phone = contact_phone()
    agent_email = forms.EmailField(label=_("E-mail"), required=False)
    served_electronically = electronic_service()
    truthful = forms.BooleanField(
        label=_("What I state and hand in is true and complete"),
        error_messages={"required": _("An objection is taken only with this statement.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disputed"].choices = _parts_of(self.case.record)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the answers given make necessary."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("capacity") == Capacity.AGENT and not answers.get("authority"):
            self.add_error("authority", _("An agent needs the organisation's authority."))
        if answers.get("under_review") and not answers.get("review_number"):
            self.add_error("review_number", _("Give the number of the review or lawsuit."))
        if answers.get("wanted") == Request.CORRECT:
            self._check_claim(answers)
        return answers

    def _check_claim(self, answers: dict[str, Any]) -> None:
        disputed, claimed = answers.get("disputed", ""), answers.get("claimed_value", "")
        if not claimed:
            self.add_error("claimed_value", _("Say what would be right."))
        elif not _fits(disputed, claimed):
            self.add_error("claimed_value", _NOT_A_VALUE)


class Again(Application):
    """Asked of the party that objects once more to what has been decided."""

    title = _("Object again, with new evidence")
    pages = (
        QuestionGroup(
            "new",
            _("What is new"),
            ("new_evidence",),
            _("What was decided is looked at again only for something new."),
        ),
        *_CLAIM,
        *_FILED_BY,
    )

    new_evidence = forms.CharField(
        label=_("What is new?"),
        help_text=_("Evidence that was not before us the first time, and why it was not."),
        max_length=2000,
        widget=lines(),
    )


class Screening(NoticeOnce):
    """Asked of the acceptance officer of the credit office."""

    title = _("Decide on acceptance")
    why = _("the credit office has to say whether it takes the objection up")
    asks = ("screening", "supplement")

    screening = forms.ChoiceField(
        label=_("Result of the screening"),
        choices=[
            ("accept", _("Accept")),
            ("supplement", _("Ask once for everything that is missing")),
            ("refuse", _("Propose not to accept (a second person confirms)")),
        ],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Ground of non-acceptance"), choices=[("", "—"), *Ground.choices], required=False
    )
    ground_reason = forms.CharField(
        label=_("Reasons, as the party will read them"),
        required=False,
        max_length=2000,
        widget=lines(),
    )
    field_order = ("screening",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("screening", _ON_SCREENING)

    def conditions(self) -> dict[str, Given]:
        """Ask for the ground only where it is proposed not to accept."""
        refused = Given("screening", {"refuse"})
        return {**super().conditions(), "ground": refused, "ground_reason": refused}

    def clean(self) -> dict[str, Any]:
        """Hold a proposal not to accept to a ground that is there, and to its reasons."""
        answers = super().clean()
        if answers.get("screening") == "refuse":
            for name in ("ground", "ground_reason"):
                if not answers.get(name):
                    self.add_error(name, _("A proposal not to accept needs this."))
            self._check_decided(answers.get("ground"))
        return answers

    def _check_decided(self, ground: str | None) -> None:
        earlier = self.case.record.cases.filter(kind=self.case.kind, state=State.CLOSED)
        if ground == Ground.DECIDED and not earlier.exists():
            self.add_error("ground", _("No objection to this record has been decided."))


class RefusalReview(StepForm):
    """Asked of a second person before an objection is not taken up."""

    title = _("Confirm that the objection is not accepted")
    why = _("a second person has to confirm that the objection is not accepted")

    review_opinion = forms.CharField(
        label=_("Why the proposal is right"),
        help_text=_("If it is not, return the step instead."),
        max_length=2000,
        widget=lines(),
    )


class _Correcting(StepForm):
    """A step that may name the value a disputed fact should have."""

    corrected_value = forms.CharField(
        label=_("Corrected value of the disputed part"),
        help_text=_("An amount in yuan, a day as 2026-09-30, or the text as it should read."),
        required=False,
        max_length=2000,
        widget=lines(2),
    )
    makes_worse = forms.BooleanField(
        label=_("The correction is to the party's cost"),
        help_text=_("The party is then heard before anything is corrected."),
        required=False,
    )

    def take_correction(self, answers: dict[str, Any]) -> None:
        """Turn what was written into a change of the record; money tells itself if it is worse."""
        disputed, said = self.case.disputed, answers.get("corrected_value", "")
        answers["changes"] = {}
        if not said:
            self.add_error("corrected_value", _("Give the corrected value."))
        elif not rules.is_fact(disputed) or not _fits(disputed, said):
            self.add_error("corrected_value", _NOT_A_VALUE)
        else:
            self._change(answers, disputed, rules.value_of(disputed, said))

    def take_remedy(self, answers: dict[str, Any]) -> None:
        """Ask what has to be done, and for the value where it is to correct the record."""
        if not answers.get("remedy"):
            self.add_error("remedy", _("Say what has to be done."))
        if answers.get("remedy") != Remedy.CORRECT:
            answers |= {"corrected_value": "", "changes": {}}
        else:
            self.take_correction(answers)

    def _change(self, answers: dict[str, Any], disputed: str, value: Any) -> None:
        answers["changes"] = {disputed: value}
        higher = rules.is_higher(disputed, value, getattr(self.case.record, disputed))
        answers["makes_worse"] = higher or answers.get("makes_worse", False)


class Comparison(_Correcting):
    """Asked of the handler of the credit office: is the mistake our own?"""

    title = _("Compare with the source message")
    why = _("the credit office compares what is shown with what the provider reported")

    finding = forms.ChoiceField(
        label=_("What does the comparison show?"),
        choices=Finding.choices,
        widget=forms.RadioSelect,
    )
    compared = forms.CharField(
        label=_("What was compared, and what was seen"), max_length=2000, widget=lines()
    )
    field_order = ("finding", "compared")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("finding", _ON_COMPARISON)

    def clean(self) -> dict[str, Any]:
        """Ask for the right value where the mistake is our own."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("finding") == Finding.OURS:
            self.take_correction(answers)
        else:
            answers |= {"corrected_value": "", "makes_worse": False, "changes": {}}
        return answers


class _Approving(StepForm):
    """A step in which a second person agrees, with reasons, or returns it."""

    approval = forms.CharField(
        label=_("Opinion of the approver"),
        help_text=_("If you do not agree, return the step instead."),
        max_length=2000,
        widget=lines(),
    )


class OwnApproval(_Approving):
    """Asked of a second person before the office's own mistake is put right."""

    title = _("Approve the correction of an own mistake")
    why = _("a second person has to agree before a record is changed")


class Signing(StepForm):
    """Asked of the provider on receipt of the inquiry (D16)."""

    title = _("Sign for the inquiry")
    why = _("the provider of the record has to sign for the inquiry")
    personal = ("signed_for",)

    signed_for = forms.CharField(label=_("Section and person in charge"), max_length=200)


class Verification(_Correcting):
    """Asked of the handler of the provider (D17)."""

    title = _("Verify the disputed record")
    why = _("the provider of the record verifies it against its own files")

    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect
    )
    verification = forms.CharField(
        label=_("What was verified, and why this is the conclusion"),
        help_text=_("Name the files and what they say; that it is true is not enough."),
        max_length=2000,
        widget=lines(),
    )
    remedy = forms.ChoiceField(
        label=_("What has to be done?"), choices=[("", "—"), *Remedy.choices], required=False
    )
    proof = AttachmentsField(
        label=_("Evidence"),
        help_text=_("Needed for every conclusion but that nothing can be verified."),
        required=False,
    )
    field_order = ("conclusion", "verification", "remedy")

    def clean_verification(self) -> str:
        """Refuse a bare "it is true"."""
        said: str = self.cleaned_data["verification"]
        if rules.is_bare(said):
            raise ValidationError(_("Give reasons: a bare confirmation is no verification."))
        return said

    def clean(self) -> dict[str, Any]:
        """Ask for evidence, and for the remedy where the record is wrong."""
        answers: dict[str, Any] = super().clean() or {}
        conclusion = answers.get("conclusion")
        if conclusion != Conclusion.CANNOT_VERIFY and not answers.get("proof"):
            self.add_error("proof", _("Hand in the evidence, also where the record is right."))
        if conclusion in _WRONG:
            self.take_remedy(answers)
        else:
            answers |= {"remedy": "", "corrected_value": "", "makes_worse": False, "changes": {}}
        return answers


class Signature(StepForm):
    """Asked of a second person of the provider, who signs its reply."""

    title = _("Sign the reply")
    why = _("a second person of the provider signs the reply")

    reply_number = forms.CharField(
        label=_("Number of the reply"),
        help_text=_("If it is not right, return the step instead."),
        max_length=100,
    )


class Statement(StepForm):
    """Asked of the party before a correction to its cost."""

    title = _("Give your statement")
    why = _("the party is heard before the record is corrected to its cost")

    statement = forms.CharField(label=_("Your statement"), max_length=4000, widget=lines(6))
    proof = AttachmentsField(label=_("Files"), required=False)


class Draft(StepForm):
    """Asked of the handler of the credit office, who drafts the result (D18)."""

    title = _("Draft the result")
    why = _("the credit office drafts the result from the provider's reply")

    outcome_reason = forms.CharField(
        label=_("Reasons of the result, as the party will read them"),
        help_text=_("Answer the party's statement too, if it gave one."),
        max_length=2000,
        widget=lines(),
    )
    remedy = forms.ChoiceField(
        label=_("What has to be done?"), choices=Remedy.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.conclusion in _WRONG:
            self.fields["remedy"].initial = self.case.remedy
        else:
            del self.fields["remedy"]

    def clean(self) -> dict[str, Any]:
        """Let nobody but the provider say what the right value is."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("remedy") == Remedy.CORRECT and not self.case.changes:
            self.add_error("remedy", _("The provider has given no corrected value."))
        return answers


class Approval(_Approving):
    """Asked of a second person of the credit office, who decides."""

    title = _("Approve the result")
    why = _("a second person of the credit office decides on the result")


class SourceCorrection(StepForm):
    """Asked of the provider, which corrects its own system first."""

    title = _("Correct at source")
    why = _("the provider has to correct the record in its own system first")

    corrected_on = forms.DateField(label=_("Corrected on"), widget=day())
    source_note = forms.CharField(
        label=_("What was corrected, and in which systems"), max_length=2000, widget=lines()
    )
    proof = AttachmentsField(
        label=_("Evidence"), help_text=_("Such as a picture of the corrected entry.")
    )

    def clean_corrected_on(self) -> Any:
        """Refuse a day that has not come."""
        corrected_on = self.cleaned_data["corrected_on"]
        if corrected_on > self.on:
            raise ValidationError(_("This day has not come yet."))
        return corrected_on


class Copies(StepForm):
    """Asked of the office: what does every place show, and who was told?"""

    title = _("Confirm every copy")
    why = _("the credit office looks at every copy of the record and tells its users")

    users_told = forms.CharField(
        label=_("Users of the record, and how they were told"),
        help_text=_("Everybody who queried or used the record; 'none' if nobody did."),
        max_length=2000,
        widget=lines(),
    )
    effects_removed = forms.CharField(
        label=_("Adverse effects removed"),
        help_text=_("Measures built on the record, scores, reports; 'none' if there were none."),
        max_length=2000,
        widget=lines(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = _places_of(self.case)
        for name, called in self.places.items():
            self._ask_about(name, called)

    def clean(self) -> dict[str, Any]:
        """Gather what was seen in each place."""
        answers: dict[str, Any] = super().clean() or {}
        seen = {name: answers.pop(f"evidence_{name}", "") for name in self.places}
        for name in self.places:
            answers.pop(f"checked_{name}", None)
        return {**answers, "copies": seen}

    def _ask_about(self, name: str, called: Any) -> None:
        gone = self.case.remedy in (Remedy.REMOVE, Remedy.STOP)
        asked = _GONE if gone else _RIGHT
        self.fields[f"checked_{name}"] = forms.BooleanField(
            label=asked % {"place": called},
            error_messages={"required": _("No result is final while a copy is still wrong.")},
        )
        self.fields[f"evidence_{name}"] = forms.CharField(
            label=_("%(place)s: what was seen, and when") % {"place": called}, max_length=400
        )


class Settlement(StepForm):
    """Asked of the approver when the result has to be served, or review or litigation is known."""

    title = _("Decide on the mark")
    why = _("the mark is removed once the result is served, or kept while a review is pending")

    fate = forms.ChoiceField(
        label=_("What becomes of the mark?"), choices=Fate.choices, widget=forms.RadioSelect
    )
    review_number = forms.CharField(
        label=_("Number of the review or lawsuit"), max_length=100, required=False
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the number only where the mark is kept."""
        return {"review_number": Given("fate", {Fate.KEEP.value})}

    def clean(self) -> dict[str, Any]:
        """Refuse while a letter is not served, and to keep the mark for nothing."""
        answers: dict[str, Any] = super().clean() or {}
        if self.case.services.filter(effective_on=None).exists():
            self.add_error("fate", _("The result has not been served yet."))
        answers["review_number"] = answers.get("review_number") or self.case.review_number
        if answers.get("fate") == Fate.KEEP and not answers["review_number"]:
            self.add_error("review_number", _("Give the number of the review or lawsuit."))
        return answers


class ReviewEnd(_Correcting):
    """Asked of the handler of the office when the review or lawsuit has ended."""

    title = _("Note how the review or lawsuit ended")
    why = _("the mark stays until the review or lawsuit has ended")

    is_overturned = yes_or_no(
        label=_("Was the decision behind the record changed?"),
        help_text=_("Changed, revoked, found illegal or void. No: the mark is removed."),
    )
    review_note = forms.CharField(
        label=_("How it ended: document, day, and what it says"), max_length=2000, widget=lines()
    )
    remedy = forms.ChoiceField(
        label=_("What has to be done?"), choices=[("", "—"), *Remedy.choices], required=False
    )
    field_order = ("is_overturned", "review_note", "remedy")

    def clean(self) -> dict[str, Any]:
        """Ask for the remedy where the decision was changed."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("is_overturned"):
            answers["conclusion"] = Conclusion.WRONG.value
            self.take_remedy(answers)
        return answers


_NOT_A_VALUE = _("This is no value of the disputed part.")
_GONE = _("%(place)s: the record is no longer shown")
_RIGHT = _("%(place)s: the corrected record is shown, or none")
_ON_SCREENING = {
    "accept": _("The record is marked today; the party gets the letters about both."),
    "supplement": _("The party gets one notice; the clocks stand still until it answers."),
    "refuse": _("Nothing is sent yet: a reviewer confirms or returns it."),
}
_ON_COMPARISON = {
    Finding.SAME.value: _("The provider is asked."),
    Finding.OURS.value: _("An approver agrees; then the platform is put right at once."),
    Finding.SITE.value: _("An approver agrees; then the site is told to follow the platform."),
}


def _fits(disputed: str, said: str) -> bool:
    try:
        rules.value_of(disputed, said)
    except rules.NotAValue:
        return False
    return True


def _parts_of(record: Any) -> list[tuple[str, str]]:
    # Nobody disputes by chance the part that stands first.
    return [*BLANK_CHOICE_DASH, *((part.value, _with_value(part, record)) for part in Disputed)]


def _with_value(part: Disputed, record: Any) -> str:
    value = getattr(record, part.value) if rules.is_fact(part) else None
    shown = rules.shown_value(part, value)[:80]
    named = {"part": part.label, "value": shown}
    return gettext("%(part)s (%(value)s)") % named if shown else str(part.label)


def _places_of(case: Any) -> dict[str, Any]:
    open_places = case.record.showings.filter(stopped_on=None).order_by("id")
    places = {showing.place: Place(showing.place).label for showing in open_places}
    return {**places, "site": case.where_seen} if case.finding == Finding.SITE else places
