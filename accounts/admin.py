"""The operators' desk for people and units; people are deactivated, never deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Representation, Substitution, Unit, User


class Kept(admin.ModelAdmin[Any]):
    """A table whose rows are ended by a date, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """People with an account."""

    list_display = ("username", "display_name", "email", "is_active", "is_staff")
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("In Xinban"), {"fields": ("display_name",)}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Unit)
class UnitAdmin(Kept):
    """Units of the district."""

    list_display = ("code", "name", "credit_code", "parent", "is_credit_office")


@admin.register(Membership)
class MembershipAdmin(Kept):
    """Who has which duty where."""

    list_display = ("user", "unit", "duty", "since", "until")
    list_filter = ("unit", "duty")


@admin.register(Substitution)
class SubstitutionAdmin(Kept):
    """Who stands in for whom while they are away, and who has said so."""

    list_display = ("absent", "substitute", "unit", "duty", "since", "until", "given_by")
    list_filter = ("unit", "duty")
    search_fields = ("absent__username", "substitute__username")
    exclude = ("given_by",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who gave it, or who changed it last."""
        obj.given_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Representation)
class RepresentationAdmin(Kept):
    """Who acts for which organisation."""

    list_display = ("user", "credit_code", "since", "until")
    search_fields = ("credit_code",)
