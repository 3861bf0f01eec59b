"""The route of a case as the templates show it: a picture, and the same in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from web import route_chart
from web.shown import Shown
from workflows.models import Case, Entry
from workflows.route import Stop, Way, route_of


def route(case: Case, log: Iterable[Entry]) -> Shown:
    """Return the route of a case, where it is by its log, and the line that is drawn beside it."""
    stops = route_of(case, log)
    return {
        "picture": route_chart.picture(stops),
        "stops": _told(stops),
        "here": _(", ").join(stop.title for stop in stops if stop.is_here),
    }


def _told(stops: list[Stop]) -> list[Shown]:
    titles = {stop.name: stop.title for stop in stops}
    return [
        {
            "title": stop.title,
            "who": stop.who,
            "style": route_chart.style_of(stop),
            "said": _said(stop),
            "ways": [_way(way, titles) for way in stop.ways],
        }
        for stop in stops
    ]


def _said(stop: Stop) -> str:
    if stop.is_here:
        return _("The case is here")
    if not stop.passed:
        return _("Not reached")
    if stop.passed == 1:
        return _("Step passed")
    return _("Passed %(n)s times") % {"n": stop.passed}


def _way(way: Way, titles: dict[str, str]) -> Shown:
    moves = [_("Returned to the step before")] if way.is_return else list(way.moves)
    return {"moves": _(", ").join(moves), "to": titles[way.to], "back": way.turns_back}
