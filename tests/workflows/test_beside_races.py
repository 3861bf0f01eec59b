"""Beside the route at the same moment, on real connections: nothing is lost, nothing twice."""

import pytest

from accounts.models import Duty
from notifications.models import Message
from tests.actors import open_item
from tests.workflows.beside import AGREE, NOW, a_unit, again, asks, logged
from tests.workflows.test_races import another_penalty, split, together
from tests.workflows.walks import ANSWERS, HOUR, at, open_a_repair, walk
from workflows import audit, consulting, escalation, returning, tracking, transfers, work
from workflows.models import Case, Deadline, Involvement, WorkItem

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptying_the_log"),
]
ROUNDS = 4
LATE = {**AGREE, "overdue_reason": "示例。"}
UNITS = ("SW", "FY", "MZ", "RS", "YJ")


@pytest.fixture
def examined(applicant, penalty, cast):
    """Return a function that opens one more case, its examination in the acceptor's inbox."""

    def open_one(number):
        case = open_a_repair(applicant, another_penalty(penalty, number))
        walk(case, "check:yes CLAIM:examine", cast)
        return case, open_item(case, "examine")

    return open_one


def is_whole(case):
    """Test that the log is one chain and that no clock runs for what is closed."""
    stored = Case.objects.get(pk=case.pk)
    orphans = Deadline.objects.filter(
        case=stored, ended_at=None, item__state__in=["done", "cancelled"]
    )
    return list(audit.verify(tracking.log_of(stored))) == [] and not orphans.exists()


class TestFiveUnits:
    def test_answering_at_once_make_one_join_and_lose_no_opinion(self, cast, examined):
        asked_units = [a_unit(code) for code in UNITS]
        experts = {unit.pk: people[0].user for unit, people in asked_units}
        for number in range(ROUNDS):
            case, step = examined(150 + number)
            items = asks(cast["acceptor"], step, [unit for unit, _people in asked_units])
            for item in items:
                work.claim(item.pk, by=experts[item.unit_id], at=NOW)
            calls = [
                lambda item=item: work.complete(
                    item.pk, by=experts[item.unit_id], answers=AGREE, at=NOW + HOUR
                )
                for item in items
            ]
            done, refused = split(together(*calls))

            assert (len(done), refused) == (5, [])
            assert [again(item).state for item in items] == ["done"] * 5
            given = [
                entry.detail
                for entry in logged(case, "completed")
                if "position" in entry.detail["facts"]
            ]
            assert {entry["item"] for entry in given} == {item.pk for item in items}
            (joined,) = logged(case, "opinions_complete")
            assert joined.detail["opinions"] == 5
            to_owner = Message.objects.filter(to=cast["acceptor"].user, about=case.reference)
            assert to_owner.count() == 1
            work.complete(
                step.pk,
                by=cast["acceptor"].user,
                answers=ANSWERS["examine:accept"],
                at=NOW + 2 * HOUR,
            )
            assert is_whole(case)


