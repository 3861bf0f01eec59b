"""By which doors an interview is opened, what is known about it then, what its letters add."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Duty, Unit
from accounts.standing import standing
from cases.interview import rules
from cases.interview.forms import proposing
from cases.interview.states import Finding, Interview, Level, Occasion, Result, State
from records.models import Record
from workflows import deadlines, policy, wording
from workflows.case_type import About, Door, Offer, Opener, Topic, case_type
from workflows.involved import AuthorityAbsent, authority_of, credit_office
from workflows.models import Role

# Who in a case calls its party to account when rectification fails there: who watches, else who
# made the finding (谁认定、谁约谈).
CALLERS = (Role.SUPERVISING, Role.FINDER)


def offer(topic: Topic, *, on: date) -> Offer:
    """Tell whether a unit may call an organisation about a record of its own, and why."""
    record = topic.record
    assert record is not None
    if record.kind == Record.Kind.PERMIT:
        return Offer(False, (_("A permit is no ground of an interview."),))
    if record.is_tombstone:
        return Offer(False, (_("The record has been repaired or removed; its ground is gone."),))
    return _possible(topic, record.document_number, on)


def about_subject(topic: Topic, *, on: date) -> Offer:
    """Tell whether a unit may call an organisation about a finding that is no record yet."""
    return _possible(topic, "", on)


def about_failure(topic: Topic, *, on: date) -> Offer:
    """Tell whether a failed rectification in another case leads to an interview."""
    if _caller(topic.source) is None:
        return Offer(False, (_("No authority in that case could call its party."),))
    last = _barred_to(topic, topic.source.reference, on)
    return _barred(last) if last else Offer(True, (_("Rectification failed in that case."),))


def about_interview(topic: Topic, *, on: date) -> Offer:
    """Tell whether a warning may follow a reminder interview."""
    if topic.source.kind != "interview" or topic.source.state != State.ESCALATED:
        return Offer(False, (_("A warning follows a reminder interview that has failed."),))
    return Offer(True, (_("The reminder interview has failed."),), opens_on=on)


DOORS = (
    Door(
        "opened",
        gettext_lazy("Interview about a record"),
        Opener.AUTHORITY,
        About.RECORD,
        offer,
        proposing.Grounds,
    ),
    Door(
        "found",
        gettext_lazy("Interview about another finding"),
        Opener.AUTHORITY,
        About.SUBJECT,
        about_subject,
        proposing.Grounds,
    ),
    Door(
        "triggered",
        gettext_lazy("Interview after a failed rectification"),
        Opener.SERVICE,
        About.CASE,
        about_failure,
    ),
    Door(
        "escalated",
        gettext_lazy("Warning interview after a reminder"),
        Opener.SERVICE,
        About.CASE,
        about_interview,
    ),
)


def prepare(case: Interview, topic: Topic) -> None:
    """Fill in, where another case leads to the interview, what that case knows."""
    if isinstance(topic.source, Interview):
        _prepare_warning(case, topic.source)
    elif topic.source is not None:
        _prepare_reminder(case, topic.source)
    elif topic.record is not None:
        case.document = topic.record.document_number
    case.level = rules.level_of(case.occasion)


def units(case: Interview, topic: Topic) -> dict[Role, Unit]:
    """Return the credit office and the authority that made the finding."""
    return {Role.OFFICE: credit_office(), Role.FINDER: _finder(case, topic)}


def letter_facts(case: Interview) -> dict[str, Any]:
    """Return what the letters of an interview say beyond what all letters say."""
    return {
        "level": Level(case.level),
        "points": case.points,
        "open_points": rules.open_points(case),
        "findings": [_told(case, found) for found in case.findings],
        "result": Result(case.result) if case.result else "",
        "notice": lambda: _term(case, "interview.notice_lead"),
        "reply": lambda: _term(case, "interview.reply"),
        "rectify": lambda: _term(case, "interview.{case.level}.rectify"),
        "again": lambda: _term(case, "interview.{case.level}.again"),
    }


def _possible(topic: Topic, document: str, on: date) -> Offer:
    last = _barred_to(topic, document, on)
    if last is None:
        return Offer(True, (_("A unit may call the organisation to account for its finding."),))
    told = _("Interviewed about this before: up to %(day)s a new fact has to be named.")
    return Offer(True, (told % {"day": date_format(last)},))


def _barred(last: date) -> Offer:
    told = _("Interviewed about the same fact before: not again up to %(day)s.")
    return Offer(False, (told % {"day": date_format(last)},))


def _barred_to(topic: Topic, document: str, on: date) -> date | None:
    record = None if topic.source else topic.record
    return proposing.barred_to(proposing.last_heard(topic.subject, record, document), on=on)


def _caller(source: Any) -> Unit | None:
    found = (source.unit_as.get(role) for role in CALLERS)
    return next((unit for unit in found if unit), None)


def _finder(case: Interview, topic: Topic) -> Unit:
    if topic.source is not None:
        return _caller(topic.source) or credit_office()
    if topic.record is not None:
        return authority_of(topic.record)
    held = standing(case.opened_by, on=case.governed_on).memberships
    unit = next((m.unit for m in held if m.duty == Duty.HANDLER), None)
    if unit is None:
        raise AuthorityAbsent
    return unit


def _prepare_warning(case: Interview, reminder: Interview) -> None:
    case.occasion, case.document = Occasion.REFUSED, reminder.document
    case.fact, case.legal_ground = reminder.fact, reminder.legal_ground
    with override(settings.LANGUAGE_CODE):
        told = _("Reminder interview %(reference)s has failed: %(why)s")
        why = {"reference": reminder.reference, "why": reminder.settlement}
        case.reason = case.new_fact = told % why
    # The same matter, the same authority, the same party: its consent goes on.
    case.served_electronically = reminder.served_electronically


def _prepare_reminder(case: Interview, source: Any) -> None:
    type_ = case_type(source.kind)
    case.occasion, case.document = Occasion.FIRST, source.reference
    case.legal_ground = str(type_.legal_basis)
    with override(settings.LANGUAGE_CODE):
        named = {
            "kind": type_.verbose_name,
            "reference": source.reference,
            "state": type_.told_staff(source.state),
        }
        case.fact = _("%(kind)s %(reference)s: %(state)s.") % named
        case.reason = _("Rectification was not done in time in case %(reference)s.") % named


def _told(case: Interview, found: dict[str, Any]) -> dict[str, Any]:
    point = next(p for p in case.points if p["number"] == found["number"])
    return {**point, "label": Finding(found["finding"]).label, "evidence": found["evidence"]}


def _term(case: Interview, key: str) -> dict[str, Any]:
    term = policy.term(deadlines.named(case, key), on=case.governed_on)
    return {
        "length": wording.length(term.period),
        "basis": term.basis,
        "certainty": wording.certainty(term.certainty),
    }
