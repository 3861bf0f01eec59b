"""Asking others beside a step: it waits for all of them, and only the staff read what they say."""

import datetime as dt

import pytest
from django.utils.translation import override

from accounts.models import Duty, Membership
from forms.base import StepForm
from forms.beside import Advice, Assistance, Countersignature, Opinion
from forms.fields import AttachmentsField
from notifications.models import Message
from tests.actors import Caseworker, open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.beside import NOW, a_unit, again, answers, asks, logged
from tests.workflows.test_budgets import COMPLETE, Counted, fresh
from tests.workflows.walks import ANSWERS, HOUR, at, walk
from workflows import audit, beside, consulting, escalation, intake, sight, tracking, work
from workflows.models import Case, Deadline, WorkItem

ON = dt.date(2026, 9, 28)


@pytest.fixture
def tax(office):
    return a_unit("SW")


@pytest.fixture
def court(office):
    return a_unit("FY")


@pytest.fixture
def step(repair, cast):
    """The examination, in the acceptor's inbox."""
    walk(repair, "check:yes CLAIM:examine", cast)
    return open_item(repair, "examine")


@pytest.fixture
def colleague(bureau):
    return _caseworker(bureau, Duty.HANDLER, "colleague")


def case_of(repair):
    return Case.objects.select_related("party", "record").get(pk=repair.pk)


def examines(cast, step, *, at=NOW + HOUR):
    person = cast["acceptor"].user
    return work.complete(step.pk, by=person, answers=ANSWERS["examine:accept"], at=at)


