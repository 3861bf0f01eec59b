"""The one translation of a refusal: a page for people, a problem (RFC 9457) for programs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

import orjson
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.errors import ValidationError as RequestInvalid

from web import errors
from workflows.acts import Refused
from workflows.work import AnswersRefused

API = "/api/"
# Other input, or a look at what changed, may help: what was typed stays before the person.
SAID_BESIDE_THE_FORM = (409, 422)
_PROBLEM = "application/problem+json"
_KEPT_HEADERS = ("Allow", "WWW-Authenticate")


@dataclass(frozen=True)
class Problem:
    """What was refused and why; ``fields`` names the answers, ``facts`` says what else helps."""

    status: int
    code: str
    detail: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class RefusalMiddleware:
    """Answer refusals; let everything else through, for it is a bug."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn what Django itself refuses under /api/ into a problem too."""
        response = self.get_response(request)
        if not request.path.startswith(API) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type") == _PROBLEM:
            return response
        kept = {name: response[name] for name in _KEPT_HEADERS if name in response.headers}
        facts = {"number": number} if (number := getattr(request, "fault_number", "")) else {}
        return _as_json(replace(_plain(response.status_code), facts=facts), headers=kept)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        """Answer a refusal; a page that is missing or forbidden is Django's to answer."""
        problem = problem_of(refusal)
        if problem is None and not isinstance(refusal, BadRequest | SuspiciousOperation):
            errors.note(request)
        if request.path.startswith(API):
            return _as_json(problem) if problem else None
        if problem is None or isinstance(refusal, Http404 | PermissionDenied):
            return None
        return _as_page(request, problem)


@singledispatch
def problem_of(_refusal: Exception) -> Problem | None:
    """Return what a refusal says to the person refused, or nothing if it is a bug."""
    return None


@problem_of.register
def _of_refused(refusal: Refused) -> Problem:
    code = re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()
    return Problem(refusal.status, code, str(refusal), facts=refusal.fields)


@problem_of.register
def _of_answers(refusal: AnswersRefused) -> Problem:
    return Problem(refusal.status, "answers-refused", str(refusal), fields=refusal.fields)


@problem_of.register
def _of_file(refusal: ValidationError) -> Problem:
    return Problem(422, "file-refused", " ".join(refusal.messages))


@problem_of.register
def _of_request(refusal: RequestInvalid) -> Problem:
    fields: dict[str, list[str]] = {}
    for error in refusal.errors:
        # ("body", name, "answers", question, kind tried …) or ("query", name)
        named = (error["loc"][2:4] or error["loc"])[-1]
        fields.setdefault(str(named), []).append(error["msg"])
    said = _("The request does not have the form the API describes.")
    return Problem(422, "request-invalid", said, fields=fields)


@problem_of.register
def _of_http(refusal: HttpError) -> Problem:
    return _plain(refusal.status_code)


@problem_of.register
def _of_missing(_refusal: Http404) -> Problem:
    return _plain(404)


@problem_of.register
def _of_forbidden(refusal: PermissionDenied) -> Problem:
    return Problem(403, "forbidden", str(refusal) or _plain(403).detail)


def _plain(status: int) -> Problem:
    said = {
        400: ("malformed", _("The request could not be read: its body is not what it should be.")),
        401: ("not-signed-in", _("Send a valid token: “Authorization: Bearer …”.")),
        403: ("forbidden", _("This is not yours to do.")),
        404: ("not-found", _("There is no such thing, or it is not yours to see.")),
        405: ("method-not-allowed", _("This address does not take this method.")),
        500: ("fault", _("Something went wrong on our side. Nothing was changed.")),
    }
    code, detail = said.get(status, ("refused", _("The request was refused.")))
    return Problem(status, code, detail)


def _title(status: int) -> str:
    titles = {
        401: _("Not signed in"),
        403: _("This is not yours to do"),
        404: _("There is nothing here"),
        409: _("Things have moved on"),
        500: _("Something went wrong"),
    }
    return titles.get(status, _("This could not be done"))


def _as_json(problem: Problem, *, headers: dict[str, str] | None = None) -> HttpResponse:
    body = {
        **problem.facts,
        "type": f"urn:xinban:problem:{problem.code}",
        "title": _title(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.fields:
        body["fields"] = problem.fields
    if problem.status == 401:
        headers = {"WWW-Authenticate": "Bearer", **(headers or {})}
    content = orjson.dumps(body, default=str)
    return HttpResponse(content, _PROBLEM, problem.status, headers=headers)


def _as_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    back = where_from(request)
    context = {
        "title": _title(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "reason": problem.detail,
        "back_url": back,
        "next": [{"url": back, "label": _("Back")}],
        **_helps(request, problem.status),
    }
    page = select_template([f"{problem.status}.html", "refused.html"])
    return HttpResponse(page.render(context, request), status=problem.status)


def _helps(request: HttpRequest, status: int) -> dict[str, Any]:
    """Return what helps somebody on after a refusal: whom to ask, what changed, where to look."""
    if status == 403:
        return {"ask": errors.whom_to_ask(request)}
    if status == 409:
        return {"changed": errors.what_changed(request)}
    return errors.where_to_look(request) if status == 404 else {}


def where_from(request: HttpRequest) -> str:
    """Return the page of ours somebody came from, or the start page."""
    came_from = request.headers.get("Referer", "")
    ours = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(came_from, ours, require_https=request.is_secure())
    return came_from if is_ours else "/"
