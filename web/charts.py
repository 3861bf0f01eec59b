"""Charts as shapes with words: widths in per cent, heights in pixels, so letters never shrink."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_ROW, _BAR_AT, _BAR, _SAID_AT = 58, 20, 14, 50
_TOP, _TALL, _LABEL, _NEXT_LABEL = 22, 120, 18, 34
_FILLED = 0.66
_LETTERS, _LAST_NARROW = 42, 0x2E80


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart: its name, what it is made of, and the same in words."""

    label: str
    parts: Sequence[tuple[str, int]]
    said: str


@dataclass(frozen=True)
class Column:
    """A column: how high it is, what stands above it, and one or two lines below."""

    label: str
    value: float | None
    said: str
    below: str = ""
    style: str = "plain"


@dataclass(frozen=True)
class Box:
    """A rectangle, and whether lines are drawn across it."""

    x: str
    y: float
    width: str
    height: float
    style: str
    hatched: bool = False


@dataclass(frozen=True)
class Words:
    """A line of text at a place."""

    x: str
    y: float
    text: str
    style: str = "label"
    anchor: str = "start"


@dataclass(frozen=True)
class Chart:
    """What is drawn, and what is told to those who do not see it."""

    name: str
    title: str
    text: str
    height: int
    boxes: list[Box] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)


def bars(name: str, title: str, text: str, rows: Sequence[Bar]) -> Chart:
    """Draw a bar for each row, made of parts side by side; the longest fills the width."""
    most = max((_total(row) for row in rows), default=0) or 1
    chart = Chart(name, title, text, height=_ROW * len(rows))
    for number, row in enumerate(rows):
        _lay(chart, number * _ROW, row, most)
    return chart


def columns(name: str, title: str, text: str, given: Sequence[Column], *, most: float = 0) -> Chart:
    """Draw a column for each value; the highest, or ``most``, fills the height."""
    most = most or max((column.value or 0 for column in given), default=0) or 1
    two_lines = any(column.below for column in given)
    height = _TOP + _TALL + (_NEXT_LABEL if two_lines else _LABEL) + 6
    chart = Chart(name, title, text, height, rules=[_TOP, _TOP + _TALL / 2, _TOP + _TALL])
    slot = 100 / max(len(given), 1)
    for number, column in enumerate(given):
        _stand(chart, number * slot, slot, column, most)
    return chart


def _lay(chart: Chart, top: float, row: Bar, most: int) -> None:
    chart.words.append(Words("0", top + 14, _short(row.label), "name"))
    chart.words.append(Words("0", top + _SAID_AT, row.said))
    chart.boxes.append(Box("0", top + _BAR_AT, "100%", _BAR, "ground"))
    x = 0.0
    for style, count in row.parts:
        width = 100 * count / most
        if count:
            chart.boxes.append(_box(x, top + _BAR_AT, width, _BAR, style))
        x += width


def _stand(chart: Chart, x: float, slot: float, column: Column, most: float) -> None:
    middle = _per_cent(x + slot / 2)
    high = _TALL * min((column.value or 0) / most, 1)
    floor = _TOP + _TALL
    if high:
        at = x + slot * (1 - _FILLED) / 2
        chart.boxes.append(_box(at, floor - high, slot * _FILLED, high, column.style))
    chart.words.append(Words(middle, floor - high - 6, column.said, "value", "middle"))
    chart.words.append(Words(middle, floor + _LABEL, column.label, "label", "middle"))
    if column.below:
        chart.words.append(Words(middle, floor + _NEXT_LABEL, column.below, "label", "middle"))


def _box(x: float, y: float, width: float, height: float, style: str) -> Box:
    hatched = style in {"amber", "provisional"}
    return Box(_per_cent(x), round(y, 1), _per_cent(width), round(height, 1), style, hatched)


def _total(row: Bar) -> int:
    return sum(count for _style, count in row.parts)


def _short(label: str) -> str:
    """Return a name that fits a telephone, in letters of which a Chinese one takes two."""
    room, kept = _LETTERS, 0
    for letter in label:
        room -= 2 if ord(letter) > _LAST_NARROW else 1
        kept += room >= 0
    return label if kept == len(label) else f"{label[: kept - 1]}\N{HORIZONTAL ELLIPSIS}"


def _per_cent(share: float) -> str:
    return f"{share:.2f}%"
