"""How a case goes on by itself: from an act through automatic nodes to where it waits again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.flow import Ask, Closed, Decide, Fork, Joined, Transition, Work
from workflows.proof.plan import Plan, settled_rules_ahead
from workflows.proof.positions import CLOSED, CONCLUDED, SEVERAL, Act, Flaw, Passed, Position, Token

MOST_TOKENS = 12
REFUSED, LEFT_OVER, ENDLESS = "refused", "left over", "endless"


class _NotKnown(Exception):
    """A rule asks for a fact that the act has not settled."""


class _Facts:
    """The facts of a case as far as the act itself has settled them."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.__dict__.update(known)

    def __getattr__(self, fact: str) -> Any:
        raise _NotKnown(fact)


@dataclass(frozen=True)
class Run:
    """A case on its way: what it still has to go through, what it has been through."""

    position: Position
    ahead: tuple[Token, ...]
    trail: tuple[Passed, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    known: dict[str, Any] = field(default_factory=dict)

    def past(self, node: str, *ahead: Token, answer: bool | None = None) -> "Run":
        """Return the run after one node, with what comes next."""
        trail = (*self.trail, Passed(node, answer))
        return replace(self, ahead=(*self.ahead, *ahead), trail=trail)

    def at(self, **changed: Any) -> "Run":
        """Return the run with its position changed."""
        return replace(self, position=replace(self.position, **changed))

    def flawed(self, kind: str, node: str) -> "Run":
        """Return the run with a flaw noted."""
        return replace(self, flaws=(*self.flaws, Flaw(kind, node, self.position.state)))


class Stepper:
    """Takes runs to where they wait, in every order and with every answer that is possible."""

    def __init__(self, plan: Plan, *, beside: bool) -> None:
        self._plan, self._beside = plan, beside
        self._ahead = settled_rules_ahead(plan.flow)
        self._passes: dict[type, Callable[[Run, Token, Any], Iterator[Run]]] = {
            Decide: self._decide,
            Transition: self._move,
            Fork: self._fork,
            Joined: self._join,
            Closed: self._close,
            Work: self._wait,
            Ask: self._wait,
        }

    def settle(self, run: Run) -> Iterator[Run]:
        """Yield every run that this one can become until the case waits."""
        waiting = [run]
        while waiting:
            run = waiting.pop()
            if not run.ahead:
                yield replace(run, position=run.position.forgetting(self._ahead))
            elif len(run.ahead) + len(run.position.tokens) > MOST_TOKENS:
                yield replace(run, ahead=()).flawed(ENDLESS, run.ahead[0].node)
            else:
                waiting += self._steps(run)

    def _steps(self, run: Run) -> Iterator[Run]:
        # As the library does: whatever can go on goes on before parts are joined, in any order.
        tokens = set(run.ahead)
        movers = {t for t in tokens if not isinstance(self._plan.nodes[t.node], Joined)}
        for token in sorted(movers or tokens):
            rest = list(run.ahead)
            rest.remove(token)
            yield from self._pass(replace(run, ahead=tuple(rest)), token)

    def _pass(self, run: Run, token: Token) -> Iterator[Run]:
        node = self._plan.nodes[token.node]
        for kind, passes in self._passes.items():
            if isinstance(node, kind):
                yield from passes(run, token, node)
                return
        yield from _on(run, token, node)

    def _wait(self, run: Run, token: Token, _node: Any) -> Iterator[Run]:
        tokens = tuple(sorted((*run.position.tokens, token)))
        yield run.at(tokens=tokens).past(token.node)

    def _decide(self, run: Run, token: Token, node: Any) -> Iterator[Run]:
        rule = node.rule.__name__
        for answer in _answers(run, node):
            settled = run.position.settled | ({(rule, answer)} if node.settled else set())
            chosen = node._on_true if answer else node._on_false
            ahead = Token(chosen.name, token.path)
            yield run.at(settled=settled).past(token.node, ahead, answer=answer)

    def made(self, run: Run, name: str, node: str) -> Run:
        """Return the run after a move of the machine, flawed if the machine may refuse it."""
        move = self._plan.moves[name]
        if move.conditional or not move.target_from(run.position.state):
            run = run.flawed(REFUSED, node)
        return run.at(state=move.lands_in(run.position.state))

    def sent(self, run: Run, letter: str | None) -> Iterator[Run]:
        """Yield the run after a letter: served at once in the party's account, or on its way."""
        yield run
        kind = self._plan.letters.get(letter or "")
        if self._beside and kind and kind.served:
            yield run.at(unserved=more(run.position.unserved))

    def _move(self, run: Run, token: Token, node: Any) -> Iterator[Run]:
        run = self.made(run, node.move, token.node)
        if self._beside and node.opens:
            run = run.at(children=more(run.position.children))
        for sent in self.sent(run, node.letter):
            yield from _on(sent, token, node)

    def _fork(self, run: Run, token: Token, node: Any) -> Iterator[Run]:
        parts = [branch[0] for branch in node._branches]
        ahead = [
            Token(part.name, (*token.path, (token.node, n))) for n, part in enumerate(parts, 1)
        ]
        yield run.past(token.node, *ahead)

    def _join(self, run: Run, token: Token, node: Any) -> Iterator[Run]:
        base = token.path[:-1]
        arrived = Token(token.node, base)
        tokens = tuple(t for t in run.position.tokens if t != arrived)
        if token.path and self._others(run, token):
            yield run.at(tokens=tuple(sorted((*tokens, arrived))))
        else:
            yield from _on(run.at(tokens=tokens), arrived, node)

    def _others(self, run: Run, token: Token) -> list[Token]:
        base, (fork, _part) = token.path[:-1], token.path[-1]
        everywhere = (*run.position.tokens, *run.ahead)
        return [other for other in everywhere if other.is_within(base, fork)]

    def _close(self, run: Run, token: Token, _node: Any) -> Iterator[Run]:
        if run.position.tokens or run.ahead:
            run = run.flawed(LEFT_OVER, (*run.position.tokens, *run.ahead)[0].node)
        ended = replace(run, position=concluded(run.position), ahead=())
        yield ended.past(token.node)


def concluded(position: Position) -> Position:
    """Return the position of a case whose route has ended: closed, unless it is waited for."""
    end = CONCLUDED if position.is_waited_for else CLOSED
    beside = {name: getattr(position, name) for name in ("beside", "unserved", "children")}
    return Position((), position.state, end=end, **beside)


def more(count: int) -> int:
    """Return one more, where several are as many as matter."""
    return min(SEVERAL, count + 1)


def act_of(run: Run, verb: str, step: str = "", move: str = "") -> Act:
    """Return the act that a settled run was."""
    return Act(verb, step, move, run.trail)


def _on(run: Run, token: Token, node: Any) -> Iterator[Run]:
    after = node._next
    yield run.past(token.node, *([Token(after.name, token.path)] if after else []))


def _answers(run: Run, node: Any) -> list[bool]:
    known = dict(run.position.settled)
    if node.settled and node.rule.__name__ in known:
        return [known[node.rule.__name__]]
    try:
        return [bool(node.rule(_Facts({"state": run.position.state, **run.known})))]
    except _NotKnown:
        return [True, False]
