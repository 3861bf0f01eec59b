"""What was proposed in a case and what was decided, as its log tells it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from web.shown import Shown
from workflows.models import Entry, Proposal
from workflows.tracking import Happening

DECIDED = {
    True: gettext_lazy("granted"),
    False: gettext_lazy("refused"),
    None: gettext_lazy("waits for an approver"),
}
_DECISIONS = {"proposal_granted": True, "proposal_refused": False}


def in_the_case(happened: Iterable[Happening]) -> list[Shown]:
    """Return the proposals in a case; of a recusal the log does not tell why."""
    rows: dict[Any, Shown] = {}
    for one in happened:
        if one.kind == "proposed":
            rows[one.detail["proposal"]] = {
                "kind_label": Proposal.Kind(one.detail["kind"]).label,
                "state_label": DECIDED[None],
                "reason": one.detail.get("reason", ""),
                "proposed_by": one.who,
            }
        elif one.kind in _DECISIONS:
            rows[one.detail["proposal"]] |= _decided(one)
    return list(rows.values())


def applications(log: Iterable[Entry]) -> list[Shown]:
    """Return the recusals for which the party of a case has applied, and what was decided."""
    rows: dict[Any, Shown] = {}
    for entry in log:
        number = entry.detail.get("proposal")
        if entry.kind == "proposed" and _is_the_partys(entry):
            day = timezone.localdate(entry.at)
            rows[number] = {"on": day, "state_label": DECIDED[None], "note": ""}
        elif entry.kind in _DECISIONS and number in rows:
            said = DECIDED[_DECISIONS[entry.kind]]
            rows[number] |= {"state_label": said, "note": entry.detail["note"]}
    return list(rows.values())


def _is_the_partys(entry: Entry) -> bool:
    """Test that a recusal was asked for in the words of the party, who names no staff by number."""
    return entry.detail["kind"] == Proposal.Kind.RECUSE and "person" not in entry.detail


def _decided(one: Happening) -> Shown:
    return {"state_label": DECIDED[_DECISIONS[one.kind]], "decided_by": one.who}
