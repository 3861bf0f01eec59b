"""The supervisor's charts: each with the table behind it, to read and to take away."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web import figures, frame, sheets
from web.access import supervisors


@supervisors
@require_GET
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Show workload, how long cases take, how limits are kept and how old open cases are."""
    drawn = figures.drawn(request.user, on=timezone.localdate())
    context = {"figures": drawn, "download_url": reverse("statistics-download")}
    return frame.oversight(request, "statistics", context)


@supervisors
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Return the tables behind the charts as a workbook, or one of them as text."""
    on = timezone.localdate()
    tables = [figure.table for figure in figures.drawn(request.user, on=on)]
    heading = _("Statistics of %(day)s") % {"day": date_format(on)}
    return sheets.handed_out(request, tables, heading=heading, name=f"xinban-{on:%Y%m%d}")
