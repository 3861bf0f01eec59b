"""Do the same to several steps: each in an act of its own, and each with a result of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.standing import standing
from workflows import work
from workflows.acts import Refused
from workflows.models import WorkItem

MOST = 50


class NothingTicked(Refused):
    """Select at least one step."""


class TooMany(Refused):
    """These are too many steps for one go."""


@dataclass(frozen=True)
class Outcome:
    """What came of one step: done, or refused and why; ``item`` if the person may know of it."""

    item: WorkItem | None
    why: str = ""

    @property
    def done(self) -> bool:
        """Test that it was done."""
        return not self.why


def claim_each(ids: Iterable[int], *, by: Any, at: datetime) -> list[Outcome]:
    """Claim several steps; a refusal of one leaves the others claimed.

    :raises NothingTicked, TooMany: if there are none, or more than ``MOST``
    """
    return _each(work.claim, ids, by, at)


def release_each(ids: Iterable[int], *, by: Any, at: datetime) -> list[Outcome]:
    """Give several steps back to their queues; a refusal of one leaves the others given back.

    :raises NothingTicked, TooMany: if there are none, or more than ``MOST``
    """
    return _each(work.release, ids, by, at)


def _each(
    verb: Callable[..., WorkItem], ids: Iterable[int], by: Any, at: datetime
) -> list[Outcome]:
    asked = list(dict.fromkeys(ids))
    if not asked:
        raise NothingTicked
    if len(asked) > MOST:
        raise TooMany(_("At most %(most)s steps can be done in one go.") % {"most": MOST})
    known = _known(asked, by, at)
    return [_one(verb, pk, known.get(pk), by, at) for pk in asked]


def _one(
    verb: Callable[..., WorkItem], pk: int, item: WorkItem | None, by: Any, at: datetime
) -> Outcome:
    try:
        verb(pk, by=by, at=at)
    except Refused as refusal:
        # Of what is not theirs nobody learns why not, for that would tell that it is there.
        return Outcome(item, str(refusal if item else work.NoSuchWork()))
    return Outcome(item)


def _known(ids: list[int], by: Any, at: datetime) -> dict[int, WorkItem]:
    """Return those of the steps that lie in a queue or the inbox of this person."""
    reached = standing(by, on=localdate(at)).queues
    found = WorkItem.objects.select_related("case").in_bulk(ids)
    return {pk: item for pk, item in found.items() if _is_known(item, by, reached)}


def _is_known(item: WorkItem, by: Any, reached: list[str]) -> bool:
    return item.queue in reached or item.owner_id == by.pk
