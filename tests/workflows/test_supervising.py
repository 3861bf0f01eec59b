"""What a supervisor does about a step: hands it over, urges it, asks why it is late."""

import datetime as dt

import pytest
from django.utils.translation import gettext

from accounts.models import Duty, Membership, Representation
from forms.models import Draft
from notifications.models import Message
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.absences import joins, known_anew, somebody, stands_in
from tests.workflows.beside import a_unit, again, asks, logged
from tests.workflows.test_budgets import Counted, fresh
from tests.workflows.test_races import another_penalty, split, together
from tests.workflows.test_replay import assert_rebuilt
from tests.workflows.walks import ANSWERS, HOUR, at, open_a_repair, walk
from workflows import beside, escalation, hands, oversight, recusal, supervising, transfers, work
from workflows.models import Deadline, Urging
from workflows.oversight import Asked
from workflows.proposals import decide

DAY = at("09-30", 9)
WHY = "承办人出差，改由同事办理。"
ASK = "为何仍未核实？请说明原因和完成时间。"
AN_ACT = 40
NO_DUTY = oversight.why_not_another(hands.NotYourQueue())
KEPT_OUT = oversight.why_not_another(hands.WhoIsRecused())
DID_ANOTHER = oversight.why_not_another(work.SecondPersonNeeded())
SAID = {"answer": "今日办结。", "at": at("10-19", 9)}


@pytest.fixture
def colleague(bureau):
    return _caseworker(bureau, Duty.HANDLER, "colleague")


@pytest.fixture
def step(repair, cast):
    """The verification, in the handler's inbox."""
    walk(repair, "check:yes examine:accept CLAIM:verify", cast)
    return open_item(repair, "verify")


@pytest.fixture
def chief(bureau_supervisor):
    return bureau_supervisor


def reassigns(step, chief, to, *, at=DAY, reason=WHY):
    return supervising.reassign(step.pk, by=fresh(chief), to=fresh(to.user), reason=reason, at=at)


def urges(step, chief, *, at=DAY, question=ASK):
    return supervising.urge(step.pk, by=fresh(chief), question=question, at=at)


class TestReassigning:
    def test_moves_a_step_from_one_inbox_into_another(self, step, chief, handler, colleague):
        moved = reassigns(step, chief, colleague)

        assert (moved.state, moved.owner, moved.claimed_at) == ("claimed", colleague.user, DAY)
        assert moved.task.owner == colleague.user
        with pytest.raises(work.TakenByAnother):
            work.complete(step.pk, by=handler.user, answers=ANSWERS["verify:good"], at=DAY)
        work.complete(step.pk, by=colleague.user, answers=ANSWERS["verify:good"], at=DAY)

    def test_takes_a_step_out_of_the_queue(self, repair, cast, chief, handler):
        walk(repair, "check:yes examine:accept", cast)
        moved = reassigns(open_item(repair, "verify"), chief, handler)

        assert moved.owner == handler.user
        handler.does("verify", repair, at=DAY, **ANSWERS["verify:good"])

    def test_hands_over_what_was_asked_beside_a_step(self, repair, cast, office_supervisor):
        tax, (expert,) = a_unit("SW")
        other = _caseworker(tax, Duty.HANDLER, "other expert")
        walk(repair, "check:yes CLAIM:examine", cast)
        (asked,) = asks(cast["acceptor"], open_item(repair, "examine"), [tax])
        work.claim(asked.pk, by=expert.user, at=DAY)

        assert reassigns(asked, office_supervisor, other).owner == other.user
        assert_rebuilt(repair.reference)

    def test_changes_no_clock(self, repair, step, chief, colleague):
        def clocks():
            return list(Deadline.objects.order_by("pk").values_list("started_on", "due_on"))

        before, due = clocks(), step.due_on
        reassigns(step, chief, colleague, at=at("10-08", 9))

        assert (clocks(), again(step).due_on) == (before, due)

    def test_is_logged_and_told_to_both(self, repair, step, chief, handler, colleague):
        reassigns(step, chief, colleague)
        (entry,) = logged(repair, "reassigned")

        assert (entry.by, entry.basis) == (f"user:{chief.pk}", "公务员法 §14")
        assert entry.detail == {
            "item": step.pk,
            "step": "verify",
            "from": f"user:{handler.user.pk}",
            "owner": f"user:{colleague.user.pk}",
            "on_behalf_of": None,
            "reason": WHY,
        }
        for person in (handler, colleague):
            assert WHY in person.user.messages_received.get(about=repair.reference).body
        assert_rebuilt(repair.reference)

    def test_tells_nothing_to_the_party(self, repair, step, chief, colleague, applicant):
        before = applicant.user.messages_received.count()
        reassigns(step, chief, colleague)
        urges(step, chief)

        assert applicant.user.messages_received.count() == before

    def test_leaves_a_draft_to_the_one_who_wrote_it(self, step, chief, handler, colleague):
        Draft.objects.create(writer=handler.user, about=f"work/{step.pk}", answers={}, saved_at=DAY)
        reassigns(step, chief, colleague)

        assert Draft.objects.get().writer == handler.user

    def test_goes_to_a_substitute_in_place_of_the_absent(self, repair, step, chief, bureau):
        absent, substitute = _caseworker(bureau, Duty.HANDLER, "absent"), somebody("substitute")
        stands_in(substitute, absent, bureau)
        moved = reassigns(step, chief, substitute)

        assert (moved.owner, moved.on_behalf_of) == (substitute.user, absent.user)
        work.complete(step.pk, by=substitute.user, answers=ANSWERS["verify:good"], at=DAY)
        assert logged(repair, "completed")[-1].on_behalf_of == f"user:{absent.user.pk}"

    def test_needs_a_reason(self, step, chief, colleague):
        with pytest.raises(beside.NoReason):
            reassigns(step, chief, colleague, reason=" ")

    def test_stays_within_the_budget_of_an_act(self, step, chief, colleague):
        chief, to = fresh(chief), fresh(colleague.user)
        with Counted() as counted:
            supervising.reassign(step.pk, by=chief, to=to, reason=WHY, at=DAY)

        assert counted.number <= AN_ACT


