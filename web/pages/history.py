"""What happened in a case, line by line: what it was, who did it, and what is noted of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from web.shown import Shown
from workflows import tracking
from workflows.case_type import LetterKind, case_type
from workflows.clock import SERVED
from workflows.models import Case, Entry, Service
from workflows.models.clocks import Purpose
from workflows.tracking import Happening

_BY_ITSELF = {"letter_issued", "concluded", "closed", "opinions_complete"}
_REASONED = {"returned", "transfer_asked", "transferred", "transfer_given_back"}
_DONE = ("completed", "lapsed", "deemed")


def happening(happened: Happening, case: Case, steps: Mapping[Any, str]) -> Shown:
    """Return one line of the history of a case."""
    about = filter(None, [happened.title, _about(happened, case, steps)])
    return {
        "at": timezone.localtime(happened.at),
        "title": _(": ").join(about),
        "by": _who(happened),
        "note": _note(happened),
    }


def steps_in(log: Iterable[Entry]) -> dict[Any, str]:
    """Return the step that each number of a work item stands for, as the log tells."""
    details = [entry.detail for entry in log]
    return {d["item"]: d["step"] for d in details if "item" in d and "step" in d}


def people(happened: Iterable[Happening], case: Case) -> list[Shown]:
    """Return who did which step of a case, as it was last done."""
    done = {h.detail["step"]: h.who for h in happened if h.kind in _DONE and "step" in h.detail}
    return [
        {"label": tracking.title_of(case.kind, step), "value": who} for step, who in done.items()
    ]


def answered_before(log: Sequence[Entry], step: str) -> dict[str, Any]:
    """Return what was answered when a step was last done; personal answers are not in the log."""
    done = [e.detail for e in log if e.kind == "completed" and e.detail.get("step") == step]
    return dict(done[-1]["facts"]) if done else {}


def given_back(happened: Iterable[Happening], item_id: int) -> Shown | None:
    """Return why another unit gave a transferred step back, by whom and when; or nothing."""
    mine = [h for h in happened if h.detail.get("host") == item_id]
    asked = [h for h in mine if h.kind in ("transfer_asked", "transfer_given_back")]
    if not asked or asked[-1].kind != "transfer_given_back":
        return None
    last = asked[-1]
    at = timezone.localtime(last.at)
    return {"reason": last.detail["reason"], "by": last.who, "at": at}


def _about(happened: Happening, case: Case, steps: Mapping[Any, str]) -> str:
    if letter := _letter(happened, case):
        return letter.title_en if get_language() == "en" else letter.title
    step = happened.detail.get("step") or steps.get(happened.detail.get("item"))
    if step:
        return tracking.title_of(case.kind, step)
    return _clock(happened) if happened.kind.startswith("clock_") else ""


def _clock(happened: Happening) -> str:
    """Return which clock of the whole case it was: its limit, or a promise or fiction beside it."""
    whole, purpose = _("The whole case"), happened.detail.get("purpose", Purpose.LIMIT)
    if purpose == Purpose.LIMIT:
        return whole
    return _("%(step)s (%(purpose)s)") % {"step": whole, "purpose": Purpose(purpose).label}


def _letter(happened: Happening, case: Case) -> LetterKind | None:
    name = happened.detail.get("letter", "")
    if happened.kind.startswith(SERVED):
        name = happened.kind.removeprefix(SERVED)
    return case_type(case.kind).letters.get(name) if isinstance(name, str) else None


def _who(happened: Happening) -> str:
    """Return who did it; what the service does by itself, it does upon somebody's act."""
    service = _("The service")
    if not _by_itself(happened) or happened.who in ("", service):
        return happened.who
    return _("%(service)s, upon what %(who)s did") % {"service": service, "who": happened.who}


def _by_itself(happened: Happening) -> bool:
    if happened.kind.startswith(SERVED):
        return bool(happened.detail.get("method") == Service.Method.ELECTRONIC)
    return happened.kind in _BY_ITSELF or happened.kind.startswith("clock_")


def _note(happened: Happening) -> str:
    detail = happened.detail
    if detail.get("due"):
        return _("due on %(day)s") % {"day": detail["due"]}
    if happened.kind == "letter_issued":
        return str(detail["number"])
    if happened.kind.startswith(SERVED):
        return _counts_from(detail)
    return str(detail.get("reason", "") if happened.kind in _REASONED else detail.get("note", ""))


def _counts_from(detail: Mapping[str, Any]) -> str:
    day = date.fromisoformat(detail["as_of"])
    return _("counts from %(day)s") % {"day": date_format(day)}
