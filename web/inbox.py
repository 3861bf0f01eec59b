"""The inbox and the queue: what one works on, what waits for one's duties, and taking of it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from web import frame, pages
from web.access import caseworkers, standing_of
from web.numbers import number_in
from web.pages import desk
from web.shown import Shown
from workflows import next as urgent
from workflows import policy, queues, several, taking, views
from workflows.models import SavedView
from workflows.narrowing import BY_DUE, Narrowing
from workflows.several import Outcome

_INBOX, _QUEUE = SavedView.Of.INBOX, SavedView.Of.QUEUE
_ADDRESSES = {_INBOX: "desk", _QUEUE: "queue"}
_TOLD = "outcomes"


@caseworkers
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List the steps the person has claimed, soonest due first."""
    found = _page(request, _INBOX)
    if found is None:
        return HttpResponse(status=204)
    count = queues.count_queue(request.user, on=timezone.localdate())
    steps = queues.steps_in_inbox(request.user)
    return _listed(request, _INBOX, found, steps, {"queue_count": count})


@caseworkers
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """List the unclaimed steps of the person's duties, soonest due first."""
    found = _page(request, _QUEUE)
    if found is None:
        return HttpResponse(status=204)
    steps = queues.steps_in_queue(request.user, on=timezone.localdate())
    return _listed(request, _QUEUE, found, steps, {"queues": list(_duties(request).values())})


