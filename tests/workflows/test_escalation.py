"""What is late climbs its ladder, rung by rung; what silence means by law comes to pass."""

import pytest
from viewflow.workflow.models import Process

from accounts.models import Duty, Membership, Unit
from cases.repair.states import Repair, State
from notifications.models import Letter, Message
from records.models import Record
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker, letters_to
from tests.workflows.days import day
from tests.workflows.test_budgets import Counted
from tests.workflows.test_replay import assert_rebuilt
from tests.workflows.walks import ANSWERS, at, open_a_repair, walk
from workflows import climbing, escalation, policy, work
from workflows.clock import Light
from workflows.models import Case, Deadline, Entry, Heartbeat, Involvement, Role, Urging, WorkItem

ACCEPT, FEEDBACK, DECIDE = (f"repair.ndrc.{word}" for word in ("accept", "feedback", "decide"))
# Applied and pushed on Monday 28 September. The festival is from 1 to 7 October, Saturday 10
# is worked: to be accepted by 8 October, deemed accepted after the 10th, feedback by the 16th.
AMBER, DUE, RED = at("09-30", 9), at("10-08", 23, 59), at("10-09", 0)
DEEMED = at("10-11", 0)
REASON = "示例：当事人补交的材料较多，核实耗时较长。"


@pytest.fixture
def pushed(repair, cast):
    walk(repair, "check:yes", cast)
    return repair


@pytest.fixture
def verifying(repair, cast):
    """A case to be decided by 13 October, and never deemed to be."""
    walk(repair, "check:yes examine:accept", cast)
    return repair


@pytest.fixture
def stranger(law):
    other = Unit.objects.create(
        code="YJ",
        name="应急局（示例）",
        name_en="Emergency (demo)",
        credit_code="11370115MB00000YJ0",
    )
    return _caseworker(other, Duty.SUPERVISOR, "stranger").user


def told(user):
    """Return the subjects of what a person was told of rungs."""
    mine = Message.objects.filter(to=user, pk__in=written(["reminded", "escalated"]))
    return list(mine.order_by("id").values_list("subject", flat=True))


def written(kinds):
    """Return the messages that entries of these kinds say were written."""
    entries = Entry.objects.filter(kind__in=kinds)
    return [message for entry in entries for message in entry.detail["messages"]]


def clock_of(case, key):
    return Deadline.objects.filter(case=case, term__key=key).latest("pk")


def climbed(case, key=ACCEPT):
    """Return the rungs a clock climbed as the log has them: light, number, day it was due."""
    kinds = ["reminded", "escalated"]
    entries = Entry.objects.filter(stream=case.reference, kind__in=kinds, detail__key=key)
    return [(e.kind, e.detail["rung"], e.detail["since"]) for e in entries.order_by("seq")]


def another(penalty):
    same = ("kind", "subject", "authority_code", "authority_name", "decided_on", "categories")
    copied = {name: getattr(penalty, name) for name in same}
    number = Record.objects.count() + 1
    return Record.objects.create(
        document_number=f"济阳城管罚决字〔2026〕第0{number}号（示例）", **copied
    )


def copies(case, key, number):
    """Copy a case so often, each with one running clock of its own: the copied one."""
    begun, running = Case.objects.count(), clock_of(case, key)
    flow = Process.objects.get(pk=case.process_id).flow_class
    processes = Process.objects.bulk_create(Process(flow_class=flow) for _n in range(number))
    cases = Case.objects.bulk_create(
        Case(
            kind=case.kind,
            reference=f"XF-2026-{begun + n:06}-copy",
            party=case.party,
            opened_by=case.opened_by,
            opened_at=case.opened_at,
            governed_on=case.governed_on,
            process=process,
        )
        for n, process in enumerate(processes)
    )
    Involvement.objects.bulk_create(
        Involvement(case=copy, role=role, unit=unit)
        for copy in cases
        for role, unit in case.unit_as.items()
    )
    same = ("term", "started_on", "due_on", "amber_on")
    dates = {name: getattr(running, name) for name in same} | {"next_rung_on": running.amber_on}
    Deadline.objects.bulk_create(Deadline(case=copy, **dates) for copy in cases)
    return cases


