"""The outbox: what people are told, written with the act itself; carrying it is for later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import override

from accounts.models import User
from notifications.models import Delivery, Letter, Message

_LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Draft:
    """One message to be written to several people."""

    to: Sequence[User]
    about: str
    subject: str
    body: str
    letter: Letter | None = None


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
        subject, body = str(subject), str(body)
    people = [to] if isinstance(to, User) else list(dict.fromkeys(to))
    return post([Draft(people, about, subject, body, letter)], at=at)


def post(drafts: Iterable[Draft], *, at: datetime) -> Sequence[Message]:
    """Put several messages in the inboxes of their people; two inserts for all of them."""
    messages = Message.objects.bulk_create(
        _message(draft, user, at) for draft in drafts for user in draft.to
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Delivery.Channel.EMAIL, next_try_at=at)
        for message in messages
        if message.to.email
    )
    return messages


def _message(draft: Draft, user: User, at: datetime) -> Message:
    return Message(
        to=user,
        about=draft.about,
        letter=draft.letter,
        subject=" ".join(draft.subject.split())[:_LONGEST_SUBJECT],
        body=draft.body,
        queued_at=at,
    )


def messages_of(viewer: User, *, about: str | None = None) -> QuerySet[Message]:
    """Return the messages to a person, newest first, perhaps about one case only."""
    mine = Message.objects.filter(to=viewer).select_related("letter").order_by("-queued_at", "-pk")
    return mine if about is None else mine.filter(about=about)


def messages_about(viewer: User, about: str) -> QuerySet[Any]:
    """Return the messages to a person about one case, newest first.

    Each also knows how many messages of all the person has not read: ``unread``.
    """
    every = unread(viewer).order_by().values("to").annotate(n=Count("pk")).values("n")
    return messages_of(viewer, about=about).annotate(unread=Coalesce(Subquery(every), 0))


def unread(viewer: User) -> QuerySet[Message]:
    """Return the messages a person has not read yet."""
    return messages_of(viewer).filter(read_at=None)


def mark_read(messages: Iterable[Message], *, by: User, at: datetime) -> int:
    """Note when the addressee first read messages; anybody else's reading counts for nothing."""
    keys = [message.pk for message in messages]
    return Message.objects.filter(pk__in=keys, to=by, read_at=None).update(read_at=at)
