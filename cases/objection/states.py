"""An objection: its facts, its states and the lawful moves between them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from workflows import publication, wording
from workflows.models import Case


class State(models.TextChoices):
    """Where an objection stands (casebook §4.3); the last four are final."""

    RECEIVED = "received", _("Received; acceptance not yet decided")
    SUPPLEMENT = "supplement", _("Waiting for the party's supplement")
    ACCEPTED = "accepted", _("Accepted; to be marked")
    MARKED = "marked", _("Marked; being compared with the source message")
    INQUIRED = "inquired", _("Inquiry sent; provider has not signed for it")
    VERIFYING = "verifying", _("Being verified by the provider")
    OVERDUE = "overdue", _("Provider past due; record withheld until it answers")
    ANSWERED = "answered", _("Provider has answered; result being decided")
    HEARING = "hearing", _("Waiting for the party's statement before a correction to its cost")
    CORRECTING = "correcting", _("Found wrong; being corrected at source")
    SPREADING = "spreading", _("Corrected at source; being confirmed in every copy")
    CORRECTED = "corrected", _("Put right in every copy; mark still to be removed")
    MAINTAINED = "maintained", _("Maintained; mark still to be removed")
    WITHHELD = "withheld", _("Withheld, for it could not be verified; mark still to be removed")
    MARK_KEPT = "mark_kept", _("Decided; mark kept while review or litigation is pending")
    CLOSED = "closed", _("Result served; mark removed")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    LAPSED = "lapsed", _("Lapsed: no answer from the party")
    WITHDRAWN = "withdrawn", _("Withdrawn by the party")


TOLD_PARTY = {
    State.RECEIVED: _("We have your objection and are deciding whether to take it up"),
    State.SUPPLEMENT: _("We need more from you"),
    State.ACCEPTED: _("Your objection has been accepted; the record is being marked"),
    State.MARKED: _("The record is marked as disputed; we are comparing it with its source"),
    State.INQUIRED: _("The record is marked as disputed; we have asked its provider"),
    State.VERIFYING: _("The provider of the record is verifying it"),
    State.OVERDUE: _("The provider is late; the record is not shown until it answers"),
    State.ANSWERED: _("The provider has answered; we are deciding on the result"),
    State.HEARING: _("A correction would be to your cost; please tell us your view first"),
    State.CORRECTING: _("The record was found wrong; its provider is correcting it"),
    State.SPREADING: _("The record is corrected at its source; we are checking every copy"),
    State.CORRECTED: _("The record has been put right everywhere"),
    State.MAINTAINED: _("The record was found right and stays as it is"),
    State.WITHHELD: _("The record could not be verified and is no longer shown"),
    State.MARK_KEPT: _("Decided; the mark stays while your review or lawsuit is pending"),
    State.CLOSED: _("Done: you have the result, and the mark has been removed"),
    State.NOT_ACCEPTED: _("Your objection was not accepted"),
    State.LAPSED: _("The objection ended because nothing was handed in; you may object again"),
    State.WITHDRAWN: _("You withdrew the objection; you may object again"),
}


class Flaw(models.TextChoices):
    """What is said to be wrong with the record (casebook §4.4)."""

    WRONG = "wrong", _("The content is wrong")
    MISSING = "missing", _("Something is missing")
    SUBJECT = "subject", _("It is about another organisation (same name, wrong code)")
    OUT_OF_TERM = "out_of_term", _("It is shown longer than its term")
    OUT_OF_CATALOGUE = "out_of_catalogue", _("It was collected outside the catalogue")
    NOT_PUBLIC = "not_public", _("It must not be shown (trade secret, minor breach)")
    GRADE = "grade", _("Its grade is wrong")
    REPAIR = "repair", _("The result of a repair is wrong or not carried out")
    MEASURE = "measure", _("A listing or a measure is wrong")
    DUPLICATE = "duplicate", _("It is there twice")


class Disputed(models.TextChoices):
    """Which part of the record is disputed; the first eleven are columns of the record."""

    FINE = "fine_fen", _("Amount of the fine (yuan)")
    CONFISCATED = "confiscated_fen", _("Amount confiscated (yuan)")
    DECIDED_ON = "decided_on", _("Day of the decision")
    VALID_FROM = "valid_from", _("Valid from")
    VALID_UNTIL = "valid_until", _("Valid until")
    AUTHORITY = "authority_name", _("Authority")
    CATEGORIES = "categories", _("Kinds of penalty or permit")
    CONDUCT = "conduct", _("Conduct")
    FACTS = "facts", _("Facts")
    LEGAL_BASIS = "legal_basis", _("Legal basis of the decision")
    CONTENT = "content", _("Content")
    SUBJECT = "subject", _("Whose record it is")
    SHOWING = "showing", _("That it is shown, or for how long")
    GRADE = "grade", _("Grade of the breach")
    MEASURE = "measure", _("Listing or measure")
    WHOLE = "whole", _("The record as a whole")


MONEY = frozenset({Disputed.FINE, Disputed.CONFISCATED})


class Request(models.TextChoices):
    """What the party wants done."""

    CORRECT = "correct", _("Correct it")
    REMOVE = "remove", _("Delete it")
    STOP = "stop", _("Stop showing it")
    ADD = "add", _("Add what is missing")
    LIFT = "lift", _("Lift the measure")


class Capacity(models.TextChoices):
    """In what capacity somebody files for the organisation."""

    REPRESENTATIVE = "representative", _("Legal representative")
    AGENT = "agent", _("Authorised agent")


class Ground(models.TextChoices):
    """Why an objection is not taken up (casebook §4.3)."""

    IDENTITY = "identity", _("It is not shown that the person may act for the organisation")
    OUT_OF_VALIDITY = "out_of_validity", _("The data is out of validity and used nowhere")
    DECIDED = "decided", _("The same facts have been decided and there is no new evidence")
    LEGALITY = "legality", _("The lawfulness of the decision itself is attacked, not its record")


class Finding(models.TextChoices):
    """What the office finds when it compares the record with the source message."""

    SAME = "same", _("The platform shows what the provider reported")
    OURS = "ours", _("The platform shows something else: our own mistake")
    SITE = "site", _("Platform and source are right; another site shows something else")


class Conclusion(models.TextChoices):
    """What the provider concludes (casebook §4.3)."""

    WRONG = "wrong", _("The record is wrong")
    RIGHT = "right", _("The record is right")
    PARTLY_WRONG = "partly_wrong", _("The record is wrong in part")
    CANNOT_VERIFY = "cannot_verify", _("It can no longer be verified")
    OUT_OF_TERM = "out_of_term", _("The term of showing it has ended")


class Remedy(models.TextChoices):
    """What is done about a record that is wrong."""

    CORRECT = "correct", _("Correct it at its source and in every copy")
    REMOVE = "remove", _("Delete it at its source and in every copy")
    STOP = "stop", _("Stop showing it everywhere")


class Fate(models.TextChoices):
    """What becomes of the mark once the result has been served."""

    REMOVE = "remove", _("Remove the mark")
    KEEP = "keep", _("Keep the mark: review or litigation has been filed")


UNDECIDED = [
    State.RECEIVED,
    State.SUPPLEMENT,
    State.MARKED,
    State.INQUIRED,
    State.VERIFYING,
    State.OVERDUE,
    State.ANSWERED,
    State.HEARING,
]
RESULTS = [State.CORRECTED, State.MAINTAINED, State.WITHHELD]


def _move(source: Any, target: State, label: Any, **more: Any) -> Any:
    return transition("state", source=source, target=target, custom={"label": label, **more})


class Objection(Case):
    """A claim that what is shown about an organisation is wrong or must not be shown."""

    flaw = models.CharField(_("type of objection"), max_length=20, choices=Flaw.choices)
    disputed = models.CharField(_("disputed part"), max_length=20, choices=Disputed.choices)
    current_value = models.TextField(_("shown when the objection was filed"), blank=True)
    claimed_value = models.TextField(_("right according to the party"), blank=True)
    reason = models.TextField(_("reasons of the objection"))
    wanted = models.CharField(_("request"), max_length=8, choices=Request.choices)
    where_seen = models.CharField(_("where it was seen"), max_length=400)
    under_review = models.BooleanField(_("review or litigation pending"), default=False)
    review_number = models.CharField(_("number of the review or suit"), max_length=100, blank=True)
    capacity = models.CharField(_("filed as"), max_length=16, choices=Capacity.choices)
    agent_name = models.CharField(_("contact person"), max_length=60)
    agent_phone = models.CharField(_("contact telephone"), max_length=30)
    agent_email = models.EmailField(_("e-mail"), blank=True)
    is_again = models.BooleanField(_("objects again"), default=False)
    new_evidence = models.TextField(_("what is new"), blank=True)
    screening = models.CharField(_("result of the screening"), max_length=12, blank=True)
    missing = models.TextField(_("what is missing"), blank=True)
    supplement_asked = models.BooleanField(_("supplement asked for"), default=False)
    supplement_note = models.TextField(_("what was supplemented"), blank=True)
    lapsed = models.BooleanField(_("lapsed"), default=False)
    ground = models.CharField(
        _("ground of non-acceptance"), max_length=16, choices=Ground.choices, blank=True
    )
    ground_reason = models.TextField(_("reasons of non-acceptance"), blank=True)
    review_opinion = models.TextField(_("reviewer's opinion"), blank=True)
    finding = models.CharField(
        _("finding of the office"), max_length=8, choices=Finding.choices, blank=True
    )
    compared = models.TextField(_("how it was compared"), blank=True)
    signed_for = models.CharField(_("signed for by the provider"), max_length=200, blank=True)
    conclusion = models.CharField(
        _("provider's conclusion"), max_length=16, choices=Conclusion.choices, blank=True
    )
    verification = models.TextField(_("how it was verified"), blank=True)
    corrected_value = models.TextField(_("corrected value"), blank=True)
    changes = models.JSONField(_("facts to be corrected"), default=dict)
    makes_worse = models.BooleanField(_("correction to the party's cost"), default=False)
    reply_number = models.CharField(_("number of the reply"), max_length=100, blank=True)
    statement = models.TextField(_("party's statement"), blank=True)
    remedy = models.CharField(_("remedy"), max_length=8, choices=Remedy.choices, blank=True)
    outcome_reason = models.TextField(_("reasons of the result"), blank=True)
    approval = models.TextField(_("approver's opinion"), blank=True)
    source_note = models.TextField(_("how it was corrected at source"), blank=True)
    copies = models.JSONField(_("what each place shows"), default=dict)
    users_told = models.TextField(_("users of the record who were told"), blank=True)
    effects_removed = models.TextField(_("adverse effects removed"), blank=True)
    fate = models.CharField(_("the mark"), max_length=8, choices=Fate.choices, blank=True)
    is_overturned = models.BooleanField(_("changed on review or by a court"), null=True)
    review_note = models.TextField(_("how the review or lawsuit ended"), blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def get_current_value_display(self) -> str:
        """Return what was shown as pages show it: an amount as that of the record beside it."""
        return self._as_shown(self.current_value)

    def get_claimed_value_display(self) -> str:
        """Return what is right according to the party, likewise."""
        return self._as_shown(self.claimed_value)

    def get_corrected_value_display(self) -> str:
        """Return the corrected value, likewise."""
        return self._as_shown(self.corrected_value)

    def _as_shown(self, said: str) -> str:
        fen = wording.fen_in(said) if self.disputed in MONEY else None
        return said if fen is None else wording.money(fen)

    def derived(self) -> dict[str, Any]:
        """Return the facts the service worked out itself when the case was opened."""
        return {"current_value": self.current_value, "is_again": self.is_again}

    @_move(State.RECEIVED, State.SUPPLEMENT, _("Supplement asked for"))
    def request_supplement(self) -> None:
        """Ask once, in writing, for everything that is missing."""

    @_move(State.SUPPLEMENT, State.RECEIVED, _("Supplement handed in"))
    def supply(self) -> None:
        """Take the supplement in."""

    @_move(State.SUPPLEMENT, State.LAPSED, _("Lapsed"))
    def lapse(self) -> None:
        """End the case after silence; no adverse record."""

    @_move(State.RECEIVED, State.NOT_ACCEPTED, _("Not accepted"), adverse=True)
    def decline(self) -> None:
        """Refuse to take it up, with a ground and the remedies."""

    @_move(State.RECEIVED, State.ACCEPTED, _("Accepted"))
    def accept(self) -> None:
        """Take the objection up."""

    @_move(State.ACCEPTED, State.MARKED, _("Record marked as disputed"))
    def mark(self) -> None:
        """Mark the record wherever it is shown; the mark does not stop its publication."""
        publication.mark(self)

    @_move(State.MARKED, State.SPREADING, _("Mistake of the platform or of a site put right"))
    def self_correct(self) -> None:
        """Put the office's own mistake right; what only a site shows wrongly is not ours."""
        if self.finding == Finding.OURS:
            publication.correct(self, self.changes)

    @_move(State.MARKED, State.INQUIRED, _("Provider asked"))
    def inquire(self) -> None:
        """Ask the provider to verify the record."""

    @_move(State.INQUIRED, State.VERIFYING, _("Signed for by the provider"))
    def sign_for(self) -> None:
        """Note that the provider has the inquiry; its clock starts."""

    @_move(
        [State.VERIFYING, State.OVERDUE], State.OVERDUE, _("Withheld until the provider answers")
    )
    def withhold(self) -> None:
        """Withhold the record of a provider that is past due."""
        publication.withhold(self)

    @_move([State.VERIFYING, State.OVERDUE], State.ANSWERED, _("Provider answered"))
    def reply(self) -> None:
        """Take the provider's signed reply in."""

    @_move(State.ANSWERED, State.HEARING, _("Party asked for its statement"))
    def hear(self) -> None:
        """Ask the party before the record is corrected to its cost."""

    @_move(State.HEARING, State.ANSWERED, _("Party heard"))
    def note_statement(self) -> None:
        """Go on with the party's statement, or without one when it was silent."""

    @_move(State.ANSWERED, State.MAINTAINED, _("Record maintained"), adverse=True)
    def maintain(self) -> None:
        """Keep the record as it is, and show it again if only the delay had withheld it."""
        self._release()

    @_move(State.ANSWERED, State.WITHHELD, _("Withheld because it cannot be verified"))
    def leave_withheld(self) -> None:
        """Show the record no longer, for nobody can verify it."""
        publication.withhold(self, why=self.outcome_reason)

    @_move(State.ANSWERED, State.SPREADING, _("Publication stopped: its term has ended"))
    def expire(self) -> None:
        """Stop publication at once, for the term of showing the record has ended."""
        self.remedy = Remedy.STOP
        self._put_right()

    @_move(State.ANSWERED, State.CORRECTING, _("Objection upheld"))
    def uphold(self) -> None:
        """Find the record wrong, as the party said."""

    @_move(State.ANSWERED, State.CORRECTING, _("Objection upheld in part"), adverse=True)
    def uphold_in_part(self) -> None:
        """Find the record wrong in part, or otherwise than the party said."""

    @_move(State.CORRECTING, State.SPREADING, _("Corrected at source"))
    def put_right(self) -> None:
        """Follow the provider, which has corrected its own system first."""
        self._put_right()

    @_move(State.SPREADING, State.CORRECTED, _("Confirmed in every copy"))
    def spread(self) -> None:
        """Confirm what every place shows now."""
        if self.remedy in (Remedy.REMOVE, Remedy.STOP):
            publication.confirm(self, self.copies, repaired=False)

    @_move(RESULTS, State.MARK_KEPT, _("Mark kept"))
    def keep_mark(self) -> None:
        """Keep the mark while review or litigation is pending."""

    @_move(State.MARK_KEPT, State.ANSWERED, _("Taken up again after review or litigation"))
    def reconsider(self) -> None:
        """Decide anew, because the decision behind the record was changed."""

    @_move([*RESULTS, State.MARK_KEPT], State.CLOSED, _("Mark removed"))
    def finish(self) -> None:
        """Remove the mark."""
        publication.unmark(self)

    @_move(UNDECIDED, State.WITHDRAWN, _("Withdrawn"))
    def withdraw(self) -> None:
        """Let the party end the case before it is decided; no adverse record, no mark left."""
        if self.record is not None and self.record.marked_by == self.reference:
            publication.unmark(self)
        self._release()

    def _put_right(self) -> None:
        if self.remedy == Remedy.CORRECT:
            publication.correct(self, self.changes)
        elif self.remedy == Remedy.REMOVE:
            publication.remove(self, why=self.outcome_reason)
        else:
            publication.stop(self, note=self.outcome_reason)
        self._release()

    def _release(self) -> None:
        if self.record is not None and self.reference in self.record.withheld_by:
            publication.release(self)
