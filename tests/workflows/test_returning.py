"""Returning a step: to the one before it, with a reason, and on the same clock."""

import datetime as dt

import pytest
from viewflow.workflow.models import Task

from accounts.models import Duty, Membership
from cases.repair import flow as repair_flow
from forms.base import StepForm
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.absences import somebody, stands_in
from tests.workflows.beside import a_unit, again, answers, asks, logged
from tests.workflows.test_budgets import COMPLETE, Counted, fresh
from tests.workflows.walks import ANSWERS, HOUR, at, open_a_repair, walk
from workflows import audit, beside, returning, tracking, work
from workflows.case_type import case_type
from workflows.flow import CaseFlow, Closed, Fork, Joined, Opened, Role, Work, this
from workflows.models import Case, Deadline, WorkItem

VERIFIED = "check:yes examine:accept verify:good"
DAY = at("09-30", 9)
WHY = "核实记录缺少缴款凭证编号。"


@pytest.fixture
def step(repair, cast):
    """The decision, in the approver's inbox; the handler has verified before it."""
    walk(repair, f"{VERIFIED} CLAIM:decide", cast)
    return open_item(repair, "decide")


def sends_back(person, step, *, at=DAY, reason=WHY):
    return returning.send_back(step.pk, by=person.user, at=at, reason=reason)


def done(repair, name):
    return WorkItem.objects.filter(case_id=repair.pk, step=name, state="done").latest("pk")


class TestReturning:
    def test_gives_the_step_back_to_the_one_who_did_it(self, repair, cast, step, handler):
        opened = sends_back(cast["approver"], step)

        assert (opened.step, opened.state, opened.owner) == ("verify", "claimed", handler.user)
        assert again(step).state == "cancelled"
        assert open_item(repair, "verify").pk == opened.pk
        assert opened.request["returned"] == {
            "reason": WHY,
            "from": "decide",
            "by": cast["approver"].user.pk,
            "name": "approver",
            "at": DAY.isoformat(),
        }

    def test_goes_on_from_there_as_before(self, repair, cast, step):
        sends_back(cast["approver"], step)
        walk(repair, "verify:good decide:grant stop_publication:done confirm:seen", cast, since=DAY)

        case = Case.objects.get(pk=repair.pk)
        assert case.closed_at
        assert not Deadline.objects.filter(case=case, ended_at=None).exists()
        active = Task.objects.filter(process=case.process).exclude(status__in=["DONE", "CANCELED"])
        assert list(active) == []

    def test_can_happen_again_and_again(self, repair, cast, step):
        now = DAY
        for _time in range(3):
            sends_back(cast["approver"], open_item(repair, "decide"), at=now)
            now = walk(repair, "verify:good CLAIM:decide", cast, since=now)

        assert len(logged(repair, "returned")) == 3
        assert open_item(repair, "decide").owner == cast["approver"].user

    def test_never_resets_a_clock(self, repair, cast, step):
        before = done(repair, "verify")
        running = {d.pk: d.due_on for d in Deadline.objects.filter(case_id=repair.pk, item=None)}
        opened = sends_back(cast["approver"], step)

        assert again(opened).due_on == before.due_on == step.due_on
        (clock,) = Deadline.objects.filter(item=opened, purpose="limit")
        assert clock.started_on == before.deadlines.get(purpose="limit").started_on
        now = {d.pk: d.due_on for d in Deadline.objects.filter(case_id=repair.pk, item=None)}
        assert now == running

    def test_after_the_last_day_leaves_the_step_late(self, repair, cast, step):
        late = at("10-20", 9)
        opened, given = sends_back(cast["approver"], step, at=late), ANSWERS["verify:good"]

        assert again(opened).due_on < late.date()
        with pytest.raises(work.AnswersRefused) as refused:
            work.complete(opened.pk, by=cast["handler"].user, answers=given, at=late)
        assert list(refused.value.fields) == ["overdue_reason"]

    def test_is_logged_with_basis_reason_and_owner(self, repair, cast, step):
        opened = sends_back(cast["approver"], step)
        (entry,) = logged(repair, "returned")

        assert entry.basis == "本办内部规定"
        assert entry.by == f"user:{cast['approver'].user.pk}"
        assert entry.detail == {
            "item": opened.pk,
            "step": "verify",
            "returned": step.pk,
            "returned_step": "decide",
            "owner": f"user:{cast['handler'].user.pk}",
            "on_behalf_of": None,
            "reason": WHY,
        }
        assert list(audit.verify(tracking.log_of(Case.objects.get(pk=repair.pk)))) == []

    def test_tells_the_one_who_has_to_do_it_again_and_not_the_party(
        self, repair, cast, step, applicant, handler
    ):
        told = applicant.user.messages_received.count()
        sends_back(cast["approver"], step)

        assert WHY in handler.user.messages_received.get().body
        assert applicant.user.messages_received.count() == told

    def test_opens_it_in_the_queue_if_that_person_may_not_any_more(
        self, repair, cast, step, bureau, handler
    ):
        colleague = _caseworker(bureau, Duty.HANDLER, "colleague")
        Membership.objects.filter(user=handler.user).update(until=dt.date(2026, 9, 29))
        opened = sends_back(cast["approver"], step)

        assert (opened.state, opened.owner) == ("open", None)
        assert colleague.user.messages_received.count() == 1
        assert logged(repair, "returned")[0].detail["owner"] is None
        work.claim(opened.pk, by=colleague.user, at=DAY)

    def test_keeps_deciding_and_other_hands_apart(self, repair, cast, step, bureau):
        handler = cast["handler"].user
        Membership.objects.create(user=handler, unit=bureau, duty=Duty.APPROVER, since=SINCE)
        sends_back(cast["approver"], step)
        walk(repair, "verify:good", cast, since=DAY)

        with pytest.raises(work.SecondPersonNeeded):
            work.claim(open_item(repair, "decide").pk, by=fresh(handler), at=DAY + 3 * HOUR)

    def test_also_leads_back_from_the_second_persons_review(self, repair, cast):
        walk(repair, "check:yes examine:refuse CLAIM:review", cast)
        due_on = open_item(repair, "review").due_on
        opened = sends_back(cast["reviewer"], open_item(repair, "review"))

        assert (opened.step, opened.owner) == ("examine", cast["acceptor"].user)
        assert again(opened).due_on == due_on

    def test_stays_within_the_budget_of_a_verb(self, cast, step):
        with Counted() as returned:
            returning.send_back(step.pk, by=fresh(cast["approver"].user), at=DAY, reason=WHY)

        assert returned.number <= COMPLETE


