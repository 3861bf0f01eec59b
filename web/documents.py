"""Letters, files, messages and the look-up by receipt: what cases leave in people's hands."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from forms import scanning
from notifications import outbox, pdf
from notifications.letters import CHINESE, ENGLISH, sheet, text_of
from notifications.models import Letter
from web import frame, limits, pages
from web.access import View
from workflows import sight
from workflows.queues import PAGE

_RECEIPT, _LONGEST = ("reference", "code"), 40
_OURS = {"frame-ancestors": ["'self'"], "object-src": ["'self'"]}


def _shown_in_our_pages(view: View) -> View:
    """Let our own pages, and no others, show an answer within themselves."""
    return cast(View, csp_replace(_OURS)(xframe_options_sameorigin(view)))


@login_required
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """List the messages to the person; looking at them is reading them."""
    reader, page = request.user, pages.page_of(request)
    assert isinstance(reader, User)
    found = list(outbox.messages_of(reader)[(page - 1) * PAGE : page * PAGE])
    rows = [pages.message(m, case_url=frame.case_address(request, m.about)) for m in found]
    outbox.mark_read(found, by=reader, at=timezone.now())
    return frame.applicant(request, "messages", {"list": pages.paged(request, rows, page=page)})


@login_required
@require_GET
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show one letter as it was issued, or its English reading copy."""
    found, language = _letter(request, letter_id), request.GET.get("language", CHINESE)
    other = CHINESE if language == ENGLISH else ENGLISH
    context = {
        "letter": {**pages.letter(found), "html": text_of(found, language=language)},
        "other_url": f"?language={other}",
        "other_label": "中文" if other == CHINESE else "English",
        "back_url": frame.case_address(request, found.about),
    }
    return frame.applicant(request, "letter", context)


@login_required
@require_GET
def letter_pdf(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Hand out one letter as PDF, or as a page to print where no PDF can be made."""
    found = _letter(request, letter_id)
    made = pdf.pdf_of(found)
    if made is None:
        return HttpResponse(sheet(found))
    named = {"Content-Disposition": f'inline; filename="{found.about}-{found.name}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=named)


@login_required
@require_GET
@_shown_in_our_pages
def letter_view(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show the sheet of one letter alone, for the viewer of a case's documents."""
    return HttpResponse(sheet(_letter(request, letter_id)))


@login_required
@require_GET
def file(request: HttpRequest, attachment_id: int) -> FileResponse:
    """Hand out one file, to be saved and never to be run by a browser."""
    return _handed_out(request, attachment_id, to_be_saved=True)


@login_required
@require_GET
@_shown_in_our_pages
def file_view(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Show one picture or PDF alone, for the viewer of a case's documents."""
    return cast(HttpResponse, _handed_out(request, attachment_id, to_be_saved=False))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Tell anyone who holds a receipt where its case stands, and no more than that.

    The query code is only ever posted: an address is kept by browsers, proxies and logs. What
    an address may hold is the number alone, as the square code on letters does.
    """
    if request.method == "POST":
        return _looked_up(request, {name: _given(request.POST, name) for name in _RECEIPT})
    return _tracking(request, {"reference": _given(request.GET, "reference")})


def _looked_up(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    if not all(given.values()):
        return _tracking(request, given, missing=True, status=422)
    if limits.is_spent(request):
        return _tracking(request, given, spent=True, status=429)
    found = sight.case_by_query_code(given["reference"], given["code"])
    if found is None:
        limits.note_wrong(request)
        return _tracking(request, given, not_found=True)
    told = pages.told_to_anyone(found, on=timezone.localdate())
    return _tracking(request, given, case=told)


def _tracking(
    request: HttpRequest, given: dict[str, str], *, status: int = 200, **told: Any
) -> HttpResponse:
    # Where a change of the language leads back to: there the code has to be given anew.
    here = f"{reverse('track')}?{urlencode({'reference': given['reference']})}"
    context = {**told, "given": given, "here": here if given["reference"] else reverse("track")}
    return frame.applicant(request, "track", context, status=status)


def _given(told: Mapping[str, Any], name: str) -> str:
    # PostgreSQL keeps no NUL character, so nothing is found by one.
    return str(told.get(name, ""))[:_LONGEST].replace("\x00", " ")


def _letter(request: HttpRequest, letter_id: int) -> Letter:
    found = sight.letter_for(request.user, letter_id, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _handed_out(request: HttpRequest, attachment_id: int, *, to_be_saved: bool) -> FileResponse:
    found = sight.attachment_for(request.user, attachment_id, on=timezone.localdate())
    if found is None:
        raise Http404
    content = scanning.content_of(found, by=request.user)
    named = {"filename": found.name, "content_type": found.content_type}
    return FileResponse(content, as_attachment=to_be_saved, **named)
