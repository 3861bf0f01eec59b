"""Run the whole service on one machine: servers, tables, demo, web, worker, beat and watch."""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from config import children, embedded
from config.children import Child, Unable

_MANAGE = [sys.executable, str(embedded.BASE / "manage.py")]
_CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
_OTHERS_MAY_FINISH_S = 3


def main() -> int:
    """Start everything, show where it is and who may sign in, and stop everything at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    os.chdir(embedded.BASE)
    _heed_signals()
    try:
        _run(_port())
    except KeyboardInterrupt:
        print("Everything is stopped; what was done is kept in var/.")
    except Unable as unable:
        print(f"\n{unable}", file=sys.stderr)
        return 1
    return 0


def _run(port: int) -> None:
    began = time.monotonic()
    with ExitStack() as stack, _stopping_undisturbed():
        stack.enter_context(_only_one(port))
        servers = _servers(stack)
        with _step("Tables"):
            _manage("migrate", "--no-input").wait()
        with _step("Demo records and people"):
            people = _manage("demo")
            people.wait()
        with _step("Web, worker, beat and watch"):
            faces = _faces(port, stack)
        print(people.log.read_text(encoding="utf-8"))
        print(f"Xinban: http://127.0.0.1:{port}/   ({time.monotonic() - began:.0f} s)")
        print("Ctrl-C stops everything. Logs: var/log/", flush=True)
        _watch([*servers, *faces])


def _servers(stack: ExitStack) -> list[Child]:
    """Start the servers the environment does not name."""
    started = []
    for name, server in embedded.missing().items():
        with _step(server.name):
            at = embedded.room(server)
            keeping = embedded.kept(server, at, patience_s=_OTHERS_MAY_FINISH_S)
            os.environ[name] = stack.enter_context(keeping)
        if server.child:
            started.append(server.child)
    return started


def _manage(*command: str) -> Child:
    return children.start(command[0], [*_MANAGE, *command], log=_log(command[0]))


def _faces(port: int, stack: ExitStack) -> list[Child]:
    web = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--workers=2"]
    web += [f"--bind=127.0.0.1:{port}", "--graceful-timeout=5", "--no-control-socket"]
    worker = [*_CELERY, "worker", "--concurrency=1", "--loglevel=INFO", "--without-mingle"]
    beat = [*_CELERY, "beat", f"--schedule={embedded.var() / 'run' / 'beat'}", "--loglevel=INFO"]
    watch = [*_MANAGE, "watch_clock"]
    commands = {"web": web, "worker": worker, "beat": beat, "watch": watch}
    started: dict[str, Child] = {}
    stack.callback(_stop, started)
    for name, command in commands.items():
        started[name] = children.start(name, command, log=_log(name))
    children.until(lambda: _answers(port), started["web"], within_s=90)
    children.until(lambda: _says_ready(started["worker"]), started["worker"], within_s=90)
    return list(started.values())


def _stop(started: dict[str, Child]) -> None:
    for child in started.values():
        child.tell()
    for child in started.values():
        child.stop(patience_s=8)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/live")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _says_ready(worker: Child) -> bool:
    return b" ready." in worker.log.read_bytes()


def _watch(running: list[Child]) -> None:
    """Wait for a signal.

    :raises Unable: if something ends by itself
    """
    while True:
        for child in running:
            if child.ended():
                raise Unable(f"{child.obituary()}\nEverything else is stopped too.")
        time.sleep(0.3)


@contextmanager
def _only_one(port: int) -> Iterator[None]:
    """Hold the clone: it runs once.

    :raises Unable: if it runs already
    """
    address = embedded.var() / "run" / "address"
    with ExitStack() as stack:
        try:
            stack.enter_context(embedded.locked(address, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            raise Unable(f"It runs already: {address.read_text(encoding='ascii')}") from None
        address.write_text(f"http://127.0.0.1:{port}/", encoding="ascii")
        yield


def _port() -> int:
    """Read the port from the environment.

    :raises Unable: if it is no port, or taken
    """
    wanted = os.environ.get("PORT", "8000")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except (ValueError, OverflowError):
            raise Unable(f"PORT={wanted} is no port; PORT=8123 make run would be.") from None
        except OSError as error:
            reason = f"Port {wanted} cannot be used ({error.strerror})."
            raise Unable(f"{reason} Another one: PORT=8123 make run") from None
    return int(wanted)


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{name} ...", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def _log(name: str) -> Path:
    return embedded.var() / "log" / f"{name}.log"


def _heed_signals() -> None:
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, _interrupt)
    if "MAKELEVEL" in os.environ:
        children.end_with_parent()


def _heed_nothing() -> None:
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, signal.SIG_IGN)


@contextmanager
def _stopping_undisturbed() -> Iterator[None]:
    try:
        yield
    finally:
        _heed_nothing()


def _interrupt(_sent: int, _frame: FrameType | None) -> None:
    _heed_nothing()
    print("\nStopping ...", flush=True)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
