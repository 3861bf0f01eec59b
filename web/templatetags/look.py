"""What templates ask of the house beyond what a page tells them."""

from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


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
    return filesizeformat(settings.ATTACHMENT_MAX_BYTES)


@register.simple_tag
def attachment_limit_bytes() -> str:
    """Return how large one file may be, in bytes."""
    return str(settings.ATTACHMENT_MAX_BYTES)


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
