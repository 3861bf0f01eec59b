"""The pages read all day, by the service, by plain viewflow and by hand, in turns."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from accounts.standing import standing
from web.management.floor import CASE, INBOX, Hand
from web.management.pouring import keys, pour
from web.management.timing import FLOOR, OURS, PLAIN, Times
from workflows import queues
from workflows.management import plain
from workflows.models import WorkItem

PAGE = 50
LOT = 10_000


class Reads:
    """A clerk with two or three duties, who looks at the queue, the inbox and a case."""

    def __init__(self, times: Times, size: int) -> None:
        self.times, self.size, self.hand = times, size, Hand()
        self.on = localdate()
        self.clerk = _busy_clerk()
        self.queues = standing(self.clerk, on=self.on).queues
        plain.allow(self.clerk, self.queues)
        self.clerk = User.objects.get(pk=self.clerk.pk)
        items = WorkItem.objects.filter(queue__in=self.queues, state=WorkItem.State.OPEN)
        self.reference = items.select_related("case").order_by("pk")[0].case.reference
        self.pages = Client()
        self.pages.force_login(self.clerk, "django.contrib.auth.backends.ModelBackend")

    def rehearse(self) -> None:
        """Read everything once and count the queries."""
        for what, side, do in self._all():
            self.times.count(what, self.size, side, do)

    def round(self) -> None:
        """Read everything once on each side and note the times."""
        for what, side, do in self._all():
            self.times.take(what, self.size, side, do)

    def _all(self) -> list[tuple[str, str, Callable[[], Any]]]:
        by_hand = self.hand.read
        process = f"/plain/plain/{plain.any_case()}/"
        return [
            ("queue: 50 rows", OURS, lambda: queues.queue_for(self.clerk, on=self.on)),
            ("queue: 50 rows", FLOOR, lambda: self.hand.read_queue(self.queues)),
            ("queue: 50 rows", PLAIN, lambda: plain.queue_page(self.clerk, PAGE)),
            ("queue page", OURS, lambda: self._get(reverse("queue"))),
            ("queue page", FLOOR, lambda: self.hand.read_queue(self.queues)),
            ("queue page", PLAIN, lambda: self._get("/plain/plain/queue/")),
            ("inbox count", OURS, lambda: queues.count_inbox(self.clerk)),
            ("inbox count", FLOOR, lambda: by_hand(INBOX, [self.clerk.pk])),
            ("inbox count", PLAIN, lambda: plain.count_inbox(self.clerk)),
            ("case page", OURS, lambda: self._get(reverse("desk-case", args=[self.reference]))),
            ("case page", FLOOR, lambda: by_hand(CASE, [self.reference])),
            ("case page", PLAIN, lambda: self._get(process)),
        ]

    def _get(self, address: str) -> None:
        answer = self.pages.get(address)
        assert answer.status_code == 200, (address, answer.status_code)


def plant_plain(size: int) -> None:
    """Plant as many cases of plain viewflow as there are work items, at the same steps."""
    items = WorkItem.objects.filter(state__in=[WorkItem.State.OPEN, WorkItem.State.CLAIMED])
    rows = items.order_by("pk").values_list("step", "queue", "opened_at", "owner_id")
    for begun in range(plain.stocked(), size, LOT):
        like = list(rows[begun : min(begun + LOT, size)])
        processes, tasks = (keys(table, len(like)) for table in plain.TABLES)
        rows_of = plain.stock_rows(processes, tasks, like)
        for table, made in zip(plain.TABLES, rows_of, strict=True):
            pour(table, made)


def _busy_clerk() -> User:
    """Return the caseworker with two or three duties whose own list is the longest."""
    people = User.objects.filter(username__startswith="stock-", memberships__isnull=False)
    duties = Count("memberships", distinct=True)
    busy = people.annotate(duties=duties).filter(duties=3).order_by("pk")
    return busy[0]
