"""The applicant's face: find a record, apply, follow the case, answer what is asked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forms import attachments
from notifications import outbox, pdf
from notifications.letters import sheet
from web import pages
from web.access import standing_of
from workflows import intake, policy, queues, tracking, wording, work
from workflows.case_type import case_type
from workflows.queues import PAGE

_GET_OR_POST = require_http_methods(["GET", "POST"])


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Tell what can be done here, for whom, how long it takes, and what waits for the person."""
    on = timezone.localdate()
    asked = queues.asked_of(request.user, on=on) if request.user.is_authenticated else []
    rows = pages.with_days_left(
        [pages.item(i, on=on) for i in asked], on=on, calendar=policy.calendar()
    )
    return _page(
        request,
        "home",
        {
            "asked": rows,
            "organisations": tracking.organisations_of(request.user, on=on),
            "promises": _promises(),
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
    shown = found[(page - 1) * PAGE : page * PAGE]
    offers = tracking.offers_of(shown, on=on)
    rows = [pages.record(r, offer=offers[r.pk].get("repair")) for r in shown]
    paged = pages.paged(request, rows, count=found.count(), page=page)
    return _page(request, "records", {"list": paged, "search": search})


@login_required
@require_GET
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show one record, and from when repair is possible and why."""
    return _page(
        request,
        "record",
        {"record": _own_record(request, record_id), "back_url": reverse("records")},
    )


@login_required
@_GET_OR_POST
def apply(request: HttpRequest, record_id: int, kind: str) -> HttpResponse:
    """Ask for the answers of an application, and hand them in."""
    type_ = _case_type(kind)
    if request.method == "POST":
        return _apply(request, record_id, kind)
    on = timezone.localdate()
    own = intake.own_record(request.user, record_id, on=on)
    intake.check_possible(type_, own, on=on)
    return _form_page(request, record_id, type_.application(case=own, by=request.user, on=on))


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
    return _page(request, "cases", {"list": paged, "records_url": reverse("records")})


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a case stands, whom it waits for, until when and why."""
    on = timezone.localdate()
    own = intake.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["can"] = list(_can(own, shown))
    return _page(request, "case", {"case": shown, "back_url": reverse("cases")})


@login_required
@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt with the query code."""
    on = timezone.localdate()
    own = intake.own_case(request.user, reference, on=on)
    shown = pages.case_page(own, on=on, told_party=True)
    shown["url"] = reverse("case", args=[reference])
    return _page(request, "receipt", {"case": shown, "query_code": own.query_code})


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
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List the messages to the person; looking at them is reading them."""
    page = pages.page_of(request)
    found = list(outbox.messages_of(request.user)[(page - 1) * PAGE : page * PAGE])
    rows = [pages.message(m) for m in found]
    for unread in found:
        outbox.mark_read(unread, by=request.user, at=timezone.now())
    return _page(request, "messages", {"list": pages.paged(request, rows, page=page)})


@login_required
@require_GET
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Show one letter as it was issued."""
    found = _letter(request, letter_id)
    language = request.GET.get("language", "zh-hans")
    return HttpResponse(sheet(found, language=language))


@login_required
@require_GET
def letter_pdf(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Hand out one letter as PDF, or as a page to print where no PDF can be made."""
    found = _letter(request, letter_id)
    made = pdf.pdf_of(found)
    if made is None:
        return HttpResponse(sheet(found))
    name = f"{found.about}-{found.name}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@login_required
@require_GET
def file(request: HttpRequest, attachment_id: int) -> FileResponse:
    """Hand out one file, never to be run by a browser."""
    found = tracking.attachment_for(request.user, attachment_id, on=timezone.localdate())
    if found is None:
        raise Http404
    answer = FileResponse(
        found.file.open(), as_attachment=True, filename=found.name, content_type=found.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
def track(request: HttpRequest) -> HttpResponse:
    """Tell anyone who holds a receipt where its case stands, and no more than that."""
    given = {name: request.GET.get(name, "")[:40] for name in ("reference", "code")}
    found = (
        tracking.case_by_query_code(given["reference"], given["code"])
        if any(given.values())
        else None
    )
    context = {"given": given, "not_found": any(given.values()) and found is None}
    if found is not None:
        context["case"] = _told_to_anyone(found)
    return _page(request, "track", context)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    if request.user.is_authenticated and standing_of(request).codes:
        context["sections"] = _sections(request)
    return render(request, f"applicant/{name}.html", context)


def _sections(request: HttpRequest) -> list[dict[str, Any]]:
    unread = outbox.unread(request.user).count()
    named = [
        ("home", _("Start"), 0),
        ("records", _("My records"), 0),
        ("cases", _("My cases"), 0),
        ("messages", _("Messages"), unread),
    ]
    return [
        {"url": reverse(n), "label": label, "count": count, "current": request.path == reverse(n)}
        for n, label, count in named
    ]


def _promises() -> list[dict[str, Any]]:
    terms = policy.edition(timezone.localdate())
    named = [
        ("repair.precheck", _("Checking the form")),
        ("repair.ndrc.accept", _("Deciding on acceptance")),
        ("repair.ndrc.decide", _("Deciding on the repair")),
        ("repair.ndrc.feedback", _("The result, counted from your application")),
    ]
    return [_promise(terms.term(key), label) for key, label in named if terms.has(key)]


def _promise(term: Any, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "length": wording.length(term.period),
        "basis": term.basis,
        "certainty_label": wording.certainty(term.certainty),
    }


def _case_type(kind: str) -> Any:
    try:
        return case_type(kind)
    except LookupError as unknown:
        raise Http404 from unknown


def _own_record(request: HttpRequest, record_id: int) -> dict[str, Any]:
    on = timezone.localdate()
    own = intake.own_record(request.user, record_id, on=on)
    return pages.record(own, offer=tracking.offers_for(own, on=on)["repair"])


def _apply(request: HttpRequest, record_id: int, kind: str) -> HttpResponse:
    try:
        opened = intake.submit(
            kind,
            by=request.user,
            record_id=record_id,
            answers=_handed_in(request),
            at=timezone.now(),
        )
    except work.AnswersRefused as refused:
        return _form_page(request, record_id, refused.form, status=422)
    return redirect("receipt", opened.reference)


def _form_page(request: HttpRequest, record_id: int, form: Any, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "record": _own_record(request, record_id),
        "back_url": reverse("record", args=[record_id]),
    }
    answer = _page(request, "apply", context)
    answer.status_code = status
    return answer


def _answer(request: HttpRequest, item: Any, on: Any) -> HttpResponse:
    try:
        done = work.complete(
            item.pk, by=request.user, answers=_handed_in(request), at=timezone.now()
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
        "asked_for": pages.facts(item.case, ["missing"]),
        "back_url": reverse("case", args=[item.case.reference]),
    }
    answer = _page(request, "task", context)
    answer.status_code = status
    return answer


def _handed_in(request: HttpRequest) -> Any:
    """Keep the files first: a corrected form does not have to bring them again."""
    answers = request.POST.copy()
    for name in request.FILES:
        for upload in request.FILES.getlist(name):
            try:
                kept = attachments.store(upload, by=request.user, at=timezone.now())
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
                continue
            answers.appendlist(name, str(kept.pk))
    return answers


def _letter(request: HttpRequest, letter_id: int) -> Any:
    found = tracking.letter_for(request.user, letter_id, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _can(own: Any, shown: dict[str, Any]) -> Any:
    for item in shown["items"]:
        if item["url"].startswith(reverse("asked", args=[item["id"]])):
            yield {"label": item["title"], "url": item["url"], "method": "get", "main": True}
    if own.closed_at is None and own.may("withdraw"):
        yield {
            "label": _("Withdraw the application"),
            "url": reverse("withdraw", args=[own.reference]),
            "method": "post",
            "grave": True,
            "help": _("The case ends. Nothing is held against you, and you may apply again."),
        }


def _told_to_anyone(found: Any) -> dict[str, Any]:
    on = timezone.localdate()
    dossier = tracking.dossier_of(found, on=on)
    line = pages.case_line(found, waiting=dossier.waiting)
    return {**line, "timeline": pages.timeline(dossier)}
