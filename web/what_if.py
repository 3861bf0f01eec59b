"""What if: the simulator for one case and for the whole stock, and changes of rule values."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from web import frame, pages
from web.access import case_seen, caseworkers, keepers, may_watch, standing_of, supervisors
from workflows import editions, rulebook, simulation, tracking
from workflows.acts import Refused
from workflows.models import Case
from workflows.proposals import NotAllowed, NotYours
from workflows.rulebook import RuleValue
from workflows.simulation import WhatIf

Rules = dict[str, list[RuleValue]]
_LONGEST, _SHOWN = 400, 24


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

    key = forms.ChoiceField(
        label=gettext_lazy("Rule value"),
        widget=forms.Select(attrs={"data-search": gettext_lazy("Search by step, basis or key")}),
        error_messages={"invalid_choice": gettext_lazy("There is no rule value %(value)s.")},
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

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        key: Any = self.fields["key"]
        named = [(group, [_option(rule) for rule in found]) for group, found in rules.items()]
        key.choices = [("", _("Choose a rule value")), *named]

    def clean(self) -> dict[str, Any]:
        """Refuse a value that this rule cannot have, or a day on which it is not in force."""
        told: dict[str, Any] = super().clean() or {}
        if {"key", "value", "since"} <= told.keys():
            self._suppose(told)
        return told

    def _suppose(self, told: dict[str, Any]) -> None:
        key, value, since = told["key"], told["value"], told["since"]
        try:
            self.new = simulation.edition(key, value=value, unit=None, since=since)
        except simulation.WrongValue as refused:
            self.add_error("value", str(refused))
        except simulation.NoSuchTerm as refused:
            self.add_error("since", str(refused))

    @property
    def question(self) -> WhatIf:
        """The question to ask of the simulator."""
        moves = self.cleaned_data["open_cases"] == editions.MOVE
        return WhatIf(term=self.new, moves_open=moves)


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
    on, found = timezone.localdate(), case_seen(request, reference)
    clocks = [pages.choice(c) for c in tracking.dossier_of(found, on=on).clocks]
    form = CaseQuestion(request.GET if "event" in request.GET else None, clocks=clocks)
    context = {
        "form": form,
        "rows": _foreseen(found, form, on) if form.is_valid() else [],
        "case": pages.case_line(found, waiting=[]),
        "back_url": reverse("desk-case", args=[reference]),
    }
    return frame.desk(request, "what_if", context, status=_status(form))


@supervisors
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Show which open cases another rule value would change; changes nothing."""
    on = timezone.localdate()
    asked = request.GET if "key" in request.GET else None
    form = TermQuestion(asked, rules=rulebook.of_clocks(on=on))
    context: dict[str, Any] = {"form": form}
    if editions.may_propose(request.user, on=on):
        query = f"?{request.GET.urlencode()}" if form.is_bound else ""
        context["propose_url"] = reverse("term-propose") + query
    if form.is_valid():
        found = simulation.of_stock(form.question, viewer=request.user, on=on)
        context |= {"found": pages.stock_change(found), "failed": len(found.failed)}
    return frame.oversight(request, "what_if", context, status=_status(form))


@keepers
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a new edition of a rule value, for the approver of the credit office to grant."""
    on = timezone.localdate()
    if not editions.may_propose(request.user, on=on):
        raise NotYours
    told, rules = request.GET.dict(), rulebook.every(on=on)
    form = TermProposal(request.POST or None, initial=told, rules=rules)
    if not form.is_valid() or not _put(request, form):
        context = {"form": form, "back_url": reverse(_came_from(request))}
        return frame.oversight(request, "propose", context, status=_status(form))
    messages.success(request, _("Proposed. The approver of the credit office decides."))
    return redirect(_came_from(request))


@caseworkers
@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Grant or refuse a new edition."""
    grant = pages.grants(request.POST)
    note = request.POST.get("note", "")[:2000]
    editions.decide(proposal_id, by=request.user, grant=grant, at=timezone.now(), note=note)
    messages.success(request, _("Granted.") if grant else _("Refused."))
    return redirect("proposals")


def _came_from(request: HttpRequest) -> str:
    """Return the page behind a proposal: operators come from their desk."""
    watches = may_watch(standing_of(request))
    return "what-if" if watches else "admin:workflows_term_changelist"


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _foreseen(case: Case, form: CaseQuestion, on: date) -> list[Any]:
    try:
        changes = simulation.of_case(case, form.question, on=on)
    except Refused as refused:
        form.add_error(None, str(refused))
        return []
    return [pages.change(change) for change in changes]


def _put(request: HttpRequest, form: TermProposal) -> bool:
    told = dict(form.cleaned_data)
    try:
        editions.propose(told.pop("key"), by=request.user, at=timezone.now(), **told)
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _option(rule: RuleValue) -> tuple[str, str]:
    key = rule.term.key
    told = (rule.title, rule.value[:_SHOWN], rule.term.basis[:_SHOWN], key)
    return key, " · ".join(filter(None, told))
