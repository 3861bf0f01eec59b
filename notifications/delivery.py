"""Empty the outbox: every delivery in a transaction of its own, so that none can stop another."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from notifications import pdf
from notifications.channels import CARRIERS
from notifications.models import Delivery, Letter, Message

log = logging.getLogger(__name__)

_BATCH = 100
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_DEFAULT_ATTEMPTS = 8


def deliver_due(*, at: datetime) -> int:
    """Try what is due, one batch at most, and return how many were tried.

    Each is locked while it is carried and marked in the same transaction: workers beside
    each other never carry the same one, and only a crash between the mail service's yes
    and the commit can send it twice. The database decides what is due; the broker may be
    emptied without loss.
    """
    tried = 0
    while tried < _BATCH and _deliver_next(at):
        tried += 1
    return tried


def retry(given_up: Iterable[Delivery], *, at: datetime) -> list[Delivery]:
    """Let deliveries that were given up be tried anew from now on, and return which they were."""
    keys = [delivery.pk for delivery in given_up]
    failed = Delivery.objects.select_for_update().filter(pk__in=keys, state=Delivery.State.FAILED)
    found = list(failed.order_by("pk"))
    again = {"state": Delivery.State.WAITING, "attempts": 0, "next_try_at": at}
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(**again)
    return found


def make_pdfs() -> int:
    """Make the PDFs that letters still lack, one batch at most, and return how many were made."""
    if not pdf.is_available():
        return 0
    waiting = Letter.objects.filter(pdf="").order_by("id").values_list("id", flat=True)
    return sum(_make_pdf(letter_id) for letter_id in list(waiting[:_BATCH]))


@transaction.atomic
def _deliver_next(at: datetime) -> bool:
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message__to", "message__letter")
        .filter(state=Delivery.State.WAITING, next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .first()
    )
    if delivery is None:
        return False
    _try(delivery, at)
    delivery.save()
    return True


def _try(delivery: Delivery, at: datetime) -> None:
    delivery.attempts += 1
    try:
        _carry(delivery)
    except Exception as problem:
        _note_failure(delivery, problem, at)
    else:
        delivery.state, delivery.sent_at, delivery.problem = Delivery.State.SENT, at, ""


def _carry(delivery: Delivery) -> None:
    message: Message = delivery.message
    if message.letter and not message.letter.pdf:
        message.letter = pdf.keep(message.letter.pk)
    with transaction.atomic():
        CARRIERS[Delivery.Channel(delivery.channel)](message)


def _note_failure(delivery: Delivery, problem: Exception, at: datetime) -> None:
    delivery.problem = f"{type(problem).__name__}: {problem}"[:400]
    if delivery.attempts < getattr(settings, "NOTIFICATION_ATTEMPTS", _DEFAULT_ATTEMPTS):
        delivery.next_try_at = at + min(_FIRST_WAIT * 4 ** (delivery.attempts - 1), _LONGEST_WAIT)
        log.warning("Delivery %s failed, will be tried again: %s", delivery.pk, type(problem))
    else:
        delivery.state = Delivery.State.FAILED
        log.error("Delivery %s given up after %s attempts", delivery.pk, delivery.attempts)


def _make_pdf(letter_id: int) -> bool:
    try:
        return bool(pdf.keep(letter_id).pdf)
    except Exception:
        log.exception("No PDF could be made of letter %s", letter_id)
        return False
