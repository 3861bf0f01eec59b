"""The verbs beside a step, recusals and services through their pages."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty, Representation
from notifications.models import Letter
from records.models import Standing
from tests.actors import open_item
from tests.conftest import SINCE
from tests.workflows.absences import joins, somebody, stands_in
from tests.workflows.beside import NOW, a_unit, answers, asks
from tests.workflows.walks import at, open_a_repair, walk
from workflows import audit, recusal, transfers
from workflows.models import Proposal, WorkItem

MOST_QUERIES = 12


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
    """A repair that the handler has claimed to verify."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept CLAIM:verify", cast)
    return case


@pytest.fixture
def other(law):
    """Another unit, and one handler of it."""
    unit, (person,) = a_unit("YJ")
    return unit, person


@pytest.fixture
def busy(repair, cast, other):
    """A repair with two opinions asked for, one answered, and two recusals proposed."""
    third, (person,) = a_unit("GA")
    asked = asks(cast["handler"], open_item(repair, "verify"), [other[0], third])
    answers(person, asked[1])
    told = {"at": NOW, "reason": "姻亲（示例）。"}
    recusal.declare(repair.reference, by=cast["handler"].user, **told)
    by, named = cast["applicant"].user, "办事员（示例）"
    recusal.apply_for(repair.reference, by=by, named=named, **told)
    return repair


def address(name, case, step="verify"):
    return reverse(name, args=[open_item(case, step).pk])


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


class TestTheClocksOfACase:
    def test_of_the_same_question_to_two_units_say_which_is_whose(
        self, client, repair, cast, other
    ):
        third, _people = a_unit("GA")
        asks(cast["handler"], open_item(repair, "verify"), [other[0], third])
        client.force_login(cast["handler"].user)
        page = client.get(reverse("desk-case", args=[repair.reference]))
        labels = [clock["label"] for clock in page.context["case"]["clocks"]]

        assert len(labels) == len(set(labels))
        for unit in (other[0], third):
            (label,) = [label for label in labels if str(unit) in label]
            assert label in page.content.decode()


class TestAStepOfOnesOwn:
    def test_names_the_verbs_that_are_lawful_here(self, client, repair, cast):
        client.force_login(cast["handler"].user)
        page = read(client, address("work", repair))

        assert address("work-ask", repair) in page
        assert address("work-transfer", repair) in page
        assert address("work-return", repair) not in page, "verify has no step to return to"
        assert reverse("propose", args=[repair.reference, "recuse"]) in page

    def test_of_the_credit_office_is_not_transferred(self, client, applicant, penalty, cast):
        case = open_a_repair(applicant, penalty)
        walk(case, "CLAIM:check", cast)
        client.force_login(cast["clerk"].user)

        assert address("work-transfer", case, "check") not in read(
            client, address("work", case, "check")
        )

    def test_offers_no_verb_to_who_has_not_claimed_it(self, client, repair, cast, bureau):
        colleague = somebody("colleague")
        joins(colleague, bureau, Duty.HANDLER)
        client.force_login(colleague.user)

        assert address("work-ask", repair) not in read(client, address("work", repair))
        for name in ("work-ask", "work-transfer", "work-return"):
            assert client.get(address(name, repair)).status_code == 403

    def test_says_in_whose_place_it_is_done(self, client, applicant, penalty, cast, bureau):
        case = open_a_repair(applicant, penalty)
        walk(case, "check:yes examine:accept", cast)
        substitute = somebody("替班示例")
        stands_in(substitute, cast["handler"], bureau)
        client.force_login(substitute.user)

        assert "handler" in client.get(address("work", case)).context["in_place_of"]
        client.post(address("work-claim", case))
        assert client.get(address("work", case)).context["in_place_of"] == "handler"


