"""The search of the desk: every case one may see, by number or by what its party is called."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty, Representation
from records.models import Alias, Subject
from tests.conftest import SHANGHAI, SINCE, _caseworker
from tests.workflows.test_races import another_penalty
from tests.workflows.walks import open_a_repair, walk
from workflows import finding

AT = dt.datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT.astimezone(dt.UTC))


@pytest.fixture
def cast(staff, applicant):
    return {**staff, "applicant": applicant}


@pytest.fixture
def cases(applicant, penalty, cast):
    """A case that the bureau examines, and one that has not left the credit office's counter."""
    first = open_a_repair(applicant, penalty)
    second = open_a_repair(applicant, another_penalty(penalty, 2))
    walk(first, "check:yes", cast)
    Alias.objects.create(
        subject=first.party,
        kind=Alias.Kind.FORMER_NAME,
        value="济南旧名建设有限公司",
        until=dt.date(2024, 1, 1),
    )
    return first, second


def found(client, text):
    return client.get(reverse("desk-search"), {"q": text}).content.decode()


def numbers(client, cases, text):
    said = found(client, text)
    return [n for n, case in enumerate(cases) if f'data-row="{case.reference}"' in said]


class TestTheSearch:
    @pytest.mark.parametrize(
        "text",
        ["黄河北润", "旧名建设", "91370115MAY3T8HD6R", " 91370115-may3t8hd6r ", "2026"],
    )
    def test_finds_cases_by_what_their_party_is_or_was_called(self, text, client, cases, clerk):
        client.force_login(clerk.user)

        assert numbers(client, cases, text) == [0, 1]

    def test_says_by_which_former_name(self, client, cases, clerk):
        client.force_login(clerk.user)

        assert "济南旧名建设有限公司" in found(client, "旧名建设").split("<tbody>")[1]
        assert "济南旧名建设有限公司" not in found(client, "黄河北润")

    def test_finds_a_case_by_its_number_or_a_part_of_it(self, client, cases, clerk):
        client.force_login(clerk.user)
        for text in (cases[1].reference, cases[1].reference.lower(), cases[1].reference[-6:]):
            assert numbers(client, cases, text) == [1]

    def test_leads_to_the_case_and_says_where_it_stands(self, client, cases, clerk):
        client.force_login(clerk.user)
        said = found(client, cases[0].reference)

        assert f'href="{reverse("desk-case", args=[cases[0].reference])}"' in said
        assert client.get(reverse("desk-case", args=[cases[0].reference])).status_code == 200

    def test_shows_only_cases_in_which_ones_unit_has_a_part(self, client, cases, law):
        from accounts.models import Unit

        other = Unit.objects.create(
            code="YJ", name="示例局", name_en="x", credit_code="11370115MB00000YJ0"
        )
        client.force_login(_caseworker(other, Duty.HANDLER, "stranger").user)
        for text in ("黄河北润", "旧名建设", cases[0].reference):
            assert numbers(client, cases, text) == []
            assert "data-row" not in found(client, text)

    def test_shows_a_case_of_ones_own_organisation_as_its_party_sees_it(self, client, cases, law):
        from accounts.models import Unit

        other = Unit.objects.create(
            code="YJ", name="示例局", name_en="x", credit_code="11370115MB00000YJ0"
        )
        person = _caseworker(other, Duty.HANDLER, "both")
        code = cases[0].party.credit_code
        Representation.objects.create(user=person.user, credit_code=code, since=SINCE)
        client.force_login(person.user)
        said = found(client, "黄河北润")

        assert f'href="{reverse("case", args=[cases[0].reference])}"' in said
        assert reverse("desk-case", args=[cases[0].reference]) not in said

    @pytest.mark.parametrize("text", ["", " ", "\0", "%", "_", "无", "9" * 300, "' OR 1=1 --"])
    def test_takes_whatever_is_typed(self, text, client, cases, clerk):
        client.force_login(clerk.user)
        answer = client.get(reverse("desk-search"), {"q": text})

        assert answer.status_code == 200
        assert "data-row" not in answer.content.decode()

    def test_says_what_is_wrong_with_a_code(self, client, cases, clerk):
        client.force_login(clerk.user)

        assert 'class="notice"' in found(client, "91370115MAY3T8HD6X")

    def test_is_on_every_page_of_the_desk_and_for_caseworkers_alone(
        self, client, cases, clerk, applicant
    ):
        client.force_login(clerk.user)
        for name in ("desk", "queue", "desk-open", "proposals", "desk-search"):
            assert 'id="desk-search"' in client.get(reverse(name)).content.decode(), name
        client.force_login(applicant.user)
        assert client.get(reverse("desk-search"), {"q": "黄河"}).status_code == 403

    def test_shows_so_many_and_says_that_there_are_more(
        self, client, cases, clerk, monkeypatch, django_assert_max_num_queries
    ):
        monkeypatch.setattr(finding, "SHOWN", 1)
        client.force_login(clerk.user)
        with django_assert_max_num_queries(12):
            said = found(client, "黄河北润")

        assert said.count("data-row") == 1
        assert "1+" in said

    def test_finds_cases_of_all_organisations_that_share_a_name(self, client, cases, clerk):
        Subject.objects.create(credit_code="91370115MA0000000X", name="黄河北润分公司（示例）")
        client.force_login(clerk.user)

        assert numbers(client, cases, "黄河北润") == [0, 1]
