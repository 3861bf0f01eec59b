"""How a violation is told: in the words of the flow, with the shortest path into the trap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import wording
from workflows.flow import Decide, Transition
from workflows.proof.plan import Plan
from workflows.proof.positions import Act, Passed, Position

VERBS: dict[str, Any] = {
    "lapsed": wording.EVENTS["lapsed"],
    "deemed": gettext_lazy("Silence of the office, taken for an answer"),
    "overrun": gettext_lazy("The time has passed"),
    "returned": gettext_lazy("Returned one step"),
    "suspended": wording.EVENTS["suspended"],
    "resumed": wording.EVENTS["resumed"],
    "consulted": gettext_lazy("Another unit consulted"),
    "answered": gettext_lazy("Consultation answered"),
    "transferred": gettext_lazy("Handed over to another unit"),
    "signed": gettext_lazy("Handover signed for or given back"),
    "served": gettext_lazy("Letter served"),
    "child closed": gettext_lazy("Case opened by this one closed"),
}


@dataclass(frozen=True)
class Violation:
    """What is not proven: which property, the path into the trap, and what is wrong there."""

    property: str
    told: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{' -> '.join(self.path)}: {self.told}" if self.path else self.told


def path_of(acts: Iterable[Act], plan: Plan) -> tuple[str, ...]:
    """Return a path in the words of the flow: steps, answers and moves."""
    return tuple(word for act in acts for word in _words(act, plan))


def title_of(node: str, plan: Plan) -> str:
    """Return what a node is called in the words of the office."""
    found = plan.nodes[node]
    if isinstance(found, Transition):
        return label_of(found.move, plan)
    return str(found.form.title) if hasattr(found, "form") else node.replace("_", " ")


def label_of(move: str, plan: Plan) -> str:
    """Return what a move of the machine is called."""
    return str(plan.moves[move].label or move.replace("_", " "))


def places(position: Position, plan: Plan) -> str:
    """Return the steps at which a case stands, or that it stands nowhere."""
    titles = [title_of(token.node, plan) for token in position.tokens]
    return _(", ").join(dict.fromkeys(titles)) or str(_("no step at all"))


def _words(act: Act, plan: Plan) -> Iterator[str]:
    if act.verb == "opened":
        yield str(plan.doors.get(act.step) or act.step)
    elif act.step:
        title = title_of(act.step, plan)
        yield f"{title} ({VERBS[act.verb]})" if act.verb in VERBS else title
    elif act.verb in VERBS:
        yield str(VERBS[act.verb])
    if act.move:
        yield label_of(act.move, plan)
    for passed in act.trail:
        yield from _passed(passed, plan)


def _passed(passed: Passed, plan: Plan) -> Iterator[str]:
    node = plan.nodes[passed.node]
    if isinstance(node, Decide):
        rule = node.rule.__name__.replace("_", " ").strip()
        yield f"{rule}: {_('yes') if passed.answer else _('no')}"
    elif isinstance(node, Transition):
        yield label_of(node.move, plan)
