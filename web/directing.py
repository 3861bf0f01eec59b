"""What supervisors do about open steps: hand them over, urge them, ask for an explanation."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from web import frame, pages
from web.access import supervisors
from web.directions import Demand, Handing, HandingTogether, Question
from web.numbers import number_in
from web.refusals import SAID_BESIDE_THE_FORM
from web.shown import Shown
from workflows import oversight, queues, several, supervising, tracking, work
from workflows.acts import Refused
from workflows.models import Urging, WorkItem

_GET_OR_POST = require_http_methods(["GET", "POST"])
REASSIGN = "reassign"
_TITLES = {
    REASSIGN: gettext_lazy("Reassign"),
    Urging.Kind.URGE: gettext_lazy("Press for action"),
    Urging.Kind.EXPLAIN: gettext_lazy("Request an explanation"),
}


class NothingTicked(Refused):
    """Select the steps you mean, at least one and at most 50."""


@supervisors
@_GET_OR_POST
def reassign(request: HttpRequest, item_id: int) -> HttpResponse:
    """Hand an open step to another person of its unit, who may take it and is told why."""
    item, on = _item(request, item_id), timezone.localdate()
    supervising.check_here(item)
    found = oversight.candidates_for(request.user, item, on=on)
    form = Handing(_posted(request), able=[one for one in found if not one.why_not])

    def act(told: Shown) -> str:
        to = User.objects.get(pk=told["to"])
        _hand(item.pk, request.user, to, told["reason"])
        return _("Handed to %(who)s; both are told.") % {"who": to}

    if status := _not_done(request, form, act):
        others = [one for one in found if one.why_not]
        return _page(request, item, form, "reassign", {"others": others}, status)
    return redirect("oversight-case", item.case.reference)


@supervisors
@_GET_OR_POST
def demand(request: HttpRequest, item_id: int) -> HttpResponse:
    """Urge the unit that has an open step, or ask it for an explanation."""
    item = _item(request, item_id)
    form = Demand(_posted(request), initial={"kind": request.GET.get("kind", Urging.Kind.URGE)})

    def act(told: Shown) -> str:
        made = _VERBS[told["kind"]](
            item.pk, by=request.user, question=told["question"], at=timezone.now()
        )
        day = made.answer_due_on
        return _("Asked. The answer is due on %(day)s.") % {"day": day}

    if status := _not_done(request, form, act):
        earlier = [u for u in oversight.demands_in(item.case) if u.deadline.item_id == item.pk]
        rows = [pages.demand(urging, on=timezone.localdate()) for urging in earlier]
        more = {"demands": rows, "answer_by": pages.answer_by(on=timezone.localdate())}
        return _page(request, item, form, "demand", more, status)
    return redirect("oversight-case", item.case.reference)


@supervisors
@_GET_OR_POST
def together(request: HttpRequest) -> HttpResponse:
    """Hand over, urge or ask about several ticked steps, each in an act of its own."""
    told, on = request.POST if request.method == "POST" else request.GET, timezone.localdate()
    ticked, verb = _ticked(told.getlist("item")), told.get("do", "")
    if verb not in _TITLES:
        raise Http404
    items = oversight.directed_by(request.user, ticked, on=on)
    form = _form_for(request, verb, items)
    context = {
        "title": _TITLES[verb],
        "do": verb,
        "rows": pages.watched(items, viewer=request.user, on=on),
        "left_out": len(ticked) - len(items),
        "answer_by": None if verb == REASSIGN else pages.answer_by(on=on),
    }
    if form.is_valid():
        context["results"] = _each(items, _act_on_one(request.user, verb, form.cleaned_data))
        return frame.oversight(request, "together", context)
    context["form"] = form
    return frame.oversight(request, "together", context, status=422 if form.is_bound else 200)


_VERBS: dict[str, Callable[..., Urging]] = {
    Urging.Kind.URGE: supervising.urge,
    Urging.Kind.EXPLAIN: supervising.ask_to_explain,
}


def _item(request: HttpRequest, item_id: int) -> WorkItem:
    """Return an open step whose unit the person directs; others are refused with the reason."""
    on = timezone.localdate()
    item = queues.item_for(request.user, item_id, on=on)
    if item is None:
        raise Http404(_("There is no such step, or you do not watch its unit."))
    if item.queue == WorkItem.PARTY:
        raise work.NothingToClaim
    if not oversight.may_direct(request.user, item.unit, on=on):
        raise supervising.NotYoursToDirect
    work.check_open(item)
    return item


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _not_done(request: HttpRequest, form: forms.Form, act: Callable[[Shown], str]) -> int:
    """Do what the form says; return the status of the page that asks (again) if it is not done."""
    if not form.is_valid():
        return 422 if form.is_bound else 200
    try:
        messages.success(request, act(form.cleaned_data))
    except Refused as refused:
        if refused.status not in SAID_BESIDE_THE_FORM:
            raise
        form.add_error(None, str(refused))
        return refused.status
    return 0


def _page(
    request: HttpRequest, item: WorkItem, form: forms.Form, name: str, more: Shown, status: int
) -> HttpResponse:
    on = timezone.localdate()
    context = {
        "form": form,
        "item": pages.watched([item], viewer=request.user, on=on)[0],
        "state_label": tracking.state_of(item.case, told_party=False),
        "back_url": reverse("oversight-case", args=[item.case.reference]),
        **more,
    }
    return frame.oversight(request, name, context, status=status)


def _ticked(given: Iterable[str]) -> list[int]:
    numbers = dict.fromkeys(number for one in given if (number := number_in(one)) is not None)
    if not 0 < len(numbers) <= several.MOST:
        raise NothingTicked
    return list(numbers)


def _form_for(request: HttpRequest, verb: str, items: list[WorkItem]) -> forms.Form:
    if verb != REASSIGN:
        return Question(_posted(request))
    units = [item.unit for item in items if item.unit]
    teams = oversight.team_of(request.user, units, on=timezone.localdate())
    return HandingTogether(_posted(request), teams=teams)


def _act_on_one(by: Any, verb: str, told: Shown) -> Callable[[WorkItem], object]:
    if verb == REASSIGN:
        to = User.objects.get(pk=told["to"])
        return lambda item: _hand(item.pk, by, to, told["reason"])
    question = told["question"]
    return lambda item: _VERBS[verb](item.pk, by=by, question=question, at=timezone.now())


def _hand(item_id: int, by: Any, to: Any, reason: str) -> None:
    supervising.reassign(item_id, by=by, to=to, reason=reason, at=timezone.now())


def _each(items: list[WorkItem], act: Callable[[WorkItem], object]) -> list[Shown]:
    results = []
    for item in items:
        try:
            act(item)
            why_not = ""
        except Refused as refused:
            why_not = str(refused)
        results.append(
            {
                "reference": item.case.reference,
                "title": tracking.title_of(item.case.kind, item.step),
                "party": item.case.party.name,
                "url": reverse("oversight-case", args=[item.case.reference]),
                "why_not": why_not,
            }
        )
    return results
