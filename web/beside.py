"""Verbs beside completing a step: ask others, take a question back, transfer, return."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Duty, Membership, Unit, in_force
from forms.questions import lines
from web import frame, pages
from web.access import caseworkers
from web.refusals import SAID_BESIDE_THE_FORM
from workflows import asides, beside, consulting, queues, returning, tracking, transfers
from workflows.acts import Refused
from workflows.models import WorkItem

_GET_OR_POST = require_http_methods(["GET", "POST"])


class _Reasoned(forms.Form):
    """What every verb beside the route has to say."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=lines(3))

    def __init__(self, *args: Any, item: WorkItem, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.item, self.on = item, on


class Asking(_Reasoned):
    """Ask other units for their opinion."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for?"),
        choices=list(pages.ASKED_FOR.items()),
        widget=forms.RadioSelect,
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Which units?"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Question, as the other units will read it"),
        max_length=2000,
        widget=lines(3),
    )
    silence_announced = forms.BooleanField(
        label=gettext_lazy("No answer in time counts as no objection"),
        help_text=gettext_lazy("The other units are told so with the question."),
        required=False,
    )
    field_order = ["kind", "units", "reason", "silence_announced"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["units"], _units(Duty.HANDLER, self.on))


class Transfer(_Reasoned):
    """Hand the part of a unit over to the competent one."""

    to = forms.ChoiceField(label=gettext_lazy("Which unit is competent?"))
    reason = forms.CharField(
        label=gettext_lazy("Reason, as the party will read it"), max_length=2000, widget=lines(3)
    )
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = _units(Duty(self.item.queue.rpartition("/")[2]), self.on)
        others = able.exclude(pk=self.item.unit_id or 0)
        _offer(self.fields["to"], others, ("", _("Choose a unit")))


class Return(_Reasoned):
    """Return a step to the one before."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, as the colleague will read it"),
        max_length=2000,
        widget=lines(3),
    )


class TakeBack(_Reasoned):
    """Take a question back."""


@dataclass(frozen=True)
class _Verb:
    """One verb: what it is called and what it does; where one goes afterwards."""

    title: Any
    lead: Any
    form: type[_Reasoned]
    act: Callable[..., Any]
    said: Any
    stays: bool = False
    button: Any = ""


def _ask(item: WorkItem, by: Any, told: dict[str, Any]) -> None:
    consulting.ask(
        item.pk,
        by=by,
        at=timezone.now(),
        units=list(Unit.objects.filter(pk__in=told["units"]).order_by("code")),
        kind=told["kind"],
        question=told["reason"],
        silence_announced=told["silence_announced"],
    )


def _transfer(item: WorkItem, by: Any, told: dict[str, Any]) -> None:
    to = Unit.objects.get(pk=told["to"])
    transfers.transfer(item.pk, by=by, at=timezone.now(), to=to, reason=told["reason"])


def _return(item: WorkItem, by: Any, told: dict[str, Any]) -> None:
    returning.send_back(item.pk, by=by, at=timezone.now(), reason=told["reason"])


_ASK = _Verb(
    gettext_lazy("Ask for opinions"),
    gettext_lazy("The step waits until all have answered; the dates of the case run on."),
    Asking,
    _ask,
    gettext_lazy("Asked. You are told when all have answered."),
    stays=True,
    button=gettext_lazy("Ask"),
)
_TRANSFER = _Verb(
    gettext_lazy("Transfer to another unit"),
    gettext_lazy("That unit signs for it or gives it back. No date of the case changes."),
    Transfer,
    _transfer,
    gettext_lazy("The transfer is asked for; the other unit has to sign for it."),
    button=gettext_lazy("Transfer"),
)
_RETURN = _Verb(
    gettext_lazy("Return to the step before"),
    gettext_lazy("Whoever did it has it again. No date of the case changes."),
    Return,
    _return,
    gettext_lazy("Returned. You are not in charge of this step any more."),
    button=gettext_lazy("Return"),
)


@caseworkers
@_GET_OR_POST
def ask(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask other units for their opinion beside a step of the person's."""
    return _page(request, _own_step(request, item_id), _ASK)


@caseworkers
@_GET_OR_POST
def transfer(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask another unit to take over the part of the case to which a step belongs."""
    return _page(request, _own_step(request, item_id), _TRANSFER)


@caseworkers
@_GET_OR_POST
def send_back(request: HttpRequest, item_id: int) -> HttpResponse:
    """Return a step of the person's to the one before."""
    return _page(request, _own_step(request, item_id), _RETURN)


@caseworkers
@_GET_OR_POST
def take_back(request: HttpRequest, item_id: int, aside_id: int) -> HttpResponse:
    """Take back a question that holds up a step of the person's."""
    item = _own_step(request, item_id)
    asked = next((aside for aside in asides.awaited_by(item) if aside.pk == aside_id), None)
    if asked is None:
        raise Http404(_("This is not an open question to another unit."))

    def act(_item: WorkItem, by: Any, told: dict[str, Any]) -> None:
        consulting.take_back(aside_id, by=by, at=timezone.now(), reason=told["reason"])

    title = _("Take back the question to %(unit)s") % {"unit": asked.unit}
    lead, said = _("Its people are told that it is no longer needed."), _("Taken back.")
    verb = _Verb(title, lead, TakeBack, act, said, stays=True, button=_("Take back"))
    return _page(request, item, verb)


def _page(request: HttpRequest, item: WorkItem, verb: _Verb) -> HttpResponse:
    answers = request.POST if request.method == "POST" else None
    form = verb.form(answers, item=item, on=timezone.localdate())
    if not form.is_valid() or not _done(request, item, verb, form):
        return _form_page(request, item, verb, form)
    messages.success(request, str(verb.said))
    return redirect("work", item.pk) if verb.stays else redirect("desk")


def _done(request: HttpRequest, item: WorkItem, verb: _Verb, form: forms.Form) -> bool:
    try:
        verb.act(item, request.user, form.cleaned_data)
    except Refused as refused:
        if refused.status not in SAID_BESIDE_THE_FORM:
            raise
        form.add_error(None, str(refused))
        return False
    return True


def _form_page(request: HttpRequest, item: WorkItem, verb: _Verb, form: forms.Form) -> HttpResponse:
    context = {
        "form": form,
        "title": verb.title,
        "lead": verb.lead,
        "button": verb.button,
        "step": tracking.title_of(item.kind, item.step),
        "reference": item.case.reference,
        "state_label": tracking.state_of(item.case, told_party=False),
        "back_url": reverse("work", args=[item.pk]),
    }
    return frame.desk(request, "verb", context, status=422 if form.is_bound else 200)


def _own_step(request: HttpRequest, item_id: int) -> WorkItem:
    item = queues.item_for(request.user, item_id, on=timezone.localdate())
    if item is None or item.queue == WorkItem.PARTY:
        raise Http404(_("There is no such step, or it is not your unit's."))
    if item.owner_id != request.user.pk or item.state != WorkItem.State.CLAIMED:
        raise beside.NotYourStep
    if item.step in asides.ASIDES:
        raise beside.BesideTheRoute
    return item


def _units(duty: Duty, on: date) -> QuerySet[Unit]:
    held = Membership.objects.filter(in_force(on), duty=duty, user__is_active=True)
    return Unit.objects.filter(pk__in=held.values("unit")).order_by("code")


def _offer(field: Any, units: QuerySet[Unit], *first: tuple[str, str]) -> None:
    field.choices = [*first, *((str(unit.pk), str(unit)) for unit in units)]
