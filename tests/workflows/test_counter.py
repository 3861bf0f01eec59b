"""At the counter: the case is the party's, the hands are the clerk's, and the log says both."""

import datetime as dt

import pytest
from django.utils.translation import override

from accounts.models import Duty, Membership, Representation
from cases.repair.states import Repair, State
from forms.models import Attachment
from notifications.models import Letter
from tests.actors import open_item
from tests.cases.interview_walks import GROUNDS
from tests.conftest import SINCE, _caseworker, letters_to
from tests.workflows.visits import CAME, AtTheCounter
from tests.workflows.walks import APPLIED, at, open_a_repair, walk
from workflows import audit, counter, hands, intake, reception, sight, topics, tracking, work
from workflows.hands import WhoIsRecused
from workflows.models import Case, Channel, Deadline, Entry, Sealed, WorkItem
from workflows.reception import NotAtTheCounter, SayWhy
from workflows.work import SecondPersonNeeded


@pytest.fixture
def desk(clerk):
    return AtTheCounter(clerk.user)


@pytest.fixture
def entered(desk, penalty):
    return desk.enters(penalty, at=APPLIED)


def received(case):
    return Entry.objects.get(stream=case.reference, kind="received")


def acted_for(user, company):
    Representation.objects.create(user=user, credit_code=company.credit_code, since=SINCE)


def gains(user, unit, duty):
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    user.__dict__.pop("_standing", None)


class TestAnApplicationAtTheCounter:
    def test_is_the_case_it_would_be_online(self, desk, applicant, penalty):
        online = open_a_repair(applicant, penalty)
        seen = _shape(online)
        intake.withdraw(online.reference, by=applicant.user, at=APPLIED)
        entered = desk.enters(penalty, at=APPLIED)

        assert _shape(entered) == seen
        assert (online.came_in, entered.came_in) == (Channel.ONLINE, Channel.COUNTER)
        assert entered.reference == "XF-2026-000002"
        assert entered.opened_by == desk.user

    def test_says_that_it_came_in_at_the_counter_and_seals_who_came(self, entered, desk):
        entry = received(entered)
        sealed = dict(Sealed.objects.filter(entry=entry).values_list("name", "value"))

        assert entry.by == f"user:{desk.user.pk}"
        assert entry.detail["came_in"] == "counter"
        assert CAME["visitor_name"] not in str(entry.detail)
        assert CAME.items() <= sealed.items()
        assert sealed["agent_name"] == "韦示例"
        assert list(audit.verify(Entry.objects.filter(stream=entered.reference))) == []
        with override("en"):
            assert tracking.called(entered, entry) == "Application received, at the counter"

    def test_is_followed_online_at_once_by_who_represents_the_organisation(
        self, applicant, desk, penalty
    ):
        case = desk.enters(penalty, at=APPLIED)
        own = topics.own_case(applicant.user, case.reference, on=APPLIED.date())

        assert own.pk == case.pk
        assert letters_to(applicant.user) == ["receipt"]
        files = sight.attachments_of(own, told_party=True)
        assert {file.name for file in files} == {"缴款凭证.pdf", "授权委托书.pdf"}
        assert not sight.is_party(desk.user, case, on=APPLIED.date())

    def test_hides_from_the_party_what_the_same_clerk_gathers_otherwise(self, entered, desk):
        note = desk.hands_in("内部.pdf", at=APPLIED)
        Attachment.objects.filter(pk=note.pk).update(about=entered.reference)

        names = {f.name for f in sight.attachments_of(entered, told_party=True)}
        assert names == {"缴款凭证.pdf", "授权委托书.pdf"}

    def test_is_not_served_in_an_account_that_nobody_has(self, desk, penalty):
        case = desk.enters(penalty, at=APPLIED, served_electronically="on")

        assert not Repair.objects.get(pk=case.pk).served_electronically
        assert Letter.objects.get(about=case.reference).name == "receipt"

    def test_keeps_the_consent_where_somebody_has_the_account(self, desk, applicant, penalty):
        case = desk.enters(penalty, at=APPLIED, served_electronically="on")

        assert Repair.objects.get(pk=case.pk).served_electronically

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"visitor_name": ""}, "visitor_name"),
            ({"visitor_last_four": "370115199001010000"}, "visitor_last_four"),
            ({"visitor_paper": "library card"}, "visitor_paper"),
            ({"visitor_authority": ""}, "visitor_authority"),
            ({"visitor_papers": []}, "visitor_papers"),  # the text is signed by hand
            ({"visitor_capacity": "representative", "visitor_papers": []}, "visitor_papers"),
        ],
    )
    def test_is_refused_whole_where_it_is_not_said_who_came(self, desk, penalty, changed, field):
        came = desk.visitor(at=APPLIED, **changed)
        with pytest.raises(work.AnswersRefused) as refused:
            desk.enters(penalty, at=APPLIED, visitor=came)

        assert list(refused.value.fields) == [field]
        assert not Case.objects.exists()

    def test_is_refused_for_the_same_reasons_as_online(self, desk, penalty):
        with pytest.raises(intake.NotPossible):
            desk.enters(penalty, at=at("09-25"))
        with pytest.raises(work.AnswersRefused):
            desk.enters(penalty, at=APPLIED, correction="")
        with pytest.raises(work.AnswersRefused):
            desk.enters(penalty, at=APPLIED, commitment="0" * 64)
        first = desk.enters(penalty, at=APPLIED)
        with pytest.raises(intake.AlreadyOpen, match=first.reference):
            desk.enters(penalty, at=APPLIED)

    def test_is_entered_by_nobody_but_a_clerk_of_the_credit_office(
        self, acceptor, office_handler, applicant, penalty, bureau
    ):
        elsewhere = _caseworker(bureau, Duty.COUNTER, "elsewhere")
        for person in (acceptor, office_handler, elsewhere, applicant):
            with pytest.raises(NotAtTheCounter):
                AtTheCounter(person.user).enters(penalty, at=APPLIED)

    def test_is_refused_where_the_clerk_represents_the_organisation(self, desk, company, penalty):
        acted_for(desk.user, company)

        with pytest.raises(WhoIsRecused):
            desk.enters(penalty, at=APPLIED)

    def test_about_what_is_not_there_is_refused(self, desk, penalty):
        for kind, about in (("repair", {"record_id": 0}), ("commitment", {"credit_code": "none"})):
            with pytest.raises((topics.NoSuchRecord, topics.NoSuchSubject)):
                counter.submit_at_counter(
                    kind, by=desk.user, visitor={}, answers={}, at=APPLIED, **about
                )
        with pytest.raises(intake.NoSuchDoor):
            counter.submit_at_counter("interview", by=desk.user, visitor={}, answers={}, at=APPLIED)


