"""Compare the work items with the tasks of the flows and mend what differs."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now
from django.utils.translation import gettext as _
from viewflow.workflow import STATUS
from viewflow.workflow.models import Task

from workflows import audit, deadlines, work
from workflows.models import WorkItem

CHUNK = 5_000
_STATES = {
    STATUS.NEW: WorkItem.State.OPEN,
    STATUS.ASSIGNED: WorkItem.State.CLAIMED,
    STATUS.DONE: WorkItem.State.DONE,
    STATUS.CANCELED: WorkItem.State.CANCELLED,
}
_READ = ("pk", "status", "owner_id", "flow_task", "item", "item__state", "item__owner_id")


@dataclass(frozen=True)
class _Difference:
    """A task, and what its work item says differently."""

    task: int
    item: int | None
    said: dict[str, Any]
    should: dict[str, Any]

    def __str__(self) -> str:
        if self.item is None:
            return _("task %(task)d has no work item") % {"task": self.task}
        return f"task {self.task}, work item {self.item}: {self.said} → {self.should}"


class Command(BaseCommand):
    """Tasks are the truth; a missing work item is opened anew and a differing one corrected."""

    help = "Rebuild work items from the tasks of the flows; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if needed")

    def handle(self, **options: Any) -> None:
        found = list(_differences())
        for difference in found:
            self.stdout.write(str(difference))
            if not options["check"]:
                _mend(difference, at=now())
        said = _("%(n)d differ.") if options["check"] else _("%(n)d mended.")
        self.stdout.write(said % {"n": len(found)})
        if found and options["check"]:
            sys.exit(1)


def _differences() -> Iterator[_Difference]:
    tasks = Task.objects.filter(
        flow_task_type="HUMAN", process__case__isnull=False, status__in=_STATES
    )
    rows = tasks.order_by("pk").values_list(*_READ)
    for task, status, owner, node, item, state, item_owner in rows.iterator(chunk_size=CHUNK):
        should = {"state": str(_STATES[status]), "owner": owner}
        said = {"state": state, "owner": item_owner}
        if said != should and node is not None:
            yield _Difference(task, item, said, should)


def _mend(difference: _Difference, *, at: datetime) -> None:
    task = Task.objects.select_related("process__case").get(pk=difference.task)
    case = task.process.case
    with audit.act(by=None, at=at), work.locking(case.kind, case.process_id):
        typed = work.typed_case(case.kind, pk=case.pk)
        if difference.item is None:
            task.flow_task.open(task, typed)
        item = WorkItem.objects.get(task=task)
        item.state, item.owner_id = difference.should["state"], difference.should["owner"]
        item.claimed_at = (item.claimed_at or at) if item.owner_id else None
        item.closed_at = task.finished
        item.save()
        if not item.is_open:
            deadlines.end(typed, item=item)
        detail = {"item": item.pk, "from": difference.said, "to": difference.should}
        audit.record("item_mended", typed, detail=detail)
