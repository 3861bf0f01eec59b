"""The supervisor's overview: what is red, what will be, and the lists behind the numbers."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import figures, frame, pages
from web.access import supervisors
from web.shown import Shown
from workflows import oversight, queues, statistics, tracking
from workflows.case_type import case_type
from workflows.oversight import Asked
from workflows.statistics import NOBODY, Pile, Wanted

_LIGHTS = ("red", "week", "amber", "green", "grey")
_NAMED = ("light", "unit", "kind", "step", "person")
_FIRST, _LATEST = 10, 5


@supervisors
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is red and what will be within a week, each number a way to the list behind it."""
    on = timezone.localdate()
    piles = statistics.piles_for(request.user, on=on)
    latest = statistics.steps_for(request.user, Wanted(light="red"), on=on)[:_LATEST]
    demands = queues.unanswered_for(request.user, on=on)
    context = {
        "figures": _figures(piles),
        "breakdowns": [_breakdown(*by, piles) for by in _ways()],
        "shares": figures.shares(statistics.shares_for(request.user, on=on)),
        "latest": pages.watched(latest, viewer=request.user, on=on),
        "late_url": _address(light="red"),
        "demands": [pages.demand(urging, on=on) for urging in demands[:_FIRST]],
        "unanswered": oversight.count_demands(request.user, Asked(), on=on)["open"],
    }
    return frame.oversight(request, "overview", context)


@supervisors
@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    """List the open steps behind a number, and let the reader narrow them down."""
    on, page = timezone.localdate(), pages.page_of(request)
    wanted, piles = _wanted(request), statistics.piles_for(request.user, on=on)
    found = statistics.steps_for(request.user, wanted, on=on, page=page)
    meant = [pile for pile in piles if _is_meant(pile, wanted)]
    rows = pages.watched(found, viewer=request.user, on=on)
    context = {
        "list": pages.paged(request, rows, count=_count(meant, wanted), page=page),
        "may_direct": any(row["may_direct"] for row in rows),
        "lights": [_light(light, meant, wanted) for light in ("", *_LIGHTS)],
        "wanted": wanted,
        "choices": [_choices(*by, piles, wanted) for by in _ways()],
        "all_url": _address(light=wanted.light),
        "narrowed": wanted != Wanted(light=wanted.light),
    }
    return frame.oversight(request, "steps", context)


def _ways() -> list[tuple[str, str, Callable[[Pile], tuple[dict[str, str], str]]]]:
    """Return by what open steps are counted: what the address calls it, its title, and its key."""
    return [
        ("unit", _("By unit"), lambda pile: ({"unit": pile.unit.code}, str(pile.unit))),
        ("kind", _("By type of case"), lambda pile: ({"kind": pile.kind}, _titled(pile.kind))),
        ("step", _("By step"), lambda pile: ({"kind": pile.kind, "step": pile.step}, _step(pile))),
        ("person", _("By person"), lambda pile: ({"person": pile.owner}, _person(pile))),
    ]


def _titled(kind: str) -> str:
    return str(case_type(kind).verbose_name)


def _step(pile: Pile) -> str:
    # Two types may call a step the same.
    return f"{_titled(pile.kind)} · {tracking.title_of(pile.kind, pile.step)}"


def _person(pile: Pile) -> str:
    return _("Nobody: in the queue") if pile.owner == NOBODY else pile.owner_name


def _breakdown(name: str, title: str, key: Any, piles: list[Pile]) -> Shown:
    rows = sorted(_added(key, piles), key=lambda row: (-row["red"], -row["week"], -row["open"]))
    return {"name": name, "title": title, "rows": rows[:_FIRST], "more": len(rows[_FIRST:])}


def _added(key: Any, piles: Iterable[Pile]) -> list[Shown]:
    rows: dict[str, Shown] = {}
    for pile in piles:
        narrowed, label = key(pile)
        row = rows.setdefault(urlencode(narrowed), _row(narrowed, label))
        for name in ("red", "week", "open"):
            row[name] += getattr(pile, name)
    return list(rows.values())


def _row(narrowed: dict[str, str], label: str) -> Shown:
    urls = {f"{light}_url": _address(light=light, **narrowed) for light in ("red", "week")}
    return {
        "label": label,
        "narrowed": narrowed,
        **urls,
        "open_url": _address(**narrowed),
        "red": 0,
        "week": 0,
        "open": 0,
    }


def _figures(piles: list[Pile]) -> list[Shown]:
    return [
        {
            "light": "blue" if light == "week" else light,
            "label": label,
            "count": _count(piles, Wanted(light=light)),
            "url": _address(light=light),
        }
        for light, label in _titles().items()
        if light
    ]


def _titles() -> dict[str, str]:
    return {
        "": _("All open steps"),
        "red": _("Overdue"),
        "week": _("Due within 7 days"),
        "amber": _("Due soon"),
        "green": _("On time"),
        "grey": _("Paused"),
    }


def _light(light: str, piles: list[Pile], wanted: Wanted) -> Shown:
    return {
        "url": _narrowed(wanted, light=light),
        "label": _titles()[light],
        "count": _count(piles, Wanted(light=light)),
        "current": light == wanted.light,
    }


def _choices(name: str, title: str, key: Any, piles: list[Pile], wanted: Wanted) -> Shown:
    rows = sorted(_added(key, piles), key=lambda row: str(row["label"]))
    options = [("/".join(row["narrowed"].values()), row["label"]) for row in rows]
    named = [(value, label) for value, label in options if value]
    return pages.narrowed_by(name, title, named, chosen=_chosen(name, wanted))


def _chosen(name: str, wanted: Wanted) -> str:
    by_step = f"{wanted.kind}/{wanted.step}"
    return {
        "unit": wanted.unit,
        "kind": wanted.kind,
        "step": by_step if wanted.step else "",
        "person": wanted.owner,
    }[name]


def _wanted(request: HttpRequest) -> Wanted:
    asked = {name: request.GET.get(name, "").replace("\0", "") for name in _NAMED}
    kind, _slash, step = asked["step"].rpartition("/")
    if asked["kind"] not in ("", kind):
        kind, step = asked["kind"], ""  # the reader turned to another type and left the step
    light = asked["light"] if asked["light"] in _LIGHTS else ""
    return Wanted(light, asked["unit"], kind, step, asked["person"])


def _is_meant(pile: Pile, wanted: Wanted) -> bool:
    asked = (wanted.unit, wanted.kind, wanted.step, wanted.owner)
    held = (pile.unit.code, pile.kind, pile.step, pile.owner)
    return all(wish in ("", has) for wish, has in zip(asked, held, strict=True))


def _count(piles: list[Pile], wanted: Wanted) -> int:
    return sum(getattr(pile, wanted.light or "open") for pile in piles)


def _narrowed(wanted: Wanted, *, light: str) -> str:
    step = {"kind": wanted.kind, "step": wanted.step} if wanted.step else {"kind": wanted.kind}
    return _address(light=light, unit=wanted.unit, person=wanted.owner, **step)


def _address(**narrowed: str) -> str:
    if step := narrowed.pop("step", ""):
        narrowed["step"] = f"{narrowed.pop('kind')}/{step}"
    query = urlencode({name: value for name, value in narrowed.items() if value})
    return f"{reverse('steps')}?{query}" if query else reverse("steps")
