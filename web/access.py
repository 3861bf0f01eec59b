"""Who may open which face, and which case behind it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.standing import WATCHING, Standing, standing
from web.management import people
from workflows import sight
from workflows.models import Case

View = Callable[..., HttpResponse]


class ClosedRegistration(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the office, not by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send each person to the face where their work is."""
        mine = standing_of(request)
        if may_work(mine):
            return reverse("desk")
        return reverse("oversight" if may_watch(mine) else "home")


def standing_of(request: HttpRequest) -> Standing:
    """Return what the person behind a request may act for today."""
    return standing(request.user, on=timezone.localdate())


def case_seen(request: HttpRequest, reference: str) -> Case:
    """Return a case that the units of the person behind a request see today.

    :raises Http404: if there is none
    """
    case = sight.case_for(request.user, reference, on=timezone.localdate())
    if case is None:
        raise Http404(_("There is no such case, or it is not your unit's."))
    return case


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """Tell the sign-in page of a demonstration whom one may be."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_people": people.to_choose_from(), "demo_password": people.PASSWORD}


def faces(request: HttpRequest) -> dict[str, Any]:
    """Tell the templates which faces this person may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"faces": []}
    mine = standing_of(request)
    open_to = [
        ("home", _("For the public"), True),
        ("desk", _("My desk"), may_work(mine)),
        ("oversight", _("Oversight"), may_watch(mine)),
        ("admin:index", _("Administration"), user.is_staff),
    ]
    return {"faces": [_face(request, name, label) for name, label, may in open_to if may]}


def may_work(mine: Standing) -> bool:
    """Test that a person has a duty that works a queue."""
    return bool(mine.workplaces)


def may_watch(mine: Standing) -> bool:
    """Test that a person supervises a unit or audits."""
    return any(m.duty in WATCHING for m in mine.memberships)


def caseworkers(view: View) -> View:
    """Open a view to people with a duty that works a queue."""
    return _only(may_work, view)


def may_take_in(mine: Standing) -> bool:
    """Test that a person receives visitors at the counter of the credit office."""
    return mine.counter is not None


def counter_clerks(view: View) -> View:
    """Open a view to people who receive visitors at the counter of the credit office."""
    return _only(may_take_in, view)


def supervisors(view: View) -> View:
    """Open a view to people who supervise a unit or audit."""
    return _only(may_watch, view)


def keepers(view: View) -> View:
    """Open a view to people who supervise or audit, and to operators: they keep the rules."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_operator = request.user.is_staff and request.user.has_perm("workflows.add_proposal")
        guard = view if is_operator else supervisors(view)
        return guard(request, *args, **kwargs)

    return guarded


def _only(may: Callable[[Standing], bool], view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(standing_of(request)):
            raise PermissionDenied(
                _("Your account has no duty that opens this page. Ask the operator of your unit.")
            )
        return view(request, *args, **kwargs)

    return guarded


def _face(request: HttpRequest, name: str, label: str) -> dict[str, Any]:
    url = reverse(name)
    section = url if url != "/" else ""
    elsewhere = ("/desk/", "/oversight/", "/admin/")
    current = (
        request.path.startswith(section) if section else not request.path.startswith(elsewhere)
    )
    return {"url": url, "label": label, "current": current}
