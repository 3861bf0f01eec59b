"""Views of inbox and queue: kept under a name, shared with a unit, dropped by whose they are."""

import datetime as dt

import pytest

from accounts.models import Duty, Membership, User
from tests.conftest import SINCE, TUESDAY, _caseworker
from workflows import views
from workflows.models import Entry, SavedView

ON = TUESDAY.date()
QUEUE = SavedView.Of.QUEUE


def keeps(person, name="红灯", query="light=red", unit="", of=QUEUE):
    return views.keep(by=person.user, of=of, name=name, query=query, unit=unit, at=TUESDAY)


def seen_by(person, of=QUEUE, on=ON):
    fresh = User.objects.get(pk=person.user.pk)
    return [view.name for view in views.views_of(fresh, on=on, of=of)]


class TestAView:
    def test_is_seen_by_nobody_else_until_it_is_shared(self, clerk, office, handler, acceptor):
        view = keeps(handler)
        assert (seen_by(handler), seen_by(acceptor)) == (["红灯"], [])

        views.share(view.pk, by=handler.user, unit="CG", at=TUESDAY)
        assert (seen_by(acceptor), seen_by(clerk)) == (["红灯"], [])

        views.share(view.pk, by=handler.user, unit="", at=TUESDAY)
        assert (seen_by(handler), seen_by(acceptor)) == (["红灯"], [])

    def test_is_seen_no_longer_by_who_has_left_the_unit(self, handler, acceptor):
        keeps(handler, unit="CG")
        Membership.objects.filter(user=acceptor.user).update(until=ON)

        assert seen_by(acceptor) == ["红灯"]
        assert seen_by(acceptor, on=ON + dt.timedelta(days=1)) == []

    def test_belongs_to_one_list(self, handler):
        keeps(handler, of=SavedView.Of.INBOX)

        assert seen_by(handler) == []
        assert seen_by(handler, of=SavedView.Of.INBOX) == ["红灯"]

    def test_is_shared_only_with_a_unit_of_ones_own(self, handler, office):
        with pytest.raises(views.NotYourUnit):
            keeps(handler, unit=office.code)
        view = keeps(handler)
        with pytest.raises(views.NotYourUnit):
            views.share(view.pk, by=handler.user, unit=office.code, at=TUESDAY)
        assert SavedView.objects.get().unit is None

    def test_is_not_shared_by_who_only_watches_the_unit(self, bureau, db):
        watcher = _caseworker(bureau, Duty.SUPERVISOR, "watcher")
        with pytest.raises(views.NotYourUnit):
            keeps(watcher, unit=bureau.code)

    def test_is_changed_and_dropped_by_its_owner_alone(self, handler, acceptor):
        view = keeps(handler, unit="CG")
        for verb, told in ((views.share, {"unit": ""}), (views.drop, {})):
            with pytest.raises(views.NoSuchView):
                verb(view.pk, by=acceptor.user, at=TUESDAY, **told)

        views.drop(view.pk, by=handler.user, at=TUESDAY)
        assert (seen_by(handler), seen_by(acceptor)) == ([], [])

    def test_has_a_name_of_its_own_and_not_too_long_a_query(self, handler, acceptor):
        keeps(handler, name="  红灯  \0 本周 ")
        assert seen_by(handler) == ["红灯 本周"]
        keeps(acceptor, name="红灯 本周")
        for refusal, told in (
            (views.NameTaken, {"name": "红灯 本周"}),
            (views.Nameless, {"name": " \0 "}),
            (views.Refused, {"name": "长", "query": "text=" + "长" * 400}),
            (views.NoSuchView, {"name": "别处", "of": "elsewhere"}),
        ):
            with pytest.raises(refusal):
                keeps(handler, **told)
        assert SavedView.objects.count() == 2

    def test_is_one_of_a_bounded_number(self, handler, monkeypatch):
        monkeypatch.setattr(views, "MOST", 2)
        keeps(handler, name="甲")
        keeps(handler, name="乙")
        with pytest.raises(views.TooManyViews):
            keeps(handler, name="丙")

    def test_leaves_a_trace_of_who_shared_and_dropped_it(self, handler):
        view = keeps(handler)
        views.share(view.pk, by=handler.user, unit="CG", at=TUESDAY)
        views.drop(view.pk, by=handler.user, at=TUESDAY)

        told = Entry.objects.filter(stream=f"views/{handler.user.pk}").order_by("seq")
        assert [(entry.kind, entry.detail["unit"]) for entry in told] == [
            ("view_kept", ""),
            ("view_shared", "CG"),
            ("view_dropped", "CG"),
        ]


class TestASubstitute:
    def test_sees_what_is_shared_where_they_stand_in(self, handler, acceptor, office):
        from accounts.models import Substitution

        keeps(handler, unit="CG")
        stands_in = _caseworker(office, Duty.COUNTER, "stands_in")
        assert seen_by(stands_in) == []
        Substitution.objects.create(
            absent=acceptor.user,
            substitute=stands_in.user,
            unit=acceptor.user.memberships.get().unit,
            since=SINCE,
            until=ON,
            given_by=acceptor.user,
            reason="年休假（示例）",
        )
        assert seen_by(stands_in) == ["红灯"]
