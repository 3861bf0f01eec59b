"""The page that shows the route of a case, as a picture and in words."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import Duty, Unit
from tests.conftest import _caseworker
from tests.workflows.walks import GRANTED, open_a_repair, walk
from web import route_chart
from workflows import tracking
from workflows.route import Stop, Way, route_of

MOST_QUERIES = 12


@pytest.fixture
def granted(applicant, penalty, staff):
    repair = open_a_repair(applicant, penalty)
    walk(repair, GRANTED, {**staff, "applicant": applicant})
    return type(repair).objects.get(pk=repair.pk)


class TestThePage:
    @pytest.mark.parametrize(
        ("name", "who"), [("desk-route", "handler"), ("oversight-route", "bureau_supervisor")]
    )
    def test_marks_where_the_case_is(
        self, client, granted, request, who, name, django_assert_max_num_queries
    ):
        person = request.getfixturevalue(who)
        client.force_login(getattr(person, "user", person))
        with django_assert_max_num_queries(MOST_QUERIES):
            page = client.get(reverse(name, args=[granted.reference]))
        assertContains(page, 'aria-current="step"', count=1)
        here = [stop for stop in page.context["route"]["stops"] if stop["style"] == "here"]
        assert [stop["title"] for stop in here] == [tracking.title_of("repair", "stop_publication")]

    def test_tells_in_words_every_way_of_the_picture(self, client, granted, staff):
        client.force_login(staff["handler"].user)
        page = client.get(reverse("desk-route", args=[granted.reference]))
        stops = route_of(granted, tracking.log_of(granted))
        told = sum(len(stop["ways"]) for stop in page.context["route"]["stops"])
        assert told == sum(len(stop.ways) for stop in stops) > len(stops)

    def test_shows_nothing_to_other_units(self, client, granted):
        other = Unit.objects.create(code="OTHER", name="示例局", credit_code="11370115MB00000990")
        client.force_login(_caseworker(other, Duty.HANDLER, "other").user)
        assert client.get(reverse("desk-route", args=[granted.reference])).status_code == 404


class TestThePicture:
    def test_draws_leaps_that_overlap_in_lanes_of_their_own(self):
        stops = [
            Stop("a", "a", ways=(Way("b"), Way("c"), Way("d"))),
            Stop("b", "b", ways=(Way("d"),)),
            Stop("c", "c", ways=(Way("d"), Way("a", turns_back=True))),
            Stop("d", "d"),
        ]
        drawn = route_chart.picture(stops)
        narrow = route_chart.picture([*stops[:1], Stop("b", "b"), Stop("c", "c"), Stop("d", "d")])
        assert len(drawn.lines) == 6
        assert sum(line.style == "back" for line in drawn.lines) == 1
        assert drawn.x > narrow.x
        assert len({line.path for line in drawn.lines}) == 6

    def test_is_as_high_as_the_list_beside_it(self):
        stops = [Stop("a", "a", ways=(Way("b"),)), Stop("b", "b")]
        assert route_chart.picture(stops).height == 2 * route_chart.ROW
