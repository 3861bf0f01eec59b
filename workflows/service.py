"""Serve letters: a clock against the party starts on the effective day and on nothing else."""

from datetime import date
from typing import Any

from accounts.models import Unit
from forms.service import ServiceReturn
from notifications.models import Letter
from workflows import audit, deadlines, policy
from workflows.acts import current_act
from workflows.asides import Aside, day_of, known, open_beside
from workflows.clock import SERVED, Event, due
from workflows.models import Case, Service, WorkItem

Method = Service.Method


def serve(letter: Letter, case: Case, *, unit: Unit) -> None:
    """Serve a letter at once in the party's account, or have it served by the unit that sends it.

    Electronic service takes the party's consent and counts from the day of arrival (民诉法 §90).
    """
    service = Service(case_id=case.pk, letter=letter)
    if case.served_electronically:
        _note(service, case, Method.ELECTRONIC, current_act().on, f"sha256:{letter.sha256}")
        return
    service.save()
    request = {"letter": letter.pk, "number": letter.number, "title": letter.title}
    open_beside(case, SERVE, unit=unit, request=request)


def _settle(case: Any, item: WorkItem, answers: dict[str, Any]) -> None:
    service = Service.objects.select_related("letter").get(letter=item.request["letter"])
    method = Method(answers["method"])
    served_on = _effective_on(method, day_of(answers, "served_on"), case)
    _note(service, case, method, served_on, answers["proof"])
    deadlines.renew_waiting(case)


def _note(service: Service, case: Case, method: Method, on: date, proof: str) -> None:
    service.method, service.effective_on, service.proof = method, on, proof
    service.served_by = current_act().by
    service.save()
    detail = {"letter": service.letter_id, "method": str(method), "as_of": on.isoformat()}
    audit.record(f"{SERVED}{service.letter.name}", case, basis=_BASIS, detail=detail)


def _effective_on(method: Method, day: date, case: Case) -> date:
    if method != Method.ANNOUNCED:
        return day
    period = policy.term("general.service.announcement", on=case.governed_on).period
    appeared = [Event(kind, day, {}) for kind in period.starts]
    effective = due(appeared, period, policy.calendar(), policy.conventions(case)).on
    assert effective is not None
    return effective


_BASIS = "民事诉讼法 §87-95; 行政处罚法 §61"
SERVE = known(Aside("aside.serve", ServiceReturn, "general.serve", _settle, holds=False))