class TestAsking:
    def test_puts_the_question_before_another_unit_and_shows_the_answer(
        self, client, repair, cast, other
    ):
        unit, person = other
        client.force_login(cast["handler"].user)
        page = address("work-ask", repair)
        said = {"kind": "countersign", "units": [unit.pk], "reason": "是否同意撤下？"}
        assert client.post(page, {**said, "silence_announced": "on"}).status_code == 302
        assert "YJ局（示例）" in read(client, address("work", repair))

        aside = open_item(repair, "aside.countersign")
        client.force_login(person.user)
        assert repair.reference in read(client, reverse("queue"))
        client.post(reverse("work-claim", args=[aside.pk]))
        asked = client.get(reverse("work", args=[aside.pk]))
        assert asked.context["asked"]["silence"]
        assert "是否同意撤下？" in asked.content.decode()
        assert "handler" in asked.content.decode()
        told = {"position": "agree", "reasons": "我局同意（示例）。"}
        assert client.post(reverse("work", args=[aside.pk]), told).status_code == 302

        client.force_login(cast["handler"].user)
        for url in (address("work", repair), reverse("desk-case", args=[repair.reference])):
            assert "我局同意（示例）。" in read(client, url)

    def test_without_unit_or_question_is_refused_beside_the_form(self, client, repair, cast):
        client.force_login(cast["handler"].user)
        refused = client.post(address("work-ask", repair), {"kind": "assist"})

        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {"units", "reason"}

    def test_the_same_unit_twice_is_refused_in_a_sentence(self, client, repair, cast, other):
        asks(cast["handler"], open_item(repair, "verify"), [other[0]])
        client.force_login(cast["handler"].user)
        said = {"kind": "assist", "units": [other[0].pk], "reason": "再问一次。"}
        refused = client.post(address("work-ask", repair), said)

        assert refused.status_code == 422
        assert refused.context["form"].non_field_errors()
        assert WorkItem.objects.filter(step="aside.assist").count() == 1

    def test_is_taken_back_from_the_step(self, client, repair, cast, other):
        (aside,) = asks(cast["handler"], open_item(repair, "verify"), [other[0]])
        client.force_login(cast["handler"].user)
        back = reverse("work-take-back", args=[open_item(repair, "verify").pk, aside.pk])
        assert back in read(client, address("work", repair))
        assert client.post(back, {"reason": "已查清。"}).status_code == 302

        aside.refresh_from_db()
        assert aside.state == WorkItem.State.CANCELLED
        assert client.get(back).status_code == 404

    def test_shows_no_opinion_to_who_represents_the_party(self, client, repair, cast, other):
        (aside,) = asks(cast["handler"], open_item(repair, "verify"), [other[0]])
        answers(other[1], aside, position="disagree", reasons="反对理由（示例）。")
        client.force_login(cast["applicant"].user)
        case = reverse("case", args=[repair.reference])
        assert "反对理由（示例）。" not in read(client, case)

        colleague = cast["reviewer"].user
        code = repair.party.credit_code
        Representation.objects.create(user=colleague, credit_code=code, since=SINCE)
        client.force_login(colleague)
        desk = reverse("desk-case", args=[repair.reference])
        assert "反对理由（示例）。" not in read(client, desk)


class TestTransferring:
    def test_hands_the_step_to_the_unit_that_signs_for_it(self, client, repair, cast, other):
        unit, person = other
        client.force_login(cast["handler"].user)
        said = {"to": unit.pk, "reason": "管辖调整。"}
        assert client.post(address("work-transfer", repair), said).status_code == 302

        aside = open_item(repair, "aside.transfer")
        client.force_login(person.user)
        client.post(reverse("work-claim", args=[aside.pk]))
        page = read(client, reverse("work", args=[aside.pk]))
        assert "管辖调整。" in page
        assert "济阳区城市管理局" in page
        client.post(reverse("work", args=[aside.pk]), {"taken": "True"})

        assert open_item(repair, "verify").unit == unit

    def test_writes_a_letter_that_the_party_is_not_shown(self, client, repair, cast, other):
        item = open_item(repair, "verify")
        by = cast["handler"].user
        transfers.transfer(item.pk, by=by, at=NOW, to=other[0], reason="管辖调整。")
        letter = Letter.objects.get(name="transfer")
        page, pdf = (reverse(name, args=[letter.pk]) for name in ("letter", "letter-pdf"))

        client.force_login(cast["applicant"].user)
        assert letter.number not in read(client, reverse("case", args=[repair.reference]))
        assert client.get(page).status_code == client.get(pdf).status_code == 404
        for reader in (by, other[1].user):
            client.force_login(reader)
            assert client.get(page).status_code == 200
            assert letter.number in read(client, reverse("desk-case", args=[repair.reference]))


