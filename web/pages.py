"""Cases, records and work as the templates show them: plain dictionaries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from forms.models import Attachment
from notifications.models import Letter, Message
from records.models import Record
from workflows import audit, policy, tracking, wording
from workflows.calendar import Calendar
from workflows.case_type import Offer, case_type, case_types
from workflows.clock import Light
from workflows.models import Case, Entry, Term, WorkItem
from workflows.queues import PAGE

Shown = dict[str, Any]
_YUAN = Decimal(100)
_WAN = Decimal(1_000_000)


def promises(*, on: date) -> list[Shown]:
    """Return how long the steps of each type of case take, and on what basis."""
    terms = policy.edition(on)
    named = [promise for type_ in case_types() for promise in type_.promises]
    return [_promise(terms.term(key), label) for key, label in named if terms.has(key)]


def record(shown: Record, *, offers: Mapping[str, Offer] | None = None) -> Shown:
    """Return a record, and what may be asked for about it."""
    offered = [_offer(shown, kind, offer) for kind, offer in (offers or {}).items()]
    return {
        "id": shown.pk,
        "kind_label": shown.get_kind_display(),
        "document_number": shown.document_number,
        "party": shown.subject.name,
        "authority": shown.authority_name,
        "decided_on": shown.decided_on,
        "categories": shown.categories,
        "fine": money(shown.fine_fen),
        "conduct": shown.conduct,
        "content": shown.content,
        "legal_basis": shown.legal_basis,
        "publication_label": shown.get_publication_display(),
        "url": reverse("record", args=[shown.pk]),
        "offers": offered,
        "repair": offered[0] if offered else {},
    }


def money(fen: int | None) -> str:
    """Return an amount of fen in yuan, or in ten thousand yuan where that is shorter."""
    if fen is None:
        return ""
    if fen >= _WAN and fen % 10_000 == 0 and get_language() != "en":
        return _("%(n)s ten thousand yuan") % {"n": f"{(fen / _WAN).normalize():f}"}
    return _("%(n)s yuan") % {"n": f"{fen / _YUAN:,.2f}"}


def case_line(case: Case, *, waiting: Sequence[tracking.Waiting]) -> Shown:
    """Return a case as one line of the party's list."""
    first = waiting[0] if waiting else None
    return {
        **_case_head(case, told_party=True),
        "record": {"document_number": case.record.document_number if case.record else ""},
        "where": {"sentence": _where(case, waiting)},
        "url": reverse("case", args=[case.reference]),
        "light": first.light if first else "",
        "light_label": wording.LIGHTS[first.light] if first else "",
    }


def case_page(case: Case, *, on: date, told_party: bool) -> Shown:
    """Return everything one page tells about a case."""
    dossier = tracking.dossier_of(case, on=on)
    assert case.record is not None
    happened = dossier.timeline if told_party else dossier.history
    steps = _steps(happened)
    units = [] if told_party else tracking.units_of(case)
    return {
        **_case_head(case, told_party=told_party),
        "record": record(case.record),
        "where": {"sentence": _where(case, dossier.waiting)},
        "clocks": [clock(c) for c in dossier.clocks],
        "timeline": [_happening(h, case, steps) for h in reversed(happened)],
        "letters": [letter(x) for x in tracking.letters_of(case)],
        "attachments": [attachment(x) for x in tracking.attachments_of(case)],
        "facts": facts(case, case_type(case.kind).application.base_fields),
        "items": [item(w.item, on=on, title=w.step) for w in dossier.waiting],
        "units": [{"label": i.get_role_display(), "value": str(i.unit)} for i in units],
    }


def timeline(dossier: tracking.Dossier) -> list[Shown]:
    """Return the moves of a case, newest first, as anyone who holds the receipt may see them."""
    return [_happening(h, dossier.case, {}) for h in reversed(dossier.timeline)]


def findings(case: Case) -> list[Shown]:
    """Return what the steps of a case have found so far."""
    return facts(case, case_type(case.kind).findings)


