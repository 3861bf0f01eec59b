"""How people look at their work: the views they keep, alone or with their unit."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit


class SavedView(models.Model):
    """A way of looking at the inbox or the queue, kept under a name; shared if it has a unit."""

    class Of(models.TextChoices):
        INBOX = "inbox", _("My inbox")
        QUEUE = "queue", _("Queue")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("kept by"),
        on_delete=models.CASCADE,
        related_name="views",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("shared with"),
        on_delete=models.CASCADE,
        null=True,
        related_name="views",
    )
    of = models.CharField(_("list"), max_length=8, choices=Of.choices)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=400)
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "of", "name"], name="one_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name
