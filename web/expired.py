"""Keep what somebody typed when their session ended before they could send it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from forms.drafts import answers_to
from web import drafts, errors
from web.refusals import API

_KEPT = "typed"


class TypedText:
    """Let no text be lost with a session: the same person finds it as a draft.

    A form carries a mark we signed that says who writes it. Its answers wait in the session
    of the browser (no file, no password) until somebody signs in there; anybody else than
    the writer makes them disappear.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Keep a form that came too late, or give it back; forged requests are refused before."""
        if request.path.startswith(API):
            return None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _give_back(request)
            return None
        return _keep(request) if request.method == "POST" else None


def csrf_failed(request: HttpRequest, **_reason: Any) -> HttpResponse:
    """Refuse what may be forged; keep what its writer typed before signing in again elsewhere.

    Signing in makes the forms of all other tabs invalid; the mark in the form, signed by us and
    naming the person, shows that it is theirs all the same.
    """
    marked = drafts.marked_in(request.POST.get(drafts.FIELD, ""))
    if marked is not None and marked["writer"] == request.user.pk:
        drafts.keep(request.user, marked, answers_to(marked["asks"], request.POST))
        messages.info(request, _("You have signed in anew. What you had typed is here: go on."))
        return redirect(marked["about"])
    told = _("This page was open for too long, or it was not ours. Open it anew and try again.")
    return errors.forbidden(request, PermissionDenied(told))


def _keep(request: HttpRequest) -> HttpResponse | None:
    mark = request.POST.get(drafts.FIELD, "")
    marked = drafts.marked_in(mark) if mark else None
    if marked is None:
        return None
    answers = answers_to(marked["asks"], request.POST)
    request.session[_KEPT] = {"mark": mark, "answers": answers}
    told = _("You have been signed out. What you typed is kept: sign in again and go on with it.")
    messages.warning(request, told)
    return redirect_to_login(marked["about"])


def _give_back(request: HttpRequest) -> None:
    kept = request.session.pop(_KEPT, None)
    marked = drafts.marked_in(kept["mark"]) if kept else None
    if not kept or marked is None or marked["writer"] != request.user.pk:
        return
    drafts.keep(request.user, marked, kept["answers"])
    messages.info(request, _("What you had typed is here again. Choose files anew."))
