"""What is proven of every route before any case takes it, and how a trap is told."""

import json
import random
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from accounts.models import Duty, Membership, Unit, User
from tests.actors import Caseworker, open_item
from tests.conftest import SINCE
from tests.workflows import broken_flows as broken
from tests.workflows.test_replay import lawful_moves
from tests.workflows.walks import ANSWERS, APPLIED, HOUR, STORIES, open_a_repair, walk
from workflows import consulting, proposals, returning, separation, transfers, work
from workflows.checks import flows_are_sound
from workflows.models import WorkItem
from workflows.proof import verdicts, versions
from workflows.proof.live import position_of
from workflows.proof.plan import plans
from workflows.proof.positions import CLOSED
from workflows.proof.space import Space
from workflows.separation import Done, conflicts

COMPLETION, PROPER = "option to complete", "proper completion"
DEAD, UNREACHABLE, UNUSED = "no dead step", "no state unreachable", "no move unused"
LAWFUL, SEPARATE = "no move refused", "separation of duty"
STARTS, ORPHAN = "every clock starts", "no orphan clock"
REMEDIES, TERMS, WORDS = "remedies in every adverse letter", "a term, a queue, a basis", "words"

PLANS = {f"{plan.name} {plan.version}": plan for plan in plans()}
CAUGHT = {
    broken.DeadlockFlow: (
        COMPLETION,
        "received -> Check -> Accepted -> Verify: The end cannot be reached any more "
        "from Stop, together.",
    ),
    broken.LostTokenFlow: (
        PROPER,
        "received -> Check -> Accepted -> Stop -> Verify -> Decide "
        "-> is granted: no -> Refused: "
        "The case is closed while elsewhere is still open.",
    ),
    broken.TwoTokensFlow: (
        PROPER,
        "received -> Check -> Accepted -> Decide -> is granted: no -> "
        "Refused: The case is closed while Verify is still open.",
    ),
    broken.EndlessFlow: (
        PROPER,
        "received -> Check -> Accepted -> Decide -> is granted: no -> "
        "Refused: The case is closed while Verify is still open.",
    ),
    broken.SameSignerFlow: (
        SEPARATE,
        "received -> Check -> Accepted -> Decide -> is granted: no -> "
        "Refused: 'Refused' is made though no second person has decided on it.",
    ),
    broken.AloneFlow: (
        SEPARATE,
        "received -> Check -> Accepted -> Decide -> is granted: no -> "
        "Refused: 'Refused' rests on the step of one person alone.",
    ),
    broken.OnePersonFlow: (
        SEPARATE,
        "received -> Accepted -> Decide -> is granted: no -> Refused: "
        "'Refused' rests on the step of one person alone.",
    ),
    broken.SilentOfficeFlow: (
        SEPARATE,
        "received -> Check -> Accepted -> Decide (Silence of the office, "
        "taken for an answer) -> is granted: no -> Refused: "
        "'Refused' is made though no second person has decided on it.",
    ),
    broken.OrphanClockFlow: (
        ORPHAN,
        "received -> Check -> is in form: no -> Returned -> Complete -> "
        "Received: 'Check' is open while its own clock test.step stands still.",
    ),
    broken.ForgottenClockFlow: (
        ORPHAN,
        "received -> Check -> is in form: no -> Returned -> Complete -> "
        "Received: The clock test.whole was paused and nothing will ever let it run again.",
    ),
    broken.StrangeClockFlow: (
        ORPHAN,
        "'Refused' turns the clock test.decide, which the route never starts there.",
    ),
    broken.NeverStartsFlow: (
        STARTS,
        "received: 'Check' needs the clock test.decide, which nothing has started: accept.",
    ),
    broken.NeverServedFlow: (
        STARTS,
        "received -> Check -> Accepted: 'Decide' needs the clock "
        "test.served, which nothing has started: served_refused.",
    ),
    broken.RefusedMoveFlow: (
        LAWFUL,
        "received -> Check -> Decide -> is granted: no -> Refused: "
        "The machine refuses 'Refused' in the state 'Received'.",
    ),
    broken.LateFlow: (
        LAWFUL,
        "received -> Check (The time has passed) -> Approved: "
        "The machine refuses 'Approved' in the state 'Received'.",
    ),
    broken.ReturningFlow: (
        LAWFUL,
        "received -> Check -> Accepted -> Decide (Returned one step) -> "
        "Check -> Accepted: "
        "The machine refuses 'Accepted' in the state 'Accepted'.",
    ),
    broken.DeadStepFlow: (DEAD, "No case ever comes to 'Verify' (verify)."),
    broken.NoRemediesFlow: (
        REMEDIES,
        "The letter of 'Refused' does not always tell the remedies.",
    ),
    broken.SometimesFlow: (
        REMEDIES,
        "The letter of 'Refused' does not always tell the remedies.",
    ),
    broken.NoLetterFlow: (
        REMEDIES,
        "'Refused' is against the party, and no letter tells it so.",
    ),
    broken.NoTermFlow: (
        TERMS,
        "'Decide' has no term with a legal basis for test.unknown.",
    ),
    broken.HalfTermFlow: (
        TERMS,
        "'Decide' has no term with a legal basis for test.b.decide.",
    ),
    broken.FreeTermFlow: (
        TERMS,
        "'Decide' has no term with a legal basis for test.{case.free}.decide.",
    ),
    broken.NoQueueFlow: (TERMS, "Nobody works the queue of 'Check'."),
    broken.NoWordsFlow: (WORDS, "check.title is not said in Chinese."),
}
ASKING = {broken.OrphanClockFlow, broken.ForgottenClockFlow}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def violations(flow, record=broken.Fake, **changed):
    (verdict,) = verdicts.prove([broken.plan_of(flow, record, **changed)])
    return verdict.violations


