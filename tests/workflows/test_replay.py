"""The log is the truth: from its entries alone a case can be rebuilt, and it equals the tables."""

import datetime as dt
import random

import pytest

from cases.repair.states import Repair, State
from tests.workflows.walks import ANSWERS, APPLIED, HOUR, STORIES, open_a_repair, walk
from workflows import audit
from workflows.models import Deadline, Entry, WorkItem

MOVES = {str(state) for state in State}
OPEN = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
SEEDS = range(30)


def _received(case, entry):
    case |= {"state": "received", "facts": dict(entry.detail["facts"])}
    case["party"], case["record"] = entry.detail["party"], entry.detail["record"]
    case["units"] = entry.detail["units"]


def _opened(case, entry):
    case["items"][entry.detail["item"]] = (entry.detail["step"], entry.detail["queue"], None)


def _owned(owner):
    def apply(case, entry):
        step, queue, _owner = case["items"][entry.detail["item"]]
        case["items"][entry.detail["item"]] = (step, queue, owner(entry))

    return apply


def _answered(case, entry):
    case["facts"] |= entry.detail["facts"]
    case["items"].pop(entry.detail["item"])


def _lapsed(case, entry):
    _answered(case, entry)
    case["facts"]["lapsed"] = True


def _clock(case, entry):
    detail = entry.detail
    case["clocks"][detail["key"], detail["item"]] = detail["due"]


def _clock_ended(case, entry):
    case["clocks"].pop((entry.detail["key"], entry.detail["item"]))


def _closed(case, entry):
    case["closed_at"] = entry.at


HEARD = {
    "received": _received,
    "opened": _opened,
    "claimed": _owned(lambda entry: entry.by),
    "released": _owned(lambda entry: None),
    "completed": _answered,
    "lapsed": _lapsed,
    "deemed": _answered,
    "cancelled": lambda case, entry: case["items"].pop(entry.detail["item"]),
    "clock_started": _clock,
    "clock_moved": _clock,
    "clock_ended": _clock_ended,
    "closed": _closed,
}


def replayed(entries):
    """Rebuild a case from its entries, in order, and from nothing else."""
    case = {"items": {}, "clocks": {}, "closed_at": None}
    for entry in entries:
        HEARD.get(entry.kind, lambda case, entry: None)(case, entry)
        if {entry.detail.get("from"), entry.detail.get("to")} <= MOVES:
            assert case["state"] == entry.detail["from"]
            case["state"] = entry.detail["to"]
    return case


def kept(reference):
    """Read the same case from the tables."""
    case = Repair.objects.select_related("party").get(reference=reference)
    items = WorkItem.objects.filter(case=case, state__in=OPEN)
    clocks = Deadline.objects.filter(case=case, ended_at=None).select_related("term")
    return {
        "state": case.state,
        "party": case.party.credit_code,
        "record": case.record_id,
        "units": {role: unit.code for role, unit in case.unit_as.items()},
        "items": {
            item.pk: (item.step, item.queue, item.owner_id and f"user:{item.owner_id}")
            for item in items
        },
        "clocks": {(d.term.key, d.item_id): d.due_on and d.due_on.isoformat() for d in clocks},
        "closed_at": case.closed_at,
    }


def plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def assert_rebuilt(reference):
    entries = Entry.objects.filter(stream=reference).order_by("seq")
    rebuilt = replayed(entries)
    facts = rebuilt.pop("facts")
    row = Repair.objects.get(reference=reference)
    of_the_case = {name: value for name, value in facts.items() if hasattr(row, name)}

    assert rebuilt == kept(reference)
    assert of_the_case == {name: plain(getattr(row, name)) for name in of_the_case}
    assert list(audit.verify(entries.prefetch_related("values"))) == []
    assert WorkItem.objects.filter(case=row, state__in=OPEN).count() == (row.closed_at is None)


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