@caseworkers
@require_POST
def claim(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take a step from the queue."""
    taking.claim(item_id, by=request.user, at=timezone.now())
    return redirect("work", item_id)


@caseworkers
@require_POST
def claim_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent step that the person may take, of those the filters show."""
    wanted = _wanted(request.POST)
    taken = urgent.claim_next(by=request.user, at=timezone.now(), narrowed=wanted)
    return redirect("work", taken.pk)


@caseworkers
@require_POST
def claim_ticked(request: HttpRequest) -> HttpResponse:
    """Take the ticked steps, and tell of each what came of it."""
    outcomes = several.claim_each(_ticked(request), by=request.user, at=timezone.now())
    return _tell(request, _QUEUE, outcomes)


@caseworkers
@require_POST
def release(request: HttpRequest, item_id: int) -> HttpResponse:
    """Give a step back to the queue."""
    taking.release(item_id, by=request.user, at=timezone.now())
    messages.success(request, _("The step is back in the queue."))
    return redirect("desk")


@caseworkers
@require_POST
def release_ticked(request: HttpRequest) -> HttpResponse:
    """Give the ticked steps back to their queues, and tell of each what came of it."""
    outcomes = several.release_each(_ticked(request), by=request.user, at=timezone.now())
    return _tell(request, _INBOX, outcomes)


@caseworkers
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters and order under a name."""
    told = {name: request.POST.get(name, "") for name in ("of", "name", "unit")}
    query = _query(_wanted(request.POST))
    kept = views.keep(by=request.user, query=query, at=timezone.now(), **told)
    messages.success(request, _("The view is kept: %(name)s.") % {"name": kept.name})
    return redirect(_address(kept.of, kept.query))


@caseworkers
@require_POST
def share_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Share a view with a unit of one's own, or with nobody any more."""
    unit = request.POST.get(f"unit-{view_id}", "")
    view = views.share(view_id, by=request.user, unit=unit, at=timezone.now())
    said = _("%(unit)s sees this view now.") if view.unit else _("Only you see this view now.")
    messages.success(request, said % {"unit": view.unit})
    return redirect(_address(view.of, view.query))


@caseworkers
@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Drop a view one has kept."""
    view = views.drop(view_id, by=request.user, at=timezone.now())
    messages.success(request, _("The view is dropped: %(name)s.") % {"name": view.name})
    return redirect(_ADDRESSES[SavedView.Of(view.of)])


def _page(request: HttpRequest, of: SavedView.Of) -> queues.Page | None:
    """Return what stands on the page asked for; nothing if the asker has just that before them."""
    reads: Callable[..., queues.Page] = (
        queues.page_of_queue if of == _QUEUE else queues.page_of_inbox
    )
    on, page = timezone.localdate(), pages.page_of(request)
    found = reads(request.user, on=on, page=page, narrowed=_wanted(request.GET))
    return None if request.headers.get("X-Mark") == found.mark else found


def _listed(
    request: HttpRequest,
    of: SavedView.Of,
    found: queues.Page,
    steps: dict[tuple[str, str], int],
    told: Shown,
) -> HttpResponse:
    on, wanted = timezone.localdate(), _wanted(request.GET)
    context = {
        **_steps(request, found, on),
        "of": of.value,
        "query": _pairs(wanted),
        "narrowed": not wanted.is_whole or wanted.order != BY_DUE,
        "here": _address(of, ""),
        **told,
    }
    if wanted.is_whole:
        context["list"]["count"] = sum(steps.values())
    if getattr(request, "htmx", False):
        return _alone(request, context)
    choices = desk.choices(steps, wanted, _duties(request))
    context |= {"choices": choices, "wanted": wanted, **_kept(request, of, wanted)}
    # A session that is only looked at is not written anew.
    context["outcomes"] = request.session.pop(_TOLD) if _TOLD in request.session else None
    response = frame.desk(request, of.value, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _kept(request: HttpRequest, of: SavedView.Of, wanted: Narrowing) -> Shown:
    """Return the views of a list that the person may choose, and with whom they may share one."""
    query, found = _query(wanted), views.views_of(request.user, on=timezone.localdate(), of=of)
    rows = [
        desk.view(kept, viewer=request.user, query=query, url=_address(of, kept.query))
        for kept in found
    ]
    has_own, units = any(row["mine"] for row in rows), standing_of(request).workplaces
    return {"views": rows, "has_own": has_own, "units": units}


def _alone(request: HttpRequest, context: Shown) -> HttpResponse:
    """Return the list without the page round it, for whoever looks whether there is new work."""
    response = render(request, "desk/steps.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _steps(request: HttpRequest, found: queues.Page, on: date) -> Shown:
    duties = _duties(request)
    told = duties if len(duties) > 1 else {}
    rows = [desk.line(item, on=on, duties=told) for item in queues.items_on(found)]
    pages.with_days_left(rows, on=on, calendar=policy.calendar())
    counted = found.count <= queues.MOST_COUNTED
    count = found.count if counted else None
    listed = pages.paged(request, rows, count=count, page=pages.page_of(request))
    if not counted:
        listed["count"] = f"{queues.MOST_COUNTED}+"
    return {"list": listed, "mark": found.mark, "poll_url": request.get_full_path()}


def _duties(request: HttpRequest) -> dict[str, str]:
    """Return the queues of the person by their keys, and what each is called."""
    mine = standing_of(request)
    held = (*mine.memberships, *mine.stood_in_for)
    return {
        m.unit.queue(m.duty): f"{m.unit} {m.get_duty_display()}"
        for m in held
        if m.unit in mine.workplaces
    }


def _wanted(said: Any) -> Narrowing:
    """Return what of the list is meant by the words of an address or a form."""
    asked = {name: said.get(name, "").replace("\0", "")[:100] for name in desk.NAMED}
    kind, _slash, step = asked["step"].rpartition("/")
    if asked["kind"] and asked["kind"] != kind:
        kind, step = asked["kind"], step if not kind else ""
    order = asked["sort"] if asked["sort"] in desk.ORDERS else BY_DUE
    return Narrowing(
        kind, step, asked["light"], asked["duty"], asked["waits"], asked["text"].strip(), order
    )


def _pairs(wanted: Narrowing) -> dict[str, str]:
    step = f"{wanted.kind}/{wanted.step}" if wanted.step else ""
    said = {
        "kind": "" if step else wanted.kind,
        "step": step,
        "light": wanted.light,
        "duty": wanted.queue,
        "waits": wanted.waits,
        "text": wanted.text,
        "sort": "" if wanted.order == BY_DUE else wanted.order,
    }
    return {name: value for name, value in said.items() if value}


def _query(wanted: Narrowing) -> str:
    return urlencode(_pairs(wanted))


def _address(of: str, query: str) -> str:
    path = reverse(_ADDRESSES[SavedView.Of(of)])
    return f"{path}?{query}" if query else path


def _ticked(request: HttpRequest) -> list[int]:
    given = map(number_in, request.POST.getlist("item"))
    return [number for number in given if number is not None]


def _tell(request: HttpRequest, of: SavedView.Of, outcomes: Iterable[Outcome]) -> HttpResponse:
    """Keep what came of each step for the page that the browser is sent to."""
    request.session[_TOLD] = desk.told(outcomes, of=of)
    return redirect(_address(of, _query(_wanted(request.POST))))
