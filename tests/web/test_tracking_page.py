"""Tracking by number and query code: what a letter left on a table may show, and no more."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.conftest import SHANGHAI
from tests.workflows.walks import STORIES, open_a_repair, walk

NOW = dt.datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 12 October 2026 from their clock; count wrong codes anew."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))
    cache.clear()


@pytest.fixture
def repair(applicant, penalty, staff):
    return open_a_repair(applicant, penalty)


def tracked(client, case, code=None):
    asked = {"reference": case.reference, "code": code or case.query_code}
    return client.get(reverse("track"), asked)


class TestTracking:
    @pytest.mark.parametrize("story", [*STORIES])
    def test_tells_no_name_no_number_and_nothing_anybody_wrote(
        self, client, repair, applicant, staff, story
    ):
        walk(repair, STORIES[story], {**staff, "applicant": applicant})
        answer = tracked(client, repair)
        told = answer.content.decode()

        assert answer.status_code == 200
        assert repair.reference in told
        written = (
            "罚款尚未缴清",
            "授权委托书",
            "调阅缴款记录",
            "官网已撤下",
            "缴款凭证.pdf",
            "已补",
        )
        people = ("韦示例", "clerk", "acceptor", "handler", "approver")
        record = (repair.party.name, repair.party.credit_code, repair.record.document_number)
        assert [secret for secret in (*written, *people, *record) if secret in told] == []

    def test_tells_the_step_its_last_day_and_the_moves_with_their_days(
        self, client, repair, applicant, staff
    ):
        walk(repair, "check:yes examine:more", {**staff, "applicant": applicant})
        told = tracked(client, repair).context["case"]

        (wait,) = told["waits"]
        assert wait["by_party"]
        assert wait["due_on"] is not None
        assert [move["on"] for move in told["timeline"]] == [dt.date(2026, 9, 28)] * 3
        assert set(told["timeline"][0]) == {"title", "on"}

    def test_says_when_a_case_is_closed(self, client, repair, applicant, staff):
        walk(repair, STORIES["refused"], {**staff, "applicant": applicant})
        told = tracked(client, repair).context["case"]

        assert told["closed"]
        assert told["waits"] == []


class TestGuessing:
    def test_ends_after_twenty_wrong_codes_even_with_the_right_one(self, client, repair):
        for _n in range(20):
            assert tracked(client, repair, "WRONG").status_code == 200
        answer = tracked(client, repair)

        assert answer.status_code == 429
        assert "case" not in answer.context

    def test_ends_for_that_address_alone(self, client, repair):
        for _n in range(20):
            tracked(client, repair, "WRONG")
        asked = {"reference": repair.reference, "code": repair.query_code}
        elsewhere = client.get(reverse("track"), asked, REMOTE_ADDR="192.0.2.7")

        assert elsewhere.status_code == 200
        assert elsewhere.context["case"]["reference"] == repair.reference

    def test_is_counted_by_who_asks_where_a_proxy_stands_in_front(self, client, repair, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        asked = {"reference": repair.reference, "code": "WRONG"}
        for n in range(20):  # what the asker claims to be stands before what the proxy has seen
            seen = {"X-Forwarded-For": f"{n}.0.0.1, 192.0.2.1"}
            client.get(reverse("track"), asked, headers=seen)

        spent = client.get(reverse("track"), asked, headers={"X-Forwarded-For": "192.0.2.1"})
        other = client.get(reverse("track"), asked, headers={"X-Forwarded-For": "192.0.2.7"})
        assert (spent.status_code, other.status_code) == (429, 200)

    def test_counts_no_right_code_and_no_empty_form(self, client, repair):
        for _n in range(30):
            assert tracked(client, repair).status_code == 200
            assert client.get(reverse("track")).status_code == 200

    @pytest.mark.parametrize("code", ["\x00", "甲" * 90, "%27"])
    def test_takes_any_nonsense_for_a_wrong_code(self, client, repair, code):
        for reference in (repair.reference, code):
            answer = client.get(reverse("track"), {"reference": reference, "code": code})
            assert answer.status_code == 200
            assert answer.context["not_found"]
