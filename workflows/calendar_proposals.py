"""Load the calendar of a year: one person uploads its file, an approver grants it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Duty
from accounts.standing import standing
from workflows import audit, calendar_sheet, calendars, editions
from workflows.calendar_sheet import Sheet
from workflows.calendars import CalendarChange
from workflows.models import Proposal
from workflows.proposals import NotAllowed

Kind = Proposal.Kind
# A year has some forty declared days; a file this large is not a calendar.
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class Decided:
    """A proposal that has been decided on, and what the calendar changed if it was granted."""

    proposal: Proposal
    change: CalendarChange | None = None


def propose(content: bytes, *, by: Any, at: datetime, reason: str) -> Proposal:
    """Propose the calendar of a year, as a file says it; nothing changes before it is granted.

    :raises CalendarRefused: naming the first line that is wrong; the file is refused whole
    :raises NotAllowed: if a file for this year waits already, or no reason is given
    :raises NotYours: if this person is neither of the credit office nor an operator
    """
    office = editions.office_for(by, localdate(at))
    sheet = _read(content, reason)
    # What would move is worked out beside any act: an act remembers the calendar it has read.
    key = f"calendar/{sheet.year}"
    told = {"key": key, **_summary(sheet)}
    with audit.act(by=by, at=at):
        if _open().filter(detail__key=key).exists():
            raise NotAllowed(_("A file for this year waits for its decision already."))
        proposal = Proposal.objects.create(
            kind=Kind.CALENDAR,
            unit=office,
            detail={**told, "file": content.decode("utf-8-sig")},
            reason=reason.strip(),
            proposed_by=by,
            proposed_at=at,
        )
        audit.record("proposed", key, detail={**told, "proposal": proposal.pk})
        return proposal


def decide(proposal_id: int, *, by: Any, grant: bool, at: datetime, note: str = "") -> Decided:
    """Grant or refuse a calendar; granted, it replaces its year and moves every date it touches.

    The days change in one act with the decision; the dates follow, a batch of cases an act.

    :raises SameHand: if this person made the proposal
    :raises CalendarRefused: if the file no longer follows on what is loaded
    """
    with audit.act(by=by, at=at) as act:
        proposal = editions.awaiting(proposal_id, Kind.CALENDAR)
        editions.check_decider(proposal, by, act.on)
        proposal.decided_by, proposal.decided_at = by, at
        proposal.granted, proposal.note = grant, note.strip()
        proposal.save(update_fields=["decided_by", "decided_at", "granted", "note"])
        kind = "proposal_granted" if grant else "proposal_refused"
        told = {"proposal": proposal.pk, "note": note}
        audit.record(kind, proposal.detail["key"], detail=told)
        if not grant:
            return Decided(proposal)
        sheet = calendar_sheet.parsed(proposal.detail["file"].encode())
        change = calendars.declare(sheet)
    calendars.move_dates(sheet, change, by=by, at=at)
    return Decided(proposal, change)


def open_for(viewer: Any, *, on: date) -> list[Proposal]:
    """Return the calendars that wait, for the approvers of the credit office."""
    approving = [m.unit_id for m in standing(viewer, on=on).memberships if m.duty == Duty.APPROVER]
    found = _open().filter(unit__in=approving)
    return list(found.select_related("proposed_by", "unit").order_by("pk"))


def _open() -> Any:
    return Proposal.objects.filter(kind=Kind.CALENDAR, decided_at=None)


def _read(content: bytes, reason: str) -> Sheet:
    if not reason.strip():
        raise NotAllowed(_("Say where the calendar was published and why it is loaded."))
    if len(content) > _MOST_BYTES:
        raise NotAllowed(_("This file is too large for the calendar of a year."))
    return calendar_sheet.parsed(content)


def _summary(sheet: Sheet) -> dict[str, Any]:
    change = calendars.foreseen(sheet)
    counts = {name: getattr(change, name) for name in ("added", "changed", "removed")}
    return {
        "year": sheet.year,
        "notice": sheet.notice,
        "days": len(sheet.days),
        **counts,
        "moves": len(change.moves),
        "shorter": sum(move.is_shorter for move in change.moves),
        "sha256": sheet.sha256,
        "digest": sheet.digest,
    }
