"""What is late is told once per clock and light; what the party lets lapse is closed."""

import pytest

from accounts.models import Duty, Membership
from cases.repair.states import Repair, State
from notifications.models import Message
from records.models import Record
from tests.conftest import SINCE, _caseworker
from tests.workflows.walks import at, open_a_repair, walk
from workflows import escalation, work
from workflows.models import Deadline, Entry, Heartbeat

# Pushed on 28 September: to be accepted by 8 October, feedback by 14 October; amber before.
AMBER, DUE, RED = at("09-30", 9), at("10-08", 23, 59), at("10-09", 0)


@pytest.fixture
def pushed(repair, cast):
    walk(repair, "check:yes", cast)
    return repair


@pytest.fixture
def stranger_supervisor(law):
    from accounts.models import Unit

    other = Unit.objects.create(
        code="YJ",
        name="应急局（示例）",
        name_en="Emergency (demo)",
        credit_code="11370115MB00000YJ0",
    )
    return _caseworker(other, Duty.SUPERVISOR, "stranger_supervisor").user


def told(user):
    """Return the subjects of what a person was told, letters left out."""
    return list(
        Message.objects.filter(to=user, letter=None)
        .order_by("id")
        .values_list("subject", flat=True)
    )


def accept_clock(case):
    return Deadline.objects.get(case=case, term__key="repair.ndrc.accept")


class TestASweep:
    def test_tells_nobody_before_the_amber_day(self, pushed, cast):
        beat = escalation.sweep(at=at("09-29", 23))

        assert (beat.examined, beat.told, beat.failed) == (0, 0, 0)

    def test_reminds_those_who_could_do_the_step_when_it_turns_amber(self, pushed, cast, bureau):
        assert accept_clock(pushed).amber_on == AMBER.date()
        colleague = _caseworker(bureau, Duty.ACCEPTOR, "colleague").user

        escalation.sweep(at=AMBER)

        assert len(told(cast["acceptor"].user)) == len(told(colleague)) == 1
        assert told(cast["handler"].user) == []
        assert accept_clock(pushed).told_amber_at == AMBER

    def test_reminds_only_the_one_who_claimed_it(self, pushed, cast, bureau):
        colleague = _caseworker(bureau, Duty.ACCEPTOR, "colleague").user
        walk(pushed, "CLAIM:examine", cast, since=at("09-29"))

        escalation.sweep(at=AMBER)

        assert len(told(cast["acceptor"].user)) == 1
        assert told(colleague) == []

    def test_tells_the_supervisors_of_the_unit_and_of_the_office_when_it_is_late(
        self, pushed, cast, bureau_supervisor, office_supervisor, stranger_supervisor
    ):
        escalation.sweep(at=DUE)
        assert told(bureau_supervisor) == told(office_supervisor) == []

        escalation.sweep(at=RED)

        assert len(told(bureau_supervisor)) == len(told(office_supervisor)) == 1
        assert pushed.reference in told(bureau_supervisor)[0]
        assert told(stranger_supervisor) == []
        assert accept_clock(pushed).told_red_at == RED

    def test_tells_once_however_often_it_runs(self, pushed, cast, bureau_supervisor):
        for day in range(9, 13):
            for hour in (0, 9, 21):
                escalation.sweep(at=at(f"10-{day:02}", hour))

        assert len(told(bureau_supervisor)) == 1
        entries = Entry.objects.filter(stream=pushed.reference, kind="escalated")
        assert [entry.detail["key"] for entry in entries] == ["repair.ndrc.accept"]

    def test_tells_a_person_once_who_supervises_both(self, pushed, bureau_supervisor, office):
        Membership.objects.create(
            user=bureau_supervisor, unit=office, duty=Duty.SUPERVISOR, since=SINCE
        )
        escalation.sweep(at=RED)

        assert len(told(bureau_supervisor)) == 1

    def test_does_not_remind_after_it_has_escalated(self, pushed, cast):
        escalation.sweep(at=RED)
        before = told(cast["acceptor"].user)
        escalation.sweep(at=at("10-09", 10))

        assert told(cast["acceptor"].user) == before
        assert not Entry.objects.filter(kind="reminded", detail__key="repair.ndrc.accept").exists()

    def test_writes_down_whom_it_told(self, pushed, bureau_supervisor, office_supervisor):
        escalation.sweep(at=RED)

        entry = Entry.objects.get(kind="escalated")
        assert entry.by == "service"
        assert set(entry.detail["told"]) == {bureau_supervisor.pk, office_supervisor.pk}
        assert entry.detail["due"] == "2026-10-08"
        assert entry.basis.startswith("国办发〔2025〕22号")

    def test_leaves_a_paused_clock_and_an_ended_one_alone(self, pushed, cast, bureau_supervisor):
        walk(pushed, "examine:more", cast, since=at("09-29"))
        beat = escalation.sweep(at=at("10-16"))

        # The clocks of acceptance and of the whole case stand; the party's own runs and is near.
        assert told(bureau_supervisor) == []
        assert beat.failed == 0

    def test_has_the_same_result_after_three_missed_days(
        self, applicant, penalty, cast, bureau_supervisor, office_supervisor
    ):
        first = open_a_repair(applicant, penalty)
        walk(first, "check:yes", cast)
        for day in range(8, 13):
            escalation.sweep(at=at(f"10-{day:02}", 9))
        daily = outcome(first, bureau_supervisor)

        second = open_a_repair(applicant, _another(penalty))
        walk(second, "check:yes", cast)
        escalation.sweep(at=at("10-12", 9))

        assert outcome(second, bureau_supervisor) == daily

    def test_goes_on_when_one_case_is_broken(
        self, applicant, penalty, cast, bureau_supervisor, monkeypatch, caplog
    ):
        broken = open_a_repair(applicant, penalty)
        sound = open_a_repair(applicant, _another(penalty))
        for case in (broken, sound):
            walk(case, "check:yes", cast)
        tell = escalation._tell

        def fail_for_one(deadline, *args, **kwargs):
            if deadline.case_id == broken.pk:
                raise ZeroDivisionError
            return tell(deadline, *args, **kwargs)

        monkeypatch.setattr(escalation, "_tell", fail_for_one)
        beat = escalation.sweep(at=RED)

        assert beat.failed == 2  # red, and amber since nobody was told of red
        assert [sound.reference in subject for subject in told(bureau_supervisor)] == [True]
        assert accept_clock(broken).told_red_at is None
        assert "failed" in caplog.text

        monkeypatch.undo()
        escalation.sweep(at=at("10-09", 1))
        assert len(told(bureau_supervisor)) == 2

    def test_leaves_a_heartbeat_that_counts_what_it_did(self, pushed, cast):
        escalation.sweep(at=at("09-28", 23))
        escalation.sweep(at=RED)

        beats = Heartbeat.objects.order_by("id").values_list("at", "examined", "told", "failed")
        assert list(beats) == [(at("09-28", 23), 0, 0, 0), (RED, 1, 1, 0)]

    def test_takes_what_it_cannot_do_at_once_in_the_next_turn(
        self, applicant, penalty, cast, monkeypatch
    ):
        for record in (penalty, _another(penalty)):
            walk(open_a_repair(applicant, record), "check:yes", cast)
        monkeypatch.setattr(escalation, "BATCH", 1)

        for _turn in range(2):
            escalation.sweep(at=RED)

        late = Deadline.objects.filter(ended_at=None, due_on__lt=RED.date())
        assert late.count() == late.exclude(told_red_at=None).count() == 2


