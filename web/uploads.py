"""Take files in: one at once while a form is filled in, or those that come with its answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forms import attachments
from forms.models import Attachment

_LONGEST_FIELD = 100


def handed_in(request: HttpRequest) -> Any:
    """Return the answers of a request, its files kept first.

    A corrected form does not have to bring them again; a file that is refused is told.
    """
    answers = request.POST.copy()
    for field in request.FILES:
        for upload in request.FILES.getlist(field):
            try:
                kept = attachments.store(upload, by=request.user, at=timezone.now())
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
                continue
            answers.appendlist(*_named(field, kept))
    return answers


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep one file for the form its sender is filling in; nobody else sees it until it is used.

    Where ``field`` names the question, the answer is that question's line for the file.
    """
    if not request.user.is_authenticated:
        told = _("You are no longer signed in. Sign in again in another tab, then send the file.")
        return JsonResponse({"detail": told}, status=401)
    try:
        kept = attachments.store(_sent(request), by=request.user, at=timezone.now())
    except ValidationError as refused:
        return JsonResponse({"detail": " ".join(refused.messages)}, status=422)
    if "field" in request.POST:
        return _line(request, kept)
    return JsonResponse(_told(kept), status=201)


def _sent(request: HttpRequest) -> Any:
    sent = request.FILES.get("file")
    if sent is None:
        raise ValidationError(_("No file came with the request."))
    return sent


def _line(request: HttpRequest, kept: Attachment) -> HttpResponse:
    name, value = _named(request.POST["field"][:_LONGEST_FIELD], kept)
    context = {"one": {"file": kept, "value": value}, "name": name}
    return render(request, "forms/kept.html", context, status=201)


def _told(kept: Attachment) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "name": kept.name,
        "size": kept.size,
        "scan": kept.scan,
        "scan_label": kept.get_scan_display(),
    }


def _named(field: str, kept: Attachment) -> tuple[str, str]:
    """Return the question and the answer that name a file; an item stands behind a colon."""
    name, _colon, item = field.partition(":")
    return name, f"{item}:{kept.pk}" if item else str(kept.pk)
