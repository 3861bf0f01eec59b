"""The published list of items for which a commitment may be made, version by version."""

import csv
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.db import models
from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from notifications.templatetags.letter_words import zh_basis
from workflows import policy
from workflows.acts import Refused
from workflows.calendar import ONE_DAY


class VersionPublished(Refused):
    """A published version of an item is never edited; publish a new one in its place."""

    status = 409


class Variant(models.TextChoices):
    """What the commitment stands in for (casebook §3.2)."""

    CERTIFICATE = "A", _("A commitment instead of a certificate")
    PERMIT = "B", _("A commitment instead of the check before a permit")
    GAP = "C", _("Accepted although secondary material is missing")


class PromisedTerm(models.TextChoices):
    """Within which time an item is promised to be decided; its length stands in the terms."""

    WD3 = "wd3", _("3 working days")
    WD5 = "wd5", _("5 working days")
    WD10 = "wd10", _("10 working days")
    WD15 = "wd15", _("15 working days")
    WD20 = "wd20", _("20 working days")


class VerifyMethod(models.TextChoices):
    """How many of the commitments of an item are verified (国办发〔2020〕42号 (九))."""

    ALL = "all", _("every commitment is verified")
    SAMPLE = "sample", _("commitments drawn by lot are verified")
    NONE = "none", _("no verification; daily supervision only")


class VerifyTerm(models.TextChoices):
    """Within which time a commitment is verified; its length stands in the terms."""

    WD10 = "wd10", _("10 working days")
    WD20 = "wd20", _("20 working days")
    M2 = "m2", _("2 months")


