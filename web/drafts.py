"""What was begun and not handed in: the mark a form carries, the list of drafts, saving them."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from forms import drafts
from forms.models import Draft
from web.shown import Shown
from workflows import wording

FIELD = "draft_of"
_SALT = "web.drafts"
_MATTER = 90
DESK = "/desk/"


@dataclass(frozen=True)
class Written:
    """What somebody writes on: the address of the form, its words, and the questions shown."""

    about: str
    title: Any
    matter: str = ""
    page: str = ""
    page_title: Any = ""
    asks: list[str] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Return the words under which a draft is listed, in English, to be shown translated."""
        with override(None):
            words = [str(self.title), self.matter[:_MATTER], str(self.page_title)]
        return "\n".join(words)

    def mark(self, writer: Any) -> str:
        """Return what a form carries to be saved by, signed: whose it is, and what is asked."""
        told = {**asdict(replace(self, title="", page_title="")), "called": self.called}
        return signing.dumps({**told, "writer": writer.pk}, salt=_SALT, compress=True)

    def shown(self, request: HttpRequest, draft: Draft | None) -> Shown:
        """Return what a template needs of a form that is kept as a draft."""
        return {
            "field": FIELD,
            "mark": self.mark(request.user),
            "save_url": reverse("draft-save"),
            "id": draft.pk if draft else None,
            "drop_url": reverse("draft-drop", args=[draft.pk]) if draft else "",
            "saved": saved_at(draft.saved_at) if draft else "",
            "time": wording.clock_time(draft.saved_at) if draft else "",
        }


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a form at this moment, for the one who writes it."""
    marked = marked_in(request.POST.get(FIELD, ""))
    if marked is None or marked["writer"] != request.user.pk:
        raise Http404(_("This form cannot be saved any more. Open it anew."))
    kept = keep(request.user, marked, drafts.answers_to(marked["asks"], request.POST))
    return JsonResponse({"saved": saved_at(kept.saved_at), "drop": kept.pk})


@login_required
@require_POST
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Delete a draft; whoever starts anew comes back to the blank form."""
    dropped = drafts.drop(request.user, draft_id)
    if dropped is None:
        raise Http404(_("There is no such draft any more."))
    messages.success(request, _("The draft is deleted."))
    return redirect(dropped.about if "anew" in request.POST else "home")


def listed(viewer: Any) -> list[Shown]:
    """Return the drafts of applications and answers that a person may go on with."""
    if not viewer.is_authenticated:
        return []
    own = [draft for draft in drafts.of_writer(viewer) if not draft.about.startswith(DESK)]
    return [_line(draft) for draft in own]


def restored(viewer: Any, form: BaseForm | None, about: str) -> Draft | None:
    """Write the viewer's draft of a form into it and return the draft, if there is one."""
    draft = drafts.read(viewer, about) if form is not None else None
    if form is not None:
        drafts.fill(form, draft)
    return draft


def of_step(
    request: HttpRequest, form: Any, reference: str, draft: Draft | None, *, about: str
) -> Shown:
    """Return what the page of a step needs to keep its form as a draft."""
    written = Written(about, form.title, reference, asks=list(form.fields))
    return written.shown(request, draft)


def marked_in(mark: str) -> Shown | None:
    """Return what a mark says, or nothing if we did not make it, or did so too long ago."""
    longest = timedelta(days=settings.DRAFT_KEEP_DAYS)
    try:
        told: Shown = signing.loads(mark, salt=_SALT, max_age=longest)
    except signing.BadSignature:
        return None
    return told


def keep(writer: Any, marked: Shown, answers: drafts.Answers) -> Draft:
    """Save as a draft what was answered on a marked form."""
    told = {"title": marked["called"], "page": marked["page"]}
    return drafts.save(writer, marked["about"], answers, at=timezone.now(), **told)


def saved_at(at: datetime) -> str:
    """Return in words when a draft was saved."""
    return _("Saved at %(time)s") % {"time": wording.clock_time(at)}


def _line(draft: Draft) -> Shown:
    title, matter, page, *_rest = [*draft.title.split("\n"), "", "", ""]
    return {
        "title": _(title) if title else _("Draft"),
        "matter": matter,
        "page": _(page) if page else "",
        "saved_at": draft.saved_at,
        "url": draft.about,
        "drop_url": reverse("draft-drop", args=[draft.pk]),
    }
