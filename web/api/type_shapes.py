"""Kinds of case and their doors as the API answers them, and as its schema describes them."""

from typing import Any

from ninja import Schema

from web.api.shapes import Commitment, Door, Offer


class Term(Schema):
    """The edition of a period in force today; `unit` is WD, CD or M."""

    key: str
    value: str
    unit: str
    basis: str
    certainty: str
    certainty_label: str


class Step(Schema):
    """One step of a kind of case; `not_by` names steps whose doers may not do it.

    One asked beside a step has no role: any unit may be asked.
    """

    step: str
    title: str
    why: str
    role: str
    role_label: str
    duty: str
    duty_label: str
    not_by: list[str]
    returns_to: str
    terms: list[Term]
    form: dict[str, Any]


class CaseType(Schema):
    """A kind of case."""

    kind: str
    title: str
    prefix: str
    basis: str


class CaseTypeInFull(CaseType):
    """A kind of case with its application, its doors, its steps and what is asked beside them."""

    application: dict[str, Any] | None
    doors: list[Door]
    steps: list[Step]
    asides: list[Step]


class Doors(Schema):
    """The ways in which cases are opened: for an organisation, or by me for my unit."""

    for_organisations: list[Door]
    for_my_unit: list[Door]


class Choice(Schema):
    """One of several things that may be asked for through a door: answer with its `key`."""

    key: str
    label: str
    hint: str
    possible: bool


class DoorInFull(Offer):
    """A door asked about something; where an item is to be chosen first, without its form."""

    choices: list[Choice]
    form: dict[str, Any] | None
    to_sign: Commitment | None
