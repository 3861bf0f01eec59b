"""What a letter is given: each value is there, or using it is an error."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.db.models import Manager, QuerySet
from django.template import Context
from django.utils.functional import Promise

_PLAIN = (str, int, Decimal, date, Promise)


class LetterIncomplete(Exception):
    """The letter says something the case does not have."""


class Holes(list[str]):
    """The holes a letter fell into; kept because Django's ``{% if %}`` swallows exceptions."""

    def fall_into(self, hole: str) -> NoReturn:
        """Note a hole and stop.

        :raises LetterIncomplete: always
        """
        self.append(hole)
        raise LetterIncomplete(hole)


class Empty:
    """A value that is empty: a letter may ask whether it is there, and nothing else."""

    def __init__(self, path: str, holes: Holes) -> None:
        self._path, self._holes = path, holes

    def __bool__(self) -> bool:
        return False

    def _refuse(self, *_args: object) -> NoReturn:
        self._holes.fall_into(f"{self._path} is empty")

    __str__ = __iter__ = __getitem__ = __eq__ = __format__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class Given:
    """A mapping or an object whose parts are there, or asking for one is an error."""

    def __init__(self, thing: Any, path: str, holes: Holes) -> None:
        self._thing, self._path, self._holes = thing, path, holes

    def __str__(self) -> str:
        return str(self._thing)

    def __getitem__(self, name: str) -> Any:
        path = f"{self._path}.{name}"
        try:
            return given(self._part(name), path, self._holes)
        except (AttributeError, KeyError):
            self._holes.fall_into(f"{path} is missing")

    def _part(self, name: str) -> Any:
        return self._thing[name] if isinstance(self._thing, Mapping) else getattr(self._thing, name)


class StrictContext(Context):
    """The values of one letter; a name that is not among them is an error even in a question."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(dict(values))
        self.holes = Holes()

    def __getitem__(self, key: Any) -> Any:
        try:
            value = super().__getitem__(key)
        except KeyError:
            self.holes.fall_into(f"{key} is missing")
        return given(value, key, self.holes)


def given(value: Any, path: str, holes: Holes) -> Any:
    """Return a value as a letter may use it; a function is asked for its value first."""
    if callable(value) and not getattr(value, "do_not_call_in_templates", False):
        value = value()
    if isinstance(value, Manager):
        value = value.all()
    if isinstance(value, list | tuple | QuerySet):
        value = [given(item, f"{path}.{place}", holes) for place, item in enumerate(value)]
    if _is_empty(value):
        return Empty(path, holes)
    return value if isinstance(value, (*_PLAIN, list, Given)) else Given(value, path, holes)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str | Promise):
        return not str(value).strip()
    return value is None or isinstance(value, Empty) or value == []
