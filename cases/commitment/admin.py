"""The operators' desk for the list of items: a version is drafted, then published, then closed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables import Kept
from cases.commitment import register
from cases.commitment.register import Item, ItemVersion

_LISTS = ("main_materials", "may_be_missing", "statements")


class _Lines(forms.Textarea):
    """A list as people write one: a line for each."""

    def format_value(self, value: Any) -> str:
        """Return the list as lines."""
        return "\n".join(value) if isinstance(value, list) else str(value or "")


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = _Lines(attrs={"rows": 5, "cols": 60})

    def to_python(self, value: Any) -> Any:
        """Return the lines that say something."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Test that the list says something else."""
        return bool((initial or []) != self.to_python(data))


class VersionForm(forms.ModelForm[ItemVersion]):
    """A version that nobody has signed under yet."""

    by: Any = None
    main_materials = LinesField(label=gettext_lazy("main material"))
    may_be_missing = LinesField(
        label=gettext_lazy("material that may follow later"), required=False
    )
    statements = LinesField(
        label=gettext_lazy("statements to tick"),
        help_text=gettext_lazy("One a line; the party ticks each."),
    )

    class Meta:
        model = ItemVersion
        fields = (
            *("item", "variant", "basis", "certificate", "conditions", "main_materials"),
            *("may_be_missing", "promised_term", "verify_method", "verify_term"),
            *("excluded_field", "approving", "supervising", "is_public", "public_scope"),
            *("public_period", "liability", "statements"),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a version that says that something may follow, where nothing may."""
        told: dict[str, Any] = super().clean() or {}
        may_follow = told.get("variant") == register.Variant.GAP
        if may_follow and not told.get("may_be_missing") and "may_be_missing" not in self.errors:
            self.add_error("may_be_missing", _("Say which material may follow later."))
        return told


class PublishForm(forms.Form):
    """The day from which a version is on the list."""

    since = forms.DateField(
        label=gettext_lazy("Published from"), widget=forms.DateInput(attrs={"type": "date"})
    )


@admin.register(Item)
class ItemAdmin(Kept):
    """Matters for which a commitment may be made, whatever their versions say."""

    list_display = ("code", "name", "name_en")
    search_fields = ("code", "name", "name_en")
    search_help_text = gettext_lazy("Code or name")
    fixed = ("code",)

    def stream_of(self, obj: Item) -> str:
        """Return the stream of this item."""
        return f"item/{obj.code}"


@admin.register(ItemVersion)
class VersionAdmin(Kept):
    """Versions of items: a draft is edited and published; a published one is never changed."""

    form = VersionForm
    change_form_template = "admin/item_version.html"
    list_display = ("item", "number", "variant", "approving", "published_from", "published_until")
    list_select_related = ("item", "approving")
    list_filter = ("variant", ("published_from", admin.EmptyFieldListFilter), "approving")
    search_fields = ("item__code", "item__name", "item__name_en", "basis")
    search_help_text = gettext_lazy("Item or its basis")
    date_hierarchy = "published_from"
    ordering = ("item__code", "-number")
    readonly_fields = (
        "number",
        "published_from",
        "published_until",
        *(f"{n}_said" for n in _LISTS),
    )
    fixed = ("item",)
    fields = (
        *("item", "number", "variant", "basis", "certificate", "conditions"),
        *("main_materials", "may_be_missing", "promised_term", "verify_method", "verify_term"),
        *("excluded_field", "approving", "supervising", "is_public", "public_scope"),
        *("public_period", "liability", "statements", "published_from", "published_until"),
    )

    def stream_of(self, obj: ItemVersion) -> str:
        """Return the stream of the item."""
        return f"item/{obj.item.code}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Test that this version may be changed: it is a draft."""
        is_draft = obj is None or obj.published_from is None
        return is_draft and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields; the lists of a published version as lines to read."""
        shown = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return shown
        return [f"{name}_said" if name in _LISTS else name for name in shown]

    @admin.display(description=gettext_lazy("main material"))
    def main_materials_said(self, version: ItemVersion) -> str:
        """Return the main material, one a line."""
        return _lines(version.main_materials)

    @admin.display(description=gettext_lazy("material that may follow later"))
    def may_be_missing_said(self, version: ItemVersion) -> str:
        """Return what may follow later, one a line."""
        return _lines(version.may_be_missing)

    @admin.display(description=gettext_lazy("statements to tick"))
    def statements_said(self, version: ItemVersion) -> str:
        """Return the statements, one a line."""
        return _lines(version.statements)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Number a new version after the last one."""
        if not change:
            obj.number = register.next_number(obj.item)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[Any]:
        """Return the addresses of the table and of the two verbs."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/renew/", view(self.renew), name="commitment_itemversion_renew"),
            path("<int:pk>/publish/", view(self.publish), name="commitment_itemversion_publish"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a version with the verbs that are open to the operator."""
        found = self.get_object(request, object_id)
        told = self._verbs(request, found) if found else {}
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def renew(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Draft a new version that says what this one says."""
        found = self._posted(request, pk)
        with self.desk.acting(request):
            draft = register.draft_from(found)
            self.note(draft, was={}, kind="itemversion_added")
        self.message_user(request, _("Drafted. Nothing changes before it is published."))
        return self._to(draft)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a draft on the list from a day on; the version before it ends the day before."""
        found, form = self._posted(request, pk), PublishForm(request.POST)
        if not form.is_valid():
            self.message_user(request, str(form.errors["since"][0]), messages.ERROR)
            return self._to(found)
        with self.desk.acting(request):
            self._publish(found, form.cleaned_data["since"])
        day = {"day": date_format(form.cleaned_data["since"])}
        self.message_user(request, _("Published from %(day)s on.") % day, messages.SUCCESS)
        return self._to(found)

    def _publish(self, found: ItemVersion, since: date) -> None:
        was = self.said(found)
        register.publish_from(found, since, today=self.desk.today())
        self.note(found, was=was, kind="itemversion_published")

    def _verbs(self, request: HttpRequest, found: ItemVersion) -> dict[str, Any]:
        address = "admin:commitment_itemversion_{}"
        may_add, may_change = self.has_add_permission(request), self.has_change_permission
        is_draft = found.published_from is None
        told: dict[str, Any] = {}
        if may_add and not is_draft:
            told["renew_url"] = reverse(address.format("renew"), args=[found.pk])
        if is_draft and may_change(request, found):
            told["publish_url"] = reverse(address.format("publish"), args=[found.pk])
            told["publish_form"] = PublishForm(initial={"since": self.desk.today()})
        return told

    def _posted(self, request: HttpRequest, pk: int) -> ItemVersion:
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        found = ItemVersion.objects.select_related("item").filter(pk=pk).first()
        if found is None:
            raise Http404(_("There is no such version."))
        return found

    def _to(self, version: ItemVersion) -> HttpResponse:
        address = reverse("admin:commitment_itemversion_change", args=[version.pk])
        return HttpResponseRedirect(address)


def _lines(texts: list[str]) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts))
