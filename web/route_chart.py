"""The route of a case as a picture beside its list: a line through the stops, arcs for the rest.

Lengths are pixels: the list beside it has rows of the same height, so that letters never shrink.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from workflows.route import Stop

ROW = 56
_LANE, _EDGE, _BEND = 11, 10, 6
_DOT, _BESIDE, _ROUND = 8, 3, 14


@dataclass(frozen=True)
class Line:
    """A stroke from one stop to another, and whether it turns back."""

    path: str
    style: str


@dataclass(frozen=True)
class Dot:
    """The place of a stop on the line: done, here or ahead."""

    y: int
    style: str


@dataclass(frozen=True)
class Picture:
    """What is drawn beside the list of stops."""

    width: int
    height: int
    x: int
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]


def picture(stops: Sequence[Stop]) -> Picture:
    """Return the line of a route: forward leaps to its right, returns to its left."""
    spans = _spans(stops)
    leaps = _lanes(span for span in spans if span[1] > span[0] + 1)
    returns = _lanes(span for span in spans if span[1] <= span[0])
    x = _EDGE + _LANE * _width(returns) + _DOT
    right = x + _DOT + _LANE * _width(leaps) + _EDGE
    straight = [_straight(x, *span) for span in spans if span[1] == span[0] + 1]
    arcs = [_arc(x, lane, span, 1) for span, lane in leaps.items()]
    arcs += [_arc(x, lane, span, -1) for span, lane in returns.items()]
    return Picture(right, ROW * len(stops), x, _dots(stops), (*straight, *arcs))


def _spans(stops: Sequence[Stop]) -> list[tuple[int, int]]:
    place = {stop.name: n for n, stop in enumerate(stops)}
    found = ((n, place[way.to]) for n, stop in enumerate(stops) for way in stop.ways)
    return list(dict.fromkeys(found))


def _lanes(spans: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Give each span the innermost lane free over its length; those to one stop share theirs."""
    taken: dict[int, list[tuple[int, int, int]]] = {}
    lanes: dict[tuple[int, int], int] = {}
    for span in sorted(spans, key=lambda span: abs(span[1] - span[0])):
        low, high = sorted(span)
        lane = next(n for n in count(1) if _is_free(taken.get(n, []), low, high, span[1]))
        taken.setdefault(lane, []).append((low, high, span[1]))
        lanes[span] = lane
    return lanes


def _is_free(taken: list[tuple[int, int, int]], low: int, high: int, to: int) -> bool:
    return all(target == to or high <= start or end <= low for start, end, target in taken)


def _width(lanes: dict[tuple[int, int], int]) -> int:
    return max(lanes.values(), default=0)


def _straight(x: int, start: int, end: int) -> Line:
    return Line(f"M{x} {_y(start) + _DOT}V{_y(end) - _DOT}", "on")


def _arc(x: int, lane: int, span: tuple[int, int], side: int) -> Line:
    """Return a bracket from one stop to another, at the right (1) or at the left (-1)."""
    near, far = x + side * _DOT, x + side * (_DOT + _LANE * lane)
    # It leaves below the middle of a stop and arrives above it, so that the two never touch.
    apart = side * (_BESIDE if span[0] != span[1] else _ROUND)
    start, end = _y(span[0]) + apart, _y(span[1]) - apart
    bend = _BEND if end > start else -_BEND
    turn = far - side * _BEND
    there = f"H{turn}Q{far} {start} {far} {start + bend}"
    home = f"V{end - bend}Q{far} {end} {turn} {end}H{near}"
    return Line(f"M{near} {start}{there}{home}", "on" if side > 0 else "back")


def _y(place: int) -> int:
    return ROW * place + ROW // 2


def _dots(stops: Sequence[Stop]) -> tuple[Dot, ...]:
    return tuple(Dot(_y(n), style_of(stop)) for n, stop in enumerate(stops))


def style_of(stop: Stop) -> str:
    """Return whether a case is at a stop, has passed it, or may yet come to it."""
    if stop.is_here:
        return "here"
    return "done" if stop.passed else "ahead"
