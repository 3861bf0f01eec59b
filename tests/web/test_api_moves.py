"""The API of the verbs beside a step, of proposals, and of opening cases."""

import pytest

from accounts.models import Duty, User
from cases.commitment.register import load_items
from cases.interview.states import Interview
from tests.actors import open_item
from tests.cases.commitment_walks import ITEMS, LICENCE, the_units
from tests.cases.interview_walks import GROUNDS
from tests.cases.objection_walks import objects
from tests.web.test_api import Caller, clock, problem  # noqa: F401 - a fixture
from tests.workflows.beside import NOW, a_unit, asks
from tests.workflows.walks import open_a_repair, walk
from workflows.models import Proposal, Relation


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
def by(cast):
    return {name: Caller(person.user) for name, person in cast.items()}


@pytest.fixture
def other(law):
    unit, (person,) = a_unit("YJ")
    return unit, Caller(person.user)


def step(case, name="verify"):
    return f"work-items/{open_item(case, name).pk}"


class TestConsulting:
    def test_asks_answers_and_reads_the_opinion(self, by, repair, other):
        said = {"units": ["YJ"], "kind": "assist", "question": "是否整改？"}
        (asked,) = by["handler"].post(f"{step(repair)}/consult", said).json()
        host = by["handler"].get(step(repair)).json()
        assert asked["beside"] == host["id"]
        assert [one["id"] for one in host["waits_for"]] == [asked["id"]]

        path = f"work-items/{asked['id']}"
        told = other[1].get(path).json()
        assert told["request"]["question"] == "是否整改？"
        assert "agree" in [one["const"] for one in told["form"]["properties"]["position"]["oneOf"]]
        other[1].post(f"{path}/claim")
        answer = {"position": "agree", "reasons": "属实。"}
        assert other[1].post(f"{path}/complete", {"answers": answer}).status_code == 200

        (opinion,) = by["handler"].get(f"cases/{repair.reference}").json()["opinions"]
        assert (opinion["unit"], opinion["reasons"]) == ("YJ", "属实。")
        assert by["applicant"].get(f"cases/{repair.reference}").json()["opinions"] == []

    def test_says_no_as_the_pages_do(self, by, repair, other):
        path = f"{step(repair)}/consult"
        said = {"units": ["YJ"], "kind": "assist", "question": "是否整改？"}
        missing = by["handler"].post(path, {**said, "units": ["YJ", "NO"]})
        assert problem(missing, 422, "no-such-unit")["units"] == ["NO"]
        problem(by["handler"].post(path, {**said, "units": []}), 422, "nobody-named")
        problem(by["handler"].post(path, {**said, "kind": "x"}), 422, "no-such-kind")
        problem(by["reviewer"].post(path, said), 404, "no-such-work")
        by["handler"].post(path, said)
        problem(by["handler"].post(path, said), 409, "asked-already")
        done = {"answers": {}}
        problem(by["handler"].post(f"{step(repair)}/complete", done), 409, "waits-beside")

    def test_takes_back_only_what_was_asked_beside_the_step(self, by, cast, repair, other):
        (aside,) = asks(cast["handler"], open_item(repair, "verify"), [other[0]])
        path = f"{step(repair)}/take-back"
        wrong = {"asked": aside.pk + 1, "reason": "已查清。"}
        problem(by["handler"].post(path, wrong), 409, "nothing-to-take-back")
        problem(other[1].post(path, {**wrong, "asked": aside.pk}), 404, "no-such-work")
        back = by["handler"].post(path, {"asked": aside.pk, "reason": "已查清。"})
        assert back.json()["state"] == "cancelled"


