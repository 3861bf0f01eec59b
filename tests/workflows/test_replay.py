"""The log is the truth: from its entries alone a case can be rebuilt, and it equals the tables."""

import datetime as dt
import random

import pytest

from cases.repair.states import Repair
from tests.workflows.walks import ANSWERS, APPLIED, HOUR, STORIES, open_a_repair, walk
from workflows import audit
from workflows.asides import ASIDES, step_named
from workflows.case_type import case_type
from workflows.models import (
    Case,
    Deadline,
    Entry,
    Involvement,
    Purpose,
    Recusal,
    Relation,
    Suspension,
    WorkItem,
)

OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
SEEDS = range(30)
# What a move itself says of a fact that somebody had answered before.
MADE = {
    ("interview", "miss_term"): {"report": []},
    ("objection", "expire"): {"remedy": "stop"},
}


def _received(case, entry):
    case |= {"kind": entry.detail["kind"], "state": "received"}
    case["facts"] = dict(entry.detail["facts"])
    case["party"], case["record"] = entry.detail["party"], entry.detail["record"]
    case["units"] = dict(entry.detail["units"])


def _opened(case, entry):
    told = entry.detail
    case["items"][told["item"]] = {"step": told["step"], "queue": told["queue"], **NOBODYS}
    if told["queue"] == WorkItem.PARTY:
        case["facts"]["lapsed"] = False


def _claimed(case, entry):
    case["items"][entry.detail["item"]] |= {"owner": entry.by, "absent": entry.on_behalf_of}


def _released(case, entry):
    case["items"][entry.detail["item"]] |= NOBODYS


def _answered(case, entry):
    case["items"].pop(entry.detail["item"])
    if entry.detail["step"] not in ASIDES:
        case["facts"] |= entry.detail["facts"]


def _lapsed(case, entry):
    _answered(case, entry)
    case["facts"]["lapsed"] = True


def _returned(case, entry):
    told = entry.detail
    case["items"][told["item"]] |= {
        "owner": told["owner"],
        "absent": told.get("on_behalf_of") or "",
    }


def _on_its_way(case, entry):
    case["items"][entry.detail["host"]]["queue"] = entry.detail["queue"]


def _transferred(case, entry):
    case["units"][entry.detail["role"]] = entry.detail["unit"]
    for item, queue in entry.detail["queues"].items():
        case["items"][int(item)]["queue"] = queue


def _given_back(case, entry):
    if entry.detail["host"] in case["items"]:
        _on_its_way(case, entry)


def _suspended(case, entry):
    case["suspended_at"] = case["suspended_at"] or entry.at
    case["causes"] += [entry.detail.get("because")]


def _cause_ended(case, entry):
    ended = entry.detail.get("because")
    case["causes"] = [because for because in case["causes"] if because != ended]


def _resumed(case, entry):
    _cause_ended(case, entry)
    case["suspended_at"] = None


def _clock(case, entry):
    detail = entry.detail
    case["clocks"][detail["key"], detail["item"]] = detail["due"]


def _clock_ended(case, entry):
    case["clocks"].pop((entry.detail["key"], entry.detail["item"]))


def _concluded(case, entry):
    case["concluded_at"] = entry.at


def _closed(case, entry):
    case["closed_at"] = entry.at
    case["concluded_at"] = case["concluded_at"] or entry.at


def _says_nothing(case, entry):
    """What is said of the record, of letters or to people changes no case."""


NOBODYS = {"owner": None, "absent": ""}
HEARD = {
    "received": _received,
    "opened": _opened,
    "asked_beside": _opened,
    "claimed": _claimed,
    "released": _released,
    "completed": _answered,
    "lapsed": _lapsed,
    "deemed": _answered,
    "returned": _returned,
    "reassigned": _returned,
    "cancelled": lambda case, entry: case["items"].pop(entry.detail["item"]),
    "transfer_asked": _on_its_way,
    "transferred": _transferred,
    "transfer_given_back": _given_back,
    "suspended": _suspended,
    "cause_ended": _cause_ended,
    "resumed": _resumed,
    "recused": lambda case, entry: case["recused"].add(entry.detail["person"]),
    "overrun": lambda case, entry: case["overrun"].add(entry.detail["item"]),
    "case_opened": lambda case, entry: case["children"].append(entry.detail["case"]),
    "clock_started": _clock,
    "clock_moved": _clock,
    "clock_ended": _clock_ended,
    "concluded": _concluded,
    "closed": _closed,
}


def replayed(entries):
    """Rebuild a case from its entries, in order, and from nothing else."""
    case = {
        **{"items": {}, "clocks": {}, "causes": [], "children": []},
        **{"recused": set(), "overrun": set()},
        **{"suspended_at": None, "concluded_at": None, "closed_at": None},
    }
    for entry in entries:
        HEARD.get(entry.kind, _says_nothing)(case, entry)
        if entry.kind in case_type(case["kind"]).moves:
            assert case["state"] == entry.detail["from"]
            case["state"] = entry.detail["to"]
            case["facts"] |= MADE.get((case["kind"], entry.kind), {})
    case["overrun"] &= set(case["items"])
    return case


