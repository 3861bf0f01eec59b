"""Raise an alarm by ways of its own: neither outbox, broker nor database is needed."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

log = logging.getLogger(__name__)


def raise_alarm(subject: str, body: str) -> None:
    """Tell whoever watches: in the log, by mail at once, and in ``alarms.log``.

    One way that fails does not stop the others, and no failure reaches the caller.
    """
    log.critical("%s: %s", subject, body)
    for tell in (_note, _write_to):
        _attempt(tell, subject, body)


def _attempt(tell: Callable[[str, str], None], subject: str, body: str) -> None:
    try:
        tell(subject, body)
    except Exception:  # an alarm must get through on whatever way is left
        log.exception("one way of the alarm failed")


def _note(subject: str, body: str) -> None:
    path = Path(settings.VAR_DIR) / "alarms.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(f"{subject}: {' '.join(body.split())}\n")


def _write_to(subject: str, body: str) -> None:
    if not settings.ALARM_RECIPIENTS:
        return
    message = EmailMessage(subject, body, to=settings.ALARM_RECIPIENTS)
    message.connection = get_connection(timeout=settings.ALARM_MAIL_TIMEOUT_SECONDS)
    message.send()
