"""The tests' own PostgreSQL, started once, and a browser when a test needs it."""

import fcntl
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir

import pytest

_LENT = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    # Before pytest-django reads the settings. Workers inherit the controller's server.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    if "DATABASE_URL" not in os.environ:
        from config.embedded import throwaway

        os.environ["DATABASE_URL"] = _LENT.enter_context(throwaway())
    return (yield)


def browser():
    """Return where Debian's Chromium is, the one without windows if there is one."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def pytest_collection_finish(session):
    needed = any(item.get_closest_marker("browser") for item in session.items)
    if not needed or session.config.option.collectonly or browser():
        return
    with Path(gettempdir(), "xinban-chromium.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not browser():
            _install_a_browser()


def _install_a_browser():
    from config.install import debian

    if not debian(["chromium-headless-shell"], without="tests drive the larger browser"):
        debian(["chromium"], without="browser tests fail")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    _LENT.close()
