"""How a case is tied to others, as far as a person may see them. Reads only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from workflows.models import Case, Relation, Suspension
from workflows.sight import visible_to

_KIND = Relation.Kind
_SAID = {
    "opened_it": _("was opened by"),
    "opened_by_it": _("has opened"),
    "followed_by_it": _("follows"),
    "follows_it": _("is followed by"),
    "holds_it_up": _("is suspended because of"),
    "held_up_by_it": _("suspends"),
}
# As one list of keys, so that the cases are found by them; as an OR each case would be looked at.
_TIED = """
    SELECT target_id FROM workflows_relation WHERE source_id = %s
    UNION SELECT source_id FROM workflows_relation WHERE target_id = %s
    UNION SELECT source_id FROM workflows_suspension WHERE case_id = %s AND until IS NULL
    UNION SELECT case_id FROM workflows_suspension WHERE source_id = %s AND until IS NULL
    UNION SELECT id FROM workflows_case WHERE record_id = %s
"""
SAME_RECORD = _("concerns the same record as")


@dataclass(frozen=True)
class Tie:
    """One other case, and what this one has to do with it."""

    case: Case
    said: str


def ties_of(case: Case, *, viewer: Any, on: date) -> list[Tie]:
    """Return the ties of a case to others that the viewer may see, oldest first; one query."""
    tied = RawSQL(_TIED, [case.pk] * 4 + [case.record_id])
    others = visible_to(viewer, on=on).exclude(pk=case.pk).filter(pk__in=tied)
    others = others.annotate(**_tests(case))
    return [tie for other in others.order_by("opened_at", "pk") for tie in _ties(other)]


def _tests(case: Case) -> dict[str, Exists]:
    this, relations = OuterRef("pk"), Relation.objects
    held = Suspension.objects.filter(until=None)
    return {
        "opened_it": Exists(relations.filter(source=this, target=case, kind=_KIND.OPENED)),
        "opened_by_it": Exists(relations.filter(source=case, target=this, kind=_KIND.OPENED)),
        "followed_by_it": Exists(relations.filter(source=this, target=case, kind=_KIND.FOLLOWS)),
        "follows_it": Exists(relations.filter(source=case, target=this, kind=_KIND.FOLLOWS)),
        "holds_it_up": Exists(held.filter(source=this, case=case)),
        "held_up_by_it": Exists(held.filter(source=case, case=this)),
    }


def _ties(other: Any) -> list[Tie]:
    said = [words for name, words in _SAID.items() if getattr(other, name)]
    return [Tie(other, str(words)) for words in said or [SAME_RECORD]]
