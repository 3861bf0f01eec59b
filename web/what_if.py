"""What if: the simulator for one case and for the whole stock, and changes of rule values."""

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
from web.access import caseworkers, supervisors
from workflows import editions, simulation, tracking
from workflows.models import Case
from workflows.proposals import NotYours
from workflows.simulation import WhatIf

_LONGEST = 400


class CaseQuestion(forms.Form):
    """What might happen to one case."""

    event = forms.ChoiceField(
        label=gettext_lazy("What if today …"),
        choices=[
            ("supplement", gettext_lazy("a supplement is asked for")),
            ("suspend", gettext_lazy("the case is suspended")),
            ("extend", gettext_lazy("a time limit is extended")),
        ],
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=gettext_lazy("… for how many days?"), min_value=1, max_value=_LONGEST
    )
    key = forms.ChoiceField(
        label=gettext_lazy("Time limit"),
        help_text=gettext_lazy("Only for an extension."),
        required=False,
    )

    def __init__(self, *args: Any, clocks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        key = self.fields["key"]
        assert isinstance(key, forms.ChoiceField)
        key.choices = [("", "—"), *clocks]

    def clean(self) -> dict[str, Any]:
        """Ask which limit is extended."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("event") == "extend" and not answers.get("key"):
            self.add_error("key", _("Say which time limit."))
        return answers

    @property
    def question(self) -> WhatIf:
        """The question to ask of the simulator."""
        event, days = self.cleaned_data["event"], self.cleaned_data["days"]
        if event == "extend":
            return WhatIf(extend=(self.cleaned_data["key"], days))
        return WhatIf(**{event: days})


class TermQuestion(forms.Form):
    """A rule value that might change."""

    key = forms.CharField(
        label=gettext_lazy("Rule value"),
        help_text=gettext_lazy("The key of a term, e.g. repair.ndrc.decide."),
        max_length=80,
    )
    value = forms.CharField(label=gettext_lazy("New value"), max_length=40)
    since = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    open_cases = forms.ChoiceField(
        label=gettext_lazy("Open cases"),
        choices=editions.OPEN_CASES,
        widget=forms.RadioSelect,
        initial=editions.KEEP,
    )

    @property
    def question(self) -> WhatIf:
        """The question to ask of the simulator."""
        told = self.cleaned_data
        new = simulation.edition(told["key"], value=told["value"], unit=None, since=told["since"])
        return WhatIf(term=new, moves_open=told["open_cases"] == editions.MOVE)


class TermProposal(TermQuestion):
    """A rule value that somebody wants changed."""

    basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=200)
    certainty = forms.ChoiceField(
        label=gettext_lazy("How certain"),
        choices=[
            ("S", gettext_lazy("statutory limit")),
            ("L", gettext_lazy("office's own limit")),
            ("M?", gettext_lazy("basis to be confirmed")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@caseworkers
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show when a case would be due if something happened today; changes nothing."""
    on, found = timezone.localdate(), _case(request, reference)
    clocks = [pages.choice(c) for c in tracking.dossier_of(found, on=on).clocks]
    form = CaseQuestion(request.GET or None, clocks=clocks)
    rows = []
    if form.is_valid():
        changes = simulation.of_case(found, form.question, on=on)
        rows = [pages.change(change) for change in changes]
    context = {
        "form": form,
        "rows": rows,
        "case": pages.case_line(found, waiting=[]),
        "back_url": reverse("desk-case", args=[reference]),
    }
    return frame.desk(request, "what_if", context)


@supervisors
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Show which open cases another rule value would change; changes nothing."""
    form = TermQuestion(request.GET or None, label_suffix="")
    on = timezone.localdate()
    context: dict[str, Any] = {"form": form}
    if editions.may_propose(request.user, on=on):
        context["propose_url"] = f"{reverse('term-propose')}?{request.GET.urlencode()}"
    if form.is_valid():
        found = simulation.of_stock(form.question, viewer=request.user, on=on)
        context["found"] = pages.stock_change(found)
    return frame.oversight(request, "what_if", context)


@supervisors
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a new edition of a rule value, for the approver of the credit office to grant."""
    if not editions.may_propose(request.user, on=timezone.localdate()):
        raise NotYours
    form = TermProposal(request.POST or None, initial=request.GET.dict(), label_suffix="")
    if not form.is_valid():
        context = {"form": form, "back_url": reverse("what-if")}
        return frame.oversight(request, "propose", context)
    told = dict(form.cleaned_data)
    editions.propose(told.pop("key"), by=request.user, at=timezone.now(), **told)
    messages.success(request, _("Proposed. The approver of the credit office decides."))
    return redirect("what-if")


@caseworkers
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Grant or refuse a new edition."""
    grant = pages.grants(request.POST)
    note = request.POST.get("note", "")[:2000]
    editions.decide(proposal_id, by=request.user, grant=grant, at=timezone.now(), note=note)
    messages.success(request, _("Granted.") if grant else _("Refused."))
    return redirect("proposals")


def _case(request: HttpRequest, reference: str) -> Case:
    found = tracking.case_for(request.user, reference, on=timezone.localdate())
    if found is None:
        raise Http404(_("There is no such case, or it is not your unit's."))
    return found
