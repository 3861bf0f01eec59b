"""Supervisors hand steps over, urge and ask, and read the answers, all by their pages."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Duty
from tests.actors import open_item
from tests.conftest import _caseworker
from tests.workflows.beside import a_unit, logged
from tests.workflows.test_budgets import Counted
from tests.workflows.test_races import another_penalty
from tests.workflows.walks import ANSWERS, at, open_a_repair, walk
from workflows import escalation, supervising, transfers, work
from workflows.models import Urging, WorkItem

NOW = at("09-29", 9)
WHY = "承办人出差，改由同事办理。"
ASK = "为何仍未核实？（示例）"
PAGE, QUERIES = 60_000, 12


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(dt.UTC))


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def step(applicant, penalty, cast):
    """A verification in the handler's inbox."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept CLAIM:verify", cast)
    return open_item(case, "verify")


@pytest.fixture
def colleague(bureau):
    return _caseworker(bureau, Duty.HANDLER, "colleague")


@pytest.fixture
def chief(client, bureau_supervisor):
    """The supervisor of the bureau, signed in."""
    client.force_login(bureau_supervisor)
    return bureau_supervisor


@pytest.fixture
def three(applicant, penalty, cast):
    """Three verifications, the first of them claimed."""
    steps = []
    for number, story in enumerate(("CLAIM:verify", "", "")):
        case = open_a_repair(applicant, another_penalty(penalty, 800 + number))
        walk(case, f"check:yes examine:accept {story}", cast)
        steps.append(open_item(case, "verify"))
    return steps


def to_reassign(step):
    return reverse("step-reassign", args=[step.pk])


def to_demand(step):
    return reverse("step-demand", args=[step.pk])


class TestReassigning:
    def test_shows_who_may_take_it_with_their_load_and_why_others_may_not(
        self, client, step, chief, colleague, acceptor
    ):
        page = client.get(to_reassign(step))
        said = page.content.decode()

        assert [name for _pk, name in page.context["form"].fields["to"].choices] == ["colleague"]
        assert {str(one.person) for one in page.context["others"]} > {"acceptor", "handler"}
        assert gettext("has it now") in said

    def test_hands_the_step_over_and_says_so(self, client, step, chief, colleague):
        told = {"to": colleague.user.pk, "reason": WHY}
        answer = client.post(to_reassign(step), told, follow=True)

        assert WorkItem.objects.get(pk=step.pk).owner == colleague.user
        assert answer.redirect_chain[-1][0] == reverse("oversight-case", args=[step.case.reference])
        assert "colleague" in answer.content.decode()

    @pytest.mark.parametrize(
        "told", [{}, {"to": "", "reason": WHY}, {"to": "999999", "reason": WHY}, {"to": "x\0"}]
    )
    def test_of_nonsense_is_refused_at_the_field(self, client, step, chief, colleague, told):
        page = client.post(to_reassign(step), {"reason": "半句话", **told})

        assert page.status_code == 422
        assert page.context["form"].errors["to"]
        assert told.get("reason", "半句话") in page.content.decode()

    def test_of_what_was_done_meanwhile_says_who_was_faster(
        self, client, step, chief, colleague, handler
    ):
        work.complete(step.pk, by=handler.user, answers=ANSWERS["verify:good"], at=NOW)
        page = client.post(to_reassign(step), {"to": colleague.user.pk, "reason": WHY})

        assert page.status_code == 409
        assert "handler" in page.content.decode()

    def test_keeps_what_was_typed_if_somebody_is_faster_now(
        self, client, step, chief, colleague, monkeypatch
    ):
        def faster(*_args, **_told):
            raise supervising.HasItAlready

        monkeypatch.setattr(supervising, "reassign", faster)
        page = client.post(to_reassign(step), {"to": colleague.user.pk, "reason": WHY})

        assert page.status_code == 409
        assert WHY in page.content.decode()

    def test_of_a_step_on_its_way_to_another_unit_is_refused(self, client, step, chief, handler):
        to, _people = a_unit("SW")
        transfers.transfer(step.pk, by=handler.user, at=NOW, to=to, reason="属税务职责。")

        assert client.get(to_reassign(step)).status_code == 409

    def test_is_not_for_auditors_and_others(self, client, step, office, handler, colleague):
        auditor = _caseworker(office, Duty.AUDITOR, "auditor")
        _tax, (other,) = a_unit("SW", Duty.SUPERVISOR)
        for person, status in ((auditor, 403), (other, 404), (handler, 403)):
            client.force_login(person.user)
            told = {"to": colleague.user.pk, "reason": WHY}
            for address in (to_reassign(step), to_demand(step)):
                assert client.get(address).status_code == status, person.user
                assert client.post(address, told).status_code == status, person.user
        assert WorkItem.objects.get(pk=step.pk).owner == handler.user


