"""What ties one case to another, what holds a case up, and what one case has to do to another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.models.cases import Case


class Relation(models.Model):
    """A lasting tie between two cases; that they concern the same record needs no row."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        FOLLOWS = "follows", _("Was followed by")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    source = models.ForeignKey(
        Case, verbose_name=_("from case"), on_delete=models.PROTECT, related_name="leads_to"
    )
    target = models.ForeignKey(
        Case, verbose_name=_("to case"), on_delete=models.PROTECT, related_name="comes_from"
    )

    class Meta:
        verbose_name = _("relation between cases")
        verbose_name_plural = _("relations between cases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target"], name="one_relation_per_pair")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Suspension(models.Model):
    """One cause for which a case stands still; it goes on when the last of them has ended."""

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="suspensions"
    )
    cause = models.CharField(_("cause"), max_length=20)
    source = models.ForeignKey(
        Case,
        verbose_name=_("because of case"),
        on_delete=models.PROTECT,
        null=True,
        related_name="suspends",
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "cause", "source"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="one_open_suspension_per_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.cause}"


class Errand(models.Model):
    """What an act in one case has to do to another, in an act of its own: no lock is nested."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open a case")
        SUSPEND = "suspend", _("Suspend a case")
        RESUME = "resume", _("Let a case go on")
        CONCLUDE = "conclude", _("Close a case that waited for another")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    source = models.ForeignKey(
        Case, verbose_name=_("from case"), on_delete=models.PROTECT, related_name="errands"
    )
    target = models.ForeignKey(
        Case,
        verbose_name=_("to case"),
        on_delete=models.PROTECT,
        null=True,
        related_name="errands_to",
    )
    detail = models.JSONField(_("detail"), default=dict)
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        indexes: ClassVar = [
            models.Index(fields=["id"], name="errand_waiting", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source_id} → {self.target_id}"