class TestAPartyThatSaysNothing:
    @pytest.fixture
    def asked(self, pushed, cast):
        walk(pushed, "examine:more", cast, since=at("09-29", 14))
        return pushed

    @pytest.mark.parametrize(
        ("moment", "state"),
        [
            (at("10-19", 23, 59), State.SUPPLEMENT),  # the tenth working day has not ended
            (at("10-20", 0), State.LAPSED),
            (at("10-25", 12), State.LAPSED),
        ],
    )
    def test_lapses_when_the_last_day_is_over(self, asked, moment, state):
        escalation.sweep(at=moment)

        assert Repair.objects.get().state == state

    def test_lapses_once(self, asked, applicant):
        for hour in (0, 1):
            escalation.sweep(at=at("10-20", hour))

        assert Entry.objects.filter(kind="lapsed").count() == 1
        assert Message.objects.filter(letter__name="lapsed").count() == 1
        assert not Deadline.objects.filter(ended_at=None).exists()

    def test_that_answers_on_the_last_day_does_not_lapse(self, asked, cast):
        walk(asked, "supplement:done", cast, since=at("10-19", 22))
        escalation.sweep(at=at("10-20", 0))

        assert Repair.objects.get().state == State.PUSHED

    def test_does_not_lapse_other_cases_when_one_fails(
        self, asked, applicant, penalty, cast, monkeypatch
    ):
        other = open_a_repair(applicant, _another(penalty))
        walk(other, "check:yes examine:more", cast)
        lapse = work.lapse

        def fail_for_one(item_id, *, at):
            if asked.items.filter(pk=item_id).exists():
                raise ZeroDivisionError
            return lapse(item_id, at=at)

        monkeypatch.setattr(work, "lapse", fail_for_one)
        escalation.sweep(at=at("10-20"))

        states = dict(Repair.objects.values_list("reference", "state"))
        assert states == {asked.reference: State.SUPPLEMENT, other.reference: State.LAPSED}


def outcome(case, supervisor):
    entries = Entry.objects.filter(stream=case.reference).order_by("seq")
    mine = Message.objects.filter(to=supervisor, about=case.reference)
    return (
        [entry.detail["key"] for entry in entries if entry.kind == "escalated"],
        mine.count(),
        [(d.term.key, d.due_on, bool(d.told_red_at)) for d in case.deadlines.order_by("id")],
    )


def _another(penalty):
    same = ("kind", "subject", "authority_code", "authority_name", "decided_on", "categories")
    copied = {name: getattr(penalty, name) for name in same}
    number = Record.objects.count() + 1
    return Record.objects.create(
        document_number=f"济阳城管罚决字〔2026〕第0{number}号（示例）", **copied
    )
