"""A transfer: the other unit signs for the case or gives it back; every clock goes on."""

import datetime as dt

import pytest
from django.utils.translation import override

from accounts.models import Duty, Membership
from notifications.models import Letter
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.beside import NOW, a_unit, again, answers, asks, logged
from tests.workflows.test_budgets import COMPLETE, Counted, fresh
from tests.workflows.walks import HOUR, at, walk
from workflows import (
    audit,
    beside,
    checking,
    escalation,
    intake,
    queues,
    sight,
    tracking,
    transfers,
    work,
)
from workflows.models import Case, Deadline, Involvement

ON = dt.date(2026, 9, 28)
WHY = "该处罚由应急管理部门作出。"
TAKES = {"taken": "True"}
GIVES_BACK = {"taken": "False", "given_back_because": "不属于本单位职责。"}
DUTIES = (Duty.ACCEPTOR, Duty.HANDLER, Duty.REVIEWER, Duty.APPROVER)


@pytest.fixture
def rescue(office):
    """Another unit, and its people by their duty."""
    unit, people = a_unit("YJ", *DUTIES)
    return unit, dict(zip(DUTIES, people, strict=True))


@pytest.fixture
def step(repair, cast):
    walk(repair, "check:yes CLAIM:examine", cast)
    return open_item(repair, "examine")


def transfers_to(unit, person, step, *, at=NOW, reason=WHY):
    return transfers.transfer(step.pk, by=person.user, at=at, to=unit, reason=reason)


def case_of(repair):
    return Case.objects.select_related("party", "record").get(pk=repair.pk)


def finder_of(repair):
    return Involvement.objects.get(case_id=repair.pk, role="finder").unit


def sees(person, repair, on=ON):
    return sight.case_for(fresh(person.user), repair.reference, on=on) is not None


