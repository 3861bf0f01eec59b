"""What happens to a record by itself when its longest period is over, and what never does."""

import datetime as dt

import pytest

from cases.repair.states import Repair, State
from records.models import Record
from tests.conftest import SHANGHAI, letters_to
from workflows import audit, related, work
from workflows.models import Deadline, Entry, WorkItem

DAY = dt.date
OPEN_ITEM = {
    "fulfilment": "open",
    "kept_basis": "示例行业规定第1条",
    "fulfilment_note": "财政系统查询：罚款未缴。（示例）",
}


def at(month_day, hour=1, year=2027):
    return dt.datetime.fromisoformat(f"{year}-{month_day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


def told(record, **facts):
    """Let a record be as its source reported it; how it is shown changes in an act only."""
    with audit.act(by=None, at=at("06-01", year=2026)):
        for name, value in facts.items():
            setattr(record, name, value)
        record.save()
    return record


@pytest.fixture
def fulfilled(penalty):
    return told(penalty, fulfilled_on=DAY(2026, 7, 1))


@pytest.fixture
def unknown(penalty, staff, applicant):
    """The case the service opens when nobody knows whether the duty was fulfilled."""
    related.open_found(at=at("06-26"))
    return Repair.objects.get()


def confirmed(case, staff, when):
    return staff["approver"].does(
        "judge_fulfilment", case, at=when, finding_confirmed="on", decision_reason="示例。"
    )


class TestTheEndOfTheLongestPeriod:
    def test_is_the_day_after_its_last_day(self, fulfilled, applicant):
        related.open_found(at=at("06-25", 23))
        assert not Repair.objects.exists()

        related.open_found(at=at("06-26"))
        fulfilled.refresh_from_db()
        assert fulfilled.publication == Record.Publication.STOPPED

    def test_stops_a_fulfilled_record_without_anybody(self, fulfilled, applicant):
        related.open_found(at=at("06-26"))

        case = Repair.objects.get()
        assert (case.state, bool(case.closed_at), case.opened_by) == (State.EXPIRED, True, None)
        assert not WorkItem.objects.exists()
        assert not Deadline.objects.filter(ended_at=None).exists()
        assert letters_to(applicant.user) == ["expired"]
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_is_met_once(self, fulfilled, applicant):
        for day in ("06-26", "06-27", "06-28"):
            related.open_found(at=at(day))

        assert Repair.objects.count() == 1

    def test_never_unpublishes_silently_what_nobody_knows_to_be_fulfilled(self, unknown, penalty):
        penalty.refresh_from_db()
        assert unknown.state == State.FULFILMENT
        assert penalty.publication == Record.Publication.PUBLISHED
        item = WorkItem.objects.get(case=unknown.pk)
        assert (item.step, item.unit.code) == ("check_fulfilment", "CG")

    def test_waits_for_a_repair_that_is_under_way(self, penalty, applicant):
        applicant.applies(penalty, at=at("06-24", 9))
        related.open_found(at=at("06-26"))

        assert Repair.objects.count() == 1

    @pytest.mark.parametrize("kind", [Record.Kind.PERMIT, Record.Kind.ABNORMAL_ENTRY])
    def test_is_none_for_what_has_no_longest_period(self, fulfilled, kind):
        fulfilled.kind = kind
        fulfilled.save()
        related.open_found(at=at("06-26", year=2030))

        assert not Repair.objects.exists()

    def test_leaves_what_is_withheld_or_not_published_alone(self, fulfilled):
        told(fulfilled, publication=Record.Publication.WITHHELD)
        related.open_found(at=at("06-26"))

        assert not Repair.objects.exists()

    def test_reaches_a_party_nobody_acts_for_any_more(self, fulfilled):
        related.open_found(at=at("06-26"))

        assert Repair.objects.get().state == State.EXPIRED


class TestFulfilmentChecked:
    def test_and_found_stops_publication_after_two_persons(
        self, unknown, penalty, staff, applicant
    ):
        staff["handler"].does(
            "check_fulfilment",
            unknown,
            at=at("06-28", 10),
            fulfilment="fulfilled",
            fulfilled_on="2026-12-01",
            fulfilment_note="财政系统查询：已缴清。（示例）",
        )
        penalty.refresh_from_db()
        assert penalty.publication == Record.Publication.PUBLISHED
        confirmed(unknown, staff, at("06-29", 10))

        penalty.refresh_from_db()
        assert Repair.objects.get().state == State.EXPIRED
        assert penalty.publication == Record.Publication.STOPPED
        assert penalty.fulfilled_on == DAY(2026, 12, 1)
        assert "2026年12月1日" in applicant.user.messages_received.latest("id").letter.html

    def test_and_not_found_keeps_it_published_with_rule_and_remedies(
        self, unknown, penalty, staff, applicant
    ):
        staff["handler"].does("check_fulfilment", unknown, at=at("06-28", 10), **OPEN_ITEM)
        confirmed(unknown, staff, at("06-29", 10))

        penalty.refresh_from_db()
        letter = applicant.user.messages_received.latest("id").letter
        assert Repair.objects.get().state == State.KEPT
        assert penalty.publication == Record.Publication.PUBLISHED
        assert "示例行业规定第1条" in letter.html
        assert "行政复议" in letter.html

    def test_and_not_found_is_asked_again_after_half_a_year(self, unknown, staff):
        staff["handler"].does("check_fulfilment", unknown, at=at("06-28", 10), **OPEN_ITEM)
        confirmed(unknown, staff, at("06-29", 10))
        Repair.objects.update(closed_at=at("06-30", 10))

        related.open_found(at=at("12-29"))
        assert Repair.objects.count() == 1
        related.open_found(at=at("12-30"))
        assert Repair.objects.count() == 2

    @pytest.mark.parametrize(
        "answers",
        [
            {**OPEN_ITEM, "kept_basis": ""},
            {**OPEN_ITEM, "fulfilment": "fulfilled"},
            {**OPEN_ITEM, "fulfilment": "fulfilled", "fulfilled_on": "2026-06-24"},
            {**OPEN_ITEM, "fulfilment": "fulfilled", "fulfilled_on": "2027-06-29"},
        ],
    )
    def test_says_by_which_rule_or_since_when(self, unknown, staff, answers):
        with pytest.raises(work.AnswersRefused):
            staff["handler"].does("check_fulfilment", unknown, at=at("06-28", 10), **answers)