class TestTransferringAndReturning:
    def test_lets_the_other_unit_sign(self, by, repair, other):
        said = {"to": "YJ", "reason": "管辖调整。"}
        asked = by["handler"].post(f"{step(repair)}/transfer", said)
        assert asked.status_code == 201
        path = f"work-items/{asked.json()['id']}"
        other[1].post(f"{path}/claim")
        other[1].post(f"{path}/complete", {"answers": {"taken": True}})
        assert open_item(repair, "verify").unit == other[0]
        letters = by["applicant"].get(f"cases/{repair.reference}").json()["letters"]
        assert "transfer" not in [letter["name"] for letter in letters]
        letters = other[1].get(f"cases/{repair.reference}").json()["letters"]
        (letter,) = [one for one in letters if one["name"] == "transfer"]
        assert other[1].get(f"letters/{letter['id']}.html").status_code == 200
        problem(by["applicant"].get(f"letters/{letter['id']}.html"), 404, "not-found")

    def test_returns_a_step_with_its_reason(self, by, cast, repair):
        problem(
            by["handler"].post(f"{step(repair)}/return", {"reason": "退。"}), 422, "no-way-back"
        )
        walk(repair, "verify:good CLAIM:decide", cast, since=NOW)
        path = f"{step(repair, 'decide')}/return"
        problem(by["approver"].post(path, {"reason": " "}), 422, "no-reason")
        again = by["approver"].post(path, {"reason": "请补充核实。"}).json()
        assert (again["step"], again["owner"]) == ("verify", "handler")
        told = by["handler"].get(f"work-items/{again['id']}").json()["request"]
        assert told["returned"]["reason"] == "请补充核实。"


class TestProposals:
    def test_are_made_by_one_and_decided_by_another(self, by, repair):
        path = f"cases/{repair.reference}/proposals"
        said = {"kind": "suspend", "cause": "court", "reason": "等待裁定。"}
        made = by["handler"].post(path, said)
        assert (made.status_code, made.json()["granted"]) == (201, None)
        decide = f"proposals/{made.json()['id']}/decide"
        (listed,) = by["approver"].get("proposals").json()
        assert listed["id"] == made.json()["id"]
        problem(by["handler"].post(decide, {"grant": True}), 403, "not-yours")
        problem(by["clerk"].post(decide, {"grant": True}), 404, "no-such-proposal")
        assert by["approver"].post(decide, {"grant": True}).json()["granted"] is True
        problem(by["approver"].post(decide, {"grant": True}), 409, "already-decided")
        assert by["applicant"].get(path).json() == []

    def test_say_no_where_the_law_does_not_allow_it(self, by, repair):
        path = f"cases/{repair.reference}/proposals"
        said = {"kind": "extend", "key": "none", "length": 3, "reason": "需要时间。"}
        problem(by["handler"].post(path, said), 422, "not-allowed")
        problem(by["handler"].post(path, {**said, "kind": "recuse"}), 422, "request-invalid")
        said = {"kind": "correct_start", "key": "none", "as_of": "2026-13-01", "reason": "误。"}
        problem(by["handler"].post(path, said), 422, "request-invalid")


class TestARecusal:
    def test_is_declared_applied_for_and_decided(self, by, cast, repair):
        path = f"cases/{repair.reference}/recusals"
        own = by["handler"].post(path, {"reason": "姻亲（示例）。"}).json()
        assert own["detail"] == {"person": cast["handler"].user.pk}
        said = {"named": "核实的工作人员", "reason": "系对方亲属（示例）。"}
        applied = by["applicant"].post(path, said)
        assert applied.status_code == 201
        problem(by["applicant"].post(path, {"reason": "无名。"}), 422, "not-allowed")
        decide = f"proposals/{applied.json()['id']}/decide"
        problem(by["approver"].post(decide, {"grant": True}), 422, "not-allowed")
        person = cast["handler"].user.pk
        granted = by["approver"].post(decide, {"grant": True, "person": person})
        assert granted.json()["granted"] is True
        assert repair.recusals.get().person_id == person

        (shown,) = by["applicant"].get(f"cases/{repair.reference}/proposals").json()
        assert shown["granted"] is True
        assert "approver" not in str(shown)
        assert str(person) not in str(shown["detail"])
        told = by["clerk"].get(f"cases/{repair.reference}/proposals").json()
        assert "姻亲（示例）。" not in str(told)

    def test_of_nobody_is_refused(self, by, repair):
        path = f"cases/{repair.reference}/recusals"
        missing = {"person": 999_999_999, "reason": "姻亲（示例）。"}
        problem(by["handler"].post(path, missing), 422, "nobody-such")
        stranger = Caller(User.objects.create_user("stranger"))
        problem(stranger.post(path, {"reason": "无关。"}), 404, "no-such-case")
        assert not Proposal.objects.exists()