def outcome(case):
    """Return everything the sweep did to a case, and whom it told what, but not when."""
    ours = ["reminded", "escalated", "deemed_accepted", "deemed", "clock_ended", "clock_started"]
    entries = Entry.objects.filter(stream=case.reference, kind__in=ours, by="service")
    about = Message.objects.filter(about=case.reference, pk__in=written(["reminded", "escalated"]))
    said = [(m.to_id, m.subject.replace(case.reference, "")) for m in about]
    return (
        [
            (e.kind, e.detail.get("key"), e.detail.get("rung"), e.detail.get("since"))
            for e in entries.order_by("seq")
        ],
        sorted(said),
        [(d.term.key, d.due_on, d.rung, d.was_met) for d in case.deadlines.order_by("id")],
        Repair.objects.get(pk=case.pk).state,
    )


class TestASweep:
    def test_tells_nobody_before_the_amber_day(self, pushed, cast):
        escalation.sweep(at=at("09-29", 23))

        assert climbed(pushed) == []

    def test_climbs_each_rung_once_and_in_order(self, verifying):
        for on in range(8, 25):
            for hour in (0, 9, 21):
                escalation.sweep(at=at(f"10-{on:02}", hour))

        assert climbed(verifying, DECIDE) == [
            ("reminded", 1, "2026-10-12"),
            ("escalated", 2, "2026-10-14"),
            ("escalated", 3, "2026-10-19"),  # three working days later, over a weekend
        ]
        assert clock_of(verifying, DECIDE).next_rung_on is None

    def test_reminds_all_who_could_do_the_step_and_the_reviewer(self, pushed, cast, bureau):
        colleague = _caseworker(bureau, Duty.ACCEPTOR, "colleague").user

        escalation.sweep(at=AMBER)

        for person in (cast["acceptor"].user, colleague, cast["reviewer"].user):
            (subject,) = told(person)
            assert pushed.reference in subject
        assert told(cast["handler"].user) == told(cast["clerk"].user) == []

    def test_reminds_only_the_one_who_claimed_it(self, pushed, cast, bureau):
        colleague = _caseworker(bureau, Duty.ACCEPTOR, "colleague").user
        walk(pushed, "CLAIM:examine", cast, since=at("09-29"))

        escalation.sweep(at=AMBER)

        assert len(told(cast["acceptor"].user)) == 1
        assert told(colleague) == []

    def test_reminds_whoever_has_the_case_of_the_clock_of_the_whole_case(self, verifying, cast):
        escalation.sweep(at=at("10-14", 9))

        (entry,) = Entry.objects.filter(kind="reminded", detail__key=FEEDBACK)
        assert entry.detail["since"] == "2026-10-14"
        assert [m.to for m in Message.objects.filter(pk__in=entry.detail["messages"])] == [
            cast["handler"].user
        ]

    def test_tells_the_supervisors_of_the_unit_and_of_the_office_when_it_is_late(
        self, pushed, bureau_supervisor, office_supervisor, stranger
    ):
        escalation.sweep(at=DUE)
        before = [told(bureau_supervisor), told(office_supervisor)]

        escalation.sweep(at=RED)

        after = [told(bureau_supervisor), told(office_supervisor)]
        assert [len(now) - len(then) for now, then in zip(after, before, strict=True)] == [1, 1]
        assert pushed.reference in after[0][-1]
        assert told(stranger) == []

    def test_tells_the_approver_too_after_three_working_days(
        self, verifying, cast, bureau_supervisor, office_supervisor
    ):
        escalation.sweep(at=at("10-18", 23))
        people = [cast["approver"].user, bureau_supervisor, office_supervisor]
        assert told(cast["approver"].user) == []

        escalation.sweep(at=at("10-19"))

        last = Entry.objects.get(kind="escalated", detail__rung=3, detail__key=DECIDE)
        messages = Message.objects.filter(pk__in=last.detail["messages"])
        assert {message.to for message in messages} == set(people)

    def test_tells_a_person_once_who_supervises_both(self, verifying, bureau_supervisor, office):
        Membership.objects.create(
            user=bureau_supervisor, unit=office, duty=Duty.SUPERVISOR, since=SINCE
        )
        escalation.sweep(at=at("10-15"))

        assert len(told(bureau_supervisor)) == 1

    def test_does_not_tell_those_who_have_left(self, verifying, bureau_supervisor):
        Membership.objects.filter(user=bureau_supervisor).update(until=day("10-01"))
        escalation.sweep(at=at("10-15"))

        assert told(bureau_supervisor) == []

    def test_writes_down_whom_it_told_about_each_rung(
        self, pushed, cast, bureau_supervisor, office_supervisor
    ):
        escalation.sweep(at=RED)  # both rungs at once

        reminded, escalated = Entry.objects.filter(
            kind__in=["reminded", "escalated"], detail__key=ACCEPT
        ).order_by("seq")
        told_about = [
            set(
                Message.objects.filter(pk__in=entry.detail["messages"]).values_list("to", flat=True)
            )
            for entry in (reminded, escalated)
        ]
        assert told_about == [
            {cast["acceptor"].user.pk, cast["reviewer"].user.pk},
            {bureau_supervisor.pk, office_supervisor.pk},
        ]
        assert escalated.by == "service"
        assert escalated.detail["due"] == "2026-10-08"
        assert escalated.basis

    def test_leaves_a_paused_clock_alone_and_the_partys_own(self, pushed, cast, bureau_supervisor):
        walk(pushed, "examine:more", cast, since=at("09-29"))
        beat = escalation.sweep(at=at("10-19", 23))

        assert open_item(pushed, "supplement").due_on == day("10-19")
        assert told(bureau_supervisor) == []
        assert not Entry.objects.filter(kind__in=["reminded", "escalated"]).exists()
        assert beat.failed == 0

    def test_after_days_of_silence_does_what_daily_sweeps_would_have_done(
        self, applicant, penalty, cast, bureau_supervisor, office_supervisor
    ):
        escalation.sweep(at=at("09-28", 7))
        first = open_a_repair(applicant, penalty)
        walk(first, "check:yes", cast)
        for text in ("09-29", "09-30", *(f"10-{n:02}" for n in range(1, 20))):
            escalation.sweep(at=at(text, 9))
        daily = outcome(first)

        Heartbeat.objects.all().delete()
        escalation.sweep(at=at("10-08", 9))
        second = open_a_repair(applicant, another(penalty))
        walk(second, "check:yes", cast)
        escalation.sweep(at=at("10-08", 9))
        escalation.sweep(at=at("10-19", 9))

        assert outcome(second) == daily
        assert {kind for kind, _rung, _since in climbed(second, DECIDE)} == {
            "reminded",
            "escalated",
        }
        assert_rebuilt(second.reference)

    def test_goes_on_when_one_case_is_broken(
        self, applicant, penalty, cast, bureau_supervisor, caplog
    ):
        broken = open_a_repair(applicant, penalty)
        sound = open_a_repair(applicant, another(penalty))
        for case in (broken, sound):
            walk(case, "check:yes examine:accept", cast)
        mending = Involvement.objects.get(case=broken, role=Role.OFFICE)
        Involvement.objects.filter(case=broken, role=Role.OFFICE).delete()

        beat = escalation.sweep(at=at("10-15"))

        assert beat.failed == 2  # of the broken case: its own clock and that of its step
        assert beat.told == 3
        assert climbed(broken, DECIDE) == []
        assert [rung for _kind, rung, _since in climbed(sound, DECIDE)] == [1, 2]
        assert [sound.reference in subject for subject in told(bureau_supervisor)] == [True]
        assert "failed" in caplog.text

        mending.save()
        assert escalation.sweep(at=at("10-15", 1)).failed == 0
        assert [rung for _kind, rung, _since in climbed(broken, DECIDE)] == [1, 2]
        assert len(told(bureau_supervisor)) == 2

    def test_leaves_alone_what_was_done_while_it_looked(self, verifying, cast, monkeypatch):
        lock = climbing._lock

        def done_just_before(*args):
            if verifying.items.filter(step="verify", state="open").exists():
                walk(verifying, "verify:good", cast, since=at("10-13", 22))
            return lock(*args)

        monkeypatch.setattr(climbing, "_lock", done_just_before)
        escalation.sweep(at=at("10-14", 9))

        finished = Deadline.objects.get(item__step="verify", purpose="limit")
        assert finished.was_met
        assert finished.rung == 0
        assert not Urging.objects.filter(deadline=finished).exists()

    def test_goes_on_when_a_whole_turn_fails(self, pushed, monkeypatch):
        def gone(**_named):
            raise ZeroDivisionError

        monkeypatch.setattr(climbing, "due_rungs", gone)
        beat = escalation.sweep(at=DEEMED)

        assert beat.failed == 1
        assert Repair.objects.get().state == State.ACCEPTED

    def test_leaves_a_heartbeat_that_counts_what_it_did(self, verifying):
        escalation.sweep(at=at("09-28", 23))
        escalation.sweep(at=at("10-15"))

        beats = Heartbeat.objects.order_by("id").values_list("at", "examined", "told", "failed")
        # Amber of the whole case, amber and red of the step.
        assert list(beats) == [(at("09-28", 23), 0, 0, 0), (at("10-15"), 3, 3, 0)]

    def test_forgets_heartbeats_after_a_while(self, law, settings):
        settings.HEARTBEAT_KEEP_DAYS = 30
        for text in ("08-01", "09-01", "09-29"):
            escalation.sweep(at=at(text))

        kept = Heartbeat.objects.order_by("at").values_list("at", flat=True)
        assert list(kept) == [at("09-01"), at("09-29")]

    def test_costs_the_same_for_five_clocks_and_for_three_hundred(
        self, pushed, bureau_supervisor, office_supervisor
    ):
        escalation.sweep(at=RED)
        asked = []
        for number in (5, 300):
            copies(pushed, ACCEPT, number)
            with Counted() as counted:
                beat = escalation.sweep(at=RED)
            assert (beat.failed, beat.examined >= number) == (0, True)
            asked.append(counted.number)

        print(f"\nsweep: {asked}")  # noqa: T201 - shown with -s
        assert asked[0] == asked[1]

    def test_takes_many_in_several_batches(self, verifying, monkeypatch):
        walked = copies(verifying, DECIDE, 7)
        monkeypatch.setattr(escalation, "BATCH", 3)

        escalation.sweep(at=at("10-15"))

        assert [len(climbed(case, DECIDE)) for case in walked] == [2] * 7
        assert Urging.objects.filter(deadline__case__in=walked).count() == 7


