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

from accounts.models import Duty
from accounts.tables import ReadOnly
from notifications.templatetags.letter_words import cited
from workflows import audit, rulebook, tracking, wording
from workflows.calendar import ONE_DAY
from workflows.case_type import case_type, case_types
from workflows.models import Case, Day, Deadline, Entry, Errand, Heartbeat, Term, WorkItem
from workflows.sieves import About, Certainty, InForce, OfKind, OfTypes


@admin.register(Term)
class TermAdmin(ReadOnly):
    """Rule values and their editions; a change is proposed by one person, granted by another."""

    list_display = (
        "about",
        "said_value",
        "in_force_from",
        "in_force_to",
        "cited_basis",
        "how_certain",
    )
    list_filter = (InForce, OfTypes, Certainty)
    search_fields = ("key", "basis", "value")
    search_help_text = gettext_lazy("Key, value or legal basis")
    ordering = ("key", "in_force")
    fields = (
        "about",
        "said_value",
        "starts",
        "rolls",
        "in_force_from",
        "in_force_to",
        "cited_basis",
        "how_certain",
        "change",
    )
    readonly_fields = (
        "about",
        "said_value",
        "in_force_from",
        "in_force_to",
        "cited_basis",
        "how_certain",
        "change",
    )

    @admin.display(description=gettext_lazy("rule value"), ordering="key")
    def about(self, term: Term) -> str:
        """Return what the value is about, and the key it is found by."""
        return _rule(term)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def said_value(self, term: Term) -> str:
        """Return a length of time in words, and any other value as far as it has words."""
        return rulebook.in_words(term)

    @admin.display(description=gettext_lazy("legal basis"), ordering="basis")
    def cited_basis(self, term: Term) -> str:
        """Return the legal basis as the reader's language cites it."""
        return cited(term.basis)

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

    list_display = ("case", "step_in_words", "queue_in_words", "state", "owner", "due_on")
    list_select_related = ("case", "owner", "unit")
    list_filter = ("state", OfKind, "unit")
    search_fields = ("case__reference", "queue", "owner__username", "owner__display_name")
    search_help_text = gettext_lazy("Case number, queue or person")
    date_hierarchy = "opened_at"
    ordering = ("-opened_at", "-pk")
    exclude = ("task", "request", "host", "kind", "step", "queue")
    readonly_fields = ("step_in_words", "queue_in_words")

    @admin.display(description=gettext_lazy("step"), ordering="step")
    def step_in_words(self, item: WorkItem) -> str:
        """Return the title of the step."""
        return tracking.title_of(item.kind, item.step)

    @admin.display(description=gettext_lazy("Unit and duty"), ordering="queue")
    def queue_in_words(self, item: WorkItem) -> str:
        """Return the unit and the duty the step waits for, or that it is the party's."""
        duty = item.queue.partition("/")[2]
        return f"{item.unit} {Duty(duty).label}" if duty else _("The party")


@admin.register(Deadline)
class DeadlineAdmin(ReadOnly):
    """Clocks."""

    list_display = ("case", "rule", "started_on", "due_on", "provisional", "ended_at", "was_met")
    list_select_related = ("case", "term")
    list_filter = ("purpose", "provisional", "was_met", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("case__reference", "term__key")
    search_help_text = gettext_lazy("Case number, or key of the rule")
    date_hierarchy = "due_on"
    ordering = (F("due_on").desc(nulls_last=True), "-pk")
    exclude = ("term",)
    readonly_fields = ("rule",)

    @admin.display(description=gettext_lazy("rule value"), ordering="term__key")
    def rule(self, deadline: Deadline) -> str:
        """Return what the clock runs by, and for how long."""
        return format_html("{} {}", _rule(deadline.term), wording.length(deadline.term.period))


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """The log: that something happened, not what a case holds; and whether its chain is whole."""

    list_display = ("stream", "seq", "kind_in_words", "who", "at", "cited_basis")
    list_filter = (About,)
    search_fields = ("=stream", "=by", "=kind")
    search_help_text = gettext_lazy("Whole case number or stream, user:17, or kind of event")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = (
        "stream",
        "seq",
        "kind_in_words",
        "who",
        "at",
        "cited_basis",
        "told",
        "previous",
        "hash",
        "chain",
    )
    readonly_fields = ("kind_in_words", "who", "cited_basis", "told", "chain")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """List the entries, with the names of those who wrote them asked for at once."""
        found = super().get_changelist_instance(request)
        names = tracking.names_in(found.result_list)
        for entry in found.result_list:
            entry.who = tracking.who_did(entry, names)
        return found

    @admin.display(description=gettext_lazy("by"), ordering="by")
    def who(self, entry: Entry) -> str:
        """Return who wrote it, and in whose place."""
        told = getattr(entry, "who", None)
        return told or tracking.who_did(entry, tracking.names_in([entry])) or entry.by

    @admin.display(description=gettext_lazy("legal basis"), ordering="basis")
    def cited_basis(self, entry: Entry) -> str:
        """Return the legal basis as the reader's language cites it."""
        return cited(entry.basis)

    @admin.display(description=gettext_lazy("event"), ordering="kind")
    def kind_in_words(self, entry: Entry) -> str:
        """Return what the event is called."""
        own = [type_ for type_ in case_types() if entry.stream.startswith(f"{type_.prefix}-")]
        return str((own and own[0].moves.get(entry.kind)) or wording.event(entry.kind))

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


def _rule(term: Term) -> str:
    title = rulebook.title(term.key)
    if not title:
        return term.key
    return format_html('{}<span class="sub code">{}</span>', title, term.key)
