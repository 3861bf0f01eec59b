"""Hand a part of a case over to the competent unit, which signs for it or gives it back (转办)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Duty, Unit, User
from forms.beside import SignIn
from workflows import asides, audit, beside, correspondence, deadlines, involved, suspension
from workflows.acts import Refused, current_act
from workflows.asides import Aside, known, open_beside
from workflows.models import Case, Role, WorkItem

# No unit has this code, so nobody works the queue in which a step waits for the sign-in.
AWAY = "~"
_SIGN_IN = "general.transfer.sign_in"


class NotTransferable(Refused):
    """The credit office's own part in a case is not transferred."""


class HasIt(Refused):
    """That unit has this part of the case already."""


class OnItsWay(Refused):
    """This part of the case is being transferred already; the other unit has yet to sign."""

    status = 409


class BackAndForth(Refused):
    """That unit has transferred this case itself; ask the common superior who is competent."""


def transfer(item_id: int, *, by: Any, at: datetime, to: Unit, reason: str) -> WorkItem:
    """Ask another unit to take over the part in the case to which one's own step belongs.

    Until it signs for it or gives it back nobody works on the step; every clock goes on.

    :raises NotYourStep, BesideTheRoute: if this is no step in this person's inbox
    :raises NoReason: if it is not said why; the party reads it
    :raises WaitsBeside: if something asked beside this step is open
    :raises NotTransferable, HasIt, OnItsWay, BackAndForth, NobodyThere: if it cannot go there
    """
    with beside.own_step(item_id, by=by, at=at) as held:
        item, case, why = held.item, held.case, beside.told(reason)
        beside.check_nothing_open(item)
        _check_role(held, to)
        people = _able(to, held.node.duty)
        request = _request(held, by, why)
        _set_aside(held)
        asked = open_beside(
            case, replace(SIGN_IN, duty=held.node.duty), unit=to, request=request, host=item
        )
        _record(case, "transfer_asked", asked, to=to.code, queue=item.queue, reason=why)
        _write(case, item.unit, asked, people)
        return asked


def _check_role(held: Any, to: Unit) -> None:
    role = str(held.node.role)
    if role == Role.OFFICE:
        raise NotTransferable
    if held.case.unit_as[role] == to:
        raise HasIt(unit=str(to))
    earlier = WorkItem.objects.filter(case=held.case.pk, step=SIGN_IN.name, request__role=role)
    if earlier.filter(state__in=asides.OPEN).exists():
        raise OnItsWay
    taken = earlier.filter(state=WorkItem.State.DONE, request__taken=True)
    if taken.filter(request__from=to.code).exists():
        raise BackAndForth(unit=str(to))


def _able(to: Unit, duty: Duty) -> list[Any]:
    people = beside.holders_in([to], duty, on=current_act().on)[to.pk]
    if not people:
        said = _("%(unit)s has nobody who could do this step.") % {"unit": to}
        raise beside.NobodyThere(said, units=[str(to)])
    return people


def _request(held: Any, by: Any, why: str) -> dict[str, Any]:
    unit, role = held.item.unit, str(held.node.role)
    return {"role": role, "from": unit.code, "reason": why, "asked_by": by.pk}


def _set_aside(held: Any) -> None:
    _let_go(held.item, held.case)
    held.item.queue = f"{AWAY}/{held.node.duty}"
    held.item.save(update_fields=["queue"])


def _let_go(item: WorkItem, case: Case) -> None:
    if item.state != WorkItem.State.CLAIMED:
        return
    beside.activation_of(item, case).unassign()
    item.state, item.owner, item.on_behalf_of = WorkItem.State.OPEN, None, None
    item.claimed_at = None
    item.save(update_fields=["state", "owner", "on_behalf_of", "claimed_at"])
    audit.record("released", case, detail={"item": item.pk, "step": item.step})


def _write(case: Case, sender: Unit, asked: WorkItem, people: list[Any]) -> None:
    assert asked.unit is not None
    facts = {"reason": asked.request["reason"], "sign_by": asked.due_on}
    correspondence.write_to_unit(
        "transfer", case, sender=sender, to=asked.unit, people=people, facts=facts
    )


def _settle(case: Any, item: WorkItem, answers: dict[str, Any]) -> None:
    item.request = {**item.request, "taken": answers["taken"]}
    item.save(update_fields=["request"])
    if answers["taken"]:
        _sign_in(case, item)
    else:
        _give_back(case, item, answers["given_back_because"])


def _sign_in(case: Any, item: WorkItem) -> None:
    role, to = item.request["role"], item.unit
    assert to is not None
    moved = [_moved(step, case, to) for step in _open_steps(case, role)]
    involved.hand_over(case, role, to)
    queues = {str(step.pk): step.queue for step in moved}
    _record(case, "transferred", item, role=role, unit=to.code, queues=queues)
    beside.tell(_asker(item), case, *_TAKEN, unit=to)
    said = _("Your case is now with %(unit)s, which is competent; no date changes. %(reason)s")
    suspension.tell(case, said, unit=to, reason=item.request["reason"])


def _open_steps(case: Case, role: str) -> list[WorkItem]:
    open_ = WorkItem.objects.filter(case=case.pk, task__isnull=False, state__in=asides.OPEN)
    found = open_.select_related("task").order_by("pk")
    return [step for step in found if getattr(_node(step), "role", None) == role]


def _node(step: WorkItem) -> Any:
    task: Any = step.task
    return task.flow_task


def _moved(step: WorkItem, case: Case, to: Unit) -> WorkItem:
    _let_go(step, case)
    step.unit, step.queue = to, to.queue(_node(step).duty)
    step.save(update_fields=["unit", "queue"])
    return step


def _give_back(case: Any, item: WorkItem, why: str) -> None:
    host: Any = WorkItem.objects.select_related("task", "unit").get(asides=item)
    if host.is_open:
        host.queue = host.unit.queue(_node(host).duty)
        host.save(update_fields=["queue"])
    detail = {"host": host.pk, "queue": host.queue, "reason": why}
    _record(case, "transfer_given_back", item, **detail)
    people = dict.fromkeys([*_asker(item), *beside.has_it_now(host)])
    beside.tell(people, case, *_GIVEN_BACK, unit=item.unit, reason=why)


def _asker(item: WorkItem) -> list[Any]:
    return list(User.objects.filter(pk=item.request["asked_by"]))


def _record(case: Case, kind: str, item: WorkItem, **detail: Any) -> None:
    basis = deadlines.term_of(case, _SIGN_IN).basis
    told = {"item": item.pk, "host": item.host_id, **detail}
    audit.record(kind, case, basis=basis, detail=told)


_TAKEN = (
    gettext_lazy("Transfer signed for: %(reference)s"),
    gettext_lazy("%(unit)s has taken case %(reference)s; its open steps are there now."),
)
_GIVEN_BACK = (
    gettext_lazy("Transfer given back: %(reference)s"),
    gettext_lazy("%(unit)s has given case %(reference)s back to your unit. %(reason)s"),
)
SIGN_IN = known(Aside("aside.transfer", SignIn, _SIGN_IN, _settle, outlives=True))
