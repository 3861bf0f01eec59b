"""The vocabulary case types write their flows in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.activation import Activation
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.nodes import FunctionActivation, IfActivation, ViewActivation

from accounts.models import Duty
from forms.base import StepForm
from workflows import audit, correspondence, deadlines
from workflows.acts import current_act
from workflows.models import Purpose, Role, WorkItem

__all__ = [
    "Ask",
    "CaseFlow",
    "Closed",
    "Decide",
    "Deemed",
    "Duty",
    "Opened",
    "Role",
    "Transition",
    "Work",
    "this",
]


def _case(activation: Any) -> Any:
    return activation.process.case.typed


class CaseLock(lock.SelectForUpdateLock):
    """The one row lock of a case, waited for; an act has its transaction already."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        """Hold the process row to the end of the act.

        :raises FlowLockFailed: if it stays locked by somebody else
        """
        process = flow_class.process_class.objects.filter(pk=process_pk)
        try:
            process.select_for_update().exists()
        except DatabaseError as locked:
            raise FlowLockFailed(f"process {process_pk} stays locked") from locked
        yield


class CaseFlow(flow.Flow):
    """A route through the units; one row lock per case, waited for."""

    lock_impl = CaseLock(nowait=False, attempts=1)


class Opened(flow.StartHandle):
    """The case is received: its process begins and so do the clocks of the whole case."""

    def __init__(self, clocks: Iterable[str] = (), promised: Iterable[str] = ()) -> None:
        super().__init__(self._open)
        self.clocks, self.promised = tuple(clocks), tuple(promised)

    def _open(self, activation: Any, case: Any) -> Any:
        activation.process.save()
        case.process = activation.process
        case.save(update_fields=["process"])
        for key in self.clocks:
            deadlines.start(case, {Purpose.LIMIT: key})
        for key in self.promised:
            deadlines.start(case, {Purpose.PROMISE: key})
        return activation.process


def _open_step(activation: Any) -> None:
    # The node that viewflow calls back is a copy of the one that was written down.
    activation.task.flow_task.open(activation.task, _case(activation))


class _StepActivation(ViewActivation):
    """A human task whose work item is cancelled with it."""

    @Activation.status.super()
    def cancel(self) -> None:
        super().cancel.original()
        item = self.task.item
        item.state, item.closed_at = WorkItem.State.CANCELLED, current_act().at
        item.save(update_fields=["state", "closed_at"])
        audit.record("cancelled", _case(self), detail={"item": item.pk, "step": item.step})


class _Step(flow.View):
    """One form that one person fills in by one date; a work item stands for it in a queue."""

    activation_class = _StepActivation

    def __init__(self, form: type[StepForm], due: str) -> None:
        super().__init__(view=None)
        self.form, self.due = form, due
        self.onCreate(_open_step)

    def queue(self, case: Any) -> tuple[Any, str]:
        """Return the unit that has to do this step and the key of its queue."""
        raise NotImplementedError

    def more_clocks(self) -> dict[str, str]:
        """Return the clocks that run beside the limit: the key of a term for each purpose."""
        return {}

    def open(self, task: Any, case: Any) -> None:
        """Put a work item for this step in its queue and start its clock."""
        unit, queue = self.queue(case)
        item = WorkItem(
            task=task,
            case_id=case.pk,
            kind=case.kind,
            step=self.name,
            unit=unit,
            queue=queue,
            opened_at=current_act().at,
        )
        deadlines.start(case, {Purpose.LIMIT: self.due, **self.more_clocks()}, item=item)
        detail = {"item": item.pk, "step": self.name, "queue": queue}
        audit.record("opened", case, detail=detail)


@dataclass(frozen=True)
class Deemed:
    """What the law takes for done when an office is silent: the term, the answers it implies."""

    key: str
    answers: dict[str, Any]


class Work(_Step):
    """A person with one duty in one unit of the case fills in one form.

    ``due`` is the key of a term and ``promised`` of a shorter one that the office has promised;
    ``not_by`` names earlier steps whose doers may not do this one (casebook §2.1, two-person
    rule); ``deemed`` says what silence means by law, never to the party's detriment.
    """

    def __init__(
        self,
        role: Role,
        duty: Duty,
        form: type[StepForm],
        due: str,
        *,
        not_by: tuple[str, ...] = (),
        promised: str | None = None,
        deemed: Deemed | None = None,
    ) -> None:
        super().__init__(form, due)
        self.role, self.duty, self.not_by = role, duty, not_by
        self.promised, self.deemed = promised, deemed

    def more_clocks(self) -> dict[str, str]:
        """Return the clocks that run beside the limit: the key of a term for each purpose."""
        keys = {
            Purpose.PROMISE: self.promised,
            Purpose.DEEMED: self.deemed.key if self.deemed else None,
        }
        return {str(purpose): key for purpose, key in keys.items() if key}

    def queue(self, case: Any) -> tuple[Any, str]:
        """Return the unit with this role in the case, and its queue for the duty."""
        unit = case.unit_as[self.role]
        return unit, unit.queue(self.duty)


class Ask(_Step):
    """The party is asked for something; silence until the date takes the ``lapsed`` answer."""

    not_by: tuple[str, ...] = ()

    def queue(self, _case: Any) -> tuple[Any, str]:
        """Return no unit: the party's own list holds it."""
        return None, WorkItem.PARTY


class _DecideActivation(IfActivation):
    @Activation.status.super()
    def activate(self) -> None:
        self._condition_result = self.flow_task.rule(_case(self))


class Decide(flow.If):
    """Ask one rule of law about the case."""

    activation_class = _DecideActivation

    def __init__(self, rule: Callable[[Any], bool]) -> None:
        super().__init__(rule)
        self.rule = rule


class _TransitionActivation(FunctionActivation):
    @Activation.status.super()
    def activate(self) -> None:
        self.flow_task.move_on(_case(self))


class Transition(flow.Function):
    """Move the case by one of its lawful transitions, turn its clocks, write to the party.

    ``sender`` is the unit whose letter it is; ``pauses``, ``resumes`` and ``ends`` are keys
    of terms.
    """

    activation_class = _TransitionActivation

    def __init__(
        self,
        move: Callable[..., None],
        *,
        letter: str | None = None,
        sender: Role = Role.OFFICE,
        pauses: Iterable[str] = (),
        resumes: Iterable[str] = (),
        ends: Iterable[str] = (),
    ) -> None:
        super().__init__(move)
        self.move, self.letter, self.sender = move.__name__, letter, sender
        self.pauses, self.resumes, self.ends = tuple(pauses), tuple(resumes), tuple(ends)

    def move_on(self, case: Any) -> None:
        """Make the move; its event is written by the log itself."""
        getattr(case, self.move)()
        self._turn_clocks(case)
        if self.letter:
            correspondence.send(self.letter, case, sender=self.sender)

    def _turn_clocks(self, case: Any) -> None:
        if self.pauses:
            deadlines.pause(case, self.pauses)
        if self.resumes:
            deadlines.resume(case, self.resumes)
        if self.ends:
            deadlines.end(case, keys=self.ends)


class _ClosedActivation(flow.End.activation_class):
    @Activation.status.super()
    def activate(self) -> None:
        super().activate.original()
        close(_case(self))


class Closed(flow.End):
    """The case is closed and none of its clocks runs on."""

    activation_class = _ClosedActivation


def close(case: Any) -> None:
    """End what still runs and note that the case is closed; does not save the case."""
    deadlines.end_all(case)
    case.closed_at = current_act().at
    audit.record("closed", case, detail={"state": case.state})
