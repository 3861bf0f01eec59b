"""Taking a step by its number: who may not see its case learns not even that it is there."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import Duty
from tests.actors import open_item
from tests.conftest import _caseworker
from tests.workflows.beside import a_unit
from tests.workflows.walks import at, open_a_repair, walk
from workflows import several, work
from workflows.models import WorkItem

NOW = at("09-29", 9)
VERBS = ("claim", "release")
NOWHERE = 999_999


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def step(applicant, penalty, staff):
    """A verification that waits in the queue of the bureau."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept", {**staff, "applicant": applicant})
    return open_item(case, "verify")


@pytest.fixture
def stranger(law):
    """Who does the same work in another unit."""
    return a_unit("SW", Duty.HANDLER)[1][0].user


@pytest.fixture
def colleague(bureau):
    """Somebody with the same duty in the unit of the step."""
    return _caseworker(bureau, Duty.HANDLER, "colleague").user


def by_web(person, verb, pk):
    client = Client()
    client.force_login(person)
    answer = client.post(reverse(f"work-{verb}", args=[pk]))
    return answer.status_code, answer.content.decode().replace(str(pk), "")


def by_api(person, verb, pk):
    token = tokens.issue(person, "test", at=NOW, days=30)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    answer = client.post(f"/api/v1/work-items/{pk}/{verb}")
    told = json.loads(answer.content)
    return answer.status_code, told.get("detail", "")


@pytest.mark.parametrize("way", [by_web, by_api])
@pytest.mark.parametrize("verb", VERBS)
class TestAStepOfAnotherUnit:
    def test_is_answered_as_one_that_is_not_there(self, step, stranger, way, verb):
        found, nothing = way(stranger, verb, step.pk), way(stranger, verb, NOWHERE)

        assert (found[0], nothing[0]) == (404, 404)
        assert str(work.NoSuchWork()) in found[1]
        assert str(work.NoSuchWork()) in nothing[1]

    @pytest.mark.parametrize("story", ["taken", "done", "suspended"])
    def test_is_so_however_it_stands(self, step, stranger, handler, staff, way, verb, story):
        if story == "suspended":
            WorkItem.objects.get(pk=step.pk).case.__class__.objects.update(suspended_at=NOW)
        else:
            work.claim(step.pk, by=handler.user, at=NOW)
        if story == "done":
            WorkItem.objects.filter(pk=step.pk).update(state=WorkItem.State.DONE)

        assert way(stranger, verb, step.pk)[0] == 404


class TestAStepOfAnotherDuty:
    @pytest.mark.parametrize("verb", VERBS)
    def test_says_why_not_to_who_may_see_the_case(self, step, acceptor, verb):
        status, told = by_web(acceptor.user, verb, step.pk)

        assert status == 403
        assert str(work.NotYourQueue()) in told


@pytest.mark.parametrize("way", [by_web, by_api])
class TestAStepOfOnesQueue:
    def test_that_another_has_taken_says_so(self, step, handler, colleague, way):
        work.claim(step.pk, by=handler.user, at=NOW)
        status, told = way(colleague, "claim", step.pk)

        assert status == 409
        assert str(handler.user) in told

    def test_is_taken_and_given_back(self, step, colleague, way):
        assert way(colleague, "claim", step.pk)[0] in (200, 302)
        assert WorkItem.objects.get(pk=step.pk).owner == colleague
        assert way(colleague, "release", step.pk)[0] in (200, 302)
        assert WorkItem.objects.get(pk=step.pk).owner is None


class TestSeveralSteps:
    def test_tell_the_same_of_those_of_others_and_of_none(self, step, stranger):
        told = several.claim_each([step.pk, NOWHERE], by=stranger, at=NOW)

        assert [one.item for one in told] == [None, None]
        assert {one.why for one in told} == {str(work.NoSuchWork())}
