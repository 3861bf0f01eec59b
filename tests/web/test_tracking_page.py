"""Tracking by number and query code: what a letter left on a table may show, and no more."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client
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
    return client.post(reverse("track"), asked)


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


class TestAnAddress:
    def test_never_shows_where_a_case_stands_even_with_the_code(self, client, repair):
        asked = {"reference": repair.reference, "code": repair.query_code}
        page = client.get(reverse("track"), asked)

        assert "case" not in page.context
        assert repair.query_code not in page.content.decode()
        assert page.context["given"] == {"reference": repair.reference}

    def test_that_a_square_code_leads_to_fills_the_number_in(self, client, repair, settings):
        settings.QUERY_ADDRESS = "https://xinban.example/track/"
        page = client.get(reverse("track"), {"reference": repair.reference})

        assert f'value="{repair.reference}"' in page.content.decode()

    @pytest.mark.parametrize("page", ["/track/", "/nowhere/"])
    def test_is_not_what_the_form_makes_of_a_code(self, client, law, page):
        said = client.get(page).content.decode().replace("\n", " ")
        form = re.search(r'<form class="card form"[^>]*action="/track/".*?</form>', said)

        assert 'method="post"' in form.group()
        assert "csrfmiddlewaretoken" in form.group()

    def test_to_return_to_in_another_language_holds_the_number_alone(self, client, repair):
        page = tracked(client, repair).content.decode()

        assert f'name="next" value="/track/?reference={repair.reference}"' in page
        assert repair.query_code not in page


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
        elsewhere = client.post(reverse("track"), asked, REMOTE_ADDR="192.0.2.7")

        assert elsewhere.status_code == 200
        assert elsewhere.context["case"]["reference"] == repair.reference

    def test_is_counted_by_who_asks_where_a_proxy_stands_in_front(self, client, repair, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        asked = {"reference": repair.reference, "code": "WRONG"}
        for n in range(20):  # what the asker claims to be stands before what the proxy has seen
            seen = {"X-Forwarded-For": f"{n}.0.0.1, 192.0.2.1"}
            client.post(reverse("track"), asked, headers=seen)

        spent = client.post(reverse("track"), asked, headers={"X-Forwarded-For": "192.0.2.1"})
        other = client.post(reverse("track"), asked, headers={"X-Forwarded-For": "192.0.2.7"})
        assert (spent.status_code, other.status_code) == (429, 200)

    def test_counts_no_right_code_and_no_empty_form(self, client, repair):
        for _n in range(30):
            assert tracked(client, repair).status_code == 200
            assert client.get(reverse("track")).status_code == 200

    @pytest.mark.parametrize("left_out", ["reference", "code"])
    def test_counts_no_half_filled_form_and_says_what_is_missing(self, client, repair, left_out):
        asked = {"reference": repair.reference, "code": repair.query_code, left_out: ""}
        for _n in range(30):
            page = client.post(reverse("track"), asked)

        assert (page.status_code, page.context["missing"]) == (422, True)
        assert tracked(client, repair).status_code == 200

    def test_needs_a_mark_of_ours(self, repair):
        stranger = Client(enforce_csrf_checks=True)
        assert tracked(stranger, repair).status_code == 403

    @pytest.mark.parametrize("code", ["\x00", "甲" * 90, "%27"])
    def test_takes_any_nonsense_for_a_wrong_code(self, client, repair, code):
        for reference in (repair.reference, code):
            answer = client.post(reverse("track"), {"reference": reference, "code": code})
            assert answer.status_code == 200
            assert answer.context["not_found"]
