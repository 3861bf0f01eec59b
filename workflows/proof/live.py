"""Where a live case stands in the space that was proven for its route."""

from typing import Any

from viewflow.workflow.status import STATUS

from workflows import asides
from workflows.models import Case, Deadline, Errand, Purpose, Relation, WorkItem
from workflows.proof.positions import (
    CLOSED,
    CONCLUDED,
    CONSULTED,
    RUNNING,
    SEVERAL,
    TRANSFERRED,
    Beside,
    Position,
    Token,
)
from workflows.service import SERVE

_ENDED = [STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED]


def position_of(case: Case) -> Position:
    """Return the position of a case, read anew from the tables.

    What settled rules have answered is not in the tables; ``Space`` finds a position without it.
    """
    typed = case.typed
    end = CLOSED if typed.closed_at else CONCLUDED if typed.concluded_at else RUNNING
    beside = {
        "beside": _beside(typed),
        "unserved": _several(_open(typed).filter(step=SERVE.name).count()),
        "children": _several(_children(typed)),
    }
    if end != RUNNING:
        return Position((), typed.state, end=end, **beside)  # type: ignore[arg-type]
    return Position(
        tokens=tuple(sorted(_tokens(typed))),
        state=typed.state,
        overrun=frozenset(_overrun(typed)),
        suspended=typed.suspended_at is not None,
        **beside,  # type: ignore[arg-type]
    )


def _tokens(case: Any) -> list[Token]:
    names = {task.pk: task.flow_task.name for task in case.process.task_set.all()}
    active = case.process.task_set.exclude(status__in=_ENDED)
    return [Token(names[task.pk], _path(str(task.token), names)) for task in active]


def _path(token: str, names: dict[int, str]) -> tuple[tuple[str, int], ...]:
    parts = (part.split("_") for part in token.split("/")[1:])
    return tuple((names[int(fork)], int(number)) for fork, number in parts)


def _overrun(case: Any) -> set[str]:
    running = Deadline.objects.filter(case_id=case.pk, purpose=Purpose.OVERRUN, ended_at=None)
    waiting = set(running.values_list("item", flat=True))
    found = WorkItem.objects.filter(case_id=case.pk, state__in=asides.OPEN)
    items: Any = found.filter(task__isnull=False).select_related("task")
    late = [item for item in items if getattr(item.task.flow_task, "overrun", None)]
    return {item.step for item in late if item.pk not in waiting}


def _open(case: Any) -> Any:
    return WorkItem.objects.filter(case_id=case.pk, task=None, state__in=asides.OPEN)


def _beside(case: Any) -> frozenset[Beside]:
    open_ = [(a.host.step, _kind(a.step)) for a in _open(case).exclude(host=None)]
    return frozenset(Beside(*what, _several(open_.count(what))) for what in set(open_))


def _kind(step: str) -> str:
    return TRANSFERRED if step == "aside.transfer" else CONSULTED


def _children(case: Any) -> int:
    opened = Relation.objects.filter(source_id=case.pk, kind=Relation.Kind.OPENED)
    to_come = Errand.objects.filter(source_id=case.pk, kind=Errand.Kind.OPEN, done_at=None)
    return opened.filter(target__closed_at=None).count() + to_come.count()


def _several(count: int) -> int:
    return min(SEVERAL, count)
