"""Letters, files, messages and the look-up by receipt: what cases leave in people's hands."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from notifications import outbox, pdf
from notifications.letters import CHINESE, ENGLISH, sheet, text_of
from notifications.models import Letter
from web import frame, pages
from workflows import tracking
from workflows.queues import PAGE


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
def file(request: HttpRequest, attachment_id: int) -> FileResponse:
    """Hand out one file, to be saved and never to be run by a browser."""
    found = tracking.attachment_for(request.user, attachment_id, on=timezone.localdate())
    if found is None:
        raise Http404
    content, kind = found.file.open(), found.content_type
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=kind)


@require_GET
def track(request: HttpRequest) -> HttpResponse:
    """Tell anyone who holds a receipt where its case stands, and no more than that."""
    given = {name: request.GET.get(name, "")[:40] for name in ("reference", "code")}
    context: dict[str, Any] = {"given": given, "not_found": False}
    if any(given.values()):
        found = tracking.case_by_query_code(given["reference"], given["code"])
        context["not_found"] = found is None
        context["case"] = _told_to_anyone(found) if found else None
    return frame.applicant(request, "track", context)


def _letter(request: HttpRequest, letter_id: int) -> Letter:
    found = tracking.letter_for(request.user, letter_id, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _told_to_anyone(found: Any) -> pages.Shown:
    dossier = tracking.dossier_of(found, on=timezone.localdate())
    line = pages.case_line(found, waiting=dossier.waiting)
    return {**line, "timeline": pages.timeline(dossier)}