class TestAnUrging:
    @pytest.fixture
    def urging(self, verifying, bureau_supervisor, office_supervisor):
        escalation.sweep(at=at("10-15", 9))
        return Urging.objects.get()

    def test_opens_when_a_clock_turns_red_with_the_day_of_its_answer(self, urging, bureau):
        assert (urging.unit, urging.rung, urging.answered_at) == (bureau, 2, None)
        assert urging.opened_at == at("10-15", 9)
        assert urging.answer_due_on == day("10-19")  # two working days later, over a weekend

    def test_is_answered_by_the_unit_it_is_put_to(self, urging, handler):
        answered = escalation.answer(urging.pk, by=handler.user, answer=REASON, at=at("10-16"))

        kept = Urging.objects.get()
        assert (kept.answer, kept.answered_by, kept.answered_at) == (
            REASON,
            handler.user,
            at("10-16"),
        )
        entry = Entry.objects.get(kind="urging_answered")
        assert entry.by == f"user:{handler.user.pk}"
        assert entry.detail == {"urging": answered.pk, "answer": REASON}

    @pytest.mark.parametrize("who", ["clerk", "applicant", "stranger"])
    def test_is_nobody_elses(self, urging, request, who):
        person = request.getfixturevalue(who)
        with pytest.raises(escalation.NotYourUrging):
            escalation.answer(
                urging.pk, by=getattr(person, "user", person), answer=REASON, at=at("10-16")
            )
        assert Urging.objects.get().answered_at is None

    def test_is_not_of_one_who_has_left(self, urging, handler):
        Membership.objects.filter(user=handler.user).update(until=day("10-15"))
        with pytest.raises(escalation.NotYourUrging):
            escalation.answer(urging.pk, by=handler.user, answer=REASON, at=at("10-16"))

    def test_is_answered_once(self, urging, handler, approver):
        escalation.answer(urging.pk, by=handler.user, answer=REASON, at=at("10-16"))
        with pytest.raises(escalation.AlreadyAnswered):
            escalation.answer(urging.pk, by=approver.user, answer="另一答复", at=at("10-17"))

        assert Urging.objects.get().answer == REASON
        assert Entry.objects.filter(kind="urging_answered").count() == 1


