"""Tokens that sign people in to the API: shown once, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from accounts.models import ApiToken, User

_PREFIX = "xinban_"
_BYTES = 32
# A token in constant use is written once a minute, not with every request.
_NOTED_EVERY = timedelta(minutes=1)


def issue(user: User, name: str, *, at: datetime, days: int) -> str:
    """Make a token for a person and return it; it cannot be shown again."""
    token = f"{_PREFIX}{secrets.token_urlsafe(_BYTES)}"
    ApiToken.objects.create(
        user=user,
        digest=_digest(token),
        name=name,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token


def bearer(token: str, *, at: datetime) -> User | None:
    """Return the person a token signs in, or nobody if it is unknown, expired or revoked."""
    valid = ApiToken.objects.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)
    found = valid.select_related("user").filter(digest=_digest(token)).first()
    if found is None:
        return None
    _note_use(found, at)
    return found.user


def _note_use(token: ApiToken, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at > _NOTED_EVERY:
        token.last_used_at = at
        token.save(update_fields=["last_used_at"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
