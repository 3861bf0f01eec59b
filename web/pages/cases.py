"""Cases and what happened in them as the templates show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.standing import standing
from web.pages import history
from web.pages.beside import opinions, units_asked
from web.pages.papers import attachment, letter, record
from web.pages.party import course, rated, remedies
from web.pages.proposed import applications, in_the_case
from web.pages.work import clock, item, working_days
from web.shown import Shown
from workflows import audit, sight, ties, tracking, wording
from workflows.case_type import Door, Opener, case_type
from workflows.models import Case, Entry, Role
from workflows.remedies import remedies_against

_ANSWERS = ("completed", "deemed")


def case_line(case: Case, *, waiting: Sequence[tracking.Waiting]) -> Shown:
    """Return a case as one line of the party's list."""
    first = waiting[0] if waiting else None
    return {
        **_case_head(case, told_party=True),
        "record": {"document_number": case.record.document_number if case.record else ""},
        "where": {"sentence": _where(case, waiting)},
        "url": reverse("case", args=[case.reference]),
        "light": first.light if first else "",
        "light_label": wording.LIGHTS[first.light] if first else "",
    }


def case_page(case: Case, *, on: date, told_party: bool, viewer: Any = None) -> Shown:
    """Return everything one page tells about a case; its units to a ``viewer`` of the staff."""
    dossier = tracking.dossier_of(case, on=on)
    happened = dossier.timeline if told_party else dossier.history
    steps = history.steps_in(dossier.log)
    units = _units(case, units_asked(happened), viewer, on) if viewer else []
    issued = list(sight.letters_of(case, told_party=told_party))
    return {
        **_case_head(case, told_party=told_party),
        "record": record(case.record) if case.record else None,
        "where": {"sentence": _where(case, dossier.waiting)},
        "clocks": [clock(c) for c in dossier.clocks],
        "spent": time_spent(dossier, on=on),
        "course": course(dossier.course(on=on)) if told_party else None,
        "rated": rated(dossier.log) if told_party else None,
        "timeline": [history.happening(h, case, steps) for h in reversed(happened)],
        "letters": [letter(x, service=getattr(x, "service", None)) for x in issued],
        "remedies": remedies(remedies_against(case, issued), on=on) if told_party else [],
        "attachments": SimpleLazyObject(lambda: files_of(case, told_party=told_party)),
        "particulars": [
            {"label": label, "value": value}
            for label, value in case_type(case.kind).particulars(case.typed)
        ],
        "facts": _told(case, dossier, told_party=told_party),
        "findings": [] if told_party else _findings(case, dossier),
        "opened_by_party": _door(case, dossier).opener == Opener.PARTY,
        "opinions": _opinions(happened, units),
        "proposals": [] if told_party else in_the_case(happened),
        "applications": applications(dossier.log) if told_party else [],
        "items": [item(w.item, on=on, title=w.step) for w in dossier.waiting],
        **({} if told_party else _for_staff(case, dossier, happened)),
        "units": [{"label": Role(u.role).label, "value": str(u)} for u in units if u.role],
    }


def files_of(case: Case, *, told_party: bool) -> list[Shown]:
    """Return the files of a case the caller may see."""
    return [attachment(x) for x in sight.attachments_of(case, told_party=told_party)]


def tied(case: Case, *, viewer: Any, on: date) -> list[Shown]:
    """Return the other cases a case is tied to, as far as the viewer may see them."""
    return [_tie(tie) for tie in ties.ties_of(case, viewer=viewer, on=on)]


def case_head(case: Case, *, on: date) -> Shown:
    """Return what a case is called, where it stands, and its clocks."""
    dossier = tracking.dossier_of(case, on=on)
    return {
        **_case_head(case, told_party=False),
        "clocks": [clock(running) for running in dossier.clocks],
    }


def entry(written: Entry, case: Case, *, who: str) -> Shown:
    """Return one entry of the log of a case."""
    return {
        "seq": written.seq,
        "at": timezone.localtime(written.at),
        "kind": written.kind,
        "label": tracking.called(case, written),
        "who": who,
        "detail": [{"label": k, "value": _plain(v)} for k, v in written.detail.items()],
        "basis": written.basis,
        "hash": written.hash,
    }


def facts(case: Case, names: Iterable[str]) -> list[Shown]:
    """Return the facts of a case with these names, in words."""
    typed = case.typed
    fields = {field.name: field for field in type(typed)._meta.get_fields()}
    told = [(fields[name], getattr(typed, name)) for name in names if name in fields]
    return [
        {"label": field.verbose_name, "value": _in_words(typed, field.name, value)}
        for field, value in told
        if value not in (None, "", {}, [])
    ]