class TestASubstitute:
    @pytest.fixture
    def absent(self, bureau, handler):
        substitute = somebody("substitute")
        stands_in(substitute, handler, bureau)
        return substitute

    @pytest.fixture
    def decided(self, repair, cast, absent):
        walk(repair, "check:yes examine:accept", cast)
        absent.does("verify", repair, at=at("09-29", 9), **ANSWERS["verify:good"])
        cast["approver"].claims("decide", repair, at=at("09-29", 10))
        return open_item(repair, "decide")

    def test_gets_the_step_again_in_the_same_place(self, cast, absent, decided, handler):
        opened = sends_back(cast["approver"], decided)

        assert (opened.owner, opened.on_behalf_of) == (absent.user, handler.user)

    def test_does_not_once_the_absence_is_over(self, cast, absent, decided):
        absent.user.substitutions.update(until=dt.date(2026, 9, 29))
        opened = sends_back(cast["approver"], decided)

        assert (opened.owner, opened.on_behalf_of) == (None, None)

    def test_returns_for_the_one_who_is_away(self, repair, cast, bureau):
        substitute = somebody("other")
        stands_in(substitute, cast["approver"], bureau)
        walk(repair, VERIFIED, cast)
        substitute.claims("decide", repair, at=DAY)
        sends_back(substitute, open_item(repair, "decide"))
        (entry,) = logged(repair, "returned")

        assert entry.on_behalf_of == f"user:{cast['approver'].user.pk}"


class TestAReturn:
    def test_needs_a_reason(self, cast, step):
        with pytest.raises(beside.NoReason) as refused:
            sends_back(cast["approver"], step, reason=" \n")
        assert refused.value.fields == {"missing": "reason"}
        assert again(step).state == "claimed"

    def test_is_the_owners_alone(self, repair, cast, step, handler):
        with pytest.raises(beside.NotYourStep):
            sends_back(handler, step)

    def test_needs_a_way_that_the_route_names(self, repair, cast):
        walk(repair, "check:yes CLAIM:examine", cast)

        with pytest.raises(returning.NoWayBack):
            sends_back(cast["acceptor"], open_item(repair, "examine"))

    def test_waits_for_what_was_asked_beside_the_step(self, repair, cast, step):
        tax, (expert,) = a_unit("SW")
        (asked,) = asks(cast["approver"], step, [tax], at=DAY)
        with pytest.raises(work.WaitsBeside) as refused:
            sends_back(cast["approver"], step)
        assert refused.value.fields == {"units": [str(tax)]}
        answers(expert, asked, at=DAY)

        assert sends_back(cast["approver"], step).step == "verify"

    def test_is_no_way_out_of_an_aside(self, repair, cast, step):
        tax, (expert,) = a_unit("SW")
        (asked,) = asks(cast["approver"], step, [tax], at=DAY)
        work.claim(asked.pk, by=expert.user, at=DAY)

        with pytest.raises(beside.BesideTheRoute):
            sends_back(expert, asked)


class Nothing(StepForm):
    """Asks nothing."""

    title = "示例环节"
    why = "示例"


def a_step(role, duty, **more):
    return Work(role, duty, Nothing, due="repair.precheck", **more)


