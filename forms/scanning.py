"""Have files looked at for malware, and keep those shut that have not passed."""

import logging
import shlex
import subprocess
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from forms.models import Attachment

log = logging.getLogger(__name__)

Scan = Attachment.Scan
_BATCH = 50
# What clamscan and clamdscan end with; whatever else a command says is no finding.
_FOUND = {0: Scan.CLEAN, 1: Scan.INFECTED}


class ScannerFailed(Exception):
    """The scanner did not say what it found."""


class FileLocked(PermissionDenied):
    """A file is not handed out before it has been scanned, nor if malware was found in it."""


def first_state() -> Attachment.Scan:
    """Return how a new file stands: to be scanned, or never where there is no scanner."""
    return Scan.WAITING if settings.SCAN_COMMAND else Scan.NONE


def content_of(file: Attachment, *, by: Any) -> File[bytes]:
    """Open a file that a person may see; until it is scanned, only for whoever handed it in.

    :raises FileLocked: if malware was found in it, or nobody has looked yet
    """
    if file.scan == Scan.INFECTED:
        raise FileLocked(
            _("Malware was found in this file: nobody can open it. Ask for another copy.")
        )
    if file.scan == Scan.WAITING and file.uploaded_by_id != by.pk:
        raise FileLocked(
            _("This file is still being scanned for malware. Try again in a few minutes.")
        )
    return file.file.open("rb")


def scan_waiting(*, at: datetime) -> int:
    """Scan the files that wait, one batch at most, and return how many were scanned.

    The database decides what waits, so that nothing is lost with the broker. A file on which
    the scanner fails goes behind the others and ends the round: it waits for the next.
    """
    done = 0
    while settings.SCAN_COMMAND and done < _BATCH and _scan_next(at):
        done += 1
    return done


def _scan_next(at: datetime) -> bool:
    file = _take_next(at)
    if file is None:
        return False
    try:
        found = _verdict(file)
    except ScannerFailed:
        log.exception("File %s could not be scanned and waits for the next round", file.pk)
        return False
    if found == Scan.INFECTED:
        log.error("Malware found in file %s, case %s: it is locked", file.pk, file.about or "none")
    Attachment.objects.filter(pk=file.pk).update(scan=found, scanned_at=at)
    return True


@transaction.atomic
def _take_next(at: datetime) -> Attachment | None:
    """Take the file that has waited longest; who scans beside this one takes another."""
    waiting = Attachment.objects.select_for_update(skip_locked=True).filter(scan=Scan.WAITING)
    file = waiting.order_by(F("scanned_at").asc(nulls_first=True), "id").first()
    if file is None or file.scanned_at == at:
        return None
    Attachment.objects.filter(pk=file.pk).update(scanned_at=at)
    return file


def _verdict(file: Attachment) -> Attachment.Scan:
    command = [*shlex.split(settings.SCAN_COMMAND), file.file.path]
    try:
        said = subprocess.run(
            command, capture_output=True, timeout=settings.SCAN_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ScannerFailed(str(problem)) from problem
    if said.returncode not in _FOUND:
        raise ScannerFailed(said.stderr.decode(errors="replace")[:400])
    return _FOUND[said.returncode]
