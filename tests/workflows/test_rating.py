"""Ratings of closed cases: given once by the party, followed up by somebody uninvolved."""

import pytest

from accounts.models import Duty, Membership
from notifications.models import Message
from tests.conftest import SINCE, _caseworker
from tests.workflows.walks import STORIES, at, open_a_repair, walk
from workflows import audit, hands, rating, topics, tracking
from workflows.models import Entry, Rating

NOW = at("10-20", 9)
ON = NOW.date()


@pytest.fixture
def cast(staff, applicant):
    return {**staff, "applicant": applicant}


@pytest.fixture
def closed(applicant, penalty, cast):
    case = open_a_repair(applicant, penalty)
    walk(case, STORIES["refused"], cast)
    return case


def rates(case, person, grade=5, **said):
    return rating.rate(case.reference, by=person.user, grade=grade, at=NOW, **said)


def logged(case, kind):
    return Entry.objects.get(stream=case.reference, kind=kind)


class TestARating:
    def test_is_given_by_the_party_and_written_in_the_log_without_its_words(
        self, closed, applicant
    ):
        given = rates(closed, applicant, 4, comment="窗口韦某示例态度很好。")

        entry = logged(closed, "rated")
        assert (given.grade, given.comment) == (4, "窗口韦某示例态度很好。")
        assert entry.detail == {"rating": given.pk, "grade": 4}
        assert set(entry.sealed) == {"words"}
        assert "51号" in entry.basis
        log = Entry.objects.filter(stream=closed.reference).order_by("seq")
        assert not list(audit.verify(log))

    def test_is_given_once(self, closed, applicant):
        rates(closed, applicant)
        with pytest.raises(rating.AlreadyRated):
            rates(closed, applicant, 1)

        assert Rating.objects.get().grade == 5

    def test_is_given_to_no_case_under_way(self, applicant, penalty):
        with pytest.raises(rating.NotClosed):
            rates(open_a_repair(applicant, penalty), applicant)

    def test_is_given_by_nobody_else(self, closed, staff, office_supervisor):
        for person in (staff["clerk"], staff["handler"]):
            with pytest.raises(topics.NoSuchCase):
                rates(closed, person)
        assert not Rating.objects.exists()

    @pytest.mark.parametrize("grade", [0, 6, -1])
    def test_has_one_of_five_grades(self, closed, applicant, grade):
        with pytest.raises(rating.NoSuchGrade):
            rates(closed, applicant, grade)

    def test_takes_no_book_and_no_character_that_cannot_be_kept(self, closed, applicant):
        with pytest.raises(rating.TooLong):
            rates(closed, applicant, comment="好" * 2001)
        assert rates(closed, applicant, comment="好\x00的").comment == "好的"

    @pytest.mark.parametrize(("grade", "told"), [(1, 1), (2, 1), (3, 0), (5, 0)])
    def test_is_told_the_offices_supervisors_when_it_is_poor(
        self, closed, applicant, office_supervisor, bureau_supervisor, grade, told
    ):
        before = Message.objects.count()
        rates(closed, applicant, grade, comment="等了很久。")
        found = Message.objects.order_by("pk")[before:]

        assert [message.to for message in found] == [office_supervisor] * told
        assert not any("等了很久" in m.body or "韦示例" in m.body for m in found)

    def test_is_not_in_the_history_that_those_who_work_on_the_case_read(self, closed, applicant):
        rates(closed, applicant, 1)
        told = tracking.dossier_of(closed, on=ON)

        assert not {"rated", "rating_followed_up"} & {line.kind for line in told.history}


class TestACallBack:
    def test_is_written_down_once_by_a_supervisor_of_the_office(
        self, closed, applicant, office_supervisor
    ):
        poor = rates(closed, applicant, 2)
        assert list(rating.waiting_for(office_supervisor, on=ON)) == [poor]
        said = {"by": office_supervisor, "at": at("10-21"), "note": "电话沟通，已说明依据。"}
        done = rating.follow_up(poor.pk, **said)

        assert done.followed_up_by == office_supervisor
        assert not rating.waiting_for(office_supervisor, on=ON)
        entry = logged(closed, "rating_followed_up")
        assert entry.detail == {"rating": poor.pk, "grade": 2}
        assert set(entry.sealed) == {"words"}
        with pytest.raises(rating.AlreadyFollowedUp):
            rating.follow_up(poor.pk, **said)

    def test_is_not_for_other_supervisors_nor_for_those_who_work(
        self, closed, applicant, bureau_supervisor, staff
    ):
        poor = rates(closed, applicant, 1)
        for person in (bureau_supervisor, staff["approver"].user, applicant.user):
            with pytest.raises(rating.NoSuchRating):
                rating.follow_up(poor.pk, by=person, note="已回访。", at=NOW)

    def test_is_not_for_who_had_a_hand_in_the_case(self, closed, applicant, staff, office):
        clerk = staff["clerk"].user
        Membership.objects.create(user=clerk, unit=office, duty=Duty.SUPERVISOR, since=SINCE)
        poor = rates(closed, applicant, 1)

        with pytest.raises(rating.WorkedOnIt):
            rating.follow_up(poor.pk, by=clerk, note="已回访。", at=NOW)

    def test_is_not_for_who_acts_for_the_party(self, closed, applicant, office):
        Membership.objects.create(
            user=applicant.user, unit=office, duty=Duty.SUPERVISOR, since=SINCE
        )
        poor = rates(closed, applicant, 1)
        with pytest.raises(hands.WhoIsRecused):
            rating.follow_up(poor.pk, by=applicant.user, note="已回访。", at=NOW)

    def test_needs_words_and_a_poor_rating(self, closed, applicant, office_supervisor):
        good = rates(closed, applicant, 3)
        with pytest.raises(rating.NoSuchRating):
            rating.follow_up(good.pk, by=office_supervisor, note="谢谢。", at=NOW)
        Rating.objects.update(grade=2)
        with pytest.raises(rating.NoNote):
            rating.follow_up(good.pk, by=office_supervisor, note=" \x00 ", at=NOW)


class TestTheNumbers:
    def test_count_each_grade_and_the_calls_that_wait(self, closed, applicant, office_supervisor):
        assert rating.told_for(office_supervisor, on=ON).satisfied is None
        rates(closed, applicant, 2)
        told = rating.told_for(office_supervisor, on=ON)

        assert told.grades == {5: 0, 4: 0, 3: 0, 2: 1, 1: 0}
        assert (told.count, told.waiting, told.satisfied) == (1, 1, 0)

    def test_are_of_the_units_one_watches(self, closed, applicant, bureau_supervisor, office):
        rates(closed, applicant, 5)
        elsewhere = _caseworker(office, Duty.HANDLER, "elsewhere").user

        assert rating.told_for(bureau_supervisor, on=ON).count == 1
        assert rating.told_for(elsewhere, on=ON).count == 0
        assert not rating.may_follow_up(bureau_supervisor, on=ON)
