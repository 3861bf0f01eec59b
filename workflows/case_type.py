"""What makes a folder under ``cases/`` a case type."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import AppConfig, apps
from django.db.models import Q

if TYPE_CHECKING:  # the registry reads this module before there are models
    from records.models import Record, Subject


class Opener(StrEnum):
    """Who opens a case: its party, an authority, or the service itself on its day."""

    PARTY = "party"
    AUTHORITY = "authority"
    SERVICE = "service"


class About(StrEnum):
    """What somebody points at to open a case."""

    RECORD = "record"
    SUBJECT = "subject"
    CASE = "case"


@dataclass(frozen=True)
class Topic:
    """What a case is to be about: an organisation, its record, an earlier case, one item."""

    subject: "Subject"
    record: "Record | None" = None
    source: Any = None
    item: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several things that may be asked for through a door."""

    key: str
    label: str
    hint: str = ""
    possible: bool = True


@dataclass(frozen=True)
class Offer:
    """Whether a case of one type may be opened about something, and why.

    ``opens_on`` is the first possible day, ``closes_on`` the last day the record is shown.
    """

    possible: bool
    reasons: tuple[str, ...]
    opens_on: date | None = None
    closes_on: date | None = None
    grade: str = ""
    basis: str = ""
    certainty: str = ""


@dataclass(frozen=True)
class Door:
    """One way in which cases of a type are opened; named as the start of the flow it leads to.

    ``duty`` is what a member of an authority must hold to use it; ``choices`` says what exactly
    may be asked for; ``found`` says, on a day, for what the service itself opens a case.
    """

    name: str
    title: Any
    opener: Opener
    about: About
    offer: Callable[..., Offer]
    form: Any = None
    duty: str = "handler"
    choices: Callable[..., list[Choice]] | None = None
    found: Callable[..., Iterable[Topic]] | None = None


@dataclass(frozen=True)
class LetterKind:
    """One letter a case type sends: its number series, its titles, whether it has to be served.

    ``also_to`` is the role of a unit that reads it too.
    """

    name: str
    series: str
    title: str
    title_en: str
    served: bool = False
    also_to: str = ""


class CaseType(AppConfig):
    """One kind of case, installed as a Django app.

    Django's own registry is the catalogue: installing the app is registering
    the type. ``purpose`` says what it is for to who might ask for it, ``to_have_ready`` what they
    will be asked for; ``suspends`` names the
    states in which a case of this type holds up the cases of another type about the same
    record; ``private`` those of which the party has not yet been told; ``read_along`` the
    relations that every page of a case of this type needs.
    """

    default = False  # Django must pick the subclass, not this base
    default_auto_field = "django.db.models.BigAutoField"
    prefix: str
    legal_basis: str
    purpose: Any = ""
    to_have_ready: ClassVar[tuple[Any, ...]] = ()
    promises: ClassVar[tuple[tuple[str, Any], ...]] = ()
    suspends: ClassVar[Mapping[str, frozenset[str]]] = {}
    private: ClassVar[frozenset[str]] = frozenset()
    read_along: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.default = True

    def import_models(self) -> None:
        """Read the record from ``states.py``, where a reader looks for it."""
        assert self.apps is not None
        self.models = self.apps.all_models[self.label]
        self.models_module = import_module(f"{self.name}.states")

    def ready(self) -> None:
        """Gather the parts the folder must have."""
        self.record: Any = self.get_model(self.label)
        self.flows: dict[int, Any] = _flows(import_module(f"{self.name}.flow"))
        self.flow: Any = self.flows[max(self.flows)]
        self.opening: Any = import_module(f"{self.name}.opening")
        self.doors: dict[str, Door] = {door.name: door for door in self.opening.DOORS}
        self.application: Any = self.opening.DOORS[0].form
        parts: Any = self.models_module
        self.states: dict[str, Any] = dict(parts.State.choices)
        self.told: dict[str, Any] = {str(state): said for state, said in parts.TOLD_PARTY.items()}
        self.moves: dict[str, Any] = _moves(self.record)
        self.clocks = _clocks(self.flow)
        self.questions: dict[str, Any] = _questions(self.flow)
        self.findings = [n for n in self.questions if n not in self.application.base_fields]
        self.folder = Path(self.path)
        self.letters = letter_kinds(self.folder / "letters" / "titles.csv")

    def particulars(self, case: Any) -> list[tuple[Any, Any]]:
        """Return what a case is about beyond its record and its answers: labels and values."""
        return []

    def load_register(self) -> int:
        """Put what may be asked for beside records into the tables; return how much was new."""
        return 0

    def door(self, name: str = "") -> Door:
        """Return the door with a name, or the main one.

        :raises LookupError: if there is none
        """
        return self.doors[name or next(iter(self.doors))]

    def relations(self) -> list[str]:
        """Return the relations by which a case is read as its own type."""
        return [self.label, *(f"{self.label}__{path}" for path in self.read_along)]

    def step(self, name: str) -> Any:
        """Return a step by its name, of the newest version of the flow that has it."""
        for version in sorted(self.flows, reverse=True):
            if node := self.flows[version].instance.node(name, no_obsolete=True):
                return node
        raise LookupError(name)

    def told_party(self, state: str) -> str:
        """Return a state in the words used to the party."""
        return str(self.told[state])

    def told_staff(self, state: str) -> str:
        """Return a state in the words of the office."""
        return str(self.states[state])


