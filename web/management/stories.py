"""Demo cases in different states, made by the demo people through the engine's own doors."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from accounts.models import Unit
from forms import attachments
from forms.commitments import text_to_sign
from records.models import Place, Record
from web.management.people import COMPANIES, named
from workflows import intake, policy, work
from workflows.case_type import case_type
from workflows.models import Case, WorkItem

PROOF = Path(__file__).parents[2] / "demo" / "proof.pdf"
STAFF = {"CG": "demo-", "SJ": "demo-sj-"}
Clock = Callable[[int, int], datetime]
Deed = tuple[str, dict[str, str]]

CHECKED = ("check", {"form_complete": "True"})
ACCEPTED = ("examine", {"examination": "accept"})
LACKING = (
    "examine",
    {"examination": "supplement", "missing": "缴款凭证原件扫描件一份。（示例）"},
)
VERIFIED = (
    "verify",
    {
        "duty_fulfilled": "True",
        "breach_corrected": "True",
        "verification": "调阅缴款记录并现场核实，均已完成。（示例）",
    },
)
GRANTED = (
    "decide",
    {"decision": "grant", "decision_reason": "义务已履行，失信行为已纠正，符合条件。（示例）"},
)
STOPPED = ("stop_publication", {"stopped_note": "本单位网站已撤下。（示例）"})
_SEEN = {f"gone_{place}": "on" for place in Place.values}
CONFIRMED = (
    "confirm",
    {**_SEEN, **{f"evidence_{place}": "已查询，无记录。" for place in Place.values}},
)
GRANTED_WHOLE = (CHECKED, ACCEPTED, VERIFIED, GRANTED, STOPPED, CONFIRMED)

# Who does each step; the people of another bureau are named after its code.
_DOERS = {
    "check": "demo-clerk",
    "examine": "{}acceptor",
    "verify": "{}handler",
    "decide": "{}approver",
    "stop_publication": "{}handler",
    "confirm": "demo-office-handler",
}
# Each story: how many working days ago the party applied, and what was done on later days.
STORIES: tuple[tuple[int, tuple[tuple[int, Deed], ...]], ...] = (
    (
        16,
        (
            (16, CHECKED),
            (14, ACCEPTED),
            (11, VERIFIED),
            (9, GRANTED),
            (8, STOPPED),
            (7, CONFIRMED),
        ),
    ),
    (9, ((9, CHECKED),)),
    (8, ((8, CHECKED), (7, ACCEPTED), (4, VERIFIED), (1, GRANTED))),
    (5, ((5, CHECKED), (3, LACKING))),
    (4, ((4, CHECKED), (2, ACCEPTED), (1, ("verify", {})))),
    (0, ()),
)


def tell_stories(*, at: datetime) -> list[Case]:
    """Make one case for each story for which there is a record to repair; return the cases."""
    when = _clock(at)
    told = [_tell(days_ago, deeds, when) for days_ago, deeds in STORIES]
    return [case for case in told if case]


def application(record: Record, *, by: Any, at: datetime) -> dict[str, Any]:
    """Return the answers of a party that applies for repair, its proof handed in."""
    letters = case_type("repair").folder / "letters"
    _text, signed = text_to_sign(letters / "commitment.txt", record=record, party=record.subject)
    proof = SimpleUploadedFile("缴款凭证（示例）.pdf", PROOF.read_bytes())
    return {
        "fulfilled_on": record.decided_on.isoformat(),
        "receipt_number": "示例-0001",
        "correction": "已缴清罚款，并按要求整改到位。（示例）",
        "proof": [str(attachments.store(proof, by=by, at=at).pk)],
        "agent_name": "示例·申请人",
        "agent_phone": "0531-00000000",
        "signer": "示例·法定代表人",
        "agreed": "on",
        "commitment": signed,
    }


def _tell(days_ago: int, deeds: tuple[tuple[int, Deed], ...], when: Clock) -> Case | None:
    at, party = when(days_ago, 0), named("demo-applicant")
    record = next(_repairable(at), None)
    if record is None:
        return None
    answers = application(record, by=party, at=at)
    case: Case = intake.submit("repair", by=party, record_id=record.pk, answers=answers, at=at)
    staff = STAFF[Unit.objects.get(credit_code=record.authority_code).code]
    for hour, (day, (step, answers)) in enumerate(deeds, start=1):
        _do(case, step, _DOERS[step].format(staff), answers, when(day, hour))
    return case


def _do(case: Case, step: str, who: str, answers: dict[str, Any], at: datetime) -> None:
    """Claim a step and, where there are answers, do it."""
    person = named(who)
    item = WorkItem.objects.get(case_id=case.pk, step=step, state=WorkItem.State.OPEN)
    work.claim(item.pk, by=person, at=at)
    if answers:
        work.complete(item.pk, by=person, answers=answers, at=at + timedelta(minutes=20))


def _repairable(at: datetime) -> Iterator[Record]:
    """Yield records of the five organisations that may be repaired now, the oldest first."""
    codes = [unit.credit_code for unit in Unit.objects.filter(code__in=STAFF)]
    records = Record.objects.filter(subject__credit_code__in=COMPANIES, authority_code__in=codes)
    opening, on = case_type("repair").opening, localtime(at).date()
    for record in records.exclude(cases__kind="repair").select_related("subject").order_by("pk"):
        if opening.offer(record, on=on).possible:
            yield record


def _clock(now: datetime) -> Clock:
    """Return the clock of the stories: so many working days ago, so many hours after nine."""
    calendar, today = policy.calendar(), localtime(now)

    def when(days_ago: int, hours: int) -> datetime:
        if not days_ago:
            return now
        day = today.replace(hour=9, minute=0, second=0, microsecond=0)
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= calendar.is_worked(day.date())
        return day + timedelta(hours=hours)

    return when
