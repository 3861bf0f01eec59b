"""Let one person fill a form in page by page, look it over, and hand it in."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forms import drafts, guide
from forms.base import StepForm
from forms.guide import QuestionGroup
from web.drafts import Written
from web.shown import Shown
from web.uploads import handed_in
from workflows.work import AnswersRefused

REVIEW = "review"
WHOLE, PAGE = "whole", "guided"
_ALL = QuestionGroup("", "", ("*",))
_LAST = QuestionGroup(REVIEW, gettext_lazy("Check and submit"), ())


@dataclass(frozen=True)
class Filling:
    """One form to be filled in.

    ``about`` is its address and the key of its draft; ``form`` makes it, with answers or blank;
    ``hands_in`` is the one verb that takes all answers and redirects; ``shows`` makes a page of
    a kind (``whole``, ``guided`` or ``review``) with a status; ``known`` returns what is filled
    in already of the questions named.
    """

    about: str
    title: Any
    matter: str
    form: Callable[..., StepForm]
    hands_in: Callable[[Any], HttpResponse]
    shows: Callable[[str, Shown, int], HttpResponse]
    known: Callable[[list[str]], Shown] = lambda _names: {}

    def address(self, page: str, more: str = "") -> str:
        """Return the address of one page of the form."""
        return f"{self.about}{'&' if '?' in self.about else '?'}page={page}{more}"


def fill_in(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Show a page of a form, take one in, or hand the whole in."""
    visit = _Visit(request, filling)
    if request.method != "POST":
        return visit.show()
    wanted = request.GET.get("page", "")
    group = next((group for group in visit.blank.pages if group.name == wanted), None)
    return visit.take_in(group) if group else visit.hand_in()


