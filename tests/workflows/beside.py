"""Other units that are asked beside a step, and the people in them."""

from accounts.models import Duty, Unit
from tests.conftest import _caseworker
from tests.workflows.walks import at
from workflows import consulting, work
from workflows.models import Entry, WorkItem

NOW = at("09-28", 11)
AGREE = {"position": "agree", "reasons": "情况属实。"}


def a_unit(code, *duties):
    """Return a unit of the district with one person for each duty, by the unit's code."""
    unit = Unit.objects.create(
        code=code, name=f"{code}局（示例）", name_en=code, credit_code=f"11370115MB00000{code}0"
    )
    return unit, [_caseworker(unit, duty, f"{code} {duty}") for duty in duties or [Duty.HANDLER]]


def asks(person, item, units, *, kind="assist", at=NOW, **more):
    """Ask units beside a step."""
    told = {"question": "该企业是否已经整改？", **more}
    return consulting.ask(item.pk, by=person.user, at=at, units=units, kind=kind, **told)


def answers(person, item, *, at=NOW, **given):
    """Claim an aside and answer it."""
    work.claim(item.pk, by=person.user, at=at)
    return work.complete(item.pk, by=person.user, answers=given or AGREE, at=at)


def logged(case, kind):
    """Return the entries of one kind in a case's log, oldest first."""
    return list(Entry.objects.filter(stream=case.reference, kind=kind).order_by("seq"))


def again(item):
    """Return a step as it is now."""
    return WorkItem.objects.select_related("owner", "unit", "task").get(pk=item.pk)


def told(person, subject):
    """Return the messages to a person whose subject begins like this."""
    return person.user.messages_received.filter(subject__startswith=subject)
