"""Cases and work as the API answers them, and as its schema describes them."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from web.api.shapes import Attachment, Commitment, Party


class Case(Schema):
    """A case in the words of the reader's side."""

    reference: str
    kind: str
    title: str
    party: Party
    record_id: int | None
    document_number: str
    state: str
    state_label: str
    opened_at: datetime
    closed_at: datetime | None


class Cases(Schema):
    """A page of cases."""

    items: list[Case]
    page: int
    next: int | None


class OpenedCase(Case):
    """A case just opened; number and query code together look it up without signing in."""

    query_code: str


class Waiting(Schema):
    """What a case waits for, until when and why."""

    item: int
    step: str
    title: str
    who: str
    why: str
    due_on: date | None
    light: str
    sentence: str


class Pause(Schema):
    """Days a clock stood: after one day, up to and including another."""

    after: date
    to: date | None


class Clock(Schema):
    """When something is due, and how that was counted."""

    key: str
    step: str
    due_on: date | None
    paused: bool
    provisional: bool
    light: str
    days_left: int | None
    basis: str
    certainty: str
    certainty_label: str
    length: int
    unit: str
    started_on: date | None
    extended_by: int
    pauses: list[Pause]
    days_off: list[date]
    worked_weekends: list[date]
    rolled_from: date | None
    explanation: list[str]


class Service(Schema):
    """How a letter reached the party; clocks against it count from `effective_on`."""

    method: str
    method_label: str
    effective_on: date | None
    proof: str


class Letter(Schema):
    """An official letter; read it at `letters/{id}.html` or `.pdf`. Some have to be served."""

    id: int
    name: str
    number: str
    title: str
    title_en: str
    issued_at: datetime
    sha256: str
    service: Service | None


class Tie(Schema):
    """Another case, and what this one has to do with it."""

    said: str
    reference: str
    kind: str
    title: str
    closed_at: datetime | None


class Opinion(Schema):
    """What a unit was asked beside a step, and what it answered; for the staff of the case."""

    item: int
    beside: int
    kind: str
    unit: str
    question: str
    state: str
    position: str
    reasons: str
    by_silence: bool
    who: str
    when: datetime | None
    due_on: date | None
    late: bool


class Proposal(Schema):
    """What one person proposes and a second decides; `granted` is null until then."""

    id: int
    kind: str
    title: str
    reference: str
    unit: str
    detail: dict[str, Any]
    reason: str
    evidence: str
    proposed_by: str
    proposed_at: datetime
    granted: bool | None
    decided_by: str
    decided_at: datetime | None
    note: str


class TimeSpent(Schema):
    """Working days the case has waited, by whom it waited for."""

    office: int
    party: int
    authority: int


class CaseInFull(Case):
    """A case with what it waits for, its clocks, ties, opinions, letters and files."""

    query_code: str | None
    waits: list[Waiting]
    time_spent: TimeSpent
    clocks: list[Clock]
    ties: list[Tie]
    opinions: list[Opinion]
    letters: list[Letter]
    attachments: list[Attachment]


class Event(Schema):
    """One event: for the office as it stands in the chain, for the party in its own words."""

    at: datetime
    kind: str
    title: str = ""
    seq: int = 0
    by: str = ""
    who: str = ""
    basis: str = ""
    detail: dict[str, Any] = {}
    previous: str = ""
    hash: str = ""


class WorkItem(Schema):
    """One step of a case that one person does; `beside` names the step it was asked beside."""

    id: int
    step: str
    title: str
    kind: str
    reference: str
    party: str
    unit: str
    state: str
    state_label: str
    owner: str
    opened_at: datetime
    claimed_at: datetime | None
    due_on: date | None
    light: str
    beside: int | None


class WorkItems(Schema):
    """A page of work."""

    items: list[WorkItem]
    page: int
    next: int | None


class WorkItemInFull(WorkItem):
    """One step with what it asks; `why_not_claim` is empty if the reader may claim it."""

    request: dict[str, Any] | None
    on_behalf_of: str
    waits_for: list[WorkItem]
    form: dict[str, Any] | None
    to_sign: Commitment | None
    why_not_claim: str
