"""The applicant's face: find a record, apply, follow the case, answer what is asked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forms.questions import lines
from web import frame, pages
from web.uploads import handed_in
from workflows import intake, offers, policy, proposals, queues, recusal, topics, tracking, work
from workflows.queues import PAGE

_GET_OR_POST = require_http_methods(["GET", "POST"])


class Recusal(forms.Form):
    """Ask that somebody who works on a case leaves it to others."""

    named = forms.CharField(
        label=gettext_lazy("Whom do you mean?"),
        help_text=gettext_lazy("By name, or by what they do in the case."),
        max_length=200,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why should they leave the case to others?"),
        help_text=gettext_lazy("Such as kinship, or an interest of their own in the matter."),
        max_length=2000,
        widget=lines(),
    )


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Tell what can be done here, for whom, how long it takes, and what waits for the person."""
    on = timezone.localdate()
    asked = queues.asked_of(request.user, on=on) if request.user.is_authenticated else []
    rows = pages.with_days_left(
        [pages.item(i, on=on) for i in asked], on=on, calendar=policy.calendar()
    )
    return frame.applicant(
        request,
        "home",
        {
            "asked": rows,
            "organisations": tracking.organisations_of(request.user, on=on),
            "services": pages.services(on=on),
            "records_url": reverse("records"),
            "cases_url": reverse("cases"),
        },
    )


@login_required
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """List the records of the organisations the person acts for."""
    on, page = timezone.localdate(), pages.page_of(request)
    search = request.GET.get("q", "").strip()[:100]
    found = tracking.records_of(request.user, on=on, search=search)
    shown = list(found[(page - 1) * PAGE : page * PAGE])
    offered = offers.offers_of(shown, on=on)
    rows = [pages.record(r, offers=offered[r.pk]) for r in shown]
    paged = pages.paged(request, rows, count=found.count(), page=page)
    return frame.applicant(request, "records", {"list": paged, "search": search})


@login_required
@require_GET
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show one record, what may be asked for about it, from when and why."""
    return frame.applicant(
        request,
        "record",
        {"record": _own_record(request, record_id), "back_url": reverse("records")},
    )


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases of the organisations the person acts for."""
    on, page = timezone.localdate(), pages.page_of(request)
    found = tracking.cases_of(request.user, on=on)
    shown = list(found[(page - 1) * PAGE : page * PAGE])
    waiting = tracking.waiting_in(shown, on=on)
    rows = [pages.case_line(c, waiting=waiting[c.pk]) for c in shown]
    paged = pages.paged(request, rows, count=found.count(), page=page)
    return frame.applicant(request, "cases", {"list": paged, "records_url": reverse("records")})


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a case stands, whom it waits for, until when and why."""
    on = timezone.localdate()
    own = topics.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["ties"] = pages.tied(own, viewer=request.user, on=on)
    shown["can"] = [*_can(own, shown), *_after(own)]
    return frame.applicant(request, "case", {"case": shown, "back_url": reverse("cases")})


@login_required
@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt with the query code."""
    on = timezone.localdate()
    own = topics.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["url"] = reverse("case", args=[reference])
    return frame.applicant(request, "receipt", {"case": shown, "query_code": own.query_code})


@login_required
@_GET_OR_POST
def asked(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask the party for what a step needs from it, and hand it in."""
    on = timezone.localdate()
    item = queues.item_for(request.user, item_id, on=on)
    if item is None or item.queue != item.PARTY or not item.is_open:
        raise Http404(_("Nothing is asked of you here any more."))
    if request.method == "POST":
        return _answer(request, item, on)
    return _asked_page(request, item, work.form_for(item, by=request.user, on=on), on)


@login_required
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """End a case because its party wants it."""
    intake.withdraw(reference, by=request.user, at=timezone.now())
    messages.success(request, _("You withdrew the application. You may apply again at any time."))
    return redirect("case", reference)


@login_required
@_GET_OR_POST
def recuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the recusal of somebody who works on a case."""
    own = topics.own_case(request.user, reference, on=timezone.localdate())
    form = Recusal(request.POST if request.method == "POST" else None, label_suffix="")
    if not form.is_valid() or not _applied(request, own, form):
        back = reverse("case", args=[reference])
        context = {"form": form, "reference": own.reference, "back_url": back}
        return frame.applicant(request, "recuse", context, status=422 if form.is_bound else 200)
    messages.success(request, _("Applied for. You are told what is decided; the work goes on."))
    return redirect("case", reference)


def _applied(request: HttpRequest, own: Any, form: forms.Form) -> bool:
    try:
        recusal.apply_for(own.reference, by=request.user, at=timezone.now(), **form.cleaned_data)
    except proposals.NotAllowed as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _own_record(request: HttpRequest, record_id: int) -> dict[str, Any]:
    on = timezone.localdate()
    own = topics.own_record(request.user, record_id, on=on)
    return pages.record(own, offers=offers.offers_for(own, on=on))


def _answer(request: HttpRequest, item: Any, on: Any) -> HttpResponse:
    try:
        done = work.complete(
            item.pk, by=request.user, answers=handed_in(request), at=timezone.now()
        )
    except work.AnswersRefused as refused:
        return _asked_page(request, item, refused.form, on, status=422)
    messages.success(request, _("Handed in. You will hear from us."))
    return redirect("case", done.reference)


def _asked_page(
    request: HttpRequest, item: Any, form: Any, on: Any, status: int = 200
) -> HttpResponse:
    shown = pages.case_page(item.case, on=on, told_party=True)
    row = pages.item(item, on=on)
    pages.with_days_left([row], on=on, calendar=policy.calendar())
    context = {
        "item": row,
        "form": form,
        "case": shown,
        "asked_for": pages.facts(item.case, ["missing", "missing_materials", "still_missing"]),
        "back_url": reverse("case", args=[item.case.reference]),
    }
    return frame.applicant(request, "task", context, status=status)


def _can(own: Any, shown: dict[str, Any]) -> Any:
    for item in shown["items"]:
        if item["url"].startswith(reverse("asked", args=[item["id"]])):
            yield {"label": item["title"], "url": item["url"], "method": "get", "main": True}
    if own.closed_at is None:
        yield {
            "label": _("Apply for a recusal"),
            "url": reverse("recuse", args=[own.reference]),
            "method": "get",
            "help": _("If somebody who works on the case is tied to it or to you."),
        }
    if own.closed_at is None and own.may("withdraw"):
        yield {
            "label": _("Withdraw the application"),
            "url": reverse("withdraw", args=[own.reference]),
            "method": "post",
            "grave": True,
            "help": _("The case ends. Nothing is held against you, and you may apply again."),
        }


def _after(own: Any) -> Any:
    for door, offer in offers.after(own, on=timezone.localdate()):
        if offer.possible:
            url = reverse("follow", args=[own.reference, door.name])
            yield {"label": door.title, "url": url, "method": "get"}
