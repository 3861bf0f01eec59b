"""The log, its sealed values, the numbers given out, and the pulse of the sweep."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One event in the log of one case; never changed, never deleted.

    ``detail`` holds no personal value: each stands in ``sealed`` as a salted commitment,
    the value and its salt beside it in :class:`Sealed`, which may be erased without
    breaking the chain. The columns that enter the hash are listed in ``audit.SEALED_BY_HASH``.
    """

    stream = models.CharField(_("about"), max_length=40)
    seq = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("event"), max_length=60)
    by = models.CharField(_("by"), max_length=40)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    sealed = models.JSONField(_("sealed values"), default=dict)
    algorithm = models.CharField(_("algorithm"), max_length=12, default="sha256")
    previous = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="no_gap_and_no_fork")
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class Sealed(models.Model):
    """A personal value that an entry commits to; erasing the row erases the value for good."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="values")
    name = models.CharField(_("name"), max_length=60)
    salt = models.CharField(_("salt"), max_length=64)
    value = models.JSONField(_("value"))

    class Meta:
        verbose_name = _("sealed value")
        verbose_name_plural = _("sealed values")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "name"], name="one_value_per_name")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.name}"


class Series(models.Model):
    """The last number given out in one series of one year."""

    name = models.CharField(_("series"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "year"], name="one_series_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.last}"


class Heartbeat(models.Model):
    """One sweep of the deadlines: when, and what it found."""

    at = models.DateTimeField(_("at"), db_index=True)
    examined = models.PositiveIntegerField(_("examined"))
    told = models.PositiveIntegerField(_("told"))
    failed = models.PositiveIntegerField(_("failed"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.at:%F %T}: {self.examined}/{self.told}"
