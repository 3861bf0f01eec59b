"""A page of a list, where its neighbours are, and what it may be narrowed by."""

from collections.abc import Iterable
from typing import Any

from web.numbers import number_in
from web.shown import Shown
from workflows.queues import PAGE

# So many digits are enough to lie behind the last page.
_LAST, _DIGITS = 1000, 5


def paged(request: Any, rows: list[Any], *, count: int | None = None, page: int = 1) -> Shown:
    """Return a page of a list with the addresses of its neighbours."""
    more = len(rows) == PAGE and (count is None or page * PAGE < count)
    return {
        "rows": rows,
        "count": len(rows) if count is None else count,
        "next_url": _page_url(request, page + 1) if more else "",
        "prev_url": _page_url(request, page - 1) if page > 1 else "",
    }


def page_of(request: Any) -> int:
    """Return which page of a list is asked for; what makes no sense is the first."""
    asked = request.GET.get("page", "")[:_DIGITS]
    return max(1, min(number_in(asked) or 1, _LAST))


def narrowed_by(name: str, title: str, options: Iterable[tuple[str, Any]], *, chosen: str) -> Shown:
    """Return a choice by which a list is narrowed down: its options, and the one chosen."""
    rows = [{"value": v, "label": label, "chosen": v == chosen} for v, label in options]
    return {"name": name, "title": title, "options": rows}


def _page_url(request: Any, page: int) -> str:
    query = request.GET.copy()
    query["page"] = page
    return f"{request.path}?{query.urlencode()}"
