"""One clone's own servers: the first command starts them, others join, the first stops them."""

import fcntl
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.children import Unable
from config.servers import Postgres, Server, Valkey

BASE = Path(__file__).resolve().parents[1]
_JOIN_WITHIN_S = 90
_WITHOUT_SERVERS = {"--version", "version", "--help", "-h", "help"}


def var() -> Path:
    """Return the folder of everything this clone keeps."""
    return Path(os.environ.get("XINBAN_VAR", BASE / "var")).resolve()


@contextmanager
def servers_for(command: Sequence[str]) -> Iterator[None]:
    """Have the servers ready that a command of ``manage.py`` needs, as long as it runs."""
    settings = _settings_of(command)
    with ExitStack() as stack:
        if not command[1:] or command[1] in _WITHOUT_SERVERS:
            pass
        elif settings == "config.settings.development":
            for name, server in missing().items():
                os.environ[name] = stack.enter_context(joined_or_kept(server, room(server)))
        elif settings == "config.settings.test" and "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = stack.enter_context(throwaway())
        yield


def missing() -> dict[str, Server]:
    """Return the servers the environment does not name, by the variable that would."""
    logs = var() / "log"
    ours: dict[str, Server] = {
        "DATABASE_URL": Postgres(var() / "postgres", logs),
        "REDIS_URL": Valkey(var() / "valkey", logs),
    }
    return {name: server for name, server in ours.items() if name not in os.environ}


def room(server: Server) -> Path:
    """Return the folder where commands of this clone agree on a server."""
    return var() / "run" / server.name


@contextmanager
def throwaway() -> Iterator[str]:
    """Keep a PostgreSQL that forgets everything and yield its URL."""
    with tempfile.TemporaryDirectory(prefix="xinban-once-") as folder:
        home = Path(folder)
        # As root it may run as another user, who must be able to reach it.
        home.chmod(0o711)
        with kept(Postgres(home / "postgres", home, durable=False), home / "run") as url:
            yield url


@contextmanager
def kept(server: Server, at: Path, *, patience_s: float = 0) -> Iterator[str]:
    """Start a server, yield its URL, and stop it; waits while another command keeps it.

    ``patience_s`` is how long those who joined may finish.
    """
    with ExitStack() as stack:
        url = _keep(server, at, stack, patience_s)
        if not url:
            _say(f"Another command of this clone keeps {server.name}: waiting for it to end.")
        while not url:
            time.sleep(0.1)
            url = _keep(server, at, stack, patience_s)
        yield url


@contextmanager
def joined_or_kept(server: Server, at: Path) -> Iterator[str]:
    """Yield the URL of a server another command keeps, or keep it until all have finished.

    :raises Unable: if another command keeps it and it does not answer
    """
    end = time.monotonic() + _JOIN_WITHIN_S
    with ExitStack() as stack:
        url = ""
        while not url:
            url = _keep(server, at, stack, math.inf) or _join(server, at, stack)
            if not url and time.monotonic() > end:
                raise Unable(f"Another command keeps {server.name}, but it does not answer.")
            time.sleep(0 if url else 0.1)
        yield url


def _keep(server: Server, at: Path, stack: ExitStack, patience_s: float) -> str:
    try:
        lock = stack.enter_context(locked(at / "keeper", fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return ""
    return stack.enter_context(_running(server, at, lock, patience_s))


def _join(server: Server, at: Path, stack: ExitStack) -> str:
    with locked(at / "turn", fcntl.LOCK_EX):
        remembered = at / "url"
        url = remembered.read_text(encoding="ascii") if remembered.exists() else ""
        if not url or not server.answers(url):
            return ""
        stack.enter_context(locked(at / "users", fcntl.LOCK_SH))
        return url


@contextmanager
def _running(server: Server, at: Path, lock: int, patience_s: float) -> Iterator[str]:
    remembered = at / "url"
    try:
        with locked(at / "turn", fcntl.LOCK_EX):
            # The server inherits the lock: who comes after our sudden end waits for its end too.
            url = server.start(keep=lock)
            remembered.write_text(url, encoding="ascii")
        yield url
    finally:
        with _last_turn(server, at, patience_s):
            server.stop()
            remembered.unlink(missing_ok=True)


@contextmanager
def _last_turn(server: Server, at: Path, patience_s: float) -> Iterator[None]:
    began = time.monotonic()
    told = False
    while True:
        with locked(at / "turn", fcntl.LOCK_EX):
            if _nobody_joined(at) or time.monotonic() - began >= patience_s:
                yield
                return
        if not told and time.monotonic() - began > 1:
            _say(f"Other commands of this clone still use {server.name}: waiting for them.")
            told = True
        time.sleep(0.1)


def _nobody_joined(at: Path) -> bool:
    try:
        with locked(at / "users", fcntl.LOCK_EX | fcntl.LOCK_NB):
            return True
    except BlockingIOError:
        return False


@contextmanager
def locked(path: Path, how: int) -> Iterator[int]:
    """Hold a lock file of this clone, exclusively or shared, and yield it.

    :raises BlockingIOError: if another holds it and ``how`` says not to wait
    :raises Unable: if the folder is not ours
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise Unable(f"{path.parent} belongs to another user; is {var()} theirs?") from error
    try:
        fcntl.flock(file, how)
        yield file
    finally:
        os.close(file)


def _settings_of(command: Sequence[str]) -> str:
    for word, following in zip(command, [*command[1:], ""], strict=True):
        if word == "--settings":
            return following
        if word.startswith("--settings="):
            return word.removeprefix("--settings=")
    return os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.development")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
