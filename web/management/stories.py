"""Demo cases of every type, made by the demo people through the engine's own doors."""

from collections.abc import Iterable
from datetime import datetime

from web.management.telling import Clock, Story
from web.management.told import commitments, interviews, objections, repairs
from workflows.case_type import case_types
from workflows.models import Case

# In this order: an objection holds up a repair that has begun.
STORIES: dict[str, Iterable[Story]] = {
    "repair": repairs.STORIES,
    "objection": objections.STORIES,
    "commitment": commitments.STORIES,
    "interview": interviews.STORIES,
}


def tell_stories(*, at: datetime) -> list[Case]:
    """Make one case for each story that the law allows to begin on its day; return the cases."""
    clock, known = Clock(at), {type_.label for type_ in case_types()}
    told = [story.tell(clock) for kind in STORIES if kind in known for story in STORIES[kind]]
    return [case for case in told if case]
