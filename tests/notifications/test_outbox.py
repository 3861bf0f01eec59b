"""Messages are written with the act, read by their addressee, and carried later."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from notifications import outbox
from notifications.models import Delivery, Message
from tests.notifications.letter_values import NOON, issued

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)


@pytest.fixture
def wei():
    return User.objects.create_user("wei", email="wei@example.com")


@pytest.fixture
def lan():
    return User.objects.create_user("lan")


def send(to, **changed):
    said = {"about": "XF-2026-000001", "subject": "受理通知", "body": "请查收。", "at": NOON}
    return outbox.send(to=to, **{**said, **changed})


class TestSend:
    def test_tells_everyone_and_mails_those_who_have_an_address(self, wei, lan):
        send([wei, lan])
        assert {m.to for m in Message.objects.all()} == {wei, lan}
        assert [d.message.to for d in Delivery.objects.all()] == [wei]
        assert mail.outbox == []

    def test_costs_two_inserts_however_many_people(self, wei, lan, django_assert_num_queries):
        with django_assert_num_queries(2):
            send([wei, lan])

    def test_takes_one_person_and_tells_nobody_twice(self, wei):
        assert len(send(wei)) == 1
        assert len(send([wei, wei])) == 1

    def test_leaves_nothing_when_the_act_is_undone(self, wei):
        with transaction.atomic():
            send(wei, letter=issued())
            transaction.set_rollback(True)

        assert not Message.objects.exists()
        assert not Delivery.objects.exists()

    def test_writes_in_the_language_of_the_service_whoever_acts(self, wei):
        with override("en"):
            (message,) = send(wei, subject=gettext_lazy("Monday"))
        assert message.subject == "星期一"

    def test_keeps_a_subject_to_one_line_that_fits(self, wei):
        (message,) = send(wei, subject="甲\r\nBcc: x@example.com " + "乙" * 300)
        assert message.subject.startswith("甲 Bcc: x@example.com 乙")
        assert len(message.subject) == 200


class TestInbox:
    def test_shows_a_person_only_their_own_newest_first(self, wei, lan):
        send([wei, lan], subject="旧")
        send(wei, subject="新", at=LATER)
        assert [m.subject for m in outbox.messages_of(wei)] == ["新", "旧"]
        assert [m.subject for m in outbox.messages_of(lan)] == ["旧"]

    def test_can_be_about_one_case(self, wei):
        send(wei)
        send(wei, about="XF-2026-000002")
        assert outbox.messages_of(wei, about="XF-2026-000002").count() == 1

    def test_marks_the_first_reading_by_the_addressee_only(self, wei, lan):
        (message,) = send(wei)
        assert not outbox.mark_read([message], by=lan, at=NOON)
        assert outbox.unread(wei).count() == 1
        assert outbox.mark_read([message], by=wei, at=NOON)
        assert not outbox.mark_read([message], by=wei, at=LATER)
        message.refresh_from_db()
        assert message.read_at == NOON
        assert not outbox.unread(wei).exists()
