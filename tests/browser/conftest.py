"""Chromium before a live server on a day in September, and people who look at it."""

import datetime as dt

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.browser.visitor import LOCALES, Visitor
from tests.conftest import TUESDAY
from tests.pgserver import browser

PASSWORD = "示例-correct-horse"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a process."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would take every query for an async one.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=browser(), args=ARGUMENTS)
        yield launched
        launched.close()


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self):
        self.now = TUESDAY

    def forward(self, **by):
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    stands = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: stands.now.astimezone(dt.UTC))
    return stands


@pytest.fixture
def visit(chromium, emptying_the_log, live_server, clock):
    """Let people come in, with their language and screen, and hear their complaints at the end."""
    came = []

    def come_in(user=None, *, language="zh-hans", width=1280, **screen):
        context = chromium.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            **screen,
        )
        if user is not None:
            context.add_cookies([_session(user, live_server.url)])
        came.append(Visitor(context, live_server.url, language))
        return came[-1]

    yield come_in
    for visitor in came:
        visitor.leaves()


@pytest.fixture
def arrive(visit):
    """Let a person come in by the page for signing in."""

    def come_in(person, **screen):
        person.user.set_password(PASSWORD)
        person.user.save(update_fields=["password"])
        visitor = visit(**screen)
        visitor.signs_in(person.user, PASSWORD)
        return visitor

    return come_in


def _session(user, site):
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
