"""Made-up states of every component, for the page that shows them side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PARTS = "components/"


@dataclass(frozen=True)
class Sample:
    """One state of a component: its name here, its template, and what the template is told.

    ``opened`` shows a dialog without anybody opening it; ``wide`` gives it the whole width;
    ``face`` is the face whose sizes it has.
    """

    title: str
    template: str
    told: Mapping[str, Any] = field(default_factory=dict)
    opened: bool = False
    wide: bool = False
    face: str = "applicant"


Group = tuple[str, list[Sample]]
