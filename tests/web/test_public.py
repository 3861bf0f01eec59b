"""What anybody may look up: published records, without a person in them, and no case."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from records import public
from records.masking import is_persons_name, masked, surname_only
from records.models import Alias, Record, Subject
from tests.cases.objection_walks import objects
from tests.conftest import COMPANY, _caseworker
from workflows import publication
from workflows.audit import act

NOW = dt.datetime(2026, 9, 29, 10, tzinfo=dt.UTC)
SHOP = "92370115MAXH5U9L0J"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read 29 September 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def record(subject, number, **told):
    about = {"kind": Record.Kind.PENALTY, "decided_on": dt.date(2026, 6, 1), "categories": ["罚款"]}
    who = {"authority_code": "11370115MB00000CG0", "authority_name": "济阳区城市管理局"}
    return Record.objects.create(
        document_number=f"示例〔2026〕{number}号", subject=subject, **{**about, **who, **told}
    )


def page(client, code=COMPANY, **asked):
    return client.get(reverse("public-records", args=[code]), asked)


def found(client, text):
    return client.get(reverse("public"), {"q": text}).context["rows"]


class TestTheSearch:
    @pytest.mark.parametrize(
        "text", [COMPANY, COMPANY.lower(), "北润建筑", "旧名", "370125200001249"]
    )
    def test_finds_an_organisation_by_whatever_it_is_or_was_called(self, client, penalty, text):
        subject = penalty.subject
        Alias.objects.create(subject=subject, kind=Alias.Kind.FORMER_NAME, value="旧名建筑有限公司")
        number = Alias.Kind.REGISTRATION_NUMBER
        Alias.objects.create(subject=subject, kind=number, value="370125200001249")

        (row,) = found(client, text)
        assert row["url"] == reverse("public-records", args=[COMPANY])
        assert row["records"] == 1

    @pytest.mark.parametrize("text", ["", " ", "北", "\x00", "%", "甲" * 300, "' OR 1=1"])
    def test_finds_nothing_by_what_names_nobody(self, client, penalty, text):
        assert client.get(reverse("public"), {"q": text}).status_code == 200
        assert found(client, text) == []

    @pytest.mark.parametrize("shown", ["stopped", "withheld", "unpublished"])
    def test_does_not_find_an_organisation_of_which_nothing_is_published(
        self, client, penalty, shown
    ):
        with act(by=None, at=NOW):
            Record.objects.update(publication=shown)

        assert found(client, "北润建筑") == found(client, COMPANY) == []
        assert page(client).status_code == 404
        assert penalty.subject.name not in page(client).content.decode()

    def test_says_to_type_more_where_there_are_more_than_it_shows(self, client, law):
        for n in range(25):
            record(
                Subject.objects.create(credit_code=f"9137011500000{n:05}", name=f"同名{n}公司"), n
            )
        answer = client.get(reverse("public"), {"q": "同名"})

        assert len(answer.context["rows"]) == answer.context["most"] == 20
        assert answer.context["more"]

    def test_finds_a_person_by_the_whole_code_only(self, client, law):
        trader = Subject.objects.create(credit_code=SHOP, name="王示例")
        record(trader, 1, content="王示例未按规定明码标价。")
        assert found(client, "王示例") == found(client, "示例") == []
        (row,) = found(client, SHOP)
        told = page(client, SHOP).content.decode()

        assert row["name"] == "王**"
        assert "王示例" not in told
        assert "王**未按规定" in told


class TestTheRecords:
    def test_are_those_published_and_no_others(self, client, penalty):
        hidden = {
            "stopped": {"publication": "stopped"},
            "withheld": {"publication": "withheld"},
            "unpublished": {"publication": "unpublished"},
            "repaired": {"repaired_on": dt.date(2026, 9, 1)},
            "removed": {"removed_on": dt.date(2026, 9, 1)},
        }
        for name, told in hidden.items():
            record(penalty.subject, name, **told)
        answer = page(client)

        assert [row["document_number"] for row in answer.context["rows"]] == [
            penalty.document_number
        ]
        assert not [name for name in hidden if f"{name}号" in answer.content.decode()]

    def test_show_the_mark_of_an_objection_and_nothing_of_its_case(
        self, client, applicant, penalty, staff, office
    ):
        case = objects(applicant, penalty, on=dt.datetime(2026, 9, 29, 9, tzinfo=dt.UTC))
        with act(by=None, at=NOW):
            publication.mark(case)
        answer = page(client)
        told = answer.content.decode()

        assert answer.context["rows"][0]["standing"] == "objected"
        assert case.reference not in told
        assert case.query_code not in told
        assert "韦示例" not in told

    def test_lead_to_the_same_applications_whatever_runs_about_them(
        self, client, applicant, penalty, staff
    ):
        before = page(client).context["rows"][0]["ways"]
        applicant.applies(penalty, at=NOW)

        assert page(client).context["rows"][0]["ways"] == before
        assert {way["url"] for way in before} == {
            reverse("apply", args=[penalty.pk, kind]) for kind in ("objection", "repair")
        }

    def test_of_a_permit_do_not_lead_to_a_repair(self, client, penalty):
        Record.objects.update(kind=Record.Kind.PERMIT)
        (way,) = page(client).context["rows"][0]["ways"]
        assert way["url"] == reverse("apply", args=[penalty.pk, "objection"])

    def test_lead_who_has_not_signed_in_there_first(self, client, penalty):
        way = page(client).context["rows"][0]["ways"][0]["url"]
        answer = client.get(way)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={way}")

    def test_tell_a_stranger_that_they_do_not_act_for_it(self, client, penalty, django_user_model):
        client.force_login(django_user_model.objects.create_user("stranger"))
        answer = client.get(reverse("apply", args=[penalty.pk, "repair"]))

        assert answer.status_code == 404
        assert penalty.subject.name not in answer.content.decode()

    def test_hide_the_numbers_and_names_of_persons(self, client, penalty):
        Record.objects.update(
            conduct="当事人：张示例，身份证号37012519900307451X，电话13800138000、0531-84230001",
            content=f"对{COMPANY}罚款20000元。法定代表人为李示例。",
            facts="只有承办人看得到的事实",
        )
        told = page(client).content.decode()

        for secret in ("张示例", "37012519900307451X", "13800138000", "84230001", "李示例", "事实"):
            assert secret not in told
        assert f"对{COMPANY}罚款20000元" in told

    def test_are_at_most_twenty_with_a_way_to_the_others(self, client, penalty):
        for n in range(30):
            record(penalty.subject, f"第{n:04}")
        answer = page(client)
        assert len(answer.context["rows"]) == 20
        assert answer.context["more"]
        assert answer.context["count"] == 31

        (row,) = page(client, q="第0007号").context["rows"]
        assert "第0007号" in row["document_number"]

    @pytest.mark.parametrize("code", ["NOBODY", "0", "甲", "%00", "A" * 200])
    def test_of_a_code_that_is_none_are_not_there(self, client, law, code):
        assert page(client, code).status_code == 404

    def test_stay_within_twelve_queries_and_sixty_kilobytes(
        self, client, applicant, penalty, django_assert_max_num_queries
    ):
        for n in range(30):
            record(penalty.subject, f"第{n:04}", conduct="示例行为。" * 20)
        client.force_login(applicant.user)
        with django_assert_max_num_queries(12):
            answer = page(client)
        with django_assert_max_num_queries(12):
            client.get(reverse("public"), {"q": "北润"})

        assert len(answer.content) < 60_000

    def test_are_the_same_for_everybody(self, applicant, penalty, office):
        clerk = _caseworker(office, "counter", "clerk").user
        told = [
            public.records_of(COMPANY, viewer=w) for w in (None, AnonymousUser(), applicant, clerk)
        ]

        assert [[r.pk for r in shown.records] for shown in told] == [[penalty.pk]] * 4


class TestMasking:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("身份证37012519900307451X", "身份证370***************"),
            ("370125 19900307 4519。", "370*****************。"),
            ("联系电话：138 0013 8000", "联系电话：138**********"),
            ("电话(0531)84230001", "电话(05***********"),
            ("来信 wei.shili@example.com 询问", "来信 *** 询问"),
            ("负责人：欧阳示例，男", "负责人：欧阳**，男"),
            ("经营者 王示例", "经营者 王**"),
        ],
    )
    def test_hides_what_points_at_a_person(self, text, told):
        assert masked(text) == told

    @pytest.mark.parametrize(
        "text",
        [
            "罚款人民币200000.00元",
            "违反《建筑法》第26条，2026年6月25日",
            f"统一社会信用代码{COMPANY}",
            "负责人应当到场",
            "法定代表人变更登记",
            "济阳城管罚决字〔2026〕第0101号",
        ],
    )
    def test_leaves_the_rest_alone(self, text):
        assert masked(text) == text

    @pytest.mark.parametrize(
        ("code", "name", "is_person"),
        [
            (SHOP, "王示例", True),
            (SHOP, "欧阳示例", True),
            (SHOP, "老柳家面馆", False),
            (SHOP, "王记面馆", False),
            (SHOP, "济阳区济北街道老柳家面馆", False),
            (COMPANY, "王示例", False),
        ],
    )
    def test_knows_a_sole_trader_without_a_trade_name(self, code, name, is_person):
        assert is_persons_name(code, name) is is_person
        assert (surname_only(name) == name) is not (surname_only(name).endswith("*"))
