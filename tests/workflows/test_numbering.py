"""Numbers: one after the other, by series and year, given back when the act is undone."""

import pytest
from django.db import transaction

from workflows.models import Series
from workflows.numbering import next_number

pytestmark = pytest.mark.django_db


class TestANumber:
    def test_follows_the_one_before(self):
        assert [next_number("repair", 2026) for _ in range(4)] == [1, 2, 3, 4]

    def test_is_counted_by_series_and_by_year(self):
        for _ in range(3):
            next_number("repair", 2026)

        assert next_number("letter/修件", 2026) == 1
        assert next_number("repair", 2027) == 1
        assert next_number("repair", 2026) == 4

    def test_is_given_back_when_the_transaction_is_undone(self):
        def draw_and_fail():
            with transaction.atomic():
                assert next_number("repair", 2026) == 2
                raise ZeroDivisionError

        next_number("repair", 2026)
        with pytest.raises(ZeroDivisionError):
            draw_and_fail()

        assert next_number("repair", 2026) == 2

    def test_leaves_one_row_for_each_series(self):
        for _ in range(3):
            next_number("repair", 2026)

        assert Series.objects.get().last == 3
