"""A repair: its facts, its states and the lawful moves between them."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from workflows import publication
from workflows.clock import months_after
from workflows.models import Case


class State(models.TextChoices):
    """Where a repair stands (casebook §5.3); those from ``REPAIRED`` on are final."""

    RECEIVED = "received", _("Received; form not yet checked")
    RETURNED = "returned", _("Returned to the party to be completed")
    PUSHED = "pushed", _("With the finding authority for acceptance")
    SUPPLEMENT = "supplement", _("Waiting for the party's supplement")
    ACCEPTED = "accepted", _("Accepted; being verified")
    APPROVED = "approved", _("Approved; publication to be stopped")
    STOPPED = "stopped", _("Stopped at source; being confirmed elsewhere")
    SYNCED = "synced", _("Stopped in every place; measures to be lifted")
    LIFTED = "lifted", _("No measure remains")
    RULING = "ruling", _("Court ruling being checked")
    SHIELDED = "shielded", _("Temporarily shielded while the reorganisation plan is carried out")
    FULFILMENT = "fulfilment", _("Longest period over; fulfilment being checked")
    SUSPECTED = "suspected", _("Falsehood suspected; the party is being heard")
    REPAIRED = "repaired", _("Repaired")
    REFUSED = "refused", _("Refused")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    LAPSED = "lapsed", _("Lapsed: no answer from the party")
    WITHDRAWN = "withdrawn", _("Withdrawn by the party")
    UNSHIELDED = "unshielded", _("Plan failed; the record is published again")
    EXPIRED = "expired", _("Stopped at the end of the longest period")
    KEPT = "kept", _("Not fulfilled; stays published after the longest period")
    REVOKED = "revoked", _("Repair revoked; the record is published again")
    UPHELD = "upheld", _("Falsehood not proven; the repair stands")


TOLD_PARTY = {
    State.RECEIVED: _("We have your application and are checking the form"),
    State.RETURNED: _("Your application is incomplete; please complete it"),
    State.PUSHED: _("The authority that made the decision is looking at your application"),
    State.SUPPLEMENT: _("The authority needs more from you"),
    State.ACCEPTED: _("Your application has been accepted and is being verified"),
    State.APPROVED: _("Your repair has been granted; publication is being stopped"),
    State.STOPPED: _("Publication has been stopped; we are checking every site"),
    State.SYNCED: _("The record is no longer shown; the measures tied to it are being lifted"),
    State.LIFTED: _("No measure tied to the record remains"),
    State.RULING: _("The authority is checking the court's ruling"),
    State.SHIELDED: _("The record is not shown while the reorganisation plan is carried out"),
    State.FULFILMENT: _("The longest period is over; the authority checks whether you fulfilled"),
    State.SUSPECTED: _("The authority doubts what the repair rests on; you may state your case"),
    State.REPAIRED: _("Done: the record is no longer shown"),
    State.REFUSED: _("Your application was refused"),
    State.NOT_ACCEPTED: _("Your application was not accepted"),
    State.LAPSED: _("The application ended because nothing was handed in; you may apply again"),
    State.WITHDRAWN: _("You withdrew the application; you may apply again"),
    State.UNSHIELDED: _("The plan failed; the record is shown again"),
    State.EXPIRED: _("The longest period is over; the record is no longer shown"),
    State.KEPT: _("The duty is not fulfilled; the record is still shown"),
    State.REVOKED: _("The repair was revoked; the record is shown again"),
    State.UPHELD: _("Nothing false was proven; the repair stands"),
}


class Decision(models.TextChoices):
    """What an approver has decided, on any road of a repair."""

    GRANT = "grant", _("Granted")
    REFUSE = "refuse", _("Refused by decision")
    CARRIED_OUT = "carried_out", _("Plan carried out")
    FAILED = "failed", _("Plan failed")
    REVOKE = "revoke", _("Repair revoked")
    UPHOLD = "uphold", _("Repair upheld")


class Channel(models.TextChoices):
    """Whose rules of repair apply to the record (casebook §5.2)."""

    NDRC = "ndrc", _("Credit China")
    SAMR = "samr", _("National Enterprise Credit Information Publicity System")


class Grade(models.TextChoices):
    """How grave the breach is; the gravest kind of penalty governs."""

    MINOR = "minor", _("Minor breach")
    GENERAL = "general", _("General breach")
    SERIOUS = "serious", _("Serious breach")


class Refusal(models.TextChoices):
    """Why a repair is not accepted or refused (casebook §5.5)."""

    R1 = "R1", _("The shortest publication period has not ended")
    R2 = "R2", _("The duty has not been fulfilled, or not in full")
    R3 = "R3", _("The breach has not been put right, or its effect not removed")
    R4 = "R4", _("The commitment is missing or invalid")
    R5 = "R5", _("The material is false")
    R6 = "R6", _("The party is barred from applying")
    R7 = "R7", _("The law does not allow this record to be repaired")
    R8 = "R8", _("Another authority made the finding")
    R9 = "R9", _("The record is no longer published")
    R10 = "R10", _("The party has a further penalty or is still listed")


class Way(models.TextChoices):
    """How the finding authority verified what it was told (casebook §5.3)."""

    FILE = "file", _("From the file")
    ONLINE = "online", _("Online")
    SITE = "site", _("On site, by two persons")


OPEN = [
    State.RECEIVED,
    State.RETURNED,
    State.PUSHED,
    State.SUPPLEMENT,
    State.ACCEPTED,
    State.RULING,
]


def _move(source: Any, target: State, label: Any, **more: Any) -> Any:
    return transition("state", source=source, target=target, custom={"label": label, **more})


class Repair(Case):
    """A request to end the publication of a breach that has been put right."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade.choices, blank=True)
    period_basis = models.CharField(_("basis of the shortest period"), max_length=200, blank=True)
    shown_until = models.DateField(_("end of the longest period"), null=True)
    fulfilled_on = models.DateField(_("duty fulfilled on"), null=True)
    receipt_number = models.CharField(_("payment receipt number"), max_length=80, blank=True)
    correction = models.TextField(_("what was put right"), blank=True)
    under_review = models.BooleanField(_("review or litigation pending"), default=False)
    signed_hash = models.CharField(_("hash of the commitment signed"), max_length=64, blank=True)
    signer = models.CharField(_("signed by"), max_length=60, blank=True)
    agent_name = models.CharField(_("contact person"), max_length=60, blank=True)
    agent_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    form_complete = models.BooleanField(_("form complete"), null=True)
    missing = models.TextField(_("what is missing"), blank=True)
    examination = models.CharField(_("result of the examination"), max_length=12, blank=True)
    supplement_asked = models.BooleanField(_("supplement asked for"), default=False)
    supplement_note = models.TextField(_("what was supplemented"), blank=True)
    lapsed = models.BooleanField(_("lapsed"), default=False)
    refusal_code = models.CharField(
        _("ground of refusal"), max_length=3, choices=Refusal.choices, blank=True
    )
    refusal_reason = models.TextField(_("reasons"), blank=True)
    apply_again = models.CharField(_("when to apply again"), max_length=200, blank=True)
    refusal_confirmed = models.BooleanField(_("refusal confirmed"), null=True)
    verification_way = models.CharField(
        _("way of verification"), max_length=8, choices=Way.choices, blank=True
    )
    site = models.CharField(_("place seen"), max_length=200, blank=True)
    duty_fulfilled = models.BooleanField(_("duty found fulfilled"), null=True)
    breach_corrected = models.BooleanField(_("breach found put right"), null=True)
    verification = models.TextField(_("how it was verified"), blank=True)
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices, blank=True)
    decision_reason = models.TextField(_("reasons of the decision"), blank=True)
    stopped_note = models.CharField(_("how publication was stopped"), max_length=400, blank=True)
    confirmations = models.JSONField(_("confirmations"), default=dict)
    measures = models.TextField(_("units with a measure built on the record"), blank=True)
    lifting_note = models.TextField(_("how the measures were lifted"), blank=True)
    court = models.CharField(_("court"), max_length=100, blank=True)
    ruling_number = models.CharField(_("number of the ruling"), max_length=100, blank=True)
    ruled_on = models.DateField(_("ruling dated"), null=True)
    plan_ends_on = models.DateField(_("plan ends on"), null=True)
    manager = models.CharField(_("manager"), max_length=100, blank=True)
    ruling_genuine = models.BooleanField(_("ruling found genuine"), null=True)
    ruling_note = models.TextField(_("how the ruling was checked"), blank=True)
    plan_outcome = models.CharField(_("outcome of the plan"), max_length=12, blank=True)
    plan_note = models.TextField(_("how the outcome is known"), blank=True)
    fulfilment = models.CharField(_("fulfilment found"), max_length=12, blank=True)
    fulfilment_note = models.TextField(_("how fulfilment was checked"), blank=True)
    kept_basis = models.CharField(_("rule of the sector"), max_length=200, blank=True)
    allegation = models.TextField(_("what is held to be false"), blank=True)
    evidence = models.TextField(_("evidence of it"), blank=True)
    statement = models.TextField(_("statement of the party"), blank=True)
    statement_weighed = models.TextField(_("answer to the statement"), blank=True)
    falsehood = models.BooleanField(_("falsehood found"), null=True)
    hidden_on = models.DateField(_("not shown since"), null=True)
    counted_anew = models.PositiveSmallIntegerField(_("months counted anew"), default=0)
    bar_months = models.PositiveSmallIntegerField(_("months of the bar"), default=0)
    shown_again_on = models.DateField(_("shown again since"), null=True)
    restored_until = models.DateField(_("end of the restored period"), null=True)
    barred_until = models.DateField(_("barred until"), null=True)

    class Meta:
        verbose_name = _("credit repair")
        verbose_name_plural = _("credit repairs")

    def derived(self) -> dict[str, Any]:
        """Return the facts the service worked out itself when the case was opened."""
        return {
            "channel": str(self.channel),
            "grade": str(self.grade),
            "period_basis": self.period_basis,
            "shown_until": _plain(self.shown_until),
            "hidden_on": _plain(self.hidden_on),
            "fulfilled_on": _plain(self.fulfilled_on),
            "counted_anew": self.counted_anew,
            "bar_months": self.bar_months,
        }

    def restored_to(self, on: date) -> date:
        """Return until when the record is shown if it is shown again from a day on.

        Either its period is counted anew, or what was left of it when it was hidden goes on.
        """
        if self.counted_anew:
            return months_after(on, self.counted_anew)
        assert self.shown_until is not None
        assert self.hidden_on is not None
        return on + (max(self.shown_until, self.hidden_on) - self.hidden_on)

    def barred_to(self, on: date) -> date | None:
        """Return the last day of the bar that a falsehood found on a day leads to, if any."""
        return months_after(on, self.bar_months) if self.bar_months else None

    @_move(State.RECEIVED, State.PUSHED, _("Handed over to the finding authority"))
    def push(self) -> None:
        """Hand the complete application to the finding authority."""

    @_move(State.RECEIVED, State.RETURNED, _("Given back to be completed"))
    def send_back(self) -> None:
        """Give the incomplete form back; never a refusal on substance."""

    @_move(State.RETURNED, State.RECEIVED, _("Completed and handed in again"))
    def resubmit(self) -> None:
        """Take the completed form in."""

    @_move(State.PUSHED, State.SUPPLEMENT, _("Supplement asked for"))
    def request_supplement(self) -> None:
        """Ask once, in writing, for everything that is missing."""

    @_move(State.SUPPLEMENT, State.PUSHED, _("Supplement handed in"))
    def supply(self) -> None:
        """Take the supplement in."""

    @_move([State.RETURNED, State.SUPPLEMENT], State.LAPSED, _("Lapsed"))
    def lapse(self) -> None:
        """End the case after silence; no adverse record."""

    @_move(State.PUSHED, State.ACCEPTED, _("Accepted"))
    def accept(self) -> None:
        """Take the application up; the clock of the decision starts."""

    @_move(State.PUSHED, State.NOT_ACCEPTED, _("Not accepted"), adverse=True)
    def decline(self) -> None:
        """Refuse to take it up, with a ground and the remedies."""

    @_move([State.ACCEPTED, State.SHIELDED], State.APPROVED, _("Repair granted"))
    def approve(self) -> None:
        """Grant the repair."""

    @_move([State.ACCEPTED, State.RULING], State.REFUSED, _("Repair refused"), adverse=True)
    def refuse(self) -> None:
        """Refuse the repair, with a ground and the remedies."""

    @_move(State.APPROVED, State.STOPPED, _("Publication stopped at source"))
    def stop(self) -> None:
        """Stop publication at its source; a shield is not needed any more."""
        publication.stop(self, note=self.stopped_note)
        if self.ruling_number:
            publication.release(self)
        publication.fulfil(self, on=self.fulfilled_on)

    @_move(State.STOPPED, State.SYNCED, _("Confirmed in every place"))
    def sync(self) -> None:
        """Confirm that no place shows the record any more; an import respects it from now on."""
        publication.confirm(self, self.confirmations)

    @_move(State.SYNCED, State.LIFTED, _("No measure remains"))
    def lift(self) -> None:
        """Note that no measure built on the record runs on."""

    @_move(State.LIFTED, State.REPAIRED, _("Repair completed"))
    def finish(self) -> None:
        """End the repair: shown nowhere, nothing built on it."""

    @_move(State.RECEIVED, State.RULING, _("Court ruling handed in"))
    def submit_ruling(self) -> None:
        """Hand the court's ruling to the finding authority."""

    @_move(State.RULING, State.SHIELDED, _("Record temporarily shielded"))
    def shield(self) -> None:
        """Withhold the record while the plan is carried out."""
        publication.withhold(self, why=self.ruling_number)

    @_move(State.SHIELDED, State.UNSHIELDED, _("Shield ended: the plan failed"), adverse=True)
    def unshield(self) -> None:
        """Show the record again for what was left of its period."""
        publication.release(self)

    @_move(State.RECEIVED, State.FULFILMENT, _("Longest period over; fulfilment unknown"))
    def question(self) -> None:
        """Ask the finding authority before anything happens to the record."""

    @_move(
        [State.RECEIVED, State.FULFILMENT],
        State.EXPIRED,
        _("Stopped at the end of the longest period"),
    )
    def expire(self) -> None:
        """Stop publication because its longest period is over and the duty fulfilled."""
        publication.fulfil(self, on=self.fulfilled_on)
        publication.stop(self, note=self.period_basis)

    @_move(State.FULFILMENT, State.KEPT, _("Kept published"), adverse=True)
    def keep(self) -> None:
        """Leave the record published: the duty is not fulfilled."""

    @_move(State.RECEIVED, State.SUSPECTED, _("Told of the suspicion"))
    def suspect(self) -> None:
        """Tell the party what is held to be false, and hear it."""

    @_move(State.SUSPECTED, State.REVOKED, _("Repair revoked"), adverse=True)
    def revoke(self) -> None:
        """Revoke the repair and publish the record again; what was said of its fulfilment falls."""
        publication.republish(self, why=self.allegation)
        publication.fulfil(self, on=None)

    @_move(State.SUSPECTED, State.UPHELD, _("Repair upheld"))
    def uphold(self) -> None:
        """Leave the repair as it is."""

    @_move(OPEN, State.WITHDRAWN, _("Withdrawn"))
    def withdraw(self) -> None:
        """Let the party end the case before it is decided; no adverse record."""


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None