def entry(written: Entry, case: Case, *, who: str) -> Shown:
    """Return one entry of the log of a case."""
    return {
        "seq": written.seq,
        "at": timezone.localtime(written.at),
        "kind": written.kind,
        "label": tracking.called(case, written),
        "who": who,
        "detail": [{"label": k, "value": _plain(v)} for k, v in written.detail.items()],
        "basis": written.basis,
        "hash": written.hash,
    }


def facts(case: Case, names: Iterable[str]) -> list[Shown]:
    """Return the facts of a case with these names, in words."""
    typed = case.typed
    fields = {field.name: field for field in type(typed)._meta.get_fields()}
    told = [(fields[name], getattr(typed, name)) for name in names if name in fields]
    return [
        {"label": field.verbose_name, "value": _in_words(typed, field.name, value)}
        for field, value in told
        if value not in (None, "", {})
    ]


def clock(running: tracking.Clock) -> Shown:
    """Return one running clock."""
    item_ = running.deadline.item
    whole = _("The whole case")
    step = tracking.title_of(running.deadline.case.kind, item_.step) if item_ else whole
    return {
        "label": step,
        "due_on": running.due.on,
        "light": running.light,
        "light_label": wording.LIGHTS[running.light],
        "left": left(running.days_left, running.light),
        "basis": running.deadline.term.basis,
        "certainty_label": running.certainty,
        "provisional": running.due.provisional,
        "paused": running.due.is_paused,
        "explanation": running.explanation,
    }


def item(work: WorkItem, *, on: date, title: str = "", why_not: str = "") -> Shown:
    """Return one step as a line of a queue, an inbox or a list of what is late."""
    light = work.light(on)
    is_free = work.state == WorkItem.State.OPEN
    url = reverse("asked" if work.queue == WorkItem.PARTY else "work", args=[work.pk])
    return {
        "id": work.pk,
        "reference": work.case.reference,
        "title": title or tracking.title_of(work.case.kind, work.step),
        "party": work.case.party.name,
        "unit": str(work.unit or _("The party")),
        "due_on": work.due_on,
        "light": light,
        "light_label": wording.LIGHTS[light],
        "waiting": since(work.opened_at),
        "owner": str(work.owner) if work.owner else "",
        "state_label": work.get_state_display(),
        "url": url,
        "claim_url": reverse("work-claim", args=[work.pk]),
        "release_url": "" if is_free else reverse("work-release", args=[work.pk]),
        "may_claim": is_free and not why_not,
        "why_not": why_not,
    }


def with_days_left(rows: list[Shown], *, on: date, calendar: Calendar) -> list[Shown]:
    """Add to each step how many working days are left, or for how many it is overdue."""
    for row in rows:
        row["left"] = _days_left(row, on, calendar)
    return rows


def letter(issued: Letter) -> Shown:
    """Return one letter."""
    return {
        "title": issued.title,
        "title_en": issued.title_en,
        "number": issued.number,
        "issued_at": issued.issued_at,
        "sha256": issued.sha256,
        "url": reverse("letter", args=[issued.pk]),
        "pdf_url": reverse("letter-pdf", args=[issued.pk]),
    }


def attachment(file: Attachment) -> Shown:
    """Return one file."""
    return {
        "name": file.name,
        "size": filesizeformat(file.size),
        "url": reverse("file", args=[file.pk]),
    }


def message(told: Message, *, case_url: str) -> Shown:
    """Return one message."""
    return {
        "at": told.queued_at,
        "read": told.read_at is not None,
        "subject": told.subject,
        "body": told.body,
        "letter": letter(told.letter) if told.letter else None,
        "reference": told.about,
        "case_url": case_url,
    }


def left(days: int | None, light: Light) -> str:
    """Return the working days that are left, in words."""
    if days is None or light == Light.RED:
        return ""
    if days == 0:
        return _("due today")
    return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}


def since(at: datetime) -> str:
    """Return for how long something has been waiting, in whole days."""
    days = (timezone.localdate() - timezone.localdate(at)).days
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("since today")