class Item(models.Model):
    """One matter on the list, whatever its versions say."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    def current(self, on: date) -> "ItemVersion | None":
        """Return the version published on a day, or none."""
        return published(on).filter(item=self).first()


class ItemVersion(models.Model):
    """What applies to an item from one day to another; never edited once it is published.

    The texts that a party signs are Chinese: they are quoted, not translated.
    """

    item = models.ForeignKey(
        Item, verbose_name=_("item"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    variant = models.CharField(_("variant"), max_length=1, choices=Variant.choices)
    basis = models.CharField(_("setting basis"), max_length=200)
    certificate = models.TextField(_("certificate replaced"), blank=True)
    conditions = models.TextField(_("conditions"))
    main_materials = models.JSONField(_("main material"), default=list)
    may_be_missing = models.JSONField(_("material that may follow later"), default=list)
    promised_term = models.CharField(_("promised term"), max_length=4, choices=PromisedTerm.choices)
    verify_method = models.CharField(_("verification"), max_length=6, choices=VerifyMethod.choices)
    verify_term = models.CharField(
        _("term of verification"), max_length=4, choices=VerifyTerm.choices
    )
    excluded_field = models.CharField(_("excluded field"), max_length=20, blank=True)
    approving = models.ForeignKey(
        Unit, verbose_name=_("approving authority"), on_delete=models.PROTECT, related_name="+"
    )
    supervising = models.ForeignKey(
        Unit, verbose_name=_("supervising department"), on_delete=models.PROTECT, related_name="+"
    )
    is_public = models.BooleanField(_("commitment is public"), default=True)
    public_scope = models.CharField(_("where it is public"), max_length=200, blank=True)
    public_period = models.CharField(_("how long it is public"), max_length=200, blank=True)
    liability = models.TextField(_("liability"))
    statements = models.JSONField(_("statements to tick"), default=list)
    published_from = models.DateField(_("published from"), null=True)
    published_until = models.DateField(_("published until"), null=True)

    class Meta:
        verbose_name = _("version of an item")
        verbose_name_plural = _("versions of items")
        ordering: ClassVar = ["item", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="one_item_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft; what was published is closed to changes, in the database too.

        :raises VersionPublished: if it was published
        """
        if self.pk and published_ever().filter(pk=self.pk).exists():
            raise VersionPublished
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a draft.

        :raises VersionPublished: if it was published
        """
        if published_ever().filter(pk=self.pk).exists():
            raise VersionPublished
        return super().delete(*args, **kwargs)

    @property
    def basis_cited(self) -> str:
        """The setting basis as Chinese officials cite it."""
        return str(zh_basis(self.basis))


def published_ever() -> "QuerySet[ItemVersion]":
    """Return every version that was ever published."""
    return ItemVersion.objects.filter(published_from__isnull=False)


def published(on: date) -> "QuerySet[ItemVersion]":
    """Return the versions published on a day, one for each item on the list."""
    still = Q(published_until=None) | Q(published_until__gte=on)
    found = published_ever().filter(still, published_from__lte=on)
    return found.select_related("item", "approving", "supervising")


def version_of(code: str, on: date) -> ItemVersion | None:
    """Return the version of an item published on a day, or none; read once for a page or an act."""
    found = published(on).filter(item__code=code)
    return policy.remembered(("version of", code, on), found.first)


def publish(version: ItemVersion, *, on: date) -> None:
    """Put a version on the list from a day on; it takes the place of the one before.

    :raises VersionPublished: if it was published already
    """
    retire(version.item, last=on - ONE_DAY)
    version.published_from = on
    version.save()


class NotPublishable(Refused):
    """A version is published from today or later, and after the one it takes the place of."""


def publish_from(version: ItemVersion, since: date, *, today: date) -> None:
    """Put a draft on the list from a day on that has not passed.

    :raises VersionPublished: if it was published already
    :raises NotPublishable: if the day has passed, or the version before begins no earlier
    """
    # Two at once would both find the version before them unended.
    Item.objects.select_for_update().get(pk=version.item_id)
    if published_ever().filter(pk=version.pk).exists():
        raise VersionPublished
    later = published_ever().filter(item=version.item_id, published_from__gte=since)
    if since < today or later.exists():
        raise NotPublishable
    publish(version, on=since)


def next_number(item: Item) -> int:
    """Return the number of the next version of an item, which stays locked until then."""
    Item.objects.select_for_update().get(pk=item.pk)
    last: int | None = item.versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def draft_from(version: ItemVersion) -> ItemVersion:
    """Draft the next version of an item, which says what this one says."""
    draft = ItemVersion.objects.get(pk=version.pk)
    draft.pk, draft.number = None, next_number(version.item)
    draft.published_from = draft.published_until = None
    draft._state.adding = True
    draft.save()
    return draft


def retire(item: Item, *, last: date) -> None:
    """Take an item off the list after a last day; cases begun before go on."""
    published_ever().filter(item=item, published_until=None).update(published_until=last)


def load_items(path: Path) -> int:
    """Put the list of a file into the tables and return how many versions were new.

    :raises Unit.DoesNotExist: if it names a unit that is not there
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return sum(_add(row) for row in csv.DictReader(lines))


def _add(row: dict[str, str]) -> bool:
    names = {"name": row["name"], "name_en": row["name_en"]}
    item, _new = Item.objects.get_or_create(code=row["code"], defaults=names)
    if item.versions.filter(number=row["version"]).exists():
        return False
    publish(_version(item, row), on=date.fromisoformat(row["from"]))
    return True


def _version(item: Item, row: dict[str, str]) -> ItemVersion:
    listed = ("main_materials", "may_be_missing", "statements")
    plain = ("variant", "basis", "certificate", "conditions", "promised_term", "verify_method")
    told = ("verify_term", "excluded_field", "public_scope", "public_period", "liability")
    return ItemVersion(
        item=item,
        number=int(row["version"]),
        approving=Unit.objects.get(code=row["approving"]),
        supervising=Unit.objects.get(code=row["supervising"]),
        is_public=row["public"] == "yes",
        **{name: [part for part in row[name].split(";") if part] for name in listed},
        **{name: row[name] for name in (*plain, *told)},
    )
