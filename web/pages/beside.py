"""What is asked beside a step, what it waits for and what may be done with it, for templates."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.standing import standing
from forms.beside import POSITIONS
from web.shown import Shown
from workflows import asides, consulting, tracking
from workflows.consulting import Kind
from workflows.models import Case, Role, WorkItem
from workflows.tracking import Happening

ASKED_FOR = {
    Kind.ASSIST: gettext_lazy("Assistance: facts that another unit knows"),
    Kind.COUNTERSIGN: gettext_lazy("Countersignature: another unit has to agree"),
    Kind.ADVICE: gettext_lazy("Advice: one more opinion, perhaps of your own unit"),
}

_ANSWERS = ("completed", "deemed", "opinion_taken_back")


def request(item: WorkItem, *, names: Mapping[str, str]) -> Shown | None:
    """Return what is asked beside a step, by whom, and about which letter; nothing for a step.

    ``names`` are those of the people in the log, by the keys it knows them by.
    """
    if item.step not in asides.ASIDES:
        return None
    asked = item.request
    return {
        "facts": [
            {"label": label, "value": value}
            for label, value in (
                (_("What is asked for"), _kind(asked)),
                (_("Question"), asked.get("question")),
                (_("Transferred by"), _unit(item.case, asked)),
                (_("Reason"), asked.get("reason")),
                (_("Asked by"), names.get(f"user:{asked.get('asked_by')}", "")),
            )
        ],
        "silence": bool(asked.get("silence_announced")),
        "letter": _letter(asked) if "letter" in asked else None,
    }


def returned(item: WorkItem) -> Shown | None:
    """Return why a step was returned to here, by whom and when; nothing if it was not."""
    note = item.request.get("returned") if item.step not in asides.ASIDES else None
    if not note:
        return None
    at = timezone.localtime(datetime.fromisoformat(note["at"]))
    step = tracking.title_of(item.kind, note["from"])
    return {"reason": note["reason"], "by": note["name"], "at": at, "step": step}


def in_place_of(item: WorkItem, viewer: Any, *, on: Any) -> str:
    """Return for whom a person does a step, or would: nobody if on their own account."""
    if item.owner_id == viewer.pk:
        return str(item.on_behalf_of or "")
    absent = standing(viewer, on=on).principals(item.queue) if item.is_open else ()
    return _(", ").join(str(person) for person in absent)


def verbs(item: WorkItem, awaited: list[Shown]) -> list[Shown]:
    """Return what may be done with one's own step besides completing it."""
    if item.step in asides.ASIDES:
        return []
    if item.case.suspended_at:
        return [recusal(item.case)]
    node = asides.step_named(item.kind, item.step)
    may_go = not awaited
    possible = [
        ("work-ask", _("Ask for opinions"), _("The step waits until all have answered."), True),
        (
            "work-transfer",
            _("Transfer to another unit"),
            _("If your unit is not competent. No date changes."),
            may_go and node.role != Role.OFFICE,
        ),
        (
            "work-return",
            _("Return to the step before"),
            _("With a reason. No date changes."),
            may_go and bool(node.returns_to),
        ),
    ]
    here = [
        {"name": name, "label": label, "help": hint, "url": reverse(name, args=[item.pk])}
        for name, label, hint, may in possible
        if may
    ]
    return [*here, recusal(item.case)]


def recusal(case: Case) -> Shown:
    """Return the verb by which somebody is to be kept out of a case."""
    return {
        "name": "recuse",
        "label": _("Declare or propose a recusal"),
        "help": _("Of yourself or of a colleague, because of a tie to the party or the matter."),
        "url": reverse("propose", args=[case.reference, "recuse"]),
    }


def awaited(item: WorkItem, rows: list[Shown], *, is_mine: bool) -> list[Shown]:
    """Return what a step waits for, of all that is open in its case."""
    return [
        {**row, "take_back_url": _take_back(item, row) if is_mine else ""}
        for row in rows
        if row["host"] == item.pk
    ]


def opinions(happened: Iterable[Happening], units: Mapping[str, str]) -> list[Shown]:
    """Return the opinions asked for in a case and what was answered, all as its log tells."""
    asked: dict[int, Shown] = {}
    for one in happened:
        detail = one.detail
        if one.kind == "opinions_asked":
            asked |= _questions(one, units)
        elif detail.get("item") in asked and one.kind in _ANSWERS:
            asked[detail["item"]] |= _answer(one)
    return list(asked.values())


def units_asked(happened: Iterable[Happening]) -> set[str]:
    """Return the codes of the units whose opinion was asked for in a case."""
    return {code for one in happened for code in one.detail.get("units", ()) if _asks(one)}


def _asks(one: Happening) -> bool:
    return one.kind == "opinions_asked"


def _questions(one: Happening, units: Mapping[str, str]) -> dict[int, Shown]:
    told = one.detail
    return {
        item: {
            "unit": units.get(code, code),
            "kind_label": ASKED_FOR[Kind(told["kind"])],
            "question": told["question"],
            "asked_by": one.who,
            "position": _("No answer yet"),
        }
        for item, code in zip(told["items"], told["units"], strict=True)
    }


def _answer(one: Happening) -> Shown:
    if one.kind == "opinion_taken_back":
        return {"position": _("Taken back"), "who": one.who, "when": timezone.localtime(one.at)}
    facts = one.detail["facts"]
    position = POSITIONS.get(facts.get("position", ""), "")
    if one.kind == "deemed":
        position = _("%(position)s, for it did not answer in time") % {"position": position}
    when = timezone.localtime(one.at)
    return {"position": position, "reasons": facts.get("reasons"), "who": one.who, "when": when}


def _take_back(item: WorkItem, row: Shown) -> str:
    if row["step"] not in consulting.STEPS:
        return ""
    return reverse("work-take-back", args=[item.pk, row["id"]])


def _kind(asked: Shown) -> Any:
    return ASKED_FOR.get(Kind(asked["kind"])) if "kind" in asked else ""


def _unit(case: Case, asked: Shown) -> str:
    role = asked.get("role")
    return str(case.unit_as.get(role, asked["from"])) if role else ""


def _letter(asked: Shown) -> Shown:
    return {
        "title": asked["title"],
        "number": asked["number"],
        "url": reverse("letter", args=[asked["letter"]]),
        "pdf_url": reverse("letter-pdf", args=[asked["letter"]]),
    }
