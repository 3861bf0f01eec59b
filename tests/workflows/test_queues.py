"""Queues, inboxes and what is late: the right work, in the right order, for the right people."""

import datetime as dt

import pytest

from accounts.models import Duty, Membership, Unit, User
from records.models import Record
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.walks import at, open_a_repair, walk
from workflows import queues, work

ON = dt.date(2026, 9, 28)
NOW = at("09-28", 12)


@pytest.fixture
def three(applicant, penalty, company, bureau, cast):
    """Three cases: one at the counter since Monday, one since Saturday, one being examined."""
    others = [
        Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number=f"济阳城管罚决字〔2026〕第010{number}号（示例）",
            subject=company,
            authority_code=bureau.credit_code,
            authority_name=bureau.name,
            decided_on=penalty.decided_on,
            categories=["罚款"],
        )
        for number in (2, 3)
    ]
    records = [penalty, *others]
    monday = open_a_repair(applicant, records[0])
    tuesday = applicant.applies(records[1], at=at("09-29", 9))
    examined = open_a_repair(applicant, records[2])
    walk(examined, "check:yes", cast)
    return monday, tuesday, examined


@pytest.fixture
def both_duties(three, clerk, bureau):
    """The counter clerk, who accepts for the bureau too, as a new request knows them."""
    Membership.objects.create(user=clerk.user, unit=bureau, duty=Duty.ACCEPTOR, since=SINCE)
    return User.objects.get(pk=clerk.user.pk)


def steps(items):
    return [(item.case.reference[-1], item.step) for item in items]


class TestAQueue:
    def test_holds_the_unclaimed_work_of_ones_duties_soonest_due_first(self, three, cast):
        assert steps(queues.queue_for(cast["clerk"].user, on=ON)) == [
            ("1", "check"),
            ("2", "check"),
        ]
        assert steps(queues.queue_for(cast["acceptor"].user, on=ON)) == [("3", "examine")]
        assert queues.queue_for(cast["approver"].user, on=ON) == []

    def test_joins_the_duties_of_one_person_in_order_of_date(self, three, both_duties):
        mine = queues.queue_for(both_duties, on=ON)

        assert steps(mine) == [("1", "check"), ("2", "check"), ("3", "examine")]
        assert [item.due_on for item in mine] == sorted(item.due_on for item in mine)

    def test_shows_work_once_to_a_person_whose_duty_was_written_down_twice(
        self, three, clerk, office
    ):
        Membership.objects.create(
            user=clerk.user, unit=office, duty=Duty.COUNTER, since=dt.date(2026, 1, 1)
        )
        assert len(queues.queue_for(User.objects.get(pk=clerk.user.pk), on=ON)) == 2

    def test_loses_what_is_claimed_and_gains_what_is_put_back(self, three, clerk):
        item = open_item(three[0], "check")
        work.claim(item.pk, by=clerk.user, at=NOW)
        assert steps(queues.queue_for(clerk.user, on=ON)) == [("2", "check")]
        assert queues.count_queue(clerk.user, on=ON) == 1

        work.release(item.pk, by=clerk.user, at=NOW)
        assert queues.count_queue(clerk.user, on=ON) == 2

    def test_can_be_asked_for_one_step_only(self, three, both_duties):
        assert steps(queues.queue_for(both_duties, on=ON, step="examine")) == [("3", "examine")]
        assert queues.count_queue(both_duties, on=ON, step="examine") == 1

    def test_is_counted_by_step(self, three, both_duties):
        assert queues.steps_in_queue(both_duties, on=ON) == {
            ("repair", "check"): 2,
            ("repair", "examine"): 1,
        }

    def test_is_read_page_by_page(self, three, clerk, monkeypatch):
        monkeypatch.setattr(queues, "PAGE", 1)
        pages = [steps(queues.queue_for(clerk.user, on=ON, page=n)) for n in (1, 2, 3)]

        assert pages == [[("1", "check")], [("2", "check")], []]

    def test_pages_of_several_duties_show_each_piece_of_work_once(
        self, three, both_duties, monkeypatch
    ):
        monkeypatch.setattr(queues, "PAGE", 2)
        pages = [steps(queues.queue_for(both_duties, on=ON, page=n)) for n in (1, 2)]

        assert pages == [[("1", "check"), ("2", "check")], [("3", "examine")]]

    def test_is_empty_before_and_after_a_duty(self, three, clerk):
        Membership.objects.filter(user=clerk.user).update(since=ON, until=ON)

        assert queues.count_queue(clerk.user, on=ON - dt.timedelta(days=1)) == 0
        assert queues.count_queue(clerk.user, on=ON) == 2
        assert queues.count_queue(clerk.user, on=ON + dt.timedelta(days=1)) == 0


