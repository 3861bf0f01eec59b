"""The API end to end: a whole repair with tokens and JSON, and every way to be told no."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import tokens
from accounts.models import ApiToken, Duty, Membership, User
from cases.repair.states import Repair
from tests.actors import a_pdf
from tests.conftest import SHANGHAI, SINCE, TUESDAY
from workflows import audit
from workflows.models import Entry, WorkItem

V1 = "/api/v1"


class Caller:
    """A program that calls the API with somebody's token."""

    def __init__(self, user, language="en"):
        token = tokens.issue(user, "test", at=TUESDAY, days=30)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.client = Client(headers=self.headers)

    def get(self, path, **query):
        return self.client.get(f"{V1}/{path}", query)

    def post(self, path, body=None):
        return self.client.post(f"{V1}/{path}", body or {}, content_type="application/json")

    def hands_in(self, name="缴款凭证.pdf", content=None):
        upload = SimpleUploadedFile(name, a_pdf() if content is None else content)
        return self.client.post(f"{V1}/files", {"file": upload})

    def answers(self, record, **changed):
        signed = self.get(f"records/{record.pk}/commitment").json()
        return {
            "fulfilled_on": "2026-07-01",
            "receipt_number": "示例-0001",
            "correction": "已缴清罚款并完成整改。",
            "proof": [self.hands_in().json()["id"]],
            "under_review": False,
            "agent_name": "韦示例",
            "agent_phone": "0531-00000000",
            "signer": "韦示例",
            "agreed": True,
            "served_electronically": True,
            signed["answer"]: signed["sha256"],
            **changed,
        }

    def applies(self, record, **changed):
        answers = self.answers(record, **changed)
        return self.post("cases", {"kind": "repair", "record": record.pk, "answers": answers})

    def does(self, step, **answers):
        (item,) = self.get("work-items/queue").json()["items"]
        assert item["step"] == step
        assert self.post(f"work-items/{item['id']}/claim").status_code == 200
        return self.post(f"work-items/{item['id']}/complete", {"answers": answers})