class TestWhoMayDirect:
    def test_is_the_supervisor_of_the_unit_or_of_the_credit_office(
        self, step, bureau_supervisor, office_supervisor, colleague, handler
    ):
        assert reassigns(step, bureau_supervisor, colleague).owner == colleague.user
        assert reassigns(step, office_supervisor, handler).owner == handler.user

    @pytest.mark.parametrize("who", ["handler", "acceptor", "auditor", "other", "party"])
    def test_is_nobody_else(self, step, who, office, handler, acceptor, colleague, applicant):
        _tax, (other,) = a_unit("SW", Duty.SUPERVISOR)
        auditor = _caseworker(office, Duty.AUDITOR, "auditor")
        people = {"handler": handler, "acceptor": acceptor, "auditor": auditor, "other": other}
        person = {**people, "party": applicant}[who].user
        for act in (
            lambda: supervising.reassign(step.pk, by=person, to=colleague.user, reason=WHY, at=DAY),
            lambda: supervising.urge(step.pk, by=person, question=ASK, at=DAY),
            lambda: supervising.ask_to_explain(step.pk, by=person, question=ASK, at=DAY),
        ):
            with pytest.raises(supervising.NotYoursToDirect):
                act()
        assert again(step).owner == handler.user
        assert not Urging.objects.exists()

    def test_ends_with_the_duty(self, step, bureau_supervisor, colleague):
        Membership.objects.filter(user=bureau_supervisor).update(until=dt.date(2026, 9, 29))
        with pytest.raises(supervising.NotYoursToDirect):
            reassigns(step, bureau_supervisor, colleague)


