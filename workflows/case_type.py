"""What makes a folder under ``cases/`` a case type."""

import csv
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from django.apps import AppConfig, apps


@dataclass(frozen=True)
class Offer:
    """Whether a case of one type may be opened about a record, and why.

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
class LetterKind:
    """One letter a case type sends: its number series and its titles."""

    name: str
    series: str
    title: str
    title_en: str


class CaseType(AppConfig):
    """One kind of case, installed as a Django app.

    Django's own registry is the catalogue: installing the app is registering
    the type.
    """

    default = False  # Django must pick the subclass, not this base
    default_auto_field = "django.db.models.BigAutoField"
    prefix: str
    legal_basis: str
    promises: ClassVar[tuple[tuple[str, Any], ...]] = ()

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
        self.flow: Any = getattr(import_module(f"{self.name}.flow"), f"{self.record.__name__}Flow")
        self.application: Any = import_module(f"{self.name}.forms").Application
        self.opening: Any = import_module(f"{self.name}.opening")
        parts: Any = self.models_module
        self.states: dict[str, Any] = dict(parts.State.choices)
        self.told: dict[str, Any] = {str(state): said for state, said in parts.TOLD_PARTY.items()}
        self.moves: dict[str, Any] = _moves(self.record)
        self.clocks = _clocks(self.flow)
        self.questions: dict[str, Any] = _questions(self.flow)
        self.findings = [n for n in self.questions if n not in self.application.base_fields]
        self.folder = Path(self.path)
        self.letters = _letter_kinds(self.folder / "letters" / "titles.csv")

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


def case_types() -> list[CaseType]:
    """Return every installed case type."""
    return [config for config in apps.get_app_configs() if isinstance(config, CaseType)]


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


def _letter_kinds(path: Path) -> dict[str, LetterKind]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: LetterKind(**row) for row in csv.DictReader(lines)}
