"""The views people keep of their inbox and queue: for themselves, or shared with a unit."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.standing import standing
from workflows import audit
from workflows.acts import Refused
from workflows.models import SavedView

MOST = 30


class NoSuchView(Refused):
    """There is no such view, or it is not yours to change."""

    status = 404


class NameTaken(Refused):
    """You have kept another view under this name; drop it first, or choose another name."""

    status = 409


class Nameless(Refused):
    """Give the view a name."""


class TooManyViews(Refused):
    """You have kept as many views as one person may; drop one first."""


class NotYourUnit(Refused):
    """A view is shared with a unit in which you work, and with no other."""

    status = 403


def views_of(viewer: Any, *, on: date, of: str) -> list[SavedView]:
    """Return the views of one list that a person has kept, and those shared with their units."""
    shared = Q(unit__in=standing(viewer, on=on).workplaces)
    found = SavedView.objects.filter(Q(owner=viewer.pk) | shared, of=of)
    return list(found.select_related("owner", "unit"))


def keep(*, by: Any, of: str, name: str, query: str, at: datetime, unit: str = "") -> SavedView:
    """Keep a way of looking at a list under a name, shared with a unit if its code is given.

    :raises Nameless, NameTaken, TooManyViews: if it cannot be kept so
    :raises NotYourUnit: if this person does not work in the unit
    """
    with audit.act(by=by, at=at):
        _check_list(of)
        called = _name(by, of, name)
        told = {"of": of, "name": called, "query": _short(query), "unit": _unit(by, unit, at)}
        view = SavedView.objects.create(owner=by, kept_at=at, **told)
        _record("view_kept", view, by)
        return view


def share(view_id: int, *, by: Any, unit: str, at: datetime) -> SavedView:
    """Share one's view with a unit of one's own, or with nobody any more if none is named.

    :raises NoSuchView: if it is not this person's
    :raises NotYourUnit: if this person does not work in the unit
    """
    with audit.act(by=by, at=at):
        view = _own(view_id, by)
        view.unit = _unit(by, unit, at)
        view.save(update_fields=["unit"])
        _record("view_shared", view, by)
        return view


def drop(view_id: int, *, by: Any, at: datetime) -> SavedView:
    """Drop a view one has kept; who it was shared with loses it too.

    :raises NoSuchView: if it is not this person's
    """
    with audit.act(by=by, at=at):
        view = _own(view_id, by)
        _record("view_dropped", view, by)
        SavedView.objects.filter(pk=view.pk).delete()
        return view


def _own(view_id: int, by: Any) -> SavedView:
    found = SavedView.objects.select_related("unit").filter(pk=view_id, owner=by).first()
    if found is None:
        raise NoSuchView
    return found


def _check_list(of: str) -> None:
    if of not in SavedView.Of.values:
        raise NoSuchView


def _name(by: Any, of: str, name: str) -> str:
    called = " ".join(name.replace("\0", "").split())[:60]
    if not called:
        raise Nameless
    # Whoever keeps two at once waits here, and the second learns that the name is taken.
    User.objects.select_for_update().filter(pk=by.pk).first()
    kept = list(SavedView.objects.filter(owner=by).values_list("of", "name"))
    if (of, called) in kept:
        raise NameTaken
    if len(kept) >= MOST:
        raise TooManyViews(_("At most %(most)s views are kept; drop one first.") % {"most": MOST})
    return called


def _unit(by: Any, code: str, at: datetime) -> Unit | None:
    if not code:
        return None
    for unit in standing(by, on=localdate(at)).workplaces:
        if unit.code == code:
            return unit
    raise NotYourUnit


def _short(query: str) -> str:
    longest = SavedView._meta.get_field("query").max_length or 0
    if len(query) > longest:
        raise Refused(_("This view says too much to be kept; leave some filters out."))
    return query


def _record(kind: str, view: SavedView, by: Any) -> None:
    shared = view.unit.code if view.unit else ""
    told = {"view": view.pk, "of": view.of, "name": view.name, "unit": shared}
    audit.record(kind, f"views/{by.pk}", detail=told)