class TestAskingForATransfer:
    def test_asks_the_other_unit_to_sign_in_the_queue_of_the_same_duty(self, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)

        assert (asked.step, asked.queue, asked.host_id) == (
            "aside.transfer",
            "YJ/acceptor",
            step.pk,
        )
        assert asked.due_on == at("09-29").date()
        assert asked.request == {
            "role": "finder",
            "from": "CG",
            "reason": WHY,
            "asked_by": cast["acceptor"].user.pk,
        }

    def test_leaves_the_step_to_nobody_meanwhile(self, repair, cast, step, rescue, bureau):
        colleague = _caseworker(bureau, Duty.ACCEPTOR, "colleague")
        transfers_to(rescue[0], cast["acceptor"], step)
        waiting = again(step)

        assert (waiting.state, waiting.owner, waiting.unit) == ("open", None, bureau)
        assert waiting.due_on == step.due_on
        for person in (cast["acceptor"], colleague, rescue[1][Duty.ACCEPTOR]):
            assert step.pk not in {i.pk for i in queues.queue_for(fresh(person.user), on=ON)}
            with pytest.raises(work.NotYourQueue):
                work.claim(step.pk, by=fresh(person.user), at=NOW)

    def test_keeps_the_clock_against_the_old_unit(self, repair, cast, step, rescue):
        transfers_to(rescue[0], cast["acceptor"], step)
        told = cast["acceptor"].user.messages_received.count()
        escalation.sweep(at=at("09-30", 9))  # amber, one working day before 8 October

        assert again(step).due_on == at("10-08").date()
        assert cast["acceptor"].user.messages_received.count() > told

    def test_is_logged_with_its_basis(self, repair, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        (entry,) = logged(repair, "transfer_asked")

        assert entry.basis == "本办内部规定"
        assert entry.detail == {
            "item": asked.pk,
            "host": step.pk,
            "to": "YJ",
            "queue": "~/acceptor",
            "reason": WHY,
        }

    def test_goes_with_a_letter_to_the_other_unit(self, repair, cast, step, rescue):
        transfers_to(rescue[0], cast["acceptor"], step)
        letter = Letter.objects.get(name="transfer")
        receiver = rescue[1][Duty.ACCEPTOR].user

        assert letter.number == "济阳信用转字〔2026〕第0001号"
        for said in (WHY, rescue[0].name, repair.party.name, "2026年9月29日", repair.reference):
            assert said in letter.html
        assert "29 September 2026" in letter.html_en
        assert receiver.messages_received.get().letter == letter

    def test_is_the_owners_alone(self, cast, step, rescue, handler):
        with pytest.raises(beside.NotYourStep):
            transfers_to(rescue[0], handler, step)

    def test_needs_a_reason(self, cast, step, rescue):
        with pytest.raises(beside.NoReason):
            transfers_to(rescue[0], cast["acceptor"], step, reason="")
        assert again(step).state == "claimed"

    def test_goes_to_another_unit(self, cast, step, bureau):
        with pytest.raises(transfers.HasIt):
            transfers_to(bureau, cast["acceptor"], step)

    def test_goes_where_somebody_can_do_the_step(self, cast, step):
        empty, _people = a_unit("MZ", Duty.HANDLER)

        with pytest.raises(beside.NobodyThere) as refused:
            transfers_to(empty, cast["acceptor"], step)
        assert refused.value.fields == {"units": [str(empty)]}

    def test_is_not_for_the_credit_offices_own_part(self, repair, cast, clerk, rescue):
        walk(repair, "CLAIM:check", cast)

        with pytest.raises(transfers.NotTransferable):
            transfers_to(rescue[0], clerk, open_item(repair, "check"))

    def test_waits_for_what_was_asked_beside_the_step(self, cast, step, rescue):
        tax, (expert,) = a_unit("SW")
        (asked,) = asks(cast["acceptor"], step, [tax])
        with pytest.raises(work.WaitsBeside):
            transfers_to(rescue[0], cast["acceptor"], step)
        answers(expert, asked)

        assert transfers_to(rescue[0], cast["acceptor"], step)

    def test_is_no_way_out_of_an_aside(self, cast, step, rescue):
        tax, (expert,) = a_unit("SW")
        (asked,) = asks(cast["acceptor"], step, [tax])
        work.claim(asked.pk, by=expert.user, at=NOW)

        with pytest.raises(beside.BesideTheRoute):
            transfers_to(rescue[0], expert, asked)

    def test_stays_within_the_budget_of_a_verb(self, cast, step, rescue):
        with Counted() as asking:
            who = fresh(cast["acceptor"].user)
            transfers.transfer(step.pk, by=who, at=NOW, to=rescue[0], reason=WHY)

        assert asking.number <= COMPLETE


class TestSigningIn:
    @pytest.fixture
    def signed(self, repair, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        answers(rescue[1][Duty.ACCEPTOR], asked, at=NOW + HOUR, **TAKES)
        return asked

    def test_moves_the_part_and_its_open_steps(self, repair, cast, step, signed, rescue):
        moved = again(step)

        assert finder_of(repair) == rescue[0]
        assert (moved.unit, moved.queue, moved.state) == (rescue[0], "YJ/acceptor", "open")
        (entry,) = logged(repair, "transferred")
        assert entry.basis == "本办内部规定"
        assert entry.detail == {
            "item": signed.pk,
            "host": step.pk,
            "role": "finder",
            "unit": "YJ",
            "queues": {str(step.pk): "YJ/acceptor"},
        }

    def test_restarts_no_clock(self, repair, cast, step, signed):
        running = Deadline.objects.filter(case_id=repair.pk, ended_at=None)

        assert again(step).due_on == step.due_on == at("10-08").date()
        assert running.filter(item=step).count() == step.deadlines.count()
        assert checking.check().differences == []

    def test_lets_the_new_unit_do_all_that_follows(self, repair, cast, step, signed, rescue):
        theirs = {
            **cast,
            "acceptor": rescue[1][Duty.ACCEPTOR],
            "handler": rescue[1][Duty.HANDLER],
            "approver": rescue[1][Duty.APPROVER],
        }
        story = "examine:accept verify:good decide:grant stop_publication:done confirm:seen"
        walk(repair, story, theirs, since=NOW + 2 * HOUR)

        assert case_of(repair).closed_at
        letter = Letter.objects.get(about=repair.reference, name="granted")
        assert rescue[0].name in letter.html

    def test_keeps_the_case_in_sight_of_the_unit_that_had_it(
        self, repair, cast, step, signed, rescue
    ):
        others = a_unit("SW")[1][0]

        assert sees(cast["acceptor"], repair)
        assert sees(rescue[1][Duty.HANDLER], repair)
        assert not sees(others, repair)

    def test_leaves_the_old_unit_nothing_to_do(self, repair, cast, signed):
        with pytest.raises(work.NotYourQueue):
            work.claim(open_item(repair, "examine").pk, by=cast["acceptor"].user, at=NOW + 2 * HOUR)

    def test_is_told_to_the_party_and_to_who_asked(self, repair, cast, signed, rescue, applicant):
        to_party = applicant.user.messages_received.filter(letter=None).get()
        to_asker = cast["acceptor"].user.messages_received.get()

        assert rescue[0].name in to_party.body
        assert WHY in to_party.body
        assert rescue[0].name in to_asker.body

    def test_keeps_the_two_person_rule(self, repair, cast, signed, rescue):
        signer = rescue[1][Duty.ACCEPTOR].user
        Membership.objects.create(user=signer, unit=rescue[0], duty=Duty.APPROVER, since=SINCE)
        theirs = {**cast, "acceptor": rescue[1][Duty.ACCEPTOR], "handler": rescue[1][Duty.HANDLER]}
        walk(repair, "examine:accept verify:good", theirs, since=NOW + 2 * HOUR)

        with pytest.raises(work.SecondPersonNeeded):
            work.claim(open_item(repair, "decide").pk, by=fresh(signer), at=NOW + 5 * HOUR)

    def test_cannot_be_undone_by_a_transfer_back(self, repair, cast, step, signed, rescue, bureau):
        mine = rescue[1][Duty.ACCEPTOR]
        work.claim(step.pk, by=mine.user, at=NOW + 2 * HOUR)

        with pytest.raises(transfers.BackAndForth):
            transfers_to(bureau, mine, step, at=NOW + 2 * HOUR)

    def test_leaves_the_log_whole(self, repair, signed):
        assert list(audit.verify(tracking.log_of(case_of(repair)))) == []

    def test_stays_within_the_budget_of_a_verb(self, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        work.claim(asked.pk, by=rescue[1][Duty.ACCEPTOR].user, at=NOW)
        with Counted() as signing:
            who = fresh(rescue[1][Duty.ACCEPTOR].user)
            work.complete(asked.pk, by=who, answers=TAKES, at=NOW)

        assert signing.number <= COMPLETE


class TestGivingBack:
    def test_puts_the_step_back_into_the_queue_it_came_from(
        self, repair, cast, step, rescue, bureau
    ):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        answers(rescue[1][Duty.ACCEPTOR], asked, **GIVES_BACK)
        back = again(step)

        assert (back.unit, back.queue, back.due_on) == (bureau, "CG/acceptor", step.due_on)
        assert finder_of(repair) == bureau
        (entry,) = logged(repair, "transfer_given_back")
        assert (entry.basis, entry.detail["reason"]) == ("本办内部规定", "不属于本单位职责。")
        work.claim(step.pk, by=cast["acceptor"].user, at=NOW + HOUR)

    def test_tells_the_old_unit_why_and_the_party_nothing(
        self, repair, cast, step, rescue, applicant
    ):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        before = applicant.user.messages_received.count()
        answers(rescue[1][Duty.ACCEPTOR], asked, **GIVES_BACK)

        assert "不属于本单位职责" in cast["acceptor"].user.messages_received.get().body
        assert applicant.user.messages_received.count() == before

    def test_needs_its_reason(self, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)

        with pytest.raises(work.AnswersRefused) as refused:
            answers(rescue[1][Duty.ACCEPTOR], asked, taken="False")
        assert list(refused.value.fields) == ["given_back_because"]

    def test_allows_a_transfer_to_the_right_unit(self, repair, cast, step, rescue):
        third, _people = a_unit("SJ", *DUTIES)
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        answers(rescue[1][Duty.ACCEPTOR], asked, **GIVES_BACK)
        work.claim(step.pk, by=cast["acceptor"].user, at=NOW)

        assert transfers_to(third, cast["acceptor"], step).unit == third


class TestAStepOnItsWay:
    def test_is_late_for_the_receiver_after_one_working_day(self, repair, cast, step, rescue):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        escalation.sweep(at=at("09-30", 9))
        escalated = {entry.detail["item"] for entry in logged(repair, "escalated")}

        assert escalated == {asked.pk}

    def test_waits_for_the_receiver_in_a_sentence(self, repair, cast, step, rescue):
        transfers_to(rescue[0], cast["acceptor"], step)
        with override("en"):
            waiting = tracking.dossier_of(case_of(repair), on=ON).waiting

        assert "YJ" in {one.who for one in waiting}

    def test_can_still_be_withdrawn_by_the_party(self, repair, cast, step, rescue, applicant):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        intake.withdraw(repair.reference, by=applicant.user, at=NOW + HOUR)

        assert again(asked).state == again(step).state == "cancelled"
        assert case_of(repair).closed_at

    def test_can_be_deemed_accepted_and_is_then_the_receivers_from_the_next_step_on(
        self, repair, cast, step, rescue
    ):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        escalation.sweep(at=at("10-20", 0))
        assert logged(repair, "deemed_accepted")
        answers(
            rescue[1][Duty.ACCEPTOR], asked, at=at("10-20", 9), **TAKES, overdue_reason="示例。"
        )

        verify = open_item(repair, "verify")
        assert (verify.unit, verify.queue) == (rescue[0], "YJ/handler")

    def test_can_be_deemed_accepted_and_stays_where_it_was_when_given_back(
        self, repair, cast, step, rescue, bureau
    ):
        asked = transfers_to(rescue[0], cast["acceptor"], step)
        escalation.sweep(at=at("10-20", 0))
        late = {**GIVES_BACK, "overdue_reason": "示例。"}
        answers(rescue[1][Duty.ACCEPTOR], asked, at=at("10-20", 9), **late)

        verify = open_item(repair, "verify")
        assert (verify.unit, verify.queue) == (bureau, "CG/handler")
