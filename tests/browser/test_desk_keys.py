"""The desk without a mouse, and the work that appears there while one looks."""

import pytest
from playwright.sync_api import expect

from accounts.models import Duty
from tests.browser.test_keyboard import FOCUS, enters
from tests.conftest import TUESDAY, _caseworker
from tests.workflows.test_races import another_penalty
from workflows.models import WorkItem

pytestmark = pytest.mark.browser


@pytest.fixture
def cases(applicant, penalty, staff):
    """Three applications at the counter, soonest due first."""
    records = [penalty, *(another_penalty(penalty, n) for n in (2, 3))]
    found = [applicant.applies(record, at=TUESDAY) for record in records]
    for case, due in zip(found, ("2026-09-30", "2026-10-08", "2026-10-09"), strict=True):
        case.items.update(due_on=due)
    return found


@pytest.fixture
def reader(visit, staff, cases):
    visitor = visit(staff["clerk"].user, language="en")
    visitor.opens("/desk/queue/")
    return visitor


def types(visitor, *keys):
    for key in keys:
        visitor.page.keyboard.press(key)


def row(visitor, case):
    return visitor.page.locator("[data-row]").filter(has_text=case.reference)


def link(visitor, case):
    return row(visitor, case).get_by_role("link").first


def tick(visitor, case):
    return row(visitor, case).get_by_role("checkbox")


def looks(visitor):
    """Do what the page does every so often: ask whether anything has changed."""
    with visitor.page.expect_response("**/desk/queue/"):
        visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


class TestTheKeys:
    def test_lead_through_the_queue_to_the_step_and_through_the_inbox(self, reader, cases, staff):
        page = reader.page
        types(reader, "j", "j")
        expect(link(reader, cases[1])).to_be_focused()
        seen, what = page.evaluate(FOCUS)
        assert seen, what

        types(reader, "x")
        expect(tick(reader, cases[1])).to_be_checked()
        take = reader.says("Take the selected steps")
        expect(page.get_by_role("button", name=take)).to_be_visible()
        types(reader, "x")
        expect(tick(reader, cases[1])).not_to_be_checked()

        types(reader, "?")
        expect(page.get_by_role("dialog")).to_be_visible()
        types(reader, "Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(link(reader, cases[1])).to_be_focused()

        types(reader, "k")
        expect(link(reader, cases[0])).to_be_focused()
        types(reader, "k", "j", "j", "j")
        expect(link(reader, cases[2])).to_be_focused()
        with page.expect_navigation():
            types(reader, "c")
        item = cases[2].items.get()
        assert (item.state, item.owner) == ("claimed", staff["clerk"].user)
        assert page.url.endswith(f"/desk/work/{item.pk}/")

        reader.opens("/desk/")
        types(reader, "j")
        expect(link(reader, cases[2])).to_be_focused()
        types(reader, "c")
        enters(reader)
        assert page.url.endswith(f"/desk/work/{item.pk}/")

    def test_are_letters_while_one_types_and_nothing_with_another_key(self, reader, cases):
        page = reader.page
        types(reader, "/")
        expect(page.locator("#desk-search")).to_be_focused()
        page.keyboard.type("xjck?/")
        expect(page.locator("#desk-search")).to_have_value("xjck?/")

        link(reader, cases[0]).focus()
        types(reader, "Control+c", "Alt+j", "Control+x")
        expect(link(reader, cases[0])).to_be_focused()
        expect(tick(reader, cases[0])).not_to_be_checked()
        assert not WorkItem.objects.filter(state="claimed").exists()

    def test_find_a_case_without_a_mouse(self, reader, cases):
        types(reader, "/")
        reader.page.keyboard.type(cases[1].reference)
        enters(reader)
        types(reader, "j")
        expect(link(reader, cases[1])).to_be_focused()
        enters(reader)
        assert reader.page.url.endswith(f"/desk/cases/{cases[1].reference}/")

    def test_can_be_turned_off_for_good(self, reader, cases):
        page = reader.page
        types(reader, "?")
        reader.field("Use these keys").uncheck()
        types(reader, "Escape", "j", "?")
        expect(page.locator("[data-row]:focus-within")).to_have_count(0)
        reader.opens("/desk/queue/")
        types(reader, "j")
        expect(page.locator("[data-row]:focus-within")).to_have_count(0)

        page.get_by_role("button", name=reader.says("Keys")).click()
        reader.field("Use these keys").check()
        types(reader, "Escape", "j")
        expect(link(reader, cases[0])).to_be_focused()


class TestNewWork:
    def test_appears_and_the_reader_stays_where_they_are(self, reader, cases, applicant, penalty):
        types(reader, "j", "j")
        come = applicant.applies(another_penalty(penalty, 9), at=TUESDAY)
        come.items.update(due_on="2026-09-29")
        looks(reader)

        expect(row(reader, come)).to_be_visible()
        expect(link(reader, cases[1])).to_be_focused()
        expect(reader.page.locator("#news")).to_have_text("1 new step")
        expect(reader.page.locator("#list-count")).to_have_text("4")

    def test_waits_while_one_ticks_and_loses_no_tick(
        self, reader, cases, applicant, penalty, staff
    ):
        page = reader.page
        types(reader, "j", "j", "x")
        come = applicant.applies(another_penalty(penalty, 9), at=TUESDAY)
        looks(reader)
        bar = page.locator("#news-bar")
        expect(bar).to_contain_text("1 new step")
        expect(row(reader, come)).to_have_count(0)
        expect(tick(reader, cases[1])).to_be_checked()

        bar.get_by_role("button").click()
        expect(row(reader, come)).to_be_visible()
        expect(tick(reader, cases[1])).to_be_checked()
        expect(bar).to_be_hidden()

        reader.presses("Take the selected steps")
        reader.reads("Done: 1. Refused: 0.")
        assert WorkItem.objects.get(state="claimed").case_id == cases[1].pk

    def test_leaves_with_whoever_was_faster(self, reader, cases, office):
        _caseworker(office, Duty.COUNTER, "other").claims("check", cases[0], at=TUESDAY)
        looks(reader)

        expect(row(reader, cases[0])).to_have_count(0)
        expect(reader.page.locator("#list-count")).to_have_text("2")

    def test_does_not_put_the_page_for_signing_in_into_the_list(self, reader, cases):
        reader.context.clear_cookies()
        with reader.page.expect_response("**/accounts/login/**"):
            reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        expect(reader.page.locator("[data-row]")).to_have_count(3)
        expect(reader.page.locator("#work-list #id_login")).to_have_count(0)


class TestWithoutAScript:
    def test_several_are_claimed_and_a_view_is_kept(self, visit, staff, cases):
        reader = visit(staff["clerk"].user, language="en", java_script_enabled=False)
        reader.opens("/desk/queue/")
        for case in cases[:2]:
            tick(reader, case).check()
        reader.presses("Take the selected steps")
        reader.reads("Done: 2. Refused: 0.")

        reader.page.locator("select[name=light]").select_option("green")
        reader.presses("Narrow down")
        reader.page.get_by_text(reader.says("Keep or change views")).click()
        reader.fills("Keep these filters as", "绿灯")
        reader.presses("Keep the view")
        reader.reads("绿灯")


class TestTheQueueAtTwiceItsSize:
    def test_hides_nothing_by_which_it_is_narrowed_down(self, visit, staff, cases):
        reader = visit(staff["clerk"].user, width=640)
        reader.opens("/desk/queue/")
        hidden = "(picks) => picks.scrollWidth - picks.clientWidth"

        assert reader.page.locator(".picks").evaluate(hidden) == 0
