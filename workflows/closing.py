"""Close cases, each when nothing of it is open any more."""

from workflows import asides, audit, deadlines, errands
from workflows.acts import current_act
from workflows.models import Case


def close(case: Case) -> None:
    """Close a case whose route has ended, unless something beside the route is still open.

    A letter to be served, an opinion asked for, a case it has opened: each closes it when it
    comes to its own end (casebook §2.2, 办结). Does not save the case.
    """
    found, concluded = asides.beside(case), case.concluded_at is not None
    if not concluded:
        case.concluded_at = current_act().at
        deadlines.end_route(case)
    if found.waits:
        if not concluded:
            audit.record("concluded", case, detail={"state": case.state})
        return
    case.closed_at = current_act().at
    audit.record("closed", case, detail={"state": case.state})
    if found.is_awaited:
        errands.tell_opener(case)
