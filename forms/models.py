"""What people hand in, and what they have begun to write."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """One file as it was handed in, known by its SHA-256; ``about`` is empty until it is used."""

    class Scan(models.TextChoices):
        NONE = "none", _("Not scanned for malware: no scanner is installed")
        WAITING = "waiting", _("Waits for the malware scan")
        CLEAN = "clean", _("Scanned, nothing found")
        INFECTED = "infected", _("Malware found: the file is locked")

    about = models.CharField(_("case"), max_length=40, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m/")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("handed in at"))
    # The English name of what the file is for, as the form asked for it; shown translated.
    item = models.CharField(_("what it is for"), max_length=120, blank=True)
    scan = models.CharField(_("scan"), max_length=8, choices=Scan.choices, default=Scan.NONE)
    scanned_at = models.DateTimeField(_("scanned at"), null=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody has typed and not yet handed in: theirs alone, and gone once it is.

    ``about`` names the form: an address of ours without its question mark and what follows
    it, or with it where the address alone does not say what the form is about.
    """

    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.CASCADE,
        related_name="drafts",
    )
    about = models.CharField(_("form"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    answers = models.JSONField(_("answers"), default=dict)
    page = models.CharField(_("page"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering: ClassVar = ["-saved_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["writer", "about"], name="one_draft_per_form")
        ]

    def __str__(self) -> str:
        return self.about
