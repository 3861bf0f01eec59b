"""One penalty under each edition: when it may be repaired, and by when it is decided."""

import datetime as dt

import pytest

from cases.repair import opening
from records.models import Record
from tests.conftest import SHANGHAI, letters_to
from tests.workflows.walks import STORIES, walk
from workflows.case_type import Topic
from workflows.models import Deadline, Entry, Term

DAY = dt.date


def noon(year, month, day):
    return dt.datetime(year, month, day, 12, tzinfo=SHANGHAI)


def due(case, key):
    return Deadline.objects.filter(case=case, term__key=key).latest("id").due_on


def offered(record, on):
    return opening.offer(Topic(record.subject, record), on=on)


@pytest.fixture
def decided(penalty, bureau):
    """Let the penalty be decided on a day, by the market regulator if its code is wanted."""

    def decided(on, *, samr=False, law="", kinds=("罚款",)):
        if samr:
            bureau.code = "SJ"
            bureau.save()
        penalty.decided_on, penalty.legal_basis, penalty.categories = on, law, list(kinds)
        penalty.save()
        return penalty

    return decided


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


class TestTheSamePenalty:
    @pytest.mark.parametrize(
        ("samr", "on", "opens", "closes"),
        [
            # Order 58: shortest 3 months, longest 3 years.
            (False, DAY(2025, 9, 1), DAY(2025, 5, 16), DAY(2028, 2, 15)),
            # 国市监信规〔2021〕3号: shortest 6 months, longest 3 years.
            (True, DAY(2025, 9, 1), DAY(2025, 8, 16), DAY(2028, 2, 15)),
            # Order 107: 3 months to 1 year.
            (True, DAY(2025, 12, 25), DAY(2025, 5, 16), DAY(2026, 2, 15)),
            # Order 36: 3 months to 1 year; the milder of two editions for an older record.
            (False, DAY(2026, 4, 1), DAY(2025, 5, 16), DAY(2026, 2, 15)),
        ],
    )
    def test_has_the_window_of_the_edition_in_force_on_the_day(
        self, decided, samr, on, opens, closes
    ):
        offer = offered(decided(DAY(2025, 2, 15), samr=samr), on)

        assert (offer.opens_on, offer.closes_on) == (opens, closes)
        assert offer.possible == (opens <= on <= closes)

    def test_has_no_grade_before_the_three_grades(self, decided):
        record = decided(DAY(2025, 2, 15))

        assert offered(record, DAY(2025, 9, 1)).grade == ""
        assert offered(record, DAY(2026, 4, 1)).grade != ""

    def test_in_a_special_field_is_shown_for_a_year_at_least_under_the_older_editions(
        self, decided
    ):
        record = decided(DAY(2025, 2, 15), law="《中华人民共和国食品安全法》第124条")

        refused = offered(record, DAY(2025, 9, 1))
        assert (refused.possible, refused.opens_on) == (False, DAY(2026, 2, 16))
        assert offered(record, DAY(2026, 4, 1)).opens_on == DAY(2025, 5, 16)

    def test_says_how_certain_its_period_is(self, decided):
        assert offered(decided(DAY(2025, 2, 15)), DAY(2025, 9, 1)).certainty == "M+"
        assert offered(decided(DAY(2026, 4, 15)), DAY(2026, 9, 1)).certainty == "S"


class TestARecordOlderThanTheEdition:
    def test_keeps_the_shorter_shortest_period_of_both(self, decided):
        """A serious breach: 3 months under Order 58, a year under Order 36."""
        record = decided(DAY(2026, 2, 10), kinds=["吊销许可证件"])

        offer = offered(record, DAY(2026, 5, 11))
        assert (offer.possible, offer.opens_on) == (True, DAY(2026, 5, 11))
        assert offer.basis == "国家发展改革委令第58号"

    def test_meets_the_new_edition_alone_where_the_office_says_so(self, decided):
        Term.objects.filter(key="repair.transition_old_records").update(value="new_edition_only")
        record = decided(DAY(2026, 2, 10), kinds=["吊销许可证件"])

        assert offered(record, DAY(2026, 5, 11)).opens_on == DAY(2027, 2, 11)

    def test_of_the_day_the_edition_began_is_not_older(self, decided):
        record = decided(DAY(2026, 4, 1), kinds=["吊销许可证件"])

        assert offered(record, DAY(2026, 7, 2)).opens_on == DAY(2027, 4, 2)

    def test_has_its_windows_told_on_the_case(self, decided, applicant):
        record = decided(DAY(2026, 2, 10), kinds=["吊销许可证件"])
        repair = applicant.applies(record, at=noon(2026, 7, 6), fulfilled_on="2026-03-02")

        assert repair.period_basis == "国家发展改革委令第58号"
        assert repair.shown_until == DAY(2029, 2, 10)
        told = Entry.objects.get(stream=repair.reference, kind="received").detail
        assert told["governed_on"] == "2026-07-06"
        assert told["governed_because"]
        assert told["facts"]["period_basis"] == "国家发展改革委令第58号"


