"""The calendar of a year: uploaded by one person, granted by a second, loaded whole."""

import datetime as dt

import pytest
from django.utils.translation import override

from accounts.models import Duty, User
from tests.conftest import _caseworker
from tests.web import operators
from tests.workflows.sheets import HEADING, rows_2026, rows_2027
from tests.workflows.walks import at
from workflows import calendar_proposals, checking
from workflows.calendar_sheet import CalendarRefused
from workflows.models import Day, Deadline, Entry, Proposal
from workflows.proposals import AlreadyDecided, NoSuchProposal, NotAllowed, NotYours, SameHand

operator = operators.operator  # a fixture
NOW, LATER = at("12-28", 10), at("12-28", 15)
FEEDBACK = "repair.ndrc.feedback"


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def office_approver(office):
    return _caseworker(office, Duty.APPROVER, "office approver").user


@pytest.fixture
def late_repair(applicant, penalty, staff):
    """Received on 24 December 2026: its feedback is due in a year not yet published."""
    return applicant.applies(penalty, at=at("12-24", 8))


def content(rows):
    return "\n".join([HEADING, *rows]).encode()


def proposed(by, rows=None, *, now=NOW, reason="国办通知（示例）"):
    return calendar_proposals.propose(content(rows or rows_2027()), by=by, at=now, reason=reason)


def kinds(stream="calendar/2027"):
    found = Entry.objects.filter(stream=stream).order_by("seq")
    return list(found.values_list("kind", flat=True))


class TestACalendar:
    def test_proposed_changes_nothing_and_tells_what_it_would(self, office_supervisor, late_repair):
        found = proposed(office_supervisor)

        assert not Day.objects.filter(day__year=2027).exists()
        told = {"key": "calendar/2027", "year": 2027, "days": 7, "added": 7, "removed": 0}
        assert told.items() <= found.detail.items()
        assert found.detail["moves"] > 0
        assert kinds() == ["proposed"]

    def test_granted_is_loaded_and_moves_what_it_touches(
        self, office_supervisor, office_approver, late_repair
    ):
        clock = Deadline.objects.get(case=late_repair, term__key=FEEDBACK, item=None)
        assert clock.provisional
        found = proposed(office_supervisor)
        decided = calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)

        assert Day.objects.filter(day__year=2027).count() == 7
        assert len(decided.change.moves) == found.detail["moves"]
        assert not Deadline.objects.get(pk=clock.pk).provisional
        assert kinds() == ["proposed", "proposal_granted", "calendar_loaded"]
        loaded = Entry.objects.get(stream="calendar/2027", kind="calendar_loaded")
        assert loaded.by == f"user:{office_approver.pk}"
        assert checking.check().differences == []

    def test_refused_is_not_loaded(self, office_supervisor, office_approver):
        found = proposed(office_supervisor)
        calendar_proposals.decide(found.pk, by=office_approver, grant=False, at=LATER)

        assert not Day.objects.filter(day__year=2027).exists()
        assert kinds() == ["proposed", "proposal_refused"]

    def test_may_come_from_an_operator_who_decides_on_none(
        self,
        operator,
        office,
        office_approver,
    ):
        found = proposed(operator)
        with pytest.raises(NotYours):
            calendar_proposals.decide(found.pk, by=operator, grant=True, at=LATER)

        calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)
        assert Day.objects.filter(day__year=2027).exists()

    def test_is_not_decided_by_who_proposed_it(self, office_approver):
        found = proposed(office_approver)
        with pytest.raises(SameHand):
            calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)

    def test_is_not_for_other_units_nor_for_auditors(self, office, handler):
        auditor = _caseworker(office, Duty.AUDITOR, "auditor").user
        plain = User.objects.create_user("plain", is_staff=True)  # staff without the group
        for who in (handler.user, auditor, plain):
            with pytest.raises(NotYours):
                proposed(who)

    def test_is_decided_once(self, office_supervisor, office_approver):
        found = proposed(office_supervisor)
        calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)
        with pytest.raises(AlreadyDecided):
            calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)
        with pytest.raises(NoSuchProposal):
            calendar_proposals.decide(999_999, by=office_approver, grant=True, at=LATER)

    def test_waits_alone_for_its_year(self, office_supervisor, office_approver):
        proposed(office_supervisor)
        with pytest.raises(NotAllowed, match="waits for its decision already"):
            proposed(office_supervisor)

        proposed(office_supervisor, rows_2026(without=["10-07"]))
        assert len(calendar_proposals.open_for(office_approver, on=NOW.date())) == 2

    @pytest.mark.parametrize(
        ("rows", "line"),
        [
            (["2027-01-04,workday,元旦,通知"], 2),
            (rows_2027()[:-1], 7),
            (["\0"], 2),
        ],
    )
    def test_that_is_wrong_is_refused_whole_with_its_line(self, office_supervisor, rows, line):
        with pytest.raises(CalendarRefused) as refused:
            proposed(office_supervisor, rows)

        assert refused.value.line == line
        assert not Proposal.objects.exists()
        assert kinds() == []

    def test_that_follows_on_nothing_any_more_is_refused_when_it_is_decided(
        self, office_supervisor, office_approver
    ):
        found = proposed(office_supervisor)
        Day.objects.filter(day__gte=dt.date(2026, 1, 1)).delete()

        with pytest.raises(CalendarRefused):
            calendar_proposals.decide(found.pk, by=office_approver, grant=True, at=LATER)
        assert Proposal.objects.get().decided_at is None

    def test_says_why_and_is_no_larger_than_a_year(self, office_supervisor):
        with pytest.raises(NotAllowed, match="Say where"):
            proposed(office_supervisor, reason=" ")
        with pytest.raises(NotAllowed, match="too large"):
            proposed(office_supervisor, ["2027-01-01,holiday,元旦,通知"] * 4000)
