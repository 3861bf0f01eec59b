"""Start programs that log to a file, lead their own session and die with us."""

import ctypes
import os
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG, _PR_SET_SECUREBITS, _PR_CAP_AMBIENT = 1, 28, 47
_NO_SETUID_FIXUP = 4
_CAP_DAC_OVERRIDE = 1
NOBODY = 65534


class Unable(Exception):
    """Something a person must know, in a sentence: the program ends with it."""


@dataclass
class Child:
    """A running program, its log and the signal it ends by."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ends_by: signal.Signals
    told: bool = False

    def ended(self) -> bool:
        """Say whether it has ended."""
        return self.process.poll() is not None

    def tell(self) -> None:
        """Ask it to end, once: a second time is taken as impatience."""
        if not self.told and not self.ended():
            self.process.send_signal(self.ends_by)
        self.told = True

    def stop(self, patience_s: float = 10) -> None:
        """Ask it to end; when patience is over, end it and all it started."""
        self.tell()
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait(self) -> None:
        """Wait for its end, or end it when we are interrupted.

        :raises Unable: if it ended badly
        """
        try:
            code = self.process.wait()
        finally:
            self.stop()
        if code:
            raise Unable(self.obituary())

    def obituary(self) -> str:
        """Say that it ended, where its log is and what it said last."""
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        said = "".join(f"\n    {line}" for line in last)
        return f"{self.name} ended with code {self.process.poll()}; its log is {self.log}{said}"


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    ends_by: signal.Signals = signal.SIGTERM,
    become: Callable[[], None] = lambda: None,
    keep: Sequence[int] = (),
    says: bytes | None = None,
) -> Child:
    """Start a program that ends when we do, however we end; the last run's log is kept beside.

    ``become`` runs in the child first, ``keep`` are files it inherits, ``says`` is its input.

    :raises Unable: if it cannot be started
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    try:
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL if says is None else subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=env,
                pass_fds=keep,
                start_new_session=True,
                preexec_fn=_mortal(become, ends_by),
            )
    except OSError as error:
        raise Unable(f"{name} cannot be started: {error}") from error
    _tell(process, says)
    return Child(name, process, log, ends_by)


def _tell(process: subprocess.Popen[bytes], says: bytes | None) -> None:
    if process.stdin and says is not None:
        process.stdin.write(says)
        process.stdin.close()


def _mortal(become: Callable[[], None], ends_by: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        become()
        # After a change of user: that change clears the wish.
        _LIBC.prctl(_PR_SET_PDEATHSIG, ends_by)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def until(ready: Callable[[], bool], child: Child, *, within_s: float) -> None:
    """Wait until a child is ready.

    :raises Unable: if it ends before or takes too long
    """
    end = time.monotonic() + within_s
    while not ready():
        if child.ended():
            raise Unable(child.obituary())
        if time.monotonic() > end:
            raise Unable(f"{child.name} was not ready in {within_s:.0f} s; its log is {child.log}")
        time.sleep(0.05)


def end_with_parent() -> None:
    """Be told to end when the program that started us ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def enter_user_namespace() -> None:
    """Go on as nobody in a namespace of our own: outside, files stay root's."""
    if _LIBC.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")


def become_nobody() -> None:
    """Go on as the user nobody, still able to enter root's folders where that can be kept."""
    # Without this, PostgreSQL's access(2) forgets what we keep.
    _LIBC.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    kept = 1 << _CAP_DAC_OVERRIDE
    version_3_of_ourselves = struct.pack("Ii", 0x20080522, 0)
    _LIBC.capset(version_3_of_ourselves, struct.pack("6I", kept, kept, kept, 0, 0, 0))
    _LIBC.prctl(_PR_CAP_AMBIENT, 2, _CAP_DAC_OVERRIDE, 0, 0)


def possible(become: Callable[[], None]) -> bool:
    """Try a change of user on a program that does nothing."""
    try:
        return subprocess.run(["true"], preexec_fn=become, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
