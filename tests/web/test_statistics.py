"""The supervisor's numbers by their addresses: pages, charts, tables to take away, budgets."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import Duty, Unit, User
from records.models import Place, Record, Showing
from tests.actors import open_item
from tests.conftest import _caseworker
from tests.workflows.walks import APPLIED, STORIES, open_a_repair, walk
from web import charts, sheets
from web.charts import Bar, Column
from web.sheets import Rate, Table
from workflows import queues, statistics
from workflows.models import Deadline, Purpose, Urging

PAGES = ["oversight", "steps", "statistics", "bulletin"]
DOWNLOADS = ["statistics-download", "bulletin-download"]
NOW = dt.datetime(2026, 10, 12, 2, 0, tzinfo=dt.UTC)
CHARTS = {"workload", "kept", "cycles", "ages"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let the faces read Monday 12 October 2026 from their clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def another(company, bureau):
    """Make one more record that can be repaired."""

    def make(number):
        record = Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number=f"济阳城管罚决字〔2026〕第02{number:02}号（示例）",
            subject=company,
            authority_code=bureau.credit_code,
            authority_name=bureau.name,
            decided_on=dt.date(2026, 6, 25),
            categories=["罚款"],
        )
        places = [Showing(record=record, place=place) for place in Place.values]
        Showing.objects.bulk_create(places)
        return record

    return make


@pytest.fixture
def late(applicant, penalty, staff):
    """A case whose examination was due on 8 October."""
    case = open_a_repair(applicant, penalty)
    walk(case, "check:yes", {**staff, "applicant": applicant})
    return case


@pytest.fixture
def repaired(applicant, another, staff):
    """A case that was closed in September."""
    case = open_a_repair(applicant, another(1))
    walk(case, STORIES["repaired"], {**staff, "applicant": applicant})
    return case


@pytest.fixture
def watching(client, office_supervisor):
    """A browser of the credit office's supervisor."""
    client.force_login(office_supervisor)
    return client


