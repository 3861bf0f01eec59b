"""Steps beside the route: a letter to be served, an opinion asked for, a transfer to sign for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from accounts.models import Duty, Unit
from forms.base import StepForm
from workflows import audit, deadlines
from workflows.acts import current_act
from workflows.case_type import case_type
from workflows.clock import ASKED
from workflows.models import Case, Errand, Purpose, Relation, WorkItem

OPEN = (WorkItem.State.OPEN, WorkItem.State.CLAIMED)


@dataclass(frozen=True)
class Silence:
    """What an aside's silence was announced to mean: the term, the answers it implies."""

    key: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Aside:
    """A kind of step beside the route, and what its answer does to the case.

    ``holds`` says that the step beside which it was opened waits for it; ``outlives``, that it
    stays open when the law takes that step for done.
    """

    name: str
    form: type[StepForm]
    due: str
    settle: Callable[[Any, WorkItem, dict[str, Any]], None]
    duty: Duty = Duty.HANDLER
    holds: bool = True
    outlives: bool = False
    deemed: Silence | None = None
    not_by: tuple[str, ...] = ()
    overrun: None = None
    returns_to: None = None

    @property
    def title(self) -> str | Promise:
        """What the step is called."""
        return self.form.title


ASIDES: dict[str, Aside] = {}


def known(aside: Aside) -> Aside:
    """Make a kind of aside known by its name, which holds a dot as no step of a flow does."""
    ASIDES[aside.name] = aside
    return aside


def open_beside(
    case: Case,
    aside: Aside,
    *,
    unit: Unit,
    request: dict[str, Any],
    host: WorkItem | None = None,
    silence: bool = False,
) -> WorkItem:
    """Put an aside into the queue of a unit and start its clock.

    ``silence`` says that it was announced what no answer in time will mean.
    """
    item = WorkItem.objects.create(
        case_id=case.pk,
        kind=case.kind,
        step=aside.name,
        host=host,
        unit=unit,
        queue=unit.queue(aside.duty),
        opened_at=current_act().at,
        request=request,
    )
    audit.record(ASKED, case, detail={"item": item.pk, "step": aside.name, "queue": item.queue})
    clocks = {str(Purpose.LIMIT): aside.due}
    if silence and aside.deemed:
        clocks[str(Purpose.DEEMED)] = aside.deemed.key
    deadlines.start(case, clocks, item=item)
    return item


def step_named(kind: str, step: str) -> Any:
    """Return what a work item stands for by its name: a step of the route, or an aside."""
    return ASIDES.get(step) or case_type(kind).step(step)


def awaited_by(item: WorkItem) -> list[WorkItem]:
    """Return what a step waits for beside the route."""
    beside = WorkItem.objects.filter(host=item, state__in=OPEN).select_related("unit")
    return [aside for aside in beside if ASIDES[aside.step].holds]


def has_asides() -> Exists:
    """Return the test, for a query of work items, that something was asked beside each."""
    return Exists(WorkItem.objects.filter(host=OuterRef("pk"), state__in=OPEN))


@dataclass(frozen=True)
class Beside:
    """Whether a case waits for something beside its route, and another one for it."""

    waits: bool
    is_awaited: bool


def beside(case: Case) -> Beside:
    """Return what is open beside a case: an aside, a case it has opened, one that opened it."""
    this, opened = OuterRef("pk"), Relation.objects.filter(kind=Relation.Kind.OPENED)
    open_asides = WorkItem.objects.filter(case=this, task=None, state__in=OPEN)
    children = opened.filter(source=this, target__closed_at=None)
    to_come = Errand.objects.filter(source=this, kind=Errand.Kind.OPEN, done_at=None)
    found = Case.objects.filter(pk=case.pk).values_list(
        Exists(open_asides) | Exists(children) | Exists(to_come),
        Exists(opened.filter(target=this)),
    )
    return Beside(*found.get())


def cancel(items: list[WorkItem], case: Case) -> None:
    """Take back asides that nobody needs any more."""
    for item in items:
        deadlines.end(case, item=item)
        item.state, item.closed_at = WorkItem.State.CANCELLED, current_act().at
        item.save(update_fields=["state", "closed_at"])
        audit.record("cancelled", case, detail={"item": item.pk, "step": item.step})


def day_of(answers: dict[str, Any], name: str) -> date:
    """Return an answer that is a day."""
    found = answers[name]
    return found if isinstance(found, date) else date.fromisoformat(found)
