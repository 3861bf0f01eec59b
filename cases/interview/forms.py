"""What each person is asked in an interview."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.states import Authority, Finding, Interview, Level, Occasion
from forms.base import StepForm
from forms.fields import AttachmentsField
from forms.guide import Given, QuestionGroup
from forms.questions import contact_name, contact_phone, day, electronic_service, lines, yes_or_no
from records.models import Record, Subject
from workflows import audit, policy
from workflows.case_type import Topic
from workflows.clock import Event, Period, due, months_after

_NEEDED = _("This is needed here.")
_BARS = ("|", "\uff5c")


def last_heard(party: Subject, record: Record | None, document: str) -> date | None:
    """Return the day on which a party was last interviewed about the same fact, if it ever was."""
    about = {"record": record} if record else {"document": document}
    heard = Interview.objects.filter(party=party, held_on__isnull=False, **about)
    last: date | None = heard.order_by("-held_on").values_list("held_on", flat=True).first()
    return last


def barred_to(heard_on: date | None, *, on: date) -> date | None:
    """Return the last day on which the same fact alone allows no interview, if that is not over."""
    if heard_on is None:
        return None
    last = months_after(heard_on, policy.term("interview.repeat", on=on).period.length)
    return last if on <= last else None


class Grounds(StepForm):
    """Asked of the unit that opens an interview: the matter and why it calls the party."""

    title = _("Open an interview")
    why = _("the finding authority has to say why it calls the party")

    occasion = forms.ChoiceField(
        label=_("Why is the party called?"), choices=Occasion.choices, widget=forms.RadioSelect
    )
    document = forms.CharField(
        label=_("Number of the decision, document or case"), max_length=100, required=False
    )
    fact = forms.CharField(
        label=_("Fact that will be put to the party"),
        help_text=_("Only what is proven; the party reads this."),
        max_length=2000,
        widget=lines(),
    )
    legal_ground = forms.CharField(
        label=_("Legal ground"), help_text=_("Title and article."), max_length=400
    )
    reason = forms.CharField(
        label=_("Reason of the interview, as the party will read it"),
        max_length=2000,
        widget=lines(),
    )
    new_fact = forms.CharField(
        label=_("New fact since the last interview"),
        help_text=_("Needed only if the same fact was the subject of an interview shortly before."),
        required=False,
        max_length=2000,
        widget=lines(2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain("occasion", _ON_OCCASION)

    def clean(self) -> dict[str, Any]:
        """Settle the level; refuse the same fact again without anything new."""
        answers: dict[str, Any] = super().clean() or {}
        answers["level"] = str(rules.level_of(answers.get("occasion", "")))
        if not answers.get("new_fact") and (last := self._barred(answers.get("document", ""))):
            said = _("The same fact was the subject of an interview; up to %(day)s name a new one.")
            self.add_error("new_fact", said % {"day": date_format(last)})
        return answers

    def _barred(self, document: str) -> date | None:
        about = self.case
        party = about.subject if isinstance(about, Topic) else about.party
        return barred_to(last_heard(party, about.record, document), on=self.on)


_REMINDER = _("A reminder interview: approved by the head.")
_WARNING = _("A warning interview: reviewed, then approved by the head.")
_ON_OCCASION = {
    str(occasion): _REMINDER if rules.level_of(occasion) == Level.REMINDER else _WARNING
    for occasion in Occasion
}


class Draft(Grounds):
    """Asked of the handler: the approval form (约谈审批表)."""

    title = _("Draw up the interview")
    why = _("the handler draws the interview up for approval")

    host = forms.CharField(label=_("Who will host the interview"), max_length=60)
    planned_on = forms.DateField(
        label=_("Planned for"), help_text=_("The notice fixes the day."), widget=day()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.initial = getattr(self.case, name, None)


class Review(StepForm):
    """Asked of a second person before a warning interview goes to the head."""

    title = _("Review the warning interview")
    why = _("a second person has to review a warning interview before the head decides")

    proven = forms.BooleanField(
        label=_("The fact is proven and the level is right"),
        help_text=_("If not, return the step with the reason."),
    )
    review_note = forms.CharField(
        label=_("Opinion of the reviewer"), max_length=2000, widget=lines()
    )


class Approval(StepForm):
    """Asked of the head, who did none of the work before."""

    title = _("Approve the interview")
    why = _("the head of the authority has to approve the interview")

    approval = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("approve", _("Approve the interview")),
            ("call_off", _("Call it off: its ground has fallen away")),
        ],
        widget=forms.RadioSelect,
    )
    cancel_reason = forms.CharField(
        label=_("Why it is called off, as the party will read it"),
        required=False,
        max_length=2000,
        widget=lines(),
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the reason only where the interview is called off."""
        return {"cancel_reason": Given("approval", {"call_off"})}

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the interview is called off."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("approval") == "call_off":
            _need(self, answers, "cancel_reason")
        return answers


