"""Start, pause, resume and end the clocks of a case; every date is asked of ``clock.due``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from workflows import audit, clock, ladder, policy
from workflows.acts import current_act
from workflows.clock import Due
from workflows.models import Case, Deadline, Purpose, Term, WorkItem

_END = """
    UPDATE workflows_deadline d
    SET ended_at = %s, was_met = (d.due_on IS NULL OR d.due_on >= %s)
    FROM workflows_term t
    WHERE t.id = d.term_id AND d.case_id = %s AND d.ended_at IS NULL
    AND {which} AND (%s::text[] IS NULL OR t.key = ANY(%s))
    RETURNING t.key, d.item_id, d.was_met
"""
_OF_THE_ROUTE = """d.item_id NOT IN (
    SELECT id FROM workflows_workitem WHERE case_id = d.case_id AND task_id IS NULL
) OR d.item_id IS NULL"""
_COLUMNS: dict[str, str] = {
    Purpose.PROMISE: "promised_on",
    Purpose.DEEMED: "deemed_on",
    Purpose.OVERRUN: "overrun_on",
}
_SHOWN = ("due_on", "amber_on", "promised_on", "deemed_on", "overrun_on")
_CACHED = ("started_on", "due_on", "amber_on", "provisional", "next_rung_on")


def start(case: Case, clocks: Mapping[str, str], *, item: WorkItem | None = None) -> list[Deadline]:
    """Start the clocks of a step, or of the case itself, under the editions that govern it.

    ``clocks`` gives the key of a term for each purpose. Saves the step too.
    """
    begun = [_begun(case, purpose, key, item) for purpose, key in clocks.items()]
    for deadline in begun:
        _show(deadline)
    if item is not None:
        item.save()
    Deadline.objects.bulk_create(begun)
    for deadline in begun:
        audit.record("clock_started", case, basis=deadline.term.basis, detail=_told(deadline))
    return begun


def _begun(case: Case, purpose: str, key: str, item: WorkItem | None) -> Deadline:
    term = term_of(case, key)
    deadline = Deadline(case_id=case.pk, item=item, term=term, purpose=purpose)
    renew(deadline, case, _events(case))
    return deadline


def pause(case: Case, keys: Iterable[str], *, basis: str = "") -> None:
    """Let clocks stand still, from the day after this one."""
    turn(clock.PAUSED, case, keys, basis=basis)


def resume(case: Case, keys: Iterable[str], *, basis: str = "") -> None:
    """Let clocks run again; the day of the resumption is not counted."""
    turn(clock.RESUMED, case, keys, basis=basis)


def end(case: Case, *, item: WorkItem | None = None, keys: Iterable[str] | None = None) -> None:
    """End the running clocks of a step, or of the case itself, and note whether they were met."""
    wanted = None if keys is None else [named(case, key) for key in keys]
    _end(case, "d.item_id IS NOT DISTINCT FROM %s", [item and item.pk], wanted)


def end_route(case: Case) -> None:
    """End every running clock of a case but those of what is open beside its route."""
    _end(case, f"({_OF_THE_ROUTE})", [], None)


def renew_waiting(case: Case) -> None:
    """Start the clocks that have waited for the service of a letter."""
    waiting = [deadline for deadline in running(case) if deadline.started_on is None]
    recompute(waiting, case, because="served")


def named(case: Case, key: str) -> str:
    """Return the key of a term for this case, e.g. ``repair.{case.channel}.accept`` filled in."""
    return key.format(case=case.typed) if "{" in key else key


def term_of(case: Case, key: str) -> Term:
    """Return the edition of a term that governs the case."""
    return policy.term(named(case, key), on=case.governed_on)


def due_of(case: Case, term: Term) -> Due:
    """Return the due date of one clock of a case, asked anew of its log."""
    return _due(case, term, _events(case))


def renew(deadline: Deadline, case: Case, events: Iterable[clock.Event]) -> Due:
    """Work out anew, without saving, all that a clock caches; return when it is due and why.

    :raises clock.NeverStarted: if no event starts it
    """
    due = _due(case, deadline.term, clock.heard_by(deadline.item_id, events))
    deadline.started_on = due.start
    _note(deadline, due, case)
    return due


def cached(deadline: Deadline) -> dict[str, Any]:
    """Return what a clock caches of its due date."""
    return {name: getattr(deadline, name) for name in _CACHED}


def shown(deadline: Deadline) -> dict[str, Any]:
    """Return what the step of a clock has to show of it: its columns and their values."""
    if deadline.purpose == Purpose.LIMIT:
        return {"due_on": deadline.due_on, "amber_on": deadline.amber_on}
    return {_COLUMNS[deadline.purpose]: deadline.due_on}


def _due(case: Case, term: Term, events: Iterable[clock.Event]) -> Due:
    return clock.due(events, term.period, policy.calendar(), policy.conventions(case))


def _events(case: Case) -> list[clock.Event]:
    memory, key = current_act().memory, ("events", case.reference)
    if key not in memory:
        memory[key] = audit.written(case)
    return [*memory[key], *audit.unwritten(case)]


def running(case: Case) -> list[Deadline]:
    """Return the clocks of a case that have not ended."""
    found = Deadline.objects.filter(case=case, ended_at=None)
    deadlines = list(found.select_related("term", "item").order_by("pk"))
    items = {deadline.item_id: deadline.item for deadline in deadlines}
    for deadline in deadlines:
        deadline.item = items[deadline.item_id]  # several clocks of one step share it
    return deadlines


def recompute(clocks: Sequence[Deadline], case: Case, *, because: str) -> list[Deadline]:
    """Ask clocks of a case anew; note, with old and new, which moved, and return these.

    A provisional date that has become sure counts as moved.
    """
    was = {deadline.pk: cached(deadline) for deadline in clocks}
    for deadline in clocks:
        renew(deadline, case, _events(case))
    changed = [deadline for deadline in clocks if cached(deadline) != was[deadline.pk]]
    if changed:
        _save(changed)
    moved = [deadline for deadline in changed if _has_moved(deadline, was[deadline.pk])]
    for deadline in moved:
        detail = {**_told(deadline), **_before(was[deadline.pk]), "because": because}
        audit.record("clock_moved", case, basis=deadline.term.basis, detail=detail)
    return moved


def _has_moved(deadline: Deadline, was: dict[str, Any]) -> bool:
    return any(getattr(deadline, name) != was[name] for name in ("due_on", "provisional"))


def _before(was: dict[str, Any]) -> dict[str, Any]:
    due_on = was["due_on"]
    return {"was": due_on and due_on.isoformat(), "was_provisional": was["provisional"]}


def turn(kind: str, case: Case, keys: Iterable[str], *, basis: str = "") -> None:
    """Let clocks stand still or run again (``clock.PAUSED``, ``clock.RESUMED``)."""
    turned = [named(case, key) for key in keys]
    audit.record(kind, case, basis=basis, detail={"keys": turned})
    recompute([d for d in running(case) if d.term.key in turned], case, because=kind)


def _save(moved: Sequence[Deadline]) -> None:
    for deadline in moved:
        _show(deadline)
    Deadline.objects.bulk_update(moved, _CACHED)
    items = {d.item.pk: d.item for d in moved if d.item}
    if items:
        WorkItem.objects.bulk_update(items.values(), _SHOWN)


def _show(deadline: Deadline) -> None:
    item = deadline.item
    if item is None:
        return
    for column, value in shown(deadline).items():
        setattr(item, column, value)


def _note(deadline: Deadline, due: Due, case: Case) -> None:
    lights = policy.edition(case.governed_on)
    deadline.due_on, deadline.provisional = due.on, due.provisional
    deadline.amber_on = None
    if due.start and due.on:
        deadline.amber_on = clock.amber_from(
            due.start,
            due.on,
            policy.calendar(),
            least=lights.number("light.yellow.least"),
            share=lights.number("light.yellow.share"),
        )
    deadline.next_rung_on = ladder.next_rung_on(deadline)


def _end(case: Case, which: str, given: list[Any], keys: list[str] | None) -> None:
    # One statement instead of a question and an answer for each step that is completed.
    act = current_act()
    where = [*given, keys, keys]
    with connection.cursor() as cursor:
        cursor.execute(_END.format(which=which), [act.at, act.on, case.pk, *where])
        ended = cursor.fetchall()
    for key, item_id, met in ended:
        audit.record("clock_ended", case, detail={"key": key, "item": item_id, "met": met})


def _told(deadline: Deadline) -> dict[str, Any]:
    return {
        "key": deadline.term.key,
        "edition": deadline.term_id,
        "item": deadline.item_id,
        "start": deadline.started_on and deadline.started_on.isoformat(),
        "due": deadline.due_on and deadline.due_on.isoformat(),
        "provisional": deadline.provisional,
        "purpose": deadline.purpose,
    }
