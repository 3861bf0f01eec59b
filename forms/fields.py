"""Fields that the forms of several case types share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forms import attachments
from forms.models import Attachment


class AttachmentsInput(forms.FileInput):
    """A file input that keeps the files already handed in."""

    template_name = "forms/attachments.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return the ids of the files; their content was handed in before."""
        found = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        given = found if isinstance(found, list) else [found]
        return [str(item) for item in given if item not in (None, "")]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Test that nothing was handed in."""
        return name not in data

    def format_value(self, value: Any) -> Any:
        """Keep the ids, to be sent again with the corrected form."""
        return value or []

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Tell the template which files are there already."""
        context = super().get_context(name, value, attrs)
        ids = [item for item in value or [] if _is_key(item)]
        context["kept"] = Attachment.objects.filter(pk__in=ids, about="") if ids else []
        return context


class AttachmentsField(forms.Field):
    """One or more files that the person handing in the form has handed in before."""

    widget = AttachmentsInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True})
    default_error_messages = {
        "required": _("Hand in at least one file."),
        "unknown": _("One of the files is no longer there. Hand it in again."),
    }

    def limit_to(self, user: Any) -> None:
        """Accept only files that this person handed in and that no case uses yet."""
        self._unused = attachments.unused_of(user)

    def to_python(self, value: Any) -> list[Attachment]:
        """Return the files themselves."""
        wanted = {int(item) for item in value or [] if _is_key(item)}
        found = list(self._unused.filter(pk__in=wanted)) if wanted else []
        if len(found) != len(set(value or [])):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class SignedTextField(forms.Field):
    """A text that must be signed exactly as it was shown: the hash signed is the hash shown."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": _("Read the commitment and sign it."),
        "changed": _("The text of the commitment has changed since you read it. Read it again."),
    }

    def __init__(self, *, shown: str, **kwargs: Any) -> None:
        self.shown = shown
        super().__init__(initial=shown, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse a hash other than that of the text shown."""
        super().validate(value)
        if value != self.shown:
            raise ValidationError(self.error_messages["changed"], code="changed")


def _is_key(item: Any) -> bool:
    said = str(item)
    return said.isascii() and said.isdigit() and len(said) < 19
