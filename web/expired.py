"""Keep what somebody typed when their session ended before they could send it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from forms.drafts import answers_to
from web import drafts, errors
from web.refusals import API, where_from

_KEPT, _LOOSE = "typed", "typed loosely"
# Who wrote last in this browser: signed by us, and no key to anything.
WRITER, _SALT = "writer", "web.expired"
_NO_TEXT = {"csrfmiddlewaretoken", "next", drafts.FIELD}
_A_CHOICE = 7  # letters at most; what is longer, or no ASCII, was typed


class TypedText:
    """Let no text be lost with a session: the same person finds it as a draft.

    A form carries a mark we signed that says who writes it. Its answers wait in the session
    of the browser (no file, no password) until somebody signs in there; anybody else than
    the writer makes them disappear.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, note in the browser who writes there, and keep what came too late."""
        response = self.get_response(request)
        if _comes_too_late(request, response):
            return _keep_loose(request) or response
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _note_writer(request, response)
        return response

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
    return errors.stale(request, told)


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


def _comes_too_late(request: HttpRequest, response: HttpResponse) -> bool:
    """Test that a form was answered by asking to sign in; none about accounts is ever kept."""
    accounts = reverse("account_login").removesuffix("login/")
    sent = request.method == "POST" and not request.path.startswith((API, accounts))
    return sent and response.headers.get("Location", "").startswith(reverse("account_login"))


def _keep_loose(request: HttpRequest) -> HttpResponse | None:
    """Keep what was typed into a form that has no draft, to be shown to its writer again."""
    if drafts.marked_in(request.POST.get(drafts.FIELD, "")) is not None:
        return None
    writer = request.get_signed_cookie(WRITER, default=None, salt=_SALT)
    typed = [text for name, text in request.POST.items() if name not in _NO_TEXT and _typed(text)]
    if writer is None or not typed:
        return None
    request.session[_LOOSE] = {"writer": writer, "typed": typed}
    told = _("You have been signed out. What you typed is kept: sign in again to have it back.")
    messages.warning(request, told)
    return redirect_to_login(where_from(request))


def _typed(text: Any) -> bool:
    return isinstance(text, str) and (len(text) > _A_CHOICE or not text.isascii())


def _note_writer(request: HttpRequest, response: HttpResponse) -> None:
    mine = str(request.user.pk)
    if request.get_signed_cookie(WRITER, default=None, salt=_SALT) == mine:
        return
    response.set_signed_cookie(
        WRITER,
        mine,
        salt=_SALT,
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _show_again(request: HttpRequest) -> None:
    kept = request.session.pop(_LOOSE, None)
    if kept and kept["writer"] == str(request.user.pk):
        told = _("What you had typed, to be used again: %(text)s")
        messages.info(request, told % {"text": "\n".join(kept["typed"])})


def _give_back(request: HttpRequest) -> None:
    _show_again(request)
    kept = request.session.pop(_KEPT, None)
    marked = drafts.marked_in(kept["mark"]) if kept else None
    if not kept or marked is None or marked["writer"] != request.user.pk:
        return
    drafts.keep(request.user, marked, kept["answers"])
    messages.info(request, _("What you had typed is here again. Choose files anew."))
