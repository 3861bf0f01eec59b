"""The operators' desk for people: their accounts, duties, substitutes and tokens."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.entering import MembershipForm, PersonForm, SubstitutionForm
from accounts.models import ApiToken, Duty, Membership, Substitution, User, in_force
from accounts.tables import Kept, ReadOnly

_POWERS = ("is_staff", "is_superuser", "groups")


@admin.register(User)
class PersonAdmin(Kept, UserAdmin[User]):
    """People with an account; deactivated when they leave, never deleted."""

    form = PersonForm
    list_display = ("username", "display_name", "is_active", "is_staff", "is_superuser")
    list_filter = ("is_active", "is_staff", "memberships__unit", "memberships__duty")
    search_fields = ("username", "display_name")
    search_help_text = gettext_lazy("User name or name")
    personal = frozenset({"username", "display_name", "email", "first_name", "last_name"})
    unsaid = frozenset({"id", "password", "last_login", "date_joined", "user_permissions"})
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email")}),
        (
            gettext_lazy("May sign in"),
            {
                "fields": ("is_active",),
                "description": gettext_lazy(
                    "Whoever leaves is deactivated, never deleted. Steps they had claimed are "
                    "put back by their colleagues of the queue; end their duties as well."
                ),
            },
        ),
        (
            gettext_lazy("The operators' desk"),
            {
                "fields": _POWERS,
                "description": gettext_lazy("Only a superuser says who is an operator."),
            },
        ),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "display_name", "email", "password1", "password2"),
            },
        ),
    )

    def stream_of(self, obj: User) -> str:
        """Return the stream of this person."""
        return f"user/{obj.pk}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what this operator may not change: nobody below a superuser makes operators."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if _is_superuser(request) else (*fixed, *_POWERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Test that the account may be changed: that of a superuser by a superuser only."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or _is_superuser(request))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set somebody's password, which the log notes and does not hold."""
        with self.desk.acting(request):
            person = self.get_object(request, id)
            if person and not self.has_change_permission(request, person):
                raise PermissionDenied
            answer = super().user_change_password(request, id, form_url)
            if request.method == "POST" and answer.status_code == 302 and person:
                self._note_password(person)
            return answer

    def _note_password(self, person: User) -> None:
        told = {"row": person.pk}
        self.desk.note(
            "password_set", self.stream_of(person), was={}, now=told, personal=frozenset()
        )


@admin.register(Membership)
class MembershipAdmin(Kept):
    """Who has which duty where, from when to when."""

    form = MembershipForm
    list_display = ("user", "unit", "duty", "since", "until")
    list_select_related = ("user", "unit")
    list_filter = ("duty", "unit")
    search_fields = ("user__username", "user__display_name", "unit__code", "unit__name")
    search_help_text = gettext_lazy("Person or unit")
    date_hierarchy = "since"
    ordering = ("unit__code", "duty", "pk")
    fixed = ("user", "unit", "duty", "since")

    def stream_of(self, obj: Membership) -> str:
        """Return the stream of the person who has the duty."""
        return f"user/{obj.user_id}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it, and say so where one person now prepares and decides in one unit."""
        super().save_model(request, obj, form, change)
        if not change and _decides_and_prepares(obj):
            said = _(
                "%(person)s now both decides and prepares in this unit. That is allowed: in any "
                "one case the service lets nobody do both."
            )
            messages.warning(request, said % {"person": obj.user})


@admin.register(Substitution)
class SubstitutionAdmin(Kept):
    """Who stands in for whom while they are away, and who has said so."""

    form = SubstitutionForm
    list_display = ("absent", "substitute", "unit", "duty", "since", "until", "given_by")
    list_select_related = ("absent", "substitute", "unit", "given_by")
    list_filter = ("duty", "unit")
    search_fields = (
        "absent__username",
        "absent__display_name",
        "substitute__username",
        "substitute__display_name",
    )
    search_help_text = gettext_lazy("Absent person or substitute")
    date_hierarchy = "since"
    ordering = ("-since", "-pk")
    personal = frozenset({"reason"})
    fixed = ("absent", "substitute", "unit", "duty", "since")
    exclude = ("given_by",)

    def stream_of(self, obj: Substitution) -> str:
        """Return the stream of the substitute, who gets to see and do more."""
        return f"user/{obj.substitute_id}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who gave it, or who changed it last."""
        obj.given_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(ApiToken)
class TokenAdmin(ReadOnly):
    """Tokens that sign people in to the API, without the tokens; they can only be revoked."""

    list_display = ("user", "name", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__display_name", "name")
    search_help_text = gettext_lazy("Person, or name of the token")
    exclude = ("digest",)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Test that this operator may revoke tokens."""
        return request.user.has_perm("accounts.change_apitoken")

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        """End tokens at once; each is an event of its person."""
        with self.desk.acting(request) as act:
            live = list(chosen.filter(revoked_at=None).select_for_update())
            for token in live:
                told = {"row": token.pk, "name": token.name}
                stream = f"user/{token.user_id}"
                self.desk.note("token_revoked", stream, was={}, now=told, personal=frozenset())
            ApiToken.objects.filter(pk__in=[t.pk for t in live]).update(revoked_at=act.at)
        self.message_user(request, _("Revoked: %(n)d.") % {"n": len(live)}, messages.SUCCESS)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _decides_and_prepares(given: Membership) -> bool:
    held = Membership.objects.filter(in_force(given.since), user=given.user_id, unit=given.unit_id)
    duties = set(held.values_list("duty", flat=True))
    return Duty.APPROVER in duties and bool(duties & {Duty.ACCEPTOR, Duty.HANDLER, Duty.REVIEWER})
