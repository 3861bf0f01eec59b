"""Ask others for their opinion beside a step, several at once: 协办, 会签, 加签 (casebook §2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Duty, Unit
from accounts.standing import standing
from forms.beside import POSITIONS, Advice, Assistance, Countersignature
from notifications import outbox
from notifications.outbox import Draft
from workflows import asides, audit, beside, deadlines, sight, work
from workflows.acts import Refused, current_act
from workflows.asides import Aside, Silence, known, open_beside
from workflows.models import Case, Entry, WorkItem


class Kind(StrEnum):
    """What the others are asked for."""

    ASSIST = "assist"
    COUNTERSIGN = "countersign"
    ADVICE = "advice"


class NoSuchKind(Refused):
    """Others are asked to assist, to countersign or for advice, and for nothing else."""


class NobodyNamed(Refused):
    """Name at least one unit to ask."""


class NoQuestion(Refused):
    """Say what you ask; the other unit reads it."""


class OwnUnit(Refused):
    """Your own unit can be asked for advice only; to assist or countersign, ask another one."""


class AskedAlready(Refused):
    """This unit has been asked already, and has not answered yet."""

    status = 409


class NothingToTakeBack(Refused):
    """This is not an open question to another unit."""

    status = 409


@dataclass(frozen=True)
class Given:
    """One opinion that was asked for, and what became of it; ``late`` also while it is open."""

    item: WorkItem
    kind: Kind
    unit: str
    question: str
    position: str
    reasons: str
    by_silence: bool
    who: str
    when: datetime | None
    due: date | None
    late: bool


def ask(
    item_id: int,
    *,
    by: Any,
    at: datetime,
    units: Sequence[Unit],
    kind: str,
    question: str,
    silence_announced: bool = False,
) -> list[WorkItem]:
    """Ask units at once beside one's own step; it waits until all have answered.

    No answer in time means no objection only if that is announced here (视为无意见).

    :raises NotYourStep, BesideTheRoute: if this is no step in this person's inbox
    :raises NoSuchKind, NobodyNamed, NoQuestion, OwnUnit, NobodyThere, AskedAlready: if it
        cannot be asked like this
    """
    with beside.own_step(item_id, by=by, at=at) as held:
        aside, asked = _aside(kind), list(dict.fromkeys(units))
        people = _check_units(held.item, aside, asked, by)
        request = _request(kind, question, by, silence_announced)
        items = [
            open_beside(
                held.case,
                aside,
                unit=unit,
                request=request,
                host=held.item,
                silence=silence_announced,
            )
            for unit in asked
        ]
        _record_asking(held.case, aside, held.item, items)
        outbox.post((_invitation(held.case, i, people[i.unit_id or 0]) for i in items), at=at)
        return items


def take_back(item_id: int, *, by: Any, at: datetime, reason: str) -> WorkItem:
    """Take a question back that is not answered yet; only who works on the step it holds up.

    :raises NothingToTakeBack: if it is answered, or no such question
    :raises NotYourStep, NoReason: if this person may not, or does not say why
    """
    with work.holding(item_id, by=by, at=at) as held:
        asked, case = held.item, held.case
        if asked.step not in STEPS or not asked.is_open:
            raise NothingToTakeBack
        beside.check_mine(_host(asked), by)
        why, people = beside.told(reason), beside.has_it_now(asked)
        asides.cancel([asked], case)
        detail = {"item": asked.pk, "step": asked.step, "queue": asked.queue, "reason": why}
        audit.record("opinion_taken_back", case, basis=_basis(case, asked), detail=detail)
        beside.tell(people, case, *_NO_LONGER, reason=why)
        _join(case, asked)
        return asked


def opinions_of(case: Case, *, by: Any, on: date) -> list[Given]:
    """Return the opinions asked for in a case, oldest first; nothing to who is not its staff."""
    if not _reads_them(by, case, on):
        return []
    found = WorkItem.objects.filter(case=case, step__in=STEPS).select_related("unit", "owner")
    items = list(found.order_by("pk"))
    answers = _answers(case, items)
    return [_given(item, answers.get(item.pk), on) for item in items]


def _reads_them(by: Any, case: Case, on: date) -> bool:
    return (
        standing(by, on=on).is_staff_member
        and not sight.is_party(by, case, on=on)
        and sight.visible_to(by, on=on).filter(pk=case.pk).exists()
    )


def _answers(case: Case, items: Sequence[WorkItem]) -> dict[int, Entry]:
    kinds, asked = ("completed", "deemed"), [item.pk for item in items]
    told = Entry.objects.filter(stream=case.reference, kind__in=kinds, detail__item__in=asked)
    return {entry.detail["item"]: entry for entry in told}


def _given(item: WorkItem, answer: Entry | None, on: date) -> Given:
    facts = answer.detail["facts"] if answer else {}
    until = localdate(item.closed_at) if item.closed_at else on
    return Given(
        item=item,
        kind=Kind(item.request["kind"]),
        unit=str(item.unit),
        question=item.request["question"],
        position=str(POSITIONS.get(facts.get("position", ""), "")),
        reasons=facts.get("reasons", ""),
        by_silence=answer is not None and answer.kind == "deemed",
        who=str(item.owner or ""),
        when=item.closed_at,
        due=item.due_on,
        late=item.due_on is not None and until > item.due_on,
    )


def _aside(kind: str) -> Aside:
    if kind not in list(Kind):
        raise NoSuchKind(kinds=[str(known_kind) for known_kind in Kind])
    return KINDS[Kind(kind)]


def _request(kind: str, question: str, by: Any, silence_announced: bool) -> dict[str, Any]:
    if not question.strip():
        raise NoQuestion(missing="question")
    return {
        "kind": kind,
        "question": question.strip(),
        "asked_by": by.pk,
        "silence_announced": silence_announced,
    }


def _check_units(host: WorkItem, aside: Aside, units: list[Unit], by: Any) -> dict[int, list[Any]]:
    if not units:
        raise NobodyNamed
    if host.unit in units and aside is not KINDS[Kind.ADVICE]:
        raise OwnUnit(unit=str(host.unit))
    _check_not_asked(host, aside, units)
    holders = beside.holders_in(units, Duty.HANDLER, on=current_act().on)
    people = {unit: [who for who in those if who != by] for unit, those in holders.items()}
    if absent := [str(unit) for unit in units if not people[unit.pk]]:
        said = _("Nobody could answer in: %(units)s.") % {"units": _(", ").join(absent)}
        raise beside.NobodyThere(said, units=absent)
    return people


def _check_not_asked(host: WorkItem, aside: Aside, units: list[Unit]) -> None:
    open_ = WorkItem.objects.filter(host=host, step=aside.name, state__in=asides.OPEN)
    if twice := open_.filter(unit__in=units).select_related("unit").first():
        raise AskedAlready(unit=str(twice.unit))


def _record_asking(case: Case, aside: Aside, host: WorkItem, items: list[WorkItem]) -> None:
    detail = {
        "host": host.pk,
        "step": host.step,
        "items": [item.pk for item in items],
        "units": [item.unit.code for item in items if item.unit],
        **{key: items[0].request[key] for key in ("kind", "question", "silence_announced")},
    }
    basis = deadlines.term_of(case, aside.due).basis
    audit.record("opinions_asked", case, basis=basis, detail=detail)


def _invitation(case: Case, item: WorkItem, people: list[Any]) -> Draft:
    announced = item.request["silence_announced"]
    with override(settings.LANGUAGE_CODE):
        said = _("Asked by %(date)s: %(question)s") % {
            "date": date_format(item.due_on) if item.due_on else "",
            "question": item.request["question"],
        }
        silent = _("No answer by then counts as no objection.") if announced else ""
        subject = _("Your opinion is asked for: %(reference)s") % {"reference": case.reference}
        return Draft(people, case.reference, subject, f"{said} {silent}".strip())


def _settle(case: Any, item: WorkItem, _answers: dict[str, Any]) -> None:
    _join(case, item)


def _join(case: Case, item: WorkItem) -> None:
    """Let the step go on when the last answer is in; the lock of the case makes it one."""
    asked = WorkItem.objects.filter(host=item.host_id, step__in=STEPS)
    left = list(asked.exclude(state=WorkItem.State.CANCELLED).values_list("state", flat=True))
    if not left or set(left) - {WorkItem.State.DONE}:
        return
    host = _host(item)
    detail = {"host": host.pk, "step": host.step, "opinions": len(left)}
    audit.record("opinions_complete", case, basis=_basis(case, item), detail=detail)
    beside.tell(beside.has_it_now(host), case, *_ALL_IN)


def _host(item: WorkItem) -> WorkItem:
    return WorkItem.objects.select_related("owner", "unit").get(asides=item)


def _basis(case: Case, item: WorkItem) -> str:
    return deadlines.term_of(case, asides.ASIDES[item.step].due).basis


_ALL_IN = (
    gettext_lazy("All opinions are in: %(reference)s"),
    gettext_lazy("Every unit asked about case %(reference)s has answered; the step can go on."),
)
_NO_LONGER = (
    gettext_lazy("No longer asked: %(reference)s"),
    gettext_lazy("Your opinion on case %(reference)s is no longer needed. %(reason)s"),
)
# What silence means where it was announced: 视为无意见.
_SILENT = {"position": "no_objection", "reasons": ""}
_FORMS = {
    Kind.ASSIST: Assistance,
    Kind.COUNTERSIGN: Countersignature,
    Kind.ADVICE: Advice,
}
KINDS: dict[Kind, Aside] = {
    kind: known(
        Aside(
            f"aside.{kind}",
            form,
            f"general.consult.{kind}",
            _settle,
            deemed=Silence(f"general.consult.{kind}.silence", _SILENT),
        )
    )
    for kind, form in _FORMS.items()
}
STEPS = tuple(aside.name for aside in KINDS.values())
