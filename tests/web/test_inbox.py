"""Inbox and queue by their addresses: filters, views, many at once, new work, and their budgets."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Duty, Membership
from records.models import Record, Subject
from tests.actors import open_item
from tests.conftest import SHANGHAI, SINCE, _caseworker
from tests.workflows.beside import a_unit, asks
from tests.workflows.test_races import another_penalty
from tests.workflows.walks import at, open_a_repair, walk
from web.pages.desk import told
from workflows import queues, several
from workflows.models import Case, SavedView, WorkItem
from workflows.several import Outcome

# Eve of the National Day holiday: until 8 October no day is worked.
AT = dt.datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)
LONG = "济南市济阳区示例有限责任公司第三十二分公司暨黄河北岸综合服务中心（示例）" * 2
SIXTY = 60
QUEUE = SavedView.Of.QUEUE


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT.astimezone(dt.UTC))


@pytest.fixture
def cast(staff, applicant):
    return {**staff, "applicant": applicant}


@pytest.fixture
def three(applicant, penalty, cast):
    """Two applications at the counter, received on different days, and one being examined."""
    first, second, third = (
        open_a_repair(applicant, record)
        for record in (penalty, *(another_penalty(penalty, n) for n in (2, 3)))
    )
    walk(third, "check:yes", cast)
    Case.objects.filter(pk=second.pk).update(opened_at=at("09-24"))
    WorkItem.objects.filter(step="check").update(amber_on=None, promised_on=None)
    WorkItem.objects.filter(case=first, step="check").update(due_on="2026-10-09")
    WorkItem.objects.filter(case=second, step="check").update(
        due_on="2026-10-12", opened_at=at("09-25")
    )
    return first, second, third


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk.user)
    return client


@pytest.fixture
def sixty(three):
    """Sixty more steps at the counter, of an organisation with a very long name."""
    case, item = three[0], open_item(three[0], "check")
    party = Subject.objects.create(credit_code="91370115MA0000000X", name=LONG)
    cases = Case.objects.bulk_create(
        Case(
            kind="repair",
            reference=f"XF-2026-{n:06}",
            query_code="X",
            party=party,
            opened_at=case.opened_at,
            governed_on=case.governed_on,
        )
        for n in range(900_001, 900_001 + SIXTY)
    )
    return WorkItem.objects.bulk_create(
        WorkItem(
            case=one,
            kind="repair",
            step="check",
            unit=item.unit,
            queue=item.queue,
            opened_at=item.opened_at,
            due_on=item.due_on,
        )
        for one in cases
    )


def page(client, name, **asked):
    return client.get(reverse(name), asked).content.decode()


def shown(client, name, cases, **asked):
    """Return which of the cases stand on a page, in the order in which they do."""
    text = page(client, name, **asked)
    listed = re.findall(r'class="sub code">([^<]*)<', text)
    return [[case.reference for case in cases].index(reference) for reference in listed]


def ids(cases, step="check"):
    return [open_item(case, step).pk for case in cases]


class TestTheQueue:
    def test_says_who_waits_and_what_is_left_in_working_days(self, desk, three):
        text = page(desk, "queue")

        # 9 October is the second working day after the feast: the 8th and the 9th.
        assert "2026-10-09" in text
        assert "剩余2个工作日" in text
        assert "当事人" in text.split("<tbody>")[1]

    @pytest.mark.parametrize(
        ("order", "expected"),
        [("", [0, 1]), ("waited", [1, 0]), ("received", [1, 0]), ("nonsense", [0, 1])],
    )
    def test_is_put_in_the_order_asked_for(self, order, expected, desk, three):
        assert shown(desk, "queue", three, sort=order) == expected

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"kind": "repair"}, [0, 1]),
            ({"kind": "objection"}, []),
            ({"step": "repair/check"}, [0, 1]),
            ({"step": "check"}, [0, 1]),
            ({"step": "repair/check", "kind": "objection"}, []),
            ({"light": "green"}, [0, 1]),
            ({"light": "red"}, []),
            ({"light": "no such light"}, [0, 1]),
            ({"duty": "XY/counter"}, [0, 1]),
            ({"duty": "CG/acceptor"}, []),
            ({"waits": "party"}, [0, 1]),
            ({"waits": "unit"}, []),
            ({"text": "黄河北润"}, [0, 1]),
            ({"text": "无此单位"}, []),
            ({"text": "\0'; --"}, []),
            ({"page": "9" * 30}, []),
        ],
    )
    def test_shows_what_the_filters_leave(self, asked, expected, desk, three):
        assert sorted(shown(desk, "queue", three, **asked)) == expected

    def test_finds_a_step_by_the_number_of_its_case(self, desk, three):
        assert shown(desk, "queue", three, text=three[1].reference.lower()) == [1]

    def test_asks_for_unit_and_duty_where_a_person_has_several(self, client, three, clerk, bureau):
        client.force_login(clerk.user)
        assert 'name="duty"' not in page(client, "queue")
        Membership.objects.create(user=clerk.user, unit=bureau, duty=Duty.ACCEPTOR, since=SINCE)

        assert 'name="duty"' in page(client, "queue")
        assert shown(client, "queue", three, duty="CG/acceptor") == [2]
        assert sorted(shown(client, "queue", three)) == [0, 1, 2]

    def test_tells_which_office_waits_for_an_answer(self, client, three, cast, applicant):
        tax, (expert,) = a_unit("SW")
        walk(three[2], "CLAIM:examine", cast)
        (asked,) = asks(cast["acceptor"], open_item(three[2], "examine"), [tax], at=AT)
        client.force_login(expert.user)

        assert shown(client, "queue", three, waits="unit") == [2]
        assert shown(client, "queue", three, waits="party") == []
        assert "城市管理局" in page(client, "queue")
        client.force_login(cast["acceptor"].user)
        assert gettext("Waits for an answer") in page(client, "desk")
        assert reverse("work-transfer", args=[asked.host_id]) not in page(client, "desk")

    def test_says_so_when_it_is_empty_or_the_filters_leave_nothing(self, desk, three, approver):
        nothing = page(desk, "queue", light="red")
        assert 'class="empty"' in nothing
        assert f'href="{reverse("queue")}"' in nothing

        desk.force_login(approver.user)
        assert 'class="empty"' in page(desk, "queue")
        assert reverse("claim-next") not in page(desk, "queue")


class TestTakingTheNext:
    def test_leads_to_the_step_itself(self, desk, three):
        taken = desk.post(reverse("claim-next"))

        assert taken.headers["Location"] == reverse("work", args=ids(three[:1]))

    def test_takes_the_most_urgent_of_what_the_filters_show(self, desk, three):
        desk.post(reverse("claim-next"), {"text": three[1].reference})

        assert WorkItem.objects.get(state="claimed").case_id == three[1].pk

    def test_says_so_when_there_is_nothing(self, desk, three):
        refused = desk.post(reverse("claim-next"), {"light": "red"})

        assert refused.status_code == 409


class TestManyAtOnce:
    def test_are_claimed_and_told_one_by_one(self, desk, three, office):
        other = _caseworker(office, Duty.COUNTER, "另一位示例")
        items = ids(three[:2])
        other.claims("check", three[0], at=AT)

        came = desk.post(reverse("claim-ticked"), {"item": [*items, ids(three[2:], "examine")[0]]})
        text = desk.get(came.headers["Location"]).content.decode()

        assert WorkItem.objects.get(pk=items[1]).state == "claimed"
        assert "另一位示例" in text
        assert three[0].reference in text
        assert three[2].reference not in text, "it is another unit's"
        assert "outcomes-title" not in page(desk, "queue"), "told once"

    def test_are_put_back_one_by_one(self, desk, three, clerk):
        items = ids(three[:2])
        several.claim_each(items, by=clerk.user, at=AT)

        desk.post(reverse("release-ticked"), {"item": items})

        assert set(WorkItem.objects.filter(pk__in=items).values_list("state")) == {("open",)}
        assert "outcomes-title" in page(desk, "desk")

    @pytest.mark.parametrize("name", ["claim-ticked", "release-ticked"])
    @pytest.mark.parametrize("given", [[], ["", "x", "-1", "9" * 40], [str(n) for n in range(51)]])
    def test_are_some_and_not_too_many(self, name, given, desk):
        assert desk.post(reverse(name), {"item": given}).status_code == 422

    def test_keep_the_filters_of_the_page(self, desk, three):
        came = desk.post(reverse("claim-ticked"), {"item": ids(three[:1]), "light": "green"})

        assert came.headers["Location"] == f"{reverse('queue')}?light=green"


class TestNewWork:
    def asks(self, client, name, mark, **asked):
        return client.get(reverse(name), asked, headers={"HX-Request": "true", "X-Mark": mark})

    def mark(self, text):
        return re.search(r'"X-Mark": "(\w+)"', text.replace("&quot;", '"'))[1]

    @pytest.mark.parametrize("name", ["queue", "desk"])
    def test_is_told_only_when_something_has_changed(self, name, desk, three, clerk):
        mark = self.mark(page(desk, name))
        assert self.asks(desk, name, mark).status_code == 204

        clerk.claims("check", three[1], at=AT)
        changed = self.asks(desk, name, mark)
        text = changed.content.decode()

        assert changed.status_code == 200
        assert changed.headers["Cache-Control"] == "no-store"
        assert "<html" not in text
        assert text.strip().startswith('<div id="work-list"')
        assert self.asks(desk, name, self.mark(text)).status_code == 204

    def test_is_that_of_the_filters(self, desk, three, clerk):
        mark = self.mark(page(desk, "queue", text=three[0].reference))
        clerk.claims("check", three[1], at=AT)

        assert self.asks(desk, "queue", mark, text=three[0].reference).status_code == 204

    def test_includes_a_due_date_that_moved(self, desk, three):
        mark = self.mark(page(desk, "queue"))
        WorkItem.objects.filter(pk=ids(three[:1])[0]).update(due_on="2026-10-15")

        assert self.asks(desk, "queue", mark).status_code == 200

    def test_is_asked_for_in_few_questions(self, desk, three, django_assert_max_num_queries):
        mark = self.mark(page(desk, "queue"))
        with django_assert_max_num_queries(6):
            self.asks(desk, "queue", mark)


class TestAView:
    def keeps(self, client, **said):
        asked = {"of": "queue", "name": "本周", "light": "green", "sort": "waited", **said}
        return client.post(reverse("view-keep"), asked)

    def test_is_kept_with_its_filters_and_marked_as_the_one_before_the_eyes(self, desk, three):
        kept = self.keeps(desk, nonsense="x")

        assert kept.headers["Location"] == f"{reverse('queue')}?light=green&sort=waited"
        text = desk.get(kept.headers["Location"]).content.decode()
        assert re.search(r'light=green&amp;sort=waited" aria-current="true">本周', text)

    def test_is_shown_to_colleagues_with_whose_it_is(self, desk, client, three, clerk, office):
        self.keeps(desk, unit="XY")
        other = _caseworker(office, Duty.COUNTER, "另一位示例")
        client.force_login(other.user)
        text = page(client, "queue")

        assert "本周" in text
        assert clerk.user.display_name in text
        assert reverse("view-drop", args=[SavedView.objects.get().pk]) not in text

    def test_is_shared_and_dropped(self, desk, three):
        self.keeps(desk)
        view = SavedView.objects.get()
        desk.post(reverse("view-share", args=[view.pk]), {f"unit-{view.pk}": "XY"})
        assert SavedView.objects.get().unit.code == "XY"

        dropped = desk.post(reverse("view-drop", args=[view.pk]))
        assert dropped.headers["Location"] == reverse("queue")
        assert not SavedView.objects.exists()

    def test_shows_a_colleague_nothing_of_a_queue_that_is_not_theirs(
        self, client, three, acceptor, cast
    ):
        client.force_login(cast["clerk"].user)
        assert shown(client, "queue", three, duty="CG/acceptor") == []

    @pytest.mark.parametrize(
        ("said", "status"),
        [({"name": " "}, 422), ({"of": "elsewhere"}, 404), ({"unit": "CG"}, 403)],
    )
    def test_is_refused_in_a_sentence(self, said, status, desk, bureau):
        assert self.keeps(desk, **said).status_code == status


class TestABudget:
    """Twelve questions and sixty kilobytes for fifty rows with very long names."""

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("name", ["queue", "desk"])
    @pytest.mark.parametrize("asked", [{}, {"text": "示例", "sort": "received", "waits": "party"}])
    def test_holds(
        self, asked, name, language, client, clerk, sixty, django_assert_max_num_queries
    ):
        if name == "desk":
            WorkItem.objects.filter(pk__in=[item.pk for item in sixty]).update(
                owner=clerk.user, state="claimed", claimed_at=AT
            )
        client.force_login(clerk.user)
        for n in range(5):
            asked_for = {"of": "queue" if name == "queue" else "inbox", "name": f"视图{n}"}
            client.post(reverse("view-keep"), {**asked_for, "light": "green", "unit": "XY"})
        client.get(reverse(name))  # the messages are read
        client.cookies["django_language"] = language
        with django_assert_max_num_queries(12):
            answer = client.get(reverse(name), asked)

        text = answer.content.decode()
        assert text.count("data-row=") == queues.PAGE
        assert len(answer.content) < 60_000
        assert 'rel="next"' in text

    def test_of_telling_what_came_of_fifty(
        self, client, clerk, sixty, django_assert_max_num_queries
    ):
        client.force_login(clerk.user)
        why = "示例王某某已于10:00领取了这一环节。"
        items = WorkItem.objects.select_related("case").in_bulk([i.pk for i in sixty[:50]])
        session = client.session
        session["outcomes"] = told([Outcome(i, why) for i in items.values()], of=QUEUE)
        session.save()
        with django_assert_max_num_queries(12):
            answer = client.get(reverse("queue"), {"text": "无"})

        assert answer.content.decode().count(why) == several.MOST
        assert len(answer.content) < 60_000

    def test_shows_the_second_page_and_counts_all(self, client, clerk, sixty):
        client.force_login(clerk.user)

        assert page(client, "queue", page="2").count("data-row=") == SIXTY + 2 - queues.PAGE
        assert re.search(rf'id="list-count">{SIXTY + 2}<', page(client, "queue"))

    def test_counts_no_further_than_anybody_reads(self, client, clerk, sixty, monkeypatch):
        monkeypatch.setattr(queues, "MOST_COUNTED", 55)
        client.force_login(clerk.user)

        assert 'id="list-count">55+<' in page(client, "queue", text="示例")
        assert Record.objects.count() == 3
