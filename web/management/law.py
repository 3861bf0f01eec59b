"""Load units, rule values, the calendar and items; each load that adds something is an event."""

import csv
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from records import credit_code
from workflows import audit, policy
from workflows.acts import Refused
from workflows.case_type import case_type, case_types

# The one type whose cases are about items of a published list, kept in its ``register.py``.
_WITH_ITEMS = "commitment"


class UnitRefused(Refused):
    """A unit in the file cannot be loaded."""


class ItemRefused(Refused):
    """An item in the file names a unit that is not there, or has a value that is not known."""


class EditionsOverlap(Refused):
    """A rule value in a file has another edition here for the same days."""


def load_all(*, units: Path | None, at: datetime, items: Path | None = None) -> dict[str, int]:
    """Load what is not there yet, as one act, and return how many rows of each kind were new.

    :raises UnitRefused: if the code of a unit is not valid; then nothing is loaded
    :raises ItemRefused: if an item names a unit that is not there; then nothing is loaded
    :raises EditionsOverlap: if a file gives other days to an edition; then nothing is loaded
    """
    with audit.act(by=None, at=at):
        return {
            "units": _load("units", load_units, [units] if units else []),
            "terms": _load("terms", _load_terms, term_files()),
            "calendar": _load("calendar", policy.load_days, [policy.LAW / "days.csv"]),
            "ladder": _load("ladder", policy.load_ladder, [policy.LAW / "ladder.csv"]),
            "items": _load("items", _load_items, [items] if items else []),
        }


def term_files() -> list[Path]:
    """Return every file of rule values: the engine's own and one of each case type."""
    folders = [policy.LAW, *(type_.folder for type_ in case_types())]
    return [path for folder in folders if (path := folder / "terms.csv").exists()]


def load_units(path: Path) -> int:
    """Put a file of units into the table and return how many were new; those there are left."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sum(_add_unit(row) for row in csv.DictReader(lines))


def example_items() -> Path:
    """Return the file of example items for commitments, as it comes with the case type."""
    return case_type(_WITH_ITEMS).folder / "items.csv"


def _load_items(path: Path) -> int:
    register = import_module(f"{case_type(_WITH_ITEMS).name}.register")
    try:
        added: int = register.load_items(path)
    except (ObjectDoesNotExist, KeyError, ValueError) as wrong:
        raise ItemRefused(_("%(file)s: %(why)s") % {"file": path, "why": wrong}) from wrong
    return added


def _load_terms(path: Path) -> int:
    try:
        with transaction.atomic():
            return policy.load_terms(path)
    except IntegrityError as overlap:
        said = _("%(file)s: a rule value has another edition here for the same days (%(which)s).")
        which = str(overlap).partition("DETAIL:")[2].strip()
        raise EditionsOverlap(said % {"file": path, "which": which}) from overlap


def _load(name: str, load: Callable[[Path], int], paths: list[Path]) -> int:
    new = {path.parent.name + "/" + path.name: load(path) for path in paths}
    if added := sum(new.values()):
        audit.record("loaded", f"setup/{name}", detail={"files": new})
    return added


def _add_unit(row: dict[str, str]) -> bool:
    found = credit_code.check(row["credit_code"])
    if not found.valid:
        reason = _("%(unit)s: %(why)s") % {"unit": row["code"], "why": " ".join(found.reasons)}
        raise UnitRefused(reason)
    _unit, is_new = Unit.objects.get_or_create(code=row["code"], defaults=_facts(row))
    return is_new


def _facts(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "name_en": row["name_en"],
        "credit_code": credit_code.normalised(row["credit_code"]),
        "is_credit_office": row["is_credit_office"] == "yes",
    }
