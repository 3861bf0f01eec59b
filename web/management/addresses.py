"""The addresses of the service and, beside them, those of plain viewflow; for ``bench`` only."""

from django.urls import include, path

from workflows.management.plain import SITE

urlpatterns = [path("", include("web.urls")), path("plain/", SITE.urls)]
