"""Which static files are ours to serve: not viewflow's, whose pages we do not show."""

from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder


class ShownApps(AppDirectoriesFinder):
    """Find the files of every app but viewflow, whose sheets name files its wheel lacks."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        ours = (app for app in apps.get_app_configs() if app.label != "viewflow_base")
        super().__init__(app_names or [app.name for app in ours], *args, **kwargs)