def problem(response, status, code):
    """Return the problem, having checked that it is the one expected."""
    said = response.json()
    assert (response.status_code, said["status"], said["code"]) == (status, status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert said["type"] == f"urn:xinban:problem:{code}"
    assert said["title"]
    assert said["detail"]
    return said


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands at three o'clock on Tuesday until a test moves it."""
    hands = [TUESDAY]
    monkeypatch.setattr("django.utils.timezone.now", lambda: hands[0])
    return lambda day: hands.insert(0, dt.datetime.fromisoformat(day).replace(tzinfo=SHANGHAI))


@pytest.fixture
def party(applicant):
    return Caller(applicant.user)


@pytest.fixture
def by(staff):
    return {name: Caller(worker.user) for name, worker in staff.items()}


@pytest.fixture
def opened(party, penalty):
    return party.applies(penalty).json()


@pytest.fixture
def check(opened):
    return WorkItem.objects.get(step="check")


class TestARepair:
    def test_goes_from_application_to_closed_by_calls_alone(self, party, by, penalty, clock):
        opened = party.applies(penalty)
        assert opened.status_code == 201
        assert opened.json()["query_code"]
        path = f"cases/{opened.json()['reference']}"

        by["clerk"].does("check", form_complete=True)
        by["acceptor"].does("examine", examination="accept")
        by["handler"].does(
            "verify", duty_fulfilled=True, breach_corrected=True, verification="调阅缴款记录。"
        )
        by["approver"].does("decide", decision="grant", decision_reason="符合条件。")
        by["handler"].does("stop_publication", stopped_note="官网撤下。")
        places = ("authority", "credit_china", "province", "city")
        seen = {f"gone_{place}": True for place in places}
        seen |= {f"evidence_{place}": "查询无记录" for place in places}
        closed = by["office_handler"].does("confirm", **seen)

        assert (closed.status_code, closed.json()["state"]) == (200, "repaired")
        told = party.get(path).json()
        assert told["closed_at"]
        assert told["waits"] == told["clocks"] == []
        letters = [letter["name"] for letter in told["letters"]]
        assert letters == ["receipt", "accepted", "granted", "closed"]
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_tells_the_party_whom_it_waits_for_until_when_and_why(self, party, opened, by):
        by["clerk"].does("check", form_complete=True)
        told = party.get(f"cases/{opened['reference']}").json()

        (waiting,) = told["waits"]
        assert waiting["who"] == "Jiyang Urban Management Bureau (demo)"
        assert waiting["why"] in waiting["sentence"]
        accept = next(one for one in told["clocks"] if one["key"] == "repair.ndrc.accept")
        assert (accept["due_on"], accept["certainty"]) == ("2026-10-09", "S")
        assert "2026-10-01" in accept["days_off"]
        assert accept["basis"]
        assert accept["explanation"]

    def test_asks_the_party_without_a_claim(self, party, opened, by):
        by["clerk"].does("check", form_complete=False, missing="缺少授权委托书")
        (asked,) = party.get("work-items/asked").json()["items"]
        form = party.get(f"work-items/{asked['id']}").json()["form"]
        assert form["required"] == ["supplement_note"]

        more = party.hands_in("授权委托书.pdf").json()["id"]
        answers = {"supplement_note": "已补齐。", "proof": [more]}
        done = party.post(f"work-items/{asked['id']}/complete", {"answers": answers})

        assert (done.status_code, done.json()["state"]) == (200, "received")
        assert party.get("work-items/asked").json()["items"] == []
        assert len(party.get(f"cases/{opened['reference']}").json()["attachments"]) == 2

    def test_may_be_withdrawn(self, party, opened):
        withdrawn = party.post(f"cases/{opened['reference']}/withdraw")
        assert withdrawn.json()["state"] == "withdrawn"
        problem(party.post(f"cases/{opened['reference']}/withdraw"), 409, "too-late")

    def test_is_told_in_the_words_of_each_side(self, party, opened, by):
        path = f"cases/{opened['reference']}"
        office = by["clerk"].get(path).json()
        assert office["state_label"] != party.get(path).json()["state_label"]
        assert office["query_code"] is None


class TestALog:
    def test_is_whole_for_the_office_and_chained(self, opened, by):
        events = by["clerk"].get(f"cases/{opened['reference']}/events").json()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        chain = [event["hash"] for event in events[:-1]]
        assert [event["previous"] for event in events[1:]] == chain
        received = next(event for event in events if event["kind"] == "received")
        assert received["who"] == "韦示例"
        assert "韦示例" not in str(received["detail"])

    def test_is_a_timeline_without_names_for_the_party(self, party, opened, by):
        by["clerk"].does("check", form_complete=True)
        events = party.get(f"cases/{opened['reference']}/events").json()
        assert [event["kind"] for event in events] == ["received", "push"]
        assert {*events[0]} == {"at", "kind", "title"}


class TestRecords:
    def test_say_what_may_be_asked_for_and_since_when(self, party, penalty):
        (record,) = party.get("records").json()["items"]
        offers = {offer["kind"]: offer for offer in record["offers"]}
        offer = offers["repair"]
        assert set(offers) == {"objection", "repair"}
        assert (record["standing"], record["standing_label"]) == ("published", "Published")
        assert (record["fine_fen"], record["fine_yuan"]) == (2_000_000, "20000.00")
        assert (offer["possible"], offer["opens_on"]) == (True, "2026-09-26")
        assert offer["certainty_label"] == "statutory limit"

    def test_are_found_by_words(self, party, penalty):
        assert len(party.get("records", search="0101").json()["items"]) == 1
        assert party.get("records", search="没有").json()["items"] == []

    def test_of_others_are_not_there(self, by, penalty):
        assert by["clerk"].get("records").json()["items"] == []
        problem(by["clerk"].get(f"records/{penalty.pk}"), 404, "no-such-record")
        problem(by["clerk"].get(f"records/{penalty.pk}/commitment"), 404, "no-such-record")

    def test_cost_no_query_each(self, party, penalty, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            party.get("records")
        for number in range(20):
            penalty.pk = None
            penalty.document_number = f"示例{number}号"
            penalty.save()
        with django_assert_max_num_queries(9):
            assert len(party.get("records").json()["items"]) == 21


class TestAFile:
    def test_is_refused_with_a_reason_if_it_is_not_what_it_says(self, party):
        said = problem(party.hands_in("证明.pdf", b"MZ not a pdf"), 422, "file-refused")
        assert "证明.pdf" in said["detail"]

    def test_comes_back_as_it_was_handed_in(self, party, by):
        content = a_pdf()
        kept = party.hands_in(content=content).json()
        fetched = party.get(f"files/{kept['id']}")
        assert b"".join(fetched.streaming_content) == content
        assert fetched.headers["Content-Disposition"].startswith("attachment")
        problem(by["clerk"].get(f"files/{kept['id']}"), 404, "not-found")


class TestALetter:
    def test_is_a_page_in_the_language_asked_for(self, party, applicant, opened):
        (letter,) = party.get(f"cases/{opened['reference']}").json()["letters"]
        path = f"letters/{letter['id']}.html"
        assert letter["title_en"] in party.get(path).content.decode()
        chinese = Caller(applicant.user, language="zh-CN").get(path)
        assert letter["title"] in chinese.content.decode()

    def test_of_a_case_of_others_is_not_there(self, party, opened, by):
        (letter,) = party.get(f"cases/{opened['reference']}").json()["letters"]
        stranger = Caller(User.objects.create_user("stranger"))
        for form in ("html", "pdf"):
            problem(stranger.get(f"letters/{letter['id']}.{form}"), 404, "not-found")


class TestACaseType:
    def test_tells_whose_each_step_is_by_when_and_what_it_asks(self, party, law):
        told = party.get("case-types/repair").json()
        steps = {step["step"]: step for step in told["steps"]}
        assert (steps["decide"]["role"], steps["decide"]["duty"]) == ("finder", "approver")
        assert steps["decide"]["returns_to"] == "verify"
        terms = {term["key"]: term for term in steps["decide"]["terms"]}
        assert terms["repair.ndrc.decide"]["certainty"] == "M?"
        assert terms["repair.ndrc.decide"]["certainty_label"] == "basis to be confirmed"
        check = steps["check"]["form"]["properties"]
        assert check["form_complete"]["type"] == "boolean"
        granted = steps["decide"]["form"]["properties"]["decision"]["oneOf"]
        assert [choice["const"] for choice in granted] == ["grant", "refuse"]
        assert told["application"]["properties"]["fulfilled_on"]["format"] == "date"

    def test_that_nobody_installed_is_not_there(self, party, penalty):
        problem(party.get("case-types/ghost"), 404, "not-found")
        problem(party.get(f"records/{penalty.pk}/commitment", kind="ghost"), 404, "not-found")
        nothing = {"kind": "ghost", "record": penalty.pk, "answers": {}}
        problem(party.post("cases", nothing), 404, "not-found")


class TestARefusal:
    def test_says_who_took_the_step_and_when(self, check, by, office, clock):
        assert by["clerk"].post(f"work-items/{check.pk}/claim").json()["state"] == "claimed"
        colleague = User.objects.create_user("colleague")
        Membership.objects.create(user=colleague, unit=office, duty=Duty.COUNTER, since=SINCE)

        said = problem(
            Caller(colleague).post(f"work-items/{check.pk}/claim"), 409, "taken-by-another"
        )
        assert said["who"] == "clerk"
        assert dt.datetime.fromisoformat(said["when"]) == TUESDAY

    def test_names_the_answers_at_fault_and_writes_nothing(self, party, penalty):
        wrong = {"agreed": False, "proof": [], "fulfilled_on": "2026-02-31"}
        said = problem(party.applies(penalty, **wrong), 422, "answers-refused")
        assert set(said["fields"]) == {"agreed", "proof", "fulfilled_on"}
        assert not Repair.objects.exists()

    def test_says_the_first_possible_day(self, party, penalty):
        penalty.decided_on = dt.date(2026, 8, 1)
        penalty.save()
        said = problem(party.applies(penalty), 422, "not-possible")
        assert said["opens_on"] == "2026-11-02"

    def test_speaks_the_language_asked_for(self, applicant, penalty, opened):
        chinese = Caller(applicant.user, language="zh-CN").applies(penalty)
        assert chinese.headers["Content-Language"] == "zh-hans"
        problem(chinese, 409, "already-open")

    def test_of_the_second_person_is_told_as_such(self, opened, by, bureau, handler):
        Membership.objects.create(user=handler.user, unit=bureau, duty="approver", since=SINCE)
        by["clerk"].does("check", form_complete=True)
        by["acceptor"].does("examine", examination="accept")
        by["handler"].does(
            "verify", duty_fulfilled=True, breach_corrected=True, verification="调阅"
        )
        decide = WorkItem.objects.get(step="decide").pk
        problem(by["handler"].post(f"work-items/{decide}/claim"), 403, "second-person-needed")

    def test_meets_a_step_that_was_not_claimed(self, check, by):
        call = by["clerk"].post(f"work-items/{check.pk}/complete", {"answers": {}})
        problem(call, 403, "not-your-queue")

    def test_meets_a_step_one_may_see_but_not_do(self, check, office_supervisor):
        watching = Caller(office_supervisor)
        assert watching.get(f"work-items/{check.pk}").json()["why_not_claim"]
        problem(watching.post(f"work-items/{check.pk}/claim"), 403, "not-your-queue")

    def test_does_not_tell_that_a_step_of_others_is_there(self, check, party, by):
        by["clerk"].post(f"work-items/{check.pk}/claim")
        for verb in ("claim", "release", "complete"):
            for who in (party, by["approver"]):
                tried = who.post(f"work-items/{check.pk}/{verb}", {"answers": {}})
                missing = who.post(f"work-items/999999999/{verb}", {"answers": {}})
                assert problem(tried, 404, "no-such-work") == missing.json()

    def test_does_not_tell_that_a_case_of_others_is_there(self, opened):
        stranger = Caller(User.objects.create_user("stranger"))
        for path in (f"cases/{opened['reference']}", f"cases/{opened['reference']}/events"):
            problem(stranger.get(path), 404, "no-such-case")
        assert stranger.get("cases").json()["items"] == []
        problem(stranger.post(f"cases/{opened['reference']}/withdraw"), 404, "no-such-case")

    @pytest.mark.parametrize("path", ["work-items/queue", "work-items/mine", "oversight/late"])
    def test_meets_a_person_without_the_duty(self, party, path):
        problem(party.get(path), 403, "forbidden")


class TestOversight:
    def test_lists_what_is_late(self, opened, office_supervisor, clock):
        watching = Caller(office_supervisor)
        assert watching.get("oversight/late").json()["items"] == []
        clock("2026-10-12T09:00")
        (late,) = watching.get("oversight/late").json()["items"]
        assert (late["step"], late["light"]) == ("check", "red")


class TestAToken:
    def test_is_kept_as_a_hash_only(self, applicant):
        token = tokens.issue(applicant.user, "test", at=TUESDAY, days=1)
        kept = ApiToken.objects.get()
        assert token not in str(vars(kept))
        assert tokens.bearer(token, at=TUESDAY) == applicant.user

    @pytest.mark.parametrize("ended", ["expired", "revoked", "deactivated"])
    def test_that_has_ended_signs_nobody_in(self, applicant, party, ended, clock):
        assert party.get("cases").status_code == 200
        if ended == "expired":
            clock("2026-10-29T15:00")
        if ended == "revoked":
            ApiToken.objects.update(revoked_at=TUESDAY)
        if ended == "deactivated":
            User.objects.update(is_active=False)
        problem(party.get("cases"), 401, "not-signed-in")

    @pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}])
    def test_is_needed(self, db, header):
        refused = Client(headers=header).get(f"{V1}/cases")
        problem(refused, 401, "not-signed-in")
        assert refused.headers["WWW-Authenticate"] == "Bearer"

    def test_is_not_replaced_by_a_session(self, applicant):
        browser = Client()
        browser.force_login(applicant.user)
        problem(browser.get(f"{V1}/cases"), 401, "not-signed-in")

    def test_stops_with_the_duty_of_its_person(self, check, clerk, by):
        assert len(by["clerk"].get("work-items/queue").json()["items"]) == 1
        Membership.objects.filter(user=clerk.user).update(until=dt.date(2026, 9, 28))
        problem(by["clerk"].get("work-items/queue"), 403, "forbidden")


