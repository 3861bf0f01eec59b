"""Where and until when a letter can be contested: counted from its service, as the law says."""

import datetime as dt

import pytest

from tests.workflows.walks import STORIES, open_a_repair, walk
from workflows import remedies, sight
from workflows.models import Service


@pytest.fixture
def against(applicant, penalty, staff):
    def told(story, **changed):
        case = open_a_repair(applicant, penalty, **changed)
        walk(case, STORIES[story], {**staff, "applicant": applicant})
        letters = sight.letters_of(case, told_party=True)
        return remedies.remedies_against(
            sight.case_for(applicant.user, case.reference, on=ON), letters
        )

    return told


ON = dt.date(2026, 10, 20)


class TestRemedies:
    def test_against_a_refusal_run_from_its_service(self, against):
        (found,) = against("refused")
        review, suit = found.ways

        # Served on 28 September 2026; the sixtieth day is Friday 27 November.
        assert found.served_on == dt.date(2026, 9, 28)
        assert (review.until, review.length) == (dt.date(2026, 11, 27), "60日")
        # Six months on is Sunday 28 March 2027, a rest day beyond the published calendar.
        assert suit.until == dt.date(2027, 3, 29)
        assert suit.provisional
        assert review.certainty == suit.certainty == "法定时限"
        assert "人民政府" in review.where

    def test_are_over_after_the_last_of_them(self, against):
        (found,) = against("not accepted")
        assert not found.are_over(dt.date(2026, 11, 28))
        assert found.are_over(dt.date(2027, 3, 30))

    def test_have_no_last_day_before_the_letter_is_served(self, against):
        (found,) = against("refused", served_electronically="")
        assert Service.objects.filter(letter=found.letter, effective_on=None).exists()
        assert [way.until for way in found.ways] == [None, None]

    @pytest.mark.parametrize("story", ["repaired", "withdrawn", "just received"])
    def test_are_not_told_of_letters_that_take_nothing_away(self, against, story):
        assert against(story) == []
