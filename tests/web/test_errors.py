"""What a person reads when something cannot be shown or done."""

import logging

import pytest
from django.test import override_settings
from django.urls import include, path, reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Duty, Unit
from tests.actors import open_item
from tests.conftest import _caseworker
from tests.workflows.walks import at, open_a_repair
from workflows import proposals, work

NOW = at("09-29", 9)


def break_down(request):
    raise KeyError("hidden detail")


urlpatterns = [
    path("page/", break_down),
    path("api/v1/try/", break_down),
    path("", include("web.urls")),
]
handler500 = "web.errors.fault"


@pytest.fixture
def repair(applicant, penalty):
    return open_a_repair(applicant, penalty)


@pytest.fixture
def broken(client, db):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


class TestAFault:
    @pytest.mark.parametrize("address", ["/page/", "/api/v1/try/"])
    def test_gives_a_number_under_which_the_log_tells_of_it(self, broken, address, caplog):
        with caplog.at_level(logging.ERROR, logger="web.errors"):
            answer = broken.get(address)
        noted = next(r for r in caplog.records if r.name == "web.errors")
        number = noted.args[0]
        assert answer.status_code == 500
        assertContains(answer, number, status_code=500)
        assertNotContains(answer, "hidden detail", status_code=500)
        assert noted.exc_info[0] is KeyError

    def test_has_a_new_number_each_time(self, broken):
        assert broken.get("/page/").content != broken.get("/page/").content


class TestAClosedDoor:
    def test_says_why_and_names_the_supervisors_to_ask(self, client, handler, bureau):
        boss = _caseworker(bureau, Duty.SUPERVISOR, "示例主任").user
        client.force_login(handler.user)
        page = client.get(reverse("term-propose"), headers={"Accept-Language": "en"})
        assertContains(page, "Ask the operator of your unit.", status_code=403)
        assertContains(page, str(boss), status_code=403)

    def test_sends_others_to_the_credit_office(self, client, applicant, office):
        office.phone = "0531-00000000"
        office.save()
        client.force_login(applicant.user)
        page = client.get(reverse("desk"), headers={"Accept-Language": "en"})
        assertContains(page, office.phone, status_code=403)

    def test_speaks_of_what_was_tried_and_gives_one_reason(self, client, repair, approver):
        told = {"by": approver.user, "at": NOW, "reason": "示例", "cause": "court"}
        own = proposals.propose("suspend", repair.reference, **told)
        client.force_login(approver.user)
        address = reverse("proposal-decide", args=[own.pk])
        page = client.post(address, {"answer": "grant"}, headers={"Accept-Language": "en"})
        assertContains(page, "This is not yours to do", status_code=403)
        assertNotContains(page, "does not have the duty", status_code=403)


class TestAConflict:
    def test_says_who_was_faster_and_what_changed(self, client, repair, clerk, office):
        item, slower = open_item(repair, "check"), _caseworker(office, Duty.COUNTER, "slower")
        work.claim(item.pk, by=clerk.user, at=NOW)
        client.force_login(slower.user)
        page = client.post(reverse("work-claim", args=[item.pk]))
        assertContains(page, str(clerk.user), status_code=409)
        told = page.context["changed"]
        assert told["reference"] == repair.reference
        assert 1 <= len(told["changes"]) <= 3

    def test_tells_nothing_of_a_case_that_is_not_theirs_to_see(self, client, repair, approver):
        item = open_item(repair, "check")
        client.force_login(_caseworker(_elsewhere(), Duty.COUNTER, "stranger").user)
        page = client.post(reverse("work-claim", args=[item.pk]))
        assertNotContains(page, repair.reference, status_code=page.status_code)


class TestNothingHere:
    def test_offers_to_search_and_the_way_to_ones_work(self, client, handler):
        client.force_login(handler.user)
        page = client.get("/desk/nowhere/")
        for name in ("desk", "desk-search", "public", "track"):
            assertContains(page, f'"{reverse(name)}"', status_code=404)

    def test_says_what_is_missing_in_words(self, client, handler):
        client.force_login(handler.user)
        page = client.get(
            reverse("desk-case", args=["XF-2026-999999"]), headers={"Accept-Language": "en"}
        )
        assertContains(page, "There is no such case", status_code=404)


def _elsewhere():
    return Unit.objects.create(code="OTHER", name="示例局", credit_code="11370115MB00000990")
