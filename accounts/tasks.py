"""Celery: delete what is left of people who are not signed in any more."""

from typing import Any

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils.timezone import now


@shared_task
def forget_sessions(**_kwargs: Any) -> int:
    """Delete the sessions that have run out, and what was kept in them; return how many."""
    gone, _by_table = Session.objects.filter(expire_date__lt=now()).delete()
    return gone
