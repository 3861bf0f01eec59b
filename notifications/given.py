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


class Hole:
    """A value that is empty: a letter may ask whether it is there, and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __bool__(self) -> bool:
        return False

    def _refuse(self, *_args: object) -> NoReturn:
        raise LetterIncomplete(f"{self._path} is empty")

    __str__ = __iter__ = __getitem__ = __eq__ = __format__ = _refuse  # type: ignore[assignment]
    __hash__ = None


class Given:
    """A mapping or an object whose parts are there, or asking for one is an error."""

    def __init__(self, thing: Any, path: str) -> None:
        self._thing, self._path = thing, path

    def __str__(self) -> str:
        return str(self._thing)

    def __getitem__(self, name: str) -> Any:
        path = f"{self._path}.{name}"
        try:
            return given(self._part(name), path)
        except (AttributeError, KeyError):
            raise LetterIncomplete(f"{path} is missing") from None

    def _part(self, name: str) -> Any:
        return self._thing[name] if isinstance(self._thing, Mapping) else getattr(self._thing, name)


class StrictContext(Context):
    """The values of one letter; a name that is not among them is an error even in a question."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return given(super().__getitem__(key), key)
        except KeyError:
            raise LetterIncomplete(f"{key} is missing") from None


def given(value: Any, path: str) -> Any:
    """Return a value as a letter may use it; a function is asked for its value first."""
    if callable(value) and not getattr(value, "do_not_call_in_templates", False):
        value = value()
    if isinstance(value, Manager):
        value = value.all()
    if isinstance(value, list | tuple | QuerySet):
        value = [given(item, f"{path}.{place}") for place, item in enumerate(value)]
    if _is_empty(value):
        return Hole(path)
    return value if isinstance(value, (*_PLAIN, list, Given)) else Given(value, path)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str | Promise):
        return not str(value).strip()
    return value is None or value == []
