"""A repair: its facts, its states and the lawful moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from workflows import publication
from workflows.models import Case


class State(models.TextChoices):
    """Where a repair stands (casebook §5.3); the last five are final."""

    RECEIVED = "received", _("Received; form not yet checked")
    RETURNED = "returned", _("Returned to the party to be completed")
    PUSHED = "pushed", _("With the finding authority for acceptance")
    SUPPLEMENT = "supplement", _("Waiting for the party's supplement")
    ACCEPTED = "accepted", _("Accepted; being verified")
    APPROVED = "approved", _("Approved; publication to be stopped")
    STOPPED = "stopped", _("Stopped at source; being confirmed elsewhere")
    REPAIRED = "repaired", _("Repaired")
    REFUSED = "refused", _("Refused")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    LAPSED = "lapsed", _("Lapsed: no answer from the party")
    WITHDRAWN = "withdrawn", _("Withdrawn by the party")


TOLD_PARTY = {
    State.RECEIVED: _("We have your application and are checking the form"),
    State.RETURNED: _("Your application is incomplete; please complete it"),
    State.PUSHED: _("The authority that made the decision is looking at your application"),
    State.SUPPLEMENT: _("The authority needs more from you"),
    State.ACCEPTED: _("Your application has been accepted and is being verified"),
    State.APPROVED: _("Your repair has been granted; publication is being stopped"),
    State.STOPPED: _("Publication has been stopped; we are checking every site"),
    State.REPAIRED: _("Done: the record is no longer shown"),
    State.REFUSED: _("Your application was refused"),
    State.NOT_ACCEPTED: _("Your application was not accepted"),
    State.LAPSED: _("The application ended because nothing was handed in; you may apply again"),
    State.WITHDRAWN: _("You withdrew the application; you may apply again"),
}


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


OPEN = [State.RECEIVED, State.RETURNED, State.PUSHED, State.SUPPLEMENT, State.ACCEPTED]


class Repair(Case):
    """A request to end the publication of a breach that has been put right."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade.choices)
    fulfilled_on = models.DateField(_("duty fulfilled on"))
    receipt_number = models.CharField(_("payment receipt number"), max_length=80, blank=True)
    correction = models.TextField(_("what was put right"))
    under_review = models.BooleanField(_("review or litigation pending"), default=False)
    commitment = models.CharField(_("hash of the commitment signed"), max_length=64)
    signer = models.CharField(_("signed by"), max_length=60)
    agent_name = models.CharField(_("contact person"), max_length=60)
    agent_phone = models.CharField(_("contact telephone"), max_length=30)
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
    duty_fulfilled = models.BooleanField(_("duty found fulfilled"), null=True)
    breach_corrected = models.BooleanField(_("breach found put right"), null=True)
    verification = models.TextField(_("how it was verified"), blank=True)
    decision = models.CharField(_("decision"), max_length=12, blank=True)
    decision_reason = models.TextField(_("reasons of the decision"), blank=True)
    stopped_note = models.CharField(_("how publication was stopped"), max_length=400, blank=True)
    confirmations = models.JSONField(_("confirmations"), default=dict)

    class Meta:
        verbose_name = _("credit repair")
        verbose_name_plural = _("credit repairs")

    def derived(self) -> dict[str, str]:
        """Return the facts the service worked out itself when the case was opened."""
        return {"channel": self.channel, "grade": self.grade}

    @transition(
        "state",
        source=State.RECEIVED,
        target=State.PUSHED,
        custom={"label": _("Handed over to the finding authority")},
    )
    def push(self) -> None:
        """Hand the complete application to the finding authority."""

    @transition(
        "state",
        source=State.RECEIVED,
        target=State.RETURNED,
        custom={"label": _("Given back to be completed")},
    )
    def send_back(self) -> None:
        """Give the incomplete form back; never a refusal on substance."""

    @transition(
        "state",
        source=State.RETURNED,
        target=State.RECEIVED,
        custom={"label": _("Completed and handed in again")},
    )
    def resubmit(self) -> None:
        """Take the completed form in."""

    @transition(
        "state",
        source=State.PUSHED,
        target=State.SUPPLEMENT,
        custom={"label": _("Supplement asked for")},
    )
    def request_supplement(self) -> None:
        """Ask once, in writing, for everything that is missing."""

    @transition(
        "state",
        source=State.SUPPLEMENT,
        target=State.PUSHED,
        custom={"label": _("Supplement handed in")},
    )
    def supply(self) -> None:
        """Take the supplement in."""

    @transition(
        "state",
        source=[State.RETURNED, State.SUPPLEMENT],
        target=State.LAPSED,
        custom={"label": _("Lapsed")},
    )
    def lapse(self) -> None:
        """End the case after silence; no adverse record."""

    @transition(
        "state",
        source=State.PUSHED,
        target=State.ACCEPTED,
        custom={"label": _("Accepted")},
    )
    def accept(self) -> None:
        """Take the application up; the clock of the decision starts."""

    @transition(
        "state",
        source=State.PUSHED,
        target=State.NOT_ACCEPTED,
        custom={"label": _("Not accepted")},
    )
    def decline(self) -> None:
        """Refuse to take it up, with a ground and the remedies."""

    @transition(
        "state",
        source=State.ACCEPTED,
        target=State.APPROVED,
        custom={"label": _("Repair granted")},
    )
    def approve(self) -> None:
        """Grant the repair."""

    @transition(
        "state",
        source=State.ACCEPTED,
        target=State.REFUSED,
        custom={"label": _("Repair refused")},
    )
    def refuse(self) -> None:
        """Refuse the repair, with a ground and the remedies."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.STOPPED,
        custom={"label": _("Publication stopped at source")},
    )
    def stop(self) -> None:
        """Stop publication at its source."""
        publication.stop(self, note=self.stopped_note)

    @transition(
        "state",
        source=State.STOPPED,
        target=State.REPAIRED,
        custom={"label": _("Confirmed in every place")},
    )
    def finish(self) -> None:
        """Confirm that no place shows the record any more."""
        publication.confirm(self, self.confirmations)

    @transition(
        "state",
        source=OPEN,
        target=State.WITHDRAWN,
        custom={"label": _("Withdrawn")},
    )
    def withdraw(self) -> None:
        """Let the party end the case before it is decided; no adverse record."""
