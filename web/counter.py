"""The counter: a clerk of the credit office enters for a visitor what they bring, and prints it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from notifications import letters
from records.lookup import MOST
from records.models import Subject
from web import frame, pages
from web.access import counter_clerks
from web.numbers import number_in
from web.pages import counter as shown
from web.shown import Shown
from web.uploads import handed_in
from workflows import counter, intake, offers, reception, tracking, work
from workflows.case_type import About, Door, Opener, Topic, case_type
from workflows.models import Case
from workflows.queues import PAGE
from workflows.reception import Visit

_GET_OR_POST = require_http_methods(["GET", "POST"])
_CASES_SHOWN = 20
_POINTED = {About.RECORD: "record", About.CASE: "source", About.SUBJECT: "item"}


@dataclass(frozen=True)
class _Brought:
    """What somebody brings: for whom, what the page says, which form asks, which verb takes it."""

    subject: Subject
    told: Shown
    asks: Callable[..., Any]
    takes: Callable[..., Any]


@counter_clerks
@_GET_OR_POST
def search(request: HttpRequest) -> HttpResponse:
    """Find the organisation a visitor comes for, and open it with a reason."""
    if request.method == "POST":
        return _look_up(request)
    asked_for = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = reception.found(request.user, on=timezone.localdate(), search=asked_for)
    context = {"search": asked_for, "found": found, "visits": Visit.choices}
    context["more"] = len(found.matches) == MOST
    return frame.desk(request, "counter", {**context, "visit": request.GET.get("reason", "")})


@counter_clerks
@require_GET
def organisation(request: HttpRequest, credit_code: str) -> HttpResponse:
    """Show an organisation's records and cases, with what a visitor may do about each."""
    subject, on, page = _subject(request, credit_code), timezone.localdate(), pages.page_of(request)
    every = reception.records_of(request.user, subject, on=on)
    some = list(every[(page - 1) * PAGE : page * PAGE])
    offered = offers.offers_of(some, on=on, every_door=True)
    rows = [shown.record_at_counter(record, offered[record.pk]) for record in some]
    count = every.count() if len(some) == PAGE or page > 1 else None
    context = {
        "subject": subject,
        "list": pages.paged(request, rows, count=count, page=page),
        "cases": _cases(request, subject),
        "doors": shown.doors_of(subject),
        "back_url": reverse("counter"),
    }
    return frame.desk(request, "counter_organisation", context)


@counter_clerks
@_GET_OR_POST
def enter(request: HttpRequest, credit_code: str, kind: str, door: str) -> HttpResponse:
    """Ask for the visitor and for the application on one page, and open the case."""
    subject, on = _subject(request, credit_code), timezone.localdate()
    entrance = intake.door_of(kind, door, Opener.PARTY)
    about = _about(request, entrance, subject)
    if entrance.choices and not about["item"]:
        return _choose(request, entrance, subject)
    topic = counter.topic_for_visitor(entrance, **about)
    if topic.subject != subject:
        raise Http404(_("This is not about the organisation you have looked up."))
    if request.method == "GET":
        intake.check_possible(case_type(kind), entrance, topic, on=on)
    asks = partial(counter.application, entrance, topic, by=request.user, on=on)
    takes = partial(counter.submit_at_counter, kind, door=door, by=request.user, **about)
    return _entry(request, _Brought(subject, _application(entrance, topic), asks, takes))