class TestNonsense:
    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"answers": {"a": "\\ud800"}}', b"NaN"],
    )
    def test_is_a_problem_not_a_fault(self, party, body):
        refused = party.client.post(f"{V1}/cases", body, content_type="application/json")
        assert refused.status_code in (400, 422)
        problem(refused, refused.status_code, refused.json()["code"])

    @pytest.mark.parametrize(
        "answers",
        [
            {"correction": {"nested": True}},
            {"correction": "\x00"},
            {"fulfilled_on": 20260701},
            {"proof": ["²", 10**18, "x"]},
            {"proof": [True]},
            {"agreed": [False, "False"]},
            {"agent_phone": ["1", "2"]},
            {"signer": None},
        ],
    )
    def test_in_an_answer_is_refused(self, party, penalty, answers):
        refused = party.applies(penalty, **answers)
        assert set(problem(refused, 422, refused.json()["code"])["fields"]) == set(answers)
        assert not Repair.objects.exists()

    @pytest.mark.parametrize(
        "path",
        [
            "nothing",
            "cases/XF-2026-999999",
            "cases/%00",
            "work-items/99999999999999999999999",
            "records/abc",
            "letters/1",
        ],
    )
    def test_in_an_address_is_not_there(self, party, path, law):
        assert party.get(path).status_code == 404
        assert party.get(path).headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("query", [{"page": 0}, {"page": "x"}, {"search": "\x00"}])
    def test_in_a_query_is_a_problem(self, party, query):
        problem(party.get("records", **query), 422, "request-invalid")

    def test_of_method_is_a_problem(self, party):
        refused = party.client.delete(f"{V1}/cases")
        problem(refused, 405, "method-not-allowed")
        assert "GET" in refused.headers["Allow"]


