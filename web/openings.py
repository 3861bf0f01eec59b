"""Open cases through the doors of their types: for an organisation, or for a unit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from web import frame, guided, pages, pointing
from web.access import caseworkers
from web.shown import Shown
from workflows import intake, offers, sight, topics
from workflows.case_type import About, CaseType, Door, Offer, Opener, Topic, case_type
from workflows.offers import SHOWN

_GET_OR_POST = require_http_methods(["GET", "POST"])


@login_required
@_GET_OR_POST
def apply(request: HttpRequest, record_id: int, kind: str, door: str = "") -> HttpResponse:
    """Ask for the answers of an application about a record, and hand them in."""
    type_, entrance = _door(kind, door, Opener.PARTY)
    if entrance.about != About.RECORD:
        raise Http404
    return _of_party(request, type_, entrance, {"record_id": record_id})


@login_required
@_GET_OR_POST
def follow(request: HttpRequest, reference: str, door: str) -> HttpResponse:
    """Ask for the answers of an application that follows an earlier case, and hand them in."""
    earlier = topics.own_case(request.user, reference, on=timezone.localdate())
    type_, entrance = _door(earlier.kind, door, Opener.PARTY)
    if entrance.about != About.CASE:
        raise Http404
    return _of_party(request, type_, entrance, {"source": reference})


@login_required
@_GET_OR_POST
def begin(request: HttpRequest, kind: str, door: str) -> HttpResponse:
    """Ask for which organisation and for what exactly, then for the answers, and hand them in."""
    type_, entrance = _door(kind, door, Opener.PARTY)
    if entrance.about != About.SUBJECT:
        raise Http404(_("Start from the record or from the case."))
    code, item = request.GET.get("org", ""), request.GET.get("item", "")
    if not code or (entrance.choices and not item):
        organisations = sight.organisations_of(request.user, on=timezone.localdate())
        if not code and len(organisations) == 1:
            code = organisations[0].credit_code
        if not code or (entrance.choices and not item):
            return _choose(request, type_, entrance, organisations, code)
    return _of_party(request, type_, entrance, {"credit_code": code, "item": item})


@caseworkers
@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """List the kinds of case the person may open for a unit."""
    found = offers.for_unit(request.user, on=timezone.localdate())
    rows = [
        {
            "title": door.title,
            "kind": type_.verbose_name,
            "basis": type_.legal_basis,
            "url": reverse("desk-open-door", args=[type_.label, door.name]),
        }
        for type_, door in found
    ]
    return frame.desk(request, "open", {"list": pages.paged(request, rows)})


@caseworkers
@_GET_OR_POST
def open_for_unit(request: HttpRequest, kind: str, door: str) -> HttpResponse:
    """Ask what a unit's case is to be about, then for the answers, and open it."""
    type_, entrance = _door(kind, door, Opener.AUTHORITY)
    if (type_, entrance) not in offers.for_unit(request.user, on=timezone.localdate()):
        raise topics.NotYourDoor
    pointed = request.GET.get(pointing.POINTS_AT[entrance.about], "")
    if not pointed:
        return _search(request, type_, entrance)
    about = pointing.about(entrance, pointed)
    return _of_unit(request, type_, entrance, about)


def _of_party(request: HttpRequest, type_: CaseType, door: Door, about: Shown) -> HttpResponse:
    topic = topics.own_topic(door, request.user, on=timezone.localdate(), **about)
    try:
        offer = _offer_of(request, type_, door, topic)
    except (intake.NotPossible, intake.AlreadyOpen) as refused:
        return _not_possible(request, door, topic, refused)

    def hands_in(answers: Any) -> HttpResponse:
        told = {"door": door.name, "answers": answers, "at": timezone.now(), **about}
        opened = intake.submit(type_.label, by=request.user, **told)
        return redirect("receipt", opened.reference)

    def shows(kind: str, context: Shown, status: int) -> HttpResponse:
        page = "apply" if kind == guided.WHOLE else kind
        told = {**_about_it(door, topic, offer), **context, "back_url": _back(about)}
        return frame.applicant(request, page, told, status=status)

    def known(names: list[str]) -> Shown:
        return topics.said_before(request.user, topic.subject, names)

    address = _address(request, pointing.POINTS_AT[About.SUBJECT], "item")
    return _fill_in(request, door, topic, address, hands_in, shows, known)


