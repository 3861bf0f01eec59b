"""Organisations under other names and numbers: kept by imports, found again by anybody."""

import json
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from records.lookup import subjects_called
from records.models import Alias, Record, Subject
from tests.records.exchange import BUILDER, FOOD, csv_file, grid, penalty
from workflows.imports import import_file
from workflows.models import Entry

TUESDAY = datetime(2026, 9, 29, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PRESENT = "济南黄河北润建筑工程有限公司"
FORMER = "济南黄河北润建筑安装有限公司"
OLDER = "济阳县北润建筑队（集体）"
OLD_CODE = "91370125MAXQ7K2B6E"
REGISTRATION = "370125200001249"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def send(tmp_path):
    def send(*rows):
        path = csv_file(tmp_path / "records.csv", grid(rows))
        return import_file(path, by=None, at=TUESDAY)

    return send


def named(number, day, name, **more):
    return penalty(number, CF_JDRQ=day, CF_XDR_MC=name, **more)


def aliases():
    return set(Alias.objects.values_list("subject__name", "kind", "value", "until"))


class TestNames:
    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_are_told_apart_by_the_days_of_the_decisions(self, send, order):
        rows = [
            named(1, "2015/03/02", OLDER),
            named(2, "2021/07/20", FORMER),
            named(3, "2026/06/25", PRESENT),
        ]
        send(*(rows[n] for n in order))

        assert aliases() == {
            (PRESENT, "former_name", OLDER, date(2015, 3, 2)),
            (PRESENT, "former_name", FORMER, date(2021, 7, 20)),
        }

    def test_change_with_a_later_decision_and_not_with_an_earlier_one(self, send):
        send(named(2, "2021/07/20", FORMER))
        send(named(3, "2026/06/25", PRESENT))
        send(named(1, "2015/03/02", OLDER))

        assert Subject.objects.get().name == PRESENT
        assert aliases() == {
            (PRESENT, "former_name", OLDER, date(2015, 3, 2)),
            (PRESENT, "former_name", FORMER, date(2021, 7, 20)),
        }

    def test_follow_what_an_authority_corrects_in_the_same_decision(self, send):
        send(named(1, "2026/06/25", "济南黄河北润建工有限公司"))
        send(named(1, "2026/06/25", PRESENT))

        assert Subject.objects.get().name == PRESENT

    def test_change_nothing_the_second_time(self, send):
        rows = [named(1, "2021/07/20", FORMER), named(2, "2026/06/25", PRESENT)]
        send(*rows)
        before = list(Alias.objects.values())
        send(*rows)

        assert list(Alias.objects.values()) == before
        assert Subject.objects.get().name == PRESENT

    def test_in_another_width_are_the_same(self, send):
        send(named(1, "2021/07/20", "济阳北润（示例）有限公司"))
        send(named(2, "2026/06/25", "济阳北润(示例) 有限公司"))

        assert not Alias.objects.exists()
        assert Subject.objects.get().name == "济阳北润（示例）有限公司"


class TestNumbers:
    def test_of_old_are_kept_once_and_lead_to_the_organisation(self, send):
        row = penalty(1, CF_XDR_GSZC=REGISTRATION)
        send(row, penalty(2, CF_XDR_GSZC=REGISTRATION))
        send(row)

        assert aliases() == {(PRESENT, "registration_number", REGISTRATION, None)}

    def test_that_are_former_codes_file_a_row_under_the_present_one(self, send):
        subject = Subject.objects.create(credit_code=BUILDER, name=PRESENT)
        Alias.objects.create(subject=subject, kind="former_code", value=OLD_CODE)
        send(penalty(1, CF_XDR_SHXYM=OLD_CODE))

        assert Record.objects.get().subject == subject
        assert Subject.objects.count() == 1

    def test_that_are_former_codes_do_not_double_a_decision_in_one_file(self, send):
        subject = Subject.objects.create(credit_code=BUILDER, name=PRESENT)
        Alias.objects.create(subject=subject, kind="former_code", value=OLD_CODE)
        result = send(penalty(1), penalty(1, CF_XDR_SHXYM=OLD_CODE))

        assert (result.created, result.refused) == (1, 1)


class TestLookup:
    @pytest.fixture(autouse=True)
    def _known(self, send):
        food = {"CF_XDR_SHXYM": FOOD, "CF_XDR_MC": "济南济阳澄波食品有限公司"}
        send(
            named(1, "2015/03/02", OLDER, CF_XDR_GSZC=REGISTRATION),
            named(2, "2026/06/25", PRESENT),
            penalty(3, **food),
        )

    @pytest.mark.parametrize(
        ("text", "by", "value"),
        [
            (BUILDER, "Unified social credit code", BUILDER),
            (" 91370115-may3 t8hd6r ", "Unified social credit code", BUILDER),
            ("MAY3T8HD-6", "Organisation code", "MAY3T8HD6"),
            ("370125 2000 01249", "Registration number", REGISTRATION),
            ("黄河北润建筑工程", "Name", PRESENT),
            (OLDER, "Former name", OLDER),
            ("北润建筑队(集体)", "Former name", OLDER),
            ("北润", "Name", PRESENT),  # the present name goes before the former one
        ],
    )
    def test_finds_an_organisation_by_everything_it_is_called(self, text, by, value):
        (match,) = subjects_called(text).matches

        assert match.subject.credit_code == BUILDER
        assert (match.by, match.value) == (by, value)

    def test_tells_until_when_a_former_name_was_known(self):
        assert subjects_called(OLDER).matches[0].until == date(2015, 3, 2)

    def test_shows_how_a_code_was_read(self):
        found = subjects_called("91370115-may3t8hd6r")

        assert found.asked == BUILDER
        assert found.remarks == [
            "Spaces and hyphens were removed.",
            "Small letters were read as capital letters.",
        ]

    def test_says_why_a_mistyped_code_finds_nobody(self):
        found = subjects_called(BUILDER[:-1] + "X")

        assert found.matches == []
        assert "mistyped" in found.remarks[0]

    def test_finds_by_a_former_code(self):
        subject = Subject.objects.get(credit_code=FOOD)
        Alias.objects.create(subject=subject, kind="former_code", value=OLD_CODE)

        (match,) = subjects_called(OLD_CODE).matches
        assert (match.subject, match.by) == (subject, "Former unified code")

    def test_finds_several_and_no_more_than_asked_for(self):
        assert {match.subject.credit_code for match in subjects_called("有限公司").matches} == {
            BUILDER,
            FOOD,
        }
        assert len(subjects_called("有限公司", most=1).matches) == 1

    @pytest.mark.parametrize("text", ["", " ", "济", "%", "_______", "不存在的公司"])
    def test_finds_nobody_by_next_to_nothing(self, text):
        assert subjects_called(text).matches == []


class TestAliasCommand:
    @pytest.fixture(autouse=True)
    def _known(self, db):
        Subject.objects.create(credit_code=BUILDER, name=PRESENT)

    def test_adds_an_alias_and_an_event_of_it(self):
        out = StringIO()
        call_command(
            "alias", BUILDER, "former_name", f" {OLDER} ", "--until=2015-03-02", stdout=out
        )

        assert aliases() == {(PRESENT, "former_name", OLDER, date(2015, 3, 2))}
        entry = Entry.objects.get()
        assert (entry.stream, entry.kind) == (f"subject/{BUILDER}", "alias_added")
        assert json.loads(json.dumps(entry.detail)) == {
            "kind": "former_name",
            "value": OLDER,
            "since": None,
            "until": "2015-03-02",
        }

    @pytest.mark.parametrize(
        ("code", "kind", "value", "sentence"),
        [
            (FOOD, "former_name", OLDER, "No organisation"),
            (BUILDER, "registration_number", "370125200001248", "This is no"),
            (BUILDER, "former_code", OLD_CODE[:-1] + "X", "mistyped"),
            (BUILDER, "former_code", BUILDER, "organisation of its own"),
        ],
    )
    def test_refuses_what_cannot_be_one(self, code, kind, value, sentence):
        with pytest.raises(CommandError, match=sentence):
            call_command("alias", code, kind, value)
        assert not Entry.objects.exists()

    def test_refuses_a_former_code_that_leads_elsewhere_already(self):
        other = Subject.objects.create(credit_code=FOOD, name="济南济阳澄波食品有限公司")
        Alias.objects.create(subject=other, kind="former_code", value=OLD_CODE)

        with pytest.raises(CommandError, match="known already"):
            call_command("alias", BUILDER, "former_code", OLD_CODE)
        assert not Entry.objects.exists()
