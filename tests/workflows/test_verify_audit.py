"""The command that recomputes the chains, and the one that compares work items with tasks."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.cases.test_repair import APPLIED, at, to_verification
from workflows.models import Entry, Sealed, WorkItem


def verify(**options):
    said, broken = StringIO(), StringIO()
    call_command("verify_audit", stdout=said, stderr=broken, **options)
    return said.getvalue(), broken.getvalue()


def verify_broken(**options):
    broken = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=StringIO(), stderr=broken, **options)
    assert ended.value.code == 1
    return broken.getvalue()


@pytest.fixture
def repair(applicant, penalty):
    return applicant.applies(penalty, at=APPLIED)


@pytest.fixture
def tampering(repair):
    """Let a test do what only the owner of the server could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


class TestVerifyAudit:
    def test_counts_the_entries_of_a_sound_log(self, repair):
        said, broken = verify()

        assert str(Entry.objects.count()) in said
        assert broken == ""

    def test_names_the_entry_that_was_changed(self, repair, tampering):
        Entry.objects.filter(seq=2).update(basis="nothing")

        assert f"{repair.reference}#2" in verify_broken()

    def test_misses_an_entry_that_was_taken_out(self, repair, tampering):
        Entry.objects.filter(seq=2).delete()

        assert "2 is missing" in verify_broken()

    def test_notices_a_sealed_value_that_was_replaced(self, repair, tampering):
        Sealed.objects.filter(name="signer").update(value="somebody else")

        assert "signer" in verify_broken()

    def test_reads_one_stream_only_when_asked(self, repair, tampering):
        Entry.objects.create(
            stream="other", seq=7, kind="x", by="service", at=APPLIED, previous="", hash=""
        )
        verify(stream=repair.reference)

        assert "other#7" in verify_broken(stream="other")

    def test_says_that_a_stream_does_not_exist(self, repair):
        with pytest.raises(CommandError):
            verify(stream="XF-1999-000001")

    def test_asks_no_query_for_each_entry(self, repair, staff, django_assert_max_num_queries):
        to_verification(repair, staff)

        with django_assert_max_num_queries(6):
            verify()


class TestRebuildItems:
    def test_finds_nothing_to_mend_after_ordinary_work(self, repair, staff):
        to_verification(repair, staff)

        call_command("rebuild_items", check=True, stdout=StringIO())

    def test_says_what_differs_and_changes_nothing_when_it_checks(self, repair):
        WorkItem.objects.update(state="done")
        said = StringIO()

        with pytest.raises(SystemExit):
            call_command("rebuild_items", check=True, stdout=said)
        assert "done" in said.getvalue()
        assert WorkItem.objects.get().state == "done"

    def test_mends_what_differs_and_logs_it(self, repair, staff):
        WorkItem.objects.update(state="done")

        call_command("rebuild_items", stdout=StringIO())

        assert WorkItem.objects.get().state == "open"
        assert Entry.objects.filter(stream=repair.reference, kind="item_mended").count() == 1
        staff["clerk"].does("check", repair, at=at("09-28"), form_complete="True")
        verify()
