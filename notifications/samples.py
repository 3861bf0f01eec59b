"""A letter as it would look: a named gap stands where a case puts its value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from notifications.letters import CHINESE, ENGLISH

_TEMPLATES = Path(__file__).parent / "templates"


class Gap:
    """A value that is not there yet; every part of it is a gap too, and a list has one."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getitem__(self, name: Any) -> "Gap":
        if isinstance(name, int):
            raise TypeError(name)
        return Gap(f"{self._path}.{name}")

    def __iter__(self) -> Iterator["Gap"]:
        yield self

    def __len__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        return True  # the first way a letter may go is the one that is shown

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> SafeString:
        return format_html('<mark class="gap">{}</mark>', self._path)

    __html__ = __str__


class _Gaps(Context):
    """Has a gap for every name but those of the template's own loops."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(key) if key in self else Gap(str(key))


def sample(name: str, *, folder: Path, title: str, language: str) -> SafeString:
    """Return the text of ``folder/<name>.html`` with a gap for each value but its title."""
    file = f"{name}.en.html" if language == ENGLISH else f"{name}.html"
    with override(language):
        text = _engine(folder).get_template(file).render(_Gaps({"title": title}))
    # Safe: our own template wrote it, with nothing in it but gaps.
    return mark_safe(text)


def source(name: str, *, folder: Path, language: str = CHINESE) -> str:
    """Return the file a letter is written from."""
    file = f"{name}.en.html" if language == ENGLISH else f"{name}.html"
    return (folder / file).read_text(encoding="utf-8")


def _engine(folder: Path) -> Engine:
    return Engine(
        dirs=[str(folder), str(_TEMPLATES)], builtins=["notifications.templatetags.gap_words"]
    )
