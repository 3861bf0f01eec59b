"""One query reads what two would have read: every rule value and every declared day."""

import datetime as dt

from workflows import lawbook, policy
from workflows.models import Term

ON = dt.date(2026, 9, 29)


class TestLawbook:
    def test_reads_the_same_as_the_two_tables_in_one_query(self, law, django_assert_num_queries):
        calendar, known = policy.calendar(), list(Term.objects.order_by("pk"))
        with policy.reading():
            with django_assert_num_queries(1):
                lawbook.open_for_request()
                found = policy.edition(ON)
                assert policy.calendar() == calendar
            for term in known:
                if term.is_in_force(ON):
                    assert vars(found.term(term.key))["value"] == term.value
                    assert found.term(term.key).basis == term.basis
                    assert found.term(term.key).in_force == term.in_force

    def test_reads_nothing_twice(self, law, django_assert_num_queries):
        with policy.reading():
            lawbook.open_for_request()
            with django_assert_num_queries(0):
                lawbook.open_for_request()
