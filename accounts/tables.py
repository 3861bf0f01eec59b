"""The tables of the operators' desk: some only to read, some whose every change is an act."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import DateField, Field, Model
from django.forms import DateInput
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

Values = dict[str, Any]


class Desk(admin.AdminSite):
    """The desk the tables lie on; the floor that knows acts and the clock says how it writes."""

    def acting(self, request: HttpRequest) -> AbstractContextManager[Any]:
        """Run the block as one act of the operator, if the request may change anything."""
        raise NotImplementedError

    def note(
        self, kind: str, stream: str, *, was: Values, now: Values, personal: frozenset[str]
    ) -> None:
        """Write into the running act's log what a row said before and what it says now."""
        raise NotImplementedError

    def today(self) -> date:
        """Return the local day."""
        raise NotImplementedError

    def history(self, stream: str) -> list[Values]:
        """Return what was written about a stream, newest first."""
        raise NotImplementedError

    def may_propose(self, request: HttpRequest) -> bool:
        """Test that this operator may propose what a second person decides."""
        raise NotImplementedError


class Day(DateInput):
    """A day, picked with what the browser has for it."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class OnTheDesk(admin.ModelAdmin[Any]):
    """A table of the desk; nothing on it is ever deleted."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @property
    def desk(self) -> Desk:
        """The desk this table lies on."""
        return cast(Desk, self.admin_site)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """List the rows under the name of the table."""
        titled = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**titled, **(extra_context or {})})


class ReadOnly(OnTheDesk):
    """A table that operators may look at and not touch."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return one row, or nothing for a key that cannot be one."""
        return None if "\0" in object_id else super().get_object(request, object_id, from_field)


class Kept(OnTheDesk):
    """A table whose rows are ended by a date; every change of one is an act in the log.

    ``personal`` names what says something about a person: the log holds a commitment to it.
    ``fixed`` names what is never changed once it is entered.
    """

    formfield_overrides: ClassVar[Any] = {DateField: {"widget": Day}}
    personal: ClassVar[frozenset[str]] = frozenset()
    unsaid: ClassVar[frozenset[str]] = frozenset({"id"})
    fixed: ClassVar[tuple[str, ...]] = ()

    def stream_of(self, obj: Any) -> str:
        """Return the stream of the log that a row is written in."""
        raise NotImplementedError

    def kind_of(self, change: bool) -> str:
        """Return what the event of a row added or changed is called."""
        return f"{self.opts.model_name}_{'changed' if change else 'added'}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed any more."""
        return (*self.readonly_fields, *(self.fixed if obj else ()))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field as a plain one: no windows that open from it."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form, which knows who fills it in."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Change a row in one act."""
        with self.desk.acting(request):
            return super().changeform_view(request, object_id, form_url, dict(extra_context or {}))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Remember what the row said before, as the table still says it."""
        old = self.model._default_manager.get(pk=form.instance.pk) if change else None
        form.was = self.said(old) if old else {}
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Write what has changed into the log, once the row and its relations are saved."""
        super().save_related(request, form, formsets, change)
        self.note(form.instance, was=form.was, kind=self.kind_of(change))

    def note(self, obj: Any, *, was: Values, kind: str) -> None:
        """Write what has become of a row into the log; nothing where nothing has changed."""
        now = self.said(obj)
        changed = [name for name in now if name not in was or now[name] != was[name]]
        if changed:
            self.desk.note(
                kind,
                self.stream_of(obj),
                was={name: was[name] for name in changed if name in was},
                now={"row": obj.pk, **{name: now[name] for name in changed}},
                personal=self.personal,
            )

    def said(self, obj: Any) -> Values:
        """Return what a row says, as the log keeps it."""
        fields: tuple[Field[Any, Any], ...] = self.opts.concrete_fields
        told = {f.name: _plain(getattr(obj, f.name)) for f in fields if f.name not in self.unsaid}
        for field in self.opts.many_to_many:
            told[field.name] = sorted(map(str, getattr(obj, field.name).all()))
        return told

    # The event log is the one log; a second one beside it could only differ.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the writing to the act."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the writing to the act."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what the log tells of the stream a row is written in."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404(_("There is no such page, or it is not yours to see."))
        context = {
            **self.desk.each_context(request),
            "title": _("What the log tells: %(what)s") % {"what": obj},
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            "events": self.desk.history(self.stream_of(obj)),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if not isinstance(value, Model):
        return value
    return getattr(value, "code", None) or f"{value._meta.model_name}:{value.pk}"
