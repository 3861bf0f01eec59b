"""Two persons: on every path, through substitutes and loops, and beyond the reach of settings."""

import ast
import datetime as dt
import inspect

import pytest
from django.conf import settings
from django.utils.translation import override

from accounts.models import Duty, Membership, Substitution
from cases.repair.states import Repair, State
from notifications.models import Letter
from tests.actors import open_item
from tests.workflows.absences import WORKING, joins, known_anew, somebody, stands_in
from tests.workflows.walks import ANSWERS, at, walk
from workflows import (
    audit,
    hands,
    policy,
    proposals,
    returning,
    separation,
    service,
    tracking,
    work,
)
from workflows.models import Entry, Term, WorkItem
from workflows.separation import Done, conflicts

NOW = at("09-30", 9)


def done(step, duty, *people, not_by=()):
    return Done(step, duty, frozenset(people), not_by)


class TestTheRule:
    @pytest.mark.parametrize("deciding", [Duty.REVIEWER, Duty.APPROVER])
    @pytest.mark.parametrize("other", [Duty.COUNTER, Duty.ACCEPTOR, Duty.HANDLER])
    def test_keeps_a_deciding_duty_apart_in_either_order(self, deciding, other):
        decided, worked = done("decide", deciding, "P"), done("verify", other, "P")

        assert conflicts(decided, [worked])
        assert conflicts(worked, [decided])

    def test_keeps_reviewer_and_approver_apart_too(self):
        assert conflicts(done("sign", Duty.APPROVER, "P"), [done("review", Duty.REVIEWER, "P")])

    @pytest.mark.parametrize("duty", [Duty.REVIEWER, Duty.APPROVER])
    def test_lets_one_deciding_duty_decide_again(self, duty):
        assert not conflicts(done("decide", duty, "P"), [done("decide", duty, "P")])

    def test_lets_one_person_do_all_that_decides_nothing(self):
        worked = [done("check", Duty.COUNTER, "P"), done("examine", Duty.ACCEPTOR, "P")]

        assert not conflicts(done("verify", Duty.HANDLER, "P"), worked)

    def test_counts_the_absent_person_and_the_substitute_alike(self):
        by_substitute = done("verify", Duty.HANDLER, "P", "S")

        for who in "PS":
            assert conflicts(done("decide", Duty.APPROVER, who), [by_substitute])
        assert not conflicts(done("decide", Duty.APPROVER, "Q"), [by_substitute])
        assert conflicts(done("decide", Duty.APPROVER, "Q", "P"), [by_substitute])

    def test_keeps_named_steps_apart_in_either_order(self):
        second = done("countersign", Duty.HANDLER, "P", not_by=("verify",))
        first = done("verify", Duty.HANDLER, "P")

        assert conflicts(second, [first])
        assert conflicts(first, [second])

    def test_forgets_no_step_however_long_ago(self):
        loop = [done("verify", Duty.HANDLER, f"P{n}") for n in range(50)]

        assert conflicts(done("decide", Duty.APPROVER, "P0"), loop)


@pytest.fixture
def everybody(cast, office, bureau):
    """One person with every duty in every unit, who stands in for everybody besides."""
    omnis = somebody("omnis")
    for unit in (office, bureau):
        joins(omnis, unit, *WORKING)
        for name in ("clerk", "office_handler", "acceptor", "handler", "reviewer", "approver"):
            stands_in(omnis, cast[name], unit)
    return omnis


@pytest.fixture
def nobody(cast, office, bureau):
    """One person with no duty at all, who stands in for everybody."""
    shadow = somebody("shadow")
    for name, unit in [
        ("clerk", office),
        ("office_handler", office),
        ("acceptor", bureau),
        ("handler", bureau),
        ("reviewer", bureau),
        ("approver", bureau),
    ]:
        stands_in(shadow, cast[name], unit)
    return shadow


def alone(cast, person):
    """Return a cast in which one person takes every part but the party's."""
    return {name: person if name != "applicant" else actor for name, actor in cast.items()}


def refused(step, case, person, *, at):
    item = open_item(case, step)
    fresh = known_anew(person).user
    assert work.why_not(item, fresh, on=at.date()) == str(work.SecondPersonNeeded())
    with pytest.raises(work.SecondPersonNeeded):
        work.claim(item.pk, by=fresh, at=at)
    return True


