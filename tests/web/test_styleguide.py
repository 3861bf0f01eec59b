"""The style guide: complete, for those who build and run the house, and of one source."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from accounts.models import User
from web import styleguide
from web.samples import PARTS

GUIDE, SHEET = "/styleguide/", "/styleguide/schemes.css"
# What cannot stand alone, and why.
PARTS_OF_A_WHOLE = {
    "case_staff.html": "arranges the parts of a case, each of which is shown",
    "guide_side.html": "arranges parts beside a guided form, each of which is shown",
    "news.html": "says nothing until new work appears",
}


@pytest.fixture
def operator(db):
    return User.objects.create_user("operator", is_staff=True)


@pytest.fixture
def shown(client, operator):
    client.force_login(operator)
    return client.get(GUIDE)


def shown_parts(response):
    return {Path(t.name).name for t in response.templates if (t.name or "").startswith(PARTS)}


class TestTheStyleGuide:
    def test_shows_every_component(self, shown):
        folder = Path(get_template(f"{PARTS}empty.html").origin.name).parent
        every = {path.name for path in folder.glob("*.html")}

        assert every - shown_parts(shown) == set(PARTS_OF_A_WHOLE)

    def test_gives_no_name_twice(self, shown):
        names = [name for _, name in _named(shown.content.decode())]

        assert {name for name in names if names.count(name) > 1} == set()

    def test_says_what_every_label_and_description_points_at(self, shown):
        page = shown.content.decode()
        names = {name for _, name in _named(page)}
        points = styleguide._NAMES.findall(page)
        wanted = {n for kind, said in points if kind not in {"id", "form"} for n in said.split()}

        assert wanted <= names

    @pytest.mark.parametrize("address", [GUIDE, SHEET])
    def test_is_not_there_for_others(self, client, applicant, address):
        assert client.get(address).status_code == 404
        client.force_login(applicant.user)
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("address", [GUIDE, SHEET])
    def test_is_open_to_everybody_in_a_demonstration(self, db, client, monkeypatch, address):
        monkeypatch.setattr(settings, "DEMO", True)

        assert client.get(address).status_code == 200


class TestTheTokens:
    def test_are_those_of_the_sheet(self):
        sheet = Path("web/static/xinban.css").read_text(encoding="utf-8")
        found = styleguide.tokens()

        assert found["light"]["paper"] == "#f4f6f5"
        assert found["dark"]["paper"] == "#0e1619"
        assert set(found["dark"]) <= set(found["light"]), "a colour that is only known by night"
        assert all(f"--{name}: {value};" in sheet for name, value in found["dark"].items())

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_stand_out(self, scheme):
        faint = [pair for pair in styleguide.pairs(scheme) if not pair.is_enough]

        assert faint == []

    def test_are_told_once_more_for_the_two_columns(self, client, operator):
        client.force_login(operator)
        sheet = client.get(SHEET).content.decode()

        night = sheet.partition(".scheme-dark {")[2].partition("}")[0]
        assert "color-scheme: dark;" in night
        assert "--paper: #0e1619;" in night


def _named(page):
    return [(kind, name) for kind, name in styleguide._NAMES.findall(page) if kind == "id"]