class TestReturning:
    def test_tells_the_colleague_why(self, client, repair, cast):
        walk(repair, "verify:good CLAIM:decide", cast, since=NOW)
        client.force_login(cast["approver"].user)
        assert address("work-return", repair, "decide") in read(
            client, address("work", repair, "decide")
        )
        refused = client.post(address("work-return", repair, "decide"), {"reason": " "})
        assert refused.status_code == 422
        client.post(address("work-return", repair, "decide"), {"reason": "请补充核实凭证。"})

        client.force_login(cast["handler"].user)
        page = read(client, address("work", repair))
        assert "请补充核实凭证。" in page
        assert "approver" in page

    def test_is_refused_in_a_sentence_where_there_is_no_way_back(self, client, repair, cast):
        client.force_login(cast["handler"].user)
        refused = client.post(address("work-return", repair), {"reason": "退回。"})

        assert refused.status_code == 422
        assert refused.context["form"].non_field_errors()


class TestServing:
    @pytest.fixture
    def serving(self, applicant, penalty, cast):
        case = open_a_repair(applicant, penalty, served_electronically="")
        walk(case, "check:yes examine:more", cast)
        return case

    def test_shows_the_letter_above_the_form_and_then_how_it_was_served(
        self, client, serving, cast
    ):
        item, letter = open_item(serving, "aside.serve"), Letter.objects.get(name="supplement")
        client.force_login(cast["handler"].user)
        client.post(reverse("work-claim", args=[item.pk]))
        assert reverse("letter", args=[letter.pk]) in read(client, reverse("work", args=[item.pk]))
        served = {"method": "post", "served_on": "2026-09-28", "proof": "示例-EMS-1"}
        assert client.post(reverse("work", args=[item.pk]), served).status_code == 302

        page = client.get(reverse("desk-case", args=[serving.reference])).context["case"]
        (told,) = [one["served"] for one in page["letters"] if one["title"] == letter.title]
        assert "2026年9月28日" in told
        client.force_login(cast["applicant"].user)
        page = client.get(reverse("case", args=[serving.reference])).context["case"]
        assert told in [one["served"] for one in page["letters"]]


class TestARecusal:
    def test_is_applied_for_by_the_party_and_granted_by_who_knows_who_is_meant(
        self, client, repair, cast
    ):
        client.force_login(cast["applicant"].user)
        case = reverse("case", args=[repair.reference])
        page = reverse("recuse", args=[repair.reference])
        assert page in read(client, case)
        assert client.post(page, {"reason": "系亲属。"}).status_code == 422
        said = {"named": "核实的工作人员", "reason": "系对方亲属（示例）。"}
        assert client.post(page, said).status_code == 302
        assert len(client.get(case).context["case"]["applications"]) == 1

        client.force_login(cast["approver"].user)
        listed = read(client, reverse("proposals"))
        assert "系对方亲属（示例）。" in listed
        proposal = Proposal.objects.get()
        decide = reverse("proposal-decide", args=[proposal.pk])
        assert client.post(decide, {"answer": "grant"}).status_code == 422, "nobody is named"
        assert f'value="{cast["handler"].user.pk}"' in listed
        client.post(decide, {"answer": "grant", "person": cast["handler"].user.pk})

        assert repair.recusals.get().person == cast["handler"].user
        assert open_item(repair, "verify").state == "open"
        client.force_login(cast["applicant"].user)
        told = read(client, case)
        assert "handler" not in told
        assert "approver" not in told

    def test_is_declared_of_oneself_and_its_reason_read_by_those_who_decide(
        self, client, repair, cast
    ):
        client.force_login(cast["handler"].user)
        page = reverse("propose", args=[repair.reference, "recuse"])
        client.post(page, {"person": "", "reason": "姻亲关系（示例）。"})

        assert Proposal.objects.get().detail == {"person": cast["handler"].user.pk}
        shown = read(client, reverse("desk-case", args=[repair.reference]))
        assert "姻亲关系（示例）。" not in shown
        client.force_login(cast["approver"].user)
        assert "姻亲关系（示例）。" in read(client, reverse("proposals"))

    def test_of_a_colleague_names_them(self, client, repair, cast):
        client.force_login(cast["reviewer"].user)
        page = reverse("propose", args=[repair.reference, "recuse"])
        client.post(page, {"person": cast["handler"].user.pk, "reason": "姻亲关系（示例）。"})

        assert Proposal.objects.get().detail == {"person": cast["handler"].user.pk}

    def test_once_granted_is_not_proposed_again(self, client, repair, cast):
        by, told = cast["handler"].user, {"at": NOW, "reason": "姻亲（示例）。"}
        proposal = recusal.declare(repair.reference, by=by, **told)
        client.force_login(cast["approver"].user)
        client.post(reverse("proposal-decide", args=[proposal.pk]), {"answer": "grant"})
        client.force_login(cast["reviewer"].user)
        page = reverse("propose", args=[repair.reference, "recuse"])
        again = client.post(page, {"person": by.pk, "reason": "姻亲（示例）。"})

        assert again.status_code == 422
        assert again.context["form"].non_field_errors()


