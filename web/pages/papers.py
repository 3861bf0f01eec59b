"""Records, letters, files and messages as the templates show them."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms.models import Attachment
from notifications.models import Letter, Message
from records.models import Record
from workflows import policy, wording
from workflows.case_type import Offer, case_types
from workflows.models import Term

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
