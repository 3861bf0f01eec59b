"""What can happen beside the route: consultations, transfers, suspension, service, children."""

from collections.abc import Iterator
from dataclasses import replace

from workflows.flow import Work
from workflows.models import Role
from workflows.proof.plan import Plan
from workflows.proof.positions import (
    CONCLUDED,
    CONSULTED,
    RUNNING,
    SEVERAL,
    TRANSFERRED,
    Act,
    Beside,
    Edge,
    Position,
)
from workflows.proof.stepping import concluded, more

SUSPENDED, RESUMED, ANSWERED, SIGNED, SERVED = (
    "suspended",
    "resumed",
    "answered",
    "signed",
    "served",
)
CHILD_CLOSED, CONSULT, TRANSFER = "child closed", "consulted", "transferred"
_MOST = {CONSULTED: SEVERAL, TRANSFERRED: 1}
_ENDS = {CONSULTED: ANSWERED, TRANSFERRED: SIGNED}


def beside(position: Position, plan: Plan) -> Iterator[Edge]:
    """Yield what can happen beside the route of a case that is not closed."""
    yield from _ended(position)
    yield from _served(position)
    yield from _child_closed(position)
    if position.end == RUNNING:
        yield from _suspension(position)
        if not position.suspended:
            yield from _asked(position, plan)


def is_held(position: Position, step: str) -> bool:
    """Test that a step waits for something beside it."""
    return any(position.count(step, kind) for kind in _ENDS)


def without_questions(position: Position, step: str) -> Position:
    """Return a position without the questions beside a step that the law took for done."""
    return replace(position, beside=frozenset(b for b in position.beside if not _asks(b, step)))


def _asks(beside: Beside, step: str) -> bool:
    return (beside.step, beside.kind) == (step, CONSULTED)


def withdrawn(position: Position, plan: Plan) -> Iterator[Position]:
    """Yield where a withdrawal can lead: what is open beside is taken back, letters are served.

    Cases that were only about to be opened never are.
    """
    letter = plan.letters.get("withdrawn")
    unserved = {position.unserved}
    if letter and letter.served:
        unserved.add(more(position.unserved))
    for letters in unserved:
        for children in range(position.children + 1):
            free = replace(position, beside=frozenset(), unserved=letters, children=children)
            yield concluded(free)


def _suspension(position: Position) -> Iterator[Edge]:
    verb = RESUMED if position.suspended else SUSPENDED
    yield Edge(position, Act(verb), replace(position, suspended=not position.suspended))


def _asked(position: Position, plan: Plan) -> Iterator[Edge]:
    for step in {token.node for token in position.tokens}:
        node = plan.nodes[step]
        if isinstance(node, Work) and not position.count(step, TRANSFERRED):
            yield from _consultation(position, step)
            if node.role != Role.OFFICE and not position.count(step, CONSULTED):
                after = _counted(position, step, TRANSFERRED, 1)
                yield Edge(position, Act(TRANSFERRED, step), after)


def _consultation(position: Position, step: str) -> Iterator[Edge]:
    # Several units may be asked at once.
    for count in {more(position.count(step, CONSULTED)), SEVERAL}:
        yield Edge(position, Act(CONSULTED, step), _counted(position, step, CONSULTED, count))


def _ended(position: Position) -> Iterator[Edge]:
    for open_ in position.beside:
        for left in _fewer(open_.count):
            after = _counted(position, open_.step, open_.kind, left)
            yield Edge(position, Act(_ENDS[open_.kind], open_.step), _closing(after))


def _served(position: Position) -> Iterator[Edge]:
    for left in _fewer(position.unserved):
        yield Edge(position, Act(SERVED), _closing(replace(position, unserved=left)))


def _child_closed(position: Position) -> Iterator[Edge]:
    for left in _fewer(position.children):
        yield Edge(position, Act(CHILD_CLOSED), _closing(replace(position, children=left)))


def _counted(position: Position, step: str, kind: str, count: int) -> Position:
    others = {b for b in position.beside if (b.step, b.kind) != (step, kind)}
    now = {Beside(step, kind, count)} if count else set()
    return replace(position, beside=frozenset(others | now))


def _fewer(count: int) -> list[int]:
    """Return how many can be left when one ends: of several, one or still several."""
    return [] if not count else [count - 1, count][: 2 if count == SEVERAL else 1]


def _closing(position: Position) -> Position:
    return concluded(position) if position.end == CONCLUDED else position
