"""What pages tell before something is sent: until when, by how much at most, on what basis."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.actors import open_item
from tests.cases.test_repair import APPLIED, to_verification
from tests.cases.test_repair import at as on_a_day
from tests.workflows.walks import at, open_a_repair, walk
from workflows import proposals
from workflows.models import Term, Urging

ASK = "为何仍未核实？（示例）"


def reads(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(dt.UTC))


@pytest.fixture
def step(applicant, penalty, staff, client, bureau_supervisor):
    """A verification with the bureau, whose supervisor is signed in."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes examine:accept", {**staff, "applicant": applicant})
    client.force_login(bureau_supervisor)
    return open_item(case, "verify")


def of_one(step):
    return reverse("step-demand", args=[step.pk]), {"kind": "urge"}


def of_many(step):
    return reverse("steps-together"), {"do": "explain", "item": step.pk}


class TestADemand:
    @pytest.mark.parametrize("page", [of_one, of_many])
    def test_tells_by_when_the_unit_has_to_answer_and_why(self, client, step, monkeypatch, page):
        reads(monkeypatch, at("09-30", 9))  # the day before the National Day holidays
        address, told = page(step)
        answer = client.get(address, told)
        said = answer.context["answer_by"]
        client.post(address, {**told, "question": ASK})

        assert said["day"] == dt.date(2026, 10, 9)
        assert Urging.objects.get().answer_due_on == said["day"]
        assert (said["basis"], said["provisional"]) == ("本办内部规定", False)
        assert said["basis"] in answer.content.decode()
        assert "10月9日" in answer.content.decode()

    def test_takes_the_time_from_the_rule_value_in_force(self, client, step, monkeypatch):
        reads(monkeypatch, at("09-29", 9))
        Term.objects.filter(key="ladder.answer").update(value="3", basis="示例规定", certainty="")
        said = client.get(of_one(step)[0]).context["answer_by"]

        assert (said["day"], said["basis"]) == (dt.date(2026, 10, 9), "示例规定")
        assert said["certainty_label"]

    def test_tells_nothing_of_answers_where_steps_are_handed_over(self, client, step, monkeypatch):
        reads(monkeypatch, at("09-29", 9))
        page = client.get(reverse("steps-together"), {"do": "reassign", "item": step.pk})

        assert page.context["answer_by"] is None


@pytest.fixture
def verified(applicant, penalty, staff, monkeypatch, client):
    """A repair that is being verified, on the last of the National Day holidays and one more."""
    repair = applicant.applies(penalty, at=APPLIED)
    to_verification(repair, staff)
    reads(monkeypatch, on_a_day("10-08"))
    client.force_login(staff["handler"].user)
    return repair


class TestAnExtension:
    def page(self, client, case):
        return client.get(reverse("propose", args=[case.reference, "extend"]))

    def test_tells_the_most_there_is_and_the_latest_day(self, client, verified):
        page = self.page(client, verified)
        key = page.context["form"].fields["key"]
        most = Term.objects.get(key="repair.ndrc.decide.extend")

        assert [value for value, _label in key.choices] == ["repair.ndrc.decide"]
        told = key.explanations["repair.ndrc.decide"]
        assert f"{most.value}个工作日" in told
        assert "10月15日" in told
        assert "10月26日" in told
        assert told in page.content.decode()

    def test_of_the_greatest_length_ends_on_the_day_that_was_told(self, client, verified, staff):
        told = self.page(client, verified).context["form"].fields["key"].explanations
        most = Term.objects.get(key="repair.ndrc.decide.extend")
        proposed = proposals.propose(
            "extend",
            verified.reference,
            by=staff["handler"].user,
            at=on_a_day("10-08"),
            reason="需要现场核查。",
            key="repair.ndrc.decide",
            length=int(most.value),
        )
        approver = staff["approver"].user
        proposals.decide(proposed.pk, by=approver, grant=True, at=on_a_day("10-08"))
        due = verified.deadlines.get(term__key="repair.ndrc.decide", ended_at=None).due_on

        assert f"{due.month}月{due.day}日" in told["repair.ndrc.decide"]
        page = self.page(client, verified)
        assert page.context["form"].fields["key"].choices == []
        assert {row["label"] for row in page.context["form"].closed}

    def test_names_a_limit_that_may_not_be_extended_and_says_why(
        self, client, verified, monkeypatch
    ):
        reads(monkeypatch, on_a_day("10-16"))
        form = self.page(client, verified).context["form"]

        assert form.fields["key"].choices == []
        assert all(row["why_not"] for row in form.closed)

    def test_is_not_asked_for_where_no_limit_may_be_extended(self, client, verified, monkeypatch):
        open_ = self.page(client, verified).content.decode()
        reads(monkeypatch, on_a_day("10-16"))
        closed = self.page(client, verified).content.decode()

        assert 'name="reason"' in open_
        assert 'name="reason"' not in closed
