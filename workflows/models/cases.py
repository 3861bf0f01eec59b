"""The record every case type shares, the units in it, and its steps."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, can_proceed
from viewflow.workflow.models import Process, Task

from accounts.models import Unit
from records.models import Record, Subject
from workflows import clock
from workflows.clock import Light


class Role(models.TextChoices):
    """What a unit is in a case; the case says which unit that is."""

    OFFICE = "office", _("Credit office")
    FINDER = "finder", _("Finding authority")
    PROVIDER = "provider", _("Data provider")
    APPROVING = "approving", _("Approving authority")
    SUPERVISING = "supervising", _("Supervising department")


class Channel(models.TextChoices):
    """By which way a case came in; the case is the same by each of them."""

    ONLINE = "online", _("Online")
    COUNTER = "counter", _("At the counter")
    OFFICE = "office", _("Opened by an office")


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
        null=True,
        related_name="cases_opened",
    )
    state = FSMField(_("state"), default="received", protected=True, db_index=True)
    opened_at = models.DateTimeField(_("opened at"))
    governed_on = models.DateField(_("day whose law governs"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True)
    concluded_at = models.DateTimeField(_("end of the route reached at"), null=True)
    served_electronically = models.BooleanField(_("served electronically"), default=False)
    process = models.OneToOneField(
        Process, on_delete=models.PROTECT, null=True, related_name="case"
    )
    came_in = models.CharField(
        _("came in by"), max_length=8, choices=Channel.choices, default=Channel.ONLINE
    )
    units = models.ManyToManyField(Unit, through="Involvement", related_name="cases")

    objects: ClassVar["models.Manager[Case]"] = models.Manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "kind"],
                condition=Q(closed_at=None, concluded_at=None),
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
        """Test that a move exists and is lawful in the present state."""
        return hasattr(self.typed, move) and bool(can_proceed(getattr(self.typed, move)))

    def derived(self) -> dict[str, Any]:
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
    """One step that waits for a person: what queues and inboxes read.

    A step of the route stands for a task and is rebuilt from it. An aside has no task: it was
    opened beside a step, its ``host``, or beside the case, and ``request`` says what for.
    """

    class State(models.TextChoices):
        OPEN = "open", _("In the queue")
        CLAIMED = "claimed", _("Being worked on")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    PARTY = "party"

    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, related_name="item")
    host = models.ForeignKey(
        "self",
        verbose_name=_("opened beside"),
        on_delete=models.PROTECT,
        null=True,
        related_name="asides",
    )
    request = models.JSONField(_("request"), default=dict)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="items"
    )
    kind = models.SlugField(_("kind"))
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
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("on behalf of"),
        on_delete=models.PROTECT,
        null=True,
        related_name="items_by_substitutes",
    )
    opened_at = models.DateTimeField(_("opened at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    amber_on = models.DateField(_("amber from"), null=True)
    promised_on = models.DateField(_("promised by"), null=True)
    deemed_on = models.DateField(_("deemed accepted on"), null=True)
    overrun_on = models.DateField(_("overrun on"), null=True)
    deemed_told_at = models.DateTimeField(_("deemed acceptance announced at"), null=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        indexes: ClassVar = [
            models.Index(
                fields=["queue", "due_on", "id"],
                name="item_queue",
                condition=Q(state="open"),
                include=["kind", "step"],
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
            models.Index(
                fields=["deemed_on"],
                name="item_deemed",
                condition=Q(state__in=["open", "claimed"], deemed_on__isnull=False),
            ),
            models.Index(
                fields=["overrun_on"],
                name="item_overrun",
                condition=Q(state__in=["open", "claimed"], overrun_on__isnull=False),
            ),
            models.Index(
                fields=["host"],
                name="item_asides",
                condition=Q(state__in=["open", "claimed"], host__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.step}"

    @property
    def is_open(self) -> bool:
        """Test that the step is still to be done."""
        return self.state in (self.State.OPEN, self.State.CLAIMED)

    def light(self, on: Any) -> Light:
        """Return the light of this step on a day; a promise broken is amber, not yet red."""
        light = clock.light(on=on, due_on=self.due_on, amber_on=self.amber_on)
        broken = self.promised_on is not None and on > self.promised_on
        return Light.AMBER if light == Light.GREEN and broken else light
