"""What kinds of case there are: their steps, whose they are, by when, and what they ask."""

import re
from typing import Any

from django.http import HttpRequest
from ninja import Router

from accounts.models import Duty
from web import presenters
from web.api.asking import kind_of_case, today
from web.api.questions import described
from web.api.type_shapes import CaseType, CaseTypeInFull
from workflows.asides import ASIDES
from workflows.case_type import CaseType as Installed
from workflows.case_type import case_types
from workflows.models import Role, Term

router = Router(tags=["case types"])
# The part of a term's key that only a case can fill in: ``repair.{case.channel}.accept``.
_FROM_CASE = re.compile(r"\\{[^}]*\\}")


@router.get("case-types", response=list[CaseType])
def list_case_types(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja knows it by this name
    """Every kind of case this office handles."""
    return [_named(type_) for type_ in case_types()]


@router.get("case-types/{slug:kind}", response=CaseTypeInFull)
def show_case_type(request: HttpRequest, kind: str) -> Any:  # noqa: ARG001
    """One kind of case with its steps; `form` describes the answers of each.

    What a form asks about one case alone (a place, a text to sign) stands with its work item
    or with the commitment of the record.
    """
    type_ = kind_of_case(kind)
    return {
        **_named(type_),
        "application": described(type_.application.base_fields) if type_.application else None,
        "doors": [presenters.entrance(type_, door) for door in type_.doors.values()],
        "steps": [_step(node) for node in type_.flow.instance.nodes() if hasattr(node, "form")],
        "asides": [_step(aside) for aside in ASIDES.values()],
    }


def _named(type_: Installed) -> dict[str, Any]:
    title, basis = str(type_.verbose_name), str(type_.legal_basis)
    return {"kind": type_.label, "title": title, "prefix": type_.prefix, "basis": basis}


def _step(node: Any) -> dict[str, Any]:
    role, duty = getattr(node, "role", None), getattr(node, "duty", None)
    is_partys = role is None and duty is None
    return {
        "step": node.name,
        "title": str(node.form.title),
        "why": str(node.form.why),
        "role": "party" if is_partys else str(role or ""),
        "role_label": str(Role(role).label) if role else "",
        "duty": str(duty or ""),
        "duty_label": str(Duty(duty).label) if duty else "",
        "not_by": list(node.not_by),
        "returns_to": getattr(node, "returns_to", None) or "",
        "terms": [_term(term) for term in _editions(node.due)],
        "form": described(node.form.base_fields),
    }


def _editions(key: str) -> Any:
    pattern = _FROM_CASE.sub("[^.]+", re.escape(key))
    in_force = Term.objects.filter(in_force__contains=today(), key__regex=f"^{pattern}$")
    return in_force.order_by("key")


def _term(term: Term) -> dict[str, Any]:
    return {
        "key": term.key,
        "value": term.value,
        "unit": term.unit,
        "basis": term.basis,
        "certainty": term.certainty,
        "certainty_label": presenters.certainty_label(term.certainty),
    }
