"""Tell where each answer of a step leads by its route alone, before anything is filled in."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import RadioSelect

from forms.base import StepForm
from workflows import deadlines
from workflows.asides import ASIDES
from workflows.case_type import CaseType, LetterKind, case_type
from workflows.flow import Closed, Decide, Fork, Transition
from workflows.models import Role, Term, WorkItem

# A rule may ask for what has not been answered yet; then nobody can say where the case goes.
_NOT_YET_TOLD = (AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Next:
    """A step that comes next: what it is called, whose it is, and its time limit."""

    title: str
    who: str
    term: Term


@dataclass(frozen=True)
class Way:
    """Where one answer leads: the moves made, the letters sent, the steps that come next."""

    moves: tuple[str, ...] = ()
    letters: tuple[LetterKind, ...] = ()
    steps: tuple[Next, ...] = ()
    ends: bool = False


@dataclass
class _Walk:
    """One walk along the route, from a step to whatever waits for somebody next."""

    case: Any
    type_: CaseType
    moves: list[str] = field(default_factory=list)
    letters: list[LetterKind] = field(default_factory=list)
    ends: bool = False


def ways_of(item: WorkItem, form: StepForm) -> dict[str, dict[str, Way]]:
    """Return where each choice of each question leads that decides where the case goes.

    A question decides if its choices lead to different places. What is beside the route has
    no ways of its own.
    """
    if item.step in ASIDES:
        return {}
    asked = {n: f for n, f in form.fields.items() if isinstance(f.widget, RadioSelect)}
    found = {name: _ways(item, name, question) for name, question in asked.items()}
    return {name: ways for name, ways in found.items() if _differ(ways)}


def way_on(item: WorkItem) -> Way | None:
    """Return where a step leads whatever is answered, if its route alone can tell."""
    if item.step in ASIDES:
        return None
    return _walk(item, copy(item.case.typed))


def basis_of(item: WorkItem) -> str:
    """Return on what ground a step has its time limit, or nothing for what is beside the route."""
    if item.step in ASIDES:
        return ""
    return deadlines.term_of(item.case, _node(item).due).basis


def _differ(ways: dict[str, Way]) -> bool:
    return len(set(ways.values())) > 1


def _node(item: WorkItem) -> Any:
    task: Any = item.task
    return task.flow_task


def _ways(item: WorkItem, name: str, question: Any) -> dict[str, Way]:
    values = [str(value) for value, _label in question.choices if value]
    told = {value: _way(item, name, question, value) for value in values}
    return {value: way for value, way in told.items() if way is not None}


def _way(item: WorkItem, name: str, question: Any, value: str) -> Way | None:
    case = copy(item.case.typed)
    try:
        setattr(case, name, question.clean(value))
    except ValidationError:
        return None
    return _walk(item, case)


def _walk(item: WorkItem, case: Any) -> Way | None:
    walk = _Walk(case, case_type(item.kind))
    try:
        steps = tuple(_steps(_node(item)._next, walk))
    except _NOT_YET_TOLD:
        return None
    return Way(tuple(walk.moves), tuple(walk.letters), steps, walk.ends)


def _steps(node: Any, walk: _Walk) -> Iterator[Next]:
    node = _waited_at(node, walk)
    if isinstance(node, Fork):
        for branch, *_condition in node._branches:
            yield from _steps(branch, walk)
    elif isinstance(node, Closed):
        walk.ends = True
    elif hasattr(node, "form"):
        yield _next(node, walk.case)


def _waited_at(node: Any, walk: _Walk) -> Any:
    """Pass what waits for nobody; stop where a rule asks what the moves before it may change."""
    while isinstance(node, Decide | Transition):
        if isinstance(node, Decide) and walk.moves and not node.settled:
            return None
        node = _passed(node, walk)
    return node


def _passed(node: Any, walk: _Walk) -> Any:
    if isinstance(node, Decide):
        return node.pass_on(walk.case)
    walk.moves.append(str(walk.type_.moves[node.move]))
    if node.letter:
        walk.letters.append(walk.type_.letters[node.letter])
    return node._next


def _next(node: Any, case: Any) -> Next:
    role = getattr(node, "role", None)
    who = str(Role(role).label) if role else case.party.name
    return Next(str(node.form.title), who, deadlines.term_of(case, node.due))
