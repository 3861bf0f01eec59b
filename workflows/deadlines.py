"""Start, pause, resume and end the clocks of a case; every date is asked of ``clock.due``."""

from collections.abc import Iterable
from typing import Any

from workflows import audit, clock, policy
from workflows.acts import current_act
from workflows.clock import Due
from workflows.models import Case, Deadline, Term, WorkItem


def start(case: Case, key: str, *, item: WorkItem | None = None) -> Deadline:
    """Start one clock under the edition of its term that governs the case; saves the step too."""
    term = term_of(case, key)
    due = due_of(case, term)
    deadline = Deadline(case_id=case.pk, item=item, term=term, started_on=due.start)
    _note(deadline, due, case)
    _show(deadline)
    deadline.save()
    audit.record("clock_started", case, basis=term.basis, detail=_told(deadline))
    return deadline


def pause(case: Case, keys: Iterable[str], *, basis: str = "") -> None:
    """Let clocks stand still, from the day after this one."""
    _turn(clock.PAUSED, case, keys, basis)


def resume(case: Case, keys: Iterable[str], *, basis: str = "") -> None:
    """Let clocks run again; the day of the resumption is not counted."""
    _turn(clock.RESUMED, case, keys, basis)


def end(case: Case, *, item: WorkItem | None = None, keys: Iterable[str] | None = None) -> None:
    """End the running clocks of a step, or of the case itself, and note whether they were met."""
    wanted = None if keys is None else {named(case, key) for key in keys}
    for deadline in Deadline.objects.filter(case=case, item=item, ended_at=None).select_related(
        "term"
    ):
        if wanted is None or deadline.term.key in wanted:
            _end(deadline, case)


def end_all(case: Case) -> None:
    """End every running clock of a case."""
    for deadline in _running(case):
        _end(deadline, case)


def named(case: Case, key: str) -> str:
    """Return the key of a term for this case, e.g. ``repair.{case.channel}.accept`` filled in."""
    return key.format(case=case.typed) if "{" in key else key


def term_of(case: Case, key: str) -> Term:
    """Return the edition of a term that governs the case."""
    return policy.term(named(case, key), on=case.governed_on)


def due_of(case: Case, term: Term) -> Due:
    """Return the due date of one clock of a case, asked anew of its log."""
    return clock.due(_events(case), term.period, policy.calendar())


def _events(case: Case) -> list[clock.Event]:
    memory, key = current_act().memory, ("events", case.reference)
    if key not in memory:
        memory[key] = audit.written(case)
    return [*memory[key], *audit.unwritten(case)]


def _turn(kind: str, case: Case, keys: Iterable[str], basis: str) -> None:
    audit.record(kind, case, basis=basis, detail={"keys": [named(case, key) for key in keys]})
    for deadline in _running(case):
        _recompute(deadline, case)


def _running(case: Case) -> Iterable[Deadline]:
    return Deadline.objects.filter(case=case, ended_at=None).select_related("term", "item")


def _recompute(deadline: Deadline, case: Case) -> None:
    before = deadline.due_on
    _note(deadline, due_of(case, deadline.term), case)
    if deadline.due_on == before:
        return
    deadline.save(update_fields=["due_on", "amber_on", "provisional"])
    _show(deadline)
    detail = {**_told(deadline), "was": before and before.isoformat()}
    audit.record("clock_moved", case, basis=deadline.term.basis, detail=detail)


def _show(deadline: Deadline) -> None:
    if deadline.item is not None:
        deadline.item.due_on, deadline.item.amber_on = deadline.due_on, deadline.amber_on
        deadline.item.save()
        deadline.item = deadline.item  # the key of a step just saved


def _note(deadline: Deadline, due: Due, case: Case) -> None:
    lights = policy.edition(case.governed_on)
    deadline.due_on, deadline.provisional = due.on, due.provisional
    deadline.amber_on = due.on and clock.amber_from(
        due.start,
        due.on,
        policy.calendar(),
        least=lights.number("light.yellow.least"),
        share=lights.number("light.yellow.share"),
    )


def _end(deadline: Deadline, case: Case) -> None:
    act = current_act()
    deadline.ended_at = act.at
    deadline.was_met = deadline.due_on is None or act.on <= deadline.due_on
    deadline.save(update_fields=["ended_at", "was_met"])
    detail = {
        "key": deadline.term.key,
        "item": deadline.item_id,
        "met": deadline.was_met,
    }
    audit.record("clock_ended", case, detail=detail)


def _told(deadline: Deadline) -> dict[str, Any]:
    return {
        "key": deadline.term.key,
        "edition": deadline.term_id,
        "item": deadline.item_id,
        "start": deadline.started_on.isoformat(),
        "due": deadline.due_on and deadline.due_on.isoformat(),
        "provisional": deadline.provisional,
    }
