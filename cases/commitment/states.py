"""A commitment: its facts, its states and the lawful moves between them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.commitment.register import (
    ItemVersion,
    PromisedTerm,
    Variant,
    VerifyMethod,
    VerifyTerm,
)
from records.models import Place, Record, Showing
from workflows.acts import current_act
from workflows.models import Case, Deadline


class State(models.TextChoices):
    """Where a commitment stands (casebook §3.3); five of them are final."""

    RECEIVED = "received", _("Received; the credit record is being looked up")
    INELIGIBLE = "ineligible", _("Not eligible; to be told and passed to the general procedure")
    ELIGIBLE = "eligible", _("Eligible; main material being looked at")
    SUPPLEMENT = "supplement", _("Waiting for main material")
    INFORMED = "informed", _("Told what it means; waiting for the signature")
    COMMITTED = "committed", _("Committed; to be decided the same day")
    GAP = "gap", _("Accepted; waiting for the missing material")
    SUPPLEMENTED = "supplemented", _("Missing material has arrived; being checked")
    MISSED = "missed", _("Time for the missing material is over; two persons look at it")
    IN_REVIEW = "in_review", _("In review")
    DECIDED = "decided", _("Decided")
    VERIFY_PENDING = "verify_pending", _("Pushed; to be signed in by the supervising department")
    VERIFYING = "verifying", _("Being verified")
    WATCHED = "watched", _("No verification; under daily supervision")
    FULFILLED = "fulfilled", _("Fulfilled")
    PARTIAL = "partial", _("Fulfilled in part; an order is being prepared")
    NOT_FULFILLED = "not_fulfilled", _("Not fulfilled; an order is being prepared")
    FALSE = "false", _("Found false; prior notice being prepared")
    UNVERIFIED = "unverified", _("Could not be verified")
    RECTIFYING = "rectifying", _("Ordered to rectify; waiting for the party's report")
    RECHECKING = "rechecking", _("Rectification being checked")
    NOT_RECTIFIED = "not_rectified", _("Not rectified; prior notice being prepared")
    HEARING = "hearing", _("Prior notice issued; the party may be heard")
    HEARD = "heard", _("Heard; revocation being examined and decided")
    REVOKED = "revoked", _("Decision revoked")
    KEPT = "kept", _("Decision kept")
    TERMINATED = "terminated", _("Ended: the missing material did not come")
    RECORDED = "recorded", _("Fulfilment shared; closed")
    GENERAL = "general", _("Passed to the general procedure")
    REFUSED = "refused", _("Application refused")
    LAPSED = "lapsed", _("Lapsed: no answer from the party")
    WITHDRAWN = "withdrawn", _("Withdrawn by the party")


TOLD_PARTY = {
    State.RECEIVED: _("We have your application and are looking at your credit record"),
    State.INELIGIBLE: _("A commitment is not possible here; you will be told how to apply"),
    State.ELIGIBLE: _("You may commit; we are looking at your main material"),
    State.SUPPLEMENT: _("Some of your main material is missing; please hand it in"),
    State.INFORMED: _("Please read the notice, then sign the commitment or decline"),
    State.COMMITTED: _("You have committed; the decision comes the same working day"),
    State.GAP: _("Accepted; please hand in what is missing within the time you promised"),
    State.SUPPLEMENTED: _("What you handed in is being checked"),
    State.MISSED: _("The time you promised is over; we are checking whether anything arrived"),
    State.IN_REVIEW: _("Your application is being reviewed"),
    State.DECIDED: _("Your application has been granted"),
    State.VERIFY_PENDING: _("Granted; the supervising department is taking the matter over"),
    State.VERIFYING: _("Granted; whether the commitment is kept is being verified"),
    State.WATCHED: _("Granted; no verification, the usual supervision applies"),
    State.FULFILLED: _("Your commitment was found fulfilled"),
    State.PARTIAL: _("Your commitment was found fulfilled in part; you will be told what to do"),
    State.NOT_FULFILLED: _("Your commitment was found not fulfilled; you will be told what to do"),
    State.FALSE: _("Your commitment was found false; you will be heard before anything is decided"),
    State.UNVERIFIED: _("Nobody was met in two visits; the commitment could not be verified"),
    State.RECTIFYING: _("Please put right what the order names and report it"),
    State.RECHECKING: _("What you put right is being checked"),
    State.NOT_RECTIFIED: _("Not put right in time; you will be heard before anything is decided"),
    State.HEARING: _("Revocation is considered; you may state your case"),
    State.HEARD: _("Your case is being considered; the decision follows"),
    State.REVOKED: _("The decision has been revoked; see the letter for your remedies"),
    State.KEPT: _("The decision stays as it is"),
    State.TERMINATED: _("Ended because the missing material did not come"),
    State.RECORDED: _("Done: the result has been passed to the city's credit platform"),
    State.GENERAL: _("Ended here; you may apply in the general procedure"),
    State.REFUSED: _("Your application was refused"),
    State.LAPSED: _("Ended because no answer came; nothing is held against you"),
    State.WITHDRAWN: _("You withdrew; nothing is held against you"),
}


class Ineligible(models.TextChoices):
    """Why an organisation may not commit now (casebook §3.1)."""

    LISTED = "listed", _("It is on a published list of seriously dishonest entities")
    BROKEN = "broken", _("An earlier commitment was false or not kept, and is not repaired")
    EXCLUDED = "excluded", _("The item is in a field where no commitment is allowed")


class Result(models.TextChoices):
    """What a verification finds."""

    FULFILLED = "fulfilled", _("Fulfilled")
    PARTIAL = "partial", _("Fulfilled in part")
    NOT_FULFILLED = "not_fulfilled", _("Not fulfilled")
    FALSE = "false", _("False: what was promised was untrue when it was signed")
    CLOSED = "closed", _("Premises closed: nothing could be seen")


class Fulfilment(models.TextChoices):
    """How a commitment ended, as it is shared."""

    FULFILLED = "fulfilled", _("Fulfilled")
    PARTIAL = "partial", _("Fulfilled in part")
    NOT_FULFILLED = "not_fulfilled", _("Not fulfilled")
    FALSE = "false", _("False")
    UNVERIFIED = "unverified", _("Not verified")


class SignerIs(models.TextChoices):
    """In what capacity somebody signs for the organisation."""

    LEGAL = "legal", _("Legal representative")
    AUTHORISED = "authorised", _("Holder of a written authority")


class Refusal(models.TextChoices):
    """Why a permit is refused."""

    F1 = "F1", _("The conditions of the item are not met")
    F2 = "F2", _("The material is incomplete or not in the required form")
    F3 = "F3", _("The material handed in is false")
    F4 = "F4", _("The law does not allow the permit")


BROKEN = (Fulfilment.FALSE, Fulfilment.NOT_FULFILLED)
OPEN = [
    State.RECEIVED,
    State.INELIGIBLE,
    State.ELIGIBLE,
    State.SUPPLEMENT,
    State.INFORMED,
    State.COMMITTED,
    State.GAP,
    State.SUPPLEMENTED,
    State.IN_REVIEW,
]


def _text(label: object) -> "models.TextField[str, str]":
    return models.TextField(label, blank=True)  # type: ignore[arg-type]


class Commitment(Case):
    """A promise that stands in for a certificate, a check, or a paper still missing."""

    item_code = models.CharField(_("item"), max_length=20)
    version = models.ForeignKey(
        ItemVersion,
        verbose_name=_("version of the item"),
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    variant = models.CharField(_("variant"), max_length=1, choices=Variant.choices)
    promised_term = models.CharField(_("promised term"), max_length=4, choices=PromisedTerm.choices)
    verify_method = models.CharField(_("verification"), max_length=6, choices=VerifyMethod.choices)
    verify_term = models.CharField(
        _("term of verification"), max_length=4, choices=VerifyTerm.choices
    )
    gap_term = models.CharField(
        _("time promised for the missing material"),
        max_length=4,
        choices=PromisedTerm.choices,
        default=PromisedTerm.WD3,
    )
    address = models.CharField(_("address"), max_length=200)
    legal_representative = models.CharField(_("legal representative"), max_length=60)
    agent_name = models.CharField(_("contact person"), max_length=60)
    agent_phone = models.CharField(_("contact telephone"), max_length=30)
    agent_authority = models.CharField(_("number of the authority"), max_length=80, blank=True)
    missing_materials = models.JSONField(_("missing material"), default=list)
    credit_snapshot = models.JSONField(_("credit record when received"), default=dict)
    snapshot_hash = models.CharField(_("hash of the credit record"), max_length=64)
    ineligible = models.JSONField(_("why no commitment is possible"), default=list)
    switch_note = _text(_("how to apply in the general procedure"))
    examination = models.CharField(_("result of the examination"), max_length=12, blank=True)
    missing = _text(_("what is missing"))
    supplement_asked = models.BooleanField(_("supplement asked for"), default=False)
    supplement_note = _text(_("what was supplemented"))
    lapsed = models.BooleanField(_("lapsed"), default=False)
    choice = models.CharField(_("commits or declines"), max_length=8, blank=True)
    conditions_met = models.BooleanField(_("conditions met when signed"), null=True)
    conditions_by = models.DateField(_("conditions met by"), null=True)
    signer = models.CharField(_("signed by"), max_length=60, blank=True)
    signer_is = models.CharField(
        _("signed as"), max_length=10, choices=SignerIs.choices, blank=True
    )
    authority_number = models.CharField(_("authority to sign"), max_length=80, blank=True)
    signed_hash = models.CharField(_("hash of the commitment signed"), max_length=64, blank=True)
    committed_text = _text(_("text of the commitment signed"))
    committed_on = models.DateField(_("committed on"), null=True)
    seal_seen_in = models.JSONField(_("same seal used by others"), default=list)
    gap_note = _text(_("what was handed in later"))
    gap_closed = models.BooleanField(_("missing material complete"), null=True)
    gap_time_left = models.BooleanField(_("time left for the rest"), default=False)
    still_missing = _text(_("what is still missing"))
    arrived = models.BooleanField(_("arrived in time after all"), null=True)
    arrived_on = models.DateField(_("arrived on"), null=True)
    termination_reason = _text(_("why the matter is ended"))
    decision = models.CharField(_("decision"), max_length=12, blank=True)
    proposal = models.CharField(_("proposed decision"), max_length=12, blank=True)
    decision_reason = _text(_("reasons of the decision"))
    valid_until = models.DateField(_("valid until"), null=True)
    refusal_code = models.CharField(
        _("ground of refusal"), max_length=2, choices=Refusal.choices, blank=True
    )
    refusal_reason = _text(_("reasons"))
    apply_again = models.CharField(_("when to apply again"), max_length=200, blank=True)
    publication_note = models.CharField(_("how it was published"), max_length=400, blank=True)
    drawn = models.BooleanField(_("drawn by lot"), null=True)
    daily_supervision = models.BooleanField(_("under daily supervision"), default=False)
    method = models.CharField(_("method of verification"), max_length=12, blank=True)
    visited_on = models.DateField(_("verified on"), null=True)
    place = models.CharField(_("place of the verification"), max_length=200, blank=True)
    closed_visits = models.PositiveSmallIntegerField(_("visits to closed premises"), default=0)
    result = models.CharField(_("finding"), max_length=14, choices=Result.choices, blank=True)
    facts_found = _text(_("facts found"))
    operated_early = models.BooleanField(_("operated before the conditions were met"), null=True)
    subject_statement = _text(_("what the party said"))
    second_note = _text(_("note of the second verifier"))
    requirement = _text(_("what has to be rectified"))
    order_basis = models.CharField(_("basis of the order"), max_length=200, blank=True)
    rectification = _text(_("what was rectified"))
    recheck_note = _text(_("how the rectification was checked"))
    rectified = models.BooleanField(_("rectified"), null=True)
    to_interview = models.BooleanField(_("to be summoned to an interview"), null=True)
    notice_facts = _text(_("facts of the prior notice"))
    notice_basis = models.CharField(_("basis of the prior notice"), max_length=200, blank=True)
    statement = _text(_("statement of the party"))
    legal_opinion = _text(_("legal opinion"))
    revocation = models.CharField(_("revoke or keep"), max_length=8, blank=True)
    revocation_reason = _text(_("reasons for revoking or keeping"))
    revocation_note = models.CharField(_("how it was republished"), max_length=400, blank=True)
    fulfilment = models.CharField(
        _("fulfilment"), max_length=14, choices=Fulfilment.choices, blank=True
    )
    shared_note = models.CharField(_("receipt of the city's platform"), max_length=400, blank=True)
    shared_as = models.ForeignKey(
        Record,
        verbose_name=_("record of the fulfilment"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("notice and commitment")
        verbose_name_plural = _("notices and commitments")

    def derived(self) -> dict[str, str]:
        """Return the facts the service worked out itself when the case was opened."""
        return {
            "item_code": self.item_code,
            "variant": self.variant,
            "text_version": str(self.version.number),
            "snapshot_hash": self.snapshot_hash,
            "not_eligible": ";".join(self.ineligible),
        }

    @property
    def gap_due_on(self) -> date | None:
        """The last day for the missing material, once it runs."""
        key = f"commitment.{self.gap_term}.gap"
        found = Deadline.objects.filter(case_id=self.pk, term__key=key).order_by("-id").first()
        return found.due_on if found else None

    @transition(
        "state",
        source=State.RECEIVED,
        target=State.ELIGIBLE,
        custom={"label": _("Found eligible")},
    )
    def find_eligible(self) -> None:
        """Let the organisation commit: nothing in its credit record stands against it."""

    @transition(
        "state",
        source=State.RECEIVED,
        target=State.INELIGIBLE,
        custom={"label": _("Found not eligible")},
    )
    def find_ineligible(self) -> None:
        """Note why no commitment is possible; a person tells the organisation."""

    @transition(
        "state",
        source=State.INELIGIBLE,
        target=State.GENERAL,
        custom={"label": _("Passed to the general procedure")},
    )
    def switch(self) -> None:
        """Tell why, and how to apply in the general procedure."""

    @transition(
        "state",
        source=State.ELIGIBLE,
        target=State.SUPPLEMENT,
        custom={"label": _("Supplement asked for")},
    )
    def request_supplement(self) -> None:
        """Ask once, in writing, for all the main material that is missing."""

    @transition(
        "state",
        source=State.SUPPLEMENT,
        target=State.ELIGIBLE,
        custom={"label": _("Supplement handed in")},
    )
    def supply(self) -> None:
        """Take the main material in."""

    @transition(
        "state",
        source=State.ELIGIBLE,
        target=State.INFORMED,
        custom={"label": _("Told what the commitment means")},
    )
    def inform(self) -> None:
        """Tell what is promised, what is verified and what a falsehood costs."""

    @transition(
        "state",
        source=State.INFORMED,
        target=State.GENERAL,
        custom={"label": _("Commitment declined")},
    )
    def prefer_general(self) -> None:
        """Pass to the general procedure whoever prefers it; nothing is held against it."""

    @transition(
        "state",
        source=[State.SUPPLEMENT, State.INFORMED],
        target=State.LAPSED,
        custom={"label": _("Lapsed")},
    )
    def lapse(self) -> None:
        """End the case after silence; no adverse record."""

    @transition(
        "state",
        source=State.INFORMED,
        target=State.COMMITTED,
        custom={"label": _("Commitment signed")},
    )
    def commit(self) -> None:
        """Take the signed commitment in."""

    @transition(
        "state",
        source=State.COMMITTED,
        target=State.GAP,
        custom={"label": _("Accepted with material missing")},
    )
    def accept_with_gap(self) -> None:
        """Accept first; the review clock starts now."""

    @transition(
        "state",
        source=State.GAP,
        target=State.SUPPLEMENTED,
        custom={"label": _("Missing material handed in")},
    )
    def supply_gap(self) -> None:
        """Take in what was missing."""

    @transition(
        "state",
        source=State.GAP,
        target=State.MISSED,
        custom={"label": _("Time for the missing material is over")},
    )
    def miss(self) -> None:
        """Let two persons see whether anything arrived."""

    @transition(
        "state",
        source=State.SUPPLEMENTED,
        target=State.GAP,
        custom={"label": _("Rest asked for")},
    )
    def ask_rest(self) -> None:
        """Tell what is still missing; the date stays as it is."""

    @transition(
        "state",
        source=State.SUPPLEMENTED,
        target=State.MISSED,
        custom={"label": _("Still incomplete, and the time is over")},
    )
    def miss_rest(self) -> None:
        """Let two persons see whether anything arrived."""

    @transition(
        "state",
        source=State.MISSED,
        target=State.SUPPLEMENTED,
        custom={"label": _("Arrived in time after all")},
    )
    def admit(self) -> None:
        """Count the day of arrival, not the day it was noticed."""

    @transition(
        "state",
        source=State.MISSED,
        target=State.TERMINATED,
        custom={"label": _("Ended for want of the missing material"), "adverse": True},
    )
    def terminate(self) -> None:
        """End the matter; the promise was not kept."""

    @transition(
        "state",
        source=State.COMMITTED,
        target=State.IN_REVIEW,
        custom={"label": _("Taken into review")},
    )
    def take_up(self) -> None:
        """Look closer where an instant grant is not safe."""

    @transition(
        "state",
        source=State.SUPPLEMENTED,
        target=State.IN_REVIEW,
        custom={"label": _("Material complete")},
    )
    def complete_gap(self) -> None:
        """Review what is complete now."""

    @transition(
        "state",
        source=[State.COMMITTED, State.IN_REVIEW],
        target=State.DECIDED,
        custom={"label": _("Granted")},
    )
    def grant(self) -> None:
        """Grant what was applied for."""

    @transition(
        "state",
        source=State.IN_REVIEW,
        target=State.REFUSED,
        custom={"label": _("Application refused"), "adverse": True},
    )
    def refuse(self) -> None:
        """Refuse, with a ground and the remedies."""

    @transition(
        "state",
        source=State.DECIDED,
        target=State.VERIFY_PENDING,
        custom={"label": _("Pushed to the supervising department")},
    )
    def push(self) -> None:
        """Hand the commitment over to whoever supervises."""

    @transition(
        "state",
        source=State.VERIFY_PENDING,
        target=State.VERIFYING,
        custom={"label": _("Verification begun")},
    )
    def start_verification(self) -> None:
        """Begin to verify, by two persons."""

    @transition(
        "state",
        source=State.VERIFY_PENDING,
        target=State.WATCHED,
        custom={"label": _("Left to daily supervision")},
    )
    def watch(self) -> None:
        """Verify nothing; daily supervision stays."""

    @transition(
        "state",
        source=State.VERIFYING,
        target=State.FULFILLED,
        custom={"label": _("Found fulfilled")},
    )
    def fulfil(self) -> None:
        """Note that the promise was kept."""

    @transition(
        "state",
        source=State.VERIFYING,
        target=State.UNVERIFIED,
        custom={"label": _("Could not be verified")},
    )
    def leave_unverified(self) -> None:
        """Note that nobody was met; that is no falsehood."""

    @transition(
        "state",
        source=State.VERIFYING,
        target=State.PARTIAL,
        custom={"label": _("Found fulfilled in part")},
    )
    def find_partial(self) -> None:
        """Note what was kept and what was not."""

    @transition(
        "state",
        source=State.VERIFYING,
        target=State.NOT_FULFILLED,
        custom={"label": _("Found not fulfilled")},
    )
    def find_unfulfilled(self) -> None:
        """Note that the promise was not kept."""

    @transition(
        "state",
        source=State.VERIFYING,
        target=State.FALSE,
        custom={"label": _("Found false")},
    )
    def find_false(self) -> None:
        """Note a falsehood; the party is heard before anything follows."""

    @transition(
        "state",
        source=[State.PARTIAL, State.NOT_FULFILLED],
        target=State.RECTIFYING,
        custom={"label": _("Ordered to rectify"), "adverse": True},
    )
    def order(self) -> None:
        """Order what has to be put right, and until when."""

    @transition(
        "state",
        source=State.RECTIFYING,
        target=State.RECHECKING,
        custom={"label": _("Rectification reported")},
    )
    def report(self) -> None:
        """Take the party's report in."""

    @transition(
        "state",
        source=State.RECTIFYING,
        target=State.RECHECKING,
        custom={"label": _("Time to rectify is over")},
    )
    def run_out(self) -> None:
        """Check all the same: silence is not a finding."""

    @transition(
        "state",
        source=State.RECHECKING,
        target=State.FULFILLED,
        custom={"label": _("Found rectified")},
    )
    def fulfil_late(self) -> None:
        """Note that what was wrong has been put right."""

    @transition(
        "state",
        source=State.RECHECKING,
        target=State.NOT_RECTIFIED,
        custom={"label": _("Found not rectified")},
    )
    def find_unrectified(self) -> None:
        """Note that it was not put right; the party is heard before anything follows."""

    @transition(
        "state",
        source=State.NOT_RECTIFIED,
        target=State.NOT_RECTIFIED,
        custom={"label": _("Summoned to an interview")},
    )
    def summon(self) -> None:
        """Have the party summoned beside this case."""

    @transition(
        "state",
        source=[State.FALSE, State.NOT_RECTIFIED],
        target=State.HEARING,
        custom={"label": _("Prior notice issued")},
    )
    def notify(self) -> None:
        """Tell what is considered and that the party may be heard."""

    @transition(
        "state",
        source=State.HEARING,
        target=State.HEARD,
        custom={"label": _("Party heard")},
    )
    def hear(self) -> None:
        """Take the statement in."""

    @transition(
        "state",
        source=State.HEARING,
        target=State.HEARD,
        custom={"label": _("No statement in time")},
    )
    def waive(self) -> None:
        """Go on; silence admits nothing."""

    @transition(
        "state",
        source=State.HEARD,
        target=State.REVOKED,
        custom={"label": _("Decision revoked"), "adverse": True},
    )
    def revoke(self) -> None:
        """Revoke the decision that rests on the commitment."""

    @transition(
        "state",
        source=State.HEARD,
        target=State.KEPT,
        custom={"label": _("Decision kept")},
    )
    def keep(self) -> None:
        """Keep the decision."""

    @transition(
        "state",
        source=State.TERMINATED,
        target=State.RECORDED,
        custom={"label": _("Termination shared")},
    )
    def record_end(self) -> None:
        """Share that the promise was not kept."""
        self._share()

    @transition(
        "state",
        source=[State.FULFILLED, State.UNVERIFIED, State.WATCHED, State.REVOKED, State.KEPT],
        target=State.RECORDED,
        custom={"label": _("Fulfilment shared")},
    )
    def record_fulfilment(self) -> None:
        """Share how the promise was kept."""
        self._share()

    @transition(
        "state",
        source=OPEN,
        target=State.WITHDRAWN,
        custom={"label": _("Withdrawn")},
    )
    def withdraw(self) -> None:
        """Let the party end the case before it is decided; no adverse record."""

    def _share(self) -> None:
        self.shared_as = Record.objects.create(
            kind=Record.Kind.COMMITMENT,
            document_number=self.reference,
            subject=self.party,
            authority_code=self.version.supervising.credit_code,
            authority_name=self.version.supervising.name,
            decided_on=current_act().on,
            categories=[self.fulfilment],
            content=str(self.version.item.name),
            legal_basis=self.version.basis,
            publication=self._shown(),
            reported=self.as_shared(),
        )
        if self.version.is_public:
            Showing.objects.create(record=self.shared_as, place=Place.CITY)

    def _shown(self) -> str:
        shown, hidden = Record.Publication.PUBLISHED, Record.Publication.UNPUBLISHED
        return shown if self.version.is_public else hidden

    def as_shared(self) -> dict[str, object]:
        """Return the record of this commitment as the city's platform gets it (GB/T 46277)."""
        return {
            "commitment": self.reference,
            "type": self.variant,
            "item": self.item_code,
            "version": self.version.number,
            "committed_on": _plain(self.committed_on),
            "valid_until": _plain(self.valid_until),
            "accepted_by": self.version.approving.credit_code,
            "verification": self.verify_method,
            "status": self.fulfilment,
            "verified_on": _plain(self.visited_on),
            "verified_by": self.version.supervising.credit_code,
            "text": self.signed_hash,
            "public": self.version.is_public,
        }


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None
