"""What of a list of steps somebody wants to see, and in which order."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from workflows.case_type import Opener, case_types
from workflows.models import Channel

WEEK = timedelta(days=6)
PARTY, UNIT = "party", "unit"
BY_DUE, BY_WAIT, BY_RECEIPT = "due", "waited", "received"
_ORDERS = {BY_DUE: "due_on", BY_WAIT: "opened_at", BY_RECEIPT: "case__opened_at"}


@dataclass(frozen=True)
class Narrowing:
    """Which steps are meant: of a kind, a step, a light, a queue, for whom, with what text."""

    kind: str = ""
    step: str = ""
    light: str = ""
    queue: str = ""
    waits: str = ""
    text: str = ""
    order: str = BY_DUE

    @property
    def is_whole(self) -> bool:
        """Test that nothing is left out."""
        return not (self.kind or self.step or self.light or self.queue or self.waits or self.text)

    @property
    def key(self) -> str:
        """By what the steps are ordered: a column of theirs, or of their cases."""
        return _ORDERS.get(self.order, _ORDERS[BY_DUE])

    def means(self, *, on: date) -> Q:
        """Return the test that a step is meant on a day."""
        exact = {"kind": self.kind, "step": self.step, "queue": self.queue}
        asked = Q(**{name: value for name, value in exact.items() if value})
        return asked & lit(self.light, on=on) & _awaited(self.waits) & _said(self.text)


WHOLE = Narrowing()


def lit(light: str, *, on: date) -> Q:
    """Return the test that a step has a light on a day, or turns red within seven days."""
    running = Q(due_on__gte=on)
    near = Q(amber_on__lte=on) | Q(promised_on__lt=on)
    far = (Q(amber_on=None) | Q(amber_on__gt=on)) & (Q(promised_on=None) | Q(promised_on__gte=on))
    tests = {
        "red": Q(due_on__lt=on),
        "week": running & Q(due_on__lte=on + WEEK),
        "amber": running & near,
        "green": running & far,
        "grey": Q(due_on=None),
    }
    return tests.get(light, Q())


def asked_for_by_parties() -> list[str]:
    """Return the kinds of case that a party can ask for."""
    return [
        type_.label
        for type_ in case_types()
        if any(door.opener == Opener.PARTY for door in type_.doors.values())
    ]


def _awaited(who: str) -> Q:
    """Return the test of who waits for a step: the party of its case, or who asked beside one."""
    by_party = Q(host=None, kind__in=asked_for_by_parties()) & ~Q(case__came_in=Channel.OFFICE)
    return {PARTY: by_party, UNIT: Q(host__isnull=False)}.get(who, Q())


def _said(text: str) -> Q:
    if not text:
        return Q()
    number = Q(case__reference__contains=text.upper())
    return number | Q(case__party__name__icontains=text) | Q(case__party__credit_code=text.upper())
