"""Open cases through the doors of their types: for an organisation, or for a unit."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from web import frame, pages
from web.access import caseworkers
from web.uploads import handed_in
from workflows import intake, offers, topics, tracking, work
from workflows.case_type import About, CaseType, Door, Opener, Topic, case_type
from workflows.offers import SHOWN, Entrance

_GET_OR_POST = require_http_methods(["GET", "POST"])
_POINTS_AT = {About.RECORD: "record", About.SUBJECT: "org", About.CASE: "source"}
Told = dict[str, Any]


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
    on, code = timezone.localdate(), request.GET.get("org", "")
    organisations = tracking.organisations_of(request.user, on=on)
    if not code and len(organisations) == 1:
        code = organisations[0].credit_code
    item = request.GET.get("item", "")
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
    pointed = request.GET.get(_POINTS_AT[entrance.about], "")
    if not pointed:
        return _search(request, type_, entrance)
    about = _about(entrance, pointed)
    topic = topics.office_topic(entrance, request.user, on=timezone.localdate(), **about)

    def opens(answers: Any) -> Any:
        return intake.open_for_office(
            kind, door=door, by=request.user, answers=answers, at=timezone.now(), **about
        )

    back = reverse("desk-open-door", args=[kind, door])
    return _form_or_case(request, _Opening(type_, entrance, topic, opens, back, frame.desk))


class _Opening:
    """A case about to be opened: through which door, about what, by which verb."""

    def __init__(
        self,
        type_: CaseType,
        door: Door,
        topic: Topic,
        opens: Callable[[Any], Any],
        back_url: str,
        framed: Callable[..., HttpResponse],
    ) -> None:
        self.type_, self.door, self.topic = type_, door, topic
        self.opens, self.back_url, self.framed = opens, back_url, framed


def _of_party(request: HttpRequest, type_: CaseType, door: Door, about: Told) -> HttpResponse:
    on = timezone.localdate()
    topic = topics.own_topic(door, request.user, on=on, **about)

    def opens(answers: Any) -> Any:
        return intake.submit(
            type_.label,
            door=door.name,
            by=request.user,
            answers=answers,
            at=timezone.now(),
            **about,
        )

    return _form_or_case(
        request, _Opening(type_, door, topic, opens, _back(about), frame.applicant)
    )


def _form_or_case(request: HttpRequest, opening: _Opening) -> HttpResponse:
    if request.method == "POST":
        return _open(request, opening)
    on = timezone.localdate()
    intake.check_possible(opening.type_, opening.door, opening.topic, on=on)
    form = opening.door.form(case=opening.topic, by=request.user, on=on)
    return _form_page(request, opening, form)


def _open(request: HttpRequest, opening: _Opening) -> HttpResponse:
    try:
        opened = opening.opens(handed_in(request))
    except work.AnswersRefused as refused:
        return _form_page(request, opening, refused.form, status=422)
    if opening.door.opener == Opener.PARTY:
        return redirect("receipt", opened.reference)
    said = _("Case %(reference)s is open.") % {"reference": opened.reference}
    messages.success(request, said)
    return redirect("desk-case", opened.reference)


def _form_page(
    request: HttpRequest, opening: _Opening, form: Any, status: int = 200
) -> HttpResponse:
    on, topic = timezone.localdate(), opening.topic
    context = {
        "form": form,
        "title": opening.door.title,
        "party": topic.subject,
        "record": pages.record(topic.record) if topic.record else None,
        "offer": pages.offer(opening.door.offer(topic, on=on), title=opening.door.title),
        "back_url": opening.back_url,
    }
    return opening.framed(request, "apply", context, status=status)


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
    rows = _FOUND[door.about](request, (type_, door), search)
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


def _records(request: HttpRequest, entrance: Entrance, search: str) -> list[Told]:
    on, door = timezone.localdate(), entrance[1]
    found = offers.records_to_point_at(request.user, door, on=on, search=search)
    return [
        {"name": r.document_number, "of": r.subject.name, "url": f"?record={r.pk}"}
        for r in found[: SHOWN + 1]
    ]


def _subjects(request: HttpRequest, entrance: Entrance, search: str) -> list[Told]:
    on, door = timezone.localdate(), entrance[1]
    found = offers.subjects_to_point_at(request.user, door, on=on, search=search)
    for remark in found.remarks:
        messages.info(request, remark)
    return [
        {
            "name": match.subject.name,
            "of": match.subject.credit_code,
            "by": _(": ").join([match.by, match.value]),
            "url": f"?org={match.subject.credit_code}",
        }
        for match in found.matches
    ]


def _cases(request: HttpRequest, entrance: Entrance, search: str) -> list[Told]:
    on, (type_, door) = timezone.localdate(), entrance
    found = offers.cases_to_point_at(request.user, type_.label, door, on=on, search=search)
    return [
        {"name": c.reference, "of": c.party.name, "url": f"?source={c.reference}"}
        for c in found[: SHOWN + 1]
    ]


_FOUND = {About.RECORD: _records, About.SUBJECT: _subjects, About.CASE: _cases}


def _about(door: Door, pointed: str) -> Told:
    if door.about == About.CASE:
        return {"source": pointed}
    if door.about == About.SUBJECT:
        return {"credit_code": pointed.upper()}
    return {"record_id": int(pointed) if pointed.isdigit() else 0}


def _back(about: Told) -> str:
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
