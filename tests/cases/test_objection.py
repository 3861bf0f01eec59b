"""An objection, from the objector's first word to the day the mark is gone."""

import datetime as dt
import re
from pathlib import Path

import pytest

from accounts.models import Duty, Membership, Representation, Unit, User
from cases import objection as objection_folder
from cases.objection import rules
from cases.objection.apps import ObjectionType
from cases.objection.states import RESULTS, Disputed, Objection, State
from records.models import Place, Record, Showing, Subject
from records.schema import CORRIGIBLE
from tests.actors import Applicant, Caseworker
from tests.cases.objection_walks import (
    REASONED,
    REFUSAL,
    RIGHT,
    WRONG,
    at,
    claim,
    confirm,
    due,
    objects,
    objects_again,
    to_answer,
    to_copies,
    to_inquiry,
    to_mark,
    to_result,
    to_verification,
    verify,
)
from tests.conftest import SINCE, letters_to
from web import pages
from workflows import audit, escalation, intake, moving, proposals, related, returning, topics, work
from workflows.involved import AuthorityAbsent
from workflows.models import Case, Deadline, Entry, Service, Urging, WorkItem

RESTAURANT = "92370115MAXH5U9L0J"
DAY = dt.timedelta(days=1)


class Verifier(Caseworker):
    """A caseworker who hands in evidence."""

    hands_in = Applicant.hands_in


def worker(unit, duty, name, kind=Caseworker):
    user = User.objects.create_user(name, display_name=name)
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return kind(user)


@pytest.fixture
def market(law):
    return Unit.objects.create(
        code="SJ",
        name="济阳区市场监督管理局",
        name_en="Jiyang Market Regulation Bureau (demo)",
        credit_code="11370115MB00000SJ0",
    )


@pytest.fixture
def restaurant(law):
    return Subject.objects.create(credit_code=RESTAURANT, name="济阳示例餐饮店")


@pytest.fixture
def fine(restaurant, office, market):
    """The record of scenario S2-1: 20,000 yuan are shown, 2,000 were imposed."""
    return a_record(restaurant, market)


def a_record(restaurant, market, **changed):
    record = Record.objects.create(
        **{"kind": Record.Kind.PENALTY, **changed},
        document_number="济阳市监罚决字〔2026〕第0201号（示例）",
        subject=restaurant,
        authority_code=market.credit_code,
        authority_name=market.name,
        decided_on=dt.date(2026, 6, 15),
        categories=["罚款"],
        fine_fen=2_000_000,
    )
    Showing.objects.bulk_create([Showing(record=record, place=place) for place in Place.values])
    return record


@pytest.fixture
def owner(restaurant):
    user = User.objects.create_user("zhao", email="zhao@example.com", display_name="赵示例")
    Representation.objects.create(user=user, credit_code=RESTAURANT, since=SINCE)
    return Applicant(user)


@pytest.fixture
def cast(office, market, owner):
    return {
        "owner": owner,
        "screener": worker(office, Duty.ACCEPTOR, "screener"),
        "checker": worker(office, Duty.REVIEWER, "checker"),
        "comparer": worker(office, Duty.HANDLER, "comparer"),
        "decider": worker(office, Duty.APPROVER, "decider"),
        "registrar": worker(market, Duty.ACCEPTOR, "registrar"),
        "verifier": worker(market, Duty.HANDLER, "verifier", Verifier),
        "signer": worker(market, Duty.REVIEWER, "signer"),
        "director": worker(market, Duty.APPROVER, "director"),
    }


@pytest.fixture
def objection(owner, fine, cast):
    return objects(owner, fine)


def state_of(case):
    return Objection.objects.get(pk=case.pk).state


def shown(record):
    return Record.objects.get(pk=record.pk)


def is_over(case):
    again = Objection.objects.get(pk=case.pk)
    items = WorkItem.objects.filter(case=case, state__in=["open", "claimed"])
    clocks = Deadline.objects.filter(case=case, ended_at=None)
    return bool(again.closed_at) and not items.exists() and not clocks.exists()


class TestScenarioS21:
    def test_has_the_dates_of_the_casebook(self, objection, cast):
        assert due(objection, "objection.accept") == dt.date(2026, 10, 8)
        to_mark(objection, cast, on="09-30")
        assert due(objection, "objection.selfcheck") == dt.date(2026, 10, 9)
        cast["comparer"].does(
            "compare", objection, at=at("10-08", 9), finding="same", compared="与报文一致。"
        )
        assert due(objection, "objection.signin") == dt.date(2026, 10, 9)
        cast["registrar"].does("receive", objection, at=at("10-08"), signed_for="法规科 示例")
        assert due(objection, "objection.provider") == dt.date(2026, 10, 21)
        verify(objection, cast, on="10-16", **WRONG)
        cast["signer"].does("sign", objection, at=at("10-16", 16), reply_number="示例复函第1号")
        assert due(objection, "objection.result") == dt.date(2026, 10, 20)
        to_result(objection, cast, remedy="correct")
        assert due(objection, "objection.correct") == dt.date(2026, 10, 21)

    def test_ends_with_the_right_amount_everywhere_and_no_mark(self, objection, owner, cast, fine):
        to_answer(objection, cast, **WRONG)
        assert shown(fine).fine_fen == 2_000_000
        to_result(objection, cast, remedy="correct")
        assert shown(fine).fine_fen == 2_000_000
        to_copies(objection, cast)
        assert shown(fine).fine_fen == 200_000
        assert shown(fine).marked_by == objection.reference
        confirm(objection, cast)

        record = shown(fine)
        assert (record.marked_by, record.publication) == ("", Record.Publication.PUBLISHED)
        assert state_of(objection) == State.CLOSED
        assert is_over(objection)
        assert letters_to(owner.user) == [
            "receipt",
            "accepted",
            "marked",
            "inquiry",
            "upheld",
            "corrected",
            "closed",
        ]
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_promises_a_total_across_the_holidays(self, objection):
        assert due(objection, "objection.promise.total") == dt.date(2026, 10, 26)


