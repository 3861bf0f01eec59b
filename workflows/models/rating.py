"""What the party of a case says of how it was served (好差评)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.cases import Case


class Rating(models.Model):
    """One grade for one closed case (一事一评), and how a poor one was followed up.

    国办发〔2019〕51号; GB/T 39734-2020, GB/T 39735-2020.
    """

    class Grade(models.IntegerChoices):
        VERY_GOOD = 5, _("Very satisfied")
        GOOD = 4, _("Satisfied")
        FAIR = 3, _("Fairly satisfied")
        POOR = 2, _("Dissatisfied")
        VERY_POOR = 1, _("Very dissatisfied")

    case = models.OneToOneField(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="rating"
    )
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade.choices)
    comment = models.TextField(_("comment"), blank=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("rated by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    rated_at = models.DateTimeField(_("rated at"))
    follow_up = models.TextField(_("follow-up"), blank=True)
    followed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("followed up by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    followed_up_at = models.DateTimeField(_("followed up at"), null=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering: ClassVar = ["-rated_at"]
        indexes: ClassVar = [models.Index(fields=["grade", "-rated_at"], name="rating_grade")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.grade}"
