"""Publication: stopped by cases alone, place by place, and every change is an event."""

import pytest

from records.models import Record
from tests.conftest import TUESDAY
from workflows import audit, publication
from workflows.models import Entry

SEEN = dict.fromkeys(("authority", "credit_china", "province", "city"), "查询无记录")


@pytest.fixture
def stopped(repair):
    with audit.act(by=None, at=TUESDAY):
        publication.stop(repair, note="官网已撤下。")
    return repair


def last():
    return Entry.objects.order_by("id").last()


class TestPublication:
    def test_stops_at_the_source_and_says_what_it_was_before(self, stopped, penalty):
        assert Record.objects.get().publication == Record.Publication.STOPPED
        assert last().kind == "publication_stopped"
        assert last().detail == {
            "record": penalty.pk,
            "from": "published",
            "to": "stopped",
            "note": "官网已撤下。",
        }

    def test_cannot_be_stopped_outside_an_act(self, repair):
        with pytest.raises(LookupError):
            publication.stop(repair)

    def test_is_confirmed_in_every_place_with_what_was_seen(self, stopped, penalty):
        with audit.act(by=None, at=TUESDAY):
            publication.confirm(stopped, SEEN)

        shown = penalty.showings.values_list("stopped_on", "evidence")
        assert set(shown) == {(TUESDAY.date(), "查询无记录")}
        assert last().detail["places"] == SEEN

    @pytest.mark.parametrize("left_out", SEEN)
    def test_cannot_be_confirmed_while_a_place_is_left_out(self, stopped, penalty, left_out):
        seen = {place: said for place, said in SEEN.items() if place != left_out}

        with pytest.raises(publication.StillShown), audit.act(by=None, at=TUESDAY):
            publication.confirm(stopped, seen)
        assert penalty.showings.filter(stopped_on=None).count() == 4
        assert last().kind == "publication_stopped"

    def test_is_not_confirmed_again_where_it_has_ended_already(self, stopped, penalty):
        penalty.showings.filter(place="city").update(stopped_on="2026-09-01", evidence="早已撤下")
        seen = {place: said for place, said in SEEN.items() if place != "city"}

        with audit.act(by=None, at=TUESDAY):
            publication.confirm(stopped, seen)
        assert penalty.showings.get(place="city").evidence == "早已撤下"
