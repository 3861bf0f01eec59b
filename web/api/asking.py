"""Who asks, on which day, and for which page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query

from accounts.models import User
from accounts.standing import standing
from web import access
from workflows import queues, sight, topics, work
from workflows.case_type import CaseType, case_type
from workflows.models import Case, WorkItem

MOST_PAGES = 10_000
Page = Annotated[int, Query(ge=1, le=MOST_PAGES)]
# PostgreSQL keeps no NUL character, so nothing is found by one.
Words = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]


def viewer(request: HttpRequest) -> User:
    """Return the person whose token came with the request."""
    return cast(User, request.auth)  # type: ignore[attr-defined]


def now() -> datetime:
    """Return the instant of the request."""
    return timezone.now()


def today() -> date:
    """Return the local day of the request."""
    return timezone.localdate()


def caseworker(request: HttpRequest) -> User:
    """Return the person who asks if they have a duty that works a queue.

    :raises PermissionDenied: if not
    """
    if not access.may_work(standing(viewer(request), on=today())):
        raise PermissionDenied(_("Only people with a duty in a unit work its queues."))
    return viewer(request)


def watcher(request: HttpRequest) -> User:
    """Return the person who asks if they supervise a unit or audit.

    :raises PermissionDenied: if not
    """
    if not access.may_watch(standing(viewer(request), on=today())):
        raise PermissionDenied(_("Only supervisors and auditors watch over other people's work."))
    return viewer(request)


def seen_case(who: User, reference: str) -> Case:
    """Return a case this person may see.

    :raises NoSuchCase: if there is none
    """
    case = sight.case_for(who, reference, on=today())
    if case is None:
        raise topics.NoSuchCase
    return case


def seen_item(who: User, item_id: int) -> WorkItem:
    """Return a step this person may see.

    :raises NoSuchWork: if there is none
    """
    item = queues.item_for(who, item_id, on=today())
    if item is None:
        raise work.NoSuchWork
    return item


def kind_of_case(kind: str) -> CaseType:
    """Return an installed case type.

    :raises Http404: if there is none
    """
    try:
        return case_type(kind)
    except LookupError:
        raise Http404(kind) from None


def paged(items: Sequence[Any], page: int, *, size: int) -> dict[str, Any]:
    """Return one page of a list that was read one item further than it is long."""
    further = page + 1 if len(items) > size else None
    return {"items": items[:size], "page": page, "next": further}
