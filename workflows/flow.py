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
from viewflow.workflow.nodes import ViewActivation

from accounts.models import Duty
from forms.base import StepForm
from workflows import audit, correspondence, deadlines, errands, moving
from workflows.acts import current_act
from workflows.closing import close
from workflows.models import Purpose, Role, WorkItem

__all__ = [
    "Ask",
    "CaseFlow",
    "Closed",
    "Decide",
    "Deemed",
    "Duty",
    "Fork",
    "Joined",
    "Opened",
    "Overrun",
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
    """A route through the units; one row lock per case, waited for.

    A released route never changes: a new one is a class with the next ``version`` beside it,
    and running cases keep theirs.
    """

    lock_impl = CaseLock(nowait=False, attempts=1)
    version = 1


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


@dataclass(frozen=True)
class Overrun:
    """What the service does when a clock passes while a step is still open; the step stays."""

    key: str
    move: Callable[..., None]
    letter: str | None = None


class Work(_Step):
    """A person with one duty in one unit of the case fills in one form.

    ``due`` is the key of a term and ``promised`` of a shorter one that the office has promised.
    That deciding and other duties never share a hand in a case is the engine's own rule;
    ``not_by`` names further steps whose doers may not do this one (casebook §2.1, two-person
    rule). ``deemed`` says what silence means by law, never to the party's detriment;
    ``overrun`` what the service does about a delay; ``returns_to`` names the earlier step to
    which this one may be returned.
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
        overrun: Overrun | None = None,
        returns_to: str | None = None,
    ) -> None:
        super().__init__(form, due)
        self.role, self.duty, self.not_by = role, duty, not_by
        self.promised, self.deemed = promised, deemed
        self.overrun, self.returns_to = overrun, returns_to

    def more_clocks(self) -> dict[str, str]:
        """Return the clocks that run beside the limit: the key of a term for each purpose."""
        keys = {
            Purpose.PROMISE: self.promised,
            Purpose.DEEMED: self.deemed.key if self.deemed else None,
            Purpose.OVERRUN: self.overrun.key if self.overrun else None,
        }
        return {str(purpose): key for purpose, key in keys.items() if key}

    def queue(self, case: Any) -> tuple[Any, str]:
        """Return the unit with this role in the case, and its queue for the duty."""
        unit = case.unit_as[self.role]
        return unit, unit.queue(self.duty)


class Ask(_Step):
    """The party is asked for something; silence until the date takes the ``lapsed`` answer."""

    duty: Duty | None = None
    not_by: tuple[str, ...] = ()

    def open(self, task: Any, case: Any) -> None:
        """Put the question on the party's list; an earlier silence is no answer to it."""
        case.lapsed = False
        super().open(task, case)

    def queue(self, _case: Any) -> tuple[Any, str]:
        """Return no unit: the party's own list holds it."""
        return None, WorkItem.PARTY


class _PassedThrough:
    """A node that waits for nobody: it is passed at once, and the log alone tells of it.

    viewflow would write a task, its link and its end for each; a route has many such nodes.
    """

    def _create(self, prev_activation: Any, token: str, **_: Any) -> Any:
        return self.pass_on(_case(prev_activation))._create(prev_activation, token)

    def pass_on(self, case: Any) -> Any:
        """Do what the node is for, and return the node that comes next."""
        raise NotImplementedError


class Decide(_PassedThrough, flow.If):
    """Ask one rule of law about the case.

    ``settled`` says that the rule reads only what never changes within a case.
    """

    def __init__(self, rule: Callable[[Any], bool], *, settled: bool = False) -> None:
        super().__init__(rule)
        self.rule, self.settled = rule, settled

    def pass_on(self, case: Any) -> Any:
        """Return the node that the answer leads to."""
        return self._on_true if self.rule(case) else self._on_false


class Fork(flow.Split):
    """Several parts of the route go on side by side."""


class _JoinedActivation(flow.Join.activation_class):
    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, *args: Any, **kwargs: Any) -> Any:
        activation = super().create(flow_task, prev_activation, *args, **kwargs)
        # The library reads the waiting join anew; the case in hand is the one that is saved.
        activation.task.process = activation.process = prev_activation.process
        return activation


class Joined(flow.Join):
    """The parts of the route come together: the last one to arrive goes on."""

    activation_class = _JoinedActivation


class Transition(_PassedThrough, flow.Function):
    """Move the case by one of its lawful transitions, turn its clocks, write to the party.

    ``sender`` is the unit whose letter it is; ``pauses``, ``resumes`` and ``ends`` are keys
    of terms. ``as_of`` names the fact with the day from which the clocks count that this move
    starts; ``opens`` a case of another type, by its kind and its door, as a child of this one.
    """

    def __init__(
        self,
        move: Callable[..., None],
        *,
        letter: str | None = None,
        sender: Role = Role.OFFICE,
        pauses: Iterable[str] = (),
        resumes: Iterable[str] = (),
        ends: Iterable[str] = (),
        as_of: str | None = None,
        opens: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(move)
        self.move, self.letter, self.sender = move.__name__, letter, sender
        self.pauses, self.resumes, self.ends = tuple(pauses), tuple(resumes), tuple(ends)
        self.as_of, self.opens = as_of, opens

    def pass_on(self, case: Any) -> Any:
        """Move the case on, and return the node that comes next."""
        self.move_on(case)
        return self._next

    def move_on(self, case: Any) -> None:
        """Make the move; its event is written by the log itself."""
        moving.make(case, self.move, as_of=getattr(case, self.as_of) if self.as_of else None)
        self._turn_clocks(case)
        if self.letter:
            correspondence.send(self.letter, case, sender=self.sender)
        if self.opens:
            errands.open_case(case, *self.opens)

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
    """The route ends here: no clock of it runs on, and the case is closed or soon will be."""

    activation_class = _ClosedActivation