class TestEveryRoute:
    @pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
    def test_is_sound(self, plan):
        (verdict,) = verdicts.prove([plan])

        assert [str(violation) for violation in verdict.violations] == []
        assert verdict.states > len(plan.states)

    def test_that_was_released_is_what_it_was(self):
        for (name, version), sha256 in versions.released().items():
            assert versions.graph_hash(PLANS[f"{name} {version}"]) == sha256


class TestASoundRoute:
    def test_has_nothing_to_tell(self):
        assert violations(broken.SoundFlow) == ()

    def test_may_resume_the_clock_it_has_paused(self):
        assert violations(broken.ResumedFlow, broken.Asking) == ()

    @pytest.mark.parametrize("flow", [broken.CountersignedFlow, broken.TwoHandlersFlow])
    def test_may_let_a_second_person_countersign(self, flow):
        assert violations(flow) == ()

    def test_may_take_silence_for_a_favour(self):
        assert violations(broken.KindSilenceFlow) == ()


class TestABrokenRoute:
    @pytest.mark.parametrize("flow", CAUGHT, ids=lambda flow: flow.__name__)
    def test_is_caught_by_the_property_it_breaks_and_told_by_its_path(self, flow):
        record = broken.Asking if flow in ASKING else broken.Fake
        found = violations(flow, record)
        kind, told = CAUGHT[flow]

        assert {violation.property for violation in found} == {kind}
        assert str(found[0]) == told

    def test_cannot_multiply_its_parts_for_ever(self):
        told = [violation.told for violation in violations(broken.EndlessFlow)]

        assert "Parts of the route are opened again and again: Decide." in told

    def test_cannot_ask_the_machine_a_condition(self):
        (found,) = violations(broken.SoundFlow, broken.Careful)

        assert found.property == LAWFUL
        assert "condition" in found.told

    def test_cannot_leave_a_state_unreached(self):
        plan = broken.plan_of(broken.SoundFlow)
        states = {**plan.states, "stopped": "Stopped"}
        (found,) = violations(broken.SoundFlow, states=states)

        assert (found.property, found.told) == (
            UNREACHABLE,
            "No case ever comes into the state 'Stopped'.",
        )

    def test_cannot_leave_a_move_unused(self):
        found = violations(broken.SoundFlow, broken.Asking)

        assert {UNUSED} <= {violation.property for violation in found} <= {UNUSED, UNREACHABLE}


