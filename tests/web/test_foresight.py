"""The step page tells before a decision what the decision will do, with the letter to be sent."""

import datetime as dt

import pytest
from django.urls import reverse

from forms.models import Attachment
from notifications.models import Letter, Message
from tests.actors import open_item
from tests.workflows.beside import NOW, a_unit, answers
from tests.workflows.walks import ANSWERS, at, open_a_repair, walk
from workflows import transfers, work
from workflows.models import Entry, Series, WorkItem
from workflows.ways import ways_of

MOST_QUERIES = 12
MOST_FOR_AN_ACT = 45
MOST_BYTES = 60_000
HTMX = {"HTTP_HX_REQUEST": "true"}


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
    """A repair that the approver has claimed to decide."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept verify:good CLAIM:decide", cast)
    return case


@pytest.fixture
def desk(client, repair, cast):
    client.force_login(cast["approver"].user)
    return client


def preview(case, step="decide"):
    return reverse("work-preview", args=[open_item(case, step).pk])


def page(case, step="decide"):
    return reverse("work", args=[open_item(case, step).pk])


def counted():
    return [m.objects.count() for m in (Entry, Letter, Message, Series, Attachment, WorkItem)]


class TestPreview:
    def test_shows_state_steps_clocks_and_the_letter_and_does_nothing(self, desk, repair):
        before = counted()
        seen = desk.post(preview(repair), ANSWERS["decide:grant"], **HTMX)
        told = seen.content.decode()

        assert seen.status_code == 200
        assert "<html" not in told, "htmx puts it into the page"
        assert "准予信用修复决定书" in told
        assert "符合条件。" in told
        assert "2026-10-09" in told, "three working days, round National Day"
        assert counted() == before

    def test_is_a_page_without_javascript_that_keeps_the_answers(self, desk, repair):
        seen = desk.post(preview(repair), ANSWERS["decide:grant"])
        told = seen.content.decode()

        assert seen.status_code == 200
        assert "准予信用修复决定书" in told
        assert seen.context["form"]["decision_reason"].value() == "符合条件。"
        assert f'formaction="{page(repair)}"' in told
        done = desk.post(page(repair), ANSWERS["decide:grant"])
        assert done.status_code == 302
        assert Letter.objects.filter(name="granted").exists()

    def test_says_what_is_missing_and_where(self, desk, repair):
        seen = desk.post(preview(repair), {"decision": "grant"}, **HTMX)

        assert seen.status_code == 422
        assert 'href="#id_decision_reason"' in seen.content.decode()

    def test_shows_why_it_is_refused_instead(self, desk, repair, monkeypatch):
        def busy(*_args, **_kwargs):
            raise work.Busy

        monkeypatch.setattr(work, "complete", busy)
        for more in (HTMX, {}):
            seen = desk.post(preview(repair), ANSWERS["decide:grant"], **more)
            assert seen.status_code == 409
            assert str(work.Busy()) in seen.content.decode()

    def test_is_nobodys_but_the_one_who_has_the_step(self, client, repair, cast):
        client.force_login(cast["clerk"].user)
        assert client.post(preview(repair), ANSWERS["decide:grant"]).status_code == 404
        client.force_login(cast["approver"].user)
        client.post(reverse("work-release", args=[open_item(repair, "decide").pk]))
        assert client.post(preview(repair), ANSWERS["decide:grant"]).status_code == 403
        assert client.get(preview(repair)).status_code == 405

    @pytest.mark.parametrize(
        "said",
        [
            {"decision": "\0", "decision_reason": "\0"},
            {"decision": "9" * 5000, "chosen-proof": ["x" * 900] * 80},
            {"chosen-nothing": "a\0b.pdf", "nothing": "1"},
        ],
    )
    def test_answers_nonsense_with_a_sentence(self, desk, repair, said):
        seen = desk.post(preview(repair), said, **HTMX)
        assert seen.status_code == 422

    def test_needs_the_name_of_a_file_and_not_the_file(self, client, repair, cast):
        walk(repair, "decide:grant CLAIM:stop_publication", cast, since=at("09-28", 20))
        client.force_login(cast["handler"].user)
        said = {"stopped_note": "官网已撤下。", "chosen-stopped_proof": "截图（示例）.png"}
        before = counted()
        seen = client.post(preview(repair, "stop_publication"), said, **HTMX)

        assert seen.status_code == 200
        assert counted() == before

    def test_costs_no_more_than_an_act(self, desk, repair, django_assert_max_num_queries):
        url = preview(repair)
        with django_assert_max_num_queries(MOST_FOR_AN_ACT + 8):  # savepoints count here
            desk.post(url, ANSWERS["decide:grant"], **HTMX)


class TestAStep:
    def test_tells_beside_each_choice_where_it_leads_and_on_what_basis(self, desk, repair):
        told = desk.get(page(repair)).content.decode()

        assert "准予信用修复决定书" in told
        assert "不予信用修复决定书" in told
        assert 'title="依据：国办发' in told
        assert "国办发〔2025〕22号" in told

    def test_says_beforehand_that_it_may_send_a_letter(self, desk, repair):
        seen = desk.get(page(repair))
        assert "准予信用修复决定书" in seen.context["ahead"]["letters"]
        assert "foresee-first" in seen.content.decode()

    def test_returned_comes_with_the_answers_given_before(self, client, repair, cast):
        returned = reverse("work-return", args=[open_item(repair, "decide").pk])
        client.force_login(cast["approver"].user)
        client.post(returned, {"reason": "请补充核实凭证。"})
        client.force_login(cast["handler"].user)
        form = client.get(page(repair, "verify")).context["form"]

        assert form["verification"].value() == ANSWERS["verify:good"]["verification"]
        assert form["duty_fulfilled"].value() is True

    def test_given_back_by_another_unit_says_why(self, client, applicant, penalty, cast):
        case = open_a_repair(applicant, penalty, served_electronically="on")
        walk(case, "check:yes examine:accept CLAIM:verify", cast)
        unit, (person,) = a_unit("YJ")
        item, by = open_item(case, "verify"), cast["handler"].user
        aside = transfers.transfer(item.pk, by=by, at=NOW, to=unit, reason="管辖调整。")
        answers(person, aside, taken="False", given_back_because="不属我单位管辖（示例）。")
        client.force_login(by)
        client.post(reverse("work-claim", args=[item.pk]))

        told = client.get(page(case, "verify"))
        assert told.context["given_back"]["by"] == str(person.user)
        assert "不属我单位管辖（示例）。" in told.content.decode()

    def test_is_of_a_reasonable_size_and_price(self, desk, repair, django_assert_max_num_queries):
        url = page(repair)
        with django_assert_max_num_queries(MOST_QUERIES):
            shown = desk.get(url)
        assert len(shown.content) < MOST_BYTES


class TestACase:
    def test_leads_to_the_step_of_ones_own(self, desk, repair):
        shown = desk.get(reverse("desk-case", args=[repair.reference]))
        (mine,) = shown.context["mine"]

        assert mine["is_claimed"]
        assert page(repair) in shown.content.decode()

    def test_gathers_the_actions_with_their_basis(self, desk, repair):
        shown = desk.get(reverse("desk-case", args=[repair.reference]))
        found = {one.get("name"): one["basis"] for one in shown.context["deeds"]}

        assert {"suspend", "extend", "correct_start", "recuse"} <= found.keys()
        assert "行政处罚法" in found["recuse"]

    def test_names_who_did_what_in_its_history(self, desk, repair):
        events = desk.get(reverse("desk-case", args=[repair.reference])).context["case"]
        by = {event["title"]: event["by"] for event in events["timeline"]}
        letters = [event for event in events["timeline"] if "信用修复受理通知书" in event["title"]]

        assert len(letters) == 2, "issued and served, each by its name"
        assert any(who == "handler" for who in by.values())
        issued = next(event for event in letters if "字〔2026〕" in event["note"])
        assert issued["by"] != "acceptor"
        assert "acceptor" in issued["by"]

    def test_costs_at_most_twelve_questions(self, desk, repair, django_assert_max_num_queries):
        with django_assert_max_num_queries(MOST_QUERIES):
            desk.get(reverse("desk-case", args=[repair.reference]))


class TestWays:
    def test_of_a_decision_differ(self, repair, cast):
        item = WorkItem.objects.select_related("task", "case__repair").get(
            pk=open_item(repair, "decide").pk
        )
        form = work.form_for(item, by=cast["approver"].user, on=dt.date(2026, 9, 29))
        found = ways_of(item, form)

        assert set(found) == {"decision"}
        grant, refuse = found["decision"]["grant"], found["decision"]["refuse"]
        assert [kind.name for kind in grant.letters] == ["granted"]
        assert [kind.name for kind in refuse.letters] == ["refused"]
        assert refuse.ends
        assert not grant.ends
