"""Read each rule value at most once for one request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from workflows import policy


class ReadOnce:
    """Let everything a request reads share one reading of the rule values."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request with one reading of the rule values."""
        with policy.reading():
            return self.get_response(request)
