"""Random but legal histories of every case type, played through the engine's doors.

A few for every type, always the same ones, unless told otherwise: ``XINBAN_HISTORIES=200`` plays
that many new ones for each type. A failure prints the shortest history that Hypothesis found.
"""

import os
import random
from functools import partial

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Substitution, Unit, User
from tests.workflows import histories
from tests.workflows.histories import (
    BEGINNINGS,
    DAY,
    ELSEWHERE,
    KINDS,
    OPENINGS,
    District,
    History,
    answers_of,
    open_proposals,
)
from workflows import consulting, intake, recusal, related, returning, transfers, work
from workflows.asides import ASIDES
from workflows.case_type import case_type
from workflows.models import Errand, Role, WorkItem

WANTED = int(os.environ.get("XINBAN_HISTORIES", "0"))
PLAYED = settings(
    max_examples=WANTED or 5,
    stateful_step_count=18,
    derandomize=not WANTED,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DETOURS = 20  # the acts after the rules, by answers that chance has chosen
ANY = st.integers(0, 59)  # which of several; the first is the simplest
CONSULTED = sorted(kind.value for kind in consulting.Kind)


def one_of(found, which):
    return found[which % len(found)]


class Histories(RuleBasedStateMachine):
    """One case of a kind, what it opens beside it, and everybody who may act in them."""

    def __init__(self, kind, district):
        super().__init__()
        self.kind, self.savepoint = kind, transaction.atomic()
        self.savepoint.__enter__()
        self.history = History(district, BEGINNINGS[0])
        self.is_whole = False

    @initialize(
        beginning=st.sampled_from(BEGINNINGS),
        door=ANY,
        ahead=st.integers(0, 9),
        fate=st.integers(0, 9999),
        data=st.data(),
    )
    def opens(self, beginning, door, ahead, fate, data):
        self.history.now, self.history.chance = beginning, fate and random.Random(fate)
        opening = one_of(OPENINGS[self.kind], door)
        self._act(opening.__name__, lambda: opening(self.history))
        for _step in range(ahead):
            self._answers(data.draw(ANY), data.draw(ANY), data.draw(ANY))
        self._read()

    def _act(self, told, act):
        self.is_whole = False
        self.history.later()
        with self.history.checked(told):
            act()
        self._read()
        self.is_whole = True

    def _read(self):
        """Read once what every rule asks for."""
        history = self.history
        items, self.cases = history.items(), history.cases()
        self.open = history.answerable(items)
        self.queued = [i for i in self.open if i.queue != WorkItem.PARTY and i.state == "open"]
        self.taken = [i for i in items if i.state == "claimed"]
        self.own = [i for i in self.open if i.state == "claimed" and i.task_id]
        self.dates, self.proposed = history.next_dates(), open_proposals()
        self.has_errands = Errand.objects.filter(done_at=None).exists()

    def _answers(self, which, choice, first):
        if self.open:
            item = one_of(self.open, which)
            told = f"{item.step} is answered ({choice}) by {first}"
            answer = partial(self.history.answers, item, choice=choice, first=first % 7)
            self._act(told, answer)

    @precondition(lambda self: self.open)
    @rule(which=ANY, choice=ANY, first=ANY)
    def somebody_answers(self, which, choice, first):
        self._answers(which, choice, first)

    @precondition(lambda self: self.open)
    @rule(which=ANY, choice=ANY, first=ANY)
    def somebody_answers_too(self, which, choice, first):
        self._answers(which, choice, first)

    @precondition(lambda self: self.queued)
    @rule(which=ANY, first=ANY)
    def somebody_claims(self, which, first):
        item = one_of(self.queued, which)
        self._act(f"{item.step} is claimed", lambda: self.history.claims(item, first=first % 7))

    @precondition(lambda self: self.taken)
    @rule(which=ANY)
    def somebody_releases(self, which):
        item = one_of(self.taken, which)
        release = partial(work.release, item.pk, by=item.owner)
        self._act(f"{item.step} is released", lambda: release(at=self.history.now))

    @rule(days=st.integers(0, 9))
    def time_passes(self, days):
        wakes = self.history.wakes_after
        self._act(f"{days} days pass", lambda: wakes(localdate(self.history.now) + days * DAY))

    @precondition(lambda self: self.dates)
    @rule(which=ANY)
    def a_date_passes(self, which):
        day = one_of(self.dates[:3], which)
        self._act(f"{day} passes", lambda: self.history.wakes_after(day))

    @precondition(lambda self: any(case.may("withdraw") for case in self.cases))
    @rule(which=ANY)
    def the_party_withdraws(self, which):
        case = one_of([case for case in self.cases if case.may("withdraw")], which)
        withdraw = partial(intake.withdraw, case.reference, by=self.history.party())
        self._act(f"{case} is withdrawn", lambda: withdraw(at=self.history.now))

    @precondition(lambda self: self._returnable())
    @rule(which=ANY)
    def a_step_is_returned(self, which):
        item = one_of(self._returnable(), which)
        back = partial(returning.send_back, item.pk, by=item.owner, reason="请补充核实。（示例）")
        self._act(f"{item.step} is returned", self._allowed(back))

    def _returnable(self):
        return [item for item in self.own if getattr(_node(item), "returns_to", None)]

    @precondition(lambda self: self._asking())
    @rule(which=ANY, kind=st.sampled_from(CONSULTED), units=st.integers(1, 3), said=st.booleans())
    def units_are_asked(self, which, kind, units, said):
        item = one_of(self._asking(), which)
        asked = [self._unit(code) for code in ELSEWHERE[:units]]
        told = {"units": asked, "kind": kind, "question": "是否属实？（示例）"}
        ask = partial(consulting.ask, item.pk, by=item.owner, silence_announced=said, **told)
        self._act(f"{units} units are asked to {kind}", self._allowed(ask))

    def _asking(self):
        return [item for item in self.taken if item.task_id]

    @precondition(lambda self: self._asides("aside.a", "aside.c"))
    @rule(which=ANY)
    def a_question_is_taken_back(self, which):
        item = one_of(self._asides("aside.a", "aside.c"), which)
        host = WorkItem.objects.select_related("owner").get(asides=item)
        back = partial(consulting.take_back, item.pk, by=host.owner, reason="误发。（示例）")
        self._act(f"{item.step} is taken back", self._allowed(back))

    def _asides(self, *names):
        return [item for item in self.open if item.step.startswith(names)]

    @precondition(lambda self: self._transferable())
    @rule(which=ANY, to=st.sampled_from(ELSEWHERE))
    def a_part_is_handed_over(self, which, to):
        item, unit = one_of(self._transferable(), which), self._unit(to)
        hand = partial(transfers.transfer, item.pk, by=item.owner, to=unit, reason="不属本单位。")
        self._act(f"{item.step} is handed over to {to}", self._allowed(hand))

    def _transferable(self):
        return [item for item in self.own if str(_node(item).role) != Role.OFFICE]

    @precondition(lambda self: self.cases)
    @rule(which=ANY, first=ANY, cause=st.sampled_from(["court", "force_majeure"]))
    def a_suspension_is_proposed(self, which, first, cause):
        case = one_of(self.cases, which)
        propose = partial(self.history.proposes, "suspend", case, cause=cause, first=first % 7)
        self._act(f"{case}: suspension proposed", propose)

    @precondition(lambda self: any(case.suspended_at for case in self.cases))
    @rule(which=ANY, first=ANY)
    def a_resumption_is_proposed(self, which, first):
        case = one_of([case for case in self.cases if case.suspended_at], which)
        propose = partial(self.history.proposes, "resume", case, first=first % 7)
        self._act(f"{case}: resumption proposed", propose)

    @precondition(lambda self: self._longer())
    @rule(which=ANY, length=st.integers(1, 20))
    def more_time_is_proposed(self, which, length):
        case, key = one_of(self._longer(), which)
        propose = partial(self.history.proposes, "extend", case, key=key, length=length)
        self._act(f"{case}: {length} more for {key}", propose)

    def _longer(self):
        running = [(case, clock) for case in self.cases for clock in _limits(case)]
        return [(case, clock.term.key) for case, clock in running if _may_be_longer(clock)]

    @precondition(lambda self: self._named())
    @rule(which=ANY)
    def somebody_declares_a_tie(self, which):
        item = one_of(self._named(), which)
        declare = partial(recusal.declare, item.case.reference, reason="近亲属。（示例）")
        self._act(
            f"{item.owner} declares a tie",
            self._allowed(lambda at: declare(by=User.objects.get(pk=item.owner_id), at=at)),
        )

    def _named(self):
        return [item for item in self.taken if item.unit_id]

    @precondition(lambda self: self.cases)
    @rule(which=ANY)
    def the_party_wants_somebody_out(self, which):
        case = one_of(self.cases, which)
        told = {"reason": "与对方有利害关系。（示例）", "named": "经办人"}
        ask = partial(recusal.apply_for, case.reference, by=self.history.party(), **told)
        self._act(f"{case}: the party asks for a recusal", self._allowed(ask))

    @precondition(lambda self: self.proposed)
    @rule(which=ANY, grant=st.booleans(), first=ANY)
    def a_proposal_is_decided(self, which, grant, first):
        proposal = one_of(self.proposed, which)
        decide = partial(self.history.decides, proposal, grant=grant, first=first % 7)
        self._act(f"{proposal.kind} is decided: {grant}", decide)

    @precondition(lambda self: self.queued or self.taken)
    @rule(which=ANY, absent=st.integers(0, 5), days=st.integers(1, 20))
    def somebody_stands_in(self, which, absent, days):
        unit = one_of([*self.queued, *self.taken], which).unit
        self._act(f"{absent} of {unit} is away", lambda: self._is_away(unit, absent, days))

    def _is_away(self, unit, absent, days):
        people, today = self.history.people(unit.code), localdate(self.history.now)
        away, substitute = people[absent], people[-1]
        known = Substitution.objects.filter(absent=away, substitute=substitute, unit=unit)
        if not known.exists():
            Substitution.objects.create(
                absent=away,
                substitute=substitute,
                unit=unit,
                since=today,
                until=today + days * DAY,
                given_by=away,
                reason="出差（示例）",
            )

    @precondition(lambda self: self.has_errands)
    @rule()
    def errands_are_run(self):
        self._act("errands are run", lambda: related.run(at=self.history.now))

    @precondition(lambda self: self._objectionable())
    @rule(served=st.sampled_from(["on", ""]))
    def the_party_objects_to_the_record(self, served):
        self._act("the record is objected to", lambda: histories._objects(self.history, served))

    def _objectionable(self):
        about_it = [case for case in self.cases if case.record_id == self._penalty()]
        kinds = {case.kind for case in about_it if not case.concluded_at}
        return "objection" in KINDS and about_it and "objection" not in kinds

    def _penalty(self):
        return self.history.district.penalty.pk

    def _unit(self, code):
        return Unit.objects.get(code=code)

    def _allowed(self, verb):
        """Let a verb be refused for a reason of law: then nothing has happened."""

        def tried():
            try:
                verb(at=self.history.now)
            except work.Refused as refused:
                note(f"refused: {refused}")

        return tried

    def teardown(self):
        try:
            if self.is_whole:
                self.history.ends(detours=DETOURS)
        finally:
            for told in self.history.told:
                note(told)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)


def _node(item):
    return case_type(item.kind).step(item.step)


def _limits(case):
    clocks = case.deadlines.filter(ended_at=None, purpose="limit", due_on__isnull=False)
    return list(clocks.select_related("term").order_by("pk"))


def _may_be_longer(clock):
    return type(clock.term).objects.filter(key=f"{clock.term.key}.extend").exists()


@pytest.fixture
def district(office, bureau, applicant, penalty):
    return District(office, bureau, applicant, penalty)


class TestRandomHistories:
    @pytest.mark.parametrize("kind", KINDS)
    def test_go_by_proven_acts_and_leave_everything_whole(self, kind, district):
        run_state_machine_as_test(partial(Histories, kind, district), settings=PLAYED)


class TestTheAnswers:
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_told_for_every_step_and_for_nothing_else(self, kind):
        steps = {
            node.name
            for flow in case_type(kind).flows.values()
            for node in flow.instance.nodes()
            if hasattr(node, "form")
        }
        assert set(answers_of(kind)) == steps | set(ASIDES)

    @pytest.mark.parametrize("kind", KINDS)
    def test_come_with_a_way_to_open_the_case(self, kind):
        assert OPENINGS[kind]
