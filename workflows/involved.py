"""Which unit has which part in a case."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Unit
from records.models import Record
from workflows.acts import Refused
from workflows.models import Case, Involvement, Role


class AuthorityAbsent(Refused):
    """The authority that made this decision does not work with this service."""


def credit_office() -> Unit:
    """Return the unit that is the credit office."""
    return Unit.objects.get(is_credit_office=True)


def authority_of(record: Record) -> Unit:
    """Return the unit that made the decision a record tells of.

    :raises AuthorityAbsent: if it does not work with this service
    """
    return unit_with(record.authority_code, record.authority_name)


def unit_with(credit_code: str, name: str) -> Unit:
    """Return the unit with a unified code.

    :raises AuthorityAbsent: if it does not work with this service
    """
    unit = Unit.objects.filter(credit_code=credit_code).first()
    if unit is None:
        said = _("%(authority)s does not work with this service yet. Apply there directly.")
        raise AuthorityAbsent(said % {"authority": name})
    return unit


def involve(case: Case, units: dict[Role, Unit]) -> dict[str, str]:
    """Give units their parts in a case, and return the codes of the units by their roles."""
    rows = [Involvement(case_id=case.pk, role=role, unit=unit) for role, unit in units.items()]
    Involvement.objects.bulk_create(rows)
    case.unit_as = {str(role): unit for role, unit in units.items()}
    return {str(role): unit.code for role, unit in units.items()}


def hand_over(case: Any, role: str, unit: Unit) -> None:
    """Let another unit take a part in a case from now on."""
    Involvement.objects.filter(case=case, role=role).update(unit=unit)
    case.unit_as = {**case.unit_as, role: unit}