class TestADemand:
    def test_is_made_on_its_page_and_shown_with_the_case(self, client, step, chief):
        assert client.get(to_demand(step), {"kind": "explain"}).status_code == 200
        client.post(to_demand(step), {"kind": "explain", "question": ASK})
        urging = Urging.objects.get()

        assert (urging.kind, urging.asked_by, urging.question) == ("explain", chief, ASK)
        page = client.get(reverse("oversight-case", args=[step.case.reference]))
        assert [demand["question"] for demand in page.context["demands"]] == [ASK]
        assert ASK in client.get(to_demand(step)).content.decode()

    def test_made_before_is_refused_on_the_page_with_what_was_typed(self, client, step, chief):
        told = {"kind": "urge", "question": ASK}
        client.post(to_demand(step), told)
        again = client.post(to_demand(step), {**told, "question": "再次催办。"})

        assert again.status_code == 409
        assert "再次催办。" in again.content.decode()
        assert str(chief) in again.content.decode()
        assert Urging.objects.count() == 1

    @pytest.mark.parametrize("told", [{"kind": "nonsense"}, {"question": "  "}, {"question": "\0"}])
    def test_of_nonsense_is_refused_at_the_field(self, client, step, chief, told):
        page = client.post(to_demand(step), {"kind": "urge", "question": ASK, **told})

        assert page.status_code == 422
        assert set(page.context["form"].errors) == set(told)

    def test_is_answered_at_the_desk_where_it_says_who_asks_what(
        self, client, step, chief, handler
    ):
        urging = supervising.ask_to_explain(step.pk, by=chief, question=ASK, at=NOW)
        client.force_login(handler.user)
        page = client.get(reverse("demands"))
        said = page.content.decode()
        assert ASK in said
        assert str(chief) in said
        (row,) = page.context["list"]["rows"]
        assert (row["is_explanation"], row["is_overdue"], row["is_late"]) == (True, False, False)

        client.post(reverse("demand-answer", args=[urging.pk]), {"answer": "等待协查函。"})
        client.force_login(chief)
        listed = client.get(reverse("oversight-demands"), {"state": "answered"})
        assert "等待协查函。" in listed.content.decode()

    @pytest.mark.parametrize("said", ["", "  ", "字" * 2001, "有\0字"])
    def test_answered_badly_keeps_what_was_typed_on_the_page(
        self, client, step, chief, handler, said
    ):
        urging = supervising.urge(step.pk, by=chief, question=ASK, at=NOW)
        client.force_login(handler.user)
        page = client.post(reverse("demand-answer", args=[urging.pk]), {"answer": said})

        assert page.status_code == 422
        (row,) = page.context["list"]["rows"]
        assert row["form"].errors["answer"]
        assert said.strip()[:1000].replace("\0", "") in page.content.decode().replace("\0", "")
        assert Urging.objects.get().answered_at is None

    def test_answered_by_somebody_else_first_keeps_what_was_typed(
        self, client, step, chief, handler, approver
    ):
        urging = supervising.urge(step.pk, by=chief, question=ASK, at=NOW)
        escalation.answer(urging.pk, by=approver.user, answer="已办。", at=NOW)
        client.force_login(handler.user)
        page = client.post(reverse("demand-answer", args=[urging.pk]), {"answer": "我的答复。"})

        assert page.status_code == 409
        assert "我的答复。" in page.content.decode()

    def test_of_another_unit_is_not_there(self, client, step, chief, clerk):
        urging = supervising.urge(step.pk, by=chief, question=ASK, at=NOW)
        client.force_login(clerk.user)
        answer = reverse("demand-answer", args=[urging.pk])

        assert client.post(answer, {"answer": "今日办结。"}).status_code == 404
        assert client.post(answer).status_code == 404


class TestTheListOfDemands:
    def test_narrows_by_unit_kind_and_state(self, client, step, chief):
        supervising.urge(step.pk, by=chief, question=ASK, at=NOW)
        address = reverse("oversight-demands")

        def shown(**narrowed):
            return len(client.get(address, narrowed).context["list"]["rows"])

        assert shown() == shown(unit="CG", kind="urge", state="open") == 1
        assert shown(kind="explain") == shown(unit="XY") == shown(state="answered") == 0
        assert shown(kind="nonsense", state="\0", page="-1") == 1
        assert shown(unit="\0") == 1
        assert address in client.get(reverse("oversight")).content.decode()


