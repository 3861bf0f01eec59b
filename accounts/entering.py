"""What operators may enter about people: the forms of the desk, with a sentence for each no."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Substitution, User


class ByName(forms.ModelChoiceField[User]):
    """A person, entered by user name: a list of everybody would be too long to choose from."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            User.objects.all(),
            label=label,
            to_field_name="username",
            help_text=gettext_lazy("The user name, as on the list of people."),
            error_messages={"invalid_choice": gettext_lazy("Nobody has this user name.")},
        )


class Entered(forms.ModelForm[Any]):
    """One row that holds from a day and perhaps until a day; ``by`` is who enters it."""

    by: ClassVar[Any] = None
    # What makes two rows say the same.
    same: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        """Refuse a row that ends before it begins, or says again what another one says."""
        told: dict[str, Any] = super().clean() or {}
        since, until = self.told("since"), self.told("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        elif since and (other := self._again(since, until)):
            said = _("This is entered already, from %(since)s on. End that entry first.")
            raise ValidationError(said % {"since": date_format(other.since)})
        return told

    def told(self, name: str) -> Any:
        """Return what the form says of a field, or the row where the form does not ask it."""
        if name in self.fields:
            return self.cleaned_data.get(name)
        return getattr(self.instance, name, None)

    def _again(self, since: date, until: date | None) -> Any:
        if any(self.told(name) is None for name in self.same):
            return None
        alike = self._alike().exclude(pk=self.instance.pk)
        return alike.filter(_overlaps(since, until)).first()

    def _alike(self) -> QuerySet[Any]:
        return self._meta.model._default_manager.filter(  # type: ignore[no-any-return]
            **{name: self.told(name) for name in self.same}
        )

    def is_new(self) -> bool:
        """Test that the row is not in the table yet."""
        return self.instance.pk is None

    def check_person(self, name: str) -> Any:
        """Return the person of a field: somebody else than the operator, with a live account."""
        person = self.cleaned_data[name]
        if not person.is_active:
            raise ValidationError(_("This account is deactivated."))
        if person == self.by:
            raise ValidationError(
                _("Nobody gives this to themselves: another operator has to enter it.")
            )
        return person


class MembershipForm(Entered):
    """A duty of a person in a unit."""

    same = ("user", "unit", "duty")
    user = ByName(label=gettext_lazy("person"))

    class Meta:
        model = Membership
        fields = ("user", "unit", "duty", "since", "until")

    def clean_user(self) -> Any:
        """Refuse the operator's own name and accounts that are closed."""
        return self.check_person("user")


class SubstitutionForm(Entered):
    """A person who takes the place of an absent one."""

    same = ("absent", "substitute", "unit", "duty")
    absent = ByName(label=gettext_lazy("absent person"))
    substitute = ByName(label=gettext_lazy("substitute"))

    class Meta:
        model = Substitution
        fields = ("absent", "substitute", "unit", "duty", "since", "until", "reason")

    def clean_substitute(self) -> Any:
        """Refuse the operator's own name and accounts that are closed."""
        return self.check_person("substitute")

    def clean(self) -> dict[str, Any]:
        """Refuse what passes nothing on: the absent person has no such duty in that time."""
        told = super().clean()
        if self.is_new() and not self.errors and not self._held().exists():
            raise ValidationError(
                _("The absent person has no such duty here in that time: nothing passes on.")
            )
        return told

    def _held(self) -> QuerySet[Membership]:
        told = self.cleaned_data
        held = Membership.objects.filter(user=told["absent"], unit=told["unit"])
        held = held.filter(duty=told["duty"]) if told.get("duty") else held
        return held.filter(_overlaps(told["since"], told["until"]))


class PersonForm(UserChangeForm[User]):
    """An account; whoever has the last say on the desk cannot be locked out of it."""

    by: ClassVar[Any] = None

    def clean(self) -> dict[str, Any]:
        """Refuse to close one's own account, or that of the last superuser."""
        told: dict[str, Any] = super().clean() or {}
        if self.instance == self.by and not self._remains("is_active"):
            raise ValidationError(_("Nobody deactivates their own account."))
        if self.instance == self.by and not self._remains("is_staff"):
            raise ValidationError(_("Nobody takes the desk away from themselves."))
        if self._is_lost() and not _superusers().exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                _("This is the last superuser. Give the right to somebody else first.")
            )
        return told

    def _remains(self, name: str) -> bool:
        return bool(self.cleaned_data.get(name, self.initial.get(name)))

    def _is_lost(self) -> bool:
        powers = ("is_superuser", "is_staff", "is_active")
        was = all(self.initial.get(name) for name in powers)
        return was and not all(self._remains(name) for name in powers)


def _superusers() -> QuerySet[User]:
    return User.objects.filter(is_superuser=True, is_staff=True, is_active=True)


def _overlaps(since: date, until: date | None) -> Q:
    ends_later = Q(until=None) | Q(until__gte=since)
    return ends_later & Q(since__lte=until) if until else ends_later