class TestDoors:
    def test_are_listed_by_who_may_open_them(self, by, law):
        told = by["handler"].get("doors").json()
        mine = {(door["kind"], door["door"]) for door in told["for_my_unit"]}
        assert ("interview", "opened") in mine
        assert ("commitment", "opened") in {
            (door["kind"], door["door"]) for door in told["for_organisations"]
        }
        assert by["acceptor"].get("doors").json()["for_my_unit"] == []

    def test_tell_what_there_is_to_choose_and_then_what_is_asked(self, by, company, office):
        the_units()
        load_items(ITEMS)
        path, about = "doors/commitment/opened", {"organisation": company.credit_code}
        chooses = by["applicant"].get(path, **about).json()
        assert LICENCE in [choice["key"] for choice in chooses["choices"]]
        assert chooses["form"] is None
        chosen = by["applicant"].get(path, **about, item=LICENCE).json()
        assert chosen["possible"]
        assert chosen["form"]["required"]
        problem(by["clerk"].get(path, **about), 404, "no-such-subject")
        problem(by["clerk"].get("doors/repair/expired"), 404, "not-found")

    def test_tell_why_a_record_is_not_repaired_yet(self, by, penalty):
        type(penalty).objects.update(kind="permit")
        told = by["applicant"].get("doors/repair/opened", record=penalty.pk).json()
        assert not told["possible"]
        assert told["reasons"]

    def test_open_a_case_for_a_unit(self, by, penalty):
        said = {"kind": "interview", "door": "opened", "record": penalty.pk, "answers": GROUNDS}
        opened = by["handler"].post("cases/for-unit", said)
        assert opened.status_code == 201
        assert opened.json()["reference"] == Interview.objects.get().reference
        assert "query_code" not in opened.json()
        problem(by["acceptor"].post("cases/for-unit", said), 403, "not-your-door")
        problem(by["applicant"].post("cases/for-unit", said), 403, "forbidden")
        problem(by["handler"].post("cases/for-unit", said), 409, "already-open")


class TestACase:
    def test_tells_its_ties_on_both_sides(self, by, applicant, repair, penalty):
        other = objects(applicant, penalty)
        Relation.objects.create(kind="follows", source_id=repair.pk, target_id=other.pk)
        for one, another in ((repair, other), (other, repair)):
            told = by["applicant"].get(f"cases/{one.reference}").json()["ties"]
            assert [tie["reference"] for tie in told] == [another.reference]

    def test_tells_how_a_letter_was_served(self, by, repair):
        letters = by["applicant"].get(f"cases/{repair.reference}").json()["letters"]
        served = {letter["name"]: letter["service"] for letter in letters}
        assert served["receipt"] is None
        assert served["accepted"]["method"] == "electronic"
        assert served["accepted"]["effective_on"]


class TestTheTypes:
    def test_describe_what_is_asked_beside_their_steps(self, by, law):
        told = by["handler"].get("case-types/repair").json()
        asides = {aside["step"]: aside for aside in told["asides"]}
        assert {"aside.assist", "aside.transfer", "aside.serve"} <= set(asides)
        assert asides["aside.assist"]["duty"] == Duty.HANDLER
        assert asides["aside.serve"]["form"]["properties"]["method"]["oneOf"]
        steps = {one["step"]: one for one in told["steps"]}
        assert steps["decide"]["returns_to"] == "verify"
        assert "reorganised" in [door["door"] for door in told["doors"]]