class TestOnePersonWithEveryDuty:
    @pytest.mark.parametrize("who", ["everybody", "nobody"])
    @pytest.mark.parametrize(
        ("story", "decision"),
        [
            ("check:yes examine:refuse", "review"),
            ("check:yes examine:more supplement:done examine:refuse", "review"),
            ("check:yes examine:accept verify:good", "decide"),
            ("check:no redo:done check:yes examine:accept verify:bad", "decide"),
        ],
    )
    def test_is_refused_at_each_deciding_step(self, repair, cast, request, who, story, decision):
        person = request.getfixturevalue(who)
        now = walk(repair, story, alone(cast, person))

        assert refused(decision, repair, person, at=now)

    @pytest.mark.parametrize("who", ["everybody", "nobody"])
    def test_does_everything_else(self, repair, cast, request, who):
        person = request.getfixturevalue(who)
        two = {**alone(cast, person), "approver": cast["approver"]}
        story = "check:yes examine:accept verify:good decide:grant stop_publication:done"
        walk(repair, f"{story} confirm:seen", two)

        assert Repair.objects.get().state != State.RECEIVED
        deciders = WorkItem.objects.filter(queue="CG/approver", state="done")
        assert {item.owner for item in deciders} == {cast["approver"].user}

    def test_may_work_no_more_once_they_have_decided(self, repair, cast, everybody):
        walk(repair, "check:yes examine:accept verify:good", cast)
        walk(repair, "decide:grant", {"approver": everybody}, since=NOW)

        assert refused("stop_publication", repair, everybody, at=at("09-30", 12))


class TestASubstitute:
    def test_leaves_the_name_of_the_absent_person_on_step_and_log(
        self, repair, cast, office, applicant
    ):
        liu = somebody("liu")
        stands_in(liu, cast["clerk"], office)
        walk(repair, "check:yes", {"clerk": liu})

        item = WorkItem.objects.get(step="check")
        assert (item.owner, item.on_behalf_of) == (liu.user, cast["clerk"].user)
        told = Entry.objects.filter(stream=repair.reference, by=f"user:{liu.user.pk}")
        assert {entry.kind for entry in told} >= {"claimed", "completed", "push"}
        assert {entry.on_behalf_of for entry in told} == {f"user:{cast['clerk'].user.pk}"}
        assert not list(audit.verify(Entry.objects.order_by("stream", "seq")))
        with override("en"):
            history = tracking.dossier_of(repair, on=NOW.date()).history
        assert "liu on behalf of clerk" in {line.who for line in history}

    def test_acts_on_their_own_account_where_the_duty_is_their_own(self, repair, cast, office):
        liu = somebody("liu")
        joins(liu, office, Duty.COUNTER)
        stands_in(liu, cast["clerk"], office)
        walk(repair, "check:yes", {"clerk": liu})

        assert WorkItem.objects.get(step="check").on_behalf_of is None
        assert set(Entry.objects.values_list("on_behalf_of", flat=True)) == {""}

    def test_does_not_decide_for_somebody_who_did_the_work(self, repair, cast, bureau):
        joins(cast["approver"], bureau, Duty.HANDLER)
        zhou = somebody("zhou")
        stands_in(zhou, cast["approver"], bureau, duty=Duty.APPROVER)
        two = {**cast, "handler": known_anew(cast["approver"])}
        now = walk(repair, "check:yes examine:accept verify:good", two)

        assert refused("decide", repair, zhou, at=now)

    def test_binds_the_absent_person_who_comes_back(self, repair, cast, bureau):
        joins(cast["handler"], bureau, Duty.APPROVER)
        zhou = somebody("zhou")
        stands_in(zhou, cast["handler"], bureau, until=dt.date(2026, 9, 29), duty=Duty.HANDLER)
        now = walk(repair, "check:yes examine:accept verify:good", {**cast, "handler": zhou})

        assert refused("decide", repair, cast["handler"], at=now)
        joins(zhou, bureau, Duty.APPROVER)
        assert refused("decide", repair, zhou, at=now)

    def test_is_bound_by_a_step_beside_the_route(self, repair, cast, bureau):
        now = walk(repair, "check:yes examine:accept verify:good", cast)
        zhou = somebody("zhou")
        stands_in(zhou, cast["handler"], bureau)
        repair.served_electronically = False
        with audit.act(by=None, at=now):
            service.serve(Letter.objects.filter(about=repair.reference)[0], repair, unit=bureau)
        answers = {"method": "direct", "served_on": "2026-09-28", "proof": "回证（示例）"}
        zhou.does("aside.serve", repair, at=now, **answers)
        joins(zhou, bureau, Duty.APPROVER)

        assert refused("decide", repair, zhou, at=now)

    def test_is_bound_by_a_step_done_before_a_loop(self, repair, cast, bureau):
        zhou = somebody("zhou")
        stands_in(zhou, cast["acceptor"], bureau)
        walk(repair, "check:yes examine:more", {**cast, "acceptor": zhou})
        now = walk(repair, "supplement:done examine:accept verify:good", cast, since=NOW)
        joins(zhou, bureau, Duty.APPROVER)

        assert refused("decide", repair, zhou, at=now)

    def test_is_bound_by_a_step_they_sent_back(self, repair, cast, bureau):
        zhou = somebody("zhou")
        stands_in(zhou, cast["approver"], bureau, duty=Duty.APPROVER)
        deciding = {**cast, "approver": zhou}
        now = walk(repair, "check:yes examine:accept verify:good CLAIM:decide", deciding)
        item = open_item(repair, "decide")
        returning.send_back(item.pk, by=zhou.user, at=now, reason="请补充核实。")
        work.release(open_item(repair, "verify").pk, by=cast["handler"].user, at=now)

        for person in (zhou, cast["approver"]):
            joins(person, bureau, Duty.HANDLER)
            assert refused("verify", repair, person, at=now)

    def test_is_bound_by_a_step_they_held_when_it_was_passed_on(self, repair, cast, bureau):
        walk(repair, "check:yes CLAIM:examine", cast)
        WorkItem.objects.filter(step="examine").update(state="cancelled")
        joins(cast["acceptor"], bureau, Duty.APPROVER)

        past = hands.past_of(repair)
        wanted = done("decide", Duty.APPROVER, cast["acceptor"].user.pk)
        assert conflicts(wanted, past.done)

    def test_whose_time_has_ended_does_not_complete_what_they_claimed(self, repair, cast, office):
        liu = somebody("liu")
        stands_in(liu, cast["clerk"], office, until=dt.date(2026, 9, 28))
        item = liu.claims("check", repair, at=at("09-28", 10))

        with pytest.raises(work.NotYourQueue):
            work.complete(
                item.pk, by=known_anew(liu).user, answers=ANSWERS["check:yes"], at=at("09-29", 9)
            )

    def test_whose_absent_person_lost_the_duty_does_not_complete_either(self, repair, cast, office):
        liu = somebody("liu")
        stands_in(liu, cast["clerk"], office)
        item = liu.claims("check", repair, at=at("09-28", 10))
        Membership.objects.filter(user=cast["clerk"].user).update(until=dt.date(2026, 9, 28))

        with pytest.raises(work.NotYourQueue):
            work.complete(
                item.pk, by=known_anew(liu).user, answers=ANSWERS["check:yes"], at=at("09-29", 9)
            )


