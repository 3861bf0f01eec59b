"""Let nobody try query codes by the thousand: a few wrong ones from one address, then a pause."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

_MOST_WRONG, _SECONDS = 20, 600


def is_spent(request: HttpRequest) -> bool:
    """Test that too many wrong codes have come from where a request comes from."""
    return int(cache.get(_key(request), 0)) >= _MOST_WRONG


def note_wrong(request: HttpRequest) -> None:
    """Count one more wrong code from where a request comes from."""
    # Added first: counting up alone would make a count that never ends.
    cache.add(_key(request), 0, _SECONDS)
    cache.incr(_key(request))


def _key(request: HttpRequest) -> str:
    return f"track/{get_adapter().get_client_ip(request)}"
