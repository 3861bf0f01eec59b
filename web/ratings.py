"""The ratings of closed cases (好差评): given by the party, followed up by the credit office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forms.questions import lines
from web import charts, frame, pages, sheets
from web.access import supervisors
from web.charts import Bar
from web.figures import Figure
from web.sheets import Rate, Table
from workflows import rating, topics
from workflows.queues import PAGE
from workflows.rating import Grade

_STYLES = {5: "green", 4: "green", 3: "plain", 2: "amber", 1: "red"}
_WAITING = "waiting"
_MOST_TAKEN_AWAY = 5000


class Rating(forms.Form):
    """Say how one was served in a case."""

    grade = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with how this case was handled?"),
        choices=sorted(Grade.choices, reverse=True),
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=gettext_lazy("What went well, what should be better?"),
        help_text=gettext_lazy("The supervisors read this, not those who worked on the case."),
        max_length=rating.LONGEST,
        required=False,
        widget=lines(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the party of a closed case how it was served, once."""
    own = topics.own_case(request.user, reference, on=timezone.localdate())
    rating.check_ratable(own)
    form = _form(request)
    if not form.is_valid():
        back = reverse("case", args=[reference])
        context = {"form": form, "reference": own.reference, "back_url": back}
        return frame.applicant(request, "rate", context, status=422 if form.is_bound else 200)
    rating.rate(reference, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Thank you. Your rating has been recorded."))
    return redirect("case", reference)


@supervisors
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show how cases were rated, and the poor ratings that wait for a call back."""
    on, page = timezone.localdate(), pages.page_of(request)
    told, chosen = rating.told_for(request.user, on=on), _chosen(request)
    found = _found(request, chosen)
    shown = found[(page - 1) * PAGE : page * PAGE]
    context = {
        "figure": _figure(told),
        "told": told,
        "list": pages.paged(request, [pages.rating(r) for r in shown], page=page),
        "filters": _filters(told, chosen),
        "may_follow_up": rating.may_follow_up(request.user, on=on),
        "poor": rating.POOR,
        "url": reverse("ratings-download"),
    }
    return frame.oversight(request, "ratings", context)


@supervisors
@require_POST
def follow_up(request: HttpRequest, rating_id: int) -> HttpResponse:
    """Write down what was said in the call back after a poor rating."""
    note = request.POST.get("note", "")
    done = rating.follow_up(rating_id, by=request.user, note=note, at=timezone.now())
    said = _("The call back about case %(reference)s is written down.")
    messages.success(request, said % {"reference": done.case.reference})
    return redirect("ratings")


@supervisors
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Return the ratings as a workbook, or one of its tables as text."""
    on = timezone.localdate()
    told = rating.told_for(request.user, on=on)
    found = rating.ratings_for(request.user, on=on)[:_MOST_TAKEN_AWAY]
    tables = [_by_grade(told), _one_by_one([pages.rating(r) for r in found])]
    heading = _("Ratings of %(day)s") % {"day": date_format(on)}
    return sheets.handed_out(request, tables, heading=heading, name=f"xinban-ratings-{on:%Y%m%d}")


def _form(request: HttpRequest) -> Rating:
    """Return the questions; the grade that was pressed on the page of the case is chosen."""
    if request.method == "POST":
        return Rating(request.POST, label_suffix="")
    return Rating(initial={"grade": request.GET.get("grade", "")}, label_suffix="")


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("show", _WAITING)
    return asked if asked in {_WAITING, "", *map(str, Grade.values)} else _WAITING


def _found(request: HttpRequest, chosen: str) -> Any:
    on = timezone.localdate()
    if chosen == _WAITING:
        return rating.waiting_for(request.user, on=on)
    return rating.ratings_for(request.user, on=on, grade=int(chosen) if chosen else None)


def _filters(told: rating.Told, chosen: str) -> list[dict[str, Any]]:
    grades = [(str(g), Grade(g).label, n) for g, n in told.grades.items()]
    every = [(_WAITING, _("Waiting for a call back"), told.waiting), *grades]
    return [
        {"label": label, "count": n, "current": key == chosen, "url": f"?show={key}"}
        for key, label, n in [*every, ("", _("All"), told.count)]
    ]


def _figure(told: rating.Told) -> Figure:
    table = _by_grade(told)
    text = _("Closed cases of the units you watch, by how their parties rated them.")
    drawn = charts.bars("ratings", table.title, text, [_bar(*each) for each in told.grades.items()])
    return Figure([drawn] if told.count else [], table, text)


def _bar(grade: int, n: int) -> Bar:
    said = ngettext("%(n)s case", "%(n)s cases", n) % {"n": n}
    return Bar(str(Grade(grade).label), [(_STYLES[grade], n)], said)


def _by_grade(told: rating.Told) -> Table:
    rows = [
        [str(Grade(grade).label), n, Rate(n / told.count) if told.count else None]
        for grade, n in told.grades.items()
    ]
    if told.satisfied is not None:
        good = sum(n for grade, n in told.grades.items() if grade not in rating.POOR)
        rows.append([_("At least fairly satisfied"), good, Rate(told.satisfied)])
    heads = [_("Grade"), _("Cases"), _("Share")]
    return Table("grades", _("Ratings by grade"), heads, rows)


def _one_by_one(rows: list[dict[str, Any]]) -> Table:
    heads = [
        _("Case"),
        _("Type of case"),
        _("Party"),
        _("Grade"),
        _("Rated on"),
        _("Called back on"),
    ]
    cells = [
        [
            *(row["reference"], row["kind"], row["party"], str(row["grade_label"])),
            *(f"{row['rated_on']}", f"{row['followed_up_on'] or ''}"),
        ]
        for row in rows
    ]
    return Table("ratings", _("Ratings one by one"), heads, cells)