class _Visit:
    """One request about a form: what was answered before, and where it leads."""

    def __init__(self, request: HttpRequest, filling: Filling) -> None:
        self.request, self.filling = request, filling
        self.draft = drafts.read(request.user, filling.about)
        self.blank = filling.form()
        self.data: Any = drafts.as_data(self.draft)

    @property
    def groups(self) -> list[QuestionGroup]:
        """The pages that are to be answered, as far as one can tell yet."""
        return guide.asked(self.blank, self.data)

    @property
    def answers(self) -> Any:
        """What was answered, without what is not asked any more."""
        return guide.to_hand_in(self.blank, self.data)

    def show(self) -> HttpResponse:
        """Show the page that is wanted, else the one where the draft was left."""
        if not self.blank.pages:
            return self._whole(self._filled(_ALL))
        wanted = self.request.GET.get("page") or (self.draft.page if self.draft else "")
        if wanted == REVIEW:
            return self._review()
        group = next((group for group in self.groups if group.name == wanted), self.groups[0])
        checks = "check" in self.request.GET
        return self._page(self.filling.form(self.answers) if checks else self._filled(group), group)

    def take_in(self, group: QuestionGroup) -> HttpResponse:
        """Keep the answers of one page; lead on or back, or say what is wrong with them."""
        go, names = self.request.POST.get("go", "next"), guide.questions_of(self.blank, group)
        self._remember(drafts.answers_to(names, handed_in(self.request)))
        form = self.filling.form(guide.to_hand_in(self.blank, self.data, until=group))
        is_wrong = go == "next" and bool(guide.errors_on(form, group))
        to = group if is_wrong or go == "leave" else self._neighbour(group, back=go == "back")
        self._save(names, to)
        if is_wrong:
            return self._page(form, group, status=422)
        return self._leave() if go == "leave" else redirect(self.filling.address(to.name))

    def hand_in(self) -> HttpResponse:
        """Hand in what was answered, page by page or at once; the draft goes with it."""
        posted = handed_in(self.request)
        names = [name for name in self.blank.fields if name in posted]
        self._remember(drafts.answers_to(names, posted))
        try:
            with drafts.handing_in(self.request.user, self.filling.about):
                return self.filling.hands_in(self.answers if self.blank.pages else posted)
        except AnswersRefused as refused:
            return self._refused(refused.form, names)

    def _filled(self, group: QuestionGroup) -> StepForm:
        form, told = copy(self.blank), self.draft.answers if self.draft else {}
        form.initial = dict(form.initial)
        new = [name for name in form.carried if group.has(name) and name not in told]
        form.initial.update(self.filling.known(new))
        drafts.fill(form, self.draft)
        return form

    def _remember(self, given: dict[str, list[str]]) -> None:
        for name, answers in given.items():
            if answers:
                self.data.setlist(name, answers)
            else:
                self.data.pop(name, None)

    def _save(self, names: list[str], page: QuestionGroup) -> None:
        given = drafts.answers_to(names, self.data)
        told = {"title": self._written(page).called, "page": page.name}
        about, at = self.filling.about, timezone.now()
        self.draft = drafts.save(self.request.user, about, given, at=at, **told)

    def _neighbour(self, group: QuestionGroup, *, back: bool) -> QuestionGroup:
        order, groups = list(self.blank.pages), self.groups
        here = order.index(group)
        if back:
            return next((g for g in reversed(groups) if order.index(g) < here), group)
        if self.request.GET.get("then") == REVIEW:
            return _LAST
        return next((g for g in groups if order.index(g) > here), _LAST)

    def _leave(self) -> HttpResponse:
        messages.success(self.request, _("Your draft is kept. Go on with it whenever you like."))
        return redirect("home")

    def _refused(self, form: StepForm, names: list[str]) -> HttpResponse:
        if not form.pages:
            return self._whole(form, status=422)
        group = guide.first_with_errors(form, self.groups) or self.groups[-1]
        self._save(names, group)
        return self._page(form, group, status=422)

    def _whole(self, form: StepForm, status: int = 200) -> HttpResponse:
        written = self._written(_ALL)
        context = {"form": form, "draft": written.shown(self.request, self.draft)}
        return self.filling.shows(WHOLE, context, status)

    def _page(self, form: StepForm, group: QuestionGroup, status: int = 200) -> HttpResponse:
        groups = self.groups
        guide.show_only(form, group)
        then = self.request.GET.get("then") == REVIEW
        context = {
            "form": form,
            "group": group,
            "signs": group.has("commitment"),
            "steps": self._steps(group),
            "number": groups.index(group) + 1 if group in groups else 0,
            "count": len(groups) + 1,
            "first": group == groups[0],
            "action": self.filling.address(group.name, f"&then={REVIEW}" if then else ""),
            "draft": self._written(group).shown(self.request, self.draft),
        }
        return self.filling.shows(PAGE, context, status)

    def _review(self) -> HttpResponse:
        form, groups = self.filling.form(self.answers), self.groups
        if form.errors:
            group = guide.first_with_errors(form, groups) or groups[-1]
            return redirect(self.filling.address(group.name, f"&check=1&then={REVIEW}"))
        context = {
            "form": form,
            "signs": any(group.has("commitment") for group in groups),
            "said": [self._said(form, group) for group in groups],
            "steps": self._steps(_LAST),
            "action": self.filling.address(REVIEW),
            "back": self.filling.address(groups[-1].name),
        }
        return self.filling.shows(REVIEW, context, 200)

    def _said(self, form: StepForm, group: QuestionGroup) -> Shown:
        url = self.filling.address(group.name, f"&then={REVIEW}")
        return {"title": group.title, "url": url, "answers": guide.in_words(form, group)}

    def _steps(self, current: QuestionGroup) -> list[Shown]:
        told = self.draft.answers if self.draft else {}
        steps = [(g, any(map(told.__contains__, self._asks(g)))) for g in self.groups]
        steps.append((_LAST, all(done for _group, done in steps)))
        return [
            {
                "title": group.title,
                "url": self.filling.address(group.name) if done and group != current else "",
                "done": done and group is not _LAST,
                "current": group == current,
            }
            for group, done in steps
        ]

    def _asks(self, group: QuestionGroup) -> list[str]:
        return guide.questions_of(self.blank, group)

    def _written(self, group: QuestionGroup) -> Written:
        told = self.filling
        names = self._asks(group)
        return Written(told.about, told.title, told.matter, group.name, group.title, names)
