"""One planted repair: its rows, as the engine would have left them at one step of its way."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils.timezone import make_aware

from accounts.models import Unit, User
from records.models import Record, Showing
from web.management.stages import AFTER, SHOWN_IN, Dates, Keys, Stage
from workflows import audit
from workflows.clock import USUAL
from workflows.models import Case, Deadline, Entry, Involvement, Role, WorkItem

PROCESS: Any = Case._meta.get_field("process").related_model
TASK: Any = WorkItem._meta.get_field("task").related_model
_FLOW, _NODE = PROCESS._meta.get_field("flow_class"), TASK._meta.get_field("flow_task")
_FOUND = {"form_complete": True, "duty_fulfilled": True, "breach_corrected": True}


@dataclass
class Seedling:
    """A case about to be planted: at what stage, in whose hands, and since when."""

    own: Keys
    stage: Stage
    type: Any
    units: dict[Role, Unit]
    party: User
    owner: int | None
    clock: Dates
    feedback: Dates
    days: dict[str, date]

    def rows(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield the rows of the case, each with its table."""
        yield Record, self._record()
        yield from ((Showing, row) for row in self._showings())
        yield PROCESS, self._process()
        yield TASK, self._task()
        yield Case, self._case()
        yield self.type.record, self._facts()
        yield from ((Involvement, row) for row in self._roles())
        yield WorkItem, self._item()
        yield from ((Deadline, row) for row in self._clocks())
        yield from ((Entry, row) for row in self._entries())

    @cached_property
    def reference(self) -> str:
        """The number of the case."""
        return f"{self.type.prefix}-{self.days['received'].year}-{self.own.number:06}"

    @cached_property
    def node(self) -> Any:
        """The step the case stands at."""
        return self.type.flow.instance.node(self.stage.step)

    @cached_property
    def queue(self) -> str:
        """The queue of the step."""
        return self.units[self.node.role].queue(self.node.duty)

    @cached_property
    def opened_at(self) -> datetime:
        """When the last move was made, and the step opened with it."""
        return _morning(max(self.days.values()))

    @property
    def closed_at(self) -> datetime | None:
        """When the case was closed, if it was."""
        return self.opened_at + timedelta(minutes=30) if self.stage.is_final else None

    def _record(self) -> dict[str, Any]:
        finder = self.units[Role.FINDER]
        return {
            "id": self.own.record,
            "kind": Record.Kind.PENALTY.value,
            "document_number": f"示例罚决字〔存量〕第{self.own.record}号",
            "subject_id": self.own.subject,
            "authority_code": finder.credit_code,
            "authority_name": finder.name,
            "decided_on": self.days["received"] - timedelta(days=120),
            "categories": ["罚款"],
            "conduct": "虚构的违法行为（示例）",
            "fine_fen": 2_000_000,
            "publication": "stopped" if "stop" in self.days else "published",
        }

    def _showings(self) -> Iterator[dict[str, Any]]:
        stopped_on = max(self.days.values()) if self.stage.is_final else None
        for key, place in zip(self.own.showings, SHOWN_IN, strict=True):
            yield {
                "id": key,
                "record_id": self.own.record,
                "place": place.value,
                "stopped_on": stopped_on,
            }

    def _process(self) -> dict[str, Any]:
        return {
            "id": self.own.process,
            "flow_class": _FLOW.get_prep_value(self.type.flow),
            "status": "DONE" if self.stage.is_final else "NEW",
            "created": _morning(self.days["received"]),
            "finished": self.closed_at,
        }

    def _task(self) -> dict[str, Any]:
        status = "ASSIGNED" if self.owner else "NEW"
        return {
            "id": self.own.task,
            "process_id": self.own.process,
            "flow_task": _NODE.get_prep_value(self.node),
            "flow_task_type": self.node.task_type,
            "status": "DONE" if self.stage.is_final else status,
            "created": self.opened_at,
            "finished": self.closed_at,
            "token": "start",
            "owner_id": self.owner,
        }

    def _case(self) -> dict[str, Any]:
        return {
            "id": self.own.case,
            "kind": self.type.label,
            "reference": self.reference,
            "query_code": f"{self.own.case:08X}",
            "party_id": self.own.subject,
            "record_id": self.own.record,
            "opened_by_id": self.party.pk,
            "state": self.stage.state,
            "opened_at": _morning(self.days["received"]),
            "governed_on": self.days["received"],
            "closed_at": self.closed_at,
            "process_id": self.own.process,
            "served_electronically": True,
        }

    def _facts(self) -> dict[str, Any]:
        return {
            "case_ptr_id": self.own.case,
            "channel": "ndrc",
            "grade": "general",
            "fulfilled_on": self.days["received"],
            "correction": "已缴清罚款并完成整改。（示例）",
            "signer": "示例",
            "agent_name": "示例",
            "agent_phone": "0531-00000000",
            **_FOUND,
        }

    def _roles(self) -> Iterator[dict[str, Any]]:
        for key, (role, unit) in zip(self.own.roles, self.units.items(), strict=True):
            yield {"id": key, "case_id": self.own.case, "role": role.value, "unit_id": unit.pk}

    def _item(self) -> dict[str, Any]:
        state = WorkItem.State.CLAIMED if self.owner else WorkItem.State.OPEN
        return {
            "id": self.own.item,
            "task_id": self.own.task,
            "case_id": self.own.case,
            "kind": self.type.label,
            "step": self.stage.step,
            "unit_id": self.units[self.node.role].pk,
            "queue": self.queue,
            "state": (WorkItem.State.DONE if self.stage.is_final else state).value,
            "owner_id": self.owner,
            "opened_at": self.opened_at,
            "claimed_at": self.opened_at if self.owner else None,
            "closed_at": self.closed_at,
            **self.clock.columns,
        }

    def _clocks(self) -> Iterator[dict[str, Any]]:
        answered = "approve" in self.stage.moves
        clocks = ((self.feedback, None, answered), (self.clock, self.own.item, self.stage.is_final))
        for key, (dates, item, is_over) in zip(self.own.clocks, clocks, strict=True):
            yield {
                "id": key,
                "case_id": self.own.case,
                "item_id": item,
                "term_id": dates.term,
                "started_on": dates.start,
                "provisional": False,
                "ended_at": self.opened_at if is_over else None,
                "was_met": True if is_over else None,
                "next_rung_on": None if is_over else dates.columns["amber_on"],
                **dates.columns,
            }

    def _entries(self) -> Iterator[dict[str, Any]]:
        head, names = audit.GENESIS, audit.SEALED_BY_HASH
        for seq, (kind, day, detail) in enumerate(self._events(), start=1):
            entry = Entry(
                stream=self.reference,
                seq=seq,
                kind=kind,
                by=f"user:{self.owner or self.party.pk}",
                at=_morning(day),
                detail=detail,
                previous=head,
            )
            entry.hash = head = audit.digest(entry)
            kept = {name: getattr(entry, name) for name in names}
            yield {"id": None, "previous": entry.previous, "hash": entry.hash, **kept}

    def _events(self) -> Iterator[tuple[str, date, dict[str, Any]]]:
        item, state = self.own.item, "received"
        yield "received", self.days["received"], self._received()
        for move in self.stage.moves:
            yield move, self.days[move], {"from": state, "to": AFTER[move]}
            state = AFTER[move]
        last = max(self.days.values())
        step = {"item": item, "step": self.stage.step}
        yield "opened", last, {**step, "queue": self.queue}
        if self.owner:
            yield "claimed", last, step
        if self.stage.is_final:
            yield "closed", last, {"state": state}

    def _received(self) -> dict[str, Any]:
        return {
            "kind": self.type.label,
            "record": self.own.record,
            "units": {role.value: unit.code for role, unit in self.units.items()},
            "governed_on": self.days["received"].isoformat(),
            "governed_because": "day of application",
            "conventions": asdict(USUAL),
            "facts": {"channel": "ndrc", "grade": "general"},
        }


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(9)))
