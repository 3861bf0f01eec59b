"""What caseworkers and supervisors see, in every state."""

from typing import Any

from django.utils.translation import gettext as _

from web import charts, route_chart
from web.figures import Figure
from web.samples import PARTS, Group, Sample
from web.samples.things import (
    DUE,
    LATER,
    RECEIVED,
    REFERENCE,
    case,
    facts,
    long_name,
    party,
    proposal,
    step,
)
from web.sheets import Table
from workflows import wording
from workflows.route import Stop, Way


def groups() -> list[Group]:
    """Return the groups of these faces."""
    return [
        (_("Work"), _work()),
        (_("Beside a case"), _beside()),
        (_("Supervision"), _supervision()),
        (_("Numbers"), _numbers()),
        (_("The route of a case"), _route()),
    ]


def _part(called: str, name: str, /, *, wide: bool = False, **told: Any) -> Sample:
    return Sample(called, f"{PARTS}{name}.html", told, wide=wide, face="desk")


def _rows() -> list[dict[str, Any]]:
    return [
        step(1, "red", _("Overdue"), suspended=True),
        step(2, "amber", _("Due soon"), party=long_name(), may_claim=False, release_url="#"),
        step(3, may_claim=False, why_not=_("Whoever verified may not decide.")),
    ]


def _work() -> list[Sample]:
    take = _("Take the selected steps")
    keys = Sample(_("Keys"), f"{PARTS}keys.html", {"of": "queue"}, opened=True, face="desk")
    queue = {"rows": _rows(), "label": _("Queue"), "ticks": take, "ticks_url": "#"}
    return [
        _part(_("Three steps, one with a long name"), "work_table", wide=True, **queue),
        _part(_("No step"), "work_table", wide=True, rows=[], label=_("My inbox")),
        _part(_("Empty"), "empty", title=_("Nothing to do"), text=_("Well done."), symbol="check"),
        _part(_("Filters and kept views"), "narrowing", wide=True, **_narrowing()),
        _part(_("What came of each"), "outcomes", outcomes=_outcomes()),
        _part(_("Opinions"), "opinions", opinions=[_opinion()]),
        _part(_("Waits for another unit"), "awaited", awaited=[_awaited()]),
        _part(_("Search"), "desk_search", desk_search_url="#"),
        keys,
    ]


def _narrowing() -> dict[str, Any]:
    options = [{"value": "repair", "label": _("Credit repair"), "chosen": True}]
    view = {"id": 1, "url": "#", "name": _("Urgent (example)"), "mine": True, "current": True}
    return {
        "here": "#",
        "narrowed": True,
        "has_own": True,
        "of": "queue",
        "query": {},
        "wanted": {"text": REFERENCE},
        "choices": [{"title": _("Type"), "name": "kind", "options": options}],
        "views": [view, {**view, "id": 2, "mine": False, "owner": _("A. Example")}],
    }


def _outcomes() -> dict[str, Any]:
    done = {"title": _("Verify"), "reference": REFERENCE, "url": "#", "said": _("Claimed")}
    no = {**done, "said": _("Not claimed"), "why": _("Somebody else was faster.")}
    return {"done": 1, "refused": 1, "rows": [done, no]}


def _opinion() -> dict[str, Any]:
    return {
        "unit": _("Example Urban Management Bureau"),
        "position": _("Agrees"),
        "reasons": _("The duty has been fulfilled (made up)."),
        "kind_label": _("Assistance"),
        "question": _("Has the breach been put right?"),
        "who": _("A. Example"),
        "when": RECEIVED,
    }


def _awaited() -> dict[str, Any]:
    told = {"unit": _("Example Urban Management Bureau"), "title": _("Opinion"), "due_on": DUE}
    return {**told, "light": "amber", "light_label": _("Due soon"), "take_back_url": "#"}


def _beside() -> list[Sample]:
    deed = {"url": "#", "label": _("Suspend the case"), "help": _("Its clocks stand still.")}
    deed["basis"] = _("Example regulation, article 0 (made up)")
    told = case()
    return [
        _part(_("Actions"), "deeds", deeds=[deed], case=told),
        _part(_("Exceptional moves"), "exceptional", exceptional=[deed], case=told),
        _part(_("Units and people"), "case_people", case=told),
        _part(_("Units"), "people", case=told),
        _part(_("Related cases"), "ties", case=told, case_address="case"),
        _part(_("History"), "case_log", case={**told, "timeline": told["timeline"] * 3}),
        _part(_("Time spent"), "time_spent", spent=[{"label": _("The office"), "value": "7"}]),
        _part(_("Before and after"), "changes", wide=True, rows=_changes(), show_case=True),
    ]