class TestAnExplanation:
    def complete(self, case, step, by, on, **more):
        answers = {**ANSWERS["verify:good"], **more}
        return work.complete(open_item(case, step).pk, by=by, answers=answers, at=on)

    def test_is_demanded_before_a_late_step_is_done(self, verifying, handler):
        handler.claims("verify", verifying, at=at("10-14"))
        with pytest.raises(work.AnswersRefused) as refused:
            self.complete(verifying, "verify", handler.user, at("10-14", 10))

        assert list(refused.value.fields) == ["overdue_reason"]
        assert open_item(verifying, "verify").is_open

    def test_stands_in_the_log(self, verifying, handler):
        handler.claims("verify", verifying, at=at("10-14"))
        self.complete(verifying, "verify", handler.user, at("10-14", 10), overdue_reason=REASON)

        done = Entry.objects.filter(kind="completed", detail__step="verify").get()
        assert done.detail["facts"]["overdue_reason"] == REASON

    def test_is_not_asked_for_on_the_last_day(self, verifying, handler):
        handler.claims("verify", verifying, at=at("10-13"))
        self.complete(verifying, "verify", handler.user, at("10-13", 23))

        done = Entry.objects.filter(kind="completed", detail__step="verify").get()
        assert "overdue_reason" not in done.detail["facts"]

    def test_is_never_asked_of_the_party(self, pushed, cast, applicant):
        walk(pushed, "examine:more", cast, since=at("09-29"))
        item = open_item(pushed, "supplement")
        assert item.due_on == day("10-19")
        form = work.form_for(item, by=applicant.user, on=day("10-20"))

        assert "overdue_reason" not in form.fields


