"""What a step would do and where its answers lead, as the templates show it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from forms.base import StepForm
from forms.models import Attachment
from web import pages
from web.refusals import SAID_BESIDE_THE_FORM
from web.shown import Shown
from web.uploads import handed_in
from workflows import foresight, wording, work
from workflows.acts import Refused
from workflows.case_type import LetterKind
from workflows.foreseen import Draft, Foreseen, How, Turn
from workflows.models import WorkItem
from workflows.ways import Next, Way, basis_of, way_on, ways_of

_CHOSEN = "chosen-"
_MOST_CHOSEN = 50
_HOW = {
    How.STARTS: gettext_lazy("starts"),
    How.STANDS: gettext_lazy("stands still"),
    How.RUNS: gettext_lazy("runs again"),
    How.MOVES: gettext_lazy("moves"),
    How.ENDS: gettext_lazy("ends"),
}


@dataclass(frozen=True)
class Look:
    """What was seen by looking ahead, or why nothing could be seen yet."""

    answers: Any
    foreseen: Shown | None = None
    refusal: str = ""
    missing: list[Shown] = field(default_factory=list)
    form: StepForm | None = None
    status: int = 200


def look(request: HttpRequest, item: WorkItem) -> Look:
    """Look ahead with the answers of a request; they are kept, and nothing is done.

    Files that a page only names are looked at as if they were there; files that come with the
    answers are kept for the form, as a completion that is refused keeps them.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        return _looked(request, item, handed_in(request))
    with transaction.atomic():
        looked = _looked(request, item, _as_if_handed_in(request))
        transaction.set_rollback(True)
    return looked


def explain(form: StepForm, item: WorkItem) -> None:
    """Say beside each choice that decides where the case goes where that is, and the basis."""
    for name, ways in ways_of(item, form).items():
        told = {value: _way(way) for value, way in ways.items()}
        vars(form.fields[name])["ways"] = told


def ahead(item: WorkItem, form: StepForm) -> Shown:
    """Return what is known of a step before it is answered: its basis, the letters it may send."""
    ways = [way for told in ways_of(item, form).values() for way in told.values()]
    found = ways or [way for way in (way_on(item),) if way]
    letters = dict.fromkeys(_title(kind) for way in found for kind in way.letters)
    only = _way(found[0]) if not ways and found else None
    return {"basis": basis_of(item), "letters": _(", ").join(letters), "only": only}


def _looked(request: HttpRequest, item: WorkItem, answers: Any) -> Look:
    try:
        seen = foresight.foresee(item.pk, by=request.user, answers=answers, at=timezone.now())
    except work.AnswersRefused as refused:
        told = _missing(refused.form)
        return Look(answers, missing=told, form=refused.form, status=refused.status)
    except Refused as refused:
        if refused.status not in SAID_BESIDE_THE_FORM:
            raise
        return Look(answers, refusal=str(refused), status=refused.status)
    return Look(answers, shown(seen))


def _as_if_handed_in(request: HttpRequest) -> Any:
    answers = request.POST.copy()
    named = [name for name in answers if name.startswith(_CHOSEN)]
    for name in named:
        for called in answers.pop(name)[:_MOST_CHOSEN]:
            answers.appendlist(name.removeprefix(_CHOSEN), str(_stand_in(request, called).pk))
    return answers


def _stand_in(request: HttpRequest, name: str) -> Attachment:
    """Return a file without content, gone with the rest when the look is over."""
    assert isinstance(request.user, User)
    return Attachment.objects.create(
        name=name.replace("\0", "")[-200:],
        size=0,
        uploaded_by=request.user,
        uploaded_at=timezone.now(),
        scan=Attachment.Scan.CLEAN,
    )


def _missing(form: StepForm) -> list[Shown]:
    return [
        {
            "label": form[name].label if name in form.fields else "",
            "url": f"#{form[name].auto_id}" if name in form.fields else "",
            "errors": [str(error) for error in errors],
        }
        for name, errors in form.errors.items()
    ]


def shown(seen: Foreseen) -> Shown:
    """Return everything that was foreseen."""
    return {
        "before": seen.before,
        "after": seen.after,
        "moves": seen.moves,
        "closing": seen.closing,
        "opening": seen.opening,
        "clocks": [_turn(turn) for turn in seen.turns],
        "letters": [_letter(draft) for draft in seen.letters],
        "effects": [*seen.effects, *seen.elsewhere],
        "ends": seen.ends,
    }


def _turn(turn: Turn) -> Shown:
    deadline = turn.deadline
    told = pages.clock(turn.clock) if turn.clock else {"due_on": turn.was}
    return {
        **told,
        "how": turn.how.value,
        "how_label": _HOW[turn.how],
        "label": pages.clock_title(deadline, deadline.item),
        "was": turn.was if turn.how != How.ENDS else None,
        "late": turn.how == How.ENDS and deadline.was_met is False,
        "basis": deadline.term.basis,
        "certainty_label": wording.certainty(deadline.term.certainty),
    }


def _letter(draft: Draft) -> Shown:
    return {
        "title": draft.title_en if get_language() == "en" else draft.title,
        "html": _within_a_page(draft.html),
        "html_en": _within_a_page(draft.html_en),
        "to": draft.addressee,
        "people": _people(draft.people),
        "service": _service(draft),
    }


def _within_a_page(html: str) -> str:
    """Return the text of a letter with its headings below those of the page around it."""
    return html.replace("<h1", '<h1 aria-level="4"').replace("<h2", '<h2 aria-level="5"')


def _people(names: tuple[str, ...]) -> str:
    if not names:
        return _("Nobody acts for the addressee here: the letter has to be carried.")
    said = ngettext("Message to %(names)s", "Messages to %(names)s", len(names))
    return said % {"names": _(", ").join(names)}


def _service(draft: Draft) -> str:
    if draft.is_served:
        return _("Counts as served at once, in the party's account")
    return _("Has to be served; a step for that opens") if draft.has_to_be_served else ""


def _way(way: Way) -> Shown:
    """Return one way in words: the moves, the letters, the steps; and on what grounds."""
    said = [
        _(", then ").join(way.moves),
        _("Letter: %(titles)s") % {"titles": _(", ").join(map(_title, way.letters))}
        if way.letters
        else "",
        *(_next(step) for step in way.steps),
        _("The case ends here") if way.ends else "",
    ]
    basis = dict.fromkeys(wording.source(step.term.basis) for step in way.steps)
    return {"said": [one for one in said if one], "basis": _("; ").join(filter(None, basis))}


def _next(step: Next) -> str:
    told = {
        "step": step.title,
        "who": step.who,
        "length": wording.length(step.term.period),
        "certainty": wording.certainty(step.term.certainty),
    }
    return _("Next: %(step)s (%(who)s, %(length)s, %(certainty)s)") % told


def _title(kind: LetterKind) -> str:
    return kind.title_en if get_language() == "en" else kind.title
