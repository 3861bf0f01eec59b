"""What the API takes, and records and files as it answers them, as its schema describes them."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from web.api.questions import Answer


class Problem(Schema):
    """A refusal (RFC 9457): a stable code, a sentence, and facts such as who and when."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, list[str]] | None = None


class Answers(Schema):
    """The answers of a form by the name of the question; files by their id."""

    answers: dict[str, Answer]


class NewCase(Answers):
    """An application."""

    kind: str = Field(pattern=r"^[a-z_]+$")
    record: int


class Party(Schema):
    """An organisation."""

    name: str
    credit_code: str


class Offer(Schema):
    """Whether one kind of case may be opened about a record, and why."""

    kind: str
    title: str
    possible: bool
    opens_on: date | None
    closes_on: date | None
    reasons: list[str]
    grade: str
    basis: str
    certainty: str
    certainty_label: str


class RecordWithOffers(Schema):
    """One administrative decision about an organisation."""

    id: int
    kind: str
    kind_label: str
    document_number: str
    party: Party
    authority: str
    authority_code: str
    decided_on: date
    categories: list[str]
    conduct: str
    content: str
    legal_basis: str
    fine_fen: int | None
    fine_yuan: str | None
    confiscated_fen: int | None
    confiscated_yuan: str | None
    publication: str
    publication_label: str
    offers: list[Offer]


class Records(Schema):
    """A page of records."""

    items: list[RecordWithOffers]
    page: int
    next: int | None


class Commitment(Schema):
    """A text to sign: `answer` is the question its SHA-256 answers."""

    answer: str
    text: str
    sha256: str


class Attachment(Schema):
    """A file that was handed in."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: datetime