class _Appointing(StepForm):
    """A step that may appoint a day, which has to leave the time of notice after service."""

    def check_day(self, answers: dict[str, Any]) -> None:
        """Refuse a day too early even if the letter were served today."""
        first = _earliest_if_served(self.on, self.case)
        appointed = answers.get("meets_on")
        if appointed and first and appointed < first:
            said = _("Even if served today, the party must not be heard before %(day)s.")
            self.add_error("meets_on", said % {"day": date_format(first)})


def _appointed_day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(label=_("Appointed day"), widget=day(), **kwargs)


def _hour(label: Any, **kwargs: Any) -> forms.RegexField:
    return forms.RegexField(
        label=label,
        regex=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        help_text=_("For example 09:30."),
        error_messages={"invalid": _("Enter a time of day such as 09:30.")},
        **kwargs,
    )


class Call(_Appointing):
    """Asked of the handler: what the notice of the interview says."""

    title = _("Call the party")
    why = _("the handler writes the notice of the interview")

    meets_on = _appointed_day()
    meets_at = _hour(_("Time of day"))
    place = forms.CharField(label=_("Place, or how to join online"), max_length=200)
    online = forms.BooleanField(
        label=_("Held online"),
        help_text=_("Identity is checked on screen; a recording needs the party's consent."),
        required=False,
    )
    invited = forms.CharField(
        label=_("Who has to come"),
        help_text=_("Legal representative or authorised manager; in bankruptcy the administrator."),
        max_length=200,
    )
    to_bring = forms.CharField(label=_("What to bring"), max_length=2000, widget=lines())
    gathering = forms.CharField(
        label=_("Joint meeting"),
        help_text=_("If several organisations are called together; each has its own case."),
        required=False,
        max_length=120,
    )
    copied_to = forms.CharField(
        label=_("Copy to"),
        help_text=_("For public bodies and state enterprises: the superior organ and the auditor."),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        """Leave the time of notice before the appointed day."""
        answers: dict[str, Any] = super().clean() or {}
        self.check_day(answers)
        return answers


class Answer(StepForm):
    """Asked of the party: will it come, or does it ask, once, for a later day?"""

    title = _("Answer the notice of the interview")
    why = _("the party may ask, once, for a later day; silence means that it will come")
    personal = ("contact_name", "contact_phone")
    carried = ("contact_name", "contact_phone", "served_electronically")
    pages = (
        QuestionGroup("reply", _("Will you come?"), ("reply",)),
        QuestionGroup(
            "later",
            _("A later day"),
            ("postpone_reason", "postpone_to"),
            _("You may ask for it once."),
            when=Given("reply", {"postpone"}),
        ),
        QuestionGroup(
            "contact",
            _("Whom we may ask"),
            ("contact_name", "contact_phone", "served_electronically"),
            _("The office calls this person if something is unclear."),
        ),
    )

    reply = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("come", _("We will come")), ("postpone", _("We ask for a later day"))],
        widget=forms.RadioSelect,
    )
    postpone_reason = forms.CharField(
        label=_("Why a later day?"), required=False, max_length=2000, widget=lines()
    )
    postpone_to = forms.DateField(label=_("Which day?"), required=False, widget=day())
    contact_name = contact_name()
    contact_phone = contact_phone()
    served_electronically = electronic_service()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postpone_to"].help_text = _latest_day_told(self.case)

    def clean(self) -> dict[str, Any]:
        """Ask for reason and day of a postponement, and keep it within its limit."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("reply") == "postpone":
            _need(self, answers, "postpone_reason", "postpone_to")
            _check_postponed(self, "postpone_to", answers)
        return answers


class Postponement(StepForm):
    """Asked of the handler: is the later day granted?"""

    title = _("Answer the request for a later day")
    why = _("the handler has to answer the party's request for a later day")

    postponed = yes_or_no(
        label=_("Is a later day granted?"),
        help_text=_("No: the appointed day stays; say why."),
    )
    meets_on = _appointed_day(required=False)
    meets_at = _hour(_("Time of day"), required=False)
    postpone_answer = forms.CharField(
        label=_("Reason, as the party will read it"), max_length=2000, widget=lines()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meets_on"].initial = self.case.postpone_to
        self.fields["meets_on"].help_text = _latest_day_told(self.case)
        self.fields["meets_at"].initial = self.case.meets_at

    def conditions(self) -> dict[str, Given]:
        """Ask for the later day only where it is granted."""
        return dict.fromkeys(("meets_on", "meets_at"), Given("postponed", {"True"}))

    def clean(self) -> dict[str, Any]:
        """Keep the new day within its limit, or the old day as it is."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("postponed"):
            _need(self, answers, "meets_on", "meets_at")
            _check_postponed(self, "meets_on", answers)
        else:
            _leave(answers, "meets_on", "meets_at")
        return answers


