"""Exceptional moves at the desk: propose one, and decide on what others propose."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from web import frame, pages
from web.access import caseworkers
from workflows import editions, proposals, tracking
from workflows.models import Case, Proposal

Kind = Proposal.Kind
_LINES = forms.Textarea(attrs={"rows": 3})


class _Proposal(forms.Form):
    """What every proposal has to say."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, as the party will read it"), max_length=2000, widget=_LINES
    )
    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=400, required=False)

    def __init__(self, *args: Any, clocks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        key = self.fields.get("key")
        if isinstance(key, forms.ChoiceField):
            key.choices = clocks


class Suspension(_Proposal):
    """Let every clock of a case stand still."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"), choices=proposals.CAUSES, widget=forms.RadioSelect
    )
    field_order = ["cause"]


class Resumption(_Proposal):
    """Let the clocks run again."""


class Extension(_Proposal):
    """Lengthen one limit, once."""

    key = forms.ChoiceField(label=gettext_lazy("Time limit"))
    length = forms.IntegerField(label=gettext_lazy("How many days or months more"), min_value=1)
    field_order = ["key", "length"]


class Correction(_Proposal):
    """Correct the day on which one clock started."""

    key = forms.ChoiceField(label=gettext_lazy("Time limit"))
    as_of = forms.DateField(
        label=gettext_lazy("It really started on"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["key", "as_of"]


_FORMS: dict[str, type[_Proposal]] = {
    Kind.SUSPEND: Suspension,
    Kind.RESUME: Resumption,
    Kind.EXTEND: Extension,
    Kind.CORRECT_START: Correction,
}


@caseworkers
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Ask for one exceptional move in a case of the person's units."""
    case = _case(request, reference)
    form = _form(kind, case, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _propose_page(request, case, kind, form)
    told = {name: _plain(value) for name, value in form.cleaned_data.items()}
    try:
        proposals.propose(kind, reference, by=request.user, at=timezone.now(), **told)
    except proposals.NotAllowed as refused:
        form.add_error(None, str(refused))
        return _propose_page(request, case, kind, form)
    messages.success(request, _("Proposed. An approver of your unit decides."))
    return redirect("desk-case", reference)


@caseworkers
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List what waits for the person's decision."""
    on = timezone.localdate()
    found = [*proposals.open_for(request.user, on=on), *editions.open_for(request.user, on=on)]
    rows = [pages.proposal(proposal) for proposal in found]
    return frame.desk(request, "proposals", {"list": pages.paged(request, rows)})


@caseworkers
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Grant or refuse what somebody else has proposed."""
    grant = pages.grants(request.POST)
    note = request.POST.get("note", "")[:2000]
    proposals.decide(proposal_id, by=request.user, grant=grant, at=timezone.now(), note=note)
    messages.success(request, _("Granted.") if grant else _("Refused."))
    return redirect("proposals")


def _case(request: HttpRequest, reference: str) -> Case:
    case = tracking.case_for(request.user, reference, on=timezone.localdate())
    if case is None:
        raise Http404(_("There is no such case, or it is not your unit's."))
    return case


def _form(kind: str, case: Case, answers: Any) -> _Proposal:
    if kind not in _FORMS:
        raise Http404
    dossier = tracking.dossier_of(case, on=timezone.localdate())
    return _FORMS[kind](answers, clocks=[pages.choice(clock) for clock in dossier.clocks])


def _propose_page(request: HttpRequest, case: Case, kind: str, form: _Proposal) -> HttpResponse:
    context = {
        "form": form,
        "title": Kind(kind).label,
        "case": pages.case_page(case, on=timezone.localdate(), told_party=False),
        "back_url": reverse("desk-case", args=[case.reference]),
    }
    return frame.desk(request, "propose", context, status=422 if form.is_bound else 200)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
