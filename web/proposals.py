"""Exceptional moves and recusals at the desk: propose one, decide on what others propose."""

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

from accounts.models import User
from web import frame, pages
from web.access import case_seen, caseworkers
from web.numbers import number_in
from workflows import calendar_proposals, editions, proposals, recusal, suspension, tracking
from workflows.models import Case, Proposal

Kind = Proposal.Kind
_LINES = forms.Textarea(attrs={"rows": 3})


class _Proposal(forms.Form):
    """What every proposal has to say."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, as the party will read it"), max_length=2000, widget=_LINES
    )
    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=400, required=False)

    def __init__(self, *args: Any, case: Case, by: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.case, self.by, self.on = case, by, on


class _AboutAClock(_Proposal):
    """What every proposal about one clock has to say."""

    key = forms.ChoiceField(label=gettext_lazy("Time limit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dossier = tracking.dossier_of(self.case, on=self.on)
        field: Any = self.fields["key"]
        field.choices = [pages.choice(clock) for clock in dossier.clocks]


class Suspension(_Proposal):
    """Let every clock of a case stand still."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"), choices=suspension.CAUSES, widget=forms.RadioSelect
    )
    field_order = ["cause"]


class Resumption(_Proposal):
    """Let the clocks run again."""


class Extension(_Proposal):
    """Lengthen one limit, once."""

    key = forms.ChoiceField(label=gettext_lazy("Time limit"), widget=forms.RadioSelect)
    length = forms.IntegerField(label=gettext_lazy("How many days or months more"), min_value=1)
    field_order = ["key", "length"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["key"]
        rows = pages.extensions(self.case, on=self.on)
        able = [row for row in rows if not row["why_not"]]
        self.closed = [row for row in rows if row["why_not"]]
        field.choices = [(row["key"], row["label"]) for row in able]
        field.explanations = {row["key"]: row["told"] for row in able}
        self.is_closed = not able


class Correction(_AboutAClock):
    """Correct the day on which one clock started."""

    as_of = forms.DateField(
        label=gettext_lazy("It really started on"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["key", "as_of"]


class Recusal(_Proposal):
    """Keep somebody out of a case who is tied to its party or its matter."""

    person = forms.ChoiceField(label=gettext_lazy("Who is to be recused?"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("The tie, as the approver will read it"),
        help_text=gettext_lazy("Only those who decide read it; the log keeps its fingerprint."),
        max_length=2000,
        widget=_LINES,
    )
    evidence = None  # type: ignore[assignment]
    field_order = ["person", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        units = self.case.unit_as.values()
        others = pages.staff_of(units, on=self.on).items()
        named = [(str(pk), name) for pk, name in others if pk != self.by.pk]
        field.choices = [("", _("Myself")), *named]


_FORMS: dict[str, type[_Proposal]] = {
    Kind.SUSPEND: Suspension,
    Kind.RESUME: Resumption,
    Kind.EXTEND: Extension,
    Kind.CORRECT_START: Correction,
    Kind.RECUSE: Recusal,
}


@caseworkers
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Ask for one exceptional move in a case of the person's units."""
    case = case_seen(request, reference)
    form = _form(request, kind, case)
    if not form.is_valid():
        return _propose_page(request, case, kind, form)
    try:
        _put(request.user, kind, reference, form.cleaned_data)
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
    open_in = (proposals, editions, calendar_proposals)
    found = [one for room in open_in for one in room.open_for(request.user, on=on)]
    rows = pages.proposals_to_decide(found, viewer=request.user, on=on)
    return frame.desk(request, "proposals", {"list": pages.paged(request, rows)})


@caseworkers
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Grant or refuse what somebody else has proposed."""
    grant = pages.grants(request.POST)
    note = request.POST.get("note", "")[:2000]
    person = number_in(request.POST.get("person", ""))
    proposals.decide(
        proposal_id, by=request.user, grant=grant, at=timezone.now(), note=note, person=person
    )
    messages.success(request, _("Granted.") if grant else _("Refused."))
    return redirect("proposals")


def _form(request: HttpRequest, kind: str, case: Case) -> _Proposal:
    if kind not in _FORMS:
        raise Http404
    answers = request.POST if request.method == "POST" else None
    return _FORMS[kind](answers, case=case, by=request.user, on=timezone.localdate())


def _put(by: Any, kind: str, reference: str, answers: dict[str, Any]) -> None:
    told = {name: _plain(value) for name, value in answers.items()}
    if kind != Kind.RECUSE:
        proposals.propose(kind, reference, by=by, at=timezone.now(), **told)
    elif told["person"]:
        person = User.objects.get(pk=told["person"])
        recusal.apply_for(reference, by=by, at=timezone.now(), reason=told["reason"], person=person)
    else:
        recusal.declare(reference, by=by, at=timezone.now(), reason=told["reason"])


def _propose_page(request: HttpRequest, case: Case, kind: str, form: _Proposal) -> HttpResponse:
    on = timezone.localdate()
    context = {
        "form": form,
        "title": Kind(kind).label,
        "case": pages.case_head(case, on=on),
        "back_url": reverse("desk-case", args=[case.reference]),
    }
    return frame.desk(request, "propose", context, status=422 if form.is_bound else 200)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