class TestAcceptance:
    def test_marks_the_record_the_same_day_without_hiding_it(self, objection, cast, fine):
        to_mark(objection, cast)

        record = shown(fine)
        assert (record.marked_by, record.publication) == (objection.reference, "published")
        accepted, marked = Entry.objects.filter(
            stream=objection.reference, kind__in=["accept", "mark"]
        ).order_by("seq")
        assert accepted.at == marked.at

    def test_is_taken_for_granted_when_the_office_is_silent(self, objection, cast, fine):
        escalation.sweep(at=at("10-12", 23))
        assert state_of(objection) == State.RECEIVED
        escalation.sweep(at=at("10-13", 0))

        assert state_of(objection) == State.MARKED
        assert shown(fine).marked_by == objection.reference
        # What follows acceptance counts from the day of receipt: nobody gains by silence.
        assert due(objection, "objection.selfcheck") == dt.date(2026, 10, 8)

    def test_is_not_refused_by_one_person_alone(self, objection, owner, cast, fine):
        cast["screener"].does("screen", objection, at=at("09-30"), ground="identity", **REFUSAL)
        assert state_of(objection) == State.RECEIVED
        cast["checker"].does("review", objection, at=at("10-08"), review_opinion="同意。")

        assert state_of(objection) == State.NOT_ACCEPTED
        assert is_over(objection)
        assert shown(fine).marked_by == ""
        letter = owner.user.messages_received.latest("id").letter
        assert "行政复议" in letter.html
        assert "60" in letter.html

    def test_cannot_be_refused_and_confirmed_by_the_same_hand(self, objection, office, cast):
        both = cast["screener"]
        Membership.objects.create(user=both.user, unit=office, duty=Duty.REVIEWER, since=SINCE)
        both.does("screen", objection, at=at("09-30"), ground="identity", **REFUSAL)

        with pytest.raises(work.SecondPersonNeeded):
            both.does("review", objection, at=at("10-08"), review_opinion="同意。")

    def test_goes_back_to_the_screener_when_the_reviewer_returns_it(self, objection, cast):
        cast["screener"].does("screen", objection, at=at("09-30"), ground="identity", **REFUSAL)
        returned(objection, "review", cast["checker"], at("10-08"))
        to_mark(objection, cast, on="10-08")

        assert state_of(objection) == State.MARKED

    def test_needs_a_ground_and_its_reasons_to_be_refused(self, objection, cast):
        with pytest.raises(work.AnswersRefused) as refused:
            cast["screener"].does("screen", objection, at=at("09-30"), screening="refuse")

        assert set(refused.value.fields) == {"ground", "ground_reason"}

    def test_sends_who_attacks_the_decision_itself_to_review_and_court(
        self, objection, owner, cast
    ):
        cast["screener"].does("screen", objection, at=at("09-30"), ground="legality", **REFUSAL)
        cast["checker"].does("review", objection, at=at("10-08"), review_opinion="同意。")

        letter = owner.user.messages_received.latest("id").letter
        assert "对原行政行为本身的合法性不服的" in letter.html
        assert "提起行政诉讼" in letter.html
        assert "against that decision" in letter.html_en

    def test_cannot_call_decided_what_was_never_decided(self, objection, cast):
        with pytest.raises(work.AnswersRefused) as refused:
            cast["screener"].does("screen", objection, at=at("09-30"), ground="decided", **REFUSAL)

        assert set(refused.value.fields) == {"ground"}

    def test_asks_once_for_what_is_missing_while_the_clock_stands(self, objection, owner, cast):
        cast["screener"].does(
            "screen", objection, at=at("09-30"), screening="supplement", missing="授权委托书"
        )
        assert state_of(objection) == State.SUPPLEMENT
        assert due(objection, "objection.supplement") == dt.date(2026, 10, 20)
        owner.does("supplement", objection, at=at("10-09"), supplement_note="已补交。")

        # One working day had passed when the party was asked; one is left after 9 October.
        assert due(objection, "objection.accept") == dt.date(2026, 10, 10)
        with pytest.raises(work.AnswersRefused) as refused:
            cast["screener"].does(
                "screen", objection, at=at("10-10"), screening="supplement", missing="还要别的"
            )
        assert "screening" in refused.value.fields

    def test_lapses_when_the_party_says_nothing(self, objection, owner, cast):
        cast["screener"].does(
            "screen", objection, at=at("09-30"), screening="supplement", missing="授权委托书"
        )
        escalation.sweep(at=at("10-20", 23))
        assert state_of(objection) == State.SUPPLEMENT
        escalation.sweep(at=at("10-21", 0))

        assert state_of(objection) == State.LAPSED
        assert is_over(objection)
        assert letters_to(owner.user)[-1] == "lapsed"


