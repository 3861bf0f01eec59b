"""The operators' desk for the engine's tables to read: only acts change what the log rules."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables import ReadOnly
from workflows import audit, tracking, wording
from workflows.calendar import ONE_DAY
from workflows.case_type import case_type
from workflows.clock import Unit
from workflows.models import Case, Day, Deadline, Entry, Errand, Heartbeat, Term, WorkItem
from workflows.sieves import About, Certainty, InForce, OfKind, OfTypes


@admin.register(Term)
class TermAdmin(ReadOnly):
    """Rule values and their editions; a change is proposed by one person, granted by another."""

    list_display = ("key", "said_value", "in_force_from", "in_force_to", "basis", "how_certain")
    list_filter = (InForce, OfTypes, Certainty)
    search_fields = ("key", "basis", "value")
    search_help_text = gettext_lazy("Key, value or legal basis")
    ordering = ("key", "in_force")
    fields = (
        "key",
        "said_value",
        "starts",
        "rolls",
        "in_force_from",
        "in_force_to",
        "basis",
        "how_certain",
        "change",
    )
    readonly_fields = ("said_value", "in_force_from", "in_force_to", "how_certain", "change")

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def said_value(self, term: Term) -> str:
        """Return a length of time in words, and any other value as it stands."""
        lasts = term.value.isdigit() and term.unit in set(Unit)
        return wording.length(term.period) if lasts else term.value

    @admin.display(description=gettext_lazy("in force from"), ordering="in_force")
    def in_force_from(self, term: Term) -> str:
        """Return the first day of the edition."""
        return date_format(term.in_force.lower) if term.in_force.lower else ""

    @admin.display(description=gettext_lazy("until"))
    def in_force_to(self, term: Term) -> str:
        """Return the last day of the edition."""
        return date_format(term.in_force.upper - ONE_DAY) if term.in_force.upper else ""

    @admin.display(description=gettext_lazy("certainty"), ordering="certainty")
    def how_certain(self, term: Term) -> str:
        """Return how far the value can be relied on, in words."""
        return wording.certainty(term.certainty)

    @admin.display(description=gettext_lazy("change"))
    def change(self, term: Term) -> str:
        """Return the way to a new edition."""
        query = urlencode({"key": term.key, "value": term.value, "basis": term.basis})
        address = f"{reverse('term-propose')}?{query}"
        said = _("The approver of the credit office grants or refuses it.")
        return format_html('<a href="{}">{}</a> {}', address, _("Propose a change"), said)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is shown; the way to a change only to whom it is open."""
        shown = list(super().get_fields(request, obj))
        return shown if self.desk.may_propose(request) else shown[:-1]


