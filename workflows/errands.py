"""Leave word for another case: it is done in an act of its own, after this one has ended."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal

from workflows.acts import current_act
from workflows.models import Case, Errand, Relation

left = Signal()


def open_case(case: Case, kind: str, door: str) -> None:
    """Have a case of another kind opened through one of its doors, as a child of this one."""
    _leave(Errand.Kind.OPEN, case, None, {"kind": kind, "door": door})


def suspend(target: Case, *, because: Case, cause: str) -> None:
    """Have another case suspended because of this one."""
    _leave(Errand.Kind.SUSPEND, because, target, {"cause": cause})


def resume(target: Case, *, because: Case) -> None:
    """Let another case go on that stood still because of this one."""
    _leave(Errand.Kind.RESUME, because, target, {})


def tell_opener(case: Case) -> None:
    """Let the case that opened this one close, if it only waited for this one."""
    waiting = Relation.objects.filter(
        target=case, kind=Relation.Kind.OPENED, source__closed_at=None
    )
    for relation in waiting.select_related("source"):
        if relation.source.concluded_at:
            _leave(Errand.Kind.CONCLUDE, case, relation.source, {})


def _leave(kind: Errand.Kind, source: Case, target: Case | None, detail: dict[str, Any]) -> None:
    at = current_act().at
    Errand.objects.create(
        kind=kind,
        source_id=source.pk,
        target_id=target.pk if target else None,
        detail=detail,
        created_at=at,
    )
    transaction.on_commit(lambda: left.send(Errand, at=at))
