"""An interview: its facts, its states and the lawful moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from workflows.models import Case


class State(models.TextChoices):
    """Where an interview stands (casebook §6.2); the last four are final."""

    RECEIVED = "received", _("Triggered; to be proposed")
    PROPOSED = "proposed", _("Proposed; being drawn up and approved")
    APPROVED = "approved", _("Approved; the party is to be called")
    NOTICED = "noticed", _("Called; the appointed day is awaited")
    POSTPONING = "postponing", _("The party asks for a later day")
    RESCHEDULED = "rescheduled", _("Called for a later day")
    NO_SHOW = "no_show", _("Nobody came")
    HELD = "held", _("Held; the record is to be signed")
    SIGNED = "signed", _("Record signed")
    REFUSED_TO_SIGN = "refused_to_sign", _("Signature refused")
    RECTIFYING = "rectifying", _("The party is putting things right")
    REPORTED = "reported", _("Time over or report in; being verified")
    PASSED = "passed", _("Put right; the record is to be shared")
    PARTIAL = "partial", _("Partly put right")
    FAILED = "failed", _("Not put right")
    RECORDED = "recorded", _("Shared with the credit file")
    CLOSED = "closed", _("Closed; in the credit file, not published")
    ESCALATED = "escalated", _("Followed by a warning interview")
    TRANSFERRED = "transferred", _("Handed over to the competent unit")
    CANCELLED = "cancelled", _("Called off")


TOLD_PARTY = {
    State.RECEIVED: _("The authority is considering whether to call you to an interview"),
    State.PROPOSED: _("The authority is considering whether to call you to an interview"),
    State.APPROVED: _("An interview has been approved; you will get a notice"),
    State.NOTICED: _("You are called to an interview; the notice names day and place"),
    State.POSTPONING: _("You have asked for a later day; the authority answers shortly"),
    State.RESCHEDULED: _("The interview has been moved to a later day"),
    State.NO_SHOW: _("Nobody came to the interview; the authority decides how to go on"),
    State.HELD: _("The interview was held; its record is to be signed"),
    State.SIGNED: _("The record is signed; the authority settles what has to be put right"),
    State.REFUSED_TO_SIGN: _("The refusal to sign was noted; the authority settles what follows"),
    State.RECTIFYING: _("Put the listed points right and report on each of them"),
    State.REPORTED: _("The authority is verifying what was put right"),
    State.PASSED: _("Everything was put right; the result is being entered in your credit file"),
    State.PARTIAL: _("Some points are not put right yet; you get one more term"),
    State.FAILED: _("The points were not put right; the authority decides how to go on"),
    State.RECORDED: _("The interview and its success stand in your credit file; not published"),
    State.CLOSED: _("Done: the interview and its result stand in your credit file; not published"),
    State.ESCALATED: _("A warning interview follows"),
    State.TRANSFERRED: _("The matter was handed over to the competent unit"),
    State.CANCELLED: _("The interview was called off; nothing is held against you"),
}


class Level(models.TextChoices):
    """How grave the interview is (发改办财金〔2018〕893号)."""

    REMINDER = "reminder", _("Reminder interview")
    WARNING = "warning", _("Warning interview")


class Occasion(models.TextChoices):
    """Why the party is called; it settles the level."""

    FIRST = "first", _("First or lesser matter")
    REPEATED = "repeated", _("The same matter again")
    REFUSED = "refused", _("Rectification or an earlier interview refused or failed")
    SERIOUS = "serious", _("Serious dishonesty")


class Authority(models.TextChoices):
    """By what right a person speaks for the party."""

    LEGAL = "legal", _("Legal representative")
    AUTHORISED = "authorised", _("Manager with a letter of authority")
    ADMINISTRATOR = "administrator", _("Bankruptcy administrator")


class Finding(models.TextChoices):
    """What was found of one point that had to be put right."""

    MET = "met", _("Put right")
    NOT_MET = "not_met", _("Not put right")
    IMPOSSIBLE = "impossible", _("The law does not allow it; no longer required")


class Result(models.TextChoices):
    """What the findings of all points make."""

    PASSED = "passed", _("Put right in full")
    PARTIAL = "partial", _("Put right in part; one more term")
    FAILED = "failed", _("Not put right in time")


BEFORE_HELD = [State.PROPOSED, State.NOTICED, State.RESCHEDULED]
CALLED = [State.NOTICED, State.RESCHEDULED]


class Interview(Case):
    """A call to account for a finding: guidance, not a penalty; never published."""

    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion.choices)
    document = models.CharField(_("document of the finding"), max_length=100, blank=True)
    fact = models.TextField(_("fact to be put to the party"))
    legal_ground = models.TextField(_("legal ground"))
    reason = models.TextField(_("reason of the interview"))
    new_fact = models.TextField(_("new fact since the last interview"), blank=True)
    host = models.CharField(_("host"), max_length=60, blank=True)
    planned_on = models.DateField(_("planned for"), null=True)
    approval = models.CharField(_("approval"), max_length=8, blank=True)
    cancel_reason = models.TextField(_("why it was called off"), blank=True)
    meets_on = models.DateField(_("appointed day"), null=True)
    meets_at = models.CharField(_("appointed hour"), max_length=5, blank=True)
    place = models.CharField(_("place of the meeting"), max_length=200, blank=True)
    online = models.BooleanField(_("held online"), default=False)
    invited = models.CharField(_("who has to come"), max_length=200, blank=True)
    to_bring = models.TextField(_("what to bring"), blank=True)
    gathering = models.CharField(_("joint meeting"), max_length=120, blank=True)
    copied_to = models.CharField(_("copy to"), max_length=200, blank=True)
    reply = models.CharField(_("answer to the notice"), max_length=8, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=60, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    postpone_reason = models.TextField(_("why a later day is asked for"), blank=True)
    postpone_to = models.DateField(_("day asked for"), null=True)
    postponed = models.BooleanField(_("postponement granted"), null=True)
    postpone_answer = models.TextField(_("answer to the postponement"), blank=True)
    outcome = models.CharField(_("what became of the appointed day"), max_length=9, blank=True)
    moved_because = models.TextField(_("why the office moved the day"), blank=True)
    held_on = models.DateField(_("held on"), null=True)
    held_from = models.CharField(_("began at"), max_length=5, blank=True)
    held_to = models.CharField(_("ended at"), max_length=5, blank=True)
    recorder = models.CharField(_("recorder"), max_length=60, blank=True)
    others = models.CharField(_("others present"), max_length=200, blank=True)
    attendee = models.CharField(_("who came for the party"), max_length=60, blank=True)
    attendee_post = models.CharField(_("post held"), max_length=60, blank=True)
    authority = models.CharField(
        _("authority to speak"), max_length=13, choices=Authority.choices, blank=True
    )
    authority_proof = models.CharField(_("proof of authority"), max_length=200, blank=True)
    fact_put = models.TextField(_("facts put to the party"), blank=True)
    statement = models.TextField(_("statement of the party, verbatim"), blank=True)
    requirements = models.TextField(_("what was required"), blank=True)
    promise = models.TextField(_("what the party promised"), blank=True)
    recording_hash = models.CharField(_("hash of the recording"), max_length=64, blank=True)
    absence_note = models.TextField(_("record of the absence"), blank=True)
    signature = models.CharField(_("signature"), max_length=8, blank=True)
    first_witness = models.CharField(_("first witness"), max_length=60, blank=True)
    second_witness = models.CharField(_("second witness"), max_length=60, blank=True)
    refusal_note = models.TextField(_("note of the refusal to sign"), blank=True)
    response = models.CharField(_("response to the absence"), max_length=8, blank=True)
    second_called = models.BooleanField(_("called a second time"), default=False)
    requirement = models.CharField(_("what is ordered"), max_length=8, blank=True)
    points = models.JSONField(_("points to put right"), default=list)
    no_order_reason = models.TextField(_("why nothing has to be put right"), blank=True)
    lapsed = models.BooleanField(_("lapsed"), default=False)
    report = models.JSONField(_("report of the party"), default=list)
    report_note = models.TextField(_("note of the party"), blank=True)
    settled = models.JSONField(_("points settled in the first term"), default=list)
    second_term = models.BooleanField(_("second term given"), default=False)
    method = models.TextField(_("how it was verified"), blank=True)
    findings = models.JSONField(_("findings by point"), default=list)
    result = models.CharField(
        _("result of the verification"), max_length=7, choices=Result.choices, blank=True
    )
    measure = models.CharField(_("measure proposed"), max_length=8, blank=True)
    measure_reason = models.TextField(_("reasons of the measure"), blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=120, blank=True)
    settlement = models.TextField(_("reasons of the decision"), blank=True)
    shared = models.JSONField(_("what was shared"), default=dict)
    shared_number = models.CharField(_("number in the credit file"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")

    def derived(self) -> dict[str, str]:
        """Return the facts the service worked out itself when the case was opened."""
        return {"level": self.level, "occasion": self.occasion, "document": self.document}

    @transition(
        "state",
        source=State.RECEIVED,
        target=State.PROPOSED,
        custom={"label": _("Interview proposed")},
    )
    def propose(self) -> None:
        """Let the finding authority draw the interview up."""

    @transition(
        "state",
        source=State.PROPOSED,
        target=State.APPROVED,
        custom={"label": _("Interview approved")},
    )
    def approve(self) -> None:
        """Approve the interview; a warning has passed a reviewer before."""

    @transition(
        "state",
        source=BEFORE_HELD,
        target=State.CANCELLED,
        custom={"label": _("Interview called off")},
    )
    def call_off(self) -> None:
        """Call the interview off because its ground has fallen away."""

    @transition(
        "state",
        source=State.APPROVED,
        target=State.NOTICED,
        custom={"label": _("Party called")},
    )
    def notify(self) -> None:
        """Call the party; the time of notice starts when this is served, not today."""

    @transition(
        "state",
        source=State.NOTICED,
        target=State.POSTPONING,
        custom={"label": _("Postponement asked for")},
    )
    def request_postponement(self) -> None:
        """Take in that the party asks for a later day."""

    @transition(
        "state",
        source=State.POSTPONING,
        target=State.RESCHEDULED,
        custom={"label": _("Postponed at the party's wish")},
    )
    def reschedule(self) -> None:
        """Appoint a later day, as the party has asked."""

    @transition(
        "state",
        source=State.POSTPONING,
        target=State.NOTICED,
        custom={"label": _("Appointed day kept")},
    )
    def keep(self) -> None:
        """Keep the appointed day, with the reason."""

    @transition(
        "state",
        source=CALLED,
        target=State.RESCHEDULED,
        custom={"label": _("Moved by the office")},
    )
    def recall(self) -> None:
        """Appoint another day, for a reason that is not held against the party."""

    @transition(
        "state",
        source=CALLED,
        target=State.HELD,
        custom={"label": _("Interview held")},
    )
    def hold(self) -> None:
        """Note that the interview was held and its record countersigned."""

    @transition(
        "state",
        source=CALLED,
        target=State.NO_SHOW,
        custom={"label": _("Nobody came")},
    )
    def miss(self) -> None:
        """Note that nobody came although the notice was served."""

    @transition(
        "state",
        source=State.NO_SHOW,
        target=State.NOTICED,
        custom={"label": _("Party called a second time")},
    )
    def call_again(self) -> None:
        """Call the party a second and last time."""
        self.second_called = True

    @transition(
        "state",
        source=State.HELD,
        target=State.SIGNED,
        custom={"label": _("Record signed")},
    )
    def sign(self) -> None:
        """Take in the signature of the party."""

    @transition(
        "state",
        source=State.HELD,
        target=State.REFUSED_TO_SIGN,
        custom={"label": _("Refusal to sign noted")},
    )
    def refuse_signature(self) -> None:
        """Note the refusal, with two witnesses or a recording."""

    @transition(
        "state",
        source=[State.SIGNED, State.REFUSED_TO_SIGN],
        target=State.RECTIFYING,
        custom={"label": _("Rectification ordered")},
    )
    def order(self) -> None:
        """Order what has to be put right; the term starts when the order is served."""

    @transition(
        "state",
        source=State.RECTIFYING,
        target=State.REPORTED,
        custom={"label": _("Report handed in")},
    )
    def hand_in(self) -> None:
        """Take in the party's report."""

    @transition(
        "state",
        source=State.RECTIFYING,
        target=State.REPORTED,
        custom={"label": _("Term over without a report")},
    )
    def miss_term(self) -> None:
        """Note that the term passed in silence; the points are verified all the same."""
        self.report = []

    @transition(
        "state",
        source=State.REPORTED,
        target=State.PASSED,
        custom={"label": _("Found put right")},
    )
    def find_passed(self) -> None:
        """Find every point put right."""

    @transition(
        "state",
        source=State.REPORTED,
        target=State.PARTIAL,
        custom={"label": _("Found put right in part")},
    )
    def find_partial(self) -> None:
        """Find some points open, in the first term."""

    @transition(
        "state",
        source=State.PARTIAL,
        target=State.RECTIFYING,
        custom={"label": _("Second term given")},
    )
    def order_again(self) -> None:
        """Give one more term for what is open; there is no third."""
        self.settled = [f for f in self.findings if f["finding"] != Finding.NOT_MET]
        self.second_term = True

    @transition(
        "state",
        source=State.REPORTED,
        target=State.FAILED,
        custom={"label": _("Found not put right")},
    )
    def find_failed(self) -> None:
        """Find the points not put right in time."""

    @transition(
        "state",
        source=[State.NO_SHOW, State.FAILED],
        target=State.ESCALATED,
        custom={"label": _("Escalated to a warning interview"), "adverse": True},
    )
    def escalate(self) -> None:
        """Let a warning interview follow."""

    @transition(
        "state",
        source=[State.NO_SHOW, State.FAILED],
        target=State.TRANSFERRED,
        custom={"label": _("Handed over to the competent unit"), "adverse": True},
    )
    def hand_over(self) -> None:
        """Hand the matter over to the unit that may penalise or list."""

    @transition(
        "state",
        source=[State.SIGNED, State.REFUSED_TO_SIGN, State.PASSED],
        target=State.RECORDED,
        custom={"label": _("Shared with the credit file")},
    )
    def share(self) -> None:
        """Enter the interview and its result in the credit file; nothing is published."""

    @transition(
        "state",
        source=State.RECORDED,
        target=State.CLOSED,
        custom={"label": _("Interview closed")},
    )
    def finish(self) -> None:
        """End the interview."""
