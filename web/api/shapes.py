"""What the API takes, and records and files as it answers them, as its schema describes them."""

from datetime import date, datetime
from typing import Literal

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
    """An application: of what kind, through which door (the main one if not said), about what.

    Of `record`, `organisation` (its unified code, with the `item` asked for) and `follows` (the
    number of an earlier case) the door needs one.
    """

    kind: str = Field(pattern=r"^[a-z_]+$")
    door: str = Field("", pattern=r"^[a-z_]*$")
    record: int | None = None
    organisation: str = Field("", max_length=18)
    item: str = Field("", max_length=40)
    follows: str = Field("", max_length=40)


class Pointed(Schema):
    """What a case is to be about: what the door is asked about."""

    record: int | None = None
    organisation: str = Field("", max_length=18)
    item: str = Field("", max_length=40)
    follows: str = Field("", max_length=40)


class Reasoned(Schema):
    """A reason, which is kept."""

    reason: str = Field(max_length=2000)


class Consultation(Schema):
    """A question to units, by their codes: `assist`, `countersign` or `advice`."""

    units: list[str]
    kind: str = Field(max_length=20)
    question: str = Field(max_length=2000)
    silence_announced: bool = False


class TakenBack(Reasoned):
    """Which question is taken back: the number of its work item."""

    asked: int


class Transferral(Reasoned):
    """To which unit, by its code."""

    to: str = Field(max_length=20)


class NewRecusal(Reasoned):
    """Who is to be recused: oneself if not said; staff give a number, the party its own words."""

    person: int | None = None
    named: str = Field("", max_length=200)


class NewProposal(Reasoned):
    """An exceptional move with what it needs: a cause, a limit and a length, or a day."""

    kind: Literal["suspend", "resume", "extend", "correct_start"]
    evidence: str = Field("", max_length=400)
    cause: str | None = None
    key: str | None = None
    length: int | None = None
    as_of: date | None = None


class Decision(Schema):
    """Granted or refused; `person` says whom a party means that could only describe them."""

    grant: bool
    note: str = Field("", max_length=2000)
    person: int | None = None


class Party(Schema):
    """An organisation."""

    name: str
    credit_code: str


class Door(Schema):
    """A way in which cases of a kind are opened: by whom, and by pointing at what."""

    kind: str
    door: str
    title: str
    opener: str
    about: str


class Offer(Door):
    """Whether a case may be opened through a door, and why or why not."""

    possible: bool
    opens_on: date | None
    closes_on: date | None
    reasons: list[str]
    grade: str
    basis: str
    certainty: str
    certainty_label: str


class RecordWithOffers(Schema):
    """One administrative decision about an organisation; `standing` says how it is shown."""

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
    standing: str
    standing_label: str
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
    """A file that was handed in: what it is for, and how it was scanned for malware."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    item: str
    scan: Literal["none", "waiting", "clean", "infected"]
    uploaded_at: datetime
