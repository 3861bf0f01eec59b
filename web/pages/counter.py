"""What the counter shows: an organisation, what a visitor may ask for, and the receipt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from forms.models import Attachment
from forms.visitor import Visitor
from records.models import Record, Subject
from web.pages.papers import offer
from web.pages.papers import record as record_shown
from web.pages.work import clock_title
from web.shown import Shown
from workflows import asides, offers, tracking, wording
from workflows.case_type import CaseType, Door, Offer, case_type
from workflows.models import Case, Channel, Entry, Purpose, WorkItem
from workflows.offers import Offered

_ANNOUNCED = (Purpose.LIMIT, Purpose.PROMISE)
_WHAT_ELSE = _("Letter of withdrawal")
_WORDS = {
    "heading": _("Receipt of what was handed in"),
    "reference": _("Case number"),
    "query_code": _("Query code"),
    "party": _("Organisation"),
    "record": _("Record"),
    "at": _("Received at"),
    "visitor": _("Handed in by"),
    "items": _("What was handed in"),
    "dates": _("What happens by when"),
    "clerk": _("Received by"),
    "signature": _("Signature of the visitor"),
    "stamp": _("Stamp of the office"),
    "free": _("Every service here is free of charge."),
    "track": _("With the number and the query code you can see at any time where the case stands:"),
}


def record_at_counter(shown: Record, offered: Iterable[Offered]) -> Shown:
    """Return a record with what a visitor may ask for about it, from when, and why not."""
    code = shown.subject.credit_code
    made = [_offered(one.type_, one.door, one.offer, code, f"record={shown.pk}") for one in offered]
    return {**record_shown(shown), "offers": made}


def doors_of(subject: Subject) -> list[Shown]:
    """Return what a visitor may ask for about the organisation itself."""
    code = subject.credit_code
    return [
        {"title": door.title, "kind": type_.verbose_name, "url": entry_url(code, type_, door)}
        for type_, door in offers.for_organisations()
    ]


def case_at_counter(case: Case, waiting: Sequence[tracking.Waiting], *, on: date) -> Shown:
    """Return a case with what a visitor may hand in, withdraw or ask for after it."""
    code, type_ = case.party.credit_code, case_type(case.kind)
    source = f"source={case.reference}"
    after = [_offered(type_, door, made, code, source) for door, made in offers.after(case, on=on)]
    gone = case.closed_at is not None or not case.may("withdraw")
    return {
        "reference": case.reference,
        "title": str(type_.verbose_name),
        "state_label": tracking.state_of(case, told_party=True),
        "record": case.record.document_number if case.record else "",
        "opened_on": localtime(case.opened_at).date(),
        "light": waiting[0].light if waiting else "",
        "light_label": wording.LIGHTS[waiting[0].light] if waiting else "",
        "where": " ".join(one.sentence for one in waiting),
        "asked": [_asked(one) for one in waiting if one.item.queue == WorkItem.PARTY],
        "after": [one for one in after if one["url"]],
        "receipt_url": _receipt_url(case),
        "withdraw_url": "" if gone else reverse("counter-withdraw", args=[case.reference]),
    }


def entry_url(code: str, type_: CaseType, door: Door, query: str = "") -> str:
    """Return where a clerk enters an application through a door."""
    address = reverse("counter-enter", args=[code, type_.label, door.name])
    return f"{address}?{query}" if query else address


def receipt(case: Case, entry: Entry, clerk: str, dossier: tracking.Dossier) -> Shown:
    """Return the receipt of what came in, each word of ours in Chinese and in English."""
    came = {value.name: value.value for value in entry.values.all()}
    office, at = case.unit_as["office"], localtime(entry.at)
    return {
        "words": {name: _both(str, text) for name, text in _WORDS.items()},
        "title": _both(str, case_type(case.kind).verbose_name),
        "reference": case.reference,
        "query_code": case.query_code,
        "party": case.party,
        "record": case.record.document_number if case.record else "",
        "at": _both(date_format, at),
        "time": f"{at:%H:%M}",
        "visitor": came.get("visitor_name", ""),
        "items": [*_items(case, entry)],
        "dates": [*_dates(dossier)],
        "clerk": clerk,
        "office": {"zh": office.name, "en": office.name_en},
    }


def _offered(type_: CaseType, door: Door, made: Offer, code: str, query: str) -> Shown:
    url = entry_url(code, type_, door, query) if made.possible else ""
    return {**offer(made, title=door.title), "url": url}


def _receipt_url(case: Case) -> str:
    came = case.came_in == Channel.COUNTER
    return reverse("counter-receipt", args=[case.reference]) if came else ""


def _asked(waits: tracking.Waiting) -> Shown:
    url = reverse("counter-asked", args=[waits.item.pk])
    return {"title": waits.step, "due_on": waits.due_on, "url": url}


def _items(case: Case, entry: Entry) -> Iterable[Shown]:
    """Yield what was handed in: the form by its title, then the files, question by question."""
    form, facts = _form_of(case, entry), entry.detail.get("facts", {})
    title = form.title if form else _WHAT_ELSE
    yield {"label": _both(str, title), "files": []}
    files = Attachment.objects.in_bulk(entry.detail["files"])
    for name, told in facts.items():
        taken = [files.pop(one["id"]) for one in _files_in(told) if one["id"] in files]
        yield from _papers(taken, form.base_fields[name].label if taken else "")
    yield from _papers(files.values(), Visitor.base_fields["visitor_papers"].label)


def _papers(files: Iterable[Attachment], label: Any) -> Iterable[Shown]:
    """Yield files by what they are for: the material where one is named, else the question."""
    by_label: dict[str, list[Attachment]] = {}
    for file in files:
        by_label.setdefault(file.item, []).append(file)
    for material, same in by_label.items():
        names = [{"name": file.name, "print": file.sha256[:8]} for file in same]
        yield {"label": _both(_named, material or label), "files": names}


def _named(label: Any) -> str:
    return gettext(label) if isinstance(label, str) else str(label)


def _files_in(told: Any) -> list[Mapping[str, Any]]:
    several = told if isinstance(told, list) else []
    return [one for one in several if isinstance(one, dict) and "sha256" in one]


def _form_of(case: Case, entry: Entry) -> Any:
    if entry.kind == "received":
        return case_type(case.kind).door(entry.detail["door"]).form
    step = entry.detail.get("step")
    return asides.step_named(case.kind, step).form if step else None


def _dates(dossier: tracking.Dossier) -> Iterable[Shown]:
    """Yield by when the offices have to answer, and by when they have promised to."""
    for running in dossier.clocks:
        deadline, due = running.deadline, running.due.on
        of_office = deadline.item is None or deadline.item.unit_id is not None
        if due and of_office and deadline.purpose in _ANNOUNCED:
            yield {
                "label": _both(clock_title, deadline, deadline.item),
                "day": _both(date_format, due),
                "certainty": _both(wording.certainty, deadline.term.certainty),
            }


def _both(say: Callable[..., Any], *about: Any) -> dict[str, Any]:
    """Return a text in Chinese and in English, whatever language the page is in."""
    with override("zh-hans"):
        chinese = say(*about)
    with override("en"):
        return {"zh": chinese, "en": say(*about)}
