"""What Celery runs for the engine."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from workflows import escalation


@shared_task(name="workflows.tasks.sweep")
def sweep(**_: Any) -> int:
    """Do everything that is due now."""
    return escalation.sweep(at=timezone.now()).told
