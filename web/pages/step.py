"""A step beside its case as the templates show it: what may be done, what was said before."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext_lazy

from forms.base import StepForm
from forms.fields import AttachmentsField
from web.pages.history import answered_before
from web.pages.moves import exceptional
from web.shown import Shown
from workflows import policy, proposals, suspension, wording
from workflows.models import Entry, Proposal, WorkItem
from workflows.tracking import Dossier

Kind = Proposal.Kind
_HELP = {
    "what-if": gettext_lazy("See how its dates would move; nothing is changed."),
    Kind.SUSPEND.value: gettext_lazy("Its clocks stand still; an approver decides."),
    Kind.RESUME.value: gettext_lazy("Its clocks run on; an approver decides."),
    Kind.EXTEND.value: gettext_lazy("Once, and before it ends; an approver decides."),
    Kind.CORRECT_START.value: gettext_lazy("If a clock began on a wrong day; an approver decides."),
}
_TERMS: Mapping[str, str] = {
    "work-ask": "general.consult.assist",
    "work-transfer": "general.transfer.sign_in",
    "work-return": "general.return",
    Kind.SUSPEND.value: suspension.LISTED,
    Kind.RESUME.value: suspension.LISTED,
}


def actions(dossier: Dossier, *, mine: Sequence[Shown] = ()) -> list[Shown]:
    """Return what may be done in a case besides completing a step, each with its basis.

    ``mine`` is what may be done with the viewer's own step of it.
    """
    named = {one["name"] for one in mine}
    others = [one for one in exceptional(dossier.case) if one.get("name") not in named]
    return [_action(one, dossier) for one in [*mine, *others]]


def with_answers(form: StepForm, item: WorkItem, log: Sequence[Entry]) -> None:
    """Fill the form of a step that was returned with what was answered the last time.

    Files are part of the case already, and personal answers are not in the log.
    """
    if form.is_bound or "returned" not in item.request:
        return
    said = answered_before(log, item.step)
    plain = [n for n, f in form.fields.items() if not isinstance(f, AttachmentsField)]
    form.initial = {**{name: said[name] for name in plain if name in said}, **form.initial}


def _action(one: Shown, dossier: Dossier) -> Shown:
    name = one.get("name", "")
    found = _BASES.get(name, _of_term)(name, dossier)
    return {"help": _HELP.get(name, ""), **one, "basis": wording.source(found)}


def _of_term(name: str, dossier: Dossier) -> str:
    terms, key = policy.edition(dossier.case.governed_on), _TERMS.get(name, "")
    return terms.term(key).basis if terms.has(key) else ""


def _of_extension(_name: str, dossier: Dossier) -> str:
    terms = policy.edition(dossier.case.governed_on)
    longer = [f"{clock.deadline.term.key}.extend" for clock in dossier.clocks]
    return next((terms.term(key).basis for key in longer if terms.has(key)), "")


def _of_recusal(_name: str, _dossier: Dossier) -> str:
    return proposals.RECUSAL


_BASES: Mapping[str, Callable[[str, Dossier], str]] = {
    Kind.EXTEND.value: _of_extension,
    Kind.RECUSE.value: _of_recusal,
}
