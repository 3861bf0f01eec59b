"""Plain viewflow: the steps of a repair with nothing of ours, for ``make bench`` to measure."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from viewflow import this
from viewflow.urls import Site
from viewflow.workflow import STATUS, flow, lock
from viewflow.workflow.flow import FlowAppViewset, views
from viewflow.workflow.models import Process, Task

from accounts.models import Unit

_FORM = views.UpdateProcessView.as_view(fields=[])


def _of(duty: str, role: str) -> Any:
    """Return who may do a step, worked out anew for each task as the units of cases differ."""
    return lambda activation: _permission(activation.process.data[role], duty)


def _permission(unit: str, duty: str) -> str:
    return f"accounts.{unit}/{duty}"


def _said(name: str, value: Any) -> Any:
    return lambda activation: activation.process.data.get(name) == value


class PlainFlow(flow.Flow):  # type: ignore[misc]
    """The way of a repair that is granted; no log, no clocks, no letters, no work items."""

    process_title = "Plain"
    lock_impl = lock.SelectForUpdateLock(nowait=False, attempts=1)

    opened = flow.StartHandle(this.take_in).Next(this.check)
    check = flow.View(_FORM).Permission(_of("counter", "office")).Next(this.in_form)
    in_form = flow.If(_said("form_complete", "True")).Then(this.push).Else(this.closed)
    push = flow.Function(this.move).Next(this.examine)
    examine = flow.View(_FORM).Permission(_of("acceptor", "finder")).Next(this.acceptable)
    acceptable = flow.If(_said("examination", "accept")).Then(this.accept).Else(this.closed)
    accept = flow.Function(this.move).Next(this.verify)
    verify = flow.View(_FORM).Permission(_of("handler", "finder")).Next(this.decide)
    decide = flow.View(_FORM).Permission(_of("approver", "finder")).Next(this.returned)
    returned = flow.If(_said("decision", "return")).Then(this.verify).Else(this.granted)
    granted = flow.If(_said("decision", "grant")).Then(this.approve).Else(this.closed)
    approve = flow.Function(this.move).Next(this.stop_publication)
    stop_publication = flow.View(_FORM).Permission(_of("handler", "finder")).Next(this.stop)
    stop = flow.Function(this.move).Next(this.confirm)
    confirm = flow.View(_FORM).Permission(_of("handler", "office")).Next(this.finish)
    finish = flow.Function(this.move).Next(this.closed)
    closed = flow.End()

    def take_in(self, activation: Any, data: dict[str, Any]) -> Any:
        """Keep what the party said in the process itself."""
        activation.process.data = data
        activation.process.save()
        return activation.process

    def move(self, activation: Any) -> None:
        """Note the state in the process itself."""
        activation.process.data["state"] = activation.flow_task.name
        activation.process.save()


DUTIES = {
    "check": ("office", "counter"),
    "examine": ("finder", "acceptor"),
    "verify": ("finder", "handler"),
    "decide": ("finder", "approver"),
    "stop_publication": ("finder", "handler"),
    "confirm": ("office", "handler"),
}
SITE = Site(title="Plain viewflow", viewsets=[FlowAppViewset(PlainFlow, icon="assignment")])
TABLES = (Process, Task)


def begin(data: dict[str, Any]) -> int:
    """Open a case and return its key."""
    return int(PlainFlow.opened.run(data=data).pk)


def claim(process: int, step: str, *, by: Any) -> None:
    """Take a step, as viewflow's own page does."""
    with _task(process, step).activation() as activation:
        assert activation.assign.has_perm(by)
        activation.assign(by)


def complete(process: int, step: str, *, by: Any, answers: dict[str, Any]) -> None:
    """Keep the answers in the process and do the step, as viewflow's own page does."""
    with _task(process, step).activation() as activation:
        assert activation.execute.has_perm(by) or activation.start.has_perm(by)
        activation.process.data.update(answers)
        activation.process.save()
        activation.start(None)
        activation.execute()


def allow(person: Any, queues: list[str]) -> None:
    """Let a person work queues, by permissions: viewflow knows no units and no duties."""
    kind = ContentType.objects.get_for_model(Unit)
    named = [
        Permission.objects.get_or_create(codename=key, content_type=kind, defaults={"name": key})[0]
        for key in queues
    ]
    person.user_permissions.add(*named, *Permission.objects.filter(codename="view_process"))


def count_inbox(person: Any) -> int:
    """Count what a person has claimed."""
    return int(Task.objects.inbox([PlainFlow], person).count())


def queue_page(person: Any, size: int) -> list[Any]:
    """Return the first tasks of a person's queue, oldest first."""
    found = Task.objects.queue([PlainFlow], person).order_by("created", "pk")
    return list(found[:size])


def stocked() -> int:
    """Count the cases of plain viewflow."""
    return int(Process.objects.filter(flow_class=PlainFlow).count())


def any_case() -> int:
    """Return the key of one case of plain viewflow."""
    return int(Process.objects.filter(flow_class=PlainFlow).order_by("pk")[0].pk)


def stock_rows(
    processes: range, tasks: range, like: Sequence[tuple[str, str, Any, int | None]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of processes and tasks that stand where the cases of a stock stand.

    ``like`` names for each its step, its queue, when it was opened and who has claimed it.
    """
    flow_ref = Process._meta.get_field("flow_class").get_prep_value(PlainFlow)
    node = {step: _node(step) for step in DUTIES}
    made: tuple[list[Any], list[Any]] = ([], [])
    for process, task, (step, queue, opened_at, owner) in zip(processes, tasks, like, strict=True):
        made[0].append(
            {"id": process, "flow_class": flow_ref, "status": "NEW", "created": opened_at}
        )
        made[1].append(
            {
                "id": task,
                "process_id": process,
                "flow_task": node[step],
                "flow_task_type": "HUMAN",
                "status": STATUS.ASSIGNED if owner else STATUS.NEW,
                "created": opened_at,
                "token": "start",
                "owner_id": owner,
                "owner_permission": f"accounts.{queue}",
            }
        )
    return made


def _node(step: str) -> str:
    reference = Task._meta.get_field("flow_task")
    return str(reference.get_prep_value(PlainFlow.instance.node(step)))


def _task(process: int, step: str) -> Any:
    return Task.objects.get(process=process, flow_task=PlainFlow.instance.node(step))