class TestWhoMayGetIt:
    def refusal(self, step, chief, person, at=DAY):
        with pytest.raises(supervising.MayNotTakeIt) as refused:
            reassigns(step, chief, person, at=at)
        assert refused.value.fields["who"] == str(person.user)
        assert str(person.user) in str(refused.value)
        return refused.value.fields["why"]

    def test_is_nobody_without_the_duty(self, step, chief, acceptor):
        assert self.refusal(step, chief, acceptor) == NO_DUTY

    def test_is_nobody_of_another_unit(self, step, chief):
        _tax, (expert,) = a_unit("SW")
        assert self.refusal(step, chief, expert) == NO_DUTY

    def test_is_nobody_whose_duty_begins_later_or_has_ended(self, step, chief, bureau):
        for name, since, until in (
            ("new", dt.date(2026, 10, 1), None),
            ("old", SINCE, dt.date(2026, 9, 29)),
        ):
            person = somebody(name)
            told = {"since": since, "until": until}
            Membership.objects.create(user=person.user, unit=bureau, duty=Duty.HANDLER, **told)
            assert self.refusal(step, chief, person) == NO_DUTY

    def test_is_nobody_who_was_deactivated(self, step, chief, colleague):
        colleague.user.is_active = False
        colleague.user.save()
        assert self.refusal(step, chief, colleague) == NO_DUTY

    def test_is_nobody_who_did_what_excludes_it(self, repair, cast, step, chief, bureau):
        work.complete(step.pk, by=cast["handler"].user, answers=ANSWERS["verify:good"], at=DAY)
        joins(cast["handler"], bureau, Duty.APPROVER)
        decision = open_item(repair, "decide")

        assert self.refusal(decision, chief, cast["handler"]) == DID_ANOTHER

    def test_is_nobody_who_is_recused(self, repair, step, chief, colleague, approver):
        by = known_anew(colleague).user
        asked = recusal.declare(repair.reference, by=by, at=DAY, reason="系对方亲属。")
        decide(asked.pk, by=approver.user, grant=True, at=DAY)

        assert self.refusal(step, chief, colleague) == KEPT_OUT

    def test_is_nobody_tied_to_the_party(self, repair, step, chief, colleague):
        code = repair.party.credit_code
        Representation.objects.create(user=colleague.user, credit_code=code, since=SINCE)

        assert self.refusal(step, chief, colleague) == KEPT_OUT

    def test_is_not_who_has_it(self, step, chief, handler):
        with pytest.raises(supervising.HasItAlready):
            reassigns(step, chief, handler)

    def test_is_told_beforehand_with_how_much_each_has(
        self, repair, step, chief, colleague, acceptor, handler
    ):
        found = oversight.candidates_for(fresh(chief), step, on=DAY.date())
        told = {one.person: (one.load, one.why_not) for one in found}

        assert found[0].person == colleague.user
        assert told[colleague.user] == (0, "")
        assert told[handler.user] == (1, gettext("has it now"))
        assert told[acceptor.user][1] == NO_DUTY
        assert chief not in told

    def test_is_told_in_as_many_questions_for_many_people(self, step, chief, bureau):
        asked = []
        for number in (1, 9):
            for one in range(number):
                _caseworker(bureau, Duty.HANDLER, f"more {number} {one}")
            item = again(step)
            with Counted() as counted:
                oversight.candidates_for(fresh(chief), item, on=DAY.date())
            asked.append(counted.number)

        assert asked[0] == asked[1]

    def test_is_told_of_substitutes_too(self, step, chief, bureau):
        absent, substitute = _caseworker(bureau, Duty.HANDLER, "absent"), somebody("substitute")
        stands_in(substitute, absent, bureau)
        found = oversight.candidates_for(fresh(chief), step, on=DAY.date())
        (told,) = [one for one in found if one.person == substitute.user]

        assert (told.why_not, told.in_place_of) == ("", "absent")


class TestAStepThatIsGone:
    def test_is_not_handed_over(self, repair, step, chief, colleague, handler):
        work.complete(step.pk, by=handler.user, answers=ANSWERS["verify:good"], at=DAY)
        with pytest.raises(work.TakenByAnother) as refused:
            reassigns(step, chief, colleague)
        assert refused.value.fields["who"] == str(handler.user)
        with pytest.raises(work.TakenByAnother):
            urges(step, chief)

    def test_is_not_handed_over_on_its_way_to_another_unit(
        self, repair, step, chief, colleague, handler
    ):
        to, _people = a_unit("SW")
        transfers.transfer(step.pk, by=handler.user, at=DAY, to=to, reason="属税务职责。")
        with pytest.raises(transfers.OnItsWay):
            reassigns(step, chief, colleague)

    def test_is_not_the_partys(self, repair, cast, office_supervisor, colleague):
        walk(repair, "check:no", cast)
        asked = open_item(repair, "redo")
        for act in (
            lambda: reassigns(asked, office_supervisor, colleague),
            lambda: urges(asked, office_supervisor),
        ):
            with pytest.raises(work.NothingToClaim):
                act()

    def test_is_not_there(self, step, chief, colleague):
        with pytest.raises(work.NoSuchWork):
            supervising.reassign(10**9, by=chief, to=colleague.user, reason=WHY, at=DAY)