def time_spent(dossier: tracking.Dossier, *, on: date) -> list[Shown]:
    """Return the working days each side has had a case."""
    spent = dossier.time_spent(on=on)
    named = [
        (_("Credit office"), spent.office),
        (_("The party"), spent.party),
        (_("Other authorities"), spent.authority),
    ]
    return [{"label": who, "value": working_days(n)} for who, n in named]


def _door(case: Case, dossier: tracking.Dossier) -> Door:
    received: Shown = next((e.detail for e in dossier.log if e.kind == "received"), {})
    return case_type(case.kind).door(received.get("door", ""))


def _findings(case: Case, dossier: tracking.Dossier) -> list[Shown]:
    """Return what the steps of a case have found so far; what nobody answered is no finding."""
    answered = {name for e in dossier.log if e.kind in _ANSWERS for name in e.detail["facts"]}
    return facts(case, [name for name in case_type(case.kind).findings if name in answered])


def _told(case: Case, dossier: tracking.Dossier, *, told_party: bool) -> list[Shown]:
    """Return what a case was opened with; what an office wrote is told its party by letter."""
    door = _door(case, dossier)
    if door.form is None or (told_party and door.opener != Opener.PARTY):
        return []
    received: Shown = next((e.detail for e in dossier.log if e.kind == "received"), {})
    asked = {*received.get("facts", {}), *door.form.personal}
    return facts(case, [name for name in door.form.base_fields if name in asked])


def _units(case: Case, asked: Iterable[str], viewer: Any, on: date) -> list[Any]:
    """Return the units of a case, each with its ``role``, and those it asked, which have none.

    Each is marked if the viewer represents the party, whom no opinion is told.
    """
    part = FilteredRelation("involvements", condition=Q(involvements__case=case))
    theirs = standing(viewer, on=on).representations.filter(credit_code=case.party.credit_code)
    told = Unit.objects.annotate(part=part, role=F("part__role"), is_party=Exists(theirs))
    found = list(told.filter(Q(part__isnull=False) | Q(code__in=asked)).order_by("part__id"))
    vars(case)["unit_as"] = {unit.role: unit for unit in found if unit.role}  # asked for only once
    return found


def _opinions(happened: Sequence[tracking.Happening], units: Iterable[Any]) -> list[Shown]:
    names = {unit.code: str(unit) for unit in units if not unit.is_party}
    return opinions(happened, names) if names else []


def _tie(tie: ties.Tie) -> Shown:
    return {
        "said": tie.said,
        "reference": tie.case.reference,
        "title": str(case_type(tie.case.kind).verbose_name),
        "closed": tie.case.closed_at is not None,
    }


def _case_head(case: Case, *, told_party: bool) -> Shown:
    return {
        "reference": case.reference,
        "title": str(case_type(case.kind).verbose_name),
        "state_label": tracking.state_of(case, told_party=told_party),
        "closed": case.closed_at is not None,
        "suspended": case.suspended_at is not None,
        "party": {"name": case.party.name, "credit_code": case.party.credit_code},
        "opened_on": timezone.localdate(case.opened_at),
    }


def _where(case: Case, waiting: Sequence[tracking.Waiting]) -> str:
    if waiting:
        return " ".join(w.sentence for w in waiting)
    return tracking.state_of(case, told_party=True)


def _for_staff(
    case: Case, dossier: tracking.Dossier, happened: Sequence[tracking.Happening]
) -> Shown:
    """Return who did what, and all that was read, for the pages of those who work on a case."""
    return {"people": history.people(happened, case), "dossier": dossier, "happened": happened}


def _in_words(typed: Case, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    display = getattr(typed, f"get_{name}_display", None)
    question = case_type(typed.kind).questions.get(name)
    choices = dict(getattr(question, "choices", ()))
    return display() if display else _said(value, choices)


def _said(value: Any, choices: Mapping[Any, Any]) -> Any:
    """Return an answer in words: of several, one a line; of one in parts, the parts in a row."""
    if isinstance(value, list):
        return "\n".join(str(_said(one, choices)) for one in value)
    if isinstance(value, dict):
        return " · ".join(part for part in value.values() if part and isinstance(part, str))
    return choices.get(value, value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else audit.canonical(value)
