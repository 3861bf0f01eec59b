"""The small things that decide whether a page at the desk can be trusted: no blanks, no guesses."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests.actors import open_item
from tests.workflows.beside import NOW, a_unit
from tests.workflows.walks import at, open_a_repair, walk
from workflows import audit, suspension, transfers, wording

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    now = at("09-29", 9).astimezone(dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def repair(applicant, penalty, cast):
    """A repair that the handler has claimed to verify."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept CLAIM:verify", cast)
    return case


def read(client, item):
    return client.get(reverse("work", args=[item.pk])).content.decode()


class TestAStep:
    def test_says_of_the_next_limit_whose_it_is(self, client, applicant, penalty, cast):
        case = open_a_repair(applicant, penalty)
        steps = "check:yes examine:accept verify:good decide:grant CLAIM:stop_publication"
        walk(case, steps, cast)
        client.force_login(cast["handler"].user)
        told = read(client, open_item(case, "stop_publication"))
        nearby = told[told.index('class="foreseen-hint"') :][:600]

        assert "3个工作日" in nearby
        assert wording.certainty("L") in nearby, "nobody may take three days for the law's"

    def test_of_a_suspended_case_says_when_it_can_be_claimed(self, client, repair, cast):
        item, person = open_item(repair, "verify"), cast["handler"].user
        client.force_login(person)
        client.post(reverse("work-release", args=[item.pk]))
        with audit.act(by=None, at=NOW):
            suspension.suspend(open_item(repair, "verify").case, cause="court")
        told = read(client, item)

        assert "恢复办理后，方可领取" in told
        assert "<div></div>" not in told, "a warning without words warns of nothing"

    def test_taken_over_costs_at_most_twelve_questions(
        self, client, repair, cast, django_assert_max_num_queries
    ):
        unit, (person,) = a_unit("YJ")
        item, by = open_item(repair, "verify"), cast["handler"].user
        aside = transfers.transfer(item.pk, by=by, at=NOW, to=unit, reason="管辖调整。")
        client.force_login(person.user)
        client.post(reverse("work-claim", args=[aside.pk]))
        with django_assert_max_num_queries(MOST_QUERIES):
            assert "济阳区城市管理局" in read(client, aside)


class TestAPageThatCameTooLate:
    def test_is_not_blamed_on_the_duties_of_its_reader(self, repair, cast):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cast["handler"].user)
        said = strict.post(reverse("work-release", args=[open_item(repair, "verify").pk]))
        told = said.content.decode()

        assert said.status_code == 403
        assert "页面已失效" in told
        assert "岗位职责" not in told


class TestTheRatings:
    def test_offer_no_button_without_words_when_there_are_none(self, client, office_supervisor):
        client.force_login(office_supervisor)
        told = client.get(reverse("ratings")).content.decode()

        assert 'class="empty"' in told
        assert '<a class="button" href="' not in told
