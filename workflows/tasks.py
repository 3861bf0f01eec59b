"""What Celery runs for the engine."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from workflows import alarm, checking, escalation, malware, related


@shared_task(name="workflows.tasks.sweep")
def sweep(**_: Any) -> int:
    """Do everything that is due now, and what one case has left for another."""
    related.run(at=timezone.now())
    return escalation.sweep(at=timezone.now()).told


@shared_task(name="workflows.tasks.open_found")
def open_found(**_: Any) -> int:
    """Open the cases that the service finds due today."""
    return related.open_found(at=timezone.now())


@shared_task(name="workflows.tasks.tell_of_malware")
def tell_of_malware(**_: Any) -> int:
    """Tell those who work on a case of malware in its files; return of how many."""
    return malware.tell(at=timezone.now())


@shared_task(name="workflows.tasks.check_deadlines")
def check_deadlines(**_: Any) -> int:
    """Ask every running clock anew; return how many show something else than their log says."""
    found = checking.check().differences
    if found:
        told = "\n".join(map(str, found))
        alarm.raise_alarm("Xinban: due dates differ from their log", told)
    return len(found)
