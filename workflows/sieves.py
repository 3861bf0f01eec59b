"""How operators narrow the engine's tables down."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import wording
from workflows.case_type import case_types


class OfTypes(admin.SimpleListFilter):
    """Narrow rules down to those of one type of case, or to those all share."""

    title, parameter_name = gettext_lazy("type of case"), "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the types of case that have rules of their own."""
        types = [(type_.label, type_.verbose_name) for type_ in case_types()]
        return [*types, ("all", _("every type"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rules asked for."""
        if self.value() == "all":
            for type_ in case_types():
                queryset = queryset.exclude(key__startswith=f"{type_.label}.")
            return queryset
        return queryset.filter(key__startswith=f"{self.value()}.") if self.value() else queryset


class InForce(admin.SimpleListFilter):
    """Narrow editions down to those in force today; or to those that are not."""

    title, parameter_name = gettext_lazy("edition"), "edition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the ways to look at editions."""
        self.on = model_admin.desk.today()
        return [("today", _("in force today")), ("other", _("past and future"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the editions asked for."""
        today = {"in_force__contains": self.on}
        if self.value() == "today":
            return queryset.filter(**today)
        return queryset.exclude(**today) if self.value() == "other" else queryset


class Certainty(admin.SimpleListFilter):
    """Narrow rules down by how far their basis can be relied on."""

    title, parameter_name = gettext_lazy("certainty"), "certain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the three words for it."""
        return [
            ("law", _("statutory limit")),
            ("office", _("office's own limit")),
            ("open", _("basis to be confirmed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rules asked for."""
        if self.value() == "law":
            return queryset.filter(certainty__in=wording.STATUTORY)
        if self.value() == "office":
            return queryset.filter(certainty=wording.OFFICE)
        known = {*wording.STATUTORY, wording.OFFICE}
        return queryset.exclude(certainty__in=known) if self.value() else queryset


class OfKind(admin.SimpleListFilter):
    """Narrow rows down to one type of case."""

    title, parameter_name = gettext_lazy("type of case"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the types of case."""
        return [(type_.label, type_.verbose_name) for type_ in case_types()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows asked for."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class About(admin.SimpleListFilter):
    """Narrow the log down to cases, or to one kind of what else it tells of."""

    title, parameter_name = gettext_lazy("about"), "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what the log tells of."""
        return [
            ("case", _("cases")),
            ("user/", _("people")),
            ("unit/", _("units")),
            ("term/", _("rules")),
            ("calendar/", _("calendar")),
            ("item/", _("items")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the events asked for."""
        if self.value() == "case":
            return queryset.exclude(stream__contains="/")
        return queryset.filter(stream__startswith=self.value()) if self.value() else queryset
