"""Celery: carry what waits; reads the clock so nothing else must."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from notifications import delivery


@shared_task
def deliver(**_kwargs: Any) -> int:
    """Carry what is due and make the PDFs that are missing; return how many were carried."""
    carried = delivery.deliver_due(at=now())
    delivery.make_pdfs()
    return carried
