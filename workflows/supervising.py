"""What a supervisor does about a step: hand it to somebody else, urge it, ask why it is late."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import asides, audit, beside, climbing, hands, oversight, transfers, work
from workflows.acts import Refused, current_act
from workflows.hands import Hands
from workflows.models import Deadline, Purpose, Urging, WorkItem

# 公务员法 §14(4): a civil servant carries out what the superior lawfully orders.
_BASIS = "公务员法 §14"
_EVENTS = {Urging.Kind.URGE: "urged", Urging.Kind.EXPLAIN: "explanation_asked"}


class NotYoursToDirect(Refused):
    """Only a supervisor of the unit with which the step lies, or of the credit office, may do this.

    Auditors watch and change nothing.
    """

    status = 403


class MayNotTakeIt(Refused):
    """This person may not do this step."""


class HasItAlready(Refused):
    """This person has the step already."""

    status = 409


class NothingAsked(Refused):
    """Say what you want done or explained; the unit reads it."""


class NothingToUrge(Refused):
    """No time limit is running for this step, so there is nothing to press for."""

    status = 409


class AskedAlready(Refused):
    """The same was asked about this step before, and its answer has not come yet."""

    status = 409


def reassign(item_id: int, *, by: Any, to: Any, reason: str, at: datetime) -> WorkItem:
    """Hand a step to another person of its unit, from its queue or out of an inbox; clocks run on.

    The head of a unit divides its work among its members (行政首长负责制; 公务员法 §14: they carry
    out what a superior lawfully orders). It gives nobody a duty they do not hold, and overrides
    neither the second person nor a recusal nor a tie to the party. What the one who had it has
    written so far stays theirs.

    :raises NotYoursToDirect: if this person does not supervise the unit of the step
    :raises NoReason: if it is not said why; both people read it
    :raises HasItAlready, MayNotTakeIt: if the other has the step, or may not do it
    :raises TakenByAnother, OnItsWay: if the step was done meanwhile, or is being transferred
    """
    with _directing(item_id, by=by, at=at) as held:
        why, before = beside.told(reason), held.item.owner
        item: WorkItem = held.item
        work.hand_over(held, _able(item, to))
        _record_handing(item, held.case, before, why)
        _tell_both(item, held.case, before, why)
        return item


def check_here(item: WorkItem) -> None:
    """Make sure that a step is with its unit and waits for somebody there.

    :raises TakenByAnother, OnItsWay: if it was done, or is being transferred to another unit
    """
    work.check_open(item)
    if item.queue.startswith(transfers.AWAY):
        raise transfers.OnItsWay


def urge(item_id: int, *, by: Any, question: str, at: datetime) -> Urging:
    """Demand of the unit that has a step that it gets on with it, and an answer (督办).

    A superior supervises and urges the work of those under it (行政许可法 §60; 公务员法 §14); the
    time for the answer is the office's own (``ladder.answer``).

    :raises NotYoursToDirect: if this person does not supervise the unit of the step
    :raises NothingAsked: if it is not said what is wanted
    :raises AskedAlready, NothingToUrge: if a demand of this kind is open, or no limit runs
    """
    return _demand(Urging.Kind.URGE, item_id, by=by, question=question, at=at)


def ask_to_explain(item_id: int, *, by: Any, question: str, at: datetime) -> Urging:
    """Ask the unit that has a step to explain itself; its answer is the explanation.

    Basis and refusals as for ``urge``.
    """
    return _demand(Urging.Kind.EXPLAIN, item_id, by=by, question=question, at=at)


@contextmanager
def _directing(item_id: int, *, by: Any, at: datetime) -> Iterator[Any]:
    with work.holding(item_id, by=by, at=at) as held:
        if held.item.queue == WorkItem.PARTY:
            raise work.NothingToClaim
        if not oversight.may_direct(by, held.item.unit, on=current_act().on):
            raise NotYoursToDirect
        work.check_open(held.item)
        yield held


def _able(item: WorkItem, to: Any) -> Hands:
    check_here(item)
    if item.owner_id == to.pk:
        raise HasItAlready(who=str(to))
    on, past = current_act().on, hands.past_of(item.case)
    try:
        return work.able(item, to, on=on, past=past)
    except Refused as refused:
        why = oversight.why_not_another(refused)
        said = _("%(who)s may not do this step: %(why)s") % {"who": to, "why": why}
        raise MayNotTakeIt(said, who=str(to), why=why) from refused


def _record_handing(item: WorkItem, case: Any, before: Any, why: str) -> None:
    detail = {
        "item": item.pk,
        "step": item.step,
        "from": before and f"user:{before.pk}",
        "owner": f"user:{item.owner_id}",
        "on_behalf_of": item.on_behalf_of_id and f"user:{item.on_behalf_of_id}",
        "reason": why,
    }
    audit.record("reassigned", case, basis=_BASIS, detail=detail)


def _tell_both(item: WorkItem, case: Any, before: Any, why: str) -> None:
    named = {"step": _title(item), "by": current_act().by, "to": item.owner, "reason": why}
    beside.tell([item.owner], case, *_GIVEN, **named)
    if before is not None:
        beside.tell([before], case, *_TAKEN, **named)


def _demand(kind: Urging.Kind, item_id: int, *, by: Any, question: str, at: datetime) -> Urging:
    with _directing(item_id, by=by, at=at) as held:
        asked, clock = _asked(question), _clock_of(held.item)
        _check_not_asked(held.item, kind)
        answer = climbing.answer_by(on=current_act().on)
        urging = Urging.objects.create(
            deadline=clock,
            unit=held.item.unit,
            kind=kind,
            asked_by=by,
            question=asked,
            opened_at=at,
            answer_due_on=answer.day,
        )
        _record_demand(urging, held.item, held.case, answer.term.basis)
        _tell_unit(urging, held.item, held.case)
        return urging


def _asked(question: str) -> str:
    if not question.strip():
        raise NothingAsked(missing="question")
    return question.strip()


def _clock_of(item: WorkItem) -> Deadline:
    clock = item.deadlines.filter(purpose=Purpose.LIMIT, ended_at=None).order_by("pk").first()
    if clock is None:
        raise NothingToUrge
    return clock


def _check_not_asked(item: WorkItem, kind: Urging.Kind) -> None:
    """Refuse a second question; what the ladder demands by itself asks nothing in particular."""
    by_hand = Urging.objects.filter(deadline__item=item, kind=kind, rung=None, answered_at=None)
    earlier = by_hand.select_related("asked_by").order_by("pk").first()
    if earlier is not None:
        when = date_format(localtime(earlier.opened_at), "DATETIME_FORMAT")
        said = _("%(who)s asked the same on %(when)s; the answer is due on %(day)s.")
        told = {"who": str(earlier.asked_by), "when": when}
        raise AskedAlready(said % {**told, "day": date_format(earlier.answer_due_on)}, **told)


def _record_demand(urging: Urging, item: WorkItem, case: Any, basis: str) -> None:
    detail = {
        "urging": urging.pk,
        "item": item.pk,
        "step": item.step,
        "question": urging.question,
        "answer_due": urging.answer_due_on.isoformat(),
    }
    audit.record(_EVENTS[Urging.Kind(urging.kind)], case, basis=basis, detail=detail)


def _tell_unit(urging: Urging, item: WorkItem, case: Any) -> None:
    told = {
        "step": _title(item),
        "by": urging.asked_by,
        "question": urging.question,
        "day": urging.answer_due_on.isoformat(),
    }
    texts = _URGED if urging.kind == Urging.Kind.URGE else _TO_EXPLAIN
    beside.tell(beside.has_it_now(item), case, *texts, **told)


def _title(item: WorkItem) -> Any:
    return asides.step_named(item.kind, item.step).form.title


_GIVEN = (
    gettext_lazy("Assigned to you: %(reference)s"),
    gettext_lazy(
        "%(by)s has given you the step “%(step)s” of case %(reference)s. Its date stays as it was. "
        "%(reason)s"
    ),
)
_TAKEN = (
    gettext_lazy("Assigned to somebody else: %(reference)s"),
    gettext_lazy(
        "%(by)s has given the step “%(step)s” of case %(reference)s to %(to)s. %(reason)s"
    ),
)
_URGED = (
    gettext_lazy("Action required: %(reference)s"),
    gettext_lazy(
        "%(by)s presses for action on the step “%(step)s” of case %(reference)s and asks for an "
        "answer by %(day)s: %(question)s"
    ),
)
_TO_EXPLAIN = (
    gettext_lazy("Explanation requested: %(reference)s"),
    gettext_lazy(
        "%(by)s requests an explanation of the step “%(step)s” of case %(reference)s by %(day)s: "
        "%(question)s"
    ),
)
