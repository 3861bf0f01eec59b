"""Every position a case can be in, found breadth-first, so that the path told is the shortest."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from workflows.flow import Ask
from workflows.proof import verbs
from workflows.proof.plan import Plan
from workflows.proof.positions import CLOSED, CONCLUDED, Act, Edge, Flaw, Position, Token
from workflows.proof.stepping import Run, Stepper, act_of

OPENED, COMPLETED, LAPSED, DEEMED = "opened", "completed", "lapsed", "deemed"
RETURNED, OVERRUN, WITHDRAWN = "returned", "overrun", "withdrawn"
WITHDRAW = "withdraw"


class Space:
    """The positions and edges of one plan; without ``beside``, only those of the route itself."""

    def __init__(self, plan: Plan, *, beside: bool = True) -> None:
        self.plan, self._beside = plan, beside
        self._stepper = Stepper(plan, beside=beside)
        self._out: dict[Position, list[Edge]] = {}
        self._first: dict[Position, Edge] = {}
        self.flawed: list[tuple[Edge, Flaw]] = []
        self.starts = list(self._begin())
        self._search()

    @property
    def positions(self) -> list[Position]:
        """Every position, in the order in which it was found."""
        return list(self._out)

    def _like(self, position: Position) -> list[Position]:
        return self._by_tables.get(_unsettled(position), [])

    @cached_property
    def _by_tables(self) -> dict[Position, list[Position]]:
        found: dict[Position, list[Position]] = defaultdict(list)
        for position in self._first:
            found[_unsettled(position)].append(position)
        return found

    @cached_property
    def size(self) -> int:
        """How many edges there are."""
        return len(self.starts) + sum(len(edges) for edges in self._out.values())

    def __contains__(self, position: object) -> bool:
        return isinstance(position, Position) and bool(self._like(position))

    def edges(self, position: Position | None = None) -> list[Edge]:
        """Return the edges out of a position, or all of them."""
        if position is not None:
            return self._out.get(position, [])
        return [*self.starts, *(edge for edges in self._out.values() for edge in edges)]

    def allows(self, before: Position, after: Position) -> bool:
        """Test that one act takes a case from one position to another.

        Both as the tables tell them: without what settled rules have answered.
        """
        ends = (edge.after for found in self._like(before) for edge in self.edges(found))
        return any(_unsettled(end) == after for end in ends)

    def first(self, position: Position) -> Edge:
        """Return the edge by which a position was first found, on a shortest path to it."""
        return self._first[position]

    def path_to(self, position: Position) -> list[Act]:
        """Return the acts of a shortest path to a position."""
        path = []
        at: Position | None = position
        while at is not None:
            edge = self._first[at]
            path.append(edge.act)
            at = edge.before
        return path[::-1]

    def _search(self) -> None:
        ahead = deque(self._note(self.starts))
        while ahead:
            position = ahead.popleft()
            edges = list(self._from(position))
            self._out[position] = edges
            ahead += self._note(edges)

    def _note(self, edges: list[Edge]) -> list[Position]:
        new = []
        for edge in edges:
            if edge.after not in self._first:
                self._first[edge.after] = edge
                new.append(edge.after)
        return new

    def _begin(self) -> Iterator[Edge]:
        nowhere = Position((), self.plan.first_state)
        for start in self.plan.starts:
            run = Run(nowhere, (Token(start.name),))
            yield from self._settled(run, None, OPENED, start.name)

    def _from(self, position: Position) -> Iterator[Edge]:
        if position.end == CLOSED:
            return
        if self._beside:
            yield from verbs.beside(position, self.plan)
        if position.end == CONCLUDED:
            return
        if not position.suspended:
            for token in dict.fromkeys(position.tokens):
                yield from self._at(position, token)
        yield from self._withdrawals(position)

    def _at(self, position: Position, token: Token) -> Iterator[Edge]:
        node = self.plan.nodes[token.node]
        if not hasattr(node, "form"):
            return
        if not verbs.is_held(position, token.node):
            yield from self._done(position, token, COMPLETED, _said(node, position, token))
            yield from self._returns(position, token)
        if isinstance(node, Ask):
            yield from self._done(position, token, LAPSED, {"lapsed": True})
        elif node.deemed:
            moot = verbs.without_questions(position, token.node)
            yield from self._done(moot, token, DEEMED, node.deemed.answers, before=position)
        yield from self._overruns(position, token)

    def _done(
        self,
        position: Position,
        token: Token,
        verb: str,
        known: dict[str, object],
        before: Position | None = None,
    ) -> Iterator[Edge]:
        after = self.plan.nodes[token.node]._next
        ahead = (Token(after.name, token.path),) if after else ()
        run = Run(_without(position, token), ahead, known=known)
        yield from self._settled(run, before or position, verb, token.node)

    def _returns(self, position: Position, token: Token) -> Iterator[Edge]:
        to = getattr(self.plan.nodes[token.node], "returns_to", None)
        if to:
            run = Run(_without(position, token), (Token(to, token.path),))
            yield from self._settled(run, position, RETURNED, token.node)

    def _overruns(self, position: Position, token: Token) -> Iterator[Edge]:
        late = getattr(self.plan.nodes[token.node], "overrun", None)
        if not late or token.node in position.overrun:
            return
        name = late.move.__name__
        run = Run(replace(position, overrun=position.overrun | {token.node}), ())
        run = self._stepper.made(run, name, token.node)
        for served in self._stepper.sent(run, late.letter):
            yield from self._settled(served, position, OVERRUN, token.node, name)

    def _withdrawals(self, position: Position) -> Iterator[Edge]:
        move = self.plan.moves.get(WITHDRAW)
        target = move and move.target_from(position.state)
        if not target:
            return
        for left in verbs.withdrawn(replace(position, tokens=(), state=target), self.plan):
            yield Edge(position, Act(WITHDRAWN, move=WITHDRAW), left)

    def _settled(
        self, run: Run, before: Position | None, verb: str, step: str, move: str = ""
    ) -> Iterator[Edge]:
        for settled in self._stepper.settle(run):
            edge = Edge(before, act_of(settled, verb, step, move), settled.position)
            self.flawed += [(edge, flaw) for flaw in settled.flaws]
            yield edge


def _unsettled(position: Position) -> Position:
    return replace(position, settled=frozenset()) if position.settled else position


def _without(position: Position, token: Token) -> Position:
    tokens = list(position.tokens)
    tokens.remove(token)
    return replace(position, tokens=tuple(tokens), overrun=position.overrun - {token.node})


def _said(node: object, position: Position, token: Token) -> dict[str, object]:
    # An answer leaves ``lapsed`` as the engine reset it, unless another question lapsed since.
    alone = isinstance(node, Ask) and position.tokens == (token,)
    return {"lapsed": False} if alone else {}
