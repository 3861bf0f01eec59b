"""A walk as every role of the demonstration along every kind of link that its pages show."""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import connection
from django.urls import Resolver404, resolve

from tests.architecture.test_translations import (
    CATALOGUE,
    chinese_of,
    english_on,
    polib,
    words_on,
)
from tests.web.test_demo import TUESDAY, demonstration, poured  # noqa: F401
from web.management.people import PEOPLE, named

MOST_QUERIES, MOST_BYTES = 12, 60_000
# How many pages of one kind are looked at, and of one route however it is asked.
A_KIND, A_ROUTE = 2, 5
ROLES = (
    *("applicant", "agent", "clerk", "acceptor", "handler", "reviewer", "approver"),
    *("office-handler", "office-approver", "office-supervisor", "supervisor", "auditor"),
    *("sp-counter", "operator"),
)
# What is handed out as it lies has tests of its own.
HANDED_OUT = {"files/<int:attachment_id>/", "letters/<int:letter_id>.pdf"}
# Django's own desk for operators reads what it likes; its pages are counted in their own test.
FREE = ("/admin/",)
# What shows the log, the rules or a table of the service as it is kept, with their keys; and
# messages, which keep the language they were written in.
AS_KEPT = re.compile(r"/log/|^/messages/|^/admin/|/what-if/|/terms/propose/|/calendar/propose/")
# Words that are no words of ours: names of files, forms of data, and what people are called.
NOT_OURS = re.compile(
    r"^(?:demo|xinban|Excel|[0-9a-f]+|SHA|XF|CN|YY|YT|PDF|CSV|XLSX|JPG|PNG|Ctrl|Esc|Enter)$",
    re.IGNORECASE,
)


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "a" and told.get("href", "").startswith(("/", "?")) and "download" not in told:
            self.found.append(told["href"])


def counting(asked):
    def count(execute, sql, params, many, context):
        asked[sql] += 1
        return execute(sql, params, many, context)

    return count


def kind_of(address):
    """Return what kind of page an address leads to: its route, and what it is asked."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    return route, tuple(sorted(name for name, _value in parse_qsl(parts.query)))


class Walk:
    """What one person finds on the way, and what is wrong with it."""

    def __init__(self, client, language):
        self.client, self.language = client, language
        self.faults, self.seen, self.pages = [], Counter(), 0
        self.catalogue = [chinese_of(e) for e in polib.pofile(CATALOGUE / "django.po")]
        self.ours = {
            said for said in self.catalogue if len(said) > 8 and "%" not in said and _is_said(said)
        }

    def along(self, *starts):
        ahead, known = deque(starts), set(starts)
        while ahead:
            address = ahead.popleft()
            kind = kind_of(address)
            if kind[0] in HANDED_OUT or self.is_enough(kind):
                continue
            self.seen.update([kind, kind[0]])
            for link in self.look_at(address):
                if link not in known:
                    known.add(link)
                    ahead.append(link)
        return self

    def is_enough(self, kind):
        return self.seen[kind] >= A_KIND or self.seen[kind[0]] >= A_ROUTE

    def look_at(self, address):
        asked = Counter()
        with connection.execute_wrapper(counting(asked)):
            page = self.client.get(address, headers={"Accept-Language": self.language})
        self.pages += 1
        if page.status_code in (301, 302):
            return [urljoin(address, page.url)]
        self.judge(address, page, asked.total())
        if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
            return []
        return [urljoin(address, link).partition("#")[0] for link in Links(_text(page)).found]

    def judge(self, address, page, queries):
        if page.status_code != 200:
            self.faults.append(f"{address}: {page.status_code}")
        if page.streaming or "html" not in page.headers["Content-Type"]:
            return
        if not address.startswith(FREE):
            self.measure(address, page, queries)
        if not AS_KEPT.search(address):
            self.listen(address, page)

    def measure(self, address, page, queries):
        if queries > MOST_QUERIES:
            self.faults.append(f"{address}: {queries} queries")
        if len(page.content) > MOST_BYTES:
            self.faults.append(f"{address}: {len(page.content)} bytes")

    def listen(self, address, page):
        if self.language == "en":
            said = words_on(page, "en")
            foreign = {word for word in self.ours if word in said}
        else:
            foreign = {word for word in english_on(page) if not NOT_OURS.match(word)}
        if foreign:
            self.faults.append(f"{address}: says {sorted(foreign)[:5]}")


def told(found):
    """Return what is wrong, a line each, beginning with who saw it."""
    return "\n".join(f"{role} {fault}" for role, faults in found.items() for fault in faults)


def _is_said(said):
    """Test that a phrase is no name of a file, which is the same in every language."""
    return not said.endswith(".pdf")


def _text(page):
    return page.content.decode()


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TUESDAY)


@pytest.mark.usefixtures("demonstration", "today")
class TestEveryLink:
    def test_opens_in_chinese_for_every_role(self, client):
        found = {}
        for role in ROLES:
            client.force_login(named(f"demo-{role}"))
            walk = Walk(client, "zh-hans").along("/")
            assert walk.pages > 5, role
            found |= {role: walk.faults} if walk.faults else {}
        assert not found, told(found)

    def test_opens_in_chinese_for_anybody(self, client):
        found = Walk(client, "zh-hans").along("/").faults
        assert not found, told({"anybody": found})

    @pytest.mark.parametrize("role", ["applicant", "handler", "office-supervisor"])
    def test_opens_in_english(self, client, role):
        client.force_login(named(f"demo-{role}"))
        found = Walk(client, "en").along("/").faults
        assert not found, told({role: found})

    def test_is_walked_by_people_who_are_there(self):
        assert {f"demo-{role}" for role in ROLES} <= {person.username for person in PEOPLE}
