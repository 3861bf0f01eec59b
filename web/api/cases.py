"""Cases: open one, see where it stands, read its letters and its log, withdraw it."""

from dataclasses import asdict
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Status

from accounts.models import User
from notifications import letters, pdf
from notifications.models import Letter
from web import presenters
from web.api.asking import Page, kind_of_case, now, paged, seen_case, today, viewer
from web.api.case_shapes import Case, CaseInFull, Cases, Event, OpenedCase
from web.api.questions import as_sent
from web.api.shapes import NewCase
from workflows import consulting, intake, sight, ties, tracking
from workflows.acts import Refused
from workflows.models import Case as Found
from workflows.models import Entry
from workflows.queues import PAGE

router = Router(tags=["cases"])


class NoPdf(Refused):
    """No PDF can be made on this machine; read and print the letter as a page."""

    status = 404


@router.post("cases", response={201: OpenedCase})
def open_case(request: HttpRequest, body: NewCase) -> Any:
    """Apply: open a case about an organisation of mine, a record or an earlier case of it."""
    case = intake.submit(
        kind_of_case(body.kind).label,
        door=body.door,
        by=viewer(request),
        record_id=body.record,
        credit_code=body.organisation,
        item=body.item,
        source=body.follows,
        answers=as_sent(body.answers),
        at=now(),
    )
    opened = {**presenters.case(case, told_party=True), "query_code": case.query_code}
    return Status(201, opened)


@router.get("cases", response=Cases)
def list_cases(request: HttpRequest, page: Page = 1) -> Any:
    """The cases of my organisations and of my units, newest first."""
    who, on = viewer(request), today()
    found = sight.visible_to(who, on=on).select_related("party", "record")
    start = (page - 1) * PAGE
    rows = found.order_by("-opened_at", "-id")[start : start + PAGE + 1]
    told = [presenters.case(case, told_party=_is_party(who, case)) for case in rows]
    return paged(told, page, size=PAGE)


@router.get("cases/{slug:reference}", response=CaseInFull)
def show_case(request: HttpRequest, reference: str) -> Any:
    """One case: where it stands, what it waits for, until when and why."""
    who, on = viewer(request), today()
    case = seen_case(who, reference)
    told_party, dossier = _is_party(who, case), tracking.dossier_of(case, on=on)
    return {
        **presenters.case(case, told_party=told_party),
        "query_code": case.query_code if told_party else None,
        "waits": [presenters.waiting(one) for one in dossier.waiting],
        "clocks": [presenters.clock(one) for one in dossier.clocks],
        "time_spent": asdict(dossier.time_spent(on=on)),
        "ties": [presenters.tie(one) for one in ties.ties_of(case, viewer=who, on=on)],
        "opinions": [presenters.opinion(g) for g in consulting.opinions_of(case, by=who, on=on)],
        "letters": [
            presenters.letter(one) for one in sight.letters_of(case, told_party=told_party)
        ],
        "attachments": [
            presenters.attachment(one) for one in sight.attachments_of(case, told_party=told_party)
        ],
    }


@router.post("cases/{slug:reference}/withdraw", response=Case)
def withdraw_case(request: HttpRequest, reference: str) -> Any:
    """Withdraw a case of an organisation of mine; nothing is held against it."""
    case = intake.withdraw(reference, by=viewer(request), at=now())
    return presenters.case(case, told_party=True)


@router.get("cases/{slug:reference}/events", response=list[Event], exclude_unset=True)
def list_events(request: HttpRequest, reference: str) -> Any:
    """For the office the log of a case as it stands in the chain; for the party its moves.

    How the party rated the case is told to supervisors and auditors only.
    """
    who = viewer(request)
    case = seen_case(who, reference)
    if _is_party(who, case):
        timeline = tracking.dossier_of(case, on=today()).timeline
        return [presenters.happening(one) for one in timeline]
    return _log(case, sight.log_for(who, case, on=today()))


@router.get("letters/{int:letter_id}.html", response={200: None})
def read_letter(request: HttpRequest, letter_id: int) -> Any:
    """A letter as a page to read and print, or its English reading copy."""
    letter = _letter(viewer(request), letter_id)
    return HttpResponse(letters.sheet(letter, language=get_language() or letters.CHINESE))


@router.get("letters/{int:letter_id}.pdf", response={200: None})
def fetch_letter(request: HttpRequest, letter_id: int) -> Any:
    """A letter as PDF; made now if nobody has asked for it before."""
    letter = pdf.keep(_letter(viewer(request), letter_id).pk)
    if not letter.pdf:
        raise NoPdf
    return FileResponse(letter.pdf.open("rb"), content_type="application/pdf")


def _is_party(who: User, case: Found) -> bool:
    return sight.is_party(who, case, on=today())


def _letter(who: User, letter_id: int) -> Letter:
    letter = sight.letter_for(who, letter_id, on=today())
    if letter is None:
        raise Http404
    return letter


def _log(case: Found, entries: list[Entry]) -> list[dict[str, Any]]:
    names = tracking.names_in(entries)
    return [
        presenters.entry(entry, title=tracking.called(case, entry), who=names.get(entry.by, ""))
        for entry in entries
    ]
