"""Lines, filters, views and results of the inbox and the queue as the templates show them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.pages.lists import narrowed_by
from web.pages.work import item
from web.shown import Shown
from workflows import asides, tracking, wording
from workflows.case_type import case_type
from workflows.clock import Light
from workflows.models import Channel, Role, SavedView, WorkItem
from workflows.narrowing import (
    BY_DUE,
    BY_RECEIPT,
    BY_WAIT,
    PARTY,
    UNIT,
    Narrowing,
    asked_for_by_parties,
)
from workflows.several import Outcome

NAMED = ("kind", "step", "light", "duty", "waits", "text", "sort")
ORDERS: Mapping[str, Any] = {
    BY_DUE: gettext_lazy("Soonest due first"),
    BY_WAIT: gettext_lazy("Longest waiting first"),
    BY_RECEIPT: gettext_lazy("First received first"),
}
_SAID = {
    SavedView.Of.QUEUE: (gettext_lazy("Claimed"), gettext_lazy("Not claimed")),
    SavedView.Of.INBOX: (gettext_lazy("Put back"), gettext_lazy("Not put back")),
}


def line(work: WorkItem, *, on: date, duties: Mapping[str, str]) -> Shown:
    """Return one step as a line of the inbox or the queue; ``duties`` are told where several."""
    return {
        **item(work, on=on),
        "waits": _who_waits(work),
        "since": timezone.localdate(work.opened_at),
        "received": timezone.localdate(work.case.opened_at),
        "duty": duties.get(work.queue, ""),
        "awaits": getattr(work, "awaits", False),
        "suspended": bool(work.case.suspended_at),
        "transfer_url": reverse("work-transfer", args=[work.pk]) if _may_go(work) else "",
    }


def choices(
    steps: Mapping[tuple[str, str], int], wanted: Narrowing, duties: Mapping[str, str]
) -> list[Shown]:
    """Return by what a list can be narrowed down, and what is chosen."""
    in_step = f"{wanted.kind}/{wanted.step}" if wanted.step else ""
    asked = [
        ("kind", _("Type of case"), _kinds(steps), wanted.kind),
        ("step", _("Step"), _titles(steps), in_step),
        ("light", _("Light"), _lights(), wanted.light),
        ("duty", _("Unit and duty"), duties if len(duties) > 1 else {}, wanted.queue),
        ("waits", _("Who waits"), _waiting(), wanted.waits),
    ]
    narrowed = [
        narrowed_by(name, title, options.items(), chosen=chosen)
        for name, title, options, chosen in asked
        if options
    ]
    order = narrowed_by("sort", _("Order"), ORDERS.items(), chosen=wanted.order)
    return [*narrowed, {**order, "whole": True}]


def view(kept: SavedView, *, viewer: Any, query: str, url: str) -> Shown:
    """Return a view that somebody has kept, and whose it is."""
    return {
        "id": kept.pk,
        "name": kept.name,
        "url": url,
        "current": kept.query == query,
        "mine": kept.owner_id == viewer.pk,
        "owner": str(kept.owner),
        "unit": str(kept.unit or ""),
        "unit_code": kept.unit.code if kept.unit else "",
    }


def told(outcomes: Iterable[Outcome], *, of: SavedView.Of) -> Shown:
    """Return what came of each of several steps, in words that can be kept for the next page."""
    done, refused = (str(said) for said in _SAID[of])
    rows = [
        {**_named(one.item), "said": done if one.done else refused, "why": one.why}
        for one in outcomes
    ]
    refusals = [row for row in rows if row["why"]]
    return {"rows": rows, "done": len(rows) - len(refusals), "refused": len(refusals)}


def _named(step: WorkItem | None) -> Shown:
    if step is None:
        return {"reference": "", "title": _("A step that is not yours to see"), "url": ""}
    title = tracking.title_of(step.kind, step.step)
    url = reverse("work", args=[step.pk])
    return {"reference": step.case.reference, "title": title, "url": url}


def _who_waits(work: WorkItem) -> str:
    """Return who waits for a step: the office that asked beside its own, or the party."""
    if work.host is not None:
        return str(work.host.unit or _("The party"))
    by_party = work.kind in asked_for_by_parties() and work.case.came_in != Channel.OFFICE
    return _("The party") if by_party else ""


def _may_go(work: WorkItem) -> bool:
    """Test that one's own step may be transferred, as far as its line can tell."""
    is_mine = work.state == WorkItem.State.CLAIMED and work.step not in asides.ASIDES
    if not is_mine or getattr(work, "awaits", False) or work.case.suspended_at:
        return False
    return bool(asides.step_named(work.kind, work.step).role != Role.OFFICE)


def _kinds(steps: Mapping[tuple[str, str], int]) -> dict[str, str]:
    kinds = dict.fromkeys(kind for kind, _step in sorted(steps))
    return {kind: str(case_type(kind).verbose_name) for kind in kinds}


def _titles(steps: Mapping[tuple[str, str], int]) -> dict[str, str]:
    # Two types may call a step the same.
    several = len({kind for kind, _step in steps}) > 1
    told = {}
    for (kind, step), count in sorted(steps.items()):
        title = tracking.title_of(kind, step)
        full = f"{case_type(kind).verbose_name} · {title}" if several else title
        told[f"{kind}/{step}"] = f"{full} ({count})"
    return told


def _lights() -> dict[str, Any]:
    return {light.value: wording.LIGHTS[light] for light in (*Light,) if light in wording.LIGHTS}


def _waiting() -> dict[str, Any]:
    return {PARTY: _("The party"), UNIT: _("Another office")}
