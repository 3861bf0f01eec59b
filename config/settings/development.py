"""The settings of ``make run``: one machine, loopback only, demo people."""

import secrets

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR, env

_KEY = VAR_DIR / "secret.key"
if not _KEY.exists():
    _KEY.parent.mkdir(parents=True, exist_ok=True)
    _KEY.write_text(secrets.token_urlsafe(50), encoding="ascii")
    _KEY.chmod(0o600)

SECRET_KEY = _KEY.read_text(encoding="ascii")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
QUERY_ADDRESS = f"http://127.0.0.1:{env('PORT', default='8000')}/track/"
DEMO = True
