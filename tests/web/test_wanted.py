"""What waits for a second person is told in words, never by the key of a rule or a bare number."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Duty
from tests.cases.test_repair import APPLIED, at, to_verification
from tests.conftest import _caseworker
from tests.workflows.sheets import HEADING, rows_2027
from workflows import calendar_proposals, editions, proposals

LIMIT = "repair.ndrc.decide"


@pytest.fixture
def verified(applicant, penalty, staff, monkeypatch):
    repair = applicant.applies(penalty, at=APPLIED)
    to_verification(repair, staff)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("10-08").astimezone(dt.UTC))
    return repair


@pytest.fixture
def office_approver(office):
    return _caseworker(office, Duty.APPROVER, "office_approver").user


def waiting(client, approver):
    """Return the one proposal that waits for an approver, its facts by their labels."""
    client.force_login(approver)
    [shown] = client.get(reverse("proposals")).context["list"]["rows"]
    return shown, {str(fact["label"]): fact["value"] for fact in shown["facts"]}


class TestAProposalInACase:
    def propose(self, kind, repair, staff, **detail):
        by = staff["handler"].user
        told = {"by": by, "at": at("10-08"), "reason": "现场核查", "key": LIMIT, **detail}
        proposals.propose(kind, repair.reference, **told)

    def test_of_an_extension_names_the_limit_and_counts_in_its_unit(self, client, verified, staff):
        self.propose("extend", verified, staff, length=5)

        _shown, facts = waiting(client, staff["approver"].user)

        assert facts["办理期限"] == "核实"
        assert facts["延长天数（月数）"] == "5个工作日"

    def test_of_a_start_names_the_day_as_days_are_written(self, client, verified, staff):
        self.propose("correct_start", verified, staff, as_of="2026-09-29")

        _shown, facts = waiting(client, staff["approver"].user)

        assert facts["实际起算日"] == "2026年9月29日"


class TestAProposalWithoutACase:
    def test_of_a_rule_value_tells_what_it_is_about_and_what_holds_now(
        self, client, verified, office_supervisor, office_approver
    ):
        editions.propose(
            LIMIT,
            by=office_supervisor,
            at=at("10-08"),
            value="3",
            since=dt.date(2026, 10, 8),
            basis="本办内部规定",
            certainty="L",
            open_cases=editions.MOVE,
            reason="提速",
        )

        shown, facts = waiting(client, office_approver)

        assert (shown["reference"], shown["party"]) == (LIMIT, "修复决定 / 核实")
        assert (facts["现行规则值"], facts["新规则值"]) == ("7个工作日", "3个工作日")
        assert facts["施行日期"] == "2026年10月8日"
        assert "办理期限" not in facts

    def test_of_a_calendar_is_called_by_its_year(
        self, client, verified, office_supervisor, office_approver
    ):
        sheet = "\n".join([HEADING, *rows_2027()]).encode()
        calendar_proposals.propose(sheet, by=office_supervisor, at=at("10-08"), reason="示例")

        shown, facts = waiting(client, office_approver)
        client.force_login(office_supervisor)
        page = client.get(reverse("calendar")).content.decode()

        assert shown["reference"] == "2027年日历"
        assert "calendar/2027" not in f"{facts} {page}"