class TestTheApplication:
    def refused(self, owner, fine, **changed):
        with pytest.raises(work.AnswersRefused) as refused:
            objects(owner, fine, **changed)
        return set(refused.value.fields)

    def test_needs_evidence_and_the_statement_that_it_is_true(self, owner, fine):
        assert self.refused(owner, fine, evidence=[], truthful="") == {"evidence", "truthful"}

    def test_needs_what_would_be_right_when_a_correction_is_asked_for(self, owner, fine):
        assert self.refused(owner, fine, claimed_value="") == {"claimed_value"}

    @pytest.mark.parametrize("said", ["两千", "-1", "0.001", "NaN"])
    def test_needs_an_amount_where_an_amount_is_disputed(self, owner, fine, said):
        assert self.refused(owner, fine, claimed_value=said) == {"claimed_value"}

    def test_needs_the_authority_of_an_agent(self, owner, fine):
        assert self.refused(owner, fine, capacity="agent") == {"authority"}

    def test_needs_the_number_of_a_pending_review(self, owner, fine):
        assert self.refused(owner, fine, under_review="on") == {"review_number"}

    def test_keeps_what_was_shown_on_the_day(self, objection):
        assert Objection.objects.get().current_value == "20000.00"

    @pytest.mark.parametrize(
        ("said", "shown"), [("2000", "2,000元"), ("2,000.50元", "2,000.50元"), ("不详", "不详")]
    )
    def test_shows_amounts_as_the_record_beside_them_does(self, objection, fine, said, shown):
        Objection.objects.update(claimed_value=said)
        names = ["current_value", "claimed_value"]
        told = [fact["value"] for fact in pages.facts(Objection.objects.get(), names)]

        assert told == [pages.record(fine)["fine"], shown]
        assert told[0] == "20,000元"

    def test_leaves_what_is_no_amount_as_it_was_written(self, objection):
        Objection.objects.update(disputed="conduct", claimed_value="2000")
        (told,) = pages.facts(Objection.objects.get(), ["claimed_value"])

        assert told["value"] == "2000"

    def test_leaves_the_agent_out_of_the_open_log(self, objection):
        received = Entry.objects.get(stream=objection.reference, kind="received")

        assert "韦示例" not in str(received.detail)

    def test_cannot_be_filed_by_somebody_who_left_the_organisation(self, owner, fine, cast):
        owner.user.representations.update(until=dt.date(2026, 9, 28))

        with pytest.raises(topics.NoSuchRecord):
            objects(owner, fine)

    def test_cannot_be_filed_twice_about_one_record(self, objection, owner, fine):
        with pytest.raises(intake.AlreadyOpen, match=objection.reference):
            objects(owner, fine)

    @pytest.mark.parametrize("publication", Record.Publication.values)
    def test_may_concern_a_record_whatever_has_become_of_it(
        self, owner, restaurant, market, cast, publication
    ):
        record = a_record(restaurant, market, publication=publication)
        objection = objects(owner, record)
        to_mark(objection, cast)

        assert shown(record).publication == publication
        assert shown(record).marked_by == objection.reference

    @pytest.mark.parametrize("kind", Record.Kind.values)
    def test_may_concern_a_record_of_any_kind(self, owner, restaurant, market, cast, kind):
        record = a_record(restaurant, market, kind=kind)
        objection = objects(owner, record)
        to_mark(objection, cast)

        assert state_of(objection) == State.MARKED

    def test_may_concern_a_repaired_record(self, owner, restaurant, market, cast):
        repaired = {"publication": "stopped", "repaired_on": dt.date(2026, 9, 1)}
        record = a_record(restaurant, market, **repaired)
        objection = objects(owner, record, flaw="repair", disputed="showing", wanted="stop")
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast)

        assert state_of(objection) == State.CLOSED
        assert shown(record).standing == "repaired"

    def test_cannot_be_opened_when_the_provider_is_not_there(self, owner, fine, market, cast):
        Record.objects.filter(pk=fine.pk).update(authority_code="11370115MB00000ZZ0")

        with pytest.raises(AuthorityAbsent):
            objects(owner, fine)


