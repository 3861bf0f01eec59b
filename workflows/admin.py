"""The operators' desk: the engine's tables to read; what the log rules is changed by acts only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from viewflow.workflow.models import Process, Task

from workflows.models import Case, Day, Deadline, Entry, Heartbeat, Term, WorkItem

# The library would let an operator delete what only a move of a case may change.
admin.site.unregister([Process, Task])


class ReadOnly(admin.ModelAdmin[Any]):
    """A table that operators may look at and not touch."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Case)
class CaseAdmin(ReadOnly):
    """Cases of every type."""

    list_display = ("reference", "kind", "party", "state", "opened_at", "closed_at")
    list_select_related = ("party",)
    search_fields = ("reference",)


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnly):
    """Steps and who has them."""

    list_display = ("case", "step", "queue", "state", "owner", "due_on")
    list_select_related = ("case", "owner")
    list_filter = ("state",)


@admin.register(Deadline)
class DeadlineAdmin(ReadOnly):
    """Clocks."""

    list_display = ("case", "term", "started_on", "due_on", "provisional", "ended_at", "was_met")
    list_select_related = ("case", "term")


@admin.register(Term)
class TermAdmin(ReadOnly):
    """Rule values and their editions."""

    list_display = ("key", "value", "unit", "in_force", "basis", "certainty")
    search_fields = ("key", "basis")


@admin.register(Day)
class DayAdmin(ReadOnly):
    """Declared days."""

    list_display = ("day", "is_worked", "notice")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """The log."""

    list_display = ("stream", "seq", "kind", "by", "at", "basis")
    search_fields = ("=stream",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    """The sweeps."""

    list_display = ("at", "examined", "told", "failed")
