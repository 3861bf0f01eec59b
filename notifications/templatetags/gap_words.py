"""The filters of letters, for letters whose values are gaps: a gap is a gap in any form."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def zh_date(value: Any) -> Any:
    """Leave a gap as it is."""
    return value


en_date = register.filter("en_date", zh_date)
zh_basis = register.filter("zh_basis", zh_date)