class TestAnOwnMistake:
    def compares(self, objection, cast, **found):
        to_mark(objection, cast)
        told = {"finding": "ours", "compared": "报文为2000元，入库时误录。", **found}
        cast["comparer"].does("compare", objection, at=at("10-08", 9), **told)

    def test_is_corrected_by_two_persons_without_asking_the_provider(
        self, objection, owner, cast, fine
    ):
        self.compares(objection, cast, corrected_value="2000")
        assert shown(fine).fine_fen == 2_000_000
        cast["decider"].does("approve_own", objection, at=at("10-08", 10), approval="同意。")
        assert shown(fine).fine_fen == 200_000
        confirm(objection, cast, on="10-09")

        assert state_of(objection) == State.CLOSED
        assert is_over(objection)
        assert letters_to(owner.user)[-3:] == ["self_corrected", "corrected", "closed"]

    def test_cannot_be_corrected_by_the_handler_of_the_platform_alone(
        self, objection, office, cast, fine
    ):
        both = cast["comparer"]
        Membership.objects.create(user=both.user, unit=office, duty=Duty.APPROVER, since=SINCE)
        self.compares(objection, cast, corrected_value="2000")

        with pytest.raises(work.SecondPersonNeeded):
            both.does("approve_own", objection, at=at("10-08", 10), approval="同意。")
        assert shown(fine).fine_fen == 2_000_000

    def test_whose_cure_costs_the_party_goes_by_the_provider(self, objection, cast):
        self.compares(objection, cast, corrected_value="30000")

        assert state_of(objection) == State.INQUIRED

    def test_needs_the_right_value(self, objection, cast):
        with pytest.raises(work.AnswersRefused) as refused:
            self.compares(objection, cast)

        assert set(refused.value.fields) == {"corrected_value"}

    def test_of_another_site_is_put_right_there_and_the_record_stays(self, objection, cast, fine):
        self.compares(
            objection, cast, finding="site", compared="平台与来源一致，第三方网站未更新。"
        )
        cast["decider"].does("approve_own", objection, at=at("10-08", 10), approval="同意。")
        site = {"checked_site": "on", "evidence_site": "已更新。"}
        confirm(objection, cast, on="10-09", **site)

        assert state_of(objection) == State.CLOSED
        assert shown(fine).fine_fen == 2_000_000
        assert Objection.objects.get().copies["site"] == "已更新。"


class TestTheProvider:
    def refused(self, objection, cast, **reply):
        with pytest.raises(work.AnswersRefused) as refused:
            verify(objection, cast, **reply)
        return set(refused.value.fields)

    @pytest.mark.parametrize("said", ["属实", "情况属实。", "经核查，该信息属实，内容无误！"])
    def test_may_not_say_no_more_than_that_it_is_true(self, objection, cast, said):
        to_verification(objection, cast)

        told = self.refused(objection, cast, conclusion="right", verification=said)
        assert told == {"verification"}

    def test_needs_evidence_also_for_right(self, objection, cast):
        to_verification(objection, cast)

        assert self.refused(objection, cast, **RIGHT, proof=[]) == {"proof"}

    def test_needs_no_evidence_for_what_cannot_be_verified(self, objection, cast):
        to_verification(objection, cast)
        verify(objection, cast, conclusion="cannot_verify", verification=REASONED, proof=[])

        assert Objection.objects.get().conclusion == "cannot_verify"

    def test_says_what_has_to_be_done_about_what_is_wrong(self, objection, cast):
        to_verification(objection, cast)

        assert self.refused(objection, cast, **{**WRONG, "remedy": ""}) == {"remedy"}
        told = self.refused(objection, cast, **{**WRONG, "corrected_value": ""})
        assert told == {"corrected_value"}

    def test_does_not_answer_by_one_hand(self, objection, market, cast):
        both = cast["verifier"]
        Membership.objects.create(user=both.user, unit=market, duty=Duty.REVIEWER, since=SINCE)
        to_verification(objection, cast)
        verify(objection, cast, **WRONG)

        with pytest.raises(work.SecondPersonNeeded):
            both.does("sign", objection, at=at("10-16", 16), reply_number="示例")

    def test_verifies_again_when_its_signer_returns_the_reply(self, objection, cast):
        to_verification(objection, cast)
        verify(objection, cast, on="10-15", **RIGHT)
        returned(objection, "sign", cast["signer"], at("10-15", 16))
        verify(objection, cast, on="10-16", **WRONG)

        assert due(objection, "objection.provider") == dt.date(2026, 10, 21)
        assert Objection.objects.get().conclusion == "wrong"

    def test_past_due_has_the_record_withheld_until_it_answers(self, objection, cast, fine):
        to_verification(objection, cast)
        assert due(objection, "objection.withhold") == dt.date(2026, 10, 26)
        escalation.sweep(at=at("10-26", 23))
        assert shown(fine).publication == Record.Publication.PUBLISHED
        escalation.sweep(at=at("10-27", 0))
        assert shown(fine).publication == Record.Publication.WITHHELD
        assert state_of(objection) == State.OVERDUE

        verify(objection, cast, on="10-27", **RIGHT)
        cast["signer"].does("sign", objection, at=at("10-27", 16), reply_number="示例复函第1号")
        assert shown(fine).publication == Record.Publication.WITHHELD
        to_result(objection, cast, on="10-28")
        assert shown(fine).publication == Record.Publication.PUBLISHED
        assert state_of(objection) == State.CLOSED

    def test_past_due_is_asked_by_a_supervisor_first(self, objection, cast, market):
        watching = worker(market, Duty.SUPERVISOR, "watching").user
        to_verification(objection, cast)
        escalation.sweep(at=at("10-22", 9))

        assert Urging.objects.filter(deadline__term__key="objection.provider").exists()
        assert watching.messages_received.exists()

    def test_may_have_its_time_extended_once_before_its_end(self, objection, cast):
        to_verification(objection, cast)
        asked = {"reason": "需向原办案单位调卷。", "key": "objection.provider", "length": 5}
        proposal = proposals.propose(
            "extend", objection.reference, by=cast["verifier"].user, at=at("10-20"), **asked
        )
        proposals.decide(proposal.pk, by=cast["director"].user, grant=True, at=at("10-20", 16))

        assert due(objection, "objection.provider") == dt.date(2026, 10, 28)
        assert due(objection, "objection.withhold") == dt.date(2026, 11, 2)
        with pytest.raises(proposals.NotAllowed):
            proposals.propose(
                "extend", objection.reference, by=cast["verifier"].user, at=at("10-21"), **asked
            )


