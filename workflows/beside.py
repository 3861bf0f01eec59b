"""What every verb beside the route asks for: one's own step, a reason, people to tell."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Duty, Membership, Unit, in_force
from accounts.standing import standing
from notifications import outbox
from notifications.outbox import Draft
from workflows import asides, hands, work
from workflows.acts import Refused, current_act
from workflows.models import Case, WorkItem


class NotYourStep(Refused):
    """Only the person who has claimed this step may do this."""

    status = 403


class BesideTheRoute(Refused):
    """This was asked beside the route: answer it, or put it back into the queue."""


class NoReason(Refused):
    """Say why; it is kept, and whoever goes on reads it."""


class NobodyThere(Refused):
    """Nobody in that unit can do this."""


@contextmanager
def own_step(item_id: int, *, by: Any, at: datetime) -> Iterator[Any]:
    """Run the block as one act on a step of the route that this person has claimed.

    :raises NotYourStep: if it is another's, or nobody's
    :raises BesideTheRoute: if it is no step of the route
    """
    with work.holding(item_id, by=by, at=at) as held:
        check_mine(held.item, by)
        if held.is_aside:
            raise BesideTheRoute
        hands.check_not_recused(by, held.case)
        current_act().on_behalf_of = held.item.on_behalf_of
        yield held


def check_mine(item: WorkItem, by: Any) -> None:
    """Make sure that a step is in this person's inbox, and still in one of their queues.

    :raises NotYourStep: if it is not
    """
    claimed = item.state == WorkItem.State.CLAIMED and item.owner_id == by.pk
    if not claimed or item.queue not in standing(by, on=current_act().on).queues:
        raise NotYourStep


def activation_of(item: WorkItem, case: Case) -> Any:
    """Return what moves the task of a step of the route."""
    task: Any = item.task
    task.process = case.process
    return task.flow_task.activation_class(task)


def told(reason: str) -> str:
    """Return a reason without its margins.

    :raises NoReason: if there is none
    """
    if not reason.strip():
        raise NoReason(missing="reason")
    return reason.strip()


def check_nothing_open(item: WorkItem) -> None:
    """Make sure that nothing asked beside a step is open.

    :raises WaitsBeside: if something is, naming the units that have not answered
    """
    open_ = WorkItem.objects.filter(host=item, state__in=asides.OPEN).select_related("unit")
    units = sorted({str(aside.unit) for aside in open_})
    if units:
        said = _("This step waits for an answer of: %(units)s.")
        raise work.WaitsBeside(said % {"units": _(", ").join(units)}, units=units)


def holders_in(units: Iterable[Unit], duty: Duty, *, on: date) -> dict[int, list[Any]]:
    """Return who holds a duty in each of several units, by the units' keys; one query."""
    found: dict[int, list[Any]] = {unit.pk: [] for unit in units}
    held = Membership.objects.filter(in_force(on), unit__in=found, duty=duty, user__is_active=True)
    for membership in held.select_related("user").order_by("pk"):
        found[membership.unit_id].append(membership.user)
    return found


def has_it_now(item: WorkItem) -> list[Any]:
    """Return whom a step waits for: its owner, or everyone who works its queue."""
    if item.state == WorkItem.State.CLAIMED:
        return [item.owner]
    if item.state != WorkItem.State.OPEN or item.unit is None:
        return []
    duty = Duty(item.queue.rpartition("/")[2])
    return holders_in([item.unit], duty, on=current_act().on)[item.unit.pk]


def tell(people: Iterable[Any], case: Case, subject: Any, body: Any, **named: object) -> None:
    """Tell members of units something about a case."""
    act = current_act()
    with override(settings.LANGUAGE_CODE):
        named = {"reference": case.reference, **named}
        draft = Draft(list(people), case.reference, str(subject) % named, str(body) % named)
    outbox.post([draft], at=act.at)