def page(client, name, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200, (name, query)
    return response.content.decode()


def as_new(user):
    """Return a person as the next request knows them."""
    return User.objects.get(pk=user.pk)


class TestTheOverview:
    def test_opens_the_list_behind_each_number(self, watching, late):
        shown = page(watching, "oversight")
        address = f"{reverse('steps')}?"
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', shown)}
        behind = {link for link in links if link.startswith(address)}

        narrowed = ("unit=CG", "kind=repair", "step=repair%2Fexamine", "person=~")
        assert {f"{address}{way}" for way in narrowed} <= behind
        assert {f"{address}light=red&{way}" for way in narrowed} <= behind
        for link in behind - {f"{address}light={light}" for light in ("amber", "green", "grey")}:
            listed = late.reference in watching.get(link).content.decode()
            assert listed is ("light=week" not in link), link

    def test_shows_demands_whose_answer_is_late(self, watching, late, bureau):
        clock = open_item(late, "examine").deadlines.get(purpose=Purpose.LIMIT)
        told = {"rung": 2, "opened_at": APPLIED, "answer_due_on": dt.date(2026, 10, 9)}
        Urging.objects.create(deadline=clock, unit=bureau, **told)

        assert "2026-10-09" in page(watching, "oversight")

    def test_says_that_nothing_is_overdue(self, watching):
        assert "没有超期任务" in page(watching, "oversight")


class TestTheListOfSteps:
    def test_keeps_what_was_chosen(self, watching, late):
        shown = page(watching, "steps", light="red", unit="CG", step="repair/examine", person="~")

        assert late.reference in shown
        assert len(re.findall(r"<option [^>]* selected>", shown)) == 4
        assert "unit=CG&amp;person=~&amp;step=repair%2Fexamine" in shown

    def test_leaves_the_step_when_another_type_is_chosen(self, watching, late):
        assert late.reference not in page(
            watching, "steps", kind="objection", step="repair/examine"
        )

    @pytest.mark.parametrize(
        "nonsense",
        [{"light": "blue"}, {"page": "x"}, {"unit": "\0"}, {"step": "///"}, {"person": "9" * 99}],
    )
    def test_answers_nonsense_with_a_page(self, nonsense, watching, late):
        page(watching, "steps", **nonsense)

    def test_has_pages_of_fifty(self, watching, late, applicant, another, monkeypatch):
        for number in (2, 3):
            open_a_repair(applicant, another(number))
        for room in (queues, statistics):
            monkeypatch.setattr(room, "PAGE", 2)
        monkeypatch.setattr("web.pages.lists.PAGE", 2)

        assert "page=2" in page(watching, "steps")
        assert "page=1" in page(watching, "steps", page="2")


class TestTheCharts:
    def test_are_told_in_words_and_have_a_table_behind_each(self, watching, late, repaired):
        shown = page(watching, "statistics")
        drawn = re.findall(r'<svg class="chart" role="img" aria-labelledby="(\S+) (\S+)"', shown)

        assert len(drawn) == 4
        for title, text in drawn:
            assert re.search(f'<title id="{title}">[^<]+</title>', shown)
            assert re.search(f'<desc id="{text}">[^<]+</desc>', shown)
        assert len(re.findall(r"<table class=\"data\">", shown)) == len(CHARTS)
        assert not re.search(r'<[^>]* style="', shown), "the content policy lets no style through"

    @pytest.mark.parametrize("name", sorted(CHARTS))
    def test_can_be_taken_away_one_by_one(self, name, watching, late, repaired):
        response = watching.get(reverse("statistics-download"), {"table": name, "form": "csv"})
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

        assert f"{name}.csv" in response.headers["Content-Disposition"]
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1

    def test_can_be_taken_away_together(self, watching, late, repaired):
        content = watching.get(reverse("statistics-download")).content
        book = openpyxl.load_workbook(io.BytesIO(content))

        assert len(book.sheetnames) == len(CHARTS)
        assert [cell.value for cell in book.worksheets[0][5]][1:] == [1, 0, 0, 0, 1]

    def test_say_so_where_there_is_nothing_to_count(self, watching):
        shown = page(watching, "statistics")

        assert '<svg class="chart"' not in shown

    def test_draw_parts_side_by_side_to_the_width_of_the_longest(self):
        rows = [Bar("甲", [("red", 1), ("green", 3)], "1+3"), Bar("乙", [("red", 2)], "2")]
        boxes = [b for b in charts.bars("x", "t", "d", rows).boxes if b.style != "ground"]

        assert [(b.x, b.width) for b in boxes] == [
            ("0.00%", "25.00%"),
            ("25.00%", "75.00%"),
            ("0.00%", "50.00%"),
        ]

    @pytest.mark.parametrize(
        ("name", "drawn"),
        [
            ("济南市济阳区人力资源和社会保障局", "济南市济阳区人力资源和社会保障局"),
            ("局" * 22, "局" * 20 + "…"),
            ("a" * 42, "a" * 42),
            ("a" * 43, "a" * 41 + "…"),
        ],
    )
    def test_shorten_a_name_that_a_telephone_has_no_room_for(self, name, drawn):
        words = charts.bars("x", "t", "d", [Bar(name, [], "")]).words

        assert words[0].text == drawn

    def test_draw_columns_to_the_height_of_the_highest_and_none_for_nothing(self):
        given = [Column("a", 4, "4"), Column("b", 1, "1"), Column("c", None, "-")]
        drawn = charts.columns("x", "t", "d", given)

        assert [box.height for box in drawn.boxes] == [120, 30]
        assert {words.text for words in drawn.words} == {"a", "b", "c", "4", "1", "-"}

    def test_tell_near_and_provisional_apart_without_colour(self):
        parts = [("red", 1), ("amber", 1), ("provisional", 1)]
        boxes = charts.bars("x", "t", "d", [Bar("甲", parts, "")]).boxes

        assert [box.hatched for box in boxes] == [False, False, True, True]


class TestTheBulletin:
    def test_is_of_the_last_month_unless_another_is_asked_for(self, watching, repaired):
        assert 'value="2026-09" selected' in page(watching, "bulletin")
        assert 'value="2026-10" selected' in page(watching, "bulletin", period="2026-10")
        assert 'value="2026" selected' in page(watching, "bulletin", period="2026")

    @pytest.mark.parametrize(
        "nonsense", ["", "2026-13", "2026-1", "2031", "2026-11", "1999", "x", "\uff12026"]
    )
    def test_of_no_period_there_has_been_is_that_of_last_month(self, nonsense, watching):
        assert 'value="2026-09" selected' in page(watching, "bulletin", period=nonsense)

    def test_says_what_each_figure_counts_and_which_cannot_be_given(self, watching, repaired):
        for period in ("2026-09", "2026"):
            shown = page(watching, "bulletin", period=period)
            assert shown.count("<dt>") == 11 + 4

    def test_of_a_running_period_says_so(self, watching):
        said = "今日" if "今日" in page(watching, "bulletin", period="2026-10") else "up to today"

        assert said in page(watching, "bulletin", period="2026-10")
        assert said not in page(watching, "bulletin", period="2026-09")

    def test_marks_figures_that_hold_provisional_dates(self, watching, late):
        assert "badge-wait" not in page(watching, "bulletin")
        Deadline.objects.filter(case=late).update(provisional=True)

        assert "badge-wait" in page(watching, "bulletin")

    def test_of_a_year_shows_every_month(self, watching, late, repaired):
        tables = {}
        for period in ("2026-09", "2026"):
            response = watching.get(reverse("bulletin-download"), {"period": period})
            tables[period] = openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames
        assert len(tables["2026"]) == len(tables["2026-09"]) + 1
        assert 'aria-labelledby="kept-t kept-d"' in page(watching, "bulletin", period="2026")

    def test_takes_its_definitions_along(self, watching, repaired):
        content = watching.get(reverse("bulletin-download")).content
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[-1]

        assert sheet.max_row == 4 + 11 + 4


class TestASheet:
    HOSTILE = Table(
        "t", "甲/乙", ["名称", "及时率"], [['=HYPERLINK("x")', Rate(0.985)], ["+1", None]]
    )

    def test_never_runs_what_somebody_wrote(self):
        rows = list(csv.reader(io.StringIO(sheets.as_csv(self.HOSTILE).decode("utf-8-sig"))))
        content = sheets.as_xlsx([self.HOSTILE], heading="示例")
        cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A5"]

        assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("x")', "'+1"]
        assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')

    def test_keeps_a_rate_a_number_that_is_shown_as_a_percentage(self):
        content = sheets.as_xlsx([self.HOSTILE], heading="示例")
        cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["B5"]

        assert (cell.value, cell.number_format) == (0.985, "0.0%")
        assert str(Rate(0.985)) == "98.5%"


class TestAnotherUnitsSupervisor:
    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_is_told_nothing_of_it(self, name, client, late, repaired):
        unit = Unit.objects.create(
            code="YJ", name="示例局", name_en="x", credit_code="11370115MB00000YJ0"
        )
        other = _caseworker(unit, Duty.SUPERVISOR, "other supervisor").user
        client.force_login(other)

        def told():
            query = {"period": "2026", "form": "csv", "table": "kinds"}
            return client.get(reverse(name), query).content

        with_them = told()
        assert late.party.name.encode() not in with_them
        assert late.reference.encode() not in with_them
        assert "城市管理局".encode() not in with_them


class TestTheBudget:
    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_is_twelve_queries_whatever_the_volume(
        self,
        name,
        client,
        office_supervisor,
        late,
        applicant,
        another,
        django_assert_max_num_queries,
    ):
        for number in range(10, 14):
            for query in ({}, {"period": "2026"}, {"light": "red"}):
                client.force_login(as_new(office_supervisor))
                with django_assert_max_num_queries(12):
                    client.get(reverse(name), query)
            open_a_repair(applicant, another(number))

    def test_is_sixty_kilobytes_for_fifty_rows(self, watching, late, monkeypatch):
        item = open_item(late, "examine")
        found = statistics.steps_for
        many = lambda *args, **asked: found(*args, **asked) * 50  # noqa: E731
        monkeypatch.setattr(statistics, "steps_for", many)
        shown = page(watching, "steps")

        assert shown.count(item.case.reference) >= 50
        assert len(shown.encode()) < 60_000
