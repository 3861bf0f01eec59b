"""What every setting shares, and every environment variable the service reads."""

from pathlib import Path

import django
import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("XINBAN_VAR", default=str(BASE_DIR / "var")))

DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
ROOT_URLCONF = "web.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

CASE_TYPES = sorted(p.parent.name for p in (BASE_DIR / "cases").glob("*/apps.py"))

INSTALLED_APPS = [
    "web",
    "config.administration.Administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "viewflow",
    "viewflow.workflow",
    "accounts",
    "records",
    "forms",
    "notifications",
    "workflows",
    *[f"cases.{name}" for name in CASE_TYPES],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "web.expired.TypedText",
    "web.reading.ReadOnce",
    "web.refusals.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our app called forms has the label that installing django.forms would need.
        "DIRS": [BASE_DIR / "web" / "templates", Path(django.__path__[0]) / "forms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.access.faces",
                "web.access.demonstration",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgresql:///xinban"),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_ADAPTER = "web.access.ClosedRegistration"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Nothing a request does touches Redis: sessions live in the database, letters in the outbox.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.expired.csrf_failed"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
}
CELERY_TIMEZONE = TIME_ZONE
# The sweep of the deadlines beats once a minute; two missed beats are an alarm.
HEARTBEAT_MAX_AGE_SECONDS = env.int("HEARTBEAT_MAX_AGE_SECONDS", default=180)
HEARTBEAT_KEEP_DAYS = env.int("HEARTBEAT_KEEP_DAYS", default=30)
# Whom to write to when the sweep is silent, past the outbox: ALARM_RECIPIENTS=a@x,b@y.
ALARM_RECIPIENTS = env.list("ALARM_RECIPIENTS", default=[])
WATCH_INTERVAL_SECONDS = env.int("WATCH_INTERVAL_SECONDS", default=60)
ALARM_MAIL_TIMEOUT_SECONDS = env.int("ALARM_MAIL_TIMEOUT_SECONDS", default=5)
API_TOKEN_DAYS = env.int("API_TOKEN_DAYS", default=90)

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.finders.ShownApps",
]
STATICFILES_DIRS = [BASE_DIR / "web" / "static"]
MEDIA_ROOT = VAR_DIR / "files"
# One proof is rarely more than a scanned page; a larger file is refused in a sentence.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=10 * 1024 * 1024)
# A file handed in for a form that is never sent is dropped after so many days.
UNUSED_FILE_KEEP_DAYS = env.int("UNUSED_FILE_KEEP_DAYS", default=30)
# What somebody typed and never handed in is forgotten after so many days.
DRAFT_KEEP_DAYS = env.int("DRAFT_KEEP_DAYS", default=30)
# The path of a file is added to this command; it ends with 0 (clean) or 1 (malware found).
SCAN_COMMAND = env("SCAN_COMMAND", default="")
SCAN_TIMEOUT_SECONDS = env.int("SCAN_TIMEOUT_SECONDS", default=60)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="xinban@localhost")
EMAIL_TIMEOUT = 20
NOTIFICATION_ATTEMPTS = env.int("NOTIFICATION_ATTEMPTS", default=8)
# The full address of the page to track a case, printed on letters as a square code.
QUERY_ADDRESS = env("QUERY_ADDRESS", default="")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["viewflow.W001"]
DEMO = False
