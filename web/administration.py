"""The operators' desk: its tables in the order of the work, its pages, its log."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables import Desk, Values
from web import letter_texts
from workflows import administering, audit, editions, tracking, wording

# The tables, by app and model, in the order of what operators do.
_GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "people",
        gettext_lazy("People and units"),
        (
            "accounts.User",
            "accounts.Unit",
            "accounts.Membership",
            "accounts.Substitution",
            "accounts.Representation",
            "accounts.ApiToken",
        ),
    ),
    ("rules", gettext_lazy("Rules"), ("workflows.Term", "workflows.Day")),
    ("letters", gettext_lazy("Letters"), ("notifications.Letter",)),
    ("items", gettext_lazy("Items"), ("commitment.Item", "commitment.ItemVersion")),
    ("records", gettext_lazy("Records"), ("records.Subject", "records.Record", "records.Alias")),
    (
        "cases",
        gettext_lazy("Cases and steps"),
        ("workflows.Case", "workflows.WorkItem", "workflows.Deadline"),
    ),
    ("log", gettext_lazy("Log"), ("workflows.Entry",)),
    (
        "health",
        gettext_lazy("Health"),
        ("workflows.Heartbeat", "notifications.Delivery", "workflows.Errand"),
    ),
)
_PLACED = frozenset(key for _name, _title, keys in _GROUPS for key in keys)


class OperatorsDesk(Desk):
    """The desk of those who run the service: no case is worked on here."""

    site_header = site_title = gettext_lazy("Administration")
    index_title = gettext_lazy("Administration")
    enable_nav_sidebar = False
    empty_value_display = "-"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Lay tables on the desk; those of libraries have no place on it and stay away."""
        found = model_or_iterable
        models = found if isinstance(found, Iterable) and not isinstance(found, type) else [found]
        placed = [model for model in models if model._meta.label in _PLACED]
        super().register(placed, admin_class, **options)

    def acting(self, request: HttpRequest) -> AbstractContextManager[Any]:
        """Run the block as one act of the operator, if the request may change anything."""
        if request.method != "POST":
            return nullcontext()
        return audit.act(by=request.user, at=timezone.now())

    def note(
        self, kind: str, stream: str, *, was: Values, now: Values, personal: frozenset[str]
    ) -> None:
        """Write into the running act's log what a row said before and what it says now."""
        administering.note(kind, stream, was=was, now=now, personal=personal)

    def today(self) -> date:
        """Return the local day."""
        return timezone.localdate()

    def history(self, stream: str) -> list[Values]:
        """Return what was written about a stream, newest first."""
        entries = administering.history(stream)
        names, labels = tracking.names_in(entries), self._labels()
        return [
            {
                "at": entry.at,
                "who": tracking.who_did(entry, names),
                "what": str(wording.event(entry.kind)),
                "detail": list(_told(entry.detail, labels)),
                "sealed": [labels.get(name, name) for name in sorted(entry.sealed)],
            }
            for entry in entries
        ]

    def _labels(self) -> dict[str, str]:
        """Return what the columns of the tables are called."""
        fields = (field for table in self._registry for field in table._meta.concrete_fields)
        return {field.name: str(field.verbose_name) for field in fields}

    def may_propose(self, request: HttpRequest) -> bool:
        """Test that this operator may propose what a second person decides."""
        return editions.may_propose(request.user, on=self.today())

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Values]:
        """Return the tables in the order of what operators do; by app where one is asked for."""
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label:
            return apps
        tables = {_name_of(table): table for app in apps for table in app["models"]}
        groups = [_group(name, title, tables, keys) for name, title, keys in _GROUPS]
        return [group for group in groups if group["models"]]

    def get_urls(self) -> list[Any]:
        """Return the addresses of the tables, and of the pages that show no table."""
        return [
            path("texts/", self.admin_view(self.texts), name="letter-texts"),
            path("texts/<slug:kind>/<slug:name>/", self.admin_view(self.text), name="letter-text"),
            *super().get_urls(),
        ]

    def texts(self, request: HttpRequest) -> HttpResponse:
        """List every letter that each type of case sends."""
        self._check_reads_letters(request)
        on = timezone.localdate()
        told = {"types": letter_texts.by_type(), "remedies": letter_texts.remedies(on=on)}
        return self._page(request, "letter_texts", _("Letter texts"), told)

    def text(self, request: HttpRequest, kind: str, name: str) -> HttpResponse:
        """Show one letter with a named gap for each value, and the file it is written from."""
        self._check_reads_letters(request)
        found = letter_texts.shown(kind, name)
        if found is None:
            raise Http404(_("There is no such letter."))
        return self._page(request, "letter_text", found["title"], {"letter": found})

    def _check_reads_letters(self, request: HttpRequest) -> None:
        if not request.user.has_perm("notifications.view_letter"):
            raise Http404(_("There is no such page, or it is not yours to see."))

    def _page(self, request: HttpRequest, name: str, title: str, told: Values) -> HttpResponse:
        context = {**self.each_context(request), "title": title, **told}
        return TemplateResponse(request, f"admin/{name}.html", context)


def _name_of(table: Values) -> str:
    return str(table["model"]._meta.label)


def _group(name: str, title: Any, tables: dict[str, Values], keys: tuple[str, ...]) -> Values:
    found = [tables[key] for key in keys if key in tables]
    if name == "letters" and found:
        texts = {"name": _("Letter texts"), "object_name": "texts", "view_only": True}
        found.insert(0, {**texts, "admin_url": reverse("admin:letter-texts"), "add_url": None})
    return {"app_label": name, "name": title, "app_url": "", "models": found}


def _told(detail: dict[str, Any], labels: dict[str, str]) -> Iterator[Values]:
    was, now = detail.get("was", {}), detail.get("now", detail)
    for name, value in now.items():
        if name != "row":
            yield {"name": labels.get(name, name), "was": was.get(name, ""), "now": value}
