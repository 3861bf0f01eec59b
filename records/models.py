"""The organisations and the credit records that cases are about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Subject(models.Model):
    """An organisation with a unified social credit code; never a natural person."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes: ClassVar = [models.Index(Substr("credit_code", 9, 9), name="subject_by_body")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def shown(self) -> list["Record"]:
        """The records about this organisation that are published."""
        return list(self.records.filter(publication=Record.Publication.PUBLISHED))


class Alias(models.Model):
    """A name or number an organisation was known by, or is known by elsewhere."""

    class Kind(models.TextChoices):
        FORMER_NAME = "former_name", _("Former name")
        FORMER_CODE = "former_code", _("Former unified code")
        REGISTRATION_NUMBER = "registration_number", _("Registration number")
        ORGANISATION_CODE = "organisation_code", _("Organisation code")
        TAX_NUMBER = "tax_number", _("Tax number")

    subject = models.ForeignKey(
        Subject, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="aliases"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    value = models.CharField(_("name or number"), max_length=200, db_index=True)
    since = models.DateField(_("known since"), null=True)
    until = models.DateField(_("known until"), null=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "kind", "value"], name="one_alias_once"),
            # An import files what comes under a former code with the one organisation it led to.
            models.UniqueConstraint(
                fields=["value"], condition=Q(kind="former_code"), name="one_heir_of_a_code"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Standing(models.TextChoices):
    """How a record is shown, in the one word that stands wherever it is shown."""

    PUBLISHED = "published", _("Published")
    OBJECTED = "objected", _("Published; an objection is being handled")
    WITHHELD = "withheld", _("Display withheld for the time being")
    UNPUBLISHED = "unpublished", _("Not published")
    STOPPED = "stopped", _("Publication stopped")
    REPAIRED = "repaired", _("Repaired; no longer published")
    REMOVED = "removed", _("Removed; no longer published")


class Record(models.Model):
    """One administrative decision about an organisation, as its authority reported it."""

    class Kind(models.TextChoices):
        PENALTY = "penalty", _("Administrative penalty")
        PERMIT = "permit", _("Administrative permit")
        LIST_ENTRY = "list_entry", _("Entry on the list of serious dishonesty")
        ABNORMAL_ENTRY = "abnormal_entry", _("Entry on the list of abnormal operation")
        COMMITMENT = "commitment", _("Credit commitment")

    class Publication(models.TextChoices):
        """Where the showing of a record stands; only cases and timers move it."""

        PUBLISHED = "published", _("Published")
        UNPUBLISHED = "unpublished", _("Not published")
        WITHHELD = "withheld", _("Withheld for the time being")
        STOPPED = "stopped", _("Publication stopped")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
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
    marked_by = models.CharField(
        _("marked by"), max_length=40, blank=True, help_text=_("number of the case that objects")
    )
    withheld_by = models.JSONField(
        _("withheld by"), default=list, help_text=_("numbers of the cases that withhold it")
    )
    fulfilled_on = models.DateField(_("duty fulfilled on"), null=True)
    repaired_on = models.DateField(_("repaired on"), null=True)
    removed_on = models.DateField(_("removed on"), null=True)
    refuted = models.JSONField(
        _("values found wrong"), default=dict, help_text=_("by fact; no import brings them back")
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

    @property
    def standing(self) -> Standing:
        """How the record is shown."""
        if self.removed_on:
            return Standing.REMOVED
        if self.repaired_on:
            return Standing.REPAIRED
        if self.marked_by and self.publication == self.Publication.PUBLISHED:
            return Standing.OBJECTED
        return Standing(self.publication)

    @property
    def is_tombstone(self) -> bool:
        """Test that the record has ended for good; only a case may bring it back."""
        return bool(self.repaired_on or self.removed_on)


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
