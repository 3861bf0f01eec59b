"""The record every case type shares, and the engine's own tables."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, can_proceed
from viewflow.workflow.models import Process, Task

from accounts.models import Unit
from records.models import Record, Subject
from workflows import clock
from workflows.clock import Light, Period


class Role(models.TextChoices):
    """What a unit is in a case; the case says which unit that is."""

    OFFICE = "office", _("Credit office")
    FINDER = "finder", _("Finding authority")


class Case(ConcurrentTransitionMixin, models.Model):
    """A matter about one organisation that the service has to bring to an end."""

    kind = models.SlugField(_("kind"))
    reference = models.CharField(_("case number"), max_length=40, unique=True)
    query_code = models.CharField(_("query code"), max_length=12)
    party = models.ForeignKey(
        Subject, verbose_name=_("party"), on_delete=models.PROTECT, related_name="cases"
    )
    record = models.ForeignKey(
        Record,
        verbose_name=_("record"),
        on_delete=models.PROTECT,
        null=True,
        related_name="cases",
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        on_delete=models.PROTECT,
        related_name="cases_opened",
    )
    state = FSMField(_("state"), default="received", protected=True, db_index=True)
    opened_at = models.DateTimeField(_("opened at"))
    governed_on = models.DateField(_("day whose law governs"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    process = models.OneToOneField(
        Process, on_delete=models.PROTECT, null=True, related_name="case"
    )
    units = models.ManyToManyField(Unit, through="Involvement", related_name="cases")

    objects: ClassVar["models.Manager[Case]"] = models.Manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "kind"],
                condition=Q(closed_at=None),
                name="one_open_case_per_record_and_kind",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["party", "-opened_at"], name="case_of_party")]

    def __str__(self) -> str:
        return self.reference

    @cached_property
    def typed(self) -> Any:
        """This case as its own type, e.g. a ``Repair``."""
        return self if type(self) is not Case else getattr(self, self.kind)

    def may(self, move: str) -> bool:
        """Test that a move is lawful in the present state."""
        return bool(can_proceed(getattr(self.typed, move)))

    def derived(self) -> dict[str, str]:
        """Return the facts the service worked out itself when the case was opened."""
        return {}

    @cached_property
    def unit_as(self) -> dict[str, Unit]:
        """The units in this case by their role."""
        involved = self.involvements.select_related("unit")
        return {involvement.role: involvement.unit for involvement in involved}


class Involvement(models.Model):
    """One unit's role in one case."""

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="involvements"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="involvements"
    )

    class Meta:
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "role"], name="one_unit_per_role"),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "case"], name="cases_of_unit")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.unit} as {self.role}"


class WorkItem(models.Model):
    """One step that waits for a person: what queues and inboxes read; rebuilt from the tasks."""

    class State(models.TextChoices):
        OPEN = "open", _("In the queue")
        CLAIMED = "claimed", _("Being worked on")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    PARTY = "party"

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="item")
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="items"
    )
    step = models.CharField(_("step"), max_length=60)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, related_name="items"
    )
    queue = models.CharField(_("queue"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("claimed by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="items",
    )
    opened_at = models.DateTimeField(_("opened at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    amber_on = models.DateField(_("amber from"), null=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        indexes: ClassVar = [
            models.Index(
                fields=["queue", "due_on", "id"], name="item_queue", condition=Q(state="open")
            ),
            models.Index(
                fields=["owner", "due_on", "id"], name="item_inbox", condition=Q(state="claimed")
            ),
            models.Index(
                fields=["unit", "due_on", "id"],
                name="item_late",
                condition=Q(state__in=["open", "claimed"]),
            ),
            models.Index(
                fields=["owner", "-closed_at"], name="item_done", condition=Q(state="done")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.step}"

    @property
    def is_open(self) -> bool:
        """Test that the step is still to be done."""
        return self.state in (self.State.OPEN, self.State.CLAIMED)

    def light(self, on: Any) -> Light:
        """Return the light of this step on a day."""
        return clock.light(on=on, due_on=self.due_on, amber_on=self.amber_on)


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

    class Meta:
        verbose_name = _("declared day")
        verbose_name_plural = _("declared days")

    def __str__(self) -> str:
        return f"{self.day:%F} {'worked' if self.is_worked else 'off'}"


class Deadline(models.Model):
    """One running clock of a case or of one of its steps; its dates are caches of ``clock.due``."""

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
    started_on = models.DateField(_("started on"))
    due_on = models.DateField(_("due on"), null=True)
    amber_on = models.DateField(_("amber from"), null=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    was_met = models.BooleanField(_("met"), null=True)
    told_amber_at = models.DateTimeField(_("reminded at"), null=True)
    told_red_at = models.DateTimeField(_("escalated at"), null=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes: ClassVar = [
            models.Index(
                fields=["amber_on"],
                name="deadline_amber",
                condition=Q(ended_at=None, told_amber_at=None),
            ),
            models.Index(
                fields=["due_on"],
                name="deadline_red",
                condition=Q(ended_at=None, told_red_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} by {self.due_on}"

    def light(self, on: Any) -> Light:
        """Return the light of this clock on a day."""
        return clock.light(on=on, due_on=self.due_on, amber_on=self.amber_on)


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
