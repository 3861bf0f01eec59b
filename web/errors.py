"""What a person reads when something cannot be shown or done: why, whom to ask, where to look."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Duty, Membership, Unit, in_force
from accounts.standing import Standing
from web.access import may_watch, may_work, standing_of
from web.shown import Shown
from workflows import queues, sight, tracking
from workflows.models import Case

_LATEST, _NUMBER_BYTES = 3, 4
log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why something is not this person's, and whom to ask."""
    context = {"reason": str(exception), "ask": whom_to_ask(request)}
    return render(request, "403.html", context, status=403)


def stale(request: HttpRequest, reason: str) -> HttpResponse:
    """Say that a page came too late to be acted on; nobody lacks a duty here."""
    return render(request, "403.html", {"reason": reason, "is_stale": True}, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here, and offer to search."""
    said = exception.args[0] if exception.args else ""
    context = {"reason": said if isinstance(said, str) else "", **where_to_look(request)}
    return HttpResponseNotFound(render_to_string("404.html", context, request))


def fault(request: HttpRequest) -> HttpResponse:
    """Give the number under which a fault was noted."""
    number = getattr(request, "fault_number", "")
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)


def note(request: HttpRequest) -> str:
    """Note a fault that is being handled under a number that people can quote; return it."""
    number = secrets.token_hex(_NUMBER_BYTES).upper()
    request.fault_number = number  # type: ignore[attr-defined]
    log.exception("fault %s at %s %s", number, request.method, request.path)
    return number


def whom_to_ask(request: HttpRequest) -> str:
    """Return who can help: the supervisors of one's units, or else the credit office."""
    mine = standing_of(request)
    names = _supervisors(mine) if mine.memberships else []
    return _(", ").join(names) or _office()


def where_to_look(request: HttpRequest) -> Shown:
    """Return which searches a person may use, and where their work is."""
    mine = standing_of(request)
    if may_work(mine):
        return {
            "desk_search_url": reverse("desk-search"),
            "next": [{"url": reverse("desk"), "label": _("My inbox")}],
        }
    if may_watch(mine):
        return {"next": [{"url": reverse("oversight"), "label": _("Overview")}]}
    return {"next": [{"url": reverse("home"), "label": _("To the start page")}]}


def what_changed(request: HttpRequest) -> Shown:
    """Return the latest moves of the case an address is about, if the person may see it."""
    case = _case(request)
    if case is None:
        return {}
    dossier = tracking.dossier_of(case, on=timezone.localdate())
    party = sight.is_party(request.user, case, on=timezone.localdate())
    told = dossier.timeline if party else dossier.history
    return {
        "reference": case.reference,
        "state_label": tracking.state_of(case, told_party=party),
        "changes": list(reversed(told[-_LATEST:])),
    }


def _case(request: HttpRequest) -> Case | None:
    named = request.resolver_match.kwargs if request.resolver_match else {}
    on = timezone.localdate()
    if "item_id" in named:
        item = queues.item_for(request.user, named["item_id"], on=on)
        return item.case if item else None
    return sight.case_for(request.user, named.get("reference", ""), on=on)


def _supervisors(mine: Standing) -> list[str]:
    on = timezone.localdate()
    held = Membership.objects.filter(in_force(on), unit__in=mine.units, duty=Duty.SUPERVISOR)
    return [str(membership.user) for membership in held.select_related("user")]


def _office() -> str:
    office = Unit.objects.filter(is_credit_office=True).first()
    if office is None:
        return ""
    named = {"office": str(office), "phone": office.phone}
    return _("%(office)s, telephone %(phone)s") % named if office.phone else str(office)
