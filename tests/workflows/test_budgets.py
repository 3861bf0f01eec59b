"""Budgets: how many questions to the database a verb or a page may cost, and none to the broker."""

import datetime as dt
import socket
import sys
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Duty, Membership, User
from records.models import Record
from tests.actors import open_item
from tests.conftest import SINCE
from tests.workflows.walks import (
    ANSWERS,
    APPLIED,
    HOUR,
    RETURNS,
    STORIES,
    WORKER,
    asked_step,
    at,
    open_a_repair,
    walk,
)
from workflows import escalation, intake, queues, returning, sight, tracking, work
from workflows.models import WorkItem

CLAIM, COMPLETE, SUBMIT = 20, 40, 60
PAGE = 12
ON = dt.date(2026, 10, 12)
WAYS = {  # every step of the route, by a way to it and the answer that sends most on
    "check:yes": "",
    "check:no": "",
    "redo:done": "check:no",
    "examine:accept": "check:yes",
    "examine:more": "check:yes",
    "examine:refuse": "check:yes",
    "supplement:done": "check:yes examine:more",
    "review:agree": "check:yes examine:refuse",
    "review:disagree": "check:yes examine:refuse",
    "verify:good": "check:yes examine:accept",
    "decide:grant": "check:yes examine:accept verify:good",
    "decide:refuse": "check:yes examine:accept verify:bad",
    "decide:return": "check:yes examine:accept verify:good",
    "stop_publication:done": "check:yes examine:accept verify:good decide:grant",
    "confirm:seen": "check:yes examine:accept verify:good decide:grant stop_publication:done",
}