class TestSeveralTicked:
    def ticked(self, steps, **told):
        return {"item": [step.pk for step in steps], **told}

    def test_are_handed_over_each_with_its_result(self, client, three, chief, handler):
        address = reverse("steps-together")
        asked = client.get(address, self.ticked(three, do="reassign"))
        assert asked.status_code == 200
        assert len(asked.context["rows"]) == 3

        told = self.ticked(three, do="reassign", to=handler.user.pk, reason=WHY)
        page = client.post(address, told)
        results = {one["reference"]: one["why_not"] for one in page.context["results"]}

        assert [results[step.case.reference] for step in three[1:]] == ["", ""]
        assert results[three[0].case.reference], "they have that one already"
        owners = WorkItem.objects.filter(pk__in=[step.pk for step in three])
        assert {item.owner for item in owners} == {handler.user}

    @pytest.mark.parametrize("do", ["urge", "explain"])
    def test_are_urged_or_asked_each_in_an_act_of_its_own(self, client, three, chief, do):
        supervising.urge(three[0].pk, by=chief, question=ASK, at=NOW)
        told = self.ticked(three, do=do, question=ASK)
        page = client.post(reverse("steps-together"), told)

        refused = [one for one in page.context["results"] if one["why_not"]]
        assert len(refused) == (1 if do == "urge" else 0)
        kinds = {"urge": "urged", "explain": "explanation_asked"}
        assert all(len(logged(step.case, kinds[do])) == 1 for step in three)

    def test_without_a_question_are_asked_about_again(self, client, three, chief):
        page = client.post(reverse("steps-together"), self.ticked(three, do="urge", question=""))

        assert page.status_code == 422
        assert len(page.context["rows"]) == 3
        assert not Urging.objects.exists()

    @pytest.mark.parametrize("items", [[], ["x"], ["9" * 40], ["\0"], [str(n) for n in range(51)]])
    def test_of_which_there_are_none_or_too_many_are_refused(self, client, chief, items):
        for send in (client.get, client.post):
            answer = send(reverse("steps-together"), {"item": items, "do": "urge"})
            assert answer.status_code == 422

    def test_for_no_known_verb_are_nowhere(self, client, three, chief):
        told = self.ticked(three, do="nonsense")
        assert client.get(reverse("steps-together"), told).status_code == 404

    def test_that_are_not_ones_own_are_left_out(self, client, three, office, bureau):
        _tax, (other,) = a_unit("SW", Duty.SUPERVISOR)
        client.force_login(other.user)
        address = reverse("steps-together")
        page = client.get(address, self.ticked(three, do="urge"))
        assert (page.context["rows"], page.context["left_out"]) == ([], 3)
        client.post(address, self.ticked(three, do="urge", question=ASK))

        assert not Urging.objects.exists()

    def test_are_ticked_in_the_list_by_who_may_direct_only(self, client, three, chief, office):
        listed = client.get(reverse("steps")).content.decode()
        assert listed.count('name="item"') == 3
        assert to_reassign(three[0]) in listed

        client.force_login(_caseworker(office, Duty.AUDITOR, "auditor").user)
        listed = client.get(reverse("steps")).content.decode()
        assert three[0].case.reference in listed
        assert 'name="item"' not in listed
        assert to_reassign(three[0]) not in listed


class TestTheWorkload:
    def test_opens_the_list_behind_each_number(self, client, three, chief):
        page = client.get(reverse("workload"))
        (row,) = page.context["rows"]
        links = re.findall(r'href="([^"]*steps/\?[^"]*)"', page.content.decode())

        assert row["open"] == 3
        for link in links:
            behind = client.get(link.replace("&amp;", "&")).context["list"]["count"]
            light = link.rpartition("light=")[2] if "light=" in link else "open"
            assert behind == row[light], link


class TestEachPage:
    @pytest.fixture
    def many(self, applicant, penalty, cast, chief):
        """Fifty open steps, with as many demands."""
        for number in range(50):
            case = open_a_repair(applicant, another_penalty(penalty, 2000 + number))
            walk(case, "check:yes", cast)
            step = open_item(case, "examine")
            supervising.urge(step.pk, by=chief, question=ASK, at=NOW)
        return step

    def test_stays_small_and_asks_little(self, client, many, chief, acceptor):
        step = [many.pk]
        case = [many.case.reference]
        for name, args in (
            ("oversight", []),
            ("steps", []),
            ("workload", []),
            ("oversight-demands", []),
            ("step-reassign", step),
            ("step-demand", step),
            ("oversight-case", case),
            ("oversight-log", case),
            ("what-if", []),
            ("bulletin", []),
        ):
            address = reverse(name, args=args)
            client.get(address)
            with Counted() as counted:
                page = client.get(address)
            assert (page.status_code, len(page.content) < PAGE) == (200, True), name
            assert counted.number <= QUERIES, (name, counted.number)

        client.force_login(acceptor.user)
        client.get(reverse("demands"))
        with Counted() as counted:
            page = client.get(reverse("demands"))
        assert len(page.content) < PAGE
        assert counted.number <= QUERIES
