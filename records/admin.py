"""The operators' desk for organisations and records to read, and for units by their code."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.entering import ByName, Entered
from accounts.models import Representation, Unit
from accounts.tables import Kept, ReadOnly
from records import credit_code
from records.models import Alias, Record, Subject


class _Coded(Entered):
    """A row with a unified code, which is read as people write it and has to be right."""

    credit_code = forms.CharField(
        label=gettext_lazy("unified social credit code"), max_length=60, strip=True
    )

    def clean_credit_code(self) -> str:
        """Return the code in its one form, or say what is wrong with it."""
        if "credit_code" not in self.changed_data:
            return str(self.instance.credit_code)
        found = credit_code.check(self.cleaned_data["credit_code"])
        if not found.valid:
            raise ValidationError([str(reason) for reason in found.reasons])
        return credit_code.normalised(self.cleaned_data["credit_code"])


class UnitForm(_Coded):
    """A unit of the district."""

    class Meta:
        model = Unit
        fields = (
            "code",
            "name",
            "name_en",
            "credit_code",
            "parent",
            "phone",
            "is_credit_office",
        )

    def clean_is_credit_office(self) -> bool:
        """Refuse a second credit office."""
        wanted: bool = self.cleaned_data["is_credit_office"]
        others = Unit.objects.filter(is_credit_office=True).exclude(pk=self.instance.pk)
        if wanted and (other := others.first()):
            raise ValidationError(_("%(unit)s is the credit office already.") % {"unit": other})
        return wanted

    def clean_parent(self) -> Unit | None:
        """Refuse a unit that would stand above itself."""
        parent: Unit | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above.pk == self.instance.pk:
                raise ValidationError(_("A unit cannot stand above itself."))
            above = above.parent
        return parent


class RepresentationForm(_Coded):
    """A person's right to act for an organisation."""

    same = ("user", "credit_code")
    user = ByName(label=gettext_lazy("person"))

    class Meta:
        model = Representation
        fields = ("user", "credit_code", "since", "until")

    def clean_user(self) -> Any:
        """Refuse the operator's own name and accounts that are closed."""
        return self.check_person("user")


@admin.register(Unit)
class UnitAdmin(Kept):
    """Units of the district; their code names queues and is never changed."""

    form = UnitForm
    list_display = ("code", "name", "name_en", "credit_code", "parent", "is_credit_office")
    list_select_related = ("parent",)
    list_filter = ("is_credit_office",)
    search_fields = ("code", "name", "name_en", "credit_code")
    search_help_text = gettext_lazy("Code, name or unified code")
    ordering = ("code",)
    fixed = ("code",)

    def stream_of(self, obj: Unit) -> str:
        """Return the stream of this unit."""
        return f"unit/{obj.code}"


@admin.register(Representation)
class RepresentationAdmin(Kept):
    """Who acts for which organisation, from when to when."""

    form = RepresentationForm
    list_display = ("user", "credit_code", "since", "until")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__display_name", "credit_code")
    search_help_text = gettext_lazy("Person or unified code")
    date_hierarchy = "since"
    ordering = ("-since", "-pk")
    fixed = ("user", "credit_code", "since")

    def stream_of(self, obj: Representation) -> str:
        """Return the stream of the person who acts."""
        return f"user/{obj.user_id}"


@admin.register(Subject)
class SubjectAdmin(ReadOnly):
    """Organisations, as the records name them."""

    list_display = ("name", "credit_code")
    search_fields = ("name", "credit_code", "aliases__value")
    search_help_text = gettext_lazy("Name, unified code, or a former name or number")
    ordering = ("credit_code",)


@admin.register(Alias)
class AliasAdmin(ReadOnly):
    """Former names and other numbers of organisations."""

    list_display = ("value", "kind", "subject", "since", "until")
    list_select_related = ("subject",)
    list_filter = ("kind",)
    search_fields = ("value", "subject__name", "subject__credit_code")
    search_help_text = gettext_lazy("Former name or number, or the organisation")


@admin.register(Record)
class RecordAdmin(ReadOnly):
    """Records as they were reported and are shown; only imports and cases change them."""

    list_display = (
        "document_number",
        "kind",
        "subject",
        "authority_name",
        "decided_on",
        "publication",
    )
    list_select_related = ("subject",)
    list_filter = ("kind", "publication")
    search_fields = ("document_number", "subject__name", "subject__credit_code")
    search_help_text = gettext_lazy("Document number, name or unified code")
    date_hierarchy = "decided_on"
    ordering = ("-decided_on", "-pk")
    # The row as it was reported may hold the number of a natural person.
    exclude = ("reported",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the records without the rows they were read from."""
        return super().get_queryset(request).defer("reported")
