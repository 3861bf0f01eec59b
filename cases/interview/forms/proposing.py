"""What is asked before a party is called: the grounds, the draft, review and approval."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cases.interview import rules
from cases.interview.forms.asking import need
from cases.interview.states import Interview, Level, Occasion
from forms.base import StepForm
from forms.guide import Given
from forms.questions import day, in_words
from records.models import Record, Subject
from workflows import policy
from workflows.case_type import Topic
from workflows.clock import months_after


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
    fact = in_words(
        _("Fact that will be put to the party"),
        help_text=_("Only what is proven; the party reads this."),
    )
    legal_ground = forms.CharField(
        label=_("Legal ground"), help_text=_("Title and article."), max_length=400
    )
    reason = in_words(_("Reason of the interview, as the party will read it"))
    new_fact = in_words(
        _("New fact since the last interview"),
        rows=2,
        help_text=_("Needed only if the same fact was the subject of an interview shortly before."),
        required=False,
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
    review_note = in_words(_("Opinion of the reviewer"))


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
    cancel_reason = in_words(_("Why it is called off, as the party will read it"), required=False)

    def conditions(self) -> dict[str, Given]:
        """Ask for the reason only where the interview is called off."""
        return {"cancel_reason": Given("approval", {"call_off"})}

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the interview is called off."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("approval") == "call_off":
            need(self, answers, "cancel_reason")
        return answers