class TestAsking:
    def test_puts_a_step_into_the_handlers_queue_of_each_unit(self, repair, cast, step, tax, court):
        units = [tax[0], court[0]]
        asked = asks(cast["acceptor"], step, units)

        assert [(item.step, item.queue) for item in asked] == [
            ("aside.assist", "SW/handler"),
            ("aside.assist", "FY/handler"),
        ]
        assert {item.host_id for item in asked} == {step.pk}
        assert asked[0].request == {
            "kind": "assist",
            "question": "该企业是否已经整改？",
            "asked_by": cast["acceptor"].user.pk,
            "silence_announced": False,
        }

    @pytest.mark.parametrize(
        ("kind", "due"),  # asked on Monday 28 September; 1 to 7 October are holidays
        [("advice", "09-30"), ("countersign", "10-08"), ("assist", "10-10")],
    )
    def test_gives_each_kind_its_own_time(self, repair, cast, step, tax, kind, due):
        (asked,) = asks(cast["acceptor"], step, [tax[0]], kind=kind)

        assert asked.due_on == at(due).date()
        assert asked.deemed_on is None
        (clock,) = Deadline.objects.filter(item=asked)
        assert (clock.term.key, clock.due_on) == (f"general.consult.{kind}", asked.due_on)

    def test_leaves_the_clock_of_the_step_as_it_was(self, cast, step, tax):
        asks(cast["acceptor"], step, [tax[0]])

        assert again(step).due_on == step.due_on

    def test_counts_a_second_question_from_its_own_day(self, cast, step, tax, court):
        (first,) = asks(cast["acceptor"], step, [tax[0]], kind="advice")
        (second,) = asks(cast["acceptor"], step, [court[0]], kind="advice", at=at("09-29", 9))

        assert (again(first).due_on, second.due_on) == (at("09-30").date(), at("10-08").date())

    def test_is_logged_with_its_basis_and_its_words(self, repair, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]], silence_announced=True)
        (entry,) = logged(repair, "opinions_asked")

        assert entry.basis == "本办内部规定"
        assert entry.by == f"user:{cast['acceptor'].user.pk}"
        assert entry.detail == {
            "host": step.pk,
            "step": "examine",
            "items": [asked.pk],
            "units": ["SW"],
            "kind": "assist",
            "question": "该企业是否已经整改？",
            "silence_announced": True,
        }

    def test_tells_whoever_can_answer_once_and_what_silence_means(
        self, repair, cast, step, tax, court
    ):
        asks(cast["acceptor"], step, [tax[0]], silence_announced=True)
        asks(cast["acceptor"], step, [court[0]])
        (warned,) = tax[1][0].user.messages_received.all()
        (plain,) = court[1][0].user.messages_received.all()

        assert "该企业是否已经整改" in warned.body
        assert repair.reference in warned.subject
        assert len(warned.body) > len(plain.body)

    def test_is_for_the_owner_of_the_step_only(self, cast, step, tax, handler):
        with pytest.raises(beside.NotYourStep) as refused:
            asks(handler, step, [tax[0]])
        assert refused.value.status == 403

    def test_is_refused_once_the_step_is_back_in_its_queue(self, cast, step, tax):
        work.release(step.pk, by=cast["acceptor"].user, at=NOW)

        with pytest.raises(beside.NotYourStep):
            asks(cast["acceptor"], step, [tax[0]])

    def test_is_refused_to_an_owner_whose_duty_has_ended(self, cast, step, tax):
        Membership.objects.filter(user=cast["acceptor"].user).update(until=dt.date(2026, 9, 27))
        cast["acceptor"].user.__dict__.pop("_standing", None)

        with pytest.raises(beside.NotYourStep):
            asks(cast["acceptor"], step, [tax[0]])

    def test_is_refused_beside_what_was_itself_asked_beside(self, cast, step, tax, court):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        work.claim(asked.pk, by=tax[1][0].user, at=NOW)

        with pytest.raises(beside.BesideTheRoute):
            asks(tax[1][0], asked, [court[0]])

    def test_names_at_least_one_unit_and_a_question(self, cast, step, tax):
        with pytest.raises(consulting.NobodyNamed):
            asks(cast["acceptor"], step, [])
        with pytest.raises(consulting.NoQuestion) as refused:
            asks(cast["acceptor"], step, [tax[0]], question="  ")
        assert refused.value.fields == {"missing": "question"}

    def test_is_one_of_three_things(self, cast, step, tax):
        with pytest.raises(consulting.NoSuchKind) as refused:
            asks(cast["acceptor"], step, [tax[0]], kind="decide")
        assert refused.value.fields == {"kinds": ["assist", "countersign", "advice"]}

    def test_is_refused_where_nobody_could_answer(self, cast, step, tax):
        empty, _people = a_unit("MZ", Duty.SUPERVISOR)

        with pytest.raises(beside.NobodyThere) as refused:
            asks(cast["acceptor"], step, [tax[0], empty])
        assert refused.value.fields == {"units": [str(empty)]}
        assert not WorkItem.objects.filter(host=step).exists()

    def test_is_refused_twice_while_the_answer_is_out(self, cast, step, tax):
        (first,) = asks(cast["acceptor"], step, [tax[0]])

        with pytest.raises(consulting.AskedAlready) as refused:
            asks(cast["acceptor"], step, [tax[0]])
        assert refused.value.fields == {"unit": str(tax[0])}
        assert asks(cast["acceptor"], step, [tax[0]], kind="countersign")
        answers(tax[1][0], first)
        assert asks(cast["acceptor"], step, [tax[0]])

    def test_names_a_unit_that_is_said_twice_once(self, cast, step, tax):
        assert len(asks(cast["acceptor"], step, [tax[0], tax[0]])) == 1

    def test_stays_within_the_budget_of_a_verb(self, cast, step):
        units = [a_unit(code)[0] for code in ("AA", "BB", "CC", "DD", "EE")]
        with Counted() as asking:
            consulting.ask(
                step.pk,
                by=fresh(cast["acceptor"].user),
                at=NOW,
                units=units,
                kind="assist",
                question="是否整改？",
            )

        assert asking.number <= COMPLETE


class TestOnesOwnUnit:
    @pytest.mark.parametrize("kind", ["assist", "countersign"])
    def test_is_not_asked_to_assist_or_countersign(self, cast, step, bureau, handler, kind):
        with pytest.raises(consulting.OwnUnit):
            asks(cast["acceptor"], step, [bureau], kind=kind)

    def test_is_asked_for_advice_by_another_person(self, cast, step, bureau, handler):
        (asked,) = asks(cast["acceptor"], step, [bureau], kind="advice")
        answers(handler, asked)

        assert examines(cast, step).state == "accepted"

    def test_is_not_asked_where_only_the_one_who_asks_could_answer(self, cast, step, bureau):
        Membership.objects.filter(unit=bureau, duty=Duty.HANDLER).delete()
        Membership.objects.create(
            user=cast["acceptor"].user, unit=bureau, duty=Duty.HANDLER, since=SINCE
        )
        with pytest.raises(beside.NobodyThere):
            asks(cast["acceptor"], step, [bureau], kind="advice")

    def test_does_not_let_one_answer_oneself(self, cast, step, bureau, colleague):
        acceptor = cast["acceptor"]
        Membership.objects.create(user=acceptor.user, unit=bureau, duty=Duty.HANDLER, since=SINCE)
        acceptor = Caseworker(fresh(acceptor.user))
        (asked,) = asks(acceptor, step, [bureau], kind="advice")

        with pytest.raises(work.AnswersRefused) as refused:
            answers(acceptor, asked)
        assert list(refused.value.fields) == ["__all__"]


