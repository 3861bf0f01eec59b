"""What waits is carried: again if it fails, never twice, and no message stops another."""

import datetime as dt
import logging
import threading

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from notifications import delivery, outbox, pdf, tasks
from notifications.models import Delivery, Letter
from tests.notifications.letter_values import NOON, issued

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")
EMAIL = Delivery.Channel.EMAIL


@pytest.fixture
def person(db):
    return User.objects.create_user("wei", email="wei@example.com")


@pytest.fixture
def carrier(monkeypatch):
    """Return a function that puts another carrier in the place of the e-mail."""
    return lambda carry: monkeypatch.setitem(delivery.CARRIERS, EMAIL, carry)


def _queue(person, count=1, letter=None):
    for number in range(count):
        outbox.send(
            to=person, about="XF-1", subject=f"{number}", body="请查收。", letter=letter, at=NOON
        )


def _after(minutes):
    return NOON + dt.timedelta(minutes=minutes)


class TestDeliverDue:
    def test_sends_the_message_with_the_pdf_of_its_letter_once(self, person):
        letter = issued()
        _queue(person, letter=letter)
        assert delivery.deliver_due(at=NOON) == 1
        assert delivery.deliver_due(at=_after(60)) == 0
        (sent,) = mail.outbox
        assert (sent.to, sent.subject, sent.body) == (["wei@example.com"], "0", "请查收。")
        ((name, content, kind),) = sent.attachments
        assert (name, kind) == (f"{letter.number}.pdf", "application/pdf")
        assert content.startswith(b"%PDF-")
        assert Delivery.objects.get().state == "sent"
        assert Delivery.objects.get().sent_at == NOON

    def test_leaves_what_is_not_due(self, person):
        _queue(person)
        assert delivery.deliver_due(at=_after(-1)) == 0

    def test_tries_again_later_and_keeps_the_problem(self, person, carrier):
        def refuse(message):
            raise ConnectionRefusedError("mail service is down")

        _queue(person)
        carrier(refuse)
        delivery.deliver_due(at=NOON)
        (waiting,) = Delivery.objects.all()
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        assert waiting.problem == "ConnectionRefusedError: mail service is down"
        assert waiting.next_try_at == _after(1)
        carrier(lambda message: None)
        assert delivery.deliver_due(at=NOON) == 0
        assert delivery.deliver_due(at=_after(1)) == 1
        assert Delivery.objects.get().state == "sent"
        assert Delivery.objects.get().problem == ""

    def test_waits_longer_each_time_and_gives_up_loudly(self, person, carrier, settings, caplog):
        settings.NOTIFICATION_ATTEMPTS = 4
        _queue(person)
        carrier(lambda message: 1 / 0)
        waits, at = [], NOON
        for _ in range(4):
            assert delivery.deliver_due(at=at) == 1
            due = Delivery.objects.get().next_try_at
            waits.append((due - at).total_seconds() / 60)
            at = due
        assert waits[:3] == [1, 4, 16]
        assert Delivery.objects.get().state == "failed"
        assert "ZeroDivisionError" in Delivery.objects.get().problem
        assert [r.levelno for r in caplog.records].count(logging.ERROR) == 1
        assert delivery.deliver_due(at=_after(10**6)) == 0

    def test_is_not_stopped_by_a_poisoned_message(self, person, carrier):
        carried = []

        def carry(message):
            if message.subject == "1":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT broken")
            carried.append(message.subject)

        _queue(person, count=3)
        carrier(carry)
        assert delivery.deliver_due(at=NOON) == 3
        assert carried == ["0", "2"]
        assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
            "sent",
            "waiting",
            "sent",
        ]

    def test_fails_a_message_whose_addressee_has_lost_the_address(self, person):
        _queue(person)
        User.objects.update(email="")
        delivery.deliver_due(at=NOON)
        assert Delivery.objects.get().problem.startswith("NotTaken")

    def test_fails_only_the_message_whose_letter_was_altered(self, person):
        _queue(person, letter=issued())
        Letter.objects.update(html="不同的文字")
        _queue(person)
        assert delivery.deliver_due(at=NOON) == 2
        assert len(mail.outbox) == 1
        assert Delivery.objects.get(state="waiting").problem.startswith("LetterAltered")

    def test_keeps_the_pdf_when_only_the_mail_fails(self, person, carrier):
        carrier(lambda message: 1 / 0)
        _queue(person, letter=issued())
        delivery.deliver_due(at=NOON)
        assert Letter.objects.get().pdf

    def test_mails_without_pdf_where_none_can_be_made(self, person, monkeypatch):
        monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
        _queue(person, letter=issued())
        delivery.deliver_due(at=NOON)
        assert mail.outbox[0].attachments == []


class TestMakePdfs:
    def test_makes_each_that_is_missing_once(self, db):
        issued(number="一")
        issued(number="二")
        assert delivery.make_pdfs() == 2
        assert delivery.make_pdfs() == 0

    def test_is_not_stopped_by_a_letter_that_cannot_be_made(self, db, caplog):
        bad = issued(number="一")
        Letter.objects.filter(pk=bad.pk).update(html="不同的文字")
        issued(number="二")
        assert delivery.make_pdfs() == 1
        assert f"letter {bad.pk}" in caplog.text


def test_the_task_carries_and_makes_pdfs(person):
    issued()
    _queue(person)
    assert tasks.deliver.delay().get() == 1
    assert len(mail.outbox) == 1
    assert Letter.objects.get().pdf


def _in_threads(count, work):
    def run():
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    @pytest.fixture(autouse=True)
    def _cleaned(self, emptying_the_log):
        """The log's own trigger must let the tables be emptied."""

    def test_never_carry_the_same_message(self, person, carrier):
        carried, together = [], threading.Barrier(3)

        def work():
            together.wait(timeout=10)
            delivery.deliver_due(at=NOON)

        _queue(person, count=30)
        carrier(lambda message: carried.append(message.subject))
        for thread in _in_threads(3, work):
            thread.join(timeout=60)
        assert sorted(carried, key=int) == [str(number) for number in range(30)]
        assert not Delivery.objects.exclude(state="sent").exists()

    def test_pass_by_a_message_that_another_is_carrying(self, person, carrier):
        begun, finish = threading.Event(), threading.Event()
        carried = []

        def carry(message):
            carried.append(message.subject)
            begun.set()
            assert finish.wait(timeout=10)

        _queue(person)
        carrier(carry)
        (thread,) = _in_threads(1, lambda: delivery.deliver_due(at=NOON))
        assert begun.wait(timeout=10)
        assert delivery.deliver_due(at=NOON) == 0
        finish.set()
        thread.join(timeout=10)
        assert carried == ["0"]

    def test_take_up_what_a_crashed_worker_left(self, person, carrier):
        def crash(message):
            raise SystemExit

        _queue(person)
        carrier(crash)
        with pytest.raises(SystemExit):
            delivery.deliver_due(at=NOON)
        carrier(lambda message: None)
        assert delivery.deliver_due(at=NOON) == 1
        assert Delivery.objects.get().attempts == 1

    def test_make_one_pdf_of_one_letter(self, monkeypatch):
        made, together, real = [], threading.Barrier(2), pdf.pdf_of

        def pdf_of(letter):
            made.append(letter.pk)
            return real(letter)

        def work():
            together.wait(timeout=10)
            pdf.keep(letter.pk)

        letter = issued()
        pdf.is_available()
        monkeypatch.setattr(pdf, "pdf_of", pdf_of)
        for thread in _in_threads(2, work):
            thread.join(timeout=60)
        assert made == [letter.pk]