class TestAnOfficeThatSaysNothing:
    @pytest.mark.parametrize(
        "way",
        [
            "",
            "check:yes",
            "check:yes examine:refuse",
            "check:yes examine:accept",
            "check:yes examine:accept verify:bad",
            "check:yes examine:accept verify:good decide:grant",
        ],
    )
    def test_never_harms_the_party(self, repair, cast, way):
        walk(repair, way, cast)
        for text in ("10-09", "10-12", "10-20", "11-30", "12-28"):
            assert escalation.sweep(at=at(text)).failed == 0

        adverse = {State.REFUSED, State.NOT_ACCEPTED, State.LAPSED, State.WITHDRAWN}
        case = Repair.objects.get()
        assert case.state not in adverse
        assert case.closed_at is None
        assert not Letter.objects.filter(name__in=["refused", "not_accepted", "lapsed"]).exists()

    @pytest.mark.parametrize(
        ("moment", "state"),
        [
            (at("10-10", 23, 59), State.PUSHED),  # the fifth working day has not ended
            (DEEMED, State.ACCEPTED),
            (at("10-16", 9), State.ACCEPTED),
        ],
    )
    def test_has_accepted_when_its_last_day_is_over(self, pushed, moment, state):
        escalation.sweep(at=moment)

        assert Repair.objects.get().state == state

    def test_has_accepted_from_the_day_of_receipt(self, pushed, applicant):
        escalation.sweep(at=DEEMED)

        entry = Entry.objects.get(kind="deemed_accepted")
        assert entry.detail == {"as_of": "2026-09-28", "noticed": "2026-10-11"}
        assert entry.basis.startswith("行政许可法 §32")
        assert entry.by == "service"
        # Seven working days from 28 September, and not from 11 October.
        begun = clock_of(pushed, DECIDE)
        assert (begun.started_on, begun.due_on) == (day("09-28"), day("10-13"))
        assert letters_to(applicant.user)[-1] == "accepted"
        assert_rebuilt(pushed.reference)

    def test_has_accepted_once(self, pushed):
        for hour in range(3):
            escalation.sweep(at=at("10-11", hour))

        assert Entry.objects.filter(kind="deemed").count() == 1
        assert Letter.objects.filter(name="accepted").count() == 1

    def test_has_accepted_even_what_somebody_claimed(self, pushed, cast, acceptor):
        walk(pushed, "CLAIM:examine", cast, since=at("09-29"))
        item = open_item(pushed, "examine")
        escalation.sweep(at=DEEMED)

        item.refresh_from_db()
        assert (item.state, item.owner) == (WorkItem.State.DONE, None)
        assert Repair.objects.get().state == State.ACCEPTED
        refusal = ANSWERS["examine:refuse"]
        with pytest.raises(work.TakenByAnother):
            work.complete(item.pk, by=acceptor.user, answers=refusal, at=at("10-11", 1))
        assert_rebuilt(pushed.reference)

    def test_does_not_count_the_time_the_party_took(self, pushed, cast):
        # Counted: 29 September; asked that day, answered on 10 October; then 12 to 15.
        walk(pushed, "examine:more", cast, since=at("09-29"))
        walk(pushed, "supplement:done", cast, since=at("10-10"))
        assert open_item(pushed, "examine").deemed_on == day("10-15")

        escalation.sweep(at=at("10-15", 23))
        assert Repair.objects.get().state == State.PUSHED
        escalation.sweep(at=at("10-16"))
        assert Repair.objects.get().state == State.ACCEPTED
        assert Entry.objects.get(kind="deemed_accepted").detail["as_of"] == "2026-09-28"

    def test_has_not_accepted_while_the_party_is_asked(self, pushed, cast):
        walk(pushed, "examine:more", cast, since=at("09-29"))
        escalation.sweep(at=at("10-16"))

        assert Repair.objects.get().state == State.SUPPLEMENT

    def test_is_warned_ahead_once(self, pushed, cast, bureau_supervisor):
        for hour in (8, 9, 10):
            escalation.sweep(at=at("09-28", hour + 8))

        warned = Entry.objects.get(kind="deeming_announced")
        assert warned.detail["deemed_on"] == "2026-10-10"
        assert set(warned.detail["told"]) == {cast["acceptor"].user.pk, bureau_supervisor.pk}
        assert Message.objects.filter(to=bureau_supervisor).count() == 1

    def test_is_warned_so_many_working_days_ahead(self, pushed, cast):
        ahead_by = policy.term("deemed.announce_before", on=day("09-28"))
        ahead_by.value = "1"
        ahead_by.save()
        ahead = []
        for text in ("10-08", "10-09"):
            escalation.sweep(at=at(text, 9))
            ahead.append(Entry.objects.filter(kind="deeming_announced").exists())

        assert ahead == [False, True]  # the last day is Saturday the 10th, which is worked

    def test_cannot_be_deemed_before_its_time_is_over(self, pushed):
        with pytest.raises(work.StillTime):
            work.deem(open_item(pushed, "examine").pk, at=at("10-10", 23, 59))

        assert Repair.objects.get().state == State.PUSHED


