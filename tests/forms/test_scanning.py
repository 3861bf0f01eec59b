"""The malware scan: what waits for it, what it finds, and what stays shut."""

import datetime as dt
import stat
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from accounts.models import User
from config.celery import app
from forms import attachments, scanning, tasks
from forms.base import StepForm
from forms.fields import AttachmentsField
from tests.actors import a_pdf
from tests.conftest import TUESDAY

pytestmark = pytest.mark.django_db
LATER = TUESDAY + dt.timedelta(minutes=1)
EVIL = b"\n%EVIL"


class Asked(StepForm):
    title = "Asked"
    proof = AttachmentsField()


@pytest.fixture
def scanner(settings, tmp_path):
    """A scanner that knows one virus, writes down what it was shown, and may be broken."""
    script, seen = tmp_path / "scan", tmp_path / "seen"
    broken = tmp_path / "broken"
    script.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        f"with open({str(seen)!r}, 'a') as out: out.write(path.name + '\\n')\n"
        f"if pathlib.Path({str(broken)!r}).exists(): sys.exit(2)\n"
        "sys.exit(1 if b'EVIL' in path.read_bytes() else 0)\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    settings.SCAN_COMMAND = f"{script} --no-summary"
    return tmp_path


@pytest.fixture
def somebody():
    return User.objects.create_user("somebody")


@pytest.fixture
def hand_in(somebody):
    def handed_in(name="证明.pdf", extra=b""):
        upload = SimpleUploadedFile(name, a_pdf() + extra)
        return attachments.store(upload, by=somebody, at=TUESDAY)

    return handed_in


def stands(file):
    file.refresh_from_db()
    return file.scan


class TestWithoutAScanner:
    def test_a_file_says_so_and_opens(self, hand_in, settings):
        settings.SCAN_COMMAND = ""
        file = hand_in()

        assert file.scan == "none"
        assert scanning.scan_waiting(at=LATER) == 0
        with scanning.content_of(file, by=User()) as content:
            assert content.read(4) == b"%PDF"
        with override("en"):
            assert file.get_scan_display() == ("Not scanned for malware: no scanner is installed")


class TestAFile:
    def test_waits_and_then_passes(self, scanner, hand_in):
        file = hand_in()
        assert file.scan == "waiting"

        assert scanning.scan_waiting(at=LATER) == 1
        assert stands(file) == "clean"
        assert file.scanned_at == LATER

    def test_with_malware_is_locked_and_an_error_in_the_log(self, scanner, hand_in, caplog):
        good, bad = hand_in(), hand_in("坏.pdf", EVIL)
        scanning.scan_waiting(at=LATER)

        assert (stands(good), stands(bad)) == ("clean", "infected")
        assert f"file {bad.pk}" in caplog.text

    def test_is_scanned_by_the_task_and_only_once(self, scanner, hand_in):
        hand_in()

        assert (tasks.scan(), tasks.scan()) == (1, 0)
        assert len((scanner / "seen").read_text().splitlines()) == 1

    def test_is_not_forgotten_while_the_scanner_is_broken(self, scanner, hand_in, caplog):
        files = [hand_in(f"{n}.pdf") for n in range(3)]
        (scanner / "broken").touch()
        assert scanning.scan_waiting(at=LATER) == 0
        assert len((scanner / "seen").read_text().splitlines()) == 1  # one failure ends a round

        (scanner / "broken").unlink()
        assert scanning.scan_waiting(at=LATER + dt.timedelta(minutes=1)) == 3
        assert {stands(file) for file in files} == {"clean"}

    def test_that_breaks_the_scanner_goes_behind_the_others(self, scanner, hand_in, monkeypatch):
        first, second = hand_in("1.pdf"), hand_in("2.pdf")
        path = first.file.path
        verdict = scanning._verdict

        def fails_on_the_first(file):
            if file.file.path == path:
                raise scanning.ScannerFailed
            return verdict(file)

        monkeypatch.setattr(scanning, "_verdict", fails_on_the_first)
        scanning.scan_waiting(at=LATER)
        scanning.scan_waiting(at=LATER + dt.timedelta(minutes=1))

        assert (stands(first), stands(second)) == ("waiting", "clean")

    def test_waits_where_the_scanner_is_missing(self, hand_in, settings):
        settings.SCAN_COMMAND = "/nowhere/scan"
        file = hand_in()

        assert scanning.scan_waiting(at=LATER) == 0
        assert stands(file) == "waiting"

    def test_waits_where_the_scanner_hangs(self, scanner, hand_in, settings):
        (scanner / "scan").write_text("#!/bin/sh\nexec sleep 30\n")
        settings.SCAN_TIMEOUT_SECONDS = 1
        file = hand_in()

        assert scanning.scan_waiting(at=LATER) == 0
        assert stands(file) == "waiting"


class TestWhatIsLocked:
    def test_is_open_to_its_sender_alone_until_it_is_scanned(self, scanner, hand_in, somebody):
        file = hand_in()

        with scanning.content_of(file, by=somebody):
            pass
        with override("en"), pytest.raises(PermissionDenied, match="still being scanned"):
            scanning.content_of(file, by=User.objects.create_user("other"))

    def test_opens_to_nobody_where_malware_was_found(self, scanner, hand_in, somebody):
        file = hand_in(extra=EVIL)
        scanning.scan_waiting(at=LATER)
        file.refresh_from_db()

        with override("en"), pytest.raises(PermissionDenied, match="Malware was found"):
            scanning.content_of(file, by=somebody)

    def test_may_be_handed_in_while_it_waits(self, scanner, hand_in, somebody):
        form = Asked({"proof": [str(hand_in().pk)]}, by=somebody, on=TUESDAY.date())

        assert form.is_valid()

    def test_may_not_be_handed_in_with_malware(self, scanner, hand_in, somebody):
        file = hand_in("坏.pdf", EVIL)
        scanning.scan_waiting(at=LATER)
        form = Asked({"proof": [str(file.pk)]}, by=somebody, on=TUESDAY.date())

        with override("en"):
            assert form.errors["proof"] == [
                "Malware was found in “坏.pdf”. Leave it out and hand in another copy."
            ]


class TestTheTimetable:
    @pytest.mark.parametrize("task", ["forms.tasks.scan", "forms.tasks.drop_unused"])
    def test_asks_for_what_waits_without_any_request(self, task):
        assert task in {entry["task"] for entry in app.conf.beat_schedule.values()}
        assert task in app.tasks
