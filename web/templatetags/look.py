"""What templates ask of the house beyond what a page tells them."""

from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from notifications.templatetags.letter_words import cited

register = template.Library()
register.filter(cited)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one of our own drawings; decoration only, words stand beside it."""
    sheet = static("icons/sprite.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sheet, name
    )


@register.simple_tag
def attachment_limit() -> str:
    """Return how large one file may be, in words."""
    return filesizeformat(settings.ATTACHMENT_MAX_BYTES).replace(".0", "")


@register.simple_tag
def attachment_limit_bytes() -> str:
    """Return how large one file may be, in bytes."""
    return str(settings.ATTACHMENT_MAX_BYTES)


@register.filter
def kinds(accept: str) -> str:
    """Return the file types a field accepts, in words: ``.pdf,.jpg`` as PDF, JPG."""
    return _(", ").join(one.strip().lstrip(".").upper() for one in accept.split(","))


@register.filter
def explained(field: Any, option: Any) -> Any:
    """Return what one choice of a field will do, if the field's ``explanations`` tell it."""
    told: dict[str, Any] = getattr(field.field, "explanations", {})
    return told.get(str(option.data["value"]), "")


@register.filter
def way_of(field: Any, option: Any) -> Any:
    """Return where one choice of a field leads, if the field's ``ways`` tell it."""
    ways: dict[str, Any] = getattr(field.field, "ways", {})
    return ways.get(str(option.data["value"]))


@register.filter
def only_if(field: Any) -> dict[str, Any] | None:
    """Return under which answer to which question a field is asked; nothing if it always is."""
    conditions = field.form.conditions() if hasattr(field.form, "conditions") else {}
    given = conditions.get(field.name)
    if given is None or given.asked not in field.form.fields:
        return None
    choices = dict(field.form.fields[given.asked].choices)
    told = [str(choices[value]) for value in choices if str(value) in given.values]
    return {"asked": given.asked, "values": "|".join(given.values), "told": _(", ").join(told)}
