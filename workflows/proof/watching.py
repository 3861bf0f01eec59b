"""Follow every path with a memory of what matters, and tell the shortest one into a trap."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from workflows.proof.positions import Edge, Position
from workflows.proof.space import Space
from workflows.proof.words import Violation, path_of


@dataclass(frozen=True)
class Trap:
    """What is wrong at the end of a path."""

    told: str


class Watch(ABC):
    """What is remembered along a path, and when it has gone wrong."""

    @abstractmethod
    def begin(self) -> Hashable:
        """Return the memory before anything has happened."""

    @abstractmethod
    def follow(self, memory: Hashable, edge: Edge) -> Iterator[Hashable]:
        """Yield what may be remembered after an edge, or the ``Trap`` it leads into."""


Place = tuple[Position | None, Hashable]


class Followed:
    """Every position of a space with every memory a watch can have of it."""

    def __init__(self, space: Space, watch: Watch) -> None:
        self._space, self._watch = space, watch
        self.came: dict[Place, tuple[Place, Edge] | None] = {(None, watch.begin()): None}
        self.into: dict[Place, list[Place]] = {}
        self.trapped: list[tuple[Place, Edge, Trap]] = []
        self._search()

    def violation(self, kind: str, told: str, place: Place, *more: Edge) -> Violation:
        """Return the violation at the end of a shortest path."""
        acts = [edge.act for edge in (*self._path(place), *more)]
        return Violation(kind, told, path_of(acts, self._space.plan))

    def _search(self) -> None:
        ahead = deque(self.came)
        while ahead:
            place = ahead.popleft()
            for edge in self._out(place[0]):
                ahead += self._beyond(place, edge)

    def _beyond(self, place: Place, edge: Edge) -> Iterator[Place]:
        for memory in self._watch.follow(place[1], edge):
            if isinstance(memory, Trap):
                self.trapped.append((place, edge, memory))
                continue
            beyond = (edge.after, memory)
            self.into.setdefault(beyond, []).append(place)
            if beyond not in self.came:
                self.came[beyond] = (place, edge)
                yield beyond

    def _out(self, position: Position | None) -> list[Edge]:
        return self._space.starts if position is None else self._space.edges(position)

    def _path(self, place: Place) -> list[Edge]:
        path: list[Edge] = []
        while came := self.came[place]:
            place, edge = came
            path.append(edge)
        return path[::-1]
