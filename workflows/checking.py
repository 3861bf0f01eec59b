"""Check that every date shown is the one the clock works out; a difference is an alarm."""

import logging
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workflows import audit, deadlines, policy, wording, work
from workflows.case_type import case_type
from workflows.clock import Event
from workflows.models import Deadline

BATCH = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """One clock that shows something else than its log says, and both explanations.

    ``columns`` gives, for each column that differs, what it says and what it should say.
    """

    case: str
    key: str
    columns: dict[str, tuple[Any, Any]]
    said: list[str]
    should: list[str]

    def __str__(self) -> str:
        differing = "; ".join(f"{name}: {was} ≠ {is_}" for name, (was, is_) in self.columns.items())
        return (
            f"{self.case} {self.key}: {differing} | {' '.join(self.said)} ≠ {' '.join(self.should)}"
        )


@dataclass
class Check:
    """How many clocks were asked anew, and which of them differ."""

    examined: int = 0
    differences: list[Difference] = field(default_factory=list)


def check() -> Check:
    """Ask every running clock anew; each difference is logged. Changes nothing."""
    result, known = Check(), dict[Any, Any]()
    for batch in in_batches(Deadline.objects.filter(ended_at=None)):
        result.examined += len(batch)
        for difference in _differing(batch, known):
            log.error("a date differs from its log: %s", difference)
            result.differences.append(difference)
    return result


def in_batches(found: QuerySet[Deadline]) -> Iterator[list[tuple[Deadline, list[Event]]]]:
    """Yield clocks, each with the events of its case; two queries for each batch."""
    clocks, last = found.select_related("term", "item", "case__party").order_by("pk"), 0
    while batch := list(clocks.filter(pk__gt=last)[:BATCH]):
        heard = audit.written_in(deadline.case.reference for deadline in batch)
        yield [(deadline, heard.get(deadline.case.reference, [])) for deadline in batch]
        last = batch[-1].pk


def _differing(
    batch: Sequence[tuple[Deadline, list[Event]]], known: dict[Any, Any]
) -> list[Difference]:
    with policy.reading(known):
        suspects = [deadline for deadline, events in batch if _compare(deadline, events)]
    return [found for found in map(_confirmed, suspects) if found]


def _confirmed(suspect: Deadline) -> Difference | None:
    # Somebody may have moved the case between the reading of its clocks and of its log.
    case = suspect.case
    with transaction.atomic(), work.locking(case.kind, case.process_id), policy.reading():
        running = Deadline.objects.filter(pk=suspect.pk, ended_at=None)
        found = running.select_related("term", "item", "case").first()
        return _compare(found, audit.written(case)) if found else None


def _compare(deadline: Deadline, events: list[Event]) -> Difference | None:
    anew = copy(deadline)
    try:
        due = deadlines.renew(anew, deadline.case, events)
    except Exception as broken:  # what cannot be worked out must not hide what is wrong elsewhere
        why = [f"{type(broken).__name__}: {broken}"]
        return _difference(deadline, events, {"due_on": (deadline.due_on, None)}, why)
    should = deadlines.cached(anew) | _prefixed(deadlines.shown(anew), deadline)
    said = deadlines.cached(deadline) | _copied(deadline)
    columns = {name: (said[name], value) for name, value in should.items() if said[name] != value}
    why = wording.explanation(due, case_type(deadline.case.kind).moves)
    return _difference(deadline, events, columns, why) if columns else None


def _prefixed(shown: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
    return {f"item.{name}": value for name, value in shown.items()} if deadline.item else {}


def _copied(deadline: Deadline) -> dict[str, Any]:
    columns = deadlines.shown(deadline)
    return _prefixed({name: getattr(deadline.item, name, None) for name in columns}, deadline)


def _difference(
    deadline: Deadline,
    events: list[Event],
    columns: dict[str, tuple[Any, Any]],
    should: list[str],
) -> Difference:
    dates = {"due_on": (deadline.due_on, deadline.due_on), **columns}
    key = deadline.term.key
    return Difference(deadline.case.reference, key, dates, _told(deadline, events), should)


def _told(deadline: Deadline, events: list[Event]) -> list[str]:
    about = [event for event in events if _is_about(event, deadline)]
    if not about:
        return [_("The log says nothing of a start of this clock.")]
    last = about[-1]
    said = _("The log said on %(on)s: started on %(start)s, due on %(due)s.")
    return [said % {"on": last.on, "start": last.detail["start"], "due": last.detail["due"]}]


def _is_about(event: Event, deadline: Deadline) -> bool:
    named = (event.detail.get("key"), event.detail.get("item"))
    told = event.kind in ("clock_started", "clock_moved")
    return told and named == (deadline.term.key, deadline.item_id)
