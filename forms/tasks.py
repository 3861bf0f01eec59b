"""Celery: scan what waits, drop what nobody uses; reads the clock so nothing else must."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from forms import attachments, drafts, scanning


@shared_task
def scan(**_kwargs: Any) -> int:
    """Scan the files that wait for it; return how many were scanned."""
    return scanning.scan_waiting(at=now())


@shared_task
def drop_unused(**_kwargs: Any) -> int:
    """Drop the files that were handed in long ago and never used; return how many."""
    return attachments.drop_unused(at=now())


@shared_task
def forget_drafts(**_kwargs: Any) -> int:
    """Forget the drafts that nobody has gone on with for long; return how many."""
    return drafts.forget(before=now() - timedelta(days=settings.DRAFT_KEEP_DAYS))