class TestTheResult:
    def test_right_maintains_the_record_with_reasons_and_remedies(
        self, objection, owner, cast, fine
    ):
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast, outcome_reason="决定书存根载明20000元。")

        assert state_of(objection) == State.CLOSED
        assert is_over(objection)
        assert letters_to(owner.user)[-2:] == ["maintained", "closed"]
        assert (shown(fine).fine_fen, shown(fine).marked_by) == (2_000_000, "")
        letter = owner.user.messages_received.get(letter__name="maintained").letter
        for said in ("决定书存根载明20000元", "行政复议", "60日", "6个月", "逐项核对"):
            assert said in letter.html

    def test_is_not_decided_by_who_drafted_it(self, objection, office, cast):
        both = cast["comparer"]
        Membership.objects.create(user=both.user, unit=office, duty=Duty.APPROVER, since=SINCE)
        to_answer(objection, cast, **RIGHT)
        both.does("draft", objection, at=at("10-19"), outcome_reason="维持。")

        with pytest.raises(work.SecondPersonNeeded):
            both.does("approve", objection, at=at("10-19", 16), approval="同意。")

    def test_goes_back_to_the_drafter_and_keeps_its_date(self, objection, cast):
        to_answer(objection, cast, **RIGHT)
        cast["comparer"].does("draft", objection, at=at("10-19", 9), outcome_reason="维持。")
        returned(objection, "approve", cast["decider"], at("10-19", 10))

        item = WorkItem.objects.get(case_id=objection.pk, state__in=["open", "claimed"])
        assert (item.step, item.due_on) == ("draft", dt.date(2026, 10, 20))

    def test_unverifiable_withholds_the_record(self, objection, owner, cast, fine):
        to_answer(objection, cast, conclusion="cannot_verify", verification=REASONED)
        to_result(objection, cast)

        assert state_of(objection) == State.CLOSED
        assert shown(fine).publication == Record.Publication.WITHHELD
        assert shown(fine).marked_by == ""
        assert letters_to(owner.user)[-2:] == ["withheld", "closed"]

    def test_out_of_term_stops_publication_at_once_and_everywhere(
        self, objection, owner, cast, fine
    ):
        to_answer(objection, cast, conclusion="out_of_term", verification=REASONED)
        to_result(objection, cast)
        assert shown(fine).publication == Record.Publication.STOPPED
        assert state_of(objection) == State.SPREADING
        confirm(objection, cast)

        assert state_of(objection) == State.CLOSED
        assert not fine.showings.filter(stopped_on=None).exists()
        assert letters_to(owner.user)[-3:] == ["stopped", "corrected", "closed"]

    def test_partly_wrong_tells_the_remedies_for_the_rest(self, objection, owner, cast, fine):
        reply = {**WRONG, "conclusion": "partly_wrong", "corrected_value": "5000"}
        to_answer(objection, cast, **reply)
        to_result(objection, cast, remedy="correct")
        to_copies(objection, cast)
        confirm(objection, cast)

        assert state_of(objection) == State.CLOSED
        assert shown(fine).fine_fen == 500_000
        letter = owner.user.messages_received.get(letter__name="upheld_in_part").letter
        assert "20000.00" in letter.html
        assert "5000" in letter.html
        assert "行政复议" in letter.html

    @pytest.mark.parametrize(("remedy", "standing"), [("remove", "removed"), ("stop", "stopped")])
    def test_wrong_can_end_the_record_instead_of_correcting_it(
        self, owner, fine, cast, remedy, standing
    ):
        objection = objects(owner, fine, flaw="subject", disputed="subject", wanted="remove")
        reply = {"conclusion": "wrong", "verification": REASONED, "remedy": remedy}
        to_answer(objection, cast, **reply)
        to_result(objection, cast, remedy=remedy)
        to_copies(objection, cast)
        confirm(objection, cast)

        assert state_of(objection) == State.CLOSED
        assert shown(fine).standing == standing
        assert not fine.showings.filter(stopped_on=None).exists()

    def test_is_never_a_value_the_provider_did_not_give(self, owner, fine, cast):
        objection = objects(owner, fine)
        reply = {"conclusion": "wrong", "verification": REASONED, "remedy": "remove"}
        to_answer(objection, cast, **reply)

        with pytest.raises(work.AnswersRefused) as refused:
            to_result(objection, cast, remedy="correct")
        assert set(refused.value.fields) == {"remedy"}

    def test_is_not_final_while_a_copy_is_wrong(self, objection, cast):
        to_answer(objection, cast, **WRONG)
        to_result(objection, cast, remedy="correct")
        to_copies(objection, cast)

        with pytest.raises(work.AnswersRefused) as refused:
            confirm(objection, cast, checked_province="", users_told="")
        assert set(refused.value.fields) == {"checked_province", "users_told"}

    def test_corrects_the_source_before_the_platform(self, objection, cast, fine):
        to_answer(objection, cast, **WRONG)
        to_result(objection, cast, remedy="correct")

        assert state_of(objection) == State.CORRECTING
        assert shown(fine).fine_fen == 2_000_000
        item = WorkItem.objects.get(case_id=objection.pk, state="open")
        assert (item.step, item.unit.code) == ("correct", "SJ")

    def test_tells_who_used_the_record_and_what_was_lifted(self, objection, owner, cast):
        to_answer(objection, cast, **WRONG)
        to_result(objection, cast, remedy="correct")
        to_copies(objection, cast)
        confirm(objection, cast)

        letter = owner.user.messages_received.get(letter__name="corrected").letter
        for said in ("区财政局", "招标资格限制已解除", "信用中国", "20000.00", "2000.00"):
            assert said in letter.html


