"""Hold a case up for a listed cause, and let it go on when the last cause has ended."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.standing import representatives
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, deadlines, policy
from workflows.acts import current_act
from workflows.clock import PAUSED, RESUMED
from workflows.models import Case, Suspension

CAUSES = {
    "court": gettext_lazy("a court or review organ has to decide first"),
    "force_majeure": gettext_lazy("force majeure"),
    "party_request": gettext_lazy("the party asks for it"),
    "expert_test": gettext_lazy("an expert test is needed"),
    "objection": gettext_lazy("an objection to the same record is pending"),
}
LISTED = "clock.suspend.causes"


def suspend(case: Case, *, cause: str, reason: str = "", because: Case | None = None) -> None:
    """Hold a case up: its clocks stand still and nobody may work on it (casebook §2.2, 中止)."""
    act, basis = current_act(), policy.term(LISTED, on=case.governed_on).basis
    source = because.pk if because else None
    Suspension.objects.create(case_id=case.pk, cause=cause, source_id=source, since=act.at)
    detail = {"cause": cause, **({"because": because.reference} if because else {})}
    audit.record("suspended", case, basis=basis, detail=detail)
    if case.suspended_at is None:
        case.suspended_at = act.at
        case.save(update_fields=["suspended_at"])
        deadlines.turn(PAUSED, case, [d.term.key for d in deadlines.running(case)], basis=basis)
    said = _("Suspended: %(cause)s. %(reason)s") if reason else _("Suspended: %(cause)s.")
    tell(case, said, cause=CAUSES[cause], reason=reason)


def resume(case: Case, *, reason: str = "", because: Case | None = None) -> None:
    """End the causes that hold a case up, of one other case or of none; go on if none is left."""
    act = current_act()
    held = Suspension.objects.filter(case=case, until=None)
    if not held.filter(source=because).update(until=act.at):
        return
    detail = {"because": because.reference} if because else {}
    if held.exists():
        audit.record("cause_ended", case, detail=detail)
        return
    case.suspended_at = None
    case.save(update_fields=["suspended_at"])
    audit.record("resumed", case, detail=detail)
    deadlines.turn(RESUMED, case, [d.term.key for d in deadlines.running(case)])
    tell(
        case, _("The case goes on. %(reason)s") if reason else _("The case goes on."), reason=reason
    )


def tell(case: Case, said: str, **named: object) -> None:
    """Tell everyone who acts for the party something about their case."""
    act = current_act()
    people = representatives(case.party.credit_code, on=act.on)
    with override(settings.LANGUAGE_CODE):
        subject = _("About your case %(n)s") % {"n": case.reference}
        draft = Draft(people, case.reference, subject, (said % named).strip())
    outbox.post([draft], at=act.at)
