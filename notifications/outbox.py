"""The outbox: what people are told, written with the act itself; carrying it is for later."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from accounts.models import User
from notifications.models import Delivery, Letter, Message

_LONGEST_SUBJECT = 200


def send(
    *,
    to: User | Iterable[User],
    about: str,
    subject: str,
    body: str,
    letter: Letter | None = None,
    at: datetime,
) -> Sequence[Message]:
    """Put one message in the inbox of each person, inside the caller's transaction.

    Those with an e-mail address are written to as well, after the act. Lazy texts are
    written in the service's own language, whatever the language of the person who acts.
    Neither broker nor network is touched.
    """
    with override(settings.LANGUAGE_CODE):
        subject, body = " ".join(str(subject).split())[:_LONGEST_SUBJECT], str(body)
    people = {to} if isinstance(to, User) else dict.fromkeys(to)
    messages = Message.objects.bulk_create(
        Message(to=user, about=about, letter=letter, subject=subject, body=body, queued_at=at)
        for user in people
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Delivery.Channel.EMAIL, next_try_at=at)
        for message in messages
        if message.to.email
    )
    return messages


def messages_of(viewer: User, *, about: str | None = None) -> QuerySet[Message]:
    """Return the messages to a person, newest first, perhaps about one case only."""
    mine = Message.objects.filter(to=viewer).select_related("letter").order_by("-queued_at", "-pk")
    return mine if about is None else mine.filter(about=about)


def unread(viewer: User) -> QuerySet[Message]:
    """Return the messages a person has not read yet."""
    return messages_of(viewer).filter(read_at=None)


def mark_read(messages: Iterable[Message], *, by: User, at: datetime) -> int:
    """Note when the addressee first read messages; anybody else's reading counts for nothing."""
    keys = [message.pk for message in messages]
    return Message.objects.filter(pk__in=keys, to=by, read_at=None).update(read_at=at)