def kept(case):
    """Read the same case from the tables."""
    items = WorkItem.objects.filter(case=case.pk, state__in=OPEN)
    clocks = Deadline.objects.filter(case=case.pk, ended_at=None).select_related("term")
    running = list(clocks)
    causes = Suspension.objects.filter(case=case.pk, until=None).order_by("pk")
    opened = Relation.objects.filter(source=case.pk, kind=Relation.Kind.OPENED).order_by("pk")
    units = Involvement.objects.filter(case=case.pk).values_list("role", "unit__code")
    people = Recusal.objects.filter(case=case.pk).values_list("person", flat=True)
    return {
        "kind": case.kind,
        "state": case.state,
        "party": case.party.credit_code,
        "record": case.record_id,
        "units": dict(units),
        "items": {item.pk: _told_of(item) for item in items},
        "clocks": {(d.term.key, d.item_id): d.due_on and d.due_on.isoformat() for d in running},
        "causes": list(causes.values_list("source__reference", flat=True)),
        "children": list(opened.values_list("target__reference", flat=True)),
        "recused": {f"user:{person}" for person in people},
        "overrun": _overrun(case, items, running),
        "suspended_at": case.suspended_at,
        "concluded_at": case.concluded_at,
        "closed_at": case.closed_at,
    }


def _told_of(item):
    return {
        "step": item.step,
        "queue": item.queue,
        "owner": item.owner_id and f"user:{item.owner_id}",
        "absent": f"user:{item.on_behalf_of_id}" if item.on_behalf_of_id else "",
    }


def _overrun(case, items, running):
    """Return the open steps whose delay has had its consequence: that clock has ended."""
    waiting = {clock.item_id for clock in running if clock.purpose == Purpose.OVERRUN}
    named = {item.pk: step_named(case.kind, item.step) for item in items}
    late = {pk for pk, step in named.items() if getattr(step, "overrun", None)}
    return late - waiting


def plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def typed(reference):
    """Return a case as its own type, read anew."""
    kind = Case.objects.values_list("kind", flat=True).get(reference=reference)
    return case_type(kind).record.objects.select_related("party").get(reference=reference)


def assert_rebuilt(reference):
    """Test that the log alone tells all that the tables say of a case, and is one whole chain."""
    entries = Entry.objects.filter(stream=reference).order_by("seq").prefetch_related("values")
    row, rebuilt = typed(reference), replayed(entries)
    facts = rebuilt.pop("facts")
    of_the_case = {name: value for name, value in facts.items() if hasattr(row, name)}

    assert rebuilt == kept(row)
    assert of_the_case == {name: plain(getattr(row, name)) for name in of_the_case}
    assert list(audit.verify(entries)) == []


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def repair(applicant, penalty):
    return open_a_repair(applicant, penalty)


class TestReplay:
    @pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
    def test_rebuilds_every_story(self, repair, cast, story):
        walk(repair, story, cast)

        assert_rebuilt(repair.reference)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_rebuilds_a_random_life(self, repair, cast, seed):
        chance = random.Random(seed)
        now = APPLIED
        for _move in range(chance.randint(1, 14)):
            now += chance.choice([HOUR, 26 * HOUR, 75 * HOUR])
            if not stumbles_on(repair, cast, chance, now):
                break

        assert_rebuilt(repair.reference)

    def test_needs_every_fact_an_answer_changes(self, repair, cast):
        walk(repair, STORIES["repaired"], cast)
        facts = replayed(Entry.objects.filter(stream=repair.reference).order_by("seq"))["facts"]

        assert facts["decision"] == "grant"
        assert facts["fulfilled_on"] == "2026-07-01"
        assert facts["channel"] == "ndrc"
        assert set(facts["confirmations"]) == {"authority", "credit_china", "province", "city"}


def stumbles_on(repair, cast, chance, now):
    """Make one lawful move at random; return whether the case is still open."""
    item = WorkItem.objects.filter(case_id=repair.pk, state__in=OPEN).first()
    if item is None:
        return False
    moves = lawful_moves(Repair.objects.get(pk=repair.pk), item)
    walk(repair, chance.choice(moves), cast, since=now)
    return True


def lawful_moves(repair, item):
    moves = [move for move in ANSWERS if move.startswith(f"{item.step}:")]
    if repair.supplement_asked:
        moves = [move for move in moves if move != "examine:more"]
    if not (repair.duty_fulfilled and repair.breach_corrected):
        moves = [move for move in moves if move != "decide:grant"]
    if item.queue == WorkItem.PARTY:
        moves.append("LAPSE")
    elif item.state == WorkItem.State.OPEN:
        moves.append(f"CLAIM:{item.step}")
    else:
        moves.append(f"RELEASE:{item.step}")
    return [*moves, *(["WITHDRAW"] if repair.may("withdraw") else [])]
