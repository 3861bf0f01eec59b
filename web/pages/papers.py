"""Records, letters, files and messages as the templates show them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forms.models import Attachment
from notifications.models import Letter, Message
from records.models import Record
from web.shown import Shown
from workflows import policy, wording
from workflows.case_type import About, CaseType, Door, Offer, Opener, case_types
from workflows.models import Service, Term
from workflows.offers import Offered

_PENALTY = (gettext_lazy("Categories"), gettext_lazy("Conduct"))
_LABELS: dict[str, tuple[Any, Any]] = {
    Record.Kind.PERMIT: (gettext_lazy("Kind of permit"), gettext_lazy("Permit")),
    Record.Kind.LIST_ENTRY: (gettext_lazy("List"), gettext_lazy("Reason of the entry")),
    Record.Kind.ABNORMAL_ENTRY: (gettext_lazy("List"), gettext_lazy("Reason of the entry")),
    Record.Kind.COMMITMENT: (gettext_lazy("Kind of commitment"), gettext_lazy("What was promised")),
}


def services(*, on: date) -> list[Shown]:
    """Return what an organisation can ask for, where it begins, how long it takes and why."""
    terms = policy.edition(on)
    mains = [(type_, type_.door()) for type_ in case_types()]
    return [_service(t, door, terms) for t, door in mains if door.opener == Opener.PARTY]


def record(shown: Record, *, offers: Iterable[Offered] = ()) -> Shown:
    """Return a record, how it is shown, and what may be asked for about it."""
    return {
        "id": shown.pk,
        "kind_label": shown.get_kind_display(),
        "document_number": shown.document_number,
        "party": shown.subject.name,
        "authority": shown.authority_name,
        "decided_on": shown.decided_on,
        "categories": shown.categories,
        "categories_label": _labels(shown)[0],
        "conduct_label": _labels(shown)[1],
        "fine": wording.money(shown.fine_fen),
        "conduct": shown.conduct,
        "content": shown.content,
        "legal_basis": shown.legal_basis,
        "standing": str(shown.standing),
        "standing_label": shown.standing.label,
        "url": reverse("record", args=[shown.pk]),
        "offers": [_offered(shown, offered) for offered in offers],
    }


def _labels(shown: Record) -> tuple[Any, Any]:
    """Return what the categories and the conduct of a record are called, by its kind."""
    return _LABELS.get(shown.kind, _PENALTY)


def letter(issued: Letter, *, service: Any = None) -> Shown:
    """Return one letter, and how it was served if it had to be."""
    return {
        "title": issued.title,
        "title_en": issued.title_en,
        "number": issued.number,
        "issued_at": issued.issued_at,
        "sha256": issued.sha256,
        "served": _served(service) if service else "",
        "url": reverse("letter", args=[issued.pk]),
        "pdf_url": reverse("letter-pdf", args=[issued.pk]),
        "view_url": reverse("letter-view", args=[issued.pk]),
    }


def attachment(file: Attachment) -> Shown:
    """Return one file: what it is for, who handed it in and when, and how it was scanned."""
    scan = Attachment.Scan(file.scan)
    return {
        "name": file.name,
        "size": filesizeformat(file.size),
        "kind": "image" if file.content_type.startswith("image/") else "pdf",
        "item": _(file.item) if file.item else "",
        "by": str(file.uploaded_by),
        "at": file.uploaded_at,
        "sha256": file.sha256,
        "scan": scan.value,
        "scan_label": scan.label,
        "locked": scan in (scan.WAITING, scan.INFECTED),
        "url": "" if scan == scan.INFECTED else reverse("file", args=[file.pk]),
        "view_url": reverse("file-view", args=[file.pk]),
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


def _served(service: Service) -> str:
    if service.effective_on is None:
        return _("Not yet served")
    day = date_format(service.effective_on)
    return _("Served on %(day)s: %(how)s") % {"day": day, "how": service.get_method_display()}


def _service(type_: CaseType, door: Door, terms: policy.Edition) -> Shown:
    begins = door.about == About.SUBJECT
    return {
        "title": str(type_.verbose_name),
        "purpose": type_.purpose,
        "ready": type_.to_have_ready,
        "label": door.title if begins else _("Choose the record"),
        "url": reverse("begin", args=[type_.label, door.name]) if begins else reverse("records"),
        "basis": type_.legal_basis,
        "promises": [
            _promise(terms.term(key), label) for key, label in type_.promises if terms.has(key)
        ],
    }


def _promise(term: Term, label: Any) -> Shown:
    return {
        "label": label,
        "length": wording.length(term.period),
        "basis": wording.source(term.basis),
        "certainty_label": wording.certainty(term.certainty),
    }


def offer(made: Offer, *, title: Any) -> Shown:
    """Return whether something may be asked for, from when, and why."""
    waits = not made.possible and made.opens_on and made.opens_on > timezone.localdate()
    return {
        "title": title,
        "possible": made.possible,
        "from": made.opens_on if waits else None,
        "reasons": made.reasons,
        "basis": made.basis,
        "certainty": wording.certainty(made.certainty) if made.certainty else "",
        "grade_label": made.grade,
        "min_end": made.opens_on and made.opens_on - timedelta(days=1),
        "max_end": made.closes_on,
    }


def _offered(shown: Record, made: Offered) -> Shown:
    kind, through = made.type_.label, [] if made.is_main else [made.door.name]
    url = reverse("apply", args=[shown.pk, kind, *through]) if made.offer.possible else None
    return {**offer(made.offer, title=made.door.title), "kind": kind, "url": url}