class TestSeparation:
    @pytest.mark.parametrize(
        "rule",
        [
            lambda wanted, done: False,
            # who forgets for whom a substitute acted
            lambda wanted, done: conflicts(
                wanted, [earlier for earlier in done if earlier.hands == wanted.hands]
            ),
        ],
        ids=["no rule at all", "substitutes forgotten"],
    )
    def test_is_proven_with_the_rule_of_the_engine(self, monkeypatch, rule):
        monkeypatch.setattr("workflows.proof.two_persons.conflicts", rule)
        (found,) = violations(broken.SoundFlow)

        assert found.property == SEPARATE
        assert found.told == "'Refused' can be proposed and decided by the same hands."

    @pytest.mark.parametrize(
        ("first", "second", "refused"),
        [
            (Duty.HANDLER, Duty.APPROVER, True),
            (Duty.APPROVER, Duty.HANDLER, True),
            (Duty.REVIEWER, Duty.APPROVER, True),
            (Duty.COUNTER, Duty.HANDLER, False),
            (Duty.REVIEWER, Duty.REVIEWER, False),
        ],
    )
    def test_keeps_deciding_duties_apart_from_all_others(self, first, second, refused):
        hands = frozenset({"one"})
        done = Done("earlier", first, hands)

        assert conflicts(Done("later", second, hands), [done]) is refused

    def test_counts_the_hands_of_whom_a_substitute_stands_in_for(self):
        proposed = Done("verify", Duty.HANDLER, frozenset({"substitute", "absent"}))
        absent, substitute, other = (
            Done("decide", Duty.APPROVER, frozenset({name}))
            for name in ("absent", "substitute", "other")
        )

        assert conflicts(absent, [proposed])
        assert conflicts(substitute, [proposed])
        assert not conflicts(other, [proposed])

    def test_holds_both_ways_round_where_a_step_names_another(self):
        hands = frozenset({"one"})
        first = Done("verify", Duty.HANDLER, hands)
        second = Done("countersign", Duty.HANDLER, hands, not_by=("verify",))

        assert conflicts(second, [first])
        assert conflicts(first, [second])
        assert not conflicts(first, [first])

    def test_knows_the_two_duties_that_decide(self):
        assert set(separation.DECIDING) == {"reviewer", "approver"}


class TestVersions:
    def test_are_known_by_all_that_makes_a_route(self):
        flows = (broken.SoundFlow, broken.LateFlow, broken.ReturningFlow, broken.NoTermFlow)
        hashes = {versions.graph_hash(broken.plan_of(flow)) for flow in flows}

        assert len(hashes) == len(flows)

    def test_once_released_are_caught_when_they_change(self, tmp_path):
        path = tmp_path / "released.csv"
        path.write_text("flow,version,sha256\n", encoding="utf-8")
        plan = broken.plan_of(broken.SoundFlow)

        assert versions.release([plan], path) == [plan]
        assert versions.release([plan], path) == []
        assert list(versions.is_unchanged(plan, path)) == []

        changed = broken.plan_of(broken.AloneFlow, name=plan.name)
        (found,) = versions.is_unchanged(changed, path)
        assert found.property == "released routes never change"


class TestTheCommand:
    def test_prints_one_json_object_for_each_flow_and_line(self, capsys):
        _run("--json")
        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

        assert [line["flow"] for line in told] == [plan.name for plan in PLANS.values()]
        for line in told:
            assert set(line) == {"flow", "version", "states", "edges", "sound", "violations"}
            assert line["sound"] is (line["violations"] == [])

    def test_fails_and_tells_the_path_when_a_route_is_not_sound(self, capsys, monkeypatch):
        plan = broken.plan_of(broken.DeadlockFlow)
        monkeypatch.setattr("workflows.management.commands.check_flows.plans", lambda: [plan])
        with pytest.raises(SystemExit) as left, override("en"):
            call_command("check_flows", "--release")

        assert left.value.code == 1
        assert "Check -> Accepted -> Verify: The end" in capsys.readouterr().out
        assert ("DeadlockFlow", 1) not in versions.released()

    def test_knows_no_flow_that_is_not_there(self):
        with pytest.raises(CommandError, match="nowhere"):
            call_command("check_flows", "nowhere")

    def test_is_a_check_of_the_system_too(self, monkeypatch):
        plan = broken.plan_of(broken.NoLetterFlow)
        monkeypatch.setattr("workflows.proof.verdicts.plans", lambda: [plan])
        (error,) = flows_are_sound()

        assert error.id == "workflows.E001"
        assert "no letter tells it so" in error.msg


def _run(*args):
    with suppress(SystemExit):  # that a flow is not sound is another test's word
        call_command("check_flows", *args)


@pytest.fixture(scope="module")
def proven():
    return Space(PLANS["repair 1"])