class Counted(CaptureQueriesContext):
    """Counts the questions asked of the database, savepoints left out."""

    def __init__(self):
        super().__init__(connection)

    @property
    def number(self):
        asked = [query["sql"] for query in self.captured_queries]
        return sum(not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT")) for sql in asked)


def told(sentence):
    """Show what was measured to whoever runs the tests with ``-s``."""
    sys.stdout.write(sentence)


def fresh(user):
    """Return a person as a new request knows them: nothing read yet."""
    return User.objects.get(pk=user.pk)


class TestAVerb:
    @pytest.mark.parametrize(("move", "way"), WAYS.items(), ids=WAYS)
    def test_stays_within_its_budget(self, repair, cast, move, way):
        now = walk(repair, way, cast)
        step = move.partition(":")[0]
        person, item = fresh(cast[WORKER[step]].user), open_item(repair, step)
        if item.queue != WorkItem.PARTY:
            with Counted() as claiming:
                work.claim(item.pk, by=person, at=now)
            told(f"\nclaim {step}: {claiming.number}")
            assert claiming.number <= CLAIM
        with Counted() as completing:
            if move in RETURNS:
                returning.send_back(item.pk, by=fresh(person), at=now + HOUR, reason=RETURNS[move])
            else:
                work.complete(item.pk, by=fresh(person), answers=ANSWERS[move], at=now + HOUR)

        told(f"\n{move}: complete {completing.number}")
        assert completing.number <= COMPLETE

    def test_lapse_and_withdrawal_stay_within_that_of_a_completion(self, repair, cast):
        walk(repair, "check:no", cast)
        item = open_item(repair, asked_step(repair))
        with Counted() as lapsing:
            work.lapse(item.pk, at=at("10-20"))

        assert lapsing.number <= COMPLETE

    def test_withdraws_within_the_budget_of_a_completion(self, repair, cast, applicant):
        walk(repair, "check:yes examine:accept", cast)
        with Counted() as withdrawing:
            intake.withdraw(repair.reference, by=fresh(applicant.user), at=at("10-01"))

        told(f"\nwithdraw {withdrawing.number}")
        assert withdrawing.number <= COMPLETE

    def test_receives_an_application_within_its_budget(self, applicant, penalty):
        answers = applicant.answers(penalty, at=APPLIED)
        with Counted() as submitting:
            intake.submit(
                "repair",
                by=fresh(applicant.user),
                record_id=penalty.pk,
                answers=answers,
                at=APPLIED,
            )
        told(f"\nsubmit {submitting.number}")
        assert submitting.number <= SUBMIT


@pytest.fixture
def many_cases(applicant, penalty, cast, handler, bureau):
    """Return a function that opens so many more cases and leaves them in two queues."""
    Membership.objects.create(user=handler.user, unit=bureau, duty=Duty.ACCEPTOR, since=SINCE)
    opened = []

    def open_more(number):
        for _case in range(number):
            record = Record.objects.create(
                kind=Record.Kind.PENALTY,
                document_number=f"示例〔2026〕{len(opened)}",
                subject=penalty.subject,
                authority_code=penalty.authority_code,
                authority_name=penalty.authority_name,
                decided_on=penalty.decided_on,
                categories=["罚款"],
            )
            case = open_a_repair(applicant, record)
            way = ("check:yes", "check:yes examine:accept")[len(opened) % 2]
            walk(case, f"{way} CLAIM:examine" if way == "check:yes" else way, cast)
            opened.append(case)
        return opened

    return open_more


class TestAPage:
    @pytest.mark.parametrize("name", ["queue", "steps", "inbox", "late", "asked"])
    def test_costs_the_same_whatever_there_is_to_show(
        self, many_cases, cast, office_supervisor, name
    ):
        handler, acceptor, supervisor = (
            cast["handler"].user,
            cast["acceptor"].user,
            office_supervisor,
        )
        reads = {
            "queue": lambda: shown(queues.queue_for(fresh(handler), on=ON)),
            "steps": lambda: queues.steps_in_queue(fresh(handler), on=ON),
            "inbox": lambda: shown(queues.inbox_of(fresh(acceptor))),
            "late": lambda: shown(queues.late_for(fresh(supervisor), on=ON + 30 * DAY)),
            "asked": lambda: shown(queues.asked_of(fresh(cast["applicant"].user), on=ON)),
        }
        many_cases(2)
        few = costs(reads[name])
        many_cases(6)
        many = costs(reads[name])

        told(f"\n{name}: {many}")
        assert many == few <= PAGE

    def test_of_a_case_costs_the_same_however_much_happened(self, repair, cast, applicant):
        walk(repair, "check:yes", cast)
        few = costs(lambda: read_case(repair, applicant))
        walk(repair, "examine:refuse review:disagree examine:more", cast, since=at("09-29"))
        many = costs(lambda: read_case(repair, applicant))

        told(f"\ncase page: {few}, {many}")
        assert max(few, many) <= PAGE


DAY = dt.timedelta(days=1)


def shown(items):
    """Touch what a page would show of each item."""
    return [(i.case.reference, i.case.party.name, str(i.unit), str(i.owner)) for i in items]


def read_case(repair, applicant):
    case = sight.case_for(fresh(applicant.user), repair.reference, on=ON)
    dossier = tracking.dossier_of(case, on=ON)
    return dossier.history, [str(waiting.who) for waiting in dossier.waiting]


def costs(read):
    with Counted() as counted:
        assert read() is not None
    return counted.number


class TestTheBroker:
    @pytest.fixture(params=["closed", "frozen"])
    def broken_broker(self, request, settings):
        """A broker that refuses every connection, or takes it and never answers."""
        from config.celery import app

        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            if request.param == "closed":
                server.close()
            url = f"redis://127.0.0.1:{port}/0"
            settings.CELERY_BROKER_URL = settings.REDIS_URL = url
            settings.CELERY_TASK_ALWAYS_EAGER = False
            before = app.conf.broker_url, app.conf.task_always_eager
            app.conf.broker_url, app.conf.task_always_eager = url, False
            yield
            app.conf.broker_url, app.conf.task_always_eager = before

    @pytest.fixture
    def never_spoken_to(self, monkeypatch):
        """Refuse every attempt to speak to the broker, whoever makes it."""
        import kombu

        def refuse(*_args, **_kwargs):
            raise AssertionError("a verb spoke to the broker")

        monkeypatch.setattr(kombu.Connection, "connect", refuse)
        monkeypatch.setattr(kombu.Connection, "_ensure_connection", refuse)
        monkeypatch.setattr(kombu.Producer, "publish", refuse)

    @pytest.mark.parametrize("name", ["repaired after every detour", "withdrawn"])
    def test_is_not_needed_by_any_verb(
        self,
        broken_broker,
        never_spoken_to,
        applicant,
        penalty,
        cast,
        name,
        django_capture_on_commit_callbacks,
    ):
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            repair = open_a_repair(applicant, penalty)
            walk(repair, STORIES[name], cast)
            escalation.sweep(at=at("12-01"))

        assert time.monotonic() - began < 15
        assert applicant.user.messages_received.exclude(letter=None).count() >= 2
