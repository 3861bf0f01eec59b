"""When a repair may be asked for, what is known about it then, and what its letters add."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.repair import rules
from cases.repair.rules import Window
from cases.repair.states import Channel, Grade, Refusal, Repair
from records.models import Record
from workflows import policy
from workflows.case_type import Offer


def offer(record: Record, *, on: date) -> Offer:
    """Tell whether repair of a record may be asked for on a day, and why."""
    if record.kind != Record.Kind.PENALTY:
        return Offer(False, (_("Only penalties are repaired; a permit is not a breach."),))
    channel, grade = _kind(record, on)
    terms = policy.edition(on)
    shortest = terms.term(f"repair.{channel}.{grade}.min")
    longest = terms.term(f"repair.{channel}.{grade}.max")
    window = Window(shortest.period, longest.period, record.decided_on)
    possible, reason = _judge(record, window, on)
    return Offer(
        possible=possible,
        reasons=(reason,),
        opens_on=window.opens_on,
        closes_on=window.longest_end,
        grade=str(grade.label),
        basis=shortest.basis,
        certainty=shortest.certainty,
    )


def prepare(case: Repair) -> None:
    """Work out whose rules apply and how grave the breach is."""
    assert case.record is not None
    case.channel, case.grade = _kind(case.record, case.governed_on)


def letter_facts(case: Repair) -> dict[str, Any]:
    """Return what the letters of a repair say beyond what all letters say."""
    assert case.record is not None
    reasons = [Refusal(case.refusal_code)] if case.refusal_code else []
    return {"reasons": reasons, "places": case.record.showings.order_by("id")}


def _kind(record: Record, on: date) -> tuple[Channel, Grade]:
    terms = policy.edition(on)
    unit = policy.unit_code(record.authority_code)
    channel = rules.channel_of(unit, terms.items("repair.samr.units"))
    grade = rules.grade_of(
        record.categories,
        minor=terms.items(f"repair.{channel}.minor.kinds"),
        serious=terms.items(f"repair.{channel}.serious.kinds"),
    )
    return channel, grade


def _judge(record: Record, window: Window, on: date) -> tuple[bool, str]:
    said = {
        "end": date_format(window.shortest_end),
        "first": date_format(window.opens_on),
        "last": date_format(window.longest_end),
    }
    if record.publication == Record.Publication.STOPPED:
        return False, _("The record is no longer published; there is nothing to repair.")
    if on > window.longest_end:
        return False, _("The longest publication period ended on %(last)s.") % said
    if on < window.opens_on:
        told = _(
            "The shortest publication period ends on %(end)s. You can apply from %(first)s on."
        )
        return False, told % said
    return True, _("The shortest publication period ended on %(end)s. You can apply now.") % said