class TestACorrectionToThePartysCost:
    @pytest.fixture
    def worse(self, objection, cast):
        to_answer(objection, cast, **{**WRONG, "corrected_value": "30000"})
        return objection

    def test_is_not_made_before_the_party_is_heard(self, worse, owner, cast, fine):
        assert state_of(worse) == State.HEARING
        assert letters_to(owner.user)[-1] == "hearing"
        assert due(worse, "objection.statement") == dt.date(2026, 10, 23)
        owner.does("plead", worse, at=at("10-19"), statement="罚款已减免。")
        assert due(worse, "objection.result") == dt.date(2026, 10, 21)
        to_result(worse, cast, on="10-20", remedy="correct")
        to_copies(worse, cast, on="10-20")
        confirm(worse, cast, on="10-21")

        assert shown(fine).fine_fen == 3_000_000
        letter = owner.user.messages_received.get(letter__name="upheld_in_part").letter
        assert "罚款已减免" in letter.html
        assert "行政复议" in letter.html

    def test_goes_on_when_the_party_says_nothing(self, worse, cast):
        escalation.sweep(at=at("10-23", 23))
        assert state_of(worse) == State.HEARING
        escalation.sweep(at=at("10-24", 0))

        assert state_of(worse) == State.ANSWERED

    def test_may_still_be_avoided_by_withdrawing(self, worse, owner, fine):
        intake.withdraw(worse.reference, by=owner.user, at=at("10-19"))

        assert state_of(worse) == State.WITHDRAWN
        assert shown(fine).fine_fen == 2_000_000

    def test_is_also_one_when_the_provider_says_so(self, owner, fine, cast):
        objection = objects(owner, fine, disputed="conduct", claimed_value="示例行为")
        reply = {**WRONG, "corrected_value": "更重的示例行为", "makes_worse": "on"}
        to_answer(objection, cast, **reply)

        assert state_of(objection) == State.HEARING