class TestWhoEnteredIt:
    def test_may_not_decide_in_the_case(self, entered, staff, bureau):
        cast = {name: worker for name, worker in staff.items() if name != "clerk"}
        colleague = _caseworker(entered.unit_as["office"], Duty.COUNTER, "colleague")
        walk(entered, "check:yes examine:accept verify:good", {**cast, "clerk": colleague})
        gains(staff["clerk"].user, bureau, Duty.APPROVER)

        item = open_item(entered, "decide")
        assert work.why_not(item, staff["clerk"].user, on=APPLIED.date())
        with pytest.raises(SecondPersonNeeded):
            work.claim(item.pk, by=staff["clerk"].user, at=at("09-28", 20))
        work.claim(item.pk, by=staff["approver"].user, at=at("09-28", 20))

    def test_may_do_the_other_steps_of_the_counter(self, entered, staff):
        staff["clerk"].does("check", entered, at=at("09-28", 9), form_complete="True")

        assert Repair.objects.get().state == State.PUSHED


class TestWhatIsAskedOfTheParty:
    def test_is_handed_in_at_the_counter(self, entered, desk, staff):
        walk(entered, "check:no", staff)
        item = open_item(entered, "redo")
        proof = str(desk.hands_in("补正.pdf", at=at("09-28", 10)).pk)
        desk.takes_in(item, at=at("09-28", 10), supplement_note="已补齐。", proof=[proof])

        done = Entry.objects.filter(stream=entered.reference, kind="completed").last()
        assert done.detail["came_in"] == "counter"
        assert done.detail["step"] == "redo"
        assert int(proof) in done.detail["files"]
        assert "visitor_name" in done.sealed
        assert Repair.objects.get().state == State.RECEIVED
        assert open_item(entered, "check").queue == "XY/counter"

    def test_is_not_handed_in_twice(self, entered, desk, staff):
        walk(entered, "check:no", staff)
        item = open_item(entered, "redo")
        desk.takes_in(item, at=at("09-28", 10), supplement_note="已补齐。")

        with pytest.raises(work.TakenByAnother):
            desk.takes_in(item, at=at("09-28", 11), supplement_note="已补齐。")

    def test_is_nothing_that_an_office_has_to_do(self, entered, desk):
        with pytest.raises(work.NoSuchWork):
            desk.takes_in(open_item(entered, "check"), at=at("09-28", 10), form_complete="True")
        with pytest.raises(work.NoSuchWork):
            desk.takes_in(WorkItem(pk=0), at=at("09-28", 10))

    def test_is_not_taken_in_by_who_has_decided_in_the_case(self, entered, desk, staff, office):
        walk(entered, "check:yes examine:refuse review:agree", staff)
        decided = Repair.objects.get()
        past = hands.past_of(decided)
        gains(staff["reviewer"].user, office, Duty.COUNTER)

        act = audit.act(by=staff["reviewer"].user, at=at("09-28", 20))
        with pytest.raises(SecondPersonNeeded), act:
            reception.admit(staff["reviewer"].user, past)

    def test_says_where_and_not_by_whom_in_the_time_of_the_party(self, entered, desk, staff):
        walk(entered, "check:no", staff)
        desk.takes_in(open_item(entered, "redo"), at=at("10-09", 10), supplement_note="已补齐。")
        spent = tracking.dossier_of(entered, on=dt.date(2026, 10, 9)).time_spent(
            on=dt.date(2026, 10, 9)
        )
        # 29 and 30 September, 8 and 9 October: the festival does not count.
        assert (spent.party, spent.authority) == (4, 0)


