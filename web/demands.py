"""Demands: answered at the desk by the units they are put to, watched in oversight."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from forms.questions import lines
from web import frame, pages
from web.access import caseworkers, supervisors
from web.shown import Shown
from workflows import escalation, oversight, queues
from workflows.acts import Refused
from workflows.models import Urging
from workflows.oversight import Asked
from workflows.queues import PAGE

_STATES = ("open", "late", "answered")


class Answer(forms.Form):
    """What a unit says to a demand."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=2000,
        widget=lines(3),
        error_messages={"required": escalation.NoAnswer().detail},
    )

    def __init__(self, *args: Any, urging: int, **kwargs: Any) -> None:
        told = {"auto_id": f"id_%s_{urging}", "label_suffix": ""}
        super().__init__(*args, **{**told, **kwargs})
        self.urging = urging


@caseworkers
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """List the demands that wait for an answer of the person's units."""
    return _to_answer(request)


@caseworkers
@require_POST
def answer(request: HttpRequest, urging_id: int) -> HttpResponse:
    """Answer one demand; an answer that is not taken stays on the page as it was typed."""
    form = Answer(request.POST, urging=urging_id)
    if status := _refused(request, form):
        return _to_answer(request, form, status=status)
    messages.success(request, _("Your answer is recorded; the supervisors see it."))
    return redirect("demands")


@supervisors
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the demands on the units the person watches, with their answers."""
    on, page, wanted = timezone.localdate(), pages.page_of(request), _wanted(request)
    found = oversight.demands_for(request.user, wanted, on=on, page=page)
    counts = oversight.count_demands(request.user, wanted, on=on)
    rows = [pages.demand(urging, on=on) for urging in found]
    context = {
        "list": pages.paged(request, rows, count=counts[wanted.state], page=page),
        "states": [_state(state, counts[state], wanted) for state in ("", *_STATES)],
        "choices": [_units(request, wanted), _kinds(wanted)],
        "wanted": wanted,
        "narrowed": bool(wanted.unit or wanted.kind),
    }
    return frame.oversight(request, "demands", context)


def _refused(request: HttpRequest, form: Answer) -> int:
    """Hand in an answer; return the status if it is not taken, and let the form say why."""
    said = form.cleaned_data["answer"] if form.is_valid() else ""
    try:
        escalation.answer(form.urging, by=request.user, answer=said, at=timezone.now())
    except escalation.NoAnswer:
        return 422  # what is wrong with it the form says itself
    except Refused as refused:
        if refused.status != 409:
            raise
        form.add_error("answer", str(refused))
        return refused.status
    return 0


def _to_answer(
    request: HttpRequest, tried: Answer | None = None, *, status: int = 200
) -> HttpResponse:
    on, page = timezone.localdate(), pages.page_of(request)
    found = queues.demands_on(request.user, on=on)
    part = found[(page - 1) * PAGE : page * PAGE]
    rows = [_row(urging, tried, on) for urging in part]
    context = {
        "list": pages.paged(request, rows, count=len(found), page=page),
        "tried": tried if tried and all(row["form"] is not tried for row in rows) else None,
    }
    return frame.desk(request, "demands", context, status=status)


def _row(urging: Urging, tried: Answer | None, on: Any) -> Shown:
    form = tried if tried and tried.urging == urging.pk else Answer(urging=urging.pk)
    if urging.kind == Urging.Kind.EXPLAIN:
        form.fields["answer"].label = _("Explanation")
    return {**pages.demand(urging, on=on), "form": form}


def _wanted(request: HttpRequest) -> Asked:
    told = {name: request.GET.get(name, "") for name in ("unit", "kind", "state")}
    kind = told["kind"] if told["kind"] in _kind_names() else ""
    state = told["state"] if told["state"] in _STATES else ""
    return Asked(told["unit"].replace("\0", ""), kind, state)


def _kind_names() -> dict[str, Any]:
    by_hand = {kind.value: kind.label for kind in Urging.Kind}
    return {"ladder": _("By the service"), **by_hand}


def _state(state: str, count: int, wanted: Asked) -> Shown:
    titles = {
        "": _("All demands"),
        "open": _("Not answered yet"),
        "late": _("Not in time"),
        "answered": _("Answered"),
    }
    narrowed = {"state": state, "unit": wanted.unit, "kind": wanted.kind}
    query = urlencode({name: value for name, value in narrowed.items() if value})
    return {
        "url": f"?{query}",
        "label": titles[state],
        "count": count,
        "current": state == wanted.state,
    }


def _units(request: HttpRequest, wanted: Asked) -> Shown:
    units = queues.supervised_by(request.user, on=timezone.localdate())
    options = sorted(((unit.code, str(unit)) for unit in units), key=lambda one: one[1])
    return pages.narrowed_by("unit", _("Unit"), options, chosen=wanted.unit)


def _kinds(wanted: Asked) -> Shown:
    return pages.narrowed_by("kind", _("Kind"), _kind_names().items(), chosen=wanted.kind)