class TestADemand:
    def test_asks_the_unit_of_the_step_for_an_answer_in_two_working_days(
        self, repair, step, chief, bureau
    ):
        urging = urges(step, chief)

        assert (urging.unit, urging.kind, urging.rung) == (bureau, "urge", None)
        assert (urging.asked_by, urging.question) == (chief, ASK)
        assert urging.deadline.item == step
        # Wednesday 30 September; National Day is 1 to 7 October.
        assert urging.answer_due_on == dt.date(2026, 10, 9)

    def test_is_logged_and_told_to_who_has_the_step(self, repair, step, chief, handler, acceptor):
        urging = urges(step, chief)
        (entry,) = logged(repair, "urged")

        assert (entry.by, entry.basis) == (f"user:{chief.pk}", "本办内部规定")
        assert entry.detail == {
            "urging": urging.pk,
            "item": step.pk,
            "step": "verify",
            "question": ASK,
            "answer_due": "2026-10-09",
        }
        told = handler.user.messages_received.get(about=repair.reference)
        assert ASK in told.body
        assert not acceptor.user.messages_received.filter(about=repair.reference).exists()
        assert_rebuilt(repair.reference)

    def test_is_told_to_everybody_of_the_queue_if_nobody_has_it(
        self, repair, cast, chief, colleague
    ):
        walk(repair, "check:yes examine:accept", cast)
        urges(open_item(repair, "verify"), chief)

        told = Message.objects.filter(body__contains=ASK).values_list("to", flat=True)
        assert set(told) == {cast["handler"].user.pk, colleague.user.pk}

    def test_for_an_explanation_is_another_and_says_so(self, repair, step, chief):
        urges(step, chief)
        asked = supervising.ask_to_explain(step.pk, by=chief, question=ASK, at=DAY)

        assert asked.kind == "explain"
        (entry,) = logged(repair, "explanation_asked")
        assert entry.detail["urging"] == asked.pk

    def test_is_made_once_before_it_is_answered(self, step, chief, office_supervisor, handler):
        first = urges(step, chief)
        with pytest.raises(supervising.AskedAlready) as refused:
            urges(step, office_supervisor, at=DAY + HOUR)

        assert refused.value.status == 409
        assert refused.value.fields["who"] == str(chief)
        assert str(chief) in str(refused.value)
        escalation.answer(first.pk, by=handler.user, answer="今日办结。", at=DAY + HOUR)
        assert urges(step, office_supervisor, at=DAY + 2 * HOUR).pk != first.pk

    def test_may_be_made_beside_that_of_the_ladder(self, repair, cast, step, chief):
        urges(step, chief)
        late, demanded = at("10-19", 9), Urging.objects.filter(deadline__item=step)
        escalation.sweep(at=late)
        assert set(demanded.values_list("rung", flat=True)) == {None, 2}
        assert set(oversight.demands_in(repair)) > set(demanded)  # the whole case is late too

        by_hand = demanded.get(rung=None)
        escalation.answer(by_hand.pk, by=known_anew(cast["handler"]).user, **SAID)
        urges(step, chief, at=late)
        assert demanded.filter(answered_at=None).count() == 2

    def test_is_answered_as_any_other_and_the_answer_told_to_who_asked(
        self, repair, step, chief, handler
    ):
        urging = urges(step, chief)
        escalation.answer(urging.pk, by=handler.user, answer="等待协查函。", at=DAY + HOUR)

        assert "等待协查函。" in chief.messages_received.get(about=repair.reference).body
        assert [u.answer for u in oversight.demands_in(repair)] == ["等待协查函。"]

    def test_says_what_is_wanted(self, step, chief):
        with pytest.raises(supervising.NothingAsked):
            urges(step, chief, question="\n")

    def test_stays_within_the_budget_of_an_act(self, step, chief):
        chief = fresh(chief)
        with Counted() as counted:
            supervising.urge(step.pk, by=chief, question=ASK, at=DAY)

        assert counted.number <= AN_ACT


