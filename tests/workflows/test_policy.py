"""Rule values: the edition in force on a day, one at a time, and loud when there is none."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.conftest import TUESDAY
from workflows import acts, policy
from workflows.case_type import case_types
from workflows.models import Day, Term

pytestmark = pytest.mark.usefixtures("law")


class TestATerm:
    @pytest.mark.parametrize(
        ("key", "on", "value"),
        [
            ("repair.samr.decide", "2025-12-24", "15"),  # the last day of the old rule
            ("repair.samr.decide", "2025-12-25", "7"),  # the first of Order 107
            ("repair.ndrc.serious.min", "2023-04-30", "6"),
            ("repair.ndrc.serious.min", "2026-04-01", "12"),
            ("repair.supplement", "1999-01-01", "10"),  # the office's own: always
        ],
    )
    def test_is_the_edition_in_force_on_the_day(self, key, on, value):
        assert policy.term(key, on=dt.date.fromisoformat(on)).value == value

    @pytest.mark.parametrize(
        ("key", "on"),
        [
            ("repair.ndrc.serious.min", "2023-05-01"),  # between two editions
            ("repair.ndrc.accept", "2019-06-30"),
            ("no.such.key", "2026-09-29"),
        ],
    )
    def test_is_missed_loudly_where_none_is_in_force(self, key, on):
        with pytest.raises(policy.NoTermInForce, match=key):
            policy.term(key, on=dt.date.fromisoformat(on))

    def test_cannot_have_two_editions_at_once(self):
        old = Term.objects.get(key="repair.samr.decide", in_force__contains=dt.date(2025, 12, 24))
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.create(
                key=old.key,
                value="9",
                unit="WD",
                in_force=DateRange(dt.date(2025, 1, 1), dt.date(2025, 6, 1), "[)"),
                basis="x",
                certainty="L",
            )

    def test_is_a_period_with_what_starts_it_and_whether_it_rolls(self):
        accept = policy.term("repair.samr.accept", on=TUESDAY.date()).period
        shown = policy.term("repair.ndrc.general.min", on=TUESDAY.date()).period

        assert (accept.length, accept.unit, accept.rolls) == (2, "WD", True)
        assert accept.starts == ("received", "resubmit")
        assert (shown.length, shown.unit, shown.rolls) == (3, "M", False)

    def test_list_is_read_item_by_item(self):
        kinds = policy.edition(TUESDAY.date()).items("repair.ndrc.minor.kinds")

        assert kinds == ["警告", "通报批评"]

    def test_is_read_once_in_an_act(self, django_assert_num_queries):
        with acts.acting(by=None, at=TUESDAY), django_assert_num_queries(2):
            for _time in range(3):
                policy.term("repair.ndrc.accept", on=TUESDAY.date())
                policy.calendar()


class TestLoading:
    def test_twice_changes_nothing(self):
        before = list(Term.objects.order_by("id").values())
        again = [policy.load_terms(type_.folder / "terms.csv") for type_ in case_types()]

        assert again == [0] * len(again)
        assert policy.load_days(policy.LAW / "days.csv") == 0
        assert list(Term.objects.order_by("id").values()) == before

    def test_does_not_overwrite_what_the_office_has_changed(self):
        Term.objects.filter(key="repair.supplement").update(value="15")
        for type_ in case_types():
            policy.load_terms(type_.folder / "terms.csv")

        assert policy.term("repair.supplement", on=TUESDAY.date()).value == "15"

    def test_makes_the_calendar_published_to_the_end_of_its_last_year(self):
        assert policy.calendar().published_to == dt.date(2026, 12, 31)

    def test_of_no_days_leaves_everything_provisional(self):
        Day.objects.all().delete()

        assert policy.calendar().is_provisional(dt.date(2026, 9, 29))