class TestAPromise:
    def test_that_is_broken_turns_amber_and_not_red(self, pushed):
        item = open_item(pushed, "examine")
        assert item.promised_on == day("09-30")
        item.amber_on = day("10-08")  # as if the law still left time

        assert item.light(day("09-30")) == Light.GREEN
        assert item.light(day("10-07")) == Light.AMBER
        assert item.light(day("10-09")) == Light.RED

    def test_that_is_broken_climbs_nothing(self, pushed):
        escalation.sweep(at=at("10-07"))

        promises = Deadline.objects.filter(case=pushed, purpose="promise")
        assert clock_of(pushed, "repair.promise.accept").due_on == day("09-30")
        assert set(promises.values_list("rung", "next_rung_on")) == {(0, None)}


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

    def test_cannot_lapse_before_its_time_is_over(self, asked):
        with pytest.raises(work.StillTime):
            work.lapse(open_item(asked, "supplement").pk, at=at("10-19", 23, 59))

        assert Repair.objects.get().state == State.SUPPLEMENT

    def test_does_not_lapse_other_cases_when_one_fails(
        self, asked, applicant, penalty, cast, monkeypatch
    ):
        other = open_a_repair(applicant, another(penalty))
        walk(other, "check:yes examine:more", cast)
        lapse = work.lapse

        def fail_for_one(item_id, *, at):
            if asked.items.filter(pk=item_id).exists():
                raise ZeroDivisionError
            return lapse(item_id, at=at)

        monkeypatch.setattr(work, "lapse", fail_for_one)
        beat = escalation.sweep(at=at("10-20"))

        states = dict(Repair.objects.values_list("reference", "state"))
        assert states == {asked.reference: State.SUPPLEMENT, other.reference: State.LAPSED}
        assert beat.failed == 1


class TestALadder:
    def test_is_that_of_the_longest_fitting_beginning_of_the_key(self, law):
        usual = [rung.number for rung in policy.ladder_of("repair.ndrc.decide")]
        own = [rung.tells for rung in policy.ladder_of("repair.precheck")]

        assert usual == [1, 2, 3]
        assert own == ["owner", "supervisor"]
