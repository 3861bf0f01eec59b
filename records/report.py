"""Tell a clerk, in a file Excel opens and does not run, which rows were refused and why."""

import csv
from pathlib import Path
from unicodedata import normalize

from django.utils.translation import gettext as _

from records.rows import Problem

# Excel runs what begins so; NFKC finds the full-width forms of the same signs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_of(problems: list[Problem], path: Path) -> None:
    """Write the problems by line; without any, take an earlier report away."""
    if problems:
        _write(sorted(problems, key=_line), path)
    else:
        path.unlink(missing_ok=True)


def _write(problems: list[Problem], path: Path) -> None:
    # With a byte order mark, or Excel would take the sentences for another encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("line"), _("field"), _("what is wrong")])
        writer.writerows(map(_safe, problems))


def _line(problem: Problem) -> int:
    return problem.line


def _safe(problem: Problem) -> tuple[int, str, str]:
    return problem.line, _unformulated(problem.field), _unformulated(problem.reason)


def _unformulated(text: str) -> str:
    return f"'{text}" if normalize("NFKC", text).startswith(_FORMULA) else text
