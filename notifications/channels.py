"""Carry one message by one channel; an exception means that it did not arrive."""

from django.core.mail import EmailMessage

from notifications.models import Delivery, Letter, Message


class NotTaken(Exception):
    """The mail service took no address of this message."""


def by_email(message: Message) -> None:
    """Send a message by e-mail, with the PDF of its letter when there is one.

    :raises NotTaken: if it was sent to nobody
    """
    mail = EmailMessage(subject=message.subject, body=message.body, to=[message.to.email])
    if message.letter and message.letter.pdf:
        mail.attach(f"{message.letter.number}.pdf", _content(message.letter), "application/pdf")
    if not mail.send():
        raise NotTaken(message.to.email)


def _content(letter: Letter) -> bytes:
    with letter.pdf.open("rb") as file:
        content: bytes = file.read()
    return content


CARRIERS = {Delivery.Channel.EMAIL: by_email}
