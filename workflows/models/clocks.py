"""The rule values, the calendar, the running clocks and the ladder they climb."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from workflows import clock
from workflows.clock import Light, Period
from workflows.models.cases import Case, WorkItem


class Term(models.Model):
    """One edition of one rule value: a period, a list, a convention of the office."""

    key = models.CharField(_("key"), max_length=80)
    value = models.CharField(_("value"), max_length=400)
    unit = models.CharField(_("unit"), max_length=12)
    starts = models.CharField(_("start event"), max_length=120, blank=True)
    rolls = models.BooleanField(_("rolls past rest days"), default=True)
    in_force = DateRangeField(_("in force"))
    basis = models.CharField(_("legal basis"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=8)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="no_two_editions_at_once",
                expressions=[("key", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value} {self.unit}"

    def is_in_force(self, on: date) -> bool:
        """Test that this edition is in force on a day."""
        since, before = self.in_force.lower, self.in_force.upper
        return (since is None or since <= on) and (before is None or on < before)

    @property
    def period(self) -> Period:
        """The value as a period of time."""
        return Period(
            key=self.key,
            length=int(self.value),
            unit=clock.Unit(self.unit),
            starts=tuple(self.starts.split()),
            rolls=self.rolls,
            basis=self.basis,
            certainty=self.certainty,
        )


class Day(models.Model):
    """A day the State Council has declared: a holiday, or a weekend day that is worked."""

    day = models.DateField(_("day"), primary_key=True)
    is_worked = models.BooleanField(_("worked"))
    notice = models.CharField(_("notice"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("declared day")
        verbose_name_plural = _("declared days")

    def __str__(self) -> str:
        return f"{self.day:%F}"


class Purpose(models.TextChoices):
    """What a clock is for: the limit of the law, the office's shorter promise, a legal fiction."""

    LIMIT = "limit", _("time limit")
    PROMISE = "promise", _("promised")
    DEEMED = "deemed", _("deemed accepted")
    OVERRUN = "overrun", _("consequence of delay")


class Deadline(models.Model):
    """One running clock of a case or of one of its steps; its dates are caches of ``clock.due``.

    One that starts with the service of a letter waits for it: it has no start and no date yet.
    """

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="deadlines"
    )
    item = models.ForeignKey(
        WorkItem,
        verbose_name=_("work item"),
        on_delete=models.PROTECT,
        null=True,
        related_name="deadlines",
    )
    term = models.ForeignKey(Term, verbose_name=_("term"), on_delete=models.PROTECT)
    started_on = models.DateField(_("started on"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    amber_on = models.DateField(_("amber from"), null=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    purpose = models.CharField(
        _("purpose"), max_length=8, choices=Purpose.choices, default=Purpose.LIMIT
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    was_met = models.BooleanField(_("met"), null=True)
    rung = models.PositiveSmallIntegerField(_("rung reached"), default=0)
    next_rung_on = models.DateField(_("next rung on"), null=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes: ClassVar = [
            models.Index(
                fields=["next_rung_on", "id"], name="deadline_rung", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} · {self.due_on}"

    def light(self, on: Any) -> Light:
        """Return the light of this clock on a day; a promise broken is amber, never red."""
        light = clock.light(on=on, due_on=self.due_on, amber_on=self.amber_on)
        is_promise = self.purpose == Purpose.PROMISE
        return Light.AMBER if is_promise and light == Light.RED else light


class Rung(models.Model):
    """One rung of the ladder that running clocks climb: when, whom it tells, what it asks.

    ``terms`` is the beginning of the keys whose clocks climb it; the ladder with the longest
    fitting beginning is theirs, and the empty one fits every clock.

    A rung of the amber light is due when the light turns amber; one of the red light
    ``after`` working days after the last day, the first being the day after it.
    """

    class Of(models.TextChoices):
        AMBER = "amber", _("amber light")
        RED = "red", _("red light")

    terms = models.CharField(_("terms"), max_length=80, blank=True)
    number = models.PositiveSmallIntegerField(_("number"))
    light = models.CharField(_("light"), max_length=6, choices=Of.choices)
    after = models.PositiveSmallIntegerField(_("working days after"), default=0)
    tells = models.CharField(_("tells"), max_length=80)
    urges = models.BooleanField(_("asks for an answer"), default=False)
    basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        ordering: ClassVar = ["terms", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terms", "number"], name="one_rung_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.terms}#{self.number}: {self.light}+{self.after}"


class Urging(models.Model):
    """A supervisor's demand (督办) about one clock, and its answer.

    The ladder makes one for each of its rungs; one made by hand has no rung, and names who
    asked and what.
    """

    class Kind(models.TextChoices):
        URGE = "urge", _("Press for action")
        EXPLAIN = "explain", _("Request an explanation")

    deadline = models.ForeignKey(
        Deadline, verbose_name=_("deadline"), on_delete=models.PROTECT, related_name="urgings"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.URGE)
    rung = models.PositiveSmallIntegerField(_("rung"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    question = models.TextField(_("question"), blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    answer_due_on = models.DateField(_("answer due on"))
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deadline", "rung"], name="one_urging_per_rung")
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.rung}"