@admin.register(Day)
class DayAdmin(ReadOnly):
    """Declared days, year by year; a calendar is loaded whole and by two persons."""

    list_display = ("day", "is_worked", "notice", "version")
    list_filter = ("is_worked",)
    search_fields = ("notice",)
    search_help_text = gettext_lazy("Notice that declared the day")
    date_hierarchy = "day"
    ordering = ("-day",)
    change_list_template = "admin/days.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """List the days, with the way to the picture of the year."""
        told = {"may_propose": self.desk.may_propose(request), **(extra_context or {})}
        return super().changelist_view(request, told)


@admin.register(Case)
class CaseAdmin(ReadOnly):
    """Cases of every type: where they stand, and nothing of what is in them."""

    list_display = (
        "reference",
        "kind_in_words",
        "party",
        "state_in_words",
        "opened_at",
        "closed_at",
    )
    list_select_related = ("party",)
    list_filter = (OfKind, "came_in", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("reference", "party__name", "party__credit_code")
    search_help_text = gettext_lazy("Case number, name or unified code of the party")
    date_hierarchy = "opened_at"
    ordering = ("-opened_at", "-pk")
    fields = (
        "reference",
        "kind_in_words",
        "party",
        "record",
        "state_in_words",
        "came_in",
        "opened_at",
        "governed_on",
        "suspended_at",
        "concluded_at",
        "closed_at",
    )
    readonly_fields = ("kind_in_words", "state_in_words")

    @admin.display(description=gettext_lazy("type of case"), ordering="kind")
    def kind_in_words(self, case: Case) -> str:
        """Return the title of the type."""
        return str(case_type(case.kind).verbose_name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, case: Case) -> str:
        """Return the state in the words of the office."""
        return case_type(case.kind).told_staff(case.state)


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnly):
    """Steps and who has them, without what was asked or answered in them."""

    list_display = ("case", "step_in_words", "queue", "state", "owner", "due_on")
    list_select_related = ("case", "owner")
    list_filter = ("state", OfKind, "unit")
    search_fields = ("case__reference", "queue", "owner__username", "owner__display_name")
    search_help_text = gettext_lazy("Case number, queue or person")
    date_hierarchy = "opened_at"
    ordering = ("-opened_at", "-pk")
    exclude = ("task", "request", "host", "kind", "step")
    readonly_fields = ("step_in_words",)

    @admin.display(description=gettext_lazy("step"), ordering="step")
    def step_in_words(self, item: WorkItem) -> str:
        """Return the title of the step."""
        return tracking.title_of(item.kind, item.step)


@admin.register(Deadline)
class DeadlineAdmin(ReadOnly):
    """Clocks."""

    list_display = ("case", "term", "started_on", "due_on", "provisional", "ended_at", "was_met")
    list_select_related = ("case", "term")
    list_filter = ("purpose", "provisional", "was_met", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("case__reference", "term__key")
    search_help_text = gettext_lazy("Case number, or key of the rule")
    date_hierarchy = "due_on"
    ordering = (F("due_on").desc(nulls_last=True), "-pk")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """The log: that something happened, not what a case holds; and whether its chain is whole."""

    list_display = ("stream", "seq", "kind_in_words", "by", "at", "basis")
    list_filter = (About,)
    search_fields = ("=stream", "=by", "=kind")
    search_help_text = gettext_lazy("Whole case number or stream, user:17, or kind of event")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = (
        "stream",
        "seq",
        "kind_in_words",
        "by",
        "on_behalf_of",
        "at",
        "basis",
        "told",
        "previous",
        "hash",
        "chain",
    )
    readonly_fields = ("kind_in_words", "told", "chain")

    @admin.display(description=gettext_lazy("event"), ordering="kind")
    def kind_in_words(self, entry: Entry) -> str:
        """Return what the event is called."""
        return str(wording.event(entry.kind))

    @admin.display(description=gettext_lazy("detail"))
    def told(self, entry: Entry) -> str:
        """Return what was written, where it is about no case."""
        if "/" not in entry.stream:
            return _("What a case holds is read by those who work on it.")
        return audit.canonical(entry.detail)

    @admin.display(description=gettext_lazy("chain"))
    def chain(self, entry: Entry) -> str:
        """Return whether the chain this entry stands in is whole, recomputed now."""
        every = Entry.objects.filter(stream=entry.stream).order_by("seq")
        entries = list(every.prefetch_related("values"))
        broken = [f"#{one.seq}: {why}" for one, why in audit.verify(entries)]
        if broken:
            return _("Broken: %(where)s") % {"where": "; ".join(broken)}
        return _("Whole: %(n)d entries were recomputed.") % {"n": len(entries)}


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    """The sweeps."""

    list_display = ("at", "examined", "told", "failed")
    date_hierarchy = "at"
    ordering = ("-at",)


@admin.register(Errand)
class ErrandAdmin(ReadOnly):
    """What one case wants of another: what waits, and what the law refused."""

    list_display = ("source", "kind", "target", "created_at", "done_at", "outcome")
    list_select_related = ("source", "target")
    list_filter = (
        "kind",
        ("done_at", admin.EmptyFieldListFilter),
        ("outcome", admin.EmptyFieldListFilter),
    )
    search_fields = ("source__reference", "target__reference")
    search_help_text = gettext_lazy("Case number")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    exclude = ("detail",)
