"""Fields that the forms of several case types share."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from forms import attachments
from forms.models import Attachment


class AttachmentsInput(forms.FileInput):
    """A file input that keeps the files already handed in."""

    template_name = "forms/attachments.html"
    allow_multiple_selected = True

    class Media:
        js: ClassVar = (Script("files.js", defer=True),)

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
        kept = self.kept(value or [])
        own = context["widget"]["attrs"]
        upload = upload_of(name, kept, own, f"{own.get('id')}_limit")
        return {**context, "kept": kept, "upload": upload}

    def kept(self, named: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the files that an answer names and that no case uses yet, as it names them."""
        keys = {attachments.key_in(one): str(one) for one in named}
        found = Attachment.objects.filter(pk__in=[*filter(None, keys)], about="")
        return [{"value": keys[file.pk], "file": file} for file in found]


class AttachmentsField(forms.Field):
    """One or more files that the person handing in the form has handed in before."""

    widget = AttachmentsInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True})
    default_error_messages = {
        "required": _("Hand in at least one file."),
        "unknown": _("One of the files is no longer there. Hand it in again."),
        "infected": _("Malware was found in “%(name)s”. Leave it out and hand in another copy."),
    }

    def limit_to(self, user: Any) -> None:
        """Accept only files that this person handed in and that no case uses yet."""
        self._unused = attachments.unused_of(user)

    def to_python(self, value: Any) -> list[Attachment]:
        """Return the files themselves."""
        keys = {self.key_of(str(one)) for one in value or []}
        found = list(self._unused.filter(pk__in=[*filter(None, keys)])) if keys else []
        if len(found) != len(keys):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found

    def validate(self, value: Any) -> None:
        """Refuse to do without a file that is needed, and a file with malware in it."""
        super().validate(value)
        for file in value:
            if file.scan == Attachment.Scan.INFECTED:
                told, named = self.error_messages["infected"], {"name": file.name}
                raise ValidationError(told, code="infected", params=named)

    def key_of(self, named: str) -> int | None:
        """Return the number of the file that an answer names, if it names one."""
        return None if ":" in named else attachments.key_in(named)

    def for_what(self, file: Attachment) -> str:
        """Return what a file handed in here is for, in the words of the source."""
        with override(None):
            return str(self.label or "")


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


def upload_of(name: str, kept: list[Any], attrs: dict[str, Any], told_in: str) -> dict[str, Any]:
    """Return what the template of one upload shows; what it takes is told in another element."""
    described = " ".join(filter(None, [attrs.get("aria-describedby"), told_in]))
    own = {key: said for key, said in attrs.items() if not (kept and key == "required")}
    return {"name": name, "kept": kept, "attrs": {**own, "aria-describedby": described}}
