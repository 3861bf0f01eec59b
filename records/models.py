"""The organisations and the credit records that cases are about."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.Model):
    """An organisation with a unified social credit code; never a natural person."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """One administrative decision about an organisation, as its authority reported it."""

    class Kind(models.TextChoices):
        PENALTY = "penalty", _("Administrative penalty")
        PERMIT = "permit", _("Administrative permit")

    class Publication(models.TextChoices):
        """Where the showing of a record stands; only cases and timers move it."""

        PUBLISHED = "published", _("Published")
        UNPUBLISHED = "unpublished", _("Not published")
        STOPPED = "stopped", _("Publication stopped")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    document_number = models.CharField(_("document number"), max_length=100)
    subject = models.ForeignKey(
        Subject, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="records"
    )
    authority_code = models.CharField(_("authority's unified code"), max_length=18, db_index=True)
    authority_name = models.CharField(_("authority"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    categories = models.JSONField(_("categories"), default=list)
    conduct = models.CharField(_("conduct"), max_length=400, blank=True)
    facts = models.TextField(_("facts"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    content = models.TextField(_("content"), blank=True)
    fine_fen = models.BigIntegerField(_("fine (fen)"), null=True)
    confiscated_fen = models.BigIntegerField(_("confiscated (fen)"), null=True)
    valid_from = models.DateField(_("valid from"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    publication = models.CharField(
        _("publication"),
        max_length=12,
        choices=Publication.choices,
        default=Publication.PUBLISHED,
    )
    reported = models.JSONField(_("row as reported"), default=dict)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document_number", "subject", "authority_code"],
                name="one_record_per_decision",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-decided_on"], name="record_of_subject")
        ]

    def __str__(self) -> str:
        return self.document_number


class Place(models.TextChoices):
    """A place where records are shown; which of them count is policy data."""

    AUTHORITY = "authority", _("The authority's own site")
    CREDIT_CHINA = "credit_china", _("Credit China")
    PROVINCE = "province", _("Credit China (Shandong)")
    CITY = "city", _("Credit Jinan")


class Showing(models.Model):
    """One place that shows a record, and since when it no longer does."""

    record = models.ForeignKey(
        Record, verbose_name=_("record"), on_delete=models.PROTECT, related_name="showings"
    )
    place = models.CharField(_("place"), max_length=30, choices=Place.choices)
    stopped_on = models.DateField(_("stopped on"), null=True)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("showing")
        verbose_name_plural = _("showings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "place"], name="one_showing_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.record} at {self.place}"
