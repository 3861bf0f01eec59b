from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Cases and work")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workflows import audit  # noqa: F401 - connects the log to the moves
