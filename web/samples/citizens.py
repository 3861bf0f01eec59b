"""What citizens see, in every state."""

from typing import Any

from django.utils.translation import gettext as _

from notifications.letters import square_code
from web.samples import PARTS, Group, Sample
from web.samples.things import (
    CODE,
    DUE,
    LATER,
    OPENED,
    RECEIVED,
    REFERENCE,
    case,
    clocks,
    events,
    facts,
    files,
    letters,
    party,
    record,
)


def groups() -> list[Group]:
    """Return the groups of this face."""
    return [
        (_("Where it is, and until when"), _where()),
        (_("Papers"), _papers()),
        (_("Before and while one applies"), _applying()),
        (_("After a decision"), _after()),
        (_("Looking up"), _looking_up()),
    ]


def _part(called: str, name: str, /, **told: Any) -> Sample:
    return Sample(called, f"{PARTS}{name}.html", told)


def _where() -> list[Sample]:
    closed = case(closed=True, state_label=_("Closed"), where={"sentence": _("It is closed.")})
    return [
        _part(_("Head of an open case"), "case_head", case=case()),
        _part(_("Head of a suspended case"), "case_head", case=case(suspended=True)),
        _part(_("Head of a closed case"), "case_head", case=closed),
        _part(_("Open"), "where", case=case()),
        _part(_("Closed"), "where", case=closed),
        _part(_("Green, amber, red, paused, provisional"), "clocks", clocks=clocks()),
        _part(_("What one may do, one of it grave"), "can", can=_deeds()),
        _part(_("Timeline"), "timeline", timeline=events(), more_url="#"),
        _part(_("Two sides and their time"), "course", course=_course()),
    ]


def _deeds() -> list[dict[str, Any]]:
    later = {"label": _("Ask for a recusal"), "url": "#"}
    grave = {"label": _("Withdraw the application"), "url": "#", "method": "post", "grave": True}
    main = {"label": _("Hand in the supplement"), "url": "#", "main": True}
    return [main, later, {**grave, "help": _("The case ends; you may apply again.")}]


def _course() -> dict[str, Any]:
    parts = [("office", _("The office"), "70%", "0%"), ("party", _("You"), "30%", "70%")]
    return {
        "total": _("10 working days"),
        "sentence": _("The office 7 working days, you 3."),
        "parts": [{"style": style, "width": w, "x": x} for style, _label, w, x in parts],
        "rows": [{"style": s, "label": said, "days": w} for s, said, w, _x in parts],
    }


def _papers() -> list[Sample]:
    return [
        _part(_("Letters, served and not yet"), "letters", letters=letters()),
        _part(_("Files by their scan"), "attachments", attachments=files()),
        _part(_("Documents with their viewer"), "documents", files=files(), letters=letters()),
        _part(_("A text to be signed"), "text_to_sign", form=_to_sign()),
        _part(_("The receipt"), "receipt", **_receipt()),
        _part(_("In both languages"), "both", said={"zh": _("Receipt"), "en": "Receipt"}),
    ]


def _to_sign() -> dict[str, Any]:
    text = _("We commit ourselves to nothing: this text is an example.")
    return {"text": text, "text_version": "V0", "commitment": {"initial": "0" * 64}}


def _receipt() -> dict[str, Any]:
    return {
        "case": case(),
        "query_code": "EXAMPLE0",
        "received_at": RECEIVED,
        "query_address": "https://example.com/track/",
        "square_code": square_code(REFERENCE),
    }


def _applying() -> list[Sample]:
    steps = [
        {"title": _("The penalty"), "url": "#", "done": True},
        {"title": _("Contact person"), "current": True},
        {"title": _("Check and submit")},
    ]
    saved = {"url": "#", "title": _("Credit repair"), "matter": REFERENCE, "drop_url": "#"}
    draft = {**saved, "page": _("Contact person"), "saved_at": RECEIVED}
    told = {"time": "09:30", "drop_url": "#", "saved": _("Saved at 09:30")}
    asked = {"facts": facts(), "letter": letters()[0], "silence": True}
    return [
        *[_part(title, "eligibility", offer=offer, card=True) for title, offer in _offers()],
        _part(_("Steps of a form"), "guide_steps", steps=steps),
        _part(_("Drafts"), "drafts", drafts=[draft]),
        _part(_("A draft found again"), "draft_restored", draft=told),
        _part(_("A draft that was saved"), "draft_state", draft=told),
        _part(_("What is asked of one"), "request", asked=asked),
        _part(_("For whom and about what"), "party", case=case(), without_documents=True),
    ]


def _offers() -> list[tuple[str, dict[str, Any]]]:
    title, basis = _("Apply for credit repair"), _("Example regulation, article 0 (made up)")
    known = {"title": title, "basis": basis, "max_end": LATER, "min_end": DUE, "url": "#"}
    return [
        (_("Possible now"), {**known, "possible": True}),
        (_("Possible later"), {**known, "from": LATER, "reasons": [_("Three months must pass.")]}),
        (_("Not possible"), {**known, "reasons": [_("This record is not shown any more.")]}),
    ]


def _after() -> list[Sample]:
    grades = [(5, _("Very satisfied")), (1, _("Very dissatisfied"))]
    rated = {"grade_label": _("Very satisfied"), "at": RECEIVED}
    return [
        _part(_("Where to object"), "remedies", remedies=[_remedies()]),
        _part(_("To be rated"), "rating", rate_url="#", grades=grades),
        _part(_("Rated"), "rating", rated=rated),
    ]


def _remedies() -> dict[str, Any]:
    way = {
        "title": _("Administrative review"),
        "where": _("Example district government"),
        "length": _("60 days"),
        "basis": _("Example regulation, article 0 (made up)"),
        "certainty": _("set by law"),
    }
    ways = [{**way, "until": LATER}, {**way, "until": OPENED, "over": True}, way]
    one = letters()[0]
    return {"letter": one["title"], "number": one["number"], "url": "#", "ways": ways} | {
        "served_on": OPENED
    }


def _looking_up() -> list[Sample]:
    shown = [("shown", _("Shown")), ("objected", _("Objected to")), ("repaired", _("Repaired"))]
    return [
        *[_part(label, "standing", record=record(name, label)) for name, label in shown],
        _part(_("A record"), "record_facts", record=record(), numbered=True),
        _part(_("Public records"), "public_search", titled=True, search=CODE),
        _part(_("A case without signing in"), "track_form", given={"reference": REFERENCE}),
        _part(_("The organisation"), "facts", facts=[{"label": "ID", "value": party()["name"]}]),
    ]