class Forked(CaseFlow):
    """Two parts side by side; in one of them a step that may be returned."""

    # Where the library looks for the flow that its rows name.
    __module__ = "cases.repair.flow"
    process_title = "示例"

    opened = Opened().Next(this.check)
    check = a_step(Role.OFFICE, Duty.COUNTER).Next(this.parts)
    parts = Fork().Next(this.verify).Next(this.look)
    verify = a_step(Role.FINDER, Duty.HANDLER).Next(this.confirm)
    confirm = a_step(Role.FINDER, Duty.REVIEWER, returns_to="verify").Next(this.together)
    look = a_step(Role.OFFICE, Duty.HANDLER, returns_to="check").Next(this.together)
    together = Joined().Next(this.last)
    last = a_step(Role.OFFICE, Duty.COUNTER, returns_to="check").Next(this.closed)
    closed = Closed()


class TestInParallelParts:
    @pytest.fixture
    def forked(self, applicant, penalty, cast, monkeypatch):
        monkeypatch.setattr(repair_flow, "Forked", Forked, raising=False)
        monkeypatch.setattr(case_type("repair"), "flow", Forked)
        monkeypatch.setitem(case_type("repair").flows, 99, Forked)
        case = open_a_repair(applicant, penalty)
        cast["clerk"].does("check", case, at=at("09-28", 9))
        return case

    @pytest.fixture
    def returned(self, forked, cast):
        cast["handler"].does("verify", forked, at=at("09-28", 10))
        cast["reviewer"].claims("confirm", forked, at=at("09-28", 11))
        confirm = open_item(forked, "confirm")
        return sends_back(cast["reviewer"], confirm, at=at("09-28", 12))

    def open_steps(self, case):
        open_ = WorkItem.objects.filter(case_id=case.pk, state__in=["open", "claimed"])
        return sorted(open_.values_list("step", flat=True))

    def test_only_the_own_part_goes_back(self, forked, cast, returned):
        assert returned.owner == cast["handler"].user
        assert self.open_steps(forked) == ["look", "verify"]

    def test_the_parts_still_come_together_when_the_returned_one_is_last(
        self, forked, cast, returned
    ):
        cast["office_handler"].does("look", forked, at=at("09-28", 13))
        assert self.open_steps(forked) == ["verify"]
        cast["handler"].does("verify", forked, at=at("09-28", 14))
        cast["reviewer"].does("confirm", forked, at=at("09-28", 15))

        assert self.open_steps(forked) == ["last"]

    def test_the_parts_still_come_together_when_the_returned_one_is_first(
        self, forked, cast, returned
    ):
        cast["handler"].does("verify", forked, at=at("09-28", 14))
        cast["reviewer"].does("confirm", forked, at=at("09-28", 15))
        assert self.open_steps(forked) == ["look"]
        cast["office_handler"].does("look", forked, at=at("09-28", 16))

        assert self.open_steps(forked) == ["last"]

    def test_a_return_after_the_other_part_has_arrived_holds_the_rest_up(self, forked, cast):
        cast["handler"].does("verify", forked, at=at("09-28", 10))
        cast["office_handler"].does("look", forked, at=at("09-28", 11))
        cast["reviewer"].claims("confirm", forked, at=at("09-28", 12))
        sends_back(cast["reviewer"], open_item(forked, "confirm"), at=at("09-28", 13))

        assert self.open_steps(forked) == ["verify"]
        cast["handler"].does("verify", forked, at=at("09-28", 14))
        cast["reviewer"].does("confirm", forked, at=at("09-28", 15))
        assert self.open_steps(forked) == ["last"]

    def test_a_part_does_not_go_back_before_the_fork(self, forked, cast):
        cast["office_handler"].claims("look", forked, at=at("09-28", 10))

        with pytest.raises(returning.NoWayBack):
            sends_back(cast["office_handler"], open_item(forked, "look"), at=at("09-28", 11))
        assert self.open_steps(forked) == ["look", "verify"]

    def test_the_whole_goes_back_before_the_fork_and_through_it_again(self, forked, cast, returned):
        for hour in (14, 18):
            cast["handler"].does("verify", forked, at=at("09-28", hour))
            cast["office_handler"].does("look", forked, at=at("09-28", hour))
            cast["reviewer"].does("confirm", forked, at=at("09-28", hour + 1))
            cast["clerk"].claims("last", forked, at=at("09-28", hour + 2))
            if hour == 14:
                sends_back(cast["clerk"], open_item(forked, "last"), at=at("09-28", 17))
                cast["clerk"].does("check", forked, at=at("09-28", 17))
        cast["clerk"].does("last", forked, at=at("09-28", 21))

        case = Case.objects.get(pk=forked.pk)
        assert case.closed_at
        active = Task.objects.filter(process=case.process).exclude(status__in=["DONE", "CANCELED"])
        assert list(active) == []
