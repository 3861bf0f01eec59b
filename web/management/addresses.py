"""The addresses of the service and, beside them, those of plain viewflow; for ``bench`` only."""

from django.urls import path

from web.urls import urlpatterns as ours
from workflows.management.plain import SITE

urlpatterns = [*ours, path("plain/", SITE.urls)]