def _of_unit(request: HttpRequest, type_: CaseType, door: Door, about: Shown) -> HttpResponse:
    on = timezone.localdate()
    topic = topics.office_topic(door, request.user, on=on, **about)
    intake.check_possible(type_, door, topic, on=on)
    offer = door.offer(topic, on=on)

    def hands_in(answers: Any) -> HttpResponse:
        told = {"door": door.name, "answers": answers, "at": timezone.now(), **about}
        opened = intake.open_for_office(type_.label, by=request.user, **told)
        said = _("Case %(reference)s is open.") % {"reference": opened.reference}
        messages.success(request, said)
        return redirect("desk-case", opened.reference)

    def shows(_kind: str, context: Shown, status: int) -> HttpResponse:
        told = {**_about_it(door, topic, offer), **context, "back_url": request.path}
        return frame.desk(request, "apply", told, status=status)

    address = _address(request, pointing.POINTS_AT[door.about])
    return _fill_in(request, door, topic, address, hands_in, shows, lambda _names: {})


def _fill_in(
    request: HttpRequest,
    door: Door,
    topic: Topic,
    address: str,
    hands_in: Callable[[Any], HttpResponse],
    shows: Callable[[str, Shown, int], HttpResponse],
    known: Callable[[list[str]], Shown],
) -> HttpResponse:
    on = timezone.localdate()

    def form(answers: Any = None) -> Any:
        return door.form(answers, case=topic, by=request.user, on=on)

    matter = topic.record.document_number if topic.record else topic.subject.name
    filling = guided.Filling(address, door.title, matter, form, hands_in, shows, known)
    return guided.fill_in(request, filling)


def _offer_of(request: HttpRequest, type_: CaseType, door: Door, topic: Topic) -> Offer:
    """Tell before the work of filling in and before handing in; between, only what the law says."""
    on = timezone.localdate()
    offer = door.offer(topic, on=on)
    if not offer.possible:
        raise intake.NotPossible(" ".join(offer.reasons), opens_on=offer.opens_on)
    if request.GET.get("page", guided.REVIEW) == guided.REVIEW:
        intake.check_possible(type_, door, topic, on=on)
    return offer


def _not_possible(request: HttpRequest, door: Door, topic: Topic, refused: Any) -> HttpResponse:
    offer = door.offer(topic, on=timezone.localdate())
    reference = refused.fields.get("reference")
    context = {
        **_about_it(door, topic, replace(offer, possible=False, reasons=(str(refused),))),
        "case_url": reverse("case", args=[reference]) if reference else "",
        "back_url": reverse("record", args=[topic.record.pk]) if topic.record else reverse("home"),
    }
    return frame.applicant(request, "not_possible", context, status=refused.status)


def _about_it(door: Door, topic: Topic, offer: Offer) -> Shown:
    return {
        "title": door.title,
        "party": topic.subject,
        "record": pages.record(topic.record) if topic.record else None,
        "offer": pages.offer(offer, title=door.title),
    }


def _address(request: HttpRequest, *names: str) -> str:
    """Return where the form is: what it points at belongs to it, the page one is on does not."""
    named = {name: request.GET[name] for name in names if name in request.GET}
    return f"{request.path}?{urlencode(named)}" if named else request.path


def _choose(
    request: HttpRequest, type_: CaseType, door: Door, organisations: Any, code: str
) -> HttpResponse:
    address, on = reverse("begin", args=[type_.label, door.name]), timezone.localdate()
    own = {organisation.credit_code: organisation for organisation in organisations}
    choices = door.choices(own[code], on=on) if code in own and door.choices else []
    context = {
        "title": door.title,
        "chosen": own.get(code),
        "organisations": [
            {"name": o.name, "credit_code": c, "url": f"{address}?org={c}"} for c, o in own.items()
        ],
        "choices": [
            {
                "label": choice.label,
                "hint": choice.hint,
                "url": f"{address}?org={code}&item={choice.key}" if choice.possible else "",
            }
            for choice in choices
        ],
        "back_url": reverse("home"),
    }
    return frame.applicant(request, "begin", context, status=_asked(request))


def _search(request: HttpRequest, type_: CaseType, door: Door) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:100]
    rows = pointing.found(request, (type_, door), search)
    context = {
        "title": door.title,
        "about": door.about.value,
        "search": search,
        "list": pages.paged(request, rows[:SHOWN]),
        "more": len(rows) > SHOWN,
        "back_url": reverse("desk-open"),
    }
    return frame.desk(request, "point", context, status=_asked(request))


def _asked(request: HttpRequest) -> int:
    """Return the status of a page that asks first: answers about nothing are refused."""
    return 422 if request.method == "POST" else 200


def _back(about: Shown) -> str:
    if "record_id" in about:
        return reverse("record", args=[about["record_id"]])
    return reverse("case", args=[about["source"]]) if "source" in about else reverse("home")


def _door(kind: str, name: str, opener: Opener) -> tuple[CaseType, Door]:
    try:
        type_ = case_type(kind)
        door = type_.door(name)
    except LookupError as unknown:
        raise Http404 from unknown
    if door.opener != opener:
        raise Http404
    return type_, door
