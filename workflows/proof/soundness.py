"""Soundness of the route: it can end, it ends cleanly, nothing in it is dead or refused."""

from collections import defaultdict, deque
from collections.abc import Container, Iterator

from django.utils.translation import gettext as _

from workflows.flow import Transition
from workflows.proof.plan import Plan
from workflows.proof.positions import CLOSED, Edge, Flaw, Position
from workflows.proof.space import WITHDRAWN, Space
from workflows.proof.stepping import ENDLESS, LEFT_OVER, REFUSED
from workflows.proof.words import Violation, label_of, path_of, places, title_of

COMPLETION, PROPER, DEAD = "option to complete", "proper completion", "no dead step"
UNREACHABLE, UNUSED, LAWFUL = "no state unreachable", "no move unused", "no move refused"


def can_complete(space: Space) -> Iterator[Violation]:
    """Yield the traps: positions, entered from sound ones, from which the route never ends.

    Withdrawal does not count: it would hide every trap in which the party may still give up.
    """
    sound, told = _completing(space), set[tuple[object, str]]()
    for position in space.positions:
        edge = space.first(position)
        place = (position.tokens, position.state)
        if position in sound or place in told or not _enters(edge, sound):
            continue
        told.add(place)
        said = _("The end cannot be reached any more from %(place)s.")
        yield _at(space, position, COMPLETION, said % {"place": places(position, space.plan)})


def completes_properly(space: Space) -> Iterator[Violation]:
    """Yield the ways to the end that leave something open, and those that multiply without end."""
    said = {
        LEFT_OVER: _("The case is closed while %(node)s is still open."),
        ENDLESS: _("Parts of the route are opened again and again: %(node)s."),
    }
    for edge, flaw in _shortest(space, said):
        told = said[flaw.kind] % {"node": title_of(flaw.node, space.plan)}
        yield _after(space, edge, PROPER, told)


def moves_lawfully(space: Space) -> Iterator[Violation]:
    """Yield the moves that the machine refuses in a state in which the route makes them."""
    for edge, flaw in _shortest(space, {REFUSED}):
        move = edge.act.move or space.plan.nodes[flaw.node].move
        named = {"move": label_of(move, space.plan), "state": _state(flaw.state, space.plan)}
        if space.plan.moves[move].conditional:
            told = _("The machine may refuse '%(move)s': it asks a condition the proof cannot see.")
        else:
            told = _("The machine refuses '%(move)s' in the state '%(state)s'.")
        yield _after(space, edge, LAWFUL, told % named)


def has_nothing_dead(space: Space) -> Iterator[Violation]:
    """Yield the nodes of the route that no case ever comes to."""
    walked = {passed.node for edge in space.edges() for passed in edge.act.trail}
    arrived = {token.node for position in space.positions for token in position.tokens}
    for name in sorted(set(space.plan.nodes) - walked - arrived):
        told = _("No case ever comes to '%(node)s' (%(name)s).")
        yield Violation(DEAD, told % {"node": title_of(name, space.plan), "name": name})


def reaches_every_state(plan: Plan, reached: set[str]) -> Iterator[Violation]:
    """Yield the states of the machine that no version of the route reaches."""
    for state in sorted(set(plan.states) - reached):
        told = _("No case ever comes into the state '%(state)s'.")
        yield Violation(UNREACHABLE, told % {"state": _state(state, plan)})


def uses_every_move(plan: Plan, used: set[str]) -> Iterator[Violation]:
    """Yield the moves of the machine that no version of the route and no verb makes."""
    for move in sorted(set(plan.moves) - used):
        told = _("Nothing ever makes the move '%(move)s' (%(name)s).")
        yield Violation(UNUSED, told % {"move": label_of(move, plan), "name": move})


def states_of(space: Space) -> set[str]:
    """Return every state in which a case ever is, be it within one act."""
    plan, seen = space.plan, {space.plan.first_state}
    for edge in space.edges():
        state = edge.before.state if edge.before else plan.first_state
        for move in moves_in(edge, plan):
            state = plan.moves[move].lands_in(state)
            seen.add(state)
    return seen


def moves_of(space: Space) -> set[str]:
    """Return every move that is ever made."""
    return {move for edge in space.edges() for move in moves_in(edge, space.plan)}


def moves_in(edge: Edge, plan: Plan) -> list[str]:
    """Return the moves made in one act, in their order."""
    walked = [plan.nodes[passed.node] for passed in edge.act.trail]
    made = [node.move for node in walked if isinstance(node, Transition)]
    return [edge.act.move, *made] if edge.act.move else made


def _completing(space: Space) -> set[Position]:
    into: dict[Position, list[Position]] = defaultdict(list)
    for edge in space.edges():
        if edge.before and edge.act.verb != WITHDRAWN:
            into[edge.after].append(edge.before)
    found = {position for position in space.positions if position.end == CLOSED}
    ahead = deque(found)
    while ahead:
        earlier = [before for before in into[ahead.popleft()] if before not in found]
        found.update(earlier)
        ahead += earlier
    return found


def _enters(edge: Edge, sound: set[Position]) -> bool:
    return edge.before is None or edge.before in sound


def _shortest(space: Space, kinds: Container[str]) -> Iterator[tuple[Edge, Flaw]]:
    told = set()
    for edge, flaw in space.flawed:
        told_as = (flaw.kind, flaw.node)
        if flaw.kind in kinds and told_as not in told:
            told.add(told_as)
            yield edge, flaw


def _at(space: Space, position: Position, kind: str, told: str) -> Violation:
    return Violation(kind, told, path_of(space.path_to(position), space.plan))


def _after(space: Space, edge: Edge, kind: str, told: str) -> Violation:
    before = space.path_to(edge.before) if edge.before else []
    return Violation(kind, told, path_of([*before, edge.act], space.plan))


def _state(state: str, plan: Plan) -> str:
    return str(plan.states.get(state, state))
