"""An organisation, a record and a case that do not exist, as the templates are told of them."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from web.shown import Shown

RECEIVED = dt.datetime(2026, 9, 28, 9, 30, tzinfo=dt.UTC)
OPENED, DUE, LATER = dt.date(2026, 9, 28), dt.date(2026, 10, 9), dt.date(2026, 11, 2)
REFERENCE, CODE = "XF-2026-000000", "91370115MA00000000"


def party() -> Shown:
    """Return an organisation."""
    return {"name": _("Example Construction Company (made up)"), "credit_code": CODE}


def long_name() -> str:
    """Return a name longer than any column."""
    return _(
        "Example Construction, Installation, Landscape Engineering and Consulting Company "
        "Limited, Third Branch of the Northern Development Zone (made up)"
    )


def record(standing: str = "shown", label: str = "") -> Shown:
    """Return a penalty."""
    return {
        "document_number": _("Example penalty decision No. 0000 (made up)"),
        "standing": standing,
        "standing_label": label or _("Shown"),
        "authority": _("Example Urban Management Bureau"),
        "decided_on": dt.date(2026, 6, 25),
        "categories": [_("Fine")],
        "categories_label": _("Kind of penalty"),
        "fine": "¥20,000.00",
        "conduct": _("Built without a permit (made up)."),
        "conduct_label": _("Unlawful conduct"),
        "url": "#",
    }


def facts() -> list[Shown]:
    """Return what was answered, one of it at length."""
    return [
        {"label": _("Contact person"), "value": _("A. Example")},
        {"label": _("How was the breach put right?"), "value": _("The fine was paid in full.")},
    ]


def clocks() -> list[Shown]:
    """Return a clock of each light, one that stands still, and one that may still move."""
    lights = [
        ("green", _("On time"), _("8 working days left"), LATER),
        ("amber", _("Due soon"), _("2 working days left"), DUE),
        ("red", _("Overdue"), _("3 working days late"), OPENED),
    ]
    told = [_clock(light, label, left, day) for light, label, left, day in lights]
    stands = {**_clock("grey", _("Paused"), "", None), "paused": True}
    moves = {**_clock("green", _("On time"), "", dt.date(2027, 2, 19)), "provisional": True}
    return [*told, stands, moves]


def _clock(light: str, light_label: str, left: str, due_on: dt.date | None) -> Shown:
    return {
        "label": _("Decision on the repair"),
        "light": light,
        "light_label": light_label,
        "left": left,
        "due_on": due_on,
        "certainty_label": _("set by law"),
        "basis": _("Example regulation, article 0 (made up)"),
        "explanation": [_("Counted in working days; public holidays are left out.")],
    }


def events() -> list[Shown]:
    """Return what has happened in a case, newest first."""
    told = [_("Accepted"), _("Checked in form"), _("Received")]
    return [
        {
            "title": title,
            "at": RECEIVED + dt.timedelta(days=2 - n),
            "by": "" if n == 1 else _("A. Example, Example Urban Management Bureau"),
            "note": _("The papers are complete (made up).") if n == 0 else "",
        }
        for n, title in enumerate(told)
    ]


def letters() -> list[Shown]:
    """Return a letter that was served, and one that was not yet."""
    one = {
        "title": _("Notice of acceptance"),
        "title_en": "Notice of acceptance",
        "number": _("Example letter No. 0000"),
        "issued_at": RECEIVED,
        "url": "#",
        "view_url": "#",
        "pdf_url": "#",
        "sha256": "0" * 64,
    }
    return [{**one, "served": _("Served electronically on 2026-09-28")}, one]


def files() -> list[Shown]:
    """Return a file for each answer of the malware scan."""
    scans = [
        ("clean", _("Scanned, nothing found")),
        ("waiting", _("Waits for the malware scan")),
        ("infected", _("Malware found: the file is locked")),
    ]
    return [_file(scan, label) for scan, label in scans]


def _file(scan: str, label: str) -> Shown:
    locked = scan == "infected"
    return {
        "name": _("Receipt of payment (made up).pdf"),
        "item": _("Proof of fulfilment"),
        "size": "120 KB",
        "url": "" if locked else "#",
        "view_url": "#",
        "kind": "application/pdf",
        "locked": locked,
        "scan": scan,
        "scan_label": label,
        "by": _("A. Example"),
        "at": RECEIVED,
        "sha256": "0" * 64,
    }


def case(**changed: Any) -> Shown:
    """Return a case that is open."""
    return {
        "reference": REFERENCE,
        "title": _("Credit repair"),
        "state_label": _("Being verified"),
        "closed": False,
        "suspended": False,
        "party": party(),
        "opened_on": OPENED,
        "where": {"sentence": _("With the example bureau, which verifies until 2026-10-09.")},
        "url": "#",
        "record": record(),
        "particulars": facts(),
        "facts": facts(),
        "opened_by_party": True,
        "attachments": files(),
        "letters": letters(),
        "timeline": events(),
        "clocks": clocks()[:1],
        "units": [{"label": _("Unit"), "value": _("Example Urban Management Bureau")}],
        "people": [{"label": _("Verify"), "value": _("A. Example")}],
        "ties": [_tie()],
        "proposals": [proposal()],
        **changed,
    }


def _tie() -> Shown:
    said, title = _("follows"), _("Objection")
    return {"said": said, "title": title, "reference": "YY-2026-000000", "closed": True}


def proposal() -> Shown:
    """Return an exceptional move that waits for its second person."""
    return {
        "kind_label": _("Extend a time limit"),
        "state_label": _("Waits for an approver"),
        "proposed_by": _("A. Example"),
        "decided_by": "",
        "reason": _("A visit to the site is needed (made up)."),
    }


def step(number: int, light: str = "green", label: str = "", **changed: Any) -> Shown:
    """Return a step as the tables of work show it."""
    return {
        "id": number,
        "light": light,
        "light_label": label or _("On time"),
        "due_on": DUE,
        "left": _("2 working days left"),
        "url": "#",
        "title": _("Verify"),
        "reference": REFERENCE,
        "party": party()["name"],
        "unit": _("Example Urban Management Bureau"),
        "received": OPENED,
        "since": RECEIVED,
        "waits": _("The office"),
        "waiting": _("2 working days"),
        "state_label": _("Open"),
        "may_claim": True,
        "may_direct": True,
        "claim_url": "#",
        **changed,
    }