def paged(request: Any, rows: list[Any], *, count: int | None = None, page: int = 1) -> Shown:
    """Return a page of a list with the addresses of its neighbours."""
    more = len(rows) == PAGE and (count is None or page * PAGE < count)
    return {
        "rows": rows,
        "count": len(rows) if count is None else count,
        "next_url": _page_url(request, page + 1) if more else "",
        "prev_url": _page_url(request, page - 1) if page > 1 else "",
    }


def page_of(request: Any) -> int:
    """Return which page of a list is asked for; what makes no sense is the first."""
    asked = request.GET.get("page", "1")
    return max(1, min(int(asked), 1000)) if asked.isascii() and asked.isdigit() else 1


def _page_url(request: Any, page: int) -> str:
    query = request.GET.copy()
    query["page"] = page
    return f"{request.path}?{query.urlencode()}"


def _case_head(case: Case, *, told_party: bool) -> Shown:
    return {
        "reference": case.reference,
        "title": str(case_type(case.kind).verbose_name),
        "state_label": tracking.state_of(case, told_party=told_party),
        "closed": case.closed_at is not None,
        "party": {"name": case.party.name, "credit_code": case.party.credit_code},
        "opened_on": timezone.localdate(case.opened_at),
    }


def _where(case: Case, waiting: Sequence[tracking.Waiting]) -> str:
    if waiting:
        return " ".join(w.sentence for w in waiting)
    return tracking.state_of(case, told_party=True)


def _steps(happened: Iterable[tracking.Happening]) -> dict[Any, str]:
    """Return the step that each number of a work item stands for in a history."""
    details = [told.detail for told in happened]
    return {d["item"]: d["step"] for d in details if "item" in d and "step" in d}


def _happening(happened: tracking.Happening, case: Case, steps: Mapping[Any, str]) -> Shown:
    step = happened.detail.get("step") or steps.get(happened.detail.get("item"))
    about = tracking.title_of(case.kind, step) if step else ""
    if not about and happened.kind.startswith("clock_"):
        about = _("The whole case")
    return {
        "at": timezone.localtime(happened.at),
        "title": _(": ").join(filter(None, [happened.title, about])),
        "by": happened.who,
        "note": _note(happened.detail),
    }


def _note(detail: Shown) -> str:
    if detail.get("due"):
        return _("due on %(day)s") % {"day": detail["due"]}
    return str(detail.get("note", ""))


def _promise(term: Term, label: Any) -> Shown:
    return {
        "label": label,
        "length": wording.length(term.period),
        "basis": term.basis,
        "certainty_label": wording.certainty(term.certainty),
    }


def _offer(shown: Record, kind: str, offer: Offer) -> Shown:
    waits = not offer.possible and offer.opens_on and offer.opens_on > timezone.localdate()
    return {
        "possible": offer.possible,
        "from": offer.opens_on if waits else None,
        "reasons": offer.reasons,
        "basis": offer.basis,
        "certainty": wording.certainty(offer.certainty) if offer.certainty else "",
        "url": reverse("apply", args=[shown.pk, kind]) if offer.possible else None,
        "grade_label": offer.grade,
        "min_end": offer.opens_on and offer.opens_on - timedelta(days=1),
        "max_end": offer.closes_on,
    }


def _in_words(typed: Case, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    display = getattr(typed, f"get_{name}_display", None)
    question = case_type(typed.kind).questions.get(name)
    choices = dict(getattr(question, "choices", ()))
    return display() if display else choices.get(value, value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else audit.canonical(value)


def _days_left(row: Shown, on: date, calendar: Calendar) -> str:
    if row["due_on"] is None:
        return _("the clock stands still")
    if row["light"] == Light.RED:
        late = calendar.worked_between(row["due_on"], on)
        said = ngettext("%(n)s working day overdue", "%(n)s working days overdue", late)
        return said % {"n": late}
    return left(calendar.worked_between(on, row["due_on"]), row["light"])
