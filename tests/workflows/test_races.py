"""Two people at the same moment, on real connections: one wins, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import Duty, Membership, User
from cases.repair.states import Repair, State
from notifications.models import Message
from records.models import Record
from tests.actors import open_item
from tests.conftest import SINCE
from tests.workflows.beside import AGREE, a_unit, asks
from tests.workflows.test_replay import assert_rebuilt
from tests.workflows.walks import ANSWERS, APPLIED, at, open_a_repair, walk
from workflows import audit, escalation, intake, work
from workflows.models import Case, Entry, Urging, WorkItem
from workflows.numbering import next_number

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptying_the_log"),
]
ROUNDS = 20
NOW = at("09-28", 10)
LATER = at("09-28", 14)
MIDNIGHT = at("10-20", 0)
VERIFIED = {"decide:grant": "good", "decide:refuse": "bad"}


def together(*calls):
    """Make all calls at the same moment, each on its own connection; return what came of each."""
    ready = threading.Barrier(len(calls))

    def make(call):
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            return call()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(make, calls))


def split(results):
    """Return what was done and what was refused; anything else is a failure."""
    done = [result for result in results if not isinstance(result, Exception)]
    refused = [result for result in results if isinstance(result, Exception)]
    for problem in refused:
        if not isinstance(problem, work.Refused):
            raise problem
    return done, refused


def colleague(person, unit, duty):
    user = User.objects.create_user(f"other {duty}", display_name=f"另一位{duty}")
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return user


def another_penalty(penalty, number):
    same = ("kind", "subject", "authority_code", "authority_name", "decided_on", "categories")
    copied = {name: getattr(penalty, name) for name in same}
    return Record.objects.create(
        document_number=f"济阳城管罚决字〔2026〕第{number:04}号（示例）", **copied
    )


class TestTwoClerks:
    def test_cannot_both_claim_a_step(self, repair, clerk, office):
        item = open_item(repair, "check")
        people = [clerk.user, colleague(clerk, office, Duty.COUNTER)]
        winners = set()
        for _round in range(ROUNDS):
            results = together(
                *(lambda who=who: work.claim(item.pk, by=who, at=NOW) for who in people)
            )
            (won,), (refused,) = split(results)

            assert isinstance(refused, work.TakenByAnother)
            assert refused.fields["who"] == str(won.owner)
            assert str(won.owner) in str(refused)
            assert WorkItem.objects.get(pk=item.pk).owner == won.owner
            winners.add(won.owner)
            work.release(item.pk, by=won.owner, at=NOW)
        claimed = Entry.objects.filter(stream=repair.reference, kind="claimed").count()
        assert claimed == ROUNDS
        assert_rebuilt(repair.reference)

    def test_cannot_both_claim_what_was_asked_beside_a_step(self, repair, cast):
        tax, (expert,) = a_unit("SW")
        people = [expert.user, colleague(expert, tax, Duty.HANDLER)]
        walk(repair, "check:yes CLAIM:examine", cast)
        (asked,) = asks(cast["acceptor"], open_item(repair, "examine"), [tax], at=NOW)
        for _round in range(ROUNDS):
            results = together(
                *(lambda who=who: work.claim(asked.pk, by=who, at=NOW) for who in people)
            )
            (won,), (refused,) = split(results)

            assert isinstance(refused, work.TakenByAnother)
            assert WorkItem.objects.get(pk=asked.pk).owner == won.owner
            work.release(asked.pk, by=won.owner, at=NOW)
        assert_rebuilt(repair.reference)


class TestTwoTabsOfOneApprover:
    def test_cannot_both_decide(self, repair, cast, approver):
        walk(repair, "check:yes examine:accept verify:good", cast)
        item = open_item(repair, "decide")
        work.claim(item.pk, by=approver.user, at=at("09-28", 13))
        calls = [
            lambda answer=answer: work.complete(
                item.pk, by=approver.user, answers=ANSWERS[answer], at=at("09-28", 14)
            )
            for answer in ("decide:grant", "decide:refuse")
        ]
        (decided,), (refused,) = split(together(*calls))

        assert isinstance(refused, work.TakenByAnother)
        assert Repair.objects.get().state == decided.state
        assert Entry.objects.filter(kind__in=["approve", "refuse"]).count() == 1
        letters = Message.objects.filter(letter__name__in=["granted", "refused"])
        assert letters.count() == 1
        assert_rebuilt(repair.reference)


class TestTwoApplications:
    def test_about_one_record_open_one_case(self, applicant, penalty):
        answers = [applicant.answers(penalty, at=APPLIED) for _person in range(4)]
        calls = [
            lambda given=given: intake.submit(
                "repair", by=applicant.user, record_id=penalty.pk, answers=given, at=APPLIED
            )
            for given in answers
        ]
        (opened,), refused = split(together(*calls))

        assert [type(refusal) for refusal in refused] == [intake.AlreadyOpen] * 3
        assert Case.objects.get().reference == opened.reference == "XF-2026-000001"
        assert_rebuilt(opened.reference)

    def test_about_two_records_get_two_numbers_without_a_gap(self, applicant, penalty):
        records = [penalty, *(another_penalty(penalty, n) for n in range(2, 6))]
        prepared = [(record, applicant.answers(record, at=APPLIED)) for record in records]
        calls = [
            lambda record=record, given=given: intake.submit(
                "repair", by=applicant.user, record_id=record.pk, answers=given, at=APPLIED
            )
            for record, given in prepared
        ]
        opened, refused = split(together(*calls))

        assert refused == []
        assert sorted(case.reference for case in opened) == [f"XF-2026-{n:06}" for n in range(1, 6)]

    def test_with_one_file_let_one_case_have_it(self, applicant, penalty):
        records = [penalty, another_penalty(penalty, 2)]
        file = str(applicant.hands_in(at=APPLIED).pk)
        prepared = [
            (record, {**applicant.answers(record, at=APPLIED), "proof": [file]})
            for record in records
        ]
        calls = [
            lambda record=record, given=given: intake.submit(
                "repair", by=applicant.user, record_id=record.pk, answers=given, at=APPLIED
            )
            for record, given in prepared
        ]
        opened, refused = split(together(*calls))

        assert len(opened) == len(refused) == 1
        assert refused[0].status in (409, 422)
        assert Case.objects.count() == 1


class TestTheSweep:
    def test_and_an_answer_at_the_last_moment_do_not_both_count(self, applicant, penalty, cast):
        for number in range(5):
            case = open_a_repair(applicant, another_penalty(penalty, number + 10))
            walk(case, "check:yes examine:more", cast)
            results = together(
                lambda: escalation.sweep(at=MIDNIGHT),
                lambda case=case: cast["applicant"].does(
                    "supplement", case, at=MIDNIGHT, **ANSWERS["supplement:done"]
                ),
            )
            kinds = Entry.objects.filter(stream=case.reference, by__isnull=False)
            ended = kinds.filter(kind__in=["lapse", "supply"]).values_list("kind", flat=True)

            assert len(ended) == 1
            assert results[0].failed == 0
            if ended[0] == "lapse":
                assert isinstance(results[1], work.TakenByAnother)
            else:
                assert not isinstance(results[1], Exception)
            assert_rebuilt(case.reference)

    def test_and_another_sweep_tell_each_person_once(
        self, repair, cast, bureau_supervisor, office_supervisor
    ):
        walk(repair, "check:yes", cast)
        late = at("10-09", 9)
        beats = together(*(lambda: escalation.sweep(at=late) for _worker in range(3)))

        assert [type(beat).__name__ for beat in beats] == ["Heartbeat"] * 3
        assert sum(beat.failed for beat in beats) == 0
        (demand,) = Urging.objects.all()
        assert (demand.deadline.rung, demand.opened_at) == (2, late)
        subject = {m.subject for m in Message.objects.filter(to=bureau_supervisor, letter=None)}
        assert len(subject) == Message.objects.filter(to=bureau_supervisor, letter=None).count()
        assert Entry.objects.filter(kind="escalated").count() == 1


class TestAWithdrawal:
    def test_and_an_examination_at_once_leave_one_story(self, applicant, penalty, cast):
        for number in range(5):
            case = open_a_repair(applicant, another_penalty(penalty, number + 20))
            walk(case, "check:yes CLAIM:examine", cast)
            item = open_item(case, "examine")
            results = together(
                lambda case=case: intake.withdraw(case.reference, by=applicant.user, at=NOW),
                lambda item=item: work.complete(
                    item.pk,
                    by=cast["acceptor"].user,
                    answers=ANSWERS["examine:refuse"],
                    at=NOW,
                ),
            )
            _done, refused = split(results)

            # Whoever came second: an examination too late is refused; a withdrawal is not.
            assert Repair.objects.get(pk=case.pk).state == State.WITHDRAWN
            assert all(isinstance(refusal, work.TakenByAnother) for refusal in refused)
            assert_rebuilt(case.reference)

    @pytest.mark.parametrize("answer", ["decide:grant", "decide:refuse"])
    def test_and_a_decision_at_once_leave_only_one_of_them(self, applicant, penalty, cast, answer):
        for number in range(5):
            case = open_a_repair(applicant, another_penalty(penalty, number + 40))
            walk(case, f"check:yes examine:accept verify:{VERIFIED[answer]} CLAIM:decide", cast)
            item = open_item(case, "decide")
            withdrawn, decided = together(
                lambda case=case: intake.withdraw(case.reference, by=applicant.user, at=LATER),
                lambda item=item: work.complete(
                    item.pk, by=cast["approver"].user, answers=ANSWERS[answer], at=LATER
                ),
            )
            _done, (refused,) = split([withdrawn, decided])

            assert isinstance(refused, work.TakenByAnother | intake.TooLate)
            state = Repair.objects.get(pk=case.pk).state
            assert (state == State.WITHDRAWN) is (refused is decided)
            moves = ["withdraw", "approve", "refuse"]
            assert Entry.objects.filter(stream=case.reference, kind__in=moves).count() == 1
            assert_rebuilt(case.reference)

    def test_and_an_opinion_at_once_leave_no_question_open(self, applicant, penalty, cast):
        tax, (expert,) = a_unit("SW")
        for number in range(5):
            case = open_a_repair(applicant, another_penalty(penalty, number + 60))
            walk(case, "check:yes CLAIM:examine", cast)
            (asked,) = asks(cast["acceptor"], open_item(case, "examine"), [tax], at=NOW)
            work.claim(asked.pk, by=expert.user, at=NOW)
            withdrawn, answered = together(
                lambda case=case: intake.withdraw(case.reference, by=applicant.user, at=NOW),
                lambda asked=asked: work.complete(asked.pk, by=expert.user, answers=AGREE, at=NOW),
            )

            assert withdrawn.state == State.WITHDRAWN
            assert withdrawn.closed_at == NOW
            kept = "cancelled" if isinstance(answered, work.TakenByAnother) else "done"
            assert WorkItem.objects.get(pk=asked.pk).state == kept
            assert_rebuilt(case.reference)


class TestACaseThatStaysLocked:
    def test_is_called_busy_after_a_while(self, repair, clerk, monkeypatch):
        monkeypatch.setattr(audit, "_BEGIN", audit._BEGIN.replace("10s", "200ms"))
        item = open_item(repair, "check")
        locked, over = threading.Event(), threading.Event()

        def sit_on_it():
            with work.holding(item.pk, by=None, at=NOW):
                locked.set()
                over.wait(timeout=20)

        def claim():
            locked.wait(timeout=20)
            try:
                return work.claim(item.pk, by=clerk.user, at=NOW)
            finally:
                over.set()

        _sat, refused = together(sit_on_it, claim)

        assert isinstance(refused, work.Busy)
        assert refused.status == 409
        assert WorkItem.objects.get(pk=item.pk).state == "open"


class TestTwentyNumbers:
    def test_drawn_at_once_leave_no_gap_even_when_some_are_given_back(self, db):
        class GivenBack(work.Refused):
            pass

        def draw(fails):
            with transaction.atomic():
                number = next_number("letter/试", 2026)
                if fails:
                    raise GivenBack
                return number

        calls = [lambda n=n: draw(fails=n % 4 == 0) for n in range(20)]
        drawn, given_back = split(together(*calls))

        assert len(given_back) == 5
        assert sorted(drawn) == list(range(1, 16))
