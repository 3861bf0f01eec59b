from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Cases and work")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Connects the log to the moves and one case's act to what it leaves to another's, makes
        # the asides known, and has every flow proven by `manage.py check`.
        from workflows import audit, checks, consulting, related, transfers  # noqa: F401
