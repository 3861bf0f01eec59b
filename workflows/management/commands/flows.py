"""Draw the route of every case type into docs/flows/, as SVG and BPMN; never edited by hand."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow import chart

from workflows.case_type import CaseType, case_types
from workflows.flow import Ask, Decide, Transition, Work

_LINE, _LEAD = 11, 15
_MIDDLE, _SMALL, _LARGE = "align-middle", 10, 12
_LETTER = 5  # how wide a small letter is drawn, roughly


class Command(BaseCommand):
    """Write one drawing and one BPMN file for each case type, with the words of the office."""

    help = "Draw every flow into docs/flows/ (SVG, and BPMN for other tools)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "docs" / "flows")
        parser.add_argument("--language", default="zh-hans")

    def handle(self, **options: Any) -> None:
        options["into"].mkdir(parents=True, exist_ok=True)
        with override(options["language"]):
            for type_ in case_types():
                for path in _draw(type_, options["into"]):
                    self.stdout.write(str(path))


def _draw(type_: CaseType, into: Path) -> Iterator[Path]:
    grid = chart.calc_layout_data(type_.flow)
    for cell in grid.cells:
        _write_title(cell, type_)
    for edge in grid.edges:
        edge.label = {"yes": _("yes"), "no": _("no")}.get(edge.label, edge.label)
    drawings = {"svg": chart.grid_to_svg(grid), "bpmn": chart.grid_to_bpmn(grid)}
    for kind, drawing in drawings.items():
        path = into / f"{type_.label}.{kind}"
        path.write_text(_trimmed(drawing), encoding="utf-8")
        yield path


def _write_title(cell: Any, type_: CaseType) -> None:
    node, shape = cell.node, cell.shape
    if isinstance(node, Decide):
        name = node.rule.__name__.replace("_", " ")
        # Left of the edge that leaves downwards, and of its label.
        shape.text = [(name, _MIDDLE, _SMALL, 20 - len(name) * _LETTER / 2, shape.height + 10)]
        cell.title = node.rule.__doc__
    elif isinstance(node, Work | Ask | Transition):
        lines = [*_wrapped(_title(node, type_), _LARGE), *_wrapped(_who(node), _SMALL)]
        shape.text = list(_centred(lines, shape))


def _title(node: Any, type_: CaseType) -> str:
    if isinstance(node, Transition):
        return "→" + type_.told_staff(_target(node, type_))
    return str(node.form.title)


def _who(node: Any) -> str:
    if isinstance(node, Work):
        return f"{node.role.label} · {node.duty.label}"
    return str(_("the party")) if isinstance(node, Ask) else ""


def _target(node: Transition, type_: CaseType) -> str:
    moves = getattr(type_.record, node.move)._django_fsm.transitions.values()
    return str(next(iter(moves)).target)


def _wrapped(text: str, size: int) -> list[tuple[str, int]]:
    # A box holds eleven Chinese characters, or twice as many letters.
    width = _LINE if any(ord(letter) > 0x2E7F for letter in text) else 2 * _LINE
    return [(line, size) for line in wrap(text, width)]


def _centred(lines: list[tuple[str, int]], shape: Any) -> Iterator[tuple[Any, ...]]:
    top = shape.height / 2 - (len(lines) - 1) * _LEAD / 2
    for number, (line, size) in enumerate(lines):
        yield line, _MIDDLE, size, shape.width / 2, top + number * _LEAD


def _trimmed(drawing: str) -> str:
    lines = (line.rstrip() for line in drawing.splitlines())
    return "\n".join(line for line in lines if line) + "\n"