def case_type(kind: str) -> CaseType:
    """Return the installed case type named ``kind``.

    :raises LookupError: if there is none
    """
    config = apps.get_app_config(kind)
    if not isinstance(config, CaseType):
        raise LookupError(kind)
    return config


def known_to_party() -> Q:
    """Return the test that a case has been made known to its party."""
    private = Q()
    for type_ in case_types():
        if type_.private:
            private |= Q(kind=type_.label, state__in=type_.private)
    return ~private if private else Q()


def relations() -> list[str]:
    """Return the relations by which cases are read as their own types, with what they need."""
    return [path for type_ in case_types() for path in type_.relations()]


def case_types() -> list[CaseType]:
    """Return every installed case type."""
    return [config for config in apps.get_app_configs() if isinstance(config, CaseType)]


def _flows(module: Any) -> dict[int, Any]:
    own = [found for found in vars(module).values() if _is_flow(found, module)]
    return {flow.version: flow for flow in own}


def _is_flow(found: Any, module: Any) -> bool:
    return getattr(found, "__module__", "") == module.__name__ and hasattr(found, "version")


def _moves(record: Any) -> dict[str, Any]:
    lawful = record._meta.get_field("state").get_all_transitions(record)
    return {move.name: move.custom["label"] for move in lawful}


def _clocks(flow: Any) -> dict[str, str]:
    keys = [
        key
        for node in flow.instance.nodes()
        for key in (*getattr(node, "clocks", ()), getattr(node, "due", ""))
        if key
    ]
    return {key.rpartition(".")[2]: key for key in keys}


def _questions(flow: Any) -> dict[str, Any]:
    # In the order of the route; the library knows its nodes in that of the alphabet.
    forms = [node.form for node in vars(flow).values() if hasattr(node, "form")]
    return {name: field for form in forms for name, field in form.base_fields.items()}


def letter_kinds(path: Path) -> dict[str, LetterKind]:
    """Return the letters that a ``titles.csv`` lists, by their names."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: _letter_kind(row) for row in csv.DictReader(lines)}


def _letter_kind(row: dict[str, str]) -> LetterKind:
    return LetterKind(
        name=row["name"],
        series=row["series"],
        title=row["title"],
        title_en=row["title_en"],
        served=row.get("served") == "yes",
        also_to=row.get("also_to") or "",
    )