class TestTheMark:
    def test_stays_until_the_result_is_served_on_paper(self, owner, fine, cast):
        objection = objects(owner, fine, served_electronically="")
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast)
        assert state_of(objection) == State.MAINTAINED
        assert shown(fine).marked_by == objection.reference
        assert due(objection, "objection.unmark") is None
        with pytest.raises(work.AnswersRefused) as refused:
            cast["decider"].does("settle", objection, at=at("10-19", 11), fate="remove")
        assert set(refused.value.fields) == {"fate"}

        serve_all(objection, cast["comparer"], at("10-22"))
        assert due(objection, "objection.unmark") == dt.date(2026, 10, 26)
        cast["decider"].does("settle", objection, at=at("10-23"), fate="remove")

        assert state_of(objection) == State.CLOSED
        assert is_over(objection)
        assert shown(fine).marked_by == ""

    @pytest.fixture
    def kept(self, owner, fine, cast):
        objection = objects(owner, fine, under_review="on", review_number="示例复议第1号")
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast)
        cast["decider"].does("settle", objection, at=at("10-20"), fate="keep")
        return objection

    def test_is_kept_while_a_review_is_pending_and_removed_after_it(self, kept, cast, fine):
        assert state_of(kept) == State.MARK_KEPT
        assert shown(fine).marked_by == kept.reference
        assert due(kept, "objection.review") == dt.date(2027, 4, 20)
        cast["comparer"].does(
            "follow", kept, at=at("11-20"), is_overturned="False", review_note="复议维持。"
        )

        assert state_of(kept) == State.CLOSED
        assert shown(fine).marked_by == ""

    def test_is_not_kept_for_nothing(self, owner, fine, cast):
        objection = objects(owner, fine, served_electronically="")
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast)
        serve_all(objection, cast["comparer"], at("10-19"))

        with pytest.raises(work.AnswersRefused) as refused:
            cast["decider"].does("settle", objection, at=at("10-20"), fate="keep")
        assert set(refused.value.fields) == {"review_number"}

    def test_leads_back_to_a_result_when_the_decision_is_changed(self, kept, owner, cast, fine):
        cast["comparer"].does(
            "follow",
            kept,
            at=at("11-20"),
            is_overturned="True",
            review_note="复议变更罚款为2000元。",
            remedy="correct",
            corrected_value="2000",
        )
        assert state_of(kept) == State.ANSWERED
        assert due(kept, "objection.result") == dt.date(2026, 11, 24)
        to_result(kept, cast, on="11-20", remedy="correct")
        to_copies(kept, cast, on="11-20")
        confirm(kept, cast, on="11-23")
        cast["decider"].does("settle", kept, at=at("11-23"), fate="remove")

        assert state_of(kept) == State.CLOSED
        assert shown(fine).fine_fen == 200_000

    def test_goes_with_an_objection_that_is_withdrawn(self, objection, owner, cast, fine):
        to_verification(objection, cast)
        intake.withdraw(objection.reference, by=owner.user, at=at("10-09"))

        assert state_of(objection) == State.WITHDRAWN
        assert is_over(objection)
        assert shown(fine).marked_by == ""

    def test_and_the_withholding_go_with_a_late_withdrawal(self, objection, owner, cast, fine):
        to_verification(objection, cast)
        escalation.sweep(at=at("10-27", 0))
        assert shown(fine).publication == Record.Publication.WITHHELD
        intake.withdraw(objection.reference, by=owner.user, at=at("10-27"))

        assert shown(fine).publication == Record.Publication.PUBLISHED

    def test_cannot_be_withdrawn_from_once_the_result_stands(self, objection, owner, cast):
        to_answer(objection, cast, **WRONG)
        to_result(objection, cast, remedy="correct")

        with pytest.raises(intake.TooLate):
            intake.withdraw(objection.reference, by=owner.user, at=at("10-19"))

    def test_of_many_objections_never_stops_publication(self, owner, fine, cast):
        for day in ("09-29", "09-30", "10-08"):
            objection = objects(owner, fine, on=at(day, 9))
            cast["screener"].does("screen", objection, at=at(day, 10), screening="accept")
            assert shown(fine).publication == Record.Publication.PUBLISHED
            intake.withdraw(objection.reference, by=owner.user, at=at(day, 11))

        assert shown(fine).marked_by == ""


class TestASecondObjection:
    @pytest.fixture
    def decided(self, objection, cast):
        to_answer(objection, cast, **RIGHT)
        to_result(objection, cast)
        return objection

    def test_follows_a_decided_one_with_new_evidence(self, decided, owner, cast, fine):
        again = objects_again(owner, decided, on=at("10-26"))

        assert again.is_again
        relation = again.comes_from.get()
        assert (relation.kind, relation.source.reference) == ("follows", decided.reference)
        cast["screener"].does("screen", again, at=at("10-26", 16), screening="accept")
        assert shown(fine).marked_by == again.reference

    def test_says_what_is_new(self, decided, owner):
        with pytest.raises(work.AnswersRefused) as refused:
            intake.submit(
                "objection",
                by=owner.user,
                door="again",
                source=decided.reference,
                answers=claim(owner, on=at("10-26")),
                at=at("10-26"),
            )
        assert set(refused.value.fields) == {"new_evidence"}

    def test_is_possible_once(self, decided, owner, cast):
        again = objects_again(owner, decided, on=at("10-26"))
        intake.withdraw(again.reference, by=owner.user, at=at("10-27"))

        with pytest.raises(intake.NotPossible):
            objects_again(owner, decided, on=at("10-28"))

    def test_does_not_follow_one_that_is_open_or_was_withdrawn(self, objection, owner):
        with pytest.raises(intake.NotPossible):
            objects_again(owner, objection, on=at("10-08"))
        intake.withdraw(objection.reference, by=owner.user, at=at("10-08"))
        with pytest.raises(intake.NotPossible):
            objects_again(owner, objection, on=at("10-09"))

    def test_of_the_same_facts_without_evidence_is_not_accepted(self, decided, owner, fine, cast):
        again = objects(owner, fine, on=at("10-26"))
        cast["screener"].does("screen", again, at=at("10-26", 16), ground="decided", **REFUSAL)
        cast["checker"].does("review", again, at=at("10-27"), review_opinion="同意。")

        assert state_of(again) == State.NOT_ACCEPTED