class TestARecord:
    @pytest.mark.parametrize(
        ("changes", "standing"),
        [
            ({}, "published"),
            ({"marked_by": "YY-2026-000001"}, "objected"),
            ({"publication": "withheld"}, "withheld"),
            ({"publication": "stopped"}, "stopped"),
            ({"publication": "stopped", "repaired_on": dt.date(2026, 9, 1)}, "repaired"),
        ],
    )
    def test_says_how_it_is_shown_wherever_it_is(self, client, repair, cast, changes, standing):
        with audit.act(by=None, at=NOW):
            type(repair.record).objects.filter(pk=repair.record_id).update(**changes)
        said = f'standing-{standing}">{Standing(standing).label}<'
        client.force_login(cast["applicant"].user)
        for url in (
            reverse("records"),
            reverse("record", args=[repair.record_id]),
            reverse("case", args=[repair.reference]),
        ):
            assert said in read(client, url)
        client.force_login(cast["handler"].user)
        assert said in read(client, reverse("desk-case", args=[repair.reference]))
        assert said in read(client, address("work", repair))


class TestBudget:
    """Every page stays within twelve queries, with all there can be on it."""

    @pytest.mark.parametrize("name", ["work", "work-ask", "work-transfer", "work-return"])
    def test_of_a_step_and_its_verbs(self, client, busy, cast, name, django_assert_max_num_queries):
        client.force_login(cast["handler"].user)
        url = address(name, busy)
        with django_assert_max_num_queries(MOST_QUERIES):
            read(client, url)

    def test_of_an_aside(self, client, busy, other, django_assert_max_num_queries):
        item = open_item(busy, "aside.assist")
        client.force_login(other[1].user)
        client.post(reverse("work-claim", args=[item.pk]))
        with django_assert_max_num_queries(MOST_QUERIES):
            read(client, reverse("work", args=[item.pk]))

    def test_of_the_case(self, client, busy, cast, django_assert_max_num_queries):
        client.force_login(cast["handler"].user)
        for url in (
            reverse("desk-case", args=[busy.reference]),
            reverse("propose", args=[busy.reference, "recuse"]),
        ):
            with django_assert_max_num_queries(MOST_QUERIES):
                read(client, url)
        client.force_login(cast["approver"].user)
        with django_assert_max_num_queries(MOST_QUERIES):
            read(client, reverse("proposals"))
        client.force_login(cast["applicant"].user)
        for name in ("case", "recuse"):
            with django_assert_max_num_queries(MOST_QUERIES):
                read(client, reverse(name, args=[busy.reference]))
