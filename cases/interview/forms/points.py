"""How a step asks about each point that has to be put right."""

from typing import Any

from cases.interview import rules
from forms.base import StepForm


class PointByPoint(StepForm):
    """A step that asks about every point that is open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = rules.open_points(self.case)
        for point in self.points:
            self.ask_about(point)

    def ask_about(self, point: dict[str, Any]) -> None:
        """Add the questions about one point."""
        raise NotImplementedError


def said_of(point: dict[str, Any]) -> dict[str, str]:
    """Return how a question about a point names it and its proof."""
    return {"point": f"{point['number']}. {point['what']}", "proof": point["proof"]}
