"""How a refusal reaches a person and a program; and that a bug stays a bug."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import override_settings
from django.urls import include, path

from workflows.acts import Refused
from workflows.work import NoSuchWork, NotYourQueue, TakenByAnother

RAISED = {
    "refused": Refused("Not before Tuesday.", opens_on="2026-09-29"),
    "taken": TakenByAnother("Li claimed this step at 09:30.", who="Li"),
    "forbidden": NotYourQueue(),
    "missing": NoSuchWork(),
    "file": ValidationError("“%(name)s” is empty.", params={"name": "a.pdf"}),
    "nothing": Http404("hidden detail"),
    "closed": PermissionDenied("Ask the operator."),
    "bug": KeyError("hidden detail"),
}


def refuse(request, what):
    raise RAISED[what]


urlpatterns = [
    path("page/<what>", refuse),
    path("api/v1/try/<what>", refuse),
    path("", include("web.urls")),
]


@pytest.fixture(autouse=True)
def doors(db, client):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield


class TestAPage:
    @pytest.mark.parametrize(
        ("what", "status", "said"),
        [
            ("refused", 422, "Not before Tuesday."),
            ("taken", 409, "Li claimed this step at 09:30."),
            ("forbidden", 403, "This step belongs to another unit or to another duty."),
            ("missing", 404, "There is no such step, or it is not yours to see."),
            ("file", 422, "“a.pdf” is empty."),
        ],
    )
    def test_says_why_with_the_status_of_the_refusal(self, client, what, status, said):
        page = client.get(f"/page/{what}", headers={"Accept-Language": "en"})
        assert page.status_code == status
        assert said in page.content.decode()
        assert page.headers["Content-Type"].startswith("text/html")

    def test_leads_back_to_where_one_came_from(self, client):
        came_from = "http://testserver/desk/work/7/"
        page = client.get("/page/refused", headers={"Referer": came_from})
        assert f'href="{came_from}"' in page.content.decode()

    def test_never_leads_to_another_site(self, client):
        page = client.get("/page/refused", headers={"Referer": "https://evil.example/"})
        assert "evil.example" not in page.content.decode()

    def test_that_is_missing_or_closed_is_djangos_own(self, client):
        assert client.get("/page/nothing").status_code == 404
        assert client.get("/page/closed").status_code == 403

    def test_of_a_bug_is_500(self, client):
        assert client.get("/page/bug").status_code == 500


class TestAProblem:
    @pytest.mark.parametrize(
        ("what", "status", "code"),
        [
            ("refused", 422, "refused"),
            ("taken", 409, "taken-by-another"),
            ("forbidden", 403, "not-your-queue"),
            ("missing", 404, "no-such-work"),
            ("file", 422, "file-refused"),
            ("nothing", 404, "not-found"),
            ("closed", 403, "forbidden"),
            ("bug", 500, "fault"),
        ],
    )
    def test_has_status_and_code_of_the_refusal(self, client, what, status, code):
        answer = client.get(f"/api/v1/try/{what}")
        assert answer.headers["Content-Type"] == "application/problem+json"
        said = answer.json()
        assert (answer.status_code, said["status"], said["code"]) == (status, status, code)
        assert "hidden detail" not in answer.content.decode()

    def test_adds_what_else_helps(self, client):
        assert client.get("/api/v1/try/refused").json()["opens_on"] == "2026-09-29"
        assert client.get("/api/v1/try/taken").json()["who"] == "Li"

    @pytest.mark.parametrize("address", ["/api/", "/api/v2/cases", "/api/v1/", "/api/v1/nothing/"])
    def test_stands_at_every_address_that_is_not_there(self, client, address):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