class TestAStepOfSomebodyWhoLeft:
    @pytest.fixture
    def item(self, repair, cast, office):
        liu = somebody("liu")
        stands_in(liu, cast["clerk"], office, until=dt.date(2026, 9, 28))
        return liu.claims("check", repair, at=at("09-28", 10))

    def test_is_given_back_by_a_colleague_and_done_by_them(self, repair, item, cast):
        clerk = known_anew(cast["clerk"])
        work.release(item.pk, by=clerk.user, at=at("09-29", 9))

        again = WorkItem.objects.get(pk=item.pk)
        assert (again.state, again.owner, again.on_behalf_of) == ("open", None, None)
        released = Entry.objects.get(kind="released")
        assert released.by == f"user:{clerk.user.pk}"
        clerk.does("check", repair, at=at("09-29", 10), **ANSWERS["check:yes"])
        assert WorkItem.objects.get(pk=item.pk).owner == clerk.user

    def test_is_nobody_elses_before_that_day(self, item, cast):
        with pytest.raises(work.TakenByAnother, match="liu"):
            work.release(item.pk, by=known_anew(cast["clerk"]).user, at=at("09-28", 16))

    def test_is_given_back_by_nobody_outside_the_queue(self, item, cast):
        with pytest.raises(work.NotYourQueue):
            work.release(item.pk, by=cast["handler"].user, at=at("09-29", 9))

    def test_may_be_given_back_by_themselves(self, item):
        work.release(item.pk, by=known_anew_owner(item), at=at("09-29", 9))

        assert WorkItem.objects.get(pk=item.pk).state == "open"


def known_anew_owner(item):
    return type(item.owner).objects.get(pk=item.owner_id)


def suspend(repair, by, *, on=NOW):
    return proposals.propose(
        "suspend", repair.reference, by=by.user, at=on, reason="等待裁定。", cause="court"
    )


