"""The API: the same verbs and the same refusals as the faces, as JSON."""

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from accounts import tokens
from accounts.models import User
from web.api import (
    case_types,
    cases,
    files,
    moves,
    openings,
    oversight,
    records,
    work_items,
)
from web.api.docs import Readable
from web.api.shapes import Problem

_ABOUT = """Dates are ISO 8601, instants carry their offset, money is given in fen and in yuan.
Every refusal is a problem (RFC 9457) with a stable `code` and a sentence in the language of
`Accept-Language` (zh, en). Lists have at most 50 items a page; `next` is the following page."""


class Token(HttpBearer):
    """Signs in the person a bearer token was issued to."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the person, or nobody."""
        return tokens.bearer(token, at=timezone.now())


class ReadableJson(BaseRenderer):
    """JSON in which Chinese stands as it is read."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the bytes."""
        return orjson.dumps(data)


class StrictJson(Parser):
    """JSON as the standard has it: no NaN, no half characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body says."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """The API, whose schema says of every operation what a refusal looks like."""

    def get_openapi_schema(self, **where: Any) -> Any:
        """Return the OpenAPI 3.1 document."""
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        schema["components"]["responses"] = {"Refused": _refused()}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["4XX"] = {"$ref": "#/components/responses/Refused"}
        return schema


def _refused() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "Refused, with the reason", "content": content}


def _raise(_request: HttpRequest, refusal: Any) -> HttpResponse:
    """Leave every refusal to ``web.refusals``."""
    raise refusal


def nothing_here(_request: HttpRequest, rest: str) -> HttpResponse:
    """Refuse an address the API does not have."""
    raise Http404(rest)


api = Api(
    title="Xinban",
    version="1",
    description=_ABOUT,
    urls_namespace="api",
    openapi_url="schema/",
    docs_url="docs/",
    docs=Readable(),
    auth=Token(),
    renderer=ReadableJson(),
    parser=StrictJson(),
)
for _refusal in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(_refusal, _raise)
for _router in (
    *(case_types, records, files, openings, cases),
    *(work_items, moves, oversight),
):
    api.add_router("", _router.router)