class TestALiveCase:
    """The engine takes only the acts that were proven."""

    @pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
    def test_goes_by_proven_edges_through_every_story(self, repair, cast, proven, story):
        now = APPLIED
        for move in story.split():
            now = takes_an_edge(proven, repair, move, cast, now)

        assert position_of(anew(repair)) in proven

    @pytest.mark.parametrize("seed", range(12))
    def test_goes_by_proven_edges_through_a_random_life(self, repair, cast, proven, seed):
        chance, now = random.Random(seed), APPLIED
        for _move in range(16):
            item = open_step(repair)
            if item is None:
                break
            move = chance.choice(lawful_moves(anew(repair), item))
            now = takes_an_edge(proven, repair, move, cast, now)

        assert position_of(anew(repair)) in proven

    def test_cannot_jump_to_the_end(self, repair, proven):
        begun = position_of(anew(repair))
        ends = [p for p in proven.positions if p.end == CLOSED and p.state == "repaired"]

        assert ends
        assert not any(proven.allows(begun, end) for end in ends)

    def test_that_is_over_stands_at_the_end(self, repair, cast, proven):
        walk(repair, STORIES["refused"], cast)
        stands = position_of(anew(repair))

        assert (stands.tokens, stands.end) == ((), CLOSED)
        assert proven.edges(stands) == []

    def test_goes_by_proven_edges_through_every_verb(self, applicant, penalty, cast, proven, other):
        repair = open_a_repair(applicant, penalty, served_electronically="")
        acts = _verbs(repair, cast, other)
        walk(repair, "check:yes examine:accept", cast)
        before, verbs = position_of(anew(repair)), 0
        for _act in acts:
            after = position_of(anew(repair))
            assert after == before or proven.allows(before, after), (before, after)
            before, verbs = after, verbs + (after != before)

        assert verbs >= 12
        assert before.end == CLOSED


@pytest.fixture
def other(law):
    """A second authority, with everybody who could take a case over."""
    unit = Unit.objects.create(
        code="ZJ", name="示例局", name_en="Demo", credit_code="11370115MB0DEMO"
    )
    user = User.objects.create_user("other", display_name="示例")
    for duty in (Duty.ACCEPTOR, Duty.HANDLER):
        Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return SimpleNamespace(unit=unit, person=Caseworker(user))


def _verbs(case, cast, other):
    """Go through every verb beside the route, one act after the other."""
    times = (APPLIED + HOUR * 10 + HOUR * n for n in range(99))
    handler, approver = cast["handler"], cast["approver"]
    served = {"method": "direct", "served_on": "2026-09-28", "proof": "（示例）回证"}

    def claims(person, step):
        person.claims(step, case, at=next(times))

    def own(person, step):
        return {"item_id": open_item(case, step).pk, "by": person.user, "at": next(times)}

    def proposed(kind, **more):
        told = {"by": handler.user, "at": next(times), "reason": "（示例）", **more}
        made = proposals.propose(kind, case.reference, **told)
        proposals.decide(made.pk, by=approver.user, grant=True, at=next(times))

    yield claims(handler, "verify")
    yield consulting.ask(
        **own(handler, "verify"), units=[other.unit], kind="assist", question="（示例）是否缴清？"
    )
    yield other.person.does("aside.assist", case, at=next(times), position="agree")
    yield proposed("suspend", cause="court", evidence="（示例）受理通知书")
    yield proposed("resume")
    yield transfers.transfer(**own(handler, "verify"), to=other.unit, reason="（示例）")
    yield other.person.does(
        "aside.transfer", case, at=next(times), taken="False", given_back_because="（示例）"
    )
    yield handler.does("verify", case, at=next(times), **ANSWERS["verify:bad"])
    yield claims(approver, "decide")
    yield returning.send_back(**own(approver, "decide"), reason="（示例）请补充核实。")
    yield handler.does("verify", case, at=next(times), **ANSWERS["verify:bad"])
    yield approver.does("decide", case, at=next(times), **ANSWERS["decide:refuse"])
    while serving := case.items.filter(step="aside.serve", state="open").first():
        work.claim(serving.pk, by=handler.user, at=next(times))
        yield work.complete(serving.pk, by=handler.user, answers=served, at=next(times))


def takes_an_edge(proven, case, move, cast, now):
    """Make one move of a story and see that it is an edge; return the next free instant."""
    before = position_of(anew(case))
    now = walk(case, move, cast, since=now)
    after = position_of(anew(case))
    assert before in proven
    assert after == before or proven.allows(before, after), move
    return now + HOUR


def anew(case):
    return type(case).objects.get(pk=case.pk)


def open_step(case):
    open_states = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
    found = WorkItem.objects.filter(case_id=case.pk, task__isnull=False, state__in=open_states)
    return found.first()
