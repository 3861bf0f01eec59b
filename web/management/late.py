"""How long the sweep takes to find and escalate what is late among all the open clocks."""

from datetime import date, timedelta

from django.utils.timezone import localdate, now

from web.management.pouring import settle
from web.management.timing import OURS, Times, timed
from workflows import escalation
from workflows.models import Deadline, Heartbeat

LATE, ONE_IN, ROUNDS = 10_000, 10, 3
FAR = timedelta(days=3650)


class Incomplete(Exception):
    """The sweep did not do what it was measured at."""


def measure(times: Times, size: int) -> None:
    """Let so many clocks be late by a day, amber before, and sweep; then sweep with nothing due.

    Moves every clock of the stock out of the way.
    """
    today, late = localdate(), min(LATE, size // ONE_IN)
    Heartbeat.objects.all().delete()
    Deadline.objects.filter(ended_at=None).update(next_rung_on=today + FAR)
    settle()
    escalation.sweep(at=now())  # what the acts measured before left to be announced
    for _round in range(ROUNDS):
        _be_late(late, today)
        _take(times, f"sweep: {late} late", size, late)
        _take(times, "sweep: nothing due", size, 0)


def _be_late(count: int, today: date) -> None:
    running = Deadline.objects.filter(ended_at=None, rung=0).exclude(item=None)
    chosen = list(running.order_by("pk").values_list("pk", flat=True)[:count])
    Deadline.objects.filter(pk__in=chosen).update(
        rung=1, due_on=today - timedelta(days=1), next_rung_on=today
    )


def _take(times: Times, what: str, size: int, late: int) -> None:
    beat, ms = timed(lambda: escalation.sweep(at=now()))
    times.add(what, size, OURS, ms)
    if (beat.told, beat.failed) != (late, 0):
        raise Incomplete(f"{late} late, {beat.told} told, {beat.failed} failed")
