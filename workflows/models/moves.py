"""What one person proposes and a second decides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from workflows.models.cases import Case


class Proposal(models.Model):
    """Something one person proposes and a second person decides: nothing happens before."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("Suspend the case")
        RESUME = "resume", _("Resume the case")
        EXTEND = "extend", _("Extend a time limit")
        CORRECT_START = "correct_start", _("Correct the start of a clock")
        RECUSE = "recuse", _("Recuse a person")
        TERM = "term", _("Change a term")
        CALENDAR = "calendar", _("Load a calendar")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT)
    detail = models.JSONField(_("detail"), default=dict)
    reason = models.TextField(_("reason"))
    evidence = models.TextField(_("evidence"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    granted = models.BooleanField(_("granted"), null=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes: ClassVar = [
            models.Index(fields=["unit", "id"], name="proposal_open", condition=Q(decided_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.case_id or self.detail.get('key')}"


class Recusal(models.Model):
    """A person who has no hand in a case any more, because of a tie to its party or matter.

    回避 (行政处罚法 §43; 公务员法 §76-77): the head decides; the work goes on meanwhile.
    """

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="recusals"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="recusals",
    )
    proposal = models.OneToOneField(
        Proposal, verbose_name=_("proposal"), on_delete=models.PROTECT, null=True
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="one_recusal_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: not {self.person}"
