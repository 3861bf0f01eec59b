"""Several kinds of material in one question, each with a line and an upload of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from forms import attachments
from forms.fields import AttachmentsField, AttachmentsInput, upload_of
from forms.models import Attachment

Said = str | Promise


@dataclass(frozen=True)
class Material:
    """One kind of material: what it is called, what it is good for, whether it has to be there.

    ``key`` names it in the answers, as in ``receipt:7``.
    """

    key: str
    name: Said
    purpose: Said = ""
    required: bool = False


_LONGEST_NAME = 120
_OTHER = Material("other", _("Other material"), _("What none of the lines above asks for."))


def listed(names: Iterable[str], *, required: bool) -> list[Material]:
    """Return materials that are known by their names only."""
    return [Material(str(n), name, required=required) for n, name in enumerate(names, start=1)]


class MaterialsInput(AttachmentsInput):
    """An upload for each material; answers name a file with its material before it."""

    template_name = "forms/materials.html"
    use_fieldset = True
    materials: Sequence[Material] = (_OTHER,)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Tell the template each material and the files already there for it."""
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        kept: dict[str, list[Any]] = {material.key: [] for material in self.materials}
        for one in context["kept"]:
            kept.get(_parts(one["value"])[1], kept[_OTHER.key]).append(one)
        lines = [_line(name, own, m, kept[m.key]) for m in self.materials]
        return {**context, "lines": lines}

    def id_for_label(self, id_: str) -> str:
        """Label the list as a whole: each line has a label of its own."""
        return ""

    def use_required_attribute(self, initial: Any) -> bool:
        """Leave it to the lines to say which of them is needed."""
        return False


class MaterialList(AttachmentsField):
    """Files by what each of them proves; they clean into one list, each with its ``item``.

    A program may name its files without their materials: then nothing is said about which is
    which, and it is enough that there is one.
    """

    default_error_messages = {"missing": _("“%(name)s” is missing.")}

    def __init__(self, materials: Sequence[Material], **kwargs: Any) -> None:
        attrs = dict(AttachmentsField.widget.attrs)
        super().__init__(widget=MaterialsInput(attrs=attrs), **kwargs)
        self.ask_for(materials)

    def ask_for(self, materials: Sequence[Material]) -> None:
        """Ask for these materials, and for whatever else somebody wants to hand in."""
        self.materials = {material.key: material for material in (*materials, _OTHER)}
        assert isinstance(self.widget, MaterialsInput)
        self.widget.materials = tuple(self.materials.values())

    def to_python(self, value: Any) -> list[Attachment]:
        """Return the files, each knowing what it is for."""
        found, told = super().to_python(value), dict(map(_parts, map(str, value or [])))
        for file in found:
            file.item = self._name_of(told[file.pk])
        self._told_apart = any(told.values())
        self._there = set(told.values())
        return found

    def validate(self, value: Any) -> None:
        """Refuse to do without a material that is needed."""
        lacking = [m for m in self.materials.values() if m.required and m.key not in self._there]
        if lacking and (self._told_apart or (self.required and not value)):
            raise ValidationError([self._missing(material) for material in lacking])
        super().validate(value)

    def key_of(self, named: str) -> int | None:
        """Return the number of the file that an answer names, if it names a material of ours."""
        _key, material = _parts(named)
        return attachments.key_in(named) if material in {"", *self.materials} else None

    def for_what(self, file: Attachment) -> str:
        """Return what a file handed in here is for, in the words of the source."""
        return file.item or super().for_what(file)

    def _name_of(self, key: str) -> str:
        with override(None):
            name = self.materials[key].name if key not in {"", _OTHER.key} else ""
            return str(name)[:_LONGEST_NAME]

    def _missing(self, material: Material) -> ValidationError:
        told, named = self.error_messages["missing"], {"name": material.name}
        return ValidationError(told, code="missing", params=named)


def _parts(named: str) -> tuple[int | None, str]:
    return attachments.key_in(named), named.rpartition(":")[0]


def _line(name: str, attrs: dict[str, Any], material: Material, kept: list[Any]) -> dict[str, Any]:
    id_ = f"{attrs.get('id')}_{material.key}"
    told_in = f"{attrs.get('id')}_limit" + (f" {id_}_purpose" if material.purpose else "")
    own = {**attrs, "id": id_, "aria-describedby": ""}
    upload = upload_of(f"{name}:{material.key}", kept, own, told_in)
    return {"material": material, "upload": upload}
