"""Every change happens inside an act: somebody doing something at an instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy


@dataclass
class Brought:
    """What a visitor brings to the counter: who they are, and the numbers of their files.

    ``who`` is personal: the log keeps it sealed.
    """

    who: dict[str, Any]
    files: list[int] = field(default_factory=list)


@dataclass
class Act:
    """Who acts (``None``: the service itself), for whom they stand in, when.

    ``brought`` says that a clerk does it for the party, and who came. Beside it what is yet to
    be told, and what was read.
    """

    by: Any
    at: datetime
    on_behalf_of: Any = None
    brought: Brought | None = None
    unwritten: list[Any] = field(default_factory=list)
    memory: dict[Any, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The local day of the act."""
        return localdate(self.at)


_current: ContextVar[Act] = ContextVar("act")


@contextmanager
def acting(*, by: Any, at: datetime) -> Iterator[Act]:
    """Run the block as one act, without a transaction; ``audit.act`` is the door for verbs."""
    token = _current.set(Act(by, at))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def current_act() -> Act:
    """Return the act now running.

    :raises LookupError: outside an act; nothing may change then
    """
    return _current.get()


class Refused(Exception):
    """The act was refused; the reason may be shown to the person who tried.

    Each child's docstring is its sentence, translated like any other.
    """

    status = 422

    def __init__(self, detail: Any = "", **fields: Any) -> None:
        sentence = " ".join((self.__doc__ or "").split())
        self.detail = detail or gettext_lazy(sentence)
        self.fields = fields
        super().__init__(self.detail)

    def __str__(self) -> str:
        return str(self.detail)
