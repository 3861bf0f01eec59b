"""The supervisor's face: who has how much, one case, and what happened in it."""

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import frame, pages
from web.access import supervisors
from web.shown import Shown
from workflows import audit, oversight, sight, statistics, tracking
from workflows.models import Case
from workflows.statistics import Pile

_LIGHTS = ("red", "amber", "green", "grey")


@supervisors
@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    """Show how much open work each unit has, and how much of it is near or past its date."""
    rows = _added(statistics.piles_for(request.user, on=timezone.localdate()))
    most = max((row["open"] for row in rows), default=0)
    return frame.oversight(request, "workload", {"rows": rows, "most": most})


@supervisors
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case of the units the person watches, to look at."""
    on = timezone.localdate()
    found = _case(request, reference)
    shown = pages.case_page(found, on=on, told_party=False, viewer=request.user)
    shown["ties"] = pages.tied(found, viewer=request.user, on=on)
    waiting = [waiting.item for waiting in shown["dossier"].waiting]
    rows = pages.watched(waiting, viewer=request.user, on=on)
    demands = [pages.demand(urging, on=on) for urging in oversight.demands_in(found)]
    context = {
        "case": shown,
        "rows": [{**row, "url": ""} for row in rows],
        "may_direct": any(row["may_direct"] for row in rows),
        "demands": demands,
        "findings": shown["findings"],
        "case_address": "oversight-case",
        "route": pages.route(found, shown["dossier"].log),
        "route_url": reverse("oversight-route", args=[reference]),
        "back_url": reverse("oversight"),
        "log_url": reverse("oversight-log", args=[reference]),
    }
    return frame.oversight(request, "case", context)


@supervisors
@require_GET
def log(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the log of a case, whether its chain is whole, and the files handed in."""
    found = _case(request, reference)
    entries = tracking.log_of(found)
    prefetch_related_objects(entries, "values")
    names = tracking.names_in(entries)
    rows = [pages.entry(e, found, who=tracking.who_did(e, names)) for e in entries]
    context = {
        "reference": reference,
        "rows": rows,
        "verified": not any(audit.verify(entries)),
        "files": pages.files_of(found, told_party=False),
        "back_url": reverse("oversight-case", args=[reference]),
    }
    return frame.oversight(request, "log", context)


def _case(request: HttpRequest, reference: str) -> Case:
    found = sight.case_for(request.user, reference, on=timezone.localdate())
    if found is None:
        raise Http404(_("There is no such case, or you do not watch its units."))
    return found


def _added(piles: list[Pile]) -> list[Shown]:
    """Return the open steps of each unit by their light, the most pressing unit first."""
    rows: dict[str, Shown] = {}
    for pile in piles:
        row = rows.setdefault(pile.unit.code, _nothing(pile))
        row["open"] += pile.open
        for light in _LIGHTS:
            row[light] += getattr(pile, light)
    for row in rows.values():
        row["pressing"] = row["red"] + row["amber"]
    return sorted(rows.values(), key=lambda row: (-row["red"], -row["amber"], row["unit"]))


def _nothing(pile: Pile) -> Shown:
    lists = f"{reverse('steps')}?unit={pile.unit.code}"
    urls = {f"{light}_url": f"{lists}&light={light}" for light in _LIGHTS}
    return {"unit": str(pile.unit), "url": lists, "open": 0, **dict.fromkeys(_LIGHTS, 0), **urls}
