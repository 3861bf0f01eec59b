"""Where a case can stand, and the acts that take it from one such position to another."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

RUNNING, CONCLUDED, CLOSED = "running", "concluded", "closed"
CONSULTED, TRANSFERRED = "consulted", "transferred"
SEVERAL = 2


@dataclass(frozen=True, order=True)
class Token:
    """One place on the route, and in which part of which fork it lies."""

    node: str
    path: tuple[tuple[str, int], ...] = ()

    def is_within(self, path: tuple[tuple[str, int], ...], fork: str) -> bool:
        """Test that this place lies in a part of a fork that was taken at ``path``."""
        deeper = self.path[len(path) :]
        return self.path[: len(path)] == path and bool(deeper) and deeper[0][0] == fork


@dataclass(frozen=True, order=True)
class Beside:
    """What is open beside one step: none, one or several (``SEVERAL`` stands for any more)."""

    step: str
    kind: str
    count: int


@dataclass(frozen=True)
class Position:
    """Where a case stands: its places on the route, its state, and what is open beside them.

    ``settled`` are the answers of rules that never change in a case; ``overrun`` names the steps
    whose delay has had its consequence; ``unserved`` counts letters on their way to the party
    and ``children`` the cases opened by this one, up to ``SEVERAL``.
    """

    tokens: tuple[Token, ...]
    state: str
    settled: frozenset[tuple[str, bool]] = frozenset()
    overrun: frozenset[str] = frozenset()
    suspended: bool = False
    beside: frozenset[Beside] = frozenset()
    unserved: int = 0
    children: int = 0
    end: str = RUNNING

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Asked for millions of times in a search, of a value that never changes.
        return hash(tuple(getattr(self, name) for name in _FIELDS))

    def forgetting(self, ahead: Mapping[str, frozenset[str]]) -> "Position":
        """Return the position without the answers that nothing asks for any more."""
        asked = frozenset().union(*(ahead[token.node] for token in self.tokens))
        settled = frozenset(answer for answer in self.settled if answer[0] in asked)
        return self if settled == self.settled else replace(self, settled=settled)

    @property
    def is_waited_for(self) -> bool:
        """Test that something beside the route keeps the case from being closed."""
        return bool(self.beside or self.unserved or self.children)

    def count(self, step: str, kind: str) -> int:
        """Return how much of a kind is open beside a step."""
        return next((b.count for b in self.beside if (b.step, b.kind) == (step, kind)), 0)


_FIELDS = [field.name for field in fields(Position)]


@dataclass(frozen=True)
class Passed:
    """One node that a case went through in an act, with the answer of its rule if it asks one."""

    node: str
    answer: bool | None = None


@dataclass(frozen=True)
class Act:
    """What somebody, the clock or the service did, and what the case went through because of it.

    ``move`` is the move that the verb itself makes, before the case goes on.
    """

    verb: str
    step: str = ""
    move: str = ""
    trail: tuple[Passed, ...] = ()


@dataclass(frozen=True)
class Edge:
    """An act between two positions."""

    before: Position | None
    act: Act
    after: Position


@dataclass(frozen=True)
class Flaw:
    """Something that must not happen, seen on the way: which kind, at which node."""

    kind: str
    node: str
    state: str = ""
