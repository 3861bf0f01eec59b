"""How parties rated the cases of a period, as a table of the bulletin."""

from collections import Counter
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from web.sheets import Rate, Table
from workflows import rating, statistics
from workflows.bulletin import Span
from workflows.case_type import case_type
from workflows.models import Rating

_Counted = dict[str, Counter[int]]


def rated_in(span: Span, *, viewer: Any) -> _Counted:
    """Return how many cases of each kind got each grade in a period; one query."""
    cases = statistics.cases_for(viewer, on=span.on)
    found = Rating.objects.filter(case__in=cases.values("pk"), rated_at__date__range=span.days)
    counted: _Counted = {}
    rows = found.order_by().values_list("case__kind", "grade").annotate(n=Count("pk"))
    for kind, grade, n in rows:
        counted.setdefault(kind, Counter())[grade] += n
    return counted


def overall(counted: _Counted) -> Rate | None:
    """Return the share of all ratings that were at least fairly satisfied; none without any."""
    return _share(sum(counted.values(), Counter()))


def table(counted: _Counted) -> Table:
    """Return the ratings by type of case."""
    heads = [_("Type of case"), _("Rated"), _("At least fairly satisfied"), _("Satisfaction")]
    lines = [
        (str(case_type(kind).verbose_name), grades) for kind, grades in sorted(counted.items())
    ]
    every = (_("Total"), sum(counted.values(), Counter()))
    rows = [_line(label, grades) for label, grades in (*lines, every)]
    return Table("ratings", _("How parties rated their cases"), heads, rows if lines else [])


def _line(label: str, grades: Counter[int]) -> list[Any]:
    return [label, grades.total(), rating.satisfied_in(grades), _share(grades)]


def _share(grades: Counter[int]) -> Rate | None:
    return Rate(rating.satisfied_in(grades) / grades.total()) if grades.total() else None
