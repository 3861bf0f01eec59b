"""How and when a letter reached the party."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models import Letter
from workflows.models.cases import Case


class Service(models.Model):
    """The service of one letter: clocks against the party count from its effective day (§2.5)."""

    class Method(models.TextChoices):
        DIRECT = "direct", _("Handed over, receipt signed")
        ELECTRONIC = "electronic", _("Electronically, in the party's account")
        POST = "post", _("By post, receipt returned")
        LEFT = "left", _("Left behind, with witnesses or recording")
        ENTRUSTED = "entrusted", _("Through another organ")
        ANNOUNCED = "announced", _("By public announcement")

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="services"
    )
    letter = models.OneToOneField(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, related_name="service"
    )
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, blank=True)
    effective_on = models.DateField(_("effective on"), null=True)
    proof = models.CharField(_("proof"), max_length=400, blank=True)
    served_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("served by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("service of a letter")
        verbose_name_plural = _("services of letters")
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="services_of_case")]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.method}"
