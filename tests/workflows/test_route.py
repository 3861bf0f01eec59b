"""The route of a case as people read it: every step once, and where the case is."""

import pytest

from tests.workflows.walks import GRANTED, STORIES, walk
from workflows import tracking
from workflows.case_type import case_types
from workflows.flow import Ask, Closed, Work
from workflows.models import WorkItem
from workflows.route import _stops, route_of

DOORS = [(type_, door) for type_ in case_types() for door in type_.doors.values()]


def told(case):
    return route_of(case, tracking.log_of(case))


def here(case):
    return {stop.name for stop in told(case) if stop.is_here}


def reached_from(node):
    found, ahead = {}, [node]
    while ahead:
        for edge in ahead.pop()._outgoing():
            if edge.dst.name not in found:
                found[edge.dst.name] = edge.dst
                ahead.append(edge.dst)
    return {name for name, node in found.items() if isinstance(node, Work | Ask | Closed)}


class TestTheRoute:
    @pytest.mark.parametrize(("type_", "door"), DOORS, ids=lambda x: getattr(x, "name", x))
    def test_tells_every_step_that_can_be_reached_once_and_its_end_last(self, type_, door):
        instance = type_.flow.instance
        stops = _stops(instance, door.name, "start", {})
        names = [stop.name for stop in stops]
        assert names[0] == door.name
        assert len(names) == len(set(names))
        assert set(names[1:]) == reached_from(instance.node(door.name))
        assert names[-1] == "closed"

    @pytest.mark.parametrize(("type_", "door"), DOORS, ids=lambda x: getattr(x, "name", x))
    def test_leads_from_every_stop_but_the_last_to_another(self, type_, door):
        stops = _stops(type_.flow.instance, door.name, "start", {})
        known = {stop.name for stop in stops}
        assert all(stop.ways for stop in stops[:-1])
        assert {way.to for stop in stops for way in stop.ways} <= known

    def test_tells_the_moves_made_on_the_way(self, repair):
        ways = {way.to: way for way in _stop(repair, "examine").ways}
        assert list(ways) == ["verify", "supplement", "review"]
        assert ways["supplement"].moves == (str(repair_moves()["request_supplement"]),)
        assert not ways["verify"].turns_back
        assert _stop(repair, "supplement").ways[0].turns_back

    def test_tells_that_a_step_may_be_returned(self, repair):
        back = [way.to for way in _stop(repair, "decide").ways if way.is_return]
        assert back == ["verify"]


class TestThePosition:
    @pytest.mark.parametrize("story", STORIES)
    def test_is_that_of_the_open_steps_at_the_end_of_every_story(self, cast, repair, story):
        walk(repair, STORIES[story], cast)
        repair = type(repair).objects.get(pk=repair.pk)
        of_the_route = WorkItem.objects.filter(case=repair, task__isnull=False)
        open_ = of_the_route.filter(state__in=["open", "claimed"])
        assert here(repair) == set(open_.values_list("step", flat=True))
        assert bool(told(repair)[-1].passed) == (repair.closed_at is not None)

    def test_counts_how_often_a_step_was_done(self, cast, repair):
        walk(repair, "check:no redo:done check:yes", cast)
        passed = {stop.name: stop.passed for stop in told(repair)}
        assert (passed["check"], passed["redo"], passed["examine"]) == (2, 1, 0)

    def test_moves_on_with_the_case(self, cast, repair):
        assert here(repair) == {"check"}
        walk(repair, GRANTED, cast)
        assert here(repair) == {"stop_publication"}


def _stop(case, name):
    return next(stop for stop in told(case) if stop.name == name)


def repair_moves():
    return next(type_.moves for type_ in case_types() if type_.label == "repair")