class Meeting(_Appointing):
    """Asked of the host: what became of the appointed day, and the record of the interview."""

    title = _("Hold the interview")
    why = _("the authority hears the party on the appointed day and keeps the record")
    personal = ("attendee", "others", "statement")

    outcome = forms.ChoiceField(
        label=_("What became of the appointed day?"),
        choices=[
            ("held", _("The interview was held")),
            ("absent", _("Nobody came, although the notice was served")),
            ("moved", _("Another day is needed, not because of the party")),
            ("fallen", _("The ground has fallen away")),
        ],
        widget=forms.RadioSelect,
    )
    held_on = forms.DateField(label=_("Held on"), required=False, widget=day())
    held_from = _hour(_("Began at"), required=False)
    held_to = _hour(_("Ended at"), required=False)
    host = forms.CharField(label=_("Host"), required=False, max_length=60)
    recorder = forms.CharField(
        label=_("Recorder"),
        help_text=_("A second person of the unit, who countersigns."),
        required=False,
        max_length=60,
    )
    others = forms.CharField(label=_("Others present"), required=False, max_length=200)
    attendee = forms.CharField(label=_("Who spoke for the party"), required=False, max_length=60)
    attendee_post = forms.CharField(label=_("Post held"), required=False, max_length=60)
    authority = forms.ChoiceField(
        label=_("By what right"),
        help_text=_("Without any of these nobody can be heard; another day is needed."),
        choices=[("", "-"), *Authority.choices],
        required=False,
    )
    authority_proof = forms.CharField(
        label=_("Letter of authority or court decision"), required=False, max_length=200
    )
    identity_checked = forms.BooleanField(label=_("The identity was checked"), required=False)
    rights_told = forms.BooleanField(
        label=_("The rights were told: to state, to give evidence, to ask for recusal"),
        required=False,
    )
    fact_put = forms.CharField(
        label=_("Facts put to the party"), required=False, max_length=4000, widget=lines()
    )
    statement = forms.CharField(
        label=_("Statement of the party, word for word"),
        required=False,
        max_length=8000,
        widget=lines(8),
    )
    requirements = forms.CharField(
        label=_("What was required"), required=False, max_length=4000, widget=lines()
    )
    promise = forms.CharField(
        label=_("What the party promised"), required=False, max_length=4000, widget=lines()
    )
    consequences_told = forms.BooleanField(
        label=_("The consequences of not putting things right were told"), required=False
    )
    recording_consent = forms.BooleanField(
        label=_("The party consented to the recording"), required=False
    )
    recording_hash = forms.RegexField(
        label=_("SHA-256 of the recording"),
        regex=r"^[0-9a-f]{64}$",
        required=False,
        error_messages={"invalid": _("A SHA-256 has 64 of the signs 0-9 and a-f.")},
    )
    absence_note = forms.CharField(
        label=_("Record of the absence: how long one waited, whom one called"),
        required=False,
        max_length=2000,
        widget=lines(),
    )
    no_excuse = forms.BooleanField(
        label=_("No force majeure is known, and the address of the service is the party's present"),
        required=False,
    )
    moved_because = forms.CharField(
        label=_("Why another day is needed, as the party will read it"),
        required=False,
        max_length=2000,
        widget=lines(),
    )
    meets_on = _appointed_day(required=False)
    meets_at = _hour(_("Time of day"), required=False)
    cancel_reason = forms.CharField(
        label=_("Why the ground has fallen away, as the party will read it"),
        required=False,
        max_length=2000,
        widget=lines(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = _earliest(self.case)
        self.fields["host"].initial = self.case.host
        self.fields["held_on"].help_text = self._first_told()
        self.explain("outcome", _ON_MEETING)

    def conditions(self) -> dict[str, Given]:
        """Ask for what belongs to the outcome, and for nothing else."""
        asked = {**_OF_OUTCOME, "held": (*_OF_OUTCOME["held"], *_IF_HELD)}
        return {name: Given("outcome", {out}) for out, names in asked.items() for name in names}

    def clean(self) -> dict[str, Any]:
        """Hold the record to what its outcome needs."""
        answers: dict[str, Any] = super().clean() or {}
        outcome = answers.get("outcome", "")
        _need(self, answers, *_OF_OUTCOME.get(outcome, ()))
        if outcome in _OF_OUTCOME:
            self._check(outcome, answers)
        # What belongs to another outcome must not overwrite what the case knows.
        others = {n for names in _OF_OUTCOME.values() for n in names} - {*self.personal}
        _leave(answers, *others.difference(_OF_OUTCOME.get(outcome, ())))
        return answers

    def _check(self, outcome: str, answers: dict[str, Any]) -> None:
        if outcome == "moved":
            self.check_day(answers)
        if outcome in ("held", "absent") and self.first is None:
            self.add_error("outcome", _("The notice has not been served yet."))
        if outcome == "held":
            self._check_held(answers)
        if outcome == "absent":
            self._check_absent()

    def _first_told(self) -> Any:
        if self.first is None:
            return _("The notice has not been served yet.")
        return _("Not before %(day)s.") % {"day": date_format(self.first)}

    def _check_held(self, answers: dict[str, Any]) -> None:
        held_on = answers.get("held_on")
        if held_on and held_on > self.on:
            self.add_error("held_on", _("This day has not come yet."))
        if held_on and self.first and held_on < self.first:
            self.add_error("held_on", self._first_told())
        if answers.get("recorder") and answers["recorder"] == answers.get("host"):
            self.add_error("recorder", _("Host and recorder are two different persons."))
        if answers.get("authority") not in ("", Authority.LEGAL):
            _need(self, answers, "authority_proof")
        if self.case.online:
            _need(self, answers, "recording_consent", "recording_hash")

    def _check_absent(self) -> None:
        appointed = self.case.meets_on
        if self.on < appointed:
            self.add_error("outcome", _("The appointed day has not come yet."))
        if self.first and appointed < self.first:
            said = _("The notice was served too late for that day: not before %(day)s. Move it.")
            self.add_error("outcome", said % {"day": date_format(self.first)})


_OF_OUTCOME = {
    "held": (
        *("held_on", "held_from", "held_to", "host", "recorder", "attendee", "attendee_post"),
        *("authority", "identity_checked", "rights_told", "fact_put", "statement"),
        *("requirements", "consequences_told"),
    ),
    "absent": ("absence_note", "no_excuse"),
    "moved": ("moved_because", "meets_on", "meets_at"),
    "fallen": ("cancel_reason",),
}
_IF_HELD = ("others", "authority_proof", "promise", "recording_consent", "recording_hash")
_ON_MEETING = {
    "held": _("The recorder countersigns; then the party signs."),
    "absent": _("A second person countersigns; then a second notice or a measure is decided."),
    "moved": _("The party gets a new notice; nothing is held against it."),
    "fallen": _("The head confirms; the party is told that the interview is off."),
}


class Countersignature(StepForm):
    """Asked of the recorder: does the record say what happened?"""

    title = _("Countersign the record")
    why = _("the recorder, a second person of the unit, has to countersign the record")

    true_record = forms.BooleanField(
        label=_("I was there; the record says what happened"),
        help_text=_("If not, return the step with the reason."),
    )


class CallingOff(StepForm):
    """Asked of the head: is the interview called off because its ground has fallen away?"""

    title = _("Confirm that the interview is called off")
    why = _("the head has to confirm that the ground of the interview has fallen away")

    called_off = forms.BooleanField(
        label=_("The ground has fallen away; call the interview off"),
        help_text=_("If not, return the step with the reason."),
    )


class Signing(StepForm):
    """Asked of the host: did the party sign the record?"""

    title = _("Have the record signed")
    why = _("the party reads the record and signs it, or refuses to")
    personal = ("first_witness", "second_witness")

    signature = forms.ChoiceField(
        label=_("The record was"),
        choices=[("signed", _("Read and signed, page by page")), ("refused", _("Not signed"))],
        widget=forms.RadioSelect,
    )
    refusal_note = forms.CharField(
        label=_("What the party said about not signing"),
        required=False,
        max_length=2000,
        widget=lines(),
    )
    first_witness = forms.CharField(label=_("First witness"), required=False, max_length=60)
    second_witness = forms.CharField(label=_("Second witness"), required=False, max_length=60)
    recording_hash = forms.RegexField(
        label=_("SHA-256 of the recording"),
        regex=r"^[0-9a-f]{64}$",
        required=False,
        error_messages={"invalid": _("A SHA-256 has 64 of the signs 0-9 and a-f.")},
    )
    signed_record = AttachmentsField(label=_("Scan of the record"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for the note and the witnesses only where the party did not sign."""
        names = ("refusal_note", "first_witness", "second_witness", "recording_hash")
        return dict.fromkeys(names, Given("signature", {"refused"}))

    def clean(self) -> dict[str, Any]:
        """Ask, where the party did not sign, for a note and for two witnesses or a recording."""
        answers: dict[str, Any] = super().clean() or {}
        answers["recording_hash"] = answers.get("recording_hash") or self.case.recording_hash
        if answers.get("signature") == "refused":
            _need(self, answers, "refusal_note")
            self._check_witnessed(answers)
        return answers

    def _check_witnessed(self, answers: dict[str, Any]) -> None:
        witnesses = {answers.get("first_witness"), answers.get("second_witness")} - {"", None}
        if len(witnesses) < 2 and not answers["recording_hash"]:
            told = _("A refusal takes two different witnesses or the hash of a recording.")
            self.add_error("first_witness", told)


class Response(_Appointing):
    """Asked of the handler after the party stayed away: call it a second time?"""

    title = _("Respond to the absence")
    why = _("the handler decides whether the party is called a second time")

    response = forms.ChoiceField(
        label=_("How to go on?"),
        choices=[
            ("again", _("Call the party a second and last time")),
            ("measure", _("Propose a measure")),
        ],
        widget=forms.RadioSelect,
    )
    meets_on = _appointed_day(required=False)
    meets_at = _hour(_("Time of day"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for a day only where the party is called again."""
        return dict.fromkeys(("meets_on", "meets_at"), Given("response", {"again"}))

    def clean(self) -> dict[str, Any]:
        """Appoint a day for the second call, with the time of notice before it."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("response") == "again":
            _need(self, answers, "meets_on", "meets_at")
            self.check_day(answers)
        else:
            _leave(answers, "meets_on", "meets_at")
        return answers


class Instruction(StepForm):
    """Asked of the handler: what has to be put right, and how it is proven."""

    title = _("Settle what has to be put right")
    why = _("the authority settles what the party has to put right")

    requirement = forms.ChoiceField(
        label=_("Is there something to put right?"),
        choices=[
            ("order", _("Yes: order it, point by point")),
            ("none", _("No: the reminder was enough")),
        ],
        widget=forms.RadioSelect,
    )
    points = forms.CharField(
        label=_("Points"),
        help_text=_("One a line: what is required, so that it can be measured | how it is proven"),
        required=False,
        max_length=4000,
        widget=lines(6),
    )
    no_order_reason = forms.CharField(
        label=_("Why nothing has to be put right"), required=False, max_length=2000, widget=lines()
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the points of an order, or for the reason of none."""
        return {
            "points": Given("requirement", {"order"}),
            "no_order_reason": Given("requirement", {"none"}),
        }

    def clean_points(self) -> list[dict[str, Any]]:
        """Read the points, each with its proof."""
        said = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        return [_point(n, line) for n, line in enumerate(filter(None, said), start=1)]

    def clean(self) -> dict[str, Any]:
        """Ask for the points of an order, or for the reason of none."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("requirement") == "order":
            _need(self, answers, "points")
        elif answers.get("requirement") == "none":
            _need(self, answers, "no_order_reason")
            answers["points"] = []
        return answers


class Report(StepForm):
    """Asked of the party: what was done about each point, and how it is proven."""

    title = _("Report on what was put right")
    why = _("the party has to put the points right and to report on each of them")
    pages = (
        QuestionGroup(
            "points",
            _("What was done about each point"),
            ("done_*", "how_*"),
            _("Answer point by point; what is not done yet is said too."),
        ),
        QuestionGroup("proof", _("Proof, and anything else"), ("report_note", "report_files")),
    )

    report_note = forms.CharField(
        label=_("Anything else"), required=False, max_length=2000, widget=lines()
    )
    report_files = AttachmentsField(label=_("Proof of the points"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = rules.open_points(self.case)
        for point in self.points:
            self._ask_about(point)

    def clean(self) -> dict[str, Any]:
        """Gather what was said of each point."""
        answers: dict[str, Any] = super().clean() or {}
        answers["report"] = [
            {
                "number": point["number"],
                "done": answers.pop(f"done_{point['number']}", None),
                "how": answers.pop(f"how_{point['number']}", ""),
            }
            for point in self.points
        ]
        return answers

    def _ask_about(self, point: dict[str, Any]) -> None:
        number, told = point["number"], _said_of(point)
        self.fields[f"done_{number}"] = yes_or_no(label=_("%(point)s: put right?") % told)
        self.fields[f"how_{number}"] = forms.CharField(
            label=_("%(point)s: how, and with what proof (%(proof)s)?") % told, max_length=1000
        )


class Verification(StepForm):
    """Asked of the first verifier: what is found of each point."""

    title = _("Verify what was put right")
    why = _("two persons of the authority verify each point")

    method = forms.CharField(
        label=_("How this was verified"),
        help_text=_("File, online or on site; when, where and by whom."),
        max_length=2000,
        widget=lines(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = rules.open_points(self.case)
        for point in self.points:
            self._ask_about(point)

    def clean(self) -> dict[str, Any]:
        """Gather the findings, and settle what they make."""
        answers: dict[str, Any] = super().clean() or {}
        findings = [*self.case.settled, *(_found(point, answers) for point in self.points)]
        answers["findings"] = sorted(findings, key=lambda found: int(found["number"]))
        result = rules.result_of(answers["findings"], second_term=self.case.second_term)
        answers["result"] = str(result)
        return answers

    def _ask_about(self, point: dict[str, Any]) -> None:
        number, told = point["number"], _said_of(point)
        self.fields[f"finding_{number}"] = forms.ChoiceField(
            label=_("%(point)s: found") % told, choices=Finding.choices, widget=forms.RadioSelect
        )
        self.fields[f"evidence_{number}"] = forms.CharField(
            label=_("%(point)s: evidence") % told, max_length=1000
        )


class SecondVerifier(StepForm):
    """Asked of the second verifier."""

    title = _("Countersign the verification")
    why = _("a second verifier has to see the evidence and countersign")

    seen = forms.BooleanField(
        label=_("I have seen the evidence of every point and find the same"),
        help_text=_("If not, return the step with the reason."),
    )


class Measure(StepForm):
    """Asked of the handler: what is proposed to the head, and why."""

    title = _("Propose a measure")
    why = _("the handler proposes how to go on after an absence or a failure")

    measure = forms.ChoiceField(
        label=_("Measure proposed"),
        choices=[
            ("escalate", _("A warning interview")),
            ("transfer", _("Hand the matter over to the competent unit")),
        ],
        widget=forms.RadioSelect,
    )
    handed_to = forms.CharField(label=_("Competent unit"), required=False, max_length=120)
    measure_reason = forms.CharField(
        label=_("Reasons, as the party will read them"), max_length=2000, widget=lines()
    )

    def conditions(self) -> dict[str, Given]:
        """Ask for the competent unit only where the matter is handed over."""
        return {"handed_to": Given("measure", {"transfer"})}

    def clean(self) -> dict[str, Any]:
        """Refuse a warning after a warning, and a transfer to nobody."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("measure") == "transfer":
            _need(self, answers, "handed_to")
        elif rules.is_warning(self.case):
            self.add_error("measure", _("After a warning interview the matter is handed over."))
        return answers


class Settlement(StepForm):
    """Asked of the head: the decision on the measure that the handler proposed."""

    title = _("Decide on the measure")
    why = _("the head has to decide on the measure that was proposed")

    settlement = forms.CharField(
        label=_("Reasons of the decision"),
        help_text=_("This decides as proposed; to decide otherwise, return the step."),
        max_length=2000,
        widget=lines(),
    )


class Sharing(StepForm):
    """Asked of the credit office: the interview and its result enter the credit file."""

    title = _("Share the record of the interview")
    why = _("the credit office enters the interview and its result in the credit file")

    shared_number = forms.CharField(label=_("Number in the credit file"), max_length=80)
    not_published = forms.BooleanField(
        label=_("It is in the credit file only; no site and no press shows it")
    )

    def clean(self) -> dict[str, Any]:
        """Keep what was shared, word for word."""
        answers: dict[str, Any] = super().clean() or {}
        return {**answers, "shared": rules.content_of(self.case)}


def _need(form: StepForm, answers: dict[str, Any], *names: str) -> None:
    for name in names:
        if not answers.get(name) and name not in form.errors:
            form.add_error(name, _NEEDED)


def _leave(answers: dict[str, Any], *names: str) -> None:
    for name in names:
        answers.pop(name, None)


def _point(number: int, line: str) -> dict[str, Any]:
    what, _bar, proof = line.replace(_BARS[1], _BARS[0]).partition(_BARS[0])
    if not what.strip() or not proof.strip():
        said = _("Line %(n)s: write what is required, a bar |, and how it is proven.")
        raise ValidationError(said % {"n": number})
    return {"number": number, "what": what.strip(), "proof": proof.strip()}


def _said_of(point: dict[str, Any]) -> dict[str, str]:
    return {"point": f"{point['number']}. {point['what']}", "proof": point["proof"]}


def _found(point: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    number = point["number"]
    return {
        "number": number,
        "finding": answers.pop(f"finding_{number}", Finding.NOT_MET),
        "evidence": answers.pop(f"evidence_{number}", ""),
    }


def _period(key: str, case: Interview) -> Period:
    return policy.term(key, on=case.governed_on).period


def _earliest(case: Interview) -> date | None:
    notice = _period("interview.notice_lead", case)
    return rules.earliest_day(audit.written(case), notice, policy.calendar())


def _earliest_if_served(on: date, case: Interview) -> date | None:
    notice = _period("interview.notice_lead", case)
    return due([Event(notice.starts[0], on, {})], notice, policy.calendar()).on


def _latest(case: Interview) -> date | None:
    longest = _period("interview.postpone_max", case)
    return due(audit.written(case), longest, policy.calendar()).on


def _latest_day_told(case: Interview) -> Any:
    latest = _latest(case)
    assert latest is not None
    assert case.meets_on is not None
    said = _("After %(first)s and not later than %(last)s.")
    return said % {"first": date_format(case.meets_on), "last": date_format(latest)}


def _check_postponed(form: StepForm, name: str, answers: dict[str, Any]) -> None:
    wanted, latest = answers.get(name), _latest(form.case)
    if wanted and latest and not form.case.meets_on < wanted <= latest:
        form.add_error(name, _latest_day_told(form.case))
