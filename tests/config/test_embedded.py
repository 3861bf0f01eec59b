"""The servers a clone keeps for itself, seen by the commands that use them."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from config.servers import Postgres, Valkey

KEEPER = """
import os, time
from config.embedded import servers_for
with servers_for(["manage.py", "anything"]):
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("clone") / "var"


@pytest.fixture
def own_environment(var):
    """Nothing named but where this clone keeps its things."""
    named = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    mine = {key: value for key, value in os.environ.items() if key not in named}
    return {**mine, "XINBAN_VAR": str(var)}


@pytest.fixture
def postgres(var):
    return Postgres(var / "postgres", var / "log")


@pytest.fixture
def room(var, postgres):
    return var / "run" / postgres.name


@contextmanager
def another_command(environment):
    """Keep the servers in another process; yields it and their URLs."""
    command = [sys.executable, "-c", KEEPER]
    with subprocess.Popen(
        command, env=environment, cwd=embedded.BASE, stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            yield other, other.stdout.readline().split()
        finally:
            other.send_signal(signal.SIGINT)


def asked(url, sql):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()
    finally:
        connection.close()


def within(seconds, happens):
    end = time.monotonic() + seconds
    while not happens() and time.monotonic() < end:
        time.sleep(0.05)
    return happens()


class TestServers:
    def test_keep_what_was_written_and_stop(self, postgres, room):
        with embedded.joined_or_kept(postgres, room) as url:
            asked(url, "CREATE TABLE kept AS SELECT 7 AS n; SELECT 1")
        stopped = url

        with embedded.joined_or_kept(postgres, room) as url:
            assert asked(url, "SELECT n FROM kept") == (7,)
        assert not postgres.answers(stopped)
        assert not (room / "url").exists()

    def test_lose_nothing_of_what_was_committed(self, postgres, room):
        with embedded.joined_or_kept(postgres, room) as url:
            settings = "fsync", "synchronous_commit", "full_page_writes", "data_checksums"
            shown = ", ".join(f"current_setting('{name}')" for name in settings)
            assert asked(url, f"SELECT {shown}") == ("on", "on", "on", "on")

    def test_are_joined_by_a_second_command(self, own_environment, postgres, room):
        with (
            another_command(own_environment) as (_, (url, _)),
            embedded.joined_or_kept(postgres, room) as joined,
        ):
            assert joined == url
            assert postgres.child is None

    def test_wait_for_those_who_joined_before_they_stop(self, var, own_environment):
        valkey = Valkey(var / "valkey", var / "log")
        room = var / "run" / valkey.name
        with (
            another_command(own_environment) as (other, _),
            embedded.joined_or_kept(valkey, room) as url,
        ):
            other.send_signal(signal.SIGINT)
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(0.5)
            assert valkey.answers(url)

    def test_end_with_a_command_that_is_killed(self, own_environment, postgres, room):
        with another_command(own_environment) as (other, (url, redis_url)):
            other.kill()
            valkey = Valkey(room, room)

            assert within(5, lambda: not postgres.answers(url) and not valkey.answers(redis_url))
        with embedded.joined_or_kept(postgres, room) as again:
            assert postgres.answers(again)

    def test_are_open_to_nobody_else(self, var, own_environment):
        with another_command(own_environment) as (_, (url, redis_url)):
            sockets = url.split("host=")[1].split("&")[0]
            password = redis_url.split(":")[2].split("@")[0]

            assert oct(Path(sockets).stat().st_mode & 0o777) == "0o700"
            assert asked(url, "SELECT current_setting('listen_addresses')") == ("",)
            assert not Valkey(var, var).answers(redis_url.replace(password, "guess"))


class TestManage:
    def manage(self, *words, environment):
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, env=environment, cwd=embedded.BASE, capture_output=True, text=True, check=True
        )

    def test_starts_nothing_to_say_its_version(self, own_environment, tmp_path):
        elsewhere = {**own_environment, "XINBAN_VAR": str(tmp_path / "var")}
        self.manage("--version", environment=elsewhere)
        assert not (tmp_path / "var" / "run").exists()

    @pytest.mark.parametrize("named", [["--settings", "a.b"], ["--settings=a.b"]])
    def test_starts_nothing_for_settings_of_other_servers(self, named, monkeypatch):
        monkeypatch.setattr(embedded, "missing", lambda: pytest.fail("our data were touched"))
        with embedded.servers_for(["manage.py", "check", *named]):
            pass

    def test_leaves_named_servers_alone(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql:///theirs")
        monkeypatch.setenv("REDIS_URL", "redis://theirs")
        assert embedded.missing() == {}


class TestLaunch:
    def test_says_that_the_port_is_taken_before_it_starts_anything(self, own_environment, var):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = subprocess.run(
                [sys.executable, "-m", "config.launch"],
                env={**own_environment, "PORT": port, "XINBAN_VAR": str(var / "other")},
                cwd=embedded.BASE,
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert f"Port {port} cannot be used" in done.stderr
        assert not (var / "other").exists()
