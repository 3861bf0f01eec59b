"""Letters as issued, and the outbox that carries messages to people."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One official letter as it was issued; its text never changes."""

    about = models.CharField(_("case"), max_length=40, db_index=True)
    name = models.SlugField(_("letter"), max_length=40)
    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120)
    html = models.TextField(_("text"))
    html_en = models.TextField(_("English reading copy"))
    sha256 = models.CharField("SHA-256", max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    pdf = models.FileField(_("PDF"), upload_to="letters/%Y/%m/", blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes: ClassVar = [
            models.Index(fields=["id"], name="letter_without_pdf", condition=Q(pdf=""))
        ]

    def __str__(self) -> str:
        return self.number


class Message(models.Model):
    """One message to one person, readable in the portal from the moment the act is done."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.PROTECT,
        related_name="messages_received",
    )
    about = models.CharField(_("case"), max_length=40, db_index=True)
    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, null=True, blank=True
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    queued_at = models.DateTimeField(_("queued at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(fields=["to", "-queued_at"], name="message_inbox"),
            models.Index(fields=["to"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """The carrying of one message by one channel, until it arrives or is given up."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    message = models.ForeignKey(
        Message, verbose_name=_("message"), on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    problem = models.CharField(_("last problem"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_per_channel")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.channel}"
