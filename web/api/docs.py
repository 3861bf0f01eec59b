"""The API's schema as a page to read, without a script from anywhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class Readable(DocsBase):
    """One page that lists every operation."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **where: Any) -> HttpResponse:
        """Return the page."""
        schema = api.get_openapi_schema(path_params=where)
        operations = [
            _operation(path, method, told)
            for path, methods in schema["paths"].items()
            for method, told in methods.items()
        ]
        return render(request, "api.html", {"info": schema["info"], "operations": operations})


def _operation(path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": told["operationId"],
        "call": f"{method.upper()} {path}",
        "says": told["description"],
        "takes": [given["name"] for given in told["parameters"]],
        "body": next(iter(told["requestBody"]["content"])) if "requestBody" in told else "",
        "answers": [status for status in map(str, told["responses"]) if status != "4XX"],
    }
