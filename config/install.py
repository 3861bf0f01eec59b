"""Prepare a bare Debian: a virtual environment with pinned packages, and the libraries of letters.

Run as a file with any Python 3.11, before anything is installed: standard library only.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

BASE = Path(__file__).resolve().parents[1]
HOME = BASE / ".venv"
PYTHON = HOME / "bin" / "python"
_APT = ["apt-get", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1", "-qq"]
_PIP = ["--disable-pip-version-check", "install"]
_OF_LETTERS = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
}


def main(requirements: str) -> None:
    """Install what a requirements file pins, unless it is there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - nothing has been checked yet
        sys.exit(f"Python 3.11 or later is needed; {sys.executable} is {sys.version.split()[0]}.")
    pinned = BASE / requirements
    stamp = HOME / f"{pinned.stem}.sha256"
    if not _works():
        _say("Making the virtual environment .venv")
        venv.create(HOME, clear=True, symlinks=True, with_pip=False)
    if not stamp.exists() or stamp.read_text(encoding="ascii") != _hash(pinned):
        _say(f"Installing the packages of {pinned.name} (once: one to two minutes)")
        subprocess.run([*_installer(), "-r", str(pinned)], check=True)
        stamp.write_text(_hash(pinned), encoding="ascii")
    if absent := [name for name, library in _OF_LETTERS.items() if not _loads(library)]:
        debian(absent, without="letters are served as pages to print, not as PDF")


def debian(packages: Sequence[str], *, without: str) -> bool:
    """Install Debian packages when we are root; otherwise say the line to type. Never fails."""
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if os.geteuid() == 0 and shutil.which("apt-get") and _apt_installs(packages):
        return True
    _say(f"Missing: {' '.join(packages)}; without them {without}. As root: {line}")
    return False


def _apt_installs(packages: Sequence[str]) -> bool:
    _say(f"Installing from Debian: {' '.join(packages)}")
    install = [*_APT, "install", "-y", "--no-install-recommends", *packages]
    return _succeeds(install) or (_succeeds([*_APT, "update"]) and _succeeds(install))


def _succeeds(command: Sequence[str]) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)
    return done.returncode == 0


def _works() -> bool:
    return PYTHON.exists() and _succeeds([str(PYTHON), "-c", "pass"])


def _installer() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", str(PYTHON)]
    # Debian's pip installs into any environment; its venv cannot make one with a pip of its own.
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), *_PIP]
    if find_spec("ensurepip") and _succeeds([str(PYTHON), "-m", "ensurepip"]):
        return [str(PYTHON), "-m", "pip", *_PIP]
    if debian(["python3-pip"], without="nothing can be installed"):
        return _installer()
    sys.exit(1)


def _hash(pinned: Path) -> str:
    return hashlib.sha256(pinned.read_bytes()).hexdigest()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except subprocess.CalledProcessError:
        sys.exit("The packages could not be installed: see what the installer said above.")
    except KeyboardInterrupt:
        sys.exit(130)
