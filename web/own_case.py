"""What a party does to its case beside the steps: withdraw it, apply for a recusal."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from forms.questions import lines
from web import frame, pages
from workflows import intake, proposals, recusal, topics

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


@login_required
@_GET_OR_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell what it means to end a case; end it when its party says that this is wanted."""
    if request.method == "GET":
        return _before_withdrawing(request, reference)
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


def _before_withdrawing(request: HttpRequest, reference: str) -> HttpResponse:
    on = timezone.localdate()
    own = topics.own_case(request.user, reference, on=on)
    if own.closed_at is not None or not own.may("withdraw"):
        raise intake.TooLate
    back = reverse("case", args=[reference])
    context = {"case": pages.case_page(own, on=on, told_party=True), "back_url": back}
    return frame.applicant(request, "withdraw", context)