class TestTheSchema:
    def test_is_openapi_3_1_and_says_what_a_refusal_looks_like(self, client, db):
        schema = client.get(f"{V1}/schema/").json()
        assert schema["openapi"] == "3.1.0"
        assert f"{V1}/work-items/{{item_id}}/complete" in schema["paths"]
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                assert operation["description"], path
                assert operation["security"] == [{"Token": []}]
                assert operation["responses"]["4XX"]["$ref"].endswith("/Refused")

    def test_is_a_page_that_needs_nobody_else(self, client, db):
        page = client.get(f"{V1}/docs/").content.decode()
        assert f"POST {V1}/cases" in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page

    def test_leaves_chinese_as_it_is_read(self, party, penalty):
        assert "济阳".encode() in party.get("records").content


class TestDemoToken:
    def test_prints_a_token_that_signs_in(self, applicant, capsys):
        from django.core.management import call_command

        User.objects.filter(pk=applicant.user.pk).update(username="demo-applicant")
        call_command("demo_token", "--role", "applicant")
        token = capsys.readouterr().out.removesuffix("\n")
        assert tokens.bearer(token, at=TUESDAY) == applicant.user

    def test_says_what_to_do_while_there_are_no_demo_people(self, db):
        from django.core.management import CommandError, call_command

        with pytest.raises(CommandError, match="make run"):
            call_command("demo_token", "--role", "clerk")