class TestARepairOfTheSameRecord:
    @pytest.fixture
    def repair(self, applicant, penalty, staff, cast):
        return applicant.applies(penalty, at=at("09-28", 9))

    def test_stands_still_from_the_mark_to_the_result(
        self, repair, applicant, penalty, cast, bureau
    ):
        told = {
            "registrar": worker(bureau, Duty.ACCEPTOR, "registrar2"),
            "verifier": worker(bureau, Duty.HANDLER, "verifier2", Verifier),
            "signer": worker(bureau, Duty.REVIEWER, "signer2"),
        }
        cast = {**cast, **told}
        objection = objects(applicant, penalty)
        assert not suspended(repair)
        to_mark(objection, cast)
        related.run(at=at("09-30"))
        assert suspended(repair)
        assert due(repair, "repair.ndrc.feedback") is None
        with pytest.raises(work.Suspended):
            worker(objection.unit_as["office"], Duty.COUNTER, "clerk2").does(
                "check", repair, at=at("10-08"), form_complete="True"
            )
        cast["comparer"].does(
            "compare", objection, at=at("10-08", 9), finding="same", compared="一致。"
        )
        cast["registrar"].does("receive", objection, at=at("10-08"), signed_for="法规科 示例")
        verify(objection, cast, **RIGHT)
        cast["signer"].does("sign", objection, at=at("10-16", 16), reply_number="示例复函第1号")
        to_result(objection, cast)
        related.run(at=at("10-19"))

        assert not suspended(repair)
        # Applied on 28 September; two working days had passed on 30 September.
        assert due(repair, "repair.ndrc.feedback") == dt.date(2026, 10, 29)

    def test_opened_while_the_record_is_disputed_waits_for_the_result(
        self, applicant, penalty, staff, cast, bureau
    ):
        objection = objects(applicant, penalty)
        to_mark(objection, cast)
        repair = applicant.applies(penalty, at=at("10-08", 9))
        related.run(at=at("10-08", 9))
        assert suspended(repair)
        intake.withdraw(objection.reference, by=applicant.user, at=at("10-08"))
        related.run(at=at("10-08"))

        assert not suspended(repair)


class TestTheSuspension:
    def test_names_states_that_exist_and_no_result(self):
        for states in ObjectionType.suspends.values():
            assert states <= set(State.values)
            assert not states & {str(state) for state in RESULTS}

    def test_ends_with_the_result_not_with_the_mark(self, objection, cast):
        to_answer(objection, cast, **RIGHT)
        assert moving.holds_up(Objection.objects.get(), "repair")
        to_result(objection, cast)

        assert not moving.holds_up(Objection.objects.get(), "repair")


LETTERS = Path(objection_folder.__file__).parent / "letters"


class TestTheLetters:
    @pytest.mark.parametrize("path", sorted(LETTERS.glob("*.html")), ids=lambda path: path.name)
    def test_know_no_number_of_days_themselves(self, path):
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"\d+\s*(个?工作日|日|天|个月|年|(working )?days?|months?)", text)
        assert "法定" not in text

    def test_say_that_an_objection_is_free_so_that_no_broker_is_paid(self, objection, owner):
        letter = owner.user.messages_received.get(letter__name="receipt").letter

        assert "不收取任何费用" in letter.html
        assert "free of charge" in letter.html_en

    def test_ask_the_provider_to_answer_in_the_time_the_office_gives(self, objection, owner, cast):
        to_inquiry(objection, cast)

        letter = owner.user.messages_received.get(letter__name="inquiry").letter
        assert "10个工作日" in letter.html
        assert "济阳区市场监督管理局" in letter.html

    def test_tell_what_the_clock_against_the_party_counts_from(self, objection, owner, cast):
        cast["screener"].does(
            "screen", objection, at=at("09-30"), screening="supplement", missing="授权委托书"
        )

        letter = owner.user.messages_received.latest("id").letter
        assert "授权委托书" in letter.html
        assert "送达" in letter.html


class TestValues:
    @pytest.mark.parametrize(
        ("said", "fen"), [("2000", 200_000), ("2,000.50元", 200_050), (" 0 ", 0), ("7元", 700)]
    )
    def test_of_money_are_fen(self, said, fen):
        assert rules.value_of(Disputed.FINE, said) == fen

    @pytest.mark.parametrize("said", ["", "两千", "-5", "1.001", "Infinity", "NaN"])
    def test_of_money_are_amounts(self, said):
        with pytest.raises(rules.NotAValue):
            rules.value_of(Disputed.FINE, said)

    @pytest.mark.parametrize("said", ["2026-02-30", "九月", ""])
    def test_of_days_are_days(self, said):
        with pytest.raises(rules.NotAValue):
            rules.value_of(Disputed.DECIDED_ON, said)

    def test_of_kinds_are_lists(self):
        assert rules.value_of(Disputed.CATEGORIES, "警告；罚款") == ["警告", "罚款"]

    @pytest.mark.parametrize("part", [part for part in Disputed if rules.is_fact(part)])
    def test_that_can_be_corrected_are_columns_of_the_record(self, part):
        assert part.value in CORRIGIBLE

    def test_that_are_shown_can_be_read_again(self):
        assert rules.value_of(Disputed.FINE, rules.shown_value(Disputed.FINE, 200_050)) == 200_050


def returned(case, step, by, when):
    item = WorkItem.objects.get(case_id=case.pk, step=step, state__in=["open", "claimed"])
    work.claim(item.pk, by=by.user, at=when)
    returning.send_back(item.pk, by=by.user, reason="请重新核对。", at=when)


def serve_all(case, by, when):
    for service in Service.objects.filter(case=case, effective_on=None).order_by("pk"):
        item = WorkItem.objects.get(
            case_id=case.pk, state="open", request__letter=service.letter_id
        )
        work.claim(item.pk, by=by.user, at=when)
        told = {"method": "direct", "served_on": f"{when:%F}", "proof": "回证已签收。"}
        told["overdue_reason"] = "示例：当事人外出。"
        work.complete(item.pk, by=by.user, answers=told, at=when)


def suspended(case):
    return bool(Case.objects.get(pk=case.pk).suspended_at)
