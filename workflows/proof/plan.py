"""What is proven of one route: its nodes, its machine, its terms, its letters, its words."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

from workflows import policy
from workflows.case_type import CaseType, LetterKind, case_types
from workflows.flow import Ask, Decide, Opened, Work

ANY, ANY_OTHER = "*", "+"
Rows = Mapping[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Move:
    """One lawful move of the machine: from which states, and where it leads from each."""

    name: str
    label: Any = ""
    adverse: bool = False
    conditional: bool = False
    leads: dict[str, str] = field(default_factory=dict)

    def target_from(self, state: str) -> str | None:
        """Return the state the move leads to, or nothing if the machine refuses it there."""
        if state in self.leads:
            return self.leads[state]
        if ANY in self.leads:
            return self.leads[ANY]
        other = self.leads.get(ANY_OTHER)
        return other if other != state else None

    def lands_in(self, state: str) -> str:
        """Return where the move leads to, even where the machine refuses it."""
        return self.target_from(state) or next(iter(self.leads.values()))


@dataclass(frozen=True)
class Plan:
    """One version of the route of one case type, and all that the proof needs to know of it."""

    name: str
    flow: Any
    record: Any
    states: Mapping[str, Any]
    told: Mapping[str, Any]
    terms: Rows
    letters: Mapping[str, LetterKind]
    folder: Path | None = None
    doors: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The version of the route."""
        return int(self.flow.version)

    @cached_property
    def nodes(self) -> dict[str, Any]:
        """The nodes of the route by name."""
        return {node.name: node for node in self.flow.instance.nodes()}

    @cached_property
    def moves(self) -> dict[str, Move]:
        """The lawful moves of the machine by name."""
        found: dict[str, Move] = {}
        for lawful in self._state.get_all_transitions(self.record):
            move = found.setdefault(lawful.name, _named(lawful))
            move.leads[str(lawful.source)] = str(lawful.target)
        return found

    @property
    def first_state(self) -> str:
        """The state in which every case begins."""
        return str(self._state.default)

    @property
    def _state(self) -> Any:
        return self.record._meta.get_field("state")

    @property
    def starts(self) -> list[Any]:
        """The nodes where cases begin."""
        return [node for node in self.nodes.values() if isinstance(node, Opened)]

    @property
    def steps(self) -> list[Any]:
        """The nodes where somebody has to do something."""
        return [node for node in self.nodes.values() if isinstance(node, Work | Ask)]

    def filled(self, key: str) -> list[str]:
        """Return a key for every value of the facts it names, or the key itself.

        :raises LookupError: if it names a fact without a list of values
        """
        names = [name for _text, name, _spec, _how in Formatter().parse(key) if name]
        values = [self._values(name) for name in names]
        facts = [name.removeprefix("case.") for name in names]
        return [_fill(key, dict(zip(facts, chosen, strict=True))) for chosen in product(*values)]

    def _values(self, name: str) -> list[str]:
        fact = name.removeprefix("case.")
        known = {field.name: field for field in self.record._meta.get_fields()}
        choices = getattr(known.get(fact), "choices", None)
        if not choices:
            raise LookupError(name)
        return [str(value) for value, _label in choices]


def plans() -> Iterator[Plan]:
    """Yield what has to be proven: every version of the route of every case type."""
    for type_ in case_types():
        yield from plans_of(type_)


def plans_of(type_: CaseType) -> list[Plan]:
    """Return the plan of every version of a case type's route, oldest first."""
    terms = _rows(policy.LAW / "terms.csv") | _rows(type_.folder / "terms.csv")
    return [
        Plan(
            name=type_.label,
            flow=type_.flows[version],
            record=type_.record,
            states={str(state): label for state, label in type_.states.items()},
            told=type_.told,
            terms=terms,
            letters=type_.letters,
            folder=type_.folder / "letters",
            doors={name: door.title for name, door in type_.doors.items()},
        )
        for version in sorted(type_.flows)
    ]


@cache
def settled_rules_ahead(flow: Any) -> dict[str, frozenset[str]]:
    """Return, for every node of a route, the settled rules that may yet be asked from there on."""
    nodes = {node.name: node for node in flow.instance.nodes()}
    after = {name: _after(node) for name, node in nodes.items()}
    return {name: frozenset(_rules(_reached(name, after), nodes)) for name in nodes}


def clocks_of(step: Any) -> list[str]:
    """Return the keys of every clock that a step starts."""
    return [step.due, *step.more_clocks().values()]


def _after(node: Any) -> set[str]:
    back = getattr(node, "returns_to", None)
    return {edge.dst.name for edge in node._outgoing()} | ({back} if back else set())


def _reached(name: str, after: Mapping[str, set[str]]) -> set[str]:
    found, ahead = {name}, [name]
    while ahead:
        new = after[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def _rules(names: set[str], nodes: Mapping[str, Any]) -> set[str]:
    asking = [nodes[name] for name in names if isinstance(nodes[name], Decide)]
    return {node.rule.__name__ for node in asking if node.settled}


def _named(lawful: Any) -> Move:
    said = lawful.custom
    return Move(
        lawful.name, said.get("label", ""), bool(said.get("adverse")), bool(lawful.conditions)
    )


def _fill(key: str, facts: dict[str, str]) -> str:
    return key.format(case=SimpleNamespace(**facts))


def _rows(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["key"], []).append(row)
    return found