class TestAWithdrawalAtTheCounter:
    def test_ends_the_case_and_keeps_the_letter(self, entered, desk, staff):
        walk(entered, "check:yes", staff)
        desk.takes_back(entered, at=at("09-28", 11))

        case = Repair.objects.get()
        taken = Entry.objects.get(stream=case.reference, kind="withdraw")
        assert case.state == State.WITHDRAWN
        assert case.closed_at is not None
        assert (taken.detail["came_in"], len(taken.detail["files"])) == ("counter", 1)
        assert "visitor_name" in taken.sealed

    def test_without_the_letter_is_refused(self, entered, desk):
        with pytest.raises(work.AnswersRefused) as refused:
            desk.takes_back(entered, at=at("09-28", 11), visitor_papers=[])

        assert list(refused.value.fields) == ["visitor_papers"]
        assert Repair.objects.get().closed_at is None

    def test_of_a_decided_case_is_refused(self, entered, desk, staff):
        walk(entered, "check:yes examine:accept verify:good decide:grant", staff)

        with pytest.raises(intake.TooLate):
            desk.takes_back(entered, at=at("09-28", 20))

    def test_by_another_duty_or_of_no_case_is_refused(self, entered, desk, acceptor):
        with pytest.raises(NotAtTheCounter):
            AtTheCounter(acceptor.user).takes_back(entered, at=at("09-28", 11))
        with pytest.raises(topics.NoSuchCase):
            desk.takes_back(Case(reference="XF-2026-999999"), at=at("09-28", 11))


class TestALookUp:
    def test_opens_an_organisation_to_one_clerk_for_one_day(
        self, desk, company, penalty, office, entered
    ):
        day, colleague = APPLIED.date(), _caseworker(office, Duty.COUNTER, "colleague").user
        assert reception.subject_for(desk.user, company.credit_code, on=day) is None
        assert not reception.records_of(desk.user, company, on=day).exists()
        reception.look_up(company.credit_code, by=desk.user, reason="apply", at=APPLIED)

        assert reception.subject_for(desk.user, company.credit_code, on=day) == company
        assert list(reception.records_of(desk.user, company, on=day)) == [penalty]
        assert [c.pk for c in reception.cases_of(desk.user, company, on=day)] == [entered.pk]
        assert reception.case_for(desk.user, entered.reference, on=day)
        assert reception.case_for(colleague, entered.reference, on=day) is None
        assert reception.case_for(desk.user, entered.reference, on=at("09-29").date()) is None

    def test_stands_in_the_log_with_its_reason(self, desk, company):
        reception.look_up(company.credit_code, by=desk.user, reason="ask", at=APPLIED)
        entry = Entry.objects.get(kind="looked_up")

        assert (entry.stream, entry.detail) == (f"counter/{company.credit_code}", {"reason": "ask"})
        assert entry.by == f"user:{desk.user.pk}"

    def test_without_a_reason_is_refused(self, desk, company):
        for reason in ("", "curiosity"):
            with pytest.raises(SayWhy):
                reception.look_up(company.credit_code, by=desk.user, reason=reason, at=APPLIED)

    def test_of_ones_own_organisation_or_by_another_duty_is_refused(self, desk, company, handler):
        with pytest.raises(NotAtTheCounter):
            reception.look_up(company.credit_code, by=handler.user, reason="ask", at=APPLIED)
        acted_for(desk.user, company)
        with pytest.raises(WhoIsRecused):
            reception.look_up(company.credit_code, by=desk.user, reason="ask", at=APPLIED)

    def test_is_bounded_by_a_code_or_two_characters(self, desk, company, handler):
        def names(search, by=desk.user):
            return [
                m.subject for m in reception.found(by, on=APPLIED.date(), search=search).matches
            ]

        assert names("") == names("黄") == []
        assert names("黄河") == names(company.credit_code.lower()) == [company]
        assert names("黄河", by=handler.user) == []


class TestHowACaseCameIn:
    def test_is_told_of_those_an_office_opens(self, penalty, staff):
        case = intake.open_for_office(
            "interview", by=staff["handler"].user, record_id=penalty.pk, answers=GROUNDS, at=APPLIED
        )
        assert case.came_in == Channel.OFFICE


def _shape(case):
    clocks = Deadline.objects.filter(case=case.pk).values_list("term__key", "due_on", "amber_on")
    log = Entry.objects.filter(stream=case.reference).exclude(kind="withdraw").order_by("seq")
    said = [(e.kind, sorted(set(e.detail) - {"came_in", "files"})) for e in log]
    items = [(i.step, i.queue, i.due_on) for i in case.items.all()]
    letters = Letter.objects.filter(about=case.reference).values_list("name", "title")
    return sorted(clocks), said, items, list(letters), case.state, case.governed_on
