"""Return a step to the one before it, with a reason; no clock is reset (退回, casebook §2.2)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows import audit, beside, deadlines, hands, policy, work
from workflows.acts import Refused, current_act
from workflows.models import WorkItem


class NoWayBack(Refused):
    """This step has no earlier one to which it may be returned."""


def send_back(item_id: int, *, by: Any, at: datetime, reason: str) -> WorkItem:
    """Return one's own step to the earlier one its route names; return that step, open again.

    Whoever did it has it in their inbox again, if they still may. Its clock goes on from where
    it first started: going back is no reason for more time.

    :raises NotYourStep, BesideTheRoute: if this is no step in this person's inbox
    :raises NoReason: if it is not said why
    :raises WaitsBeside: if something asked beside this step is open
    :raises NoWayBack: if the route names no earlier step, or it was not done on this part of it
    """
    with beside.own_step(item_id, by=by, at=at) as held:
        why = beside.told(reason)
        earlier = _done_before(held)
        beside.check_nothing_open(held.item)
        opened = _open_again(held, earlier)
        opened.request = {"returned": _note(held, by, why)}
        opened.save(update_fields=["request"])
        owner = _give_back(opened, earlier)
        _record(held, opened, owner, why)
        beside.tell(beside.has_it_now(opened), held.case, *_RETURNED, reason=why)
        return opened


def _done_before(held: Any) -> WorkItem:
    """Return the earlier step as it was last done on this part of the route."""
    name, task = held.node.returns_to, held.item.task
    done = WorkItem.objects.filter(
        case=held.case.pk,
        step=name or "",
        state=WorkItem.State.DONE,
        task__token=task.token,
    )
    found = done.select_related("owner").order_by("-pk").first()
    if found is None:
        raise NoWayBack(step=held.item.step)
    return found


def _open_again(held: Any, earlier: WorkItem) -> WorkItem:
    activation = held.activation()
    deadlines.end(held.case, item=held.item)
    activation.cancel()
    node = held.node.flow_class.instance.node(earlier.step)
    again = node._create(activation, activation.task.token)
    item: WorkItem = again.task.item
    item.case = held.case
    return item


def _note(held: Any, by: Any, why: str) -> dict[str, Any]:
    return {
        "reason": why,
        "from": held.item.step,
        "by": by.pk,
        "name": str(by),
        "at": current_act().at.isoformat(),
    }


def _give_back(opened: WorkItem, earlier: WorkItem) -> Any:
    """Put the step into the inbox of whoever did it, if they still may; return them."""
    who, on = earlier.owner, current_act().on
    if who is None or work.why_not(opened, who, on=on):
        return None
    past = hands.past_of(opened.case)
    acting = hands.reaching(opened.queue, who, on=on, past=past)
    beside.activation_of(opened, opened.case).assign(who)
    opened.state, opened.claimed_at = WorkItem.State.CLAIMED, current_act().at
    opened.owner, opened.on_behalf_of = who, acting.on_behalf_of
    opened.save(update_fields=["state", "owner", "on_behalf_of", "claimed_at"])
    return who


def _record(held: Any, opened: WorkItem, owner: Any, why: str) -> None:
    detail = {
        "item": opened.pk,
        "step": opened.step,
        "returned": held.item.pk,
        "returned_step": held.item.step,
        "owner": owner and f"user:{owner.pk}",
        "on_behalf_of": opened.on_behalf_of and f"user:{opened.on_behalf_of.pk}",
        "reason": why,
    }
    basis = policy.term("general.return", on=held.case.governed_on).basis
    audit.record("returned", held.case, basis=basis, detail=detail)


_RETURNED = (
    _("Returned to you: %(reference)s"),
    _("A step of case %(reference)s was returned; its date stays as it was. %(reason)s"),
)