def _changes() -> list[dict[str, Any]]:
    before = {"day": DUE, "light": "green", "light_label": _("On time")}
    after = {"day": LATER, "light": "green", "light_label": _("On time"), "provisional": True}
    told = {"label": _("Decision on the repair"), "reference": REFERENCE, "url": "#"}
    why = [_("The clock stood still (made up).")]
    return [
        {**told, "party": party()["name"], "moved": True, "before": before}
        | {"after": {**after, "explanation": why}}
    ]


def _demand(**changed: Any) -> dict[str, Any]:
    return {
        "reference": REFERENCE,
        "kind_label": _("Demand"),
        "answer_due_on": DUE,
        "unit": _("Example Urban Management Bureau"),
        "opened_at": RECEIVED,
        "asked_by": _("S. Example"),
        "due_on": DUE,
        "basis": _("Example regulation, article 0 (made up)"),
        "question": _("Why has nothing happened since the holidays?"),
        **changed,
    }


def _answer_by() -> dict[str, Any]:
    return {
        "day": LATER,
        "length": _("3 working days"),
        "basis": _("Example regulation, article 0 (made up)"),
        "certainty_label": wording.certainty(wording.OFFICE),
        "provisional": True,
    }


def _supervision() -> list[Sample]:
    told = {"answer": _("The site could not be entered."), "answered_by": _("A. Example")}
    answered = _demand(answered_at=RECEIVED, is_explanation=True, **told)
    table = {"rows": _rows(), "label": _("Steps"), "ticks": True, "may_direct": True}
    return [
        _part(_("Steps to direct"), "watched_table", wide=True, **table),
        _part(_("Before it is sent"), "answer_by", answer_by=_answer_by()),
        _part(_("To be answered"), "demand", demand=_demand(), demand_url="#"),
        _part(_("Answer is late"), "demand", demand=_demand(is_late=True), demand_url="#"),
        _part(_("Answered"), "demand", demand=answered, demand_url="#"),
        _part(_("What was asked"), "demand_said", demand=_demand()),
        _part(_("The answer"), "demand_answer", demand=answered),
        _part(_("A move that waits"), "facts", facts=[*facts(), _proposed()]),
    ]


def _proposed() -> dict[str, Any]:
    return {"label": proposal()["kind_label"], "value": proposal()["state_label"]}


def _numbers() -> list[Sample]:
    title, text = _("Open steps by unit"), _("Made-up numbers.")
    parts = [("red", 2), ("amber", 3), ("green", 9), ("grey", 1)]
    said = _("2 overdue, 3 due soon, 9 on time, 1 paused")
    chart = charts.bars("sample", title, text, [charts.Bar(long_name(), parts, said)])
    heads = [_("Unit"), _("Overdue"), _("Total")]
    table = Table("sample", title, heads, [[long_name(), 2, 15]], [_("Made-up numbers.")])
    figure = Figure([chart], table, text, [("red", _("Overdue")), ("amber", _("Due soon"))])
    nothing = Figure([], Table("none", title, heads, []), text)
    return [
        _part(_("Chart, its table and downloads"), "figure", figure=figure, url="#"),
        _part(_("Chart of nothing"), "figure", figure=nothing, url="#"),
        _part(_("Shares of time"), "shares", shares=[_share()]),
    ]


def _share() -> dict[str, Any]:
    widths = [("office", "0%", "50%"), ("authority", "50%", "30%"), ("party", "80%", "20%")]
    parts = [{"style": style, "x": x, "width": width} for style, x, width in widths]
    told = {"title": _("Credit repair"), "total": 10, "office": 5, "authority": 3, "party": 2}
    return {**told, "parts": parts}


def _route() -> list[Sample]:
    stops = [
        Stop("check", _("Check the form"), _("Credit office"), (Way("verify"),), passed=1),
        Stop("verify", _("Verify"), _("Authority"), (Way("decide"), Way("check")), is_here=True),
        Stop("decide", _("Decide"), _("Authority"), (Way("verify"),)),
    ]
    told: list[dict[str, Any]] = [
        {"title": stop.title, "who": stop.who, "style": route_chart.style_of(stop)}
        | {"said": _("The case is here") if stop.is_here else _("Not reached")}
        for stop in stops
    ]
    told[1]["ways"] = [{"to": stops[2].title}, {"to": stops[0].title, "back": True}]
    route = {"stops": told, "picture": route_chart.picture(stops)}
    return [
        _part(_("Picture"), "route", route=route),
        _part(_("Beside a case"), "route_card", route=route, route_url="#"),
        _part(_("Words"), "route_words", route=route),
    ]
