"""By which door a commitment is opened, what is known then, and what its letters add."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from cases.commitment import rules
from cases.commitment.forms import applying
from cases.commitment.register import ItemVersion, Variant, published, version_of
from cases.commitment.states import (
    BROKEN,
    Commitment,
    Fulfilment,
    Ineligible,
    Refusal,
    Result,
)
from records.models import Record, Subject
from workflows import policy
from workflows.audit import canonical
from workflows.case_type import About, Choice, Door, Offer, Opener, Topic
from workflows.involved import credit_office
from workflows.models import Role


def choices(_subject: Subject, *, on: date) -> list[Choice]:
    """Return the items on the published list, with a word on what each asks for."""
    return [_choice(version, on) for version in published(on).order_by("item__code")]


def offer(topic: Topic, *, on: date) -> Offer:
    """Tell whether a commitment may be asked for about an item on a day, and why."""
    if not topic.item:
        return Offer(True, (_("Choose an item of the published list."),))
    version = version_of(topic.item, on)
    if version is None:
        return Offer(False, (_("This item is not on the published list today."),))
    running = _running(topic)
    if running is not None:
        told = _("A case about this item is open already: %(reference)s.")
        return Offer(False, (told % {"reference": running.reference},))
    return Offer(True, (_listed(version),), basis=version.basis)


def prepare(case: Commitment, topic: Topic) -> None:
    """Pin the version of the item, and the credit record as it stands today with its hash."""
    version = version_of(topic.item, case.governed_on)
    assert version is not None
    case.item_code, case.version, case.variant = topic.item, version, version.variant
    case.promised_term = version.promised_term
    case.verify_method, case.verify_term = version.verify_method, version.verify_term
    case.credit_snapshot = _snapshot(topic.subject, version, case.governed_on)
    case.snapshot_hash = sha256(canonical(case.credit_snapshot).encode()).hexdigest()
    case.ineligible = case.credit_snapshot["against"]


def units(case: Commitment, _topic: Topic) -> Mapping[Role, Unit]:
    """Return who approves and who supervises, as the version of the item says."""
    return {
        Role.OFFICE: credit_office(),
        Role.APPROVING: case.version.approving,
        Role.SUPERVISING: case.version.supervising,
    }


def letter_facts(case: Commitment) -> dict[str, Any]:
    """Return what the letters of a commitment say beyond what all letters say."""
    return {
        "item": case.version.item.name,
        "item_en": case.version.item.name_en,
        "version": case.version,
        "replaces_certificate": case.variant == Variant.CERTIFICATE,
        "obstacles": [Ineligible(code) for code in case.ineligible],
        "reasons": [Refusal(case.refusal_code)] if case.refusal_code else [],
        "absent": [{"name": name} for name in case.missing_materials],
        "finding": Result(case.result).label if case.result else "",
        "status": Fulfilment(case.fulfilment).label if case.fulfilment else "",
    }


def particulars(case: Commitment) -> list[tuple[Any, Any]]:
    """Return what pages say of the item, and the text that was signed with its hash."""
    version = case.version
    told = [
        (gettext_lazy("item"), version.item.name),
        (gettext_lazy("kind of commitment"), version.get_variant_display()),
        (gettext_lazy("version of the notice"), version.number),
        (gettext_lazy("legal basis"), version.basis_cited),
        (gettext_lazy("conditions"), version.conditions),
        (gettext_lazy("main material"), "\n".join(version.main_materials)),
        (gettext_lazy("verification"), version.get_verify_method_display()),
        (gettext_lazy("text of the commitment signed"), case.committed_text),
        (gettext_lazy("hash of the commitment signed"), case.signed_hash),
    ]
    return [(label, value) for label, value in told if value]


DOORS = (
    Door(
        name="opened",
        title=gettext_lazy("Commit instead of proving beforehand"),
        opener=Opener.PARTY,
        about=About.SUBJECT,
        offer=offer,
        form=applying.Application,
        choices=choices,
    ),
)


def _choice(version: ItemVersion, on: date) -> Choice:
    hint = _excluded_hint() if _is_excluded(version, on) else str(Variant(version.variant).label)
    return Choice(key=version.item.code, label=str(version.item), hint=hint)


def _excluded_hint() -> str:
    return _("In an excluded field: only the general procedure is open, and you will be told why.")


def _listed(version: ItemVersion) -> str:
    told = _("%(item)s, version %(number)s, published since %(day)s.")
    assert version.published_from is not None
    return told % {
        "item": version.item,
        "number": version.number,
        "day": date_format(version.published_from),
    }


def _running(topic: Topic) -> Commitment | None:
    mine = Commitment.objects.filter(party=topic.subject, item_code=topic.item, closed_at=None)
    found: Commitment | None = mine.first()
    return found


def _is_excluded(version: ItemVersion, on: date) -> bool:
    fields = policy.edition(on).items("commitment.excluded_fields")
    return version.excluded_field in fields


def _snapshot(subject: Subject, version: ItemVersion, on: date) -> dict[str, Any]:
    listed, broken = _lists_of(subject, on), _broken_by(subject)
    excluded = _is_excluded(version, on)
    return {
        "on": on.isoformat(),
        "party": subject.credit_code,
        "name": subject.name,
        "item": version.item.code,
        "version": version.number,
        "listed": listed,
        "broken": broken,
        "excluded_field": version.excluded_field if excluded else "",
        "against": rules.reasons_against(listed=listed, broken=broken, excluded=excluded),
    }


def _lists_of(subject: Subject, on: date) -> list[str]:
    """Return the list entries published about this very code; a branch has a code of its own."""
    if not policy.edition(on).has("commitment.barred.serious_list"):
        return []
    entries = subject.records.filter(kind=Record.Kind.LIST_ENTRY)
    shown = entries.filter(publication=Record.Publication.PUBLISHED)
    return list(shown.order_by("pk").values_list("document_number", flat=True))


def _broken_by(subject: Subject) -> list[str]:
    """Return the earlier commitments that were false or not kept, and are not repaired."""
    ended = Commitment.objects.filter(party=subject, fulfilment__in=BROKEN)
    unrepaired = ended.filter(shared_as__repaired_on=None)
    return list(unrepaired.order_by("pk").values_list("reference", flat=True))