def decides(proposal, by, *, on=NOW):
    return proposals.decide(proposal.pk, by=known_anew(by).user, grant=True, at=on)


class TestAProposal:
    @pytest.fixture
    def verified(self, repair, cast):
        walk(repair, "check:yes examine:accept", cast)
        return repair

    def test_is_not_decided_by_a_substitute_of_who_made_it(self, verified, cast, bureau):
        proposal = suspend(verified, cast["handler"])
        zhou = somebody("zhou")
        joins(zhou, bureau, Duty.APPROVER)
        given = stands_in(zhou, cast["handler"], bureau)

        with pytest.raises(proposals.SameHand):
            decides(proposal, zhou)
        Substitution.objects.filter(pk=given.pk).update(until=dt.date(2026, 9, 29))
        assert decides(proposal, zhou).granted

    def test_is_not_decided_by_whom_its_maker_stood_in_for(self, verified, cast, bureau):
        joins(cast["handler"], bureau, Duty.APPROVER)
        zhou = somebody("zhou")
        stands_in(zhou, cast["handler"], bureau, duty=Duty.HANDLER)
        proposal = suspend(verified, zhou)

        assert Entry.objects.get(kind="proposed").on_behalf_of == (
            f"user:{cast['handler'].user.pk}"
        )
        with pytest.raises(proposals.SameHand):
            decides(proposal, cast["handler"])
        assert decides(proposal, cast["approver"]).granted

    def test_is_not_decided_for_an_absent_approver_who_made_it(self, verified, cast, bureau):
        proposal = suspend(verified, cast["approver"])
        zhou = somebody("zhou")
        stands_in(zhou, cast["approver"], bureau)

        assert proposals.open_for(known_anew(zhou).user, on=NOW.date()) == [proposal]
        with pytest.raises(proposals.SameHand):
            decides(proposal, zhou)

    def test_is_decided_by_a_substitute_of_the_approver_in_their_name(self, verified, cast, bureau):
        zhou = somebody("zhou")
        stands_in(zhou, cast["approver"], bureau)
        decides(suspend(verified, cast["handler"]), zhou)

        granted = Entry.objects.get(kind="proposal_granted")
        assert granted.on_behalf_of == f"user:{cast['approver'].user.pk}"

    def test_is_not_decided_by_who_has_worked_on_the_case(self, verified, cast, bureau):
        joins(cast["acceptor"], bureau, Duty.APPROVER)
        proposal = suspend(verified, cast["handler"])

        with pytest.raises(work.SecondPersonNeeded):
            decides(proposal, cast["acceptor"])

    def test_binds_who_decided_it_as_an_approver(self, verified, cast, bureau):
        joins(cast["approver"], bureau, Duty.HANDLER)
        zhou = somebody("zhou")
        stands_in(zhou, cast["approver"], bureau, duty=Duty.APPROVER)
        proposal = proposals.propose(
            "correct_start",
            verified.reference,
            by=cast["handler"].user,
            at=NOW,
            reason="登记有误。",
            key="repair.ndrc.decide",
            as_of="2026-09-28",
        )
        decides(proposal, zhou)

        assert refused("verify", verified, cast["approver"], at=NOW)


def _sources():
    checks = (work._check_second_person, work._hands, proposals._decider, proposals._check_apart)
    return [inspect.getsource(part) for part in (separation, hands, *checks)]


def _constants(source):
    return {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}


def _names(source):
    nodes = list(ast.walk(ast.parse(source)))
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return (
        named
        | read
        | {
            alias.name
            for node in nodes
            for alias in getattr(node, "names", [])
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


class TestNoConfiguration:
    def test_is_read_where_two_persons_are_told_apart(self, law):
        keys = set(Term.objects.values_list("key", flat=True))
        switches = {name for name in dir(settings) if name.isupper()}
        assert len(keys) > 50
        assert len(switches) > 50
        for source in _sources():
            assert not keys & _constants(source)
            assert not switches & (_names(source) | _constants(source))
            assert not {"settings", "policy", "environ", "getenv"} & _names(source)

    def test_is_asked_for_before_the_refusal(self, repair, cast, everybody, monkeypatch):
        now = walk(repair, "check:yes examine:accept verify:good", alone(cast, everybody))
        for name, _verb in inspect.getmembers(policy, inspect.isfunction):
            monkeypatch.setattr(policy, name, lambda *_a, **_k: pytest.fail("policy was asked"))

        assert refused("decide", repair, everybody, at=now)