class TestTheListOfDemands:
    @pytest.fixture
    def asked(self, step, chief):
        open_ = urges(step, chief)
        answered = supervising.ask_to_explain(step.pk, by=chief, question=ASK, at=DAY)
        return open_, answered

    def test_tells_open_late_and_answered_ones_apart(self, asked, chief, handler):
        open_, answered = asked
        late = at("10-12", 9)
        escalation.answer(answered.pk, by=handler.user, answer="已办。", at=late)

        def found(on=late, **wanted):
            return [u.pk for u in oversight.demands_for(chief, Asked(**wanted), on=on.date())]

        assert found() == [open_.pk, answered.pk]
        assert found(state="open") == [open_.pk]
        assert found(state="answered") == [answered.pk]
        assert found(state="late") == [open_.pk, answered.pk]
        assert found(kind="explain") == [answered.pk]
        assert found(kind="ladder") == []
        assert found(unit="CG", state="open") == [open_.pk]
        assert found(unit="XY") == []
        assert oversight.count_demands(chief, Asked(), on=late.date()) == {
            "": 2,
            "open": 1,
            "late": 2,
            "answered": 1,
        }

    def test_is_each_supervisors_own(self, asked, office_supervisor):
        _tax, (other,) = a_unit("SW", Duty.SUPERVISOR)

        assert len(oversight.demands_for(office_supervisor, Asked(), on=DAY.date())) == 2
        assert oversight.demands_for(other.user, Asked(), on=DAY.date()) == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptying_the_log")
class TestAtTheSameMoment:
    ROUNDS = 5

    def verifying(self, applicant, penalty, cast, number, story):
        case = open_a_repair(applicant, another_penalty(penalty, number))
        walk(case, f"check:yes examine:accept {story}", cast)
        return case, open_item(case, "verify")

    def test_a_claim_and_a_reassignment_leave_one_owner(
        self, applicant, penalty, cast, chief, colleague
    ):
        for number in range(self.ROUNDS):
            case, step = self.verifying(applicant, penalty, cast, 500 + number, "")
            results = together(
                lambda step=step: work.claim(step.pk, by=cast["handler"].user, at=DAY),
                lambda step=step: reassigns(step, chief, colleague),
            )
            done, refused = split(results)

            assert len(done) + len(refused) == 2
            assert all(isinstance(no, work.TakenByAnother) for no in refused)
            assert again(step).owner == again(step).task.owner == colleague.user
            assert_rebuilt(case.reference)

    def test_what_is_completed_first_is_not_handed_over(
        self, applicant, penalty, cast, chief, colleague
    ):
        answers = ANSWERS["verify:good"]
        for number in range(self.ROUNDS):
            case, step = self.verifying(applicant, penalty, cast, 600 + number, "CLAIM:verify")
            results = together(
                lambda step=step: work.complete(
                    step.pk, by=cast["handler"].user, answers=answers, at=DAY
                ),
                lambda step=step: reassigns(step, chief, colleague),
            )
            (_done,), (refused,) = split(results)

            assert isinstance(refused, work.TakenByAnother)
            kept = again(step)
            assert (kept.state, kept.owner) in {
                ("done", cast["handler"].user),
                ("claimed", colleague.user),
            }
            assert_rebuilt(case.reference)

    def test_two_supervisors_urge_once(self, applicant, penalty, cast, chief, office_supervisor):
        case, step = self.verifying(applicant, penalty, cast, 700, "")
        (_done,), (refused,) = split(
            together(lambda: urges(step, chief), lambda: urges(step, office_supervisor))
        )

        assert isinstance(refused, supervising.AskedAlready)
        assert Urging.objects.get(rung=None).deadline.item == step
        assert_rebuilt(case.reference)
