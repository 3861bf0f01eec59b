"""What keeps a record from being repaired, and on which day it no longer does."""

import datetime as dt

import pytest

from accounts.models import Unit
from cases.repair import opening
from cases.repair.states import Repair, State
from records.models import Record
from tests.actors import Applicant
from tests.conftest import SHANGHAI
from workflows import intake, involved, topics
from workflows.case_type import Topic

DAY = dt.date
ON = DAY(2026, 9, 28)
MONDAY = dt.datetime(2026, 9, 28, 9, tzinfo=SHANGHAI)


def offered(record, on=ON):
    return opening.offer(Topic(record.subject, record), on=on)


@pytest.fixture
def regulator(office):
    return Unit.objects.create(
        code="SJ", name="济阳区市场监管局（示例）", credit_code="11370115MB00000SJ0"
    )


@pytest.fixture
def another(company, penalty):
    """Return a function that gives the company another record."""

    def another(unit=None, **facts):
        code = unit.credit_code if unit else penalty.authority_code
        told = {"kind": Record.Kind.PENALTY, "decided_on": DAY(2026, 6, 25), **facts}
        return Record.objects.create(
            document_number=f"示例第{Record.objects.count()}号",
            subject=company,
            authority_code=code,
            authority_name="示例",
            categories=["罚款"],
            **told,
        )

    return another


class TestARecord:
    @pytest.mark.parametrize("kind", [Record.Kind.PERMIT, Record.Kind.COMMITMENT])
    def test_that_is_no_breach_is_not_repaired(self, another, kind):
        assert not offered(another(kind=kind)).possible

    @pytest.mark.parametrize(
        ("on", "possible"),
        [
            (DAY(2026, 9, 25), False),  # the last day of the shortest period, a holiday
            (DAY(2026, 9, 26), True),  # it does not roll: the next day, a holiday too
            (DAY(2027, 6, 25), True),  # the last day of the longest
            (DAY(2027, 6, 26), False),
        ],
    )
    def test_is_repairable_from_the_day_after_the_shortest_to_the_end_of_the_longest(
        self, penalty, on, possible
    ):
        assert offered(penalty, on).possible is possible

    def test_of_several_kinds_follows_the_gravest(self, penalty):
        penalty.categories = ["警告", "罚款", "吊销许可证件"]
        penalty.save()

        assert offered(penalty).opens_on == DAY(2027, 6, 26)

    def test_that_is_minor_is_repairable_at_once(self, penalty):
        penalty.categories = ["警告"]
        penalty.save()

        assert offered(penalty, DAY(2026, 6, 26)).possible

    def test_no_longer_published_has_nothing_to_repair(self, penalty):
        penalty.publication = Record.Publication.STOPPED

        assert not offered(penalty).possible

    def test_not_published_but_still_shared_may_be_repaired(self, penalty):
        penalty.publication = Record.Publication.UNPUBLISHED

        assert offered(penalty).possible

    def test_of_an_authority_that_is_not_here_is_sent_there(self, another, applicant):
        far = another()
        far.authority_code = "11370100MB00000XX0"
        far.save()

        with pytest.raises(involved.AuthorityAbsent):
            applicant.applies(far, at=MONDAY)

    def test_of_an_organisation_nobody_represents_any_more_is_asked_for_by_nobody(
        self, penalty, clerk
    ):
        with pytest.raises(topics.NoSuchRecord):
            Applicant(clerk.user).applies(penalty, at=MONDAY)


class TestAFurtherBreach:
    """The market regulator looks before (R10); the others do not (casebook §5.3)."""

    def test_decided_later_stands_in_the_way_of_one_of_the_regulators(self, another, regulator):
        first = another(regulator)
        later = another(regulator, decided_on=DAY(2026, 8, 3))

        offer = offered(first)
        assert not offer.possible
        assert later.document_number in offer.reasons[0]

    @pytest.mark.parametrize("kind", [Record.Kind.LIST_ENTRY, Record.Kind.ABNORMAL_ENTRY])
    def test_entry_on_a_list_stands_in_the_way_whenever_made(self, another, regulator, kind):
        first = another(regulator)
        another(regulator, kind=kind, decided_on=DAY(2024, 1, 2))

        assert not offered(first).possible

    def test_decided_earlier_does_not(self, another, regulator):
        first = another(regulator)
        another(regulator, decided_on=DAY(2026, 1, 5))

        assert offered(first).possible

    def test_no_longer_shown_does_not(self, another, regulator):
        first = another(regulator)
        another(regulator, decided_on=DAY(2026, 8, 3), publication=Record.Publication.STOPPED)

        assert offered(first).possible

    def test_of_another_authority_does_not(self, another, regulator):
        first = another(regulator)
        another(decided_on=DAY(2026, 8, 3))

        assert offered(first).possible

    def test_is_no_ground_for_the_others(self, penalty, another):
        another(decided_on=DAY(2026, 8, 3))

        assert offered(penalty).possible


class TestABar:
    @pytest.fixture
    def barred(self, penalty, applicant, another):
        """A party whose repair of another record was revoked; barred to 30 November 2026."""
        fallen = applicant.applies(another(), at=MONDAY)
        Repair.objects.filter(pk=fallen.pk).update(
            state=State.REVOKED, barred_until=DAY(2026, 11, 30), closed_at=MONDAY
        )
        return penalty

    def test_refuses_every_record_of_the_party_until_its_last_day(self, barred):
        offer = offered(barred, DAY(2026, 11, 30))

        assert (offer.possible, offer.opens_on) == (False, DAY(2026, 12, 1))
        assert "R6" in offer.reasons[0]

    def test_is_over_the_day_after(self, barred):
        assert offered(barred, DAY(2026, 12, 1)).possible

    def test_is_met_at_the_door_with_the_day_on_which_it_opens(self, barred, applicant):
        with pytest.raises(intake.NotPossible) as refused:
            applicant.applies(barred, at=MONDAY)

        assert refused.value.fields["opens_on"] == DAY(2026, 12, 1)

    def test_does_not_reach_the_other_channel(self, barred, another, regulator):
        assert offered(another(regulator)).possible