class TestARepairAppliedForUnderAnOlderEdition:
    """Its edition is that of the day of application, however long it stays open."""

    def applies(self, applicant, record, at):
        return applicant.applies(
            record, at=at, fulfilled_on="2025-03-03", served_electronically="on"
        )

    def test_of_order_58_is_decided_in_the_time_of_credit_china(self, decided, applicant, cast):
        repair = self.applies(applicant, decided(DAY(2025, 2, 15)), noon(2025, 5, 19))
        walk(repair, "check:yes examine:accept", cast, since=noon(2025, 5, 19))

        # Before 国办发〔2025〕22号; the Dragon Boat holiday is 31 May to 2 June.
        assert due(repair, "repair.ndrc.accept") == DAY(2025, 5, 22)
        assert due(repair, "repair.ndrc.decide") == DAY(2025, 6, 3)
        assert due(repair, "repair.ndrc.feedback") == DAY(2025, 6, 10)

    def test_of_2025_is_decided_across_national_day_and_a_worked_saturday(
        self, decided, applicant, cast
    ):
        repair = self.applies(applicant, decided(DAY(2025, 2, 15)), noon(2025, 9, 26))
        walk(repair, "check:yes examine:accept", cast, since=noon(2025, 9, 26))

        # Worked: Sunday 28 September and Saturday 11 October; off: 1 to 8 October.
        assert due(repair, "repair.ndrc.accept") == DAY(2025, 9, 30)
        assert due(repair, "repair.ndrc.decide") == DAY(2025, 10, 13)

    def test_of_the_market_regulator_keeps_15_days_after_order_107(self, decided, applicant, cast):
        record = decided(DAY(2025, 2, 15), samr=True)
        repair = self.applies(applicant, record, noon(2025, 12, 24))
        walk(repair, "check:yes examine:accept", cast, since=noon(2025, 12, 25))

        assert due(repair, "repair.samr.decide") == DAY(2026, 1, 16)
        assert due(repair, "repair.samr.feedback") == DAY(2026, 1, 22)

    def test_of_the_market_regulator_has_7_days_under_order_107(self, decided, applicant, cast):
        record = decided(DAY(2025, 9, 15), samr=True)
        repair = applicant.applies(
            record, at=noon(2026, 2, 12), fulfilled_on="2025-10-10", served_electronically="on"
        )
        walk(repair, "check:yes examine:accept", cast, since=noon(2026, 2, 12))

        # Spring Festival is 15 to 23 February; Saturdays 14 and 28 February are worked.
        assert due(repair, "repair.samr.accept") == DAY(2026, 2, 14)
        assert due(repair, "repair.samr.decide") == DAY(2026, 2, 28)

    def test_is_told_in_the_words_of_its_edition(self, decided, applicant, cast):
        repair = self.applies(applicant, decided(DAY(2025, 2, 15)), noon(2025, 9, 26))
        walk(repair, "check:yes examine:accept", cast, since=noon(2025, 9, 26))

        letter = applicant.user.messages_received.latest("id").letter
        assert letters_to(applicant.user)[-1] == "accepted"
        assert "第58号" in letter.html
        assert "第36号" not in letter.html
        assert "Order No. 58" in letter.html_en


class TestAnEntryOnAList:
    @pytest.fixture
    def entry(self, penalty, bureau):
        bureau.code = "SJ"
        bureau.save()
        penalty.kind, penalty.decided_on = Record.Kind.LIST_ENTRY, DAY(2025, 9, 1)
        penalty.save()
        return penalty

    @pytest.mark.parametrize("on", [DAY(2025, 12, 1), DAY(2026, 4, 1)])
    def test_may_be_left_after_a_year_and_ends_after_three(self, entry, on):
        offer = offered(entry, on)

        assert (offer.opens_on, offer.closes_on) == (DAY(2026, 9, 2), DAY(2028, 9, 1))
        assert not offer.possible

    def test_of_abnormal_operation_waits_for_its_condition_and_for_no_day(self, entry):
        entry.kind = Record.Kind.ABNORMAL_ENTRY
        entry.save()

        offer = offered(entry, DAY(2025, 9, 2))
        assert (offer.possible, offer.opens_on, offer.closes_on) == (True, None, None)

    def test_is_repaired_like_a_penalty(self, entry, applicant, cast):
        entry.kind = Record.Kind.ABNORMAL_ENTRY
        entry.save()
        repair = applicant.applies(
            entry, at=noon(2026, 3, 2), fulfilled_on="2026-02-27", served_electronically="on"
        )
        walk(repair, STORIES["repaired"], cast, since=noon(2026, 3, 2))

        entry.refresh_from_db()
        assert entry.repaired_on == DAY(2026, 3, 2)
        assert "列入决定" in applicant.user.messages_received.latest("id").letter.html
