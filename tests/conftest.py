"""What every test may use: the law, the units, the people, and one record to repair."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from accounts.models import Duty, Membership, Representation, Unit, User
from records.models import Place, Record, Showing, Subject
from tests.actors import Applicant, Caseworker
from workflows import policy
from workflows.case_type import case_types
from workflows.models import Day, Rung, Term

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
TUESDAY = dt.datetime(2026, 9, 29, 15, 0, tzinfo=SHANGHAI)
SINCE = dt.date(2020, 1, 1)
COMPANY = "91370115MAY3T8HD6R"


@pytest.fixture(scope="session")
def law_as_read():
    """The rows of the law once a test has read them from their files."""
    return []


@pytest.fixture
def law(db, law_as_read):
    """The published calendar and every term."""
    if not law_as_read:
        _read_the_law()
        law_as_read += [list(table.objects.all()) for table in (Day, Rung, Term)]
        return
    for rows in law_as_read:
        type(rows[0]).objects.bulk_create(_anew(row) for row in rows)


def _read_the_law():
    policy.load_days(policy.LAW / "days.csv")
    policy.load_ladder(policy.LAW / "ladder.csv")
    policy.load_terms(policy.LAW / "terms.csv")
    for type_ in case_types():
        policy.load_terms(type_.folder / "terms.csv")


def _anew(row):
    numbered = row._meta.auto_field
    columns = [field for field in row._meta.concrete_fields if field is not numbered]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in columns})


@pytest.fixture
def office(law):
    return Unit.objects.create(
        code="XY",
        name="济阳区发展和改革局（信用办）",
        name_en="Jiyang Credit Office (demo)",
        credit_code="11370115MB00000XY0",
        is_credit_office=True,
    )


@pytest.fixture
def bureau(law):
    return Unit.objects.create(
        code="CG",
        name="济阳区城市管理局",
        name_en="Jiyang Urban Management Bureau (demo)",
        credit_code="11370115MB00000CG0",
    )


@pytest.fixture
def company(law):
    return Subject.objects.create(credit_code=COMPANY, name="济南黄河北润建筑工程有限公司")


@pytest.fixture
def penalty(company, office, bureau):
    """The penalty of the casebook's scenario S3-1, repairable from 2026-09-26 on."""
    record = Record.objects.create(
        kind=Record.Kind.PENALTY,
        document_number="济阳城管罚决字〔2026〕第0101号（示例）",
        subject=company,
        authority_code=bureau.credit_code,
        authority_name=bureau.name,
        decided_on=dt.date(2026, 6, 25),
        categories=["罚款"],
        fine_fen=2_000_000,
    )
    Showing.objects.bulk_create([Showing(record=record, place=place) for place in Place.values])
    return record


@pytest.fixture
def applicant(company):
    user = User.objects.create_user("wei", email="wei@example.com", display_name="韦示例")
    Representation.objects.create(user=user, credit_code=company.credit_code, since=SINCE)
    return Applicant(user)


def _caseworker(unit, duty, name):
    user = User.objects.create_user(name, display_name=name)
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return Caseworker(user)


@pytest.fixture
def clerk(office):
    return _caseworker(office, Duty.COUNTER, "clerk")


@pytest.fixture
def office_handler(office):
    return _caseworker(office, Duty.HANDLER, "office_handler")


@pytest.fixture
def acceptor(bureau):
    return _caseworker(bureau, Duty.ACCEPTOR, "acceptor")


@pytest.fixture
def handler(bureau):
    return _caseworker(bureau, Duty.HANDLER, "handler")


@pytest.fixture
def reviewer(bureau):
    return _caseworker(bureau, Duty.REVIEWER, "reviewer")


@pytest.fixture
def approver(bureau):
    return _caseworker(bureau, Duty.APPROVER, "approver")


@pytest.fixture
def bureau_supervisor(bureau):
    return _caseworker(bureau, Duty.SUPERVISOR, "bureau_supervisor").user


@pytest.fixture
def office_supervisor(office):
    return _caseworker(office, Duty.SUPERVISOR, "office_supervisor").user


@pytest.fixture
def staff(clerk, office_handler, acceptor, handler, reviewer, approver):
    """Everybody a repair needs, by their duty."""
    return {
        "clerk": clerk,
        "office_handler": office_handler,
        "acceptor": acceptor,
        "handler": handler,
        "reviewer": reviewer,
        "approver": approver,
    }


@pytest.fixture
def emptying_the_log(transactional_db):
    """Let a test with real connections empty the tables after itself, as their owner."""
    flush = connection.ops.execute_sql_flush

    def as_owner(statements):
        table = "ALTER TABLE workflows_entry {} TRIGGER entry_not_truncated"
        _once_all_is_answered(
            lambda: flush([table.format("DISABLE"), *statements, table.format("ENABLE")])
        )

    connection.ops.execute_sql_flush = as_owner


def _once_all_is_answered(empty, tries=5):
    """Empty the tables, again if what a browser asked last held one of them in a deadlock."""
    try:
        empty()
    except OperationalError:
        if tries == 1:
            raise
        _once_all_is_answered(empty, tries - 1)


def letters_to(user):
    """Return the names of the letters a person has received, oldest first."""
    found = user.messages_received.exclude(letter=None).order_by("id")
    return list(found.values_list("letter__name", flat=True))
