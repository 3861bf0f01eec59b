"""Who may sign in, for which organisation or unit, and with what duty."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """What a member of a unit is charged with; one queue per unit and duty."""

    COUNTER = "counter", _("Counter clerk")
    ACCEPTOR = "acceptor", _("Acceptance officer")
    HANDLER = "handler", _("Handler")
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")


# Duties that only watch: they work no queue, and nobody stands in for them.
WATCHING = frozenset({Duty.SUPERVISOR, Duty.AUDITOR})


class User(AbstractUser):
    """A person with an account; deactivated when they leave, never deleted."""

    display_name = models.CharField(_("name"), max_length=60, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class Unit(models.Model):
    """An office of the district: a department, a bureau, a town."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent unit"), on_delete=models.PROTECT, null=True, blank=True
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_credit_office = models.BooleanField(_("is the credit office"), default=False)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_credit_office"],
                condition=Q(is_credit_office=True),
                name="one_credit_office",
            )
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    def queue(self, duty: str) -> str:
        """Return the key of the queue that one duty of this unit works."""
        return f"{self.code}/{duty}"


class Membership(models.Model):
    """A person's duty in a unit, from a day and perhaps until a day."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="memberships"
    )
    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "unit", "duty", "since"], name="one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_duty_display()}"


class Substitution(models.Model):
    """A person who takes the place of an absent one in a unit, from a day until a day.

    It passes on what the absent person really holds on the day, and never what they only
    stand in for themselves: a substitute of a substitute reaches nothing by it.
    """

    absent = models.ForeignKey(
        User, verbose_name=_("absent person"), on_delete=models.PROTECT, related_name="absences"
    )
    substitute = models.ForeignKey(
        User, verbose_name=_("substitute"), on_delete=models.PROTECT, related_name="substitutions"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="substitutions"
    )
    duty = models.CharField(
        _("duty"),
        max_length=12,
        choices=[(duty, label) for duty, label in Duty.choices if duty not in WATCHING],
        blank=True,
        help_text=_("Leave empty for every duty of the absent person in this unit."),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    given_by = models.ForeignKey(
        User, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")), name="nobody_stands_in_for_themself"
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("until")), name="substitution_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(duty__in=sorted(WATCHING)), name="nobody_stands_in_for_a_watcher"
            ),
        ]

    def __str__(self) -> str:
        told = {"substitute": self.substitute, "absent": self.absent, "unit": self.unit}
        return str(_("%(substitute)s for %(absent)s (%(unit)s)") % told)

    def clean(self) -> None:
        """Refuse what passes nothing on, or passes it to the absent person themself."""
        if self.absent_id is not None and self.absent_id == self.substitute_id:
            raise ValidationError({"substitute": _("Nobody stands in for themselves.")})
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})


class Representation(models.Model):
    """A person's right to act for one organisation, known by its unified code."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="representations"
    )
    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "credit_code", "since"], name="one_representation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.credit_code}"


class ApiToken(models.Model):
    """A token that signs a person in to the API; only its SHA-256 is kept."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="api_tokens"
    )
    digest = models.CharField(_("SHA-256 of the token"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


def in_force(on: date) -> Q:
    """Return the test that a membership, substitution or representation holds on a day."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))