class TestAnInbox:
    def test_holds_what_one_has_claimed_and_not_finished(self, three, cast, clerk):
        for case in three[:2]:
            work.claim(open_item(case, "check").pk, by=clerk.user, at=at("09-29", 10))
        assert steps(queues.inbox_of(clerk.user)) == [("1", "check"), ("2", "check")]
        assert queues.count_inbox(clerk.user) == 2

        walk(three[0], "check:yes", cast, since=at("09-29", 10))
        assert steps(queues.inbox_of(clerk.user)) == [("2", "check")]
        assert queues.count_inbox(cast["acceptor"].user) == 0


class TestWhatIsAsked:
    def test_reaches_everyone_who_acts_for_the_party(self, three, cast):
        walk(three[0], "check:no", cast)

        assert steps(queues.asked_of(cast["applicant"].user, on=ON)) == [("1", "redo")]
        assert queues.asked_of(cast["clerk"].user, on=ON) == []


class TestWhatIsLate:
    def test_is_late_from_the_day_after_its_last_day(self, three, office_supervisor):
        due_on = open_item(three[0], "check").due_on

        assert queues.late_for(office_supervisor, on=due_on) == []
        late = queues.late_for(office_supervisor, on=due_on + dt.timedelta(days=1))
        assert steps(late) == [("1", "check")]

    def test_is_listed_for_a_supervisor_of_the_unit_and_for_the_office(
        self, three, bureau_supervisor, office_supervisor, cast
    ):
        far = dt.date(2026, 11, 22)

        assert steps(queues.late_for(bureau_supervisor, on=far)) == [("3", "examine")]
        assert len(queues.late_for(office_supervisor, on=far)) == 3
        assert queues.late_for(cast["acceptor"].user, on=far) == []

    def test_is_listed_once_for_a_supervisor_written_down_twice(
        self, three, bureau_supervisor, bureau
    ):
        Membership.objects.create(
            user=bureau_supervisor, unit=bureau, duty=Duty.SUPERVISOR, since=dt.date(2026, 1, 1)
        )
        assert len(queues.late_for(bureau_supervisor, on=dt.date(2026, 11, 22))) == 1

    def test_includes_what_somebody_has_claimed(self, three, cast, bureau_supervisor):
        walk(three[2], "CLAIM:examine", cast)

        assert len(queues.late_for(bureau_supervisor, on=dt.date(2026, 11, 22))) == 1


class TestOneStep:
    def test_is_shown_to_those_it_concerns(self, three, cast, bureau_supervisor, office_supervisor):
        other = Unit.objects.create(
            code="YJ", name="示例", name_en="x", credit_code="11370115MB00000YJ0"
        )
        stranger = _caseworker(other, Duty.ACCEPTOR, "stranger").user
        examine = open_item(three[2], "examine")
        may = {
            cast["acceptor"].user: True,
            bureau_supervisor: True,
            office_supervisor: True,
            cast["handler"].user: False,
            cast["clerk"].user: False,
            cast["applicant"].user: False,
            stranger: False,
        }
        shown = {who: bool(queues.item_for(who, examine.pk, on=ON)) for who in may}

        assert shown == may
        assert queues.item_for(office_supervisor, 999_999, on=ON) is None

    def test_stays_visible_to_the_one_who_did_it(self, three, cast):
        check = three[2].items.get(step="check")

        assert queues.item_for(cast["clerk"].user, check.pk, on=ON) == check