class TestTheStep:
    def test_waits_until_all_have_answered(self, repair, cast, step, tax, court):
        first, second = asks(cast["acceptor"], step, [tax[0], court[0]])
        with pytest.raises(work.WaitsBeside):
            examines(cast, step)
        answers(tax[1][0], first)
        with pytest.raises(work.WaitsBeside, match=str(court[0])):
            examines(cast, step)
        answers(court[1][0], second)

        assert examines(cast, step).state == "accepted"

    def test_hears_once_that_all_opinions_are_in(self, repair, cast, step, tax, court):
        owner = cast["acceptor"].user
        first, second = asks(cast["acceptor"], step, [tax[0], court[0]])
        before = owner.messages_received.count()
        answers(tax[1][0], first)
        assert logged(repair, "opinions_complete") == []
        answers(court[1][0], second)
        (entry,) = logged(repair, "opinions_complete")

        assert entry.detail == {"host": step.pk, "step": "examine", "opinions": 2}
        assert owner.messages_received.count() == before + 1

    def test_hears_it_in_its_queue_when_nobody_has_it(self, repair, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        work.release(step.pk, by=cast["acceptor"].user, at=NOW)
        before = cast["acceptor"].user.messages_received.count()
        answers(tax[1][0], asked)

        assert cast["acceptor"].user.messages_received.count() == before + 1

    def test_that_the_law_took_for_done_needs_no_opinion_any_more(self, repair, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        escalation.sweep(at=at("10-11", 0))

        assert logged(repair, "deemed_accepted")
        assert again(asked).state == "cancelled"
        assert not logged(repair, "opinions_complete")

    def test_may_be_taken_over_by_a_colleague_who_takes_the_questions_along(
        self, repair, cast, step, tax, bureau
    ):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        work.release(step.pk, by=cast["acceptor"].user, at=NOW)
        second = _caseworker(bureau, Duty.ACCEPTOR, "second acceptor")
        work.claim(step.pk, by=second.user, at=NOW)
        taken = consulting.take_back(asked.pk, by=second.user, at=NOW, reason="已自行核实。")

        assert taken.state == "cancelled"

    def test_answers_within_the_budget_of_a_verb(self, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        work.claim(asked.pk, by=tax[1][0].user, at=NOW)
        with Counted() as answering:
            given = {"position": "agree", "reasons": ""}
            work.complete(asked.pk, by=fresh(tax[1][0].user), answers=given, at=NOW)

        assert answering.number <= COMPLETE


class TestSilence:
    def test_means_no_objection_where_that_was_announced(self, repair, cast, step, tax):
        (asked,) = asks(
            cast["acceptor"], step, [tax[0]], kind="countersign", silence_announced=True
        )
        assert asked.deemed_on == asked.due_on == at("10-08").date()
        escalation.sweep(at=at("10-08", 23))
        assert again(asked).is_open
        escalation.sweep(at=at("10-09", 0))

        assert again(asked).state == "done"
        assert logged(repair, "deemed")[0].detail["facts"] == {
            "position": "no_objection",
            "reasons": "",
        }
        assert len(logged(repair, "opinions_complete")) == 1
        assert again(step).owner == cast["acceptor"].user
        cast["acceptor"].does("examine", repair, at=at("10-09", 9), **ANSWERS["examine:accept"])
        assert case_of(repair).state == "accepted"

    def test_that_was_announced_is_no_deemed_acceptance_to_warn_of(self, repair, cast, step, tax):
        asks(cast["acceptor"], step, [tax[0]], kind="advice", silence_announced=True)
        escalation.sweep(at=at("09-28", 23))

        assert {e.detail["item"] for e in logged(repair, "deeming_announced")} <= {step.pk}
        assert tax[1][0].user.messages_received.count() == 1

    def test_of_another_unit_is_no_acceptance_of_the_case(self, repair, cast, step, tax):
        asks(cast["acceptor"], step, [tax[0]], kind="advice", silence_announced=True)
        escalation.sweep(at=at("10-01", 0))

        assert logged(repair, "deemed_accepted") == []
        assert again(step).is_open

    def test_means_nothing_where_it_was_not_announced(self, repair, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]], kind="advice")
        for day in ("09-30", "10-08", "10-09"):
            escalation.sweep(at=at(day, 0, 5))

        assert again(asked).is_open
        assert logged(repair, "deemed") == []
        climbed = {e.detail["item"] for e in logged(repair, "escalated")}
        assert asked.pk in climbed
        with pytest.raises(work.WaitsBeside):
            examines(cast, step, at=at("10-09", 9))


class TestTakingBack:
    def test_lets_the_step_go_on(self, repair, cast, step, tax, court):
        first, second = asks(cast["acceptor"], step, [tax[0], court[0]])
        answers(tax[1][0], first)
        owner = cast["acceptor"].user
        consulting.take_back(second.pk, by=owner, at=NOW, reason="法院已有公告。")
        (entry,) = logged(repair, "opinion_taken_back")

        assert (entry.basis, entry.detail["reason"]) == ("本办内部规定", "法院已有公告。")
        assert again(second).state == "cancelled"
        assert not Deadline.objects.filter(item=second, ended_at=None).exists()
        assert logged(repair, "opinions_complete")[0].detail["opinions"] == 1
        assert "法院已有公告" in court[1][0].user.messages_received.last().body
        assert examines(cast, step).state == "accepted"

    def test_of_everything_is_no_round_of_opinions(self, repair, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        consulting.take_back(asked.pk, by=cast["acceptor"].user, at=NOW, reason="误发。")

        assert logged(repair, "opinions_complete") == []

    def test_needs_a_reason_and_the_owner(self, cast, step, tax, handler):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        with pytest.raises(beside.NoReason):
            consulting.take_back(asked.pk, by=cast["acceptor"].user, at=NOW, reason=" ")
        with pytest.raises(beside.NotYourStep):
            consulting.take_back(asked.pk, by=tax[1][0].user, at=NOW, reason="不属职责。")

    def test_comes_too_late_after_an_answer(self, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        answers(tax[1][0], asked)

        with pytest.raises(consulting.NothingToTakeBack):
            consulting.take_back(asked.pk, by=cast["acceptor"].user, at=NOW, reason="误发。")

    def test_is_of_questions_only(self, cast, step):
        with pytest.raises(consulting.NothingToTakeBack):
            consulting.take_back(step.pk, by=cast["acceptor"].user, at=NOW, reason="误发。")

    def test_stays_within_the_budget_of_a_verb(self, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        with Counted() as taking:
            consulting.take_back(asked.pk, by=fresh(cast["acceptor"].user), at=NOW, reason="误发。")

        assert taking.number <= COMPLETE


class TestAWithdrawal:
    def test_takes_every_question_back(self, repair, cast, step, tax, applicant):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        intake.withdraw(repair.reference, by=applicant.user, at=NOW + HOUR)

        assert again(asked).state == "cancelled"
        assert case_of(repair).closed_at
        assert not Deadline.objects.filter(case_id=repair.pk, ended_at=None).exists()


class TestAnAnswer:
    @pytest.mark.parametrize("position", ["conditional", "disagree", "not_competent"])
    def test_other_than_yes_needs_reasons(self, cast, step, tax, position):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])

        with pytest.raises(work.AnswersRefused) as refused:
            answers(tax[1][0], asked, position=position)
        assert list(refused.value.fields) == ["reasons"]

    @pytest.mark.parametrize("form", [Assistance, Countersignature, Advice])
    def test_takes_no_files_for_its_party_would_see_them(self, form):
        fields = form(on=ON, request={"question": "?"}).fields.values()

        assert issubclass(form, Opinion)
        assert not [field for field in fields if isinstance(field, AttachmentsField)]

    def test_is_asked_for_in_the_words_of_the_question(self, cast, step, tax):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        form: StepForm = work.form_for(again(asked), by=tax[1][0].user, on=ON)

        assert form.fields["position"].help_text == "该企业是否已经整改？"


class TestOpinions:
    def test_are_told_with_who_when_and_how_late(self, repair, cast, step, tax, court):
        first, _second = asks(cast["acceptor"], step, [tax[0], court[0]], kind="advice")
        answers(tax[1][0], first, position="disagree", reasons="尚有欠税。")
        with override("en"):
            given, open_ = consulting.opinions_of(
                case_of(repair), by=cast["acceptor"].user, on=dt.date(2026, 10, 8)
            )

        assert (given.unit, given.kind, given.position) == ("SW", "advice", "We disagree")
        assert (given.question, given.reasons) == ("该企业是否已经整改？", "尚有欠税。")
        assert (given.who, given.when, given.due) == ("SW handler", NOW, at("09-30").date())
        assert not given.late
        assert (open_.unit, open_.position, open_.who, open_.late) == ("FY", "", "", True)

    def test_tell_silence_from_an_opinion(self, repair, cast, step, tax):
        asks(cast["acceptor"], step, [tax[0]], kind="advice", silence_announced=True)
        escalation.sweep(at=at("10-01", 0))
        with override("en"):
            (given,) = consulting.opinions_of(
                case_of(repair), by=cast["acceptor"].user, on=dt.date(2026, 10, 8)
            )

        assert (given.by_silence, given.position, given.who) == (True, "No objection", "")

    def test_are_read_by_staff_of_the_case_and_by_the_unit_asked_alone(
        self, repair, cast, step, tax, court, applicant
    ):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        answers(tax[1][0], asked)
        readers = {
            name: bool(consulting.opinions_of(case_of(repair), by=fresh(person.user), on=ON))
            for name, person in {
                **cast,
                "asked": tax[1][0],
                "not asked": court[1][0],
                "applicant": applicant,
            }.items()
        }
        assert readers == {
            **dict.fromkeys(cast, True),
            "asked": True,
            "not asked": False,
            "applicant": False,
        }

    def test_are_not_for_the_party_even_where_it_works_for_a_unit(
        self, repair, cast, step, tax, applicant, bureau
    ):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        answers(tax[1][0], asked)
        Membership.objects.create(user=applicant.user, unit=bureau, duty=Duty.HANDLER, since=SINCE)
        assert consulting.opinions_of(case_of(repair), by=fresh(applicant.user), on=ON) == []

    def test_reach_the_party_by_no_message_and_no_timeline(
        self, repair, cast, step, tax, applicant
    ):
        before = Message.objects.filter(to=applicant.user).count()
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        answers(tax[1][0], asked, position="disagree", reasons="尚有欠税。")
        shown = tracking.dossier_of(case_of(repair), on=ON).timeline

        assert Message.objects.filter(to=applicant.user).count() == before
        assert {happening.kind for happening in shown} == {"received", "push"}


class TestWhoSeesTheCase:
    @pytest.fixture
    def seen_by(self, repair):
        def ask(person):
            return sight.case_for(fresh(person.user), repair.reference, on=ON) is not None

        return ask

    def test_is_whoever_was_asked_in_any_duty_of_that_unit(self, cast, step, court, seen_by):
        tax, people = a_unit("SW", *(duty for duty in Duty if duty != Duty.AUDITOR))
        assert not any(seen_by(person) for person in [*people, *court[1]])
        (asked,) = asks(cast["acceptor"], step, [tax])

        assert all(seen_by(person) for person in people)
        assert not any(seen_by(person) for person in court[1])
        answers(people[2], asked)
        assert all(seen_by(person) for person in people)

    def test_is_nobody_there_once_the_question_is_taken_back(self, cast, step, tax, seen_by):
        (asked,) = asks(cast["acceptor"], step, [tax[0]])
        consulting.take_back(asked.pk, by=cast["acceptor"].user, at=NOW, reason="误发。")

        assert not seen_by(tax[1][0])

    def test_is_not_whoever_has_left_the_unit(self, cast, step, tax, seen_by):
        asks(cast["acceptor"], step, [tax[0]])
        Membership.objects.filter(unit=tax[0]).update(until=dt.date(2026, 9, 27))

        assert not seen_by(tax[1][0])

    def test_does_not_reach_another_case_of_the_same_party(self, repair, cast, step, tax):
        asks(cast["acceptor"], step, [tax[0]])
        found = sight.visible_to(fresh(tax[1][0].user), on=ON)

        assert [case.pk for case in found] == [repair.pk]


class TestTheLog:
    def test_stays_whole(self, repair, cast, step, tax, court):
        first, second = asks(cast["acceptor"], step, [tax[0], court[0]])
        answers(tax[1][0], first)
        consulting.take_back(second.pk, by=cast["acceptor"].user, at=NOW, reason="误发。")

        assert list(audit.verify(tracking.log_of(case_of(repair)))) == []