@counter_clerks
@_GET_OR_POST
def asked(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask for the visitor and for what a step asks of the party, and hand it in."""
    on = timezone.localdate()
    item = reception.item_for(request.user, item_id, on=on)
    if item is None:
        raise Http404(_("Nothing is asked of the party here any more."))
    told = {
        "title": tracking.title_of(item.kind, item.step),
        "button": _("Hand in"),
        "reference": item.case.reference,
        "due_on": item.due_on,
        "asked_for": pages.facts(item.case, ["missing", "missing_materials", "still_missing"]),
    }
    asks = partial(work.form_for, item, by=request.user, on=on)
    takes = partial(counter.hand_in_at_counter, item_id, by=request.user)
    return _entry(request, _Brought(item.case.party, told, asks, takes))


@counter_clerks
@_GET_OR_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask who brings the letter of withdrawal, and end the case, if it still may end."""
    case, title = _case(request, reference), _("Withdraw the application")
    if case.closed_at or not case.may("withdraw"):
        raise intake.TooLate
    told = {"title": title, "button": title, "reference": case.reference, "grave": True}

    def takes(*, visitor: Any, at: Any, **_answers: Any) -> Any:
        return counter.withdraw_at_counter(reference, by=request.user, visitor=visitor, at=at)

    return _entry(request, _Brought(case.party, told, lambda **_said: None, takes))


@counter_clerks
@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt of what came in at the counter, to be printed, signed and stamped."""
    case, number = _case(request, reference), request.GET.get("entry", "")
    entry = counter.brought_in(case, number_in(number))
    if entry is None:
        raise Http404(_("Nothing of this case came in at the counter."))
    clerk = tracking.names_in([entry]).get(entry.by, "")
    dossier = tracking.dossier_of(case, on=timezone.localdate(entry.at))
    context = {
        "receipt": shown.receipt(case, entry, clerk, dossier),
        "code": letters.square_code(case.reference),
        "address": letters.query_address() or request.build_absolute_uri(reverse("track")),
        "back_url": reverse("counter-organisation", args=[case.party.credit_code]),
    }
    return frame.desk(request, "counter_receipt", context)


def _look_up(request: HttpRequest) -> HttpResponse:
    code, reason = request.POST.get("code", ""), request.POST.get("reason", "")
    subject = reception.look_up(code, by=request.user, reason=reason, at=timezone.now())
    return redirect("counter-organisation", subject.credit_code)


def _entry(request: HttpRequest, brought: _Brought) -> HttpResponse:
    if request.method == "POST":
        return _take(request, brought)
    form = brought.asks()
    if "text" in request.GET and getattr(form, "text", None):
        context = {"form": form, "subject": brought.subject, "title": brought.told["title"]}
        return frame.desk(request, "counter_text", {**context, "back_url": _without_text(request)})
    return _form_page(request, brought, form, None)


def _take(request: HttpRequest, brought: _Brought) -> HttpResponse:
    said = handed_in(request)
    try:
        case = brought.takes(visitor=said, answers=said, at=timezone.now())
    except work.AnswersRefused:
        return _form_page(request, brought, brought.asks(answers=said), said)
    messages.success(request, _("Entered. Print the receipt and hand it to the visitor."))
    return redirect("counter-receipt", case.reference)


def _form_page(request: HttpRequest, brought: _Brought, form: Any, said: Any) -> HttpResponse:
    asks = partial(counter.visitor_form, form) if form else counter.withdrawal_form
    context = {
        **brought.told,
        "subject": brought.subject,
        "visitor": asks(by=request.user, on=timezone.localdate(), answers=said),
        "form": form,
        "text_url": _text_url(request) if getattr(form, "text", None) else "",
        "back_url": reverse("counter-organisation", args=[brought.subject.credit_code]),
    }
    return frame.desk(request, "counter_entry", context, status=200 if said is None else 422)


def _application(door: Door, topic: Topic) -> Shown:
    offer = door.offer(topic, on=timezone.localdate())
    return {
        "title": door.title,
        "button": _("Enter the application"),
        "record": pages.record(topic.record) if topic.record else None,
        "offer": pages.offer(offer, title=door.title),
        "reference": topic.source.reference if topic.source is not None else "",
    }


def _choose(request: HttpRequest, door: Door, subject: Subject) -> HttpResponse:
    assert door.choices is not None
    context = {
        "title": door.title,
        "subject": subject,
        "choices": door.choices(subject, on=timezone.localdate()),
        "back_url": reverse("counter-organisation", args=[subject.credit_code]),
    }
    return frame.desk(request, "counter_choose", context)


def _about(request: HttpRequest, door: Door, subject: Subject) -> Shown:
    pointed = request.GET.get(_POINTED[door.about], "").replace("\0", "")
    if door.about == About.SUBJECT:
        return {"credit_code": subject.credit_code, "item": pointed}
    if door.about == About.CASE:
        return {"source": pointed, "item": ""}
    return {"record_id": number_in(pointed) or 0, "item": ""}


def _cases(request: HttpRequest, subject: Subject) -> list[Shown]:
    on = timezone.localdate()
    every = list(reception.cases_of(request.user, subject, on=on)[:_CASES_SHOWN])
    waiting = tracking.waiting_in(every, on=on)
    return [shown.case_at_counter(case, waiting[case.pk], on=on) for case in every]


def _subject(request: HttpRequest, credit_code: str) -> Subject:
    subject = reception.subject_for(request.user, credit_code, on=timezone.localdate())
    if subject is None:
        raise Http404(_("Look the organisation up first, and say why the visitor has come."))
    return subject


def _case(request: HttpRequest, reference: str) -> Case:
    case = reception.case_for(request.user, reference, on=timezone.localdate())
    if case is None:
        raise Http404(_("There is no such case, or you have not looked up its party today."))
    return case


def _text_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["text"] = "1"
    return f"?{query.urlencode()}"


def _without_text(request: HttpRequest) -> str:
    query = request.GET.copy()
    del query["text"]
    return f"?{query.urlencode()}"