class TestTheLastAnswer:
    def test_and_its_taking_back_at_once_make_one_join(self, cast, examined):
        (tax, (expert,)), (court, (judge,)) = a_unit("SW"), a_unit("FY")
        owner = cast["acceptor"].user
        for number in range(ROUNDS):
            case, step = examined(200 + number)
            first, last = asks(cast["acceptor"], step, [tax, court])
            work.claim(first.pk, by=expert.user, at=NOW)
            work.complete(first.pk, by=expert.user, answers=AGREE, at=NOW)
            work.claim(last.pk, by=judge.user, at=NOW)
            results = together(
                lambda last=last: work.complete(last.pk, by=judge.user, answers=AGREE, at=NOW),
                lambda last=last: consulting.take_back(last.pk, by=owner, at=NOW, reason="误发。"),
            )
            (_done,), (refused,) = split(results)

            assert refused.status == 409
            assert len(logged(case, "opinions_complete")) == 1
            assert is_whole(case)

    def test_and_the_sweep_that_takes_silence_for_it_make_one_join(self, cast, examined):
        tax, (expert,) = a_unit("SW")
        midnight = at("10-01", 0)
        for number in range(ROUNDS):
            case, step = examined(300 + number)
            (asked,) = asks(cast["acceptor"], step, [tax], kind="advice", silence_announced=True)
            work.claim(asked.pk, by=expert.user, at=NOW)
            results = together(
                lambda asked=asked: work.complete(
                    asked.pk, by=expert.user, answers=LATE, at=midnight
                ),
                lambda: escalation.sweep(at=midnight),
            )
            answered = [r for r in results if not isinstance(r, Exception)]

            assert answered
            assert results[1].failed == 0
            escalation.sweep(at=midnight + HOUR)  # what was locked is left to the next sweep
            assert again(asked).state == "done"
            assert len(logged(case, "opinions_complete")) == 1
            assert is_whole(case)

    def test_and_the_completion_of_the_step_leave_one_order(self, cast, examined):
        tax, (expert,) = a_unit("SW")
        for number in range(ROUNDS):
            case, step = examined(400 + number)
            (asked,) = asks(cast["acceptor"], step, [tax])
            work.claim(asked.pk, by=expert.user, at=NOW)
            answered, examined_ = together(
                lambda asked=asked: work.complete(asked.pk, by=expert.user, answers=AGREE, at=NOW),
                lambda step=step: work.complete(
                    step.pk,
                    by=cast["acceptor"].user,
                    answers=ANSWERS["examine:accept"],
                    at=NOW,
                ),
            )
            assert not isinstance(answered, Exception)
            if isinstance(examined_, Exception):
                assert isinstance(examined_, work.WaitsBeside)
                assert again(step).state == "claimed"
            assert is_whole(case)


class TestATransfer:
    def test_and_an_answer_by_two_tabs_at_once_leave_one_outcome(self, cast, examined):
        rescue, (receiver,) = a_unit("YJ", Duty.ACCEPTOR)
        for number in range(ROUNDS):
            case, step = examined(500 + number)
            asked = transfers.transfer(
                step.pk, by=cast["acceptor"].user, at=NOW, to=rescue, reason="不属本单位职责。"
            )
            work.claim(asked.pk, by=receiver.user, at=NOW)
            given = ({"taken": "True"}, {"taken": "False", "given_back_because": "非本单位职责。"})
            results = together(
                *(
                    lambda told=told, asked=asked: work.complete(
                        asked.pk, by=receiver.user, answers=told, at=NOW
                    )
                    for told in given
                )
            )
            (_done,), (refused,) = split(results)

            assert isinstance(refused, work.TakenByAnother)
            outcomes = logged(case, "transferred") + logged(case, "transfer_given_back")
            assert len(outcomes) == 1
            has_it = Involvement.objects.get(case_id=case.pk, role="finder").unit
            assert again(step).unit == has_it
            assert is_whole(case)

    def test_and_a_question_from_two_tabs_at_once_leave_one(self, cast, examined):
        rescue, _people = a_unit("YJ", Duty.ACCEPTOR, Duty.HANDLER)
        owner = cast["acceptor"].user
        for number in range(ROUNDS):
            case, step = examined(600 + number)
            results = together(
                lambda step=step: transfers.transfer(
                    step.pk, by=owner, at=NOW, to=rescue, reason="不属本单位职责。"
                ),
                lambda step=step: asks(cast["acceptor"], step, [rescue]),
            )
            (_done,), (_refused,) = split(results)

            assert WorkItem.objects.filter(host=step, state="open").count() == 1
            assert is_whole(case)


class TestAReturn:
    def test_and_a_decision_from_two_tabs_at_once_leave_one(self, applicant, penalty, cast):
        approver = cast["approver"].user
        for number in range(ROUNDS):
            case = open_a_repair(applicant, another_penalty(penalty, 700 + number))
            walk(case, "check:yes examine:accept verify:good CLAIM:decide", cast)
            step = open_item(case, "decide")
            results = together(
                lambda step=step: returning.send_back(
                    step.pk, by=approver, at=at("09-29", 9), reason="请补充核实。"
                ),
                lambda step=step: work.complete(
                    step.pk, by=approver, answers=ANSWERS["decide:grant"], at=at("09-29", 9)
                ),
            )
            (_done,), (_refused,) = split(results)

            assert (
                WorkItem.objects.filter(case_id=case.pk, state__in=["open", "claimed"]).count() == 1
            )
            assert is_whole(case)
