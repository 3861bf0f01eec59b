"""Rating a closed case, following a poor rating up, and the rest of the party's case page."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts import tokens
from cases.repair.states import Repair, State
from tests.cases.objection_walks import objects
from tests.conftest import SHANGHAI
from tests.workflows.walks import STORIES, open_a_repair, walk
from workflows import rating
from workflows.models import Rating

NOW = dt.datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 12 October 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def cast(staff, applicant):
    return {**staff, "applicant": applicant}


@pytest.fixture
def closed(applicant, penalty, cast):
    case = open_a_repair(applicant, penalty)
    walk(case, STORIES["refused"], cast)
    return case


def case_page(client, case):
    return client.get(reverse("case", args=[case.reference]))


def rated(case, applicant, grade=1, comment="等了很久。"):
    return rating.rate(case.reference, by=applicant.user, grade=grade, comment=comment, at=NOW)


class TestRating:
    def test_is_asked_on_the_page_of_a_closed_case_and_thanked_for_once(
        self, client, applicant, closed
    ):
        client.force_login(applicant.user)
        rate = reverse("rate", args=[closed.reference])
        assert f"{rate}?grade=5" in case_page(client, closed).content.decode()
        assert client.get(rate, {"grade": "2"}).context["form"].initial == {"grade": "2"}
        done = client.post(rate, {"grade": "4", "comment": "很快。"}, follow=True)

        assert done.status_code == 200
        assert Rating.objects.get().grade == 4
        assert rate not in case_page(client, closed).content.decode()
        assert client.get(rate).status_code == client.post(rate, {"grade": "5"}).status_code == 409

    @pytest.mark.parametrize("grade", ["", "6", "x", "\x00", "9" * 40])
    def test_says_what_is_wrong_with_an_answer(self, client, applicant, closed, grade):
        client.force_login(applicant.user)
        answer = client.post(reverse("rate", args=[closed.reference]), {"grade": grade})

        assert answer.status_code == 422
        assert answer.context["form"].errors
        assert not Rating.objects.exists()

    def test_is_not_asked_before_the_end(self, client, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        client.force_login(applicant.user)
        assert (
            reverse("rate", args=[case.reference]) not in case_page(client, case).content.decode()
        )
        assert client.get(reverse("rate", args=[case.reference])).status_code == 409


class TestTheListOfRatings:
    def test_shows_the_party_and_the_words_but_not_who_wrote_them(
        self, client, applicant, closed, office_supervisor
    ):
        rated(closed, applicant)
        client.force_login(office_supervisor)
        told = client.get(reverse("ratings")).content.decode()

        assert closed.party.name in told
        assert "等了很久" in told
        assert "韦示例" not in told

    def test_takes_the_call_back_and_moves_the_rating_from_those_that_wait(
        self, client, applicant, closed, office_supervisor
    ):
        poor = rated(closed, applicant)
        client.force_login(office_supervisor)
        address = reverse("rating-follow-up", args=[poor.pk])
        assert address in client.get(reverse("ratings")).content.decode()
        assert client.post(address, {"note": " "}).status_code == 422
        done = client.post(address, {"note": "已电话回访并说明。"}, follow=True)

        assert done.context["list"]["rows"] == []
        every = client.get(reverse("ratings"), {"show": ""})
        assert "已电话回访并说明" in every.content.decode()
        assert client.post(address, {"note": "再次。"}).status_code == 409

    def test_is_read_only_for_the_supervisor_of_another_unit(
        self, client, applicant, closed, bureau_supervisor
    ):
        poor = rated(closed, applicant)
        client.force_login(bureau_supervisor)
        address = reverse("rating-follow-up", args=[poor.pk])

        page = client.get(reverse("ratings"))
        assert page.context["told"].count == 1
        assert address not in page.content.decode()
        assert client.post(address, {"note": "已回访。"}).status_code == 404

    def test_is_closed_to_those_who_work_on_cases(self, client, applicant, closed, staff):
        rated(closed, applicant)
        client.force_login(staff["handler"].user)
        for name in ("ratings", "ratings-download"):
            assert client.get(reverse(name)).status_code == 403
        shown = client.get(reverse("desk-case", args=[closed.reference])).content.decode()
        assert "等了很久" not in shown

    @pytest.mark.parametrize("show", ["x", "9", "\x00", "1", "waiting"])
    def test_shows_something_whatever_is_asked_for(self, client, closed, office_supervisor, show):
        client.force_login(office_supervisor)
        asked = {"show": show, "page": "99"}
        assert client.get(reverse("ratings"), asked).status_code == 200

    def test_is_taken_away_as_a_workbook_and_as_text(
        self, client, applicant, closed, office_supervisor
    ):
        rated(closed, applicant, 2)
        client.force_login(office_supervisor)
        book = load_workbook(BytesIO(client.get(reverse("ratings-download")).content))
        first, second = book.worksheets
        text = client.get(reverse("ratings-download"), {"form": "csv", "table": "ratings"})

        assert [row[1].value for row in first.iter_rows(min_row=5, max_row=10)] == [
            0,
            0,
            0,
            1,
            0,
            0,
        ]
        assert second["A5"].value == closed.reference
        assert closed.reference in text.content.decode("utf-8-sig")
        assert "等了很久" not in text.content.decode("utf-8-sig")

    @pytest.mark.parametrize(("who", "told"), [("handler", False), ("bureau_supervisor", True)])
    def test_is_told_by_the_log_to_who_watches_and_not_to_who_worked(
        self, client, applicant, closed, request, who, told
    ):
        rated(closed, applicant)
        person = request.getfixturevalue(who)
        token = tokens.issue(getattr(person, "user", person), "test", at=NOW, days=30)
        bearer = {"Authorization": f"Bearer {token}"}
        log = client.get(f"/api/v1/cases/{closed.reference}/events", headers=bearer).json()
        assert ("rated" in {entry["kind"] for entry in log}) == told
        assert len(log) > 10

    def test_stays_within_twelve_queries(
        self, client, applicant, closed, office_supervisor, django_assert_max_num_queries
    ):
        rated(closed, applicant)
        client.force_login(office_supervisor)
        with django_assert_max_num_queries(12):
            client.get(reverse("ratings"))


class TestTheCasePage:
    @pytest.mark.parametrize("story", ["refused", "repaired", "just received", "not accepted"])
    def test_stays_within_twelve_queries(
        self, client, applicant, penalty, cast, story, django_assert_max_num_queries
    ):
        case = open_a_repair(applicant, penalty)
        walk(case, STORIES[story], cast)
        client.force_login(applicant.user)
        with django_assert_max_num_queries(12):
            assert case_page(client, case).status_code == 200

    def test_tells_where_and_until_when_a_refusal_can_be_contested(self, client, applicant, closed):
        client.force_login(applicant.user)
        (against,) = case_page(client, closed).context["case"]["remedies"]

        assert [way["until"] for way in against["ways"]] == [
            dt.date(2026, 11, 27),
            dt.date(2027, 3, 29),
        ]
        assert "行政复议法" in against["ways"][0]["basis"]

    def test_shows_both_clocks_and_the_messages_of_this_case_only(
        self, client, applicant, penalty, staff
    ):
        repair = open_a_repair(applicant, penalty)
        objection = objects(applicant, penalty, on=NOW)
        client.force_login(applicant.user)
        shown = case_page(client, repair).context["case"]

        assert len(shown["messages"]) == 1
        assert objection.reference not in shown["messages"][0]["body"]
        # 29 and 30 September, 8 to 10 October and the 12th: all the office's.
        assert [row["days"] for row in shown["course"]["rows"]] == [
            "6个工作日",
            "0个工作日",
            "0个工作日",
            "0个工作日",
        ]

    def test_counts_the_unread_messages_in_the_menu_as_every_page_does(
        self, client, applicant, penalty, staff
    ):
        repair = open_a_repair(applicant, penalty)
        objects(applicant, penalty, on=NOW)
        client.force_login(applicant.user)
        counts = [
            [section["count"] for section in page.context["sections"]]
            for page in (case_page(client, repair), client.get(reverse("cases")))
        ]
        assert counts == [[0, 0, 0, 2], [0, 0, 0, 2]]


class TestWithdrawing:
    def test_is_told_first_and_done_on_the_second_press(self, client, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        client.force_login(applicant.user)
        address = reverse("withdraw", args=[case.reference])
        assert address in case_page(client, case).content.decode()
        page = client.get(address)

        assert page.status_code == 200
        assert penalty.document_number in page.content.decode()
        assert Repair.objects.get().state == State.RECEIVED
        assert client.post(address).status_code == 302
        assert Repair.objects.get().state == State.WITHDRAWN

    def test_is_refused_before_and_after_once_it_is_decided(self, client, applicant, closed):
        client.force_login(applicant.user)
        address = reverse("withdraw", args=[closed.reference])
        assert client.get(address).status_code == client.post(address).status_code == 409


class TestTheReceipt:
    def test_shows_number_query_code_and_the_square_code(self, client, applicant, penalty, staff):
        case = open_a_repair(applicant, penalty)
        client.force_login(applicant.user)
        told = client.get(reverse("receipt", args=[case.reference])).content.decode()

        for said in (case.reference, case.query_code, "<svg", "缴款凭证.pdf", reverse("track")):
            assert said in told
        assert " style=" not in told


class TestTheStartPage:
    def test_says_per_service_what_to_have_ready_and_offers_the_search(self, client, law):
        page = client.get(reverse("home"))
        ready = [service["ready"] for service in page.context["services"]]

        assert len(ready) >= 3
        assert all(ready)
        assert f'action="{reverse("public")}"' in page.content.decode()

    def test_never_calls_the_offices_own_value_statutory(self, client, law):
        services = client.get(reverse("home")).context["services"]
        told = {p["certainty_label"] for service in services for p in service["promises"]}

        assert told <= {"法定时限", "办理机关自定期限", "依据待核"}
        assert "办理机关自定期限" in told
