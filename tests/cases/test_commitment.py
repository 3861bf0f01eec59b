"""A commitment, from the item on the list to the fulfilment shared."""

import datetime as dt

import pytest
from django.db import InternalError, transaction
from django.utils.translation import override

from accounts.models import Duty, Membership, Representation, Unit, User
from cases.commitment import register, rules
from cases.commitment.opening import DOORS
from cases.commitment.register import Item, ItemVersion, PromisedTerm, VersionPublished
from cases.commitment.states import Commitment, Fulfilment, Ineligible, State
from records.models import Record, Subject
from tests.actors import Applicant, open_item
from tests.cases.commitment_walks import (
    CERTIFICATE,
    GAP,
    GAP_STORIES,
    GRANTED,
    HAZARD,
    HEARD,
    ITEMS,
    LICENCE,
    STORIES,
    VERIFYING,
    WATCHED_GAP,
    answers_to,
    applies,
    at,
    due,
    due_of,
    sealed,
    shown,
    signature,
    state_of,
    the_staff,
    the_units,
    walk,
)
from tests.conftest import SINCE, letters_to
from workflows import audit, escalation, intake, proposals, related, work
from workflows.case_type import case_type
from workflows.models import Case, Deadline, Entry, Relation, WorkItem

SPRING = "91370100MAWJ2R6EX7"
MONDAY = at("09-21", 9)
EVE = at("09-28", 9)


@pytest.fixture
def spring(office):
    return Subject.objects.create(credit_code=SPRING, name="山东泉韵大数据服务有限公司")


@pytest.fixture
def listed(office):
    the_units()
    register.load_items(ITEMS)


@pytest.fixture
def quan(spring):
    return a_representative_of(spring, "quan")


@pytest.fixture
def cast(listed, quan):
    return {**the_staff(), "applicant": quan}


@pytest.fixture
def gap_cast(listed, quan):
    return {**the_staff("ZJ"), "applicant": quan}


def a_representative_of(subject, name):
    user = User.objects.create_user(name, email=f"{name}@example.com", display_name=name)
    Representation.objects.create(user=user, credit_code=subject.credit_code, since=SINCE)
    return Applicant(user)


def with_gap(applicant, *, on=MONDAY, term="wd5", item=GAP, **changed):
    missing = {ZJ_MISSING[item]: None}
    return applies(
        applicant, item, on=on, missing_materials=list(missing), gap_term=term, **changed
    )


ZJ_MISSING = {GAP: "注册人员证书复印件", WATCHED_GAP: "住所使用证明复印件"}


def does(step, case, cast, now, move, **changed):
    """Do one step with the usual answers, some of them changed."""
    from tests.cases.commitment_walks import WORKER

    actor = cast[WORKER[step]]
    actor.does(step, case, at=now, **{**answers_to(move, case, cast, now), **changed})


def refused_answers(step, case, cast, now, move, **changed):
    with pytest.raises(work.AnswersRefused) as refused:
        does(step, case, cast, now, move, **changed)
    return refused.value.fields


def fulfilment_of(case):
    return Commitment.objects.get(pk=case.pk).fulfilment


class TestTheRegister:
    def test_never_lets_a_published_version_be_edited(self, listed):
        version = Item.objects.get(code=LICENCE).current(dt.date(2026, 9, 21))
        version.conditions = "别的条件"

        with pytest.raises(VersionPublished):
            version.save()
        with pytest.raises(VersionPublished):
            version.delete()

    @pytest.mark.parametrize("change", [{"conditions": "x"}, {"published_from": None}])
    def test_is_closed_in_the_database_too(self, listed, change):
        with pytest.raises(InternalError, match="never edited"), transaction.atomic():
            ItemVersion.objects.update(**change)
        with pytest.raises(InternalError, match="never edited"), transaction.atomic():
            ItemVersion.objects.filter(item__code=HAZARD)._raw_delete("default")

    def test_ends_a_version_the_day_before_the_next_begins_and_once_only(self, listed):
        item = Item.objects.get(code=LICENCE)
        published_anew(item, on=dt.date(2026, 10, 8))

        first, second = item.versions.order_by("number")
        assert first.published_until == dt.date(2026, 10, 7)
        assert item.current(dt.date(2026, 10, 7)) == first
        assert item.current(dt.date(2026, 10, 8)) == second
        with pytest.raises(InternalError), transaction.atomic():
            ItemVersion.objects.filter(pk=first.pk).update(published_until=dt.date(2027, 1, 1))

    def test_is_loaded_once_however_often_it_is_loaded(self, listed):
        assert register.load_items(ITEMS) == case_type("commitment").load_register() == 0
        assert set(Item.objects.values_list("code", flat=True)) == {
            LICENCE,
            CERTIFICATE,
            GAP,
            WATCHED_GAP,
            HAZARD,
        }

    def test_offers_every_item_of_the_day_and_no_other(self, listed, spring):
        register.retire(Item.objects.get(code=CERTIFICATE), last=dt.date(2026, 9, 20))

        offered = DOORS[0].choices(spring, on=dt.date(2026, 9, 21))

        assert [choice.key for choice in offered] == [HAZARD, WATCHED_GAP, LICENCE, GAP]

    @pytest.mark.parametrize("item", ["XX99", CERTIFICATE])
    def test_closes_the_door_to_what_is_not_on_the_list(self, listed, quan, item):
        register.retire(Item.objects.get(code=CERTIFICATE), last=dt.date(2026, 9, 20))

        with pytest.raises(intake.NotPossible):
            applies(quan, item, on=MONDAY)


def published_anew(item, *, on, **changed):
    """Publish the next version of an item."""
    version = item.versions.order_by("number").last()
    version.pk, version.number = None, version.number + 1
    version.published_from = version.published_until = None
    for name, value in {"conditions": "有四名专职工作人员。", **changed}.items():
        setattr(version, name, value)
    version._state.adding = True
    register.publish(version, on=on)
    return version


class TestScenarioS1:
    """山东泉韵大数据服务有限公司, 人力资源服务许可 (casebook §3.9, S1-1)."""

    def test_has_every_date_of_the_casebook(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, GRANTED, cast, since=MONDAY)

        assert due(case, "publish") == dt.date(2026, 10, 8)
        assert due(case, "sign_in") == dt.date(2026, 9, 23)

        does("sign_in", case, cast, at("09-22"), "sign_in:yes")
        assert due(case, "verify") == dt.date(2026, 10, 26)

        does("publish", case, cast, at("09-30"), "publish:done")
        walk(case, "verify:fulfilled countersign:yes", cast, since=at("10-19", 9))
        assert due(case, "share") == dt.date(2026, 10, 22)

        does("share", case, cast, at("10-21"), "share:done")
        ended = Commitment.objects.get()
        assert (ended.state, bool(ended.closed_at)) == (State.RECORDED, True)
        assert ended.fulfilment == Fulfilment.FULFILLED
        assert not Deadline.objects.filter(ended_at=None).exists()
        assert letters_to(quan.user) == ["receipt", "notice", "granted", "fulfilled", "recorded"]
        assert list(audit.verify(Entry.objects.order_by("stream", "seq"))) == []

    def test_is_decided_on_the_day_it_is_signed(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:inform sign:all", cast, since=MONDAY)

        assert due(case, "decide") == dt.date(2026, 9, 21)


class TestEveryWay:
    @pytest.mark.parametrize("story", STORIES, ids=lambda name: name.replace(" ", "_"))
    def test_of_a_licence_comes_to_its_end(self, cast, quan, story):
        case = applies(quan, on=MONDAY)
        walk(case, STORIES[story], cast, since=MONDAY)

        assert_over(case)

    @pytest.mark.parametrize("story", GAP_STORIES, ids=lambda name: name.replace(" ", "_"))
    def test_with_missing_material_comes_to_its_end(self, gap_cast, quan, story):
        case = with_gap(quan)
        walk(case, GAP_STORIES[story], gap_cast, since=MONDAY)

        assert_over(case)


def assert_over(case):
    ended = Commitment.objects.get(pk=case.pk)
    finals = {State.RECORDED, State.GENERAL, State.REFUSED, State.LAPSED, State.WITHDRAWN}
    assert ended.state in finals
    assert ended.closed_at
    assert not WorkItem.objects.filter(case_id=case.pk, state__in=["open", "claimed"]).exists()
    assert not Deadline.objects.filter(case_id=case.pk, ended_at=None).exists()
    for state in State:
        for language in ("en", "zh-hans"):
            with override(language):
                assert str(State(state).label)


class TestTheCreditCheck:
    def test_is_kept_with_its_hash(self, cast, quan):
        case = Commitment.objects.get(pk=applies(quan, on=MONDAY).pk)

        assert case.credit_snapshot["party"] == SPRING
        assert case.credit_snapshot["against"] == []
        assert len(case.snapshot_hash) == 64
        received = Entry.objects.get(stream=case.reference, kind="received")
        assert received.detail["facts"]["snapshot_hash"] == case.snapshot_hash

    def test_sends_whoever_is_listed_to_the_general_procedure_and_says_why(
        self, cast, quan, spring, office
    ):
        listed_as(spring, office, Record.Publication.PUBLISHED)
        case = applies(quan, on=MONDAY)
        assert state_of(case) == State.INELIGIBLE

        walk(case, "tell:so", cast, since=MONDAY)

        assert state_of(case) == State.GENERAL
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert letter.name == "ineligible"
        assert "严重失信" in letter.html or "serious" in letter.html
        assert "政务服务大厅" in letter.html
        assert "行政复议" in letter.html

    def test_lets_whoever_was_taken_off_the_list_commit(self, cast, quan, spring, office):
        listed_as(spring, office, Record.Publication.STOPPED)

        assert state_of(applies(quan, on=MONDAY)) == State.ELIGIBLE

    def test_holds_nothing_of_a_branch_against_the_head_office(self, cast, quan, office):
        branch = Subject.objects.create(
            credit_code="91370115MAY3T8HD6R", name="山东泉韵大数据服务有限公司济阳分公司"
        )
        listed_as(branch, office, Record.Publication.PUBLISHED)

        assert state_of(applies(quan, on=MONDAY)) == State.ELIGIBLE

    def test_keeps_commitments_out_of_an_excluded_field(self, cast, quan):
        case = Commitment.objects.get(pk=applies(quan, HAZARD, on=MONDAY).pk)

        assert (case.state, case.ineligible) == (State.INELIGIBLE, [Ineligible.EXCLUDED])

    @pytest.mark.parametrize("story", ["revoked as false", "revoked as not rectified"])
    def test_closes_every_item_after_a_broken_promise_until_it_is_repaired(self, cast, quan, story):
        broken = applies(quan, on=MONDAY)
        later = walk(broken, STORIES[story], cast, since=MONDAY)

        again = Commitment.objects.get(pk=applies(quan, CERTIFICATE, on=later).pk)
        assert again.ineligible == [Ineligible.BROKEN]
        assert again.credit_snapshot["broken"] == [broken.reference]

        shared = Commitment.objects.get(pk=broken.pk).shared_as
        Record.objects.filter(pk=shared.pk).update(repaired_on=later.date())
        assert state_of(applies(quan, LICENCE, on=later)) == State.ELIGIBLE

    @pytest.mark.parametrize("story", ["fulfilled", "kept", "unverified after two visits"])
    def test_holds_no_kept_or_unverified_promise_against_anybody(self, cast, quan, story):
        later = walk(applies(quan, on=MONDAY), STORIES[story], cast, since=MONDAY)

        assert state_of(applies(quan, CERTIFICATE, on=later)) == State.ELIGIBLE

    @pytest.mark.parametrize("story", ["withdrawn when committed", "lapsed at the signature"])
    def test_holds_no_withdrawal_and_no_silence_against_anybody(self, cast, quan, story):
        later = walk(applies(quan, on=MONDAY), STORIES[story], cast, since=MONDAY)

        assert state_of(applies(quan, LICENCE, on=later)) == State.ELIGIBLE
        assert not Record.objects.exists()

    def test_refuses_a_second_case_about_the_same_item(self, cast, quan):
        first = applies(quan, on=MONDAY)

        with pytest.raises(intake.NotPossible, match=first.reference):
            applies(quan, on=MONDAY)


def listed_as(subject, office, publication):
    return Record.objects.create(
        kind=Record.Kind.LIST_ENTRY,
        document_number=f"列入示例〔2026〕第1号{subject.credit_code[-3:]}",
        subject=subject,
        authority_code=office.credit_code,
        authority_name=office.name,
        decided_on=dt.date(2026, 5, 1),
        publication=publication,
    )


class TestTheNotice:
    def test_asks_once_for_everything_that_is_missing(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:more supplement:done", cast, since=MONDAY)

        assert letters_to(quan.user)[-1] == "supplement"
        fields = refused_answers("examine", case, cast, at("09-22"), "examine:more")
        assert "examination" in fields

    def test_counts_as_given_when_the_authority_is_silent(self, cast, quan):
        case = applies(quan, on=MONDAY)
        escalation.sweep(at=at("09-29", 0))
        assert state_of(case) == State.ELIGIBLE
        # 22, 23, 24, 28 and 29 September are the five working days.
        escalation.sweep(at=at("09-30", 0))

        assert state_of(case) == State.INFORMED
        assert letters_to(quan.user)[-1] == "notice"

    def test_is_kept_as_it_was_shown(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:inform", cast, since=MONDAY)

        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert letter.name == "notice"
        assert len(letter.sha256) == 64
        for said in ("第1版", "人力资源市场暂行条例", "专职工作人员", "信用济南网站", "依法撤销"):
            assert said in letter.html


class TestTheSignature:
    @pytest.fixture
    def informed(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:inform", cast, since=MONDAY)
        return case

    def test_keeps_the_text_its_version_and_its_hash(self, informed, cast, quan):
        walk(informed, "sign:all", cast, since=at("09-21", 11))

        case = Commitment.objects.get()
        assert case.signed_hash == shown(case, dt.date(2026, 9, 21))
        assert "山东泉韵大数据服务有限公司" in case.committed_text
        assert case.version.number == 1
        done = Entry.objects.get(stream=case.reference, kind="completed", detail__step="sign")
        assert done.detail["facts"]["signed_hash"] == case.signed_hash
        assert "signer" not in done.detail["facts"]

    def test_is_refused_under_another_text_than_the_one_shown(self, informed, cast):
        fields = refused_answers(
            "sign", informed, cast, at("09-21"), "sign:all", commitment="0" * 64
        )
        assert "commitment" in fields
        assert state_of(informed) == State.INFORMED

    def test_is_refused_without_every_statement(self, informed, cast):
        fields = refused_answers("sign", informed, cast, at("09-21"), "sign:all", statement_3="")
        assert "statement_3" in fields

    def test_is_refused_from_somebody_who_is_not_the_legal_representative(self, informed, cast):
        fields = refused_answers("sign", informed, cast, at("09-21"), "sign:all", signer="别人")
        assert "signer" in fields

    def test_of_an_agent_needs_the_number_of_the_authority(self, informed, cast):
        agent = {"signer": "代示例", "signer_is": "authorised"}
        fields = refused_answers("sign", informed, cast, at("09-21"), "sign:all", **agent)
        assert list(fields) == ["authority_number"]

        does(
            "sign", informed, cast, at("09-21"), "sign:all", **agent, authority_number="授权示例1号"
        )
        assert state_of(informed) == State.COMMITTED

    def test_is_given_anew_when_the_version_of_the_item_has_changed(self, informed, cast, quan):
        old = signature(quan, informed, at("09-21"))
        published_anew(Item.objects.get(code=LICENCE), on=dt.date(2026, 9, 22))

        with pytest.raises(work.AnswersRefused) as refused:
            quan.does("sign", informed, at=at("09-22"), **old)
        assert {"commitment", "choice"} <= set(refused.value.fields)
        assert "有四名专职工作人员" in refused.value.form.text

        does("sign", informed, cast, at("09-22"), "sign:all")
        case = Commitment.objects.select_related("version").get()
        assert (case.state, case.version.number) == (State.COMMITTED, 2)

    def test_is_not_possible_when_the_item_left_the_list(self, informed, cast):
        register.retire(Item.objects.get(code=LICENCE), last=dt.date(2026, 9, 21))

        fields = refused_answers("sign", informed, cast, at("09-22"), "sign:all")
        assert "choice" in fields
        does("sign", informed, cast, at("09-22"), "sign:decline")
        assert state_of(informed) == State.GENERAL

    def test_names_the_day_when_the_conditions_are_not_met_yet(self, informed, cast, quan):
        late = {"conditions_met": "False"}
        fields = refused_answers("sign", informed, cast, at("09-21"), "sign:all", **late)
        assert "conditions_by" in fields

        does("sign", informed, cast, at("09-21"), "sign:all", **late, conditions_by="2026-10-12")
        does("decide", informed, cast, at("09-21", 16), "decide:grant")
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert "2026年10月12日前达到法定条件" in letter.html
        assert "不得从事" in letter.html

    def test_lapses_in_silence_without_an_adverse_record(self, informed, quan):
        # Ten working days after 21 September, counted over both festivals.
        assert due(informed, "sign") == dt.date(2026, 10, 12)
        escalation.sweep(at=at("10-12", 23))
        assert state_of(informed) == State.INFORMED
        escalation.sweep(at=at("10-13", 0))

        assert state_of(informed) == State.LAPSED
        assert letters_to(quan.user)[-1] == "lapsed"
        assert not Record.objects.exists()

    def test_with_the_seal_of_another_organisation_is_not_granted_at_once(
        self, informed, cast, quan
    ):
        other = Subject.objects.create(credit_code="91370115MAY3T8HD6R", name="示例另一公司")
        stranger = a_representative_of(other, "stranger")
        copied = [str(stranger.hands_in("签章页.pdf", sealed(quan), at=at("09-22")).pk)]
        walk(informed, "sign:all", cast, since=at("09-21", 10))
        theirs = applies(stranger, on=at("09-22", 9))
        does("examine", theirs, cast, at("09-22", 10), "examine:inform")
        others = {**cast, "applicant": stranger}
        does("sign", theirs, others, at("09-22", 11), "sign:all", seal=copied)

        fields = refused_answers("decide", theirs, cast, at("09-22", 12), "decide:grant")

        assert informed.reference in str(fields["decision"])
        does("decide", theirs, cast, at("09-22", 12), "decide:review")
        assert state_of(theirs) == State.IN_REVIEW


class TestTheDecision:
    def test_may_no_longer_be_withdrawn_from(self, cast, quan):
        case = applies(quan, on=MONDAY)
        now = walk(case, GRANTED, cast, since=MONDAY)

        with pytest.raises(intake.TooLate):
            intake.withdraw(case.reference, by=quan.user, at=now)

    def test_to_refuse_takes_two_persons_and_tells_the_remedies(self, cast, quan):
        case = applies(quan, on=MONDAY)
        now = walk(case, STORIES["refused"], cast, since=MONDAY)

        assert now
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert letter.name == "refused"
        assert "行政复议" in letter.html
        assert "行政诉讼" in letter.html

    def test_follows_the_proposal_or_is_returned(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:inform sign:all decide:review review:grant", cast, since=MONDAY)

        fields = refused_answers(
            "decide_review", case, cast, at("09-21", 17), "decide_review:refuse"
        )
        assert "decision" in fields

    def test_is_not_taken_by_the_person_who_reviewed(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, "examine:inform sign:all decide:review review:refuse", cast, since=MONDAY)
        a_member_too(cast["handler"], "SP", Duty.APPROVER)

        with pytest.raises(work.SecondPersonNeeded):
            cast["handler"].claims("decide_review", case, at=at("09-22"))


def a_member_too(worker, unit, duty):
    unit = Unit.objects.get(code=unit)
    Membership.objects.create(user=worker.user, unit=unit, duty=duty, since=SINCE)


class TestMissingMaterial:
    @pytest.fixture
    def accepted(self, gap_cast, quan):
        case = with_gap(quan, on=EVE)
        walk(case, "examine:inform sign:all", gap_cast, since=EVE)
        return case

    def test_may_arrive_on_a_saturday_that_is_worked(self, accepted, gap_cast):
        # 29, 30 September, 8, 9 and 10 October; the tenth is a Saturday worked for the festival.
        assert due(accepted, "missing") == dt.date(2026, 10, 10)
        escalation.sweep(at=at("10-10", 8))

        does("missing", accepted, gap_cast, at("10-10", 23), "missing:done")

        assert state_of(accepted) == State.SUPPLEMENTED

    def test_may_not_be_promised_later_than_the_items_own_term(self, gap_cast, quan):
        with pytest.raises(work.AnswersRefused) as refused:
            with_gap(quan, term="wd15")
        assert list(refused.value.fields) == ["gap_term"]

    @pytest.mark.parametrize("cap", PromisedTerm.values)
    def test_may_be_promised_within_any_time_up_to_the_items_own_term(self, cap):
        allowed = [term for term in PromisedTerm.values if rules.is_within(term, cap)]

        assert allowed == PromisedTerm.values[: PromisedTerm.values.index(cap) + 1]

    def test_is_only_what_the_item_allows_to_follow(self, gap_cast, quan):
        with pytest.raises(work.AnswersRefused) as refused:
            applies(quan, GAP, on=EVE, missing_materials=["营业执照"], gap_term="wd5")
        assert "missing_materials" in refused.value.fields

    def test_ends_the_matter_by_two_persons_when_it_does_not_come(self, accepted, gap_cast, quan):
        escalation.sweep(at=at("10-10", 23))
        assert state_of(accepted) == State.GAP
        escalation.sweep(at=at("10-11", 0))
        assert state_of(accepted) == State.MISSED

        walk(accepted, "look:nothing confirm_end:yes", gap_cast, since=at("10-12", 9))
        assert state_of(accepted) == State.TERMINATED
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert letter.name == "terminated"
        assert "行政复议" in letter.html

        walk(accepted, "share_end:done", gap_cast, since=at("10-12", 13))
        ended = Commitment.objects.get()
        assert ended.fulfilment == Fulfilment.NOT_FULFILLED
        assert ended.shared_as.categories == [Fulfilment.NOT_FULFILLED]
        assert ended.shared_as.reported["status"] == Fulfilment.NOT_FULFILLED

    def test_is_not_declared_missing_by_one_person_alone(self, accepted, gap_cast):
        escalation.sweep(at=at("10-11", 0))
        does("look", accepted, gap_cast, at("10-12"), "look:nothing")
        a_member_too(gap_cast["handler"], "SP", Duty.APPROVER)

        with pytest.raises(work.SecondPersonNeeded):
            gap_cast["handler"].claims("confirm_end", accepted, at=at("10-13"))

    def test_counts_from_the_day_it_arrived_not_from_the_day_it_was_noticed(
        self, accepted, gap_cast
    ):
        escalation.sweep(at=at("10-11", 0))
        late = {"arrived": "True", "arrived_on": "2026-10-12"}
        fields = refused_answers("look", accepted, gap_cast, at("10-12"), "look:nothing", **late)
        assert "arrived_on" in fields

        arrived = {"arrived": "True", "arrived_on": "2026-10-10"}
        does("look", accepted, gap_cast, at("10-12"), "look:nothing", **arrived)
        assert state_of(accepted) == State.SUPPLEMENTED

    def test_that_is_still_incomplete_keeps_its_date(self, accepted, gap_cast, quan):
        walk(accepted, "missing:done check_gap:rest", gap_cast, since=at("09-29", 9))

        assert state_of(accepted) == State.GAP
        assert due(accepted, "missing") == dt.date(2026, 10, 10)
        assert letters_to(quan.user)[-1] == "gap_rest"

    def test_that_is_incomplete_after_its_date_goes_to_two_persons(self, accepted, gap_cast):
        does("missing", accepted, gap_cast, at("10-10"), "missing:done")
        does("check_gap", accepted, gap_cast, at("10-12"), "check_gap:rest")

        assert state_of(accepted) == State.MISSED

    def test_is_given_more_time_for_force_majeure_by_two_persons_and_once(self, accepted, gap_cast):
        key = "commitment.wd5.gap"
        asked = {"reason": "暴雨，道路中断。", "key": key, "length": 3}
        proposal = proposals.propose(
            "extend", accepted.reference, by=gap_cast["handler"].user, at=at("10-09"), **asked
        )
        proposals.decide(proposal.pk, by=gap_cast["approver"].user, grant=True, at=at("10-09"))

        # Three more working days after Saturday the tenth: 12, 13 and 14 October.
        assert due(accepted, "missing") == dt.date(2026, 10, 14)
        with pytest.raises(proposals.NotAllowed):
            proposals.propose(
                "extend", accepted.reference, by=gap_cast["handler"].user, at=at("10-12"), **asked
            )

    def test_is_waited_for_before_anything_is_decided(self, accepted):
        steps = WorkItem.objects.filter(case_id=accepted.pk, state="open")
        assert [item.step for item in steps] == ["missing"]

    def test_has_a_review_clock_that_started_with_the_acceptance(self, accepted, gap_cast):
        walk(accepted, "missing:done check_gap:all", gap_cast, since=at("10-08", 9))

        # Twenty working days after 28 September; the promise counts from the complete material.
        assert due(accepted, "review") == dt.date(2026, 10, 30)
        assert due_of(accepted, "commitment.wd10.promise") == dt.date(2026, 10, 21)

    def test_waits_for_the_service_of_the_notice_before_its_time_runs(self, gap_cast, quan):
        case = with_gap(quan, on=EVE, served_electronically="")
        walk(case, "examine:inform sign:all", gap_cast, since=EVE)
        assert due(case, "missing") is None

        escalation.sweep(at=at("12-01"))
        assert state_of(case) == State.GAP

    def test_of_an_item_without_verification_is_put_under_daily_supervision(self, listed, quan):
        cast = {**the_staff("MZ"), "applicant": quan}
        case = with_gap(quan, item=WATCHED_GAP)
        walk(
            case,
            "examine:inform sign:all missing:done check_gap:all review:grant decide_review:grant "
            "publish:done sign_in:yes",
            cast,
            since=MONDAY,
        )

        watched = Commitment.objects.get()
        assert (watched.state, watched.daily_supervision) == (State.WATCHED, True)
        assert open_item(case, "share")


class TestTheSample:
    @pytest.mark.parametrize(
        ("drawn", "state"),
        [("sign_in:drawn", State.VERIFYING), ("sign_in:not_drawn", State.WATCHED)],
    )
    def test_verifies_only_what_was_drawn_by_lot(self, listed, quan, drawn, state):
        cast = {**the_staff("GX"), "applicant": quan}
        case = applies(quan, CERTIFICATE, on=MONDAY)
        walk(case, f"{GRANTED} {drawn}", cast, since=MONDAY)

        assert state_of(case) == state
        assert Commitment.objects.get().daily_supervision is True


class TestTheVerification:
    @pytest.fixture
    def verifying(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, VERIFYING, cast, since=MONDAY)
        return case

    def test_never_counts_as_fulfilled_by_the_lapse_of_time(self, verifying):
        escalation.sweep(at=at("12-31"))

        assert state_of(verifying) == State.VERIFYING
        assert open_item(verifying, "verify").due_on == dt.date(2026, 10, 26)

    def test_stays_overdue_and_visible_when_nobody_signs_it_in(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, GRANTED, cast, since=MONDAY)
        escalation.sweep(at=at("09-28"))

        assert state_of(case) == State.VERIFY_PENDING
        assert open_item(case, "sign_in").light(dt.date(2026, 9, 28)) == "red"
        assert Entry.objects.filter(stream=case.reference, kind="escalated").exists()

    def test_needs_evidence(self, verifying, cast):
        fields = refused_answers(
            "verify", verifying, cast, at("10-12"), "verify:fulfilled", evidence=[]
        )
        assert list(fields) == ["evidence"]

    def test_needs_what_the_party_said(self, verifying, cast):
        fields = refused_answers(
            "verify", verifying, cast, at("10-12"), "verify:fulfilled", subject_statement=""
        )
        assert list(fields) == ["subject_statement"]

    def test_asks_no_more_than_of_those_who_did_not_commit(self, verifying, cast):
        fields = refused_answers(
            "verify", verifying, cast, at("10-12"), "verify:fulfilled", as_others=""
        )
        assert list(fields) == ["as_others"]

    def test_is_countersigned_by_a_second_person(self, verifying, cast):
        does("verify", verifying, cast, at("10-12"), "verify:fulfilled")

        with pytest.raises(work.SecondPersonNeeded):
            cast["verifier"].claims("countersign", verifying, at=at("10-12"))
        assert state_of(verifying) == State.VERIFYING

    def test_of_whoever_operated_too_early_does_not_find_it_fulfilled(self, verifying, cast):
        fields = refused_answers(
            "verify", verifying, cast, at("10-12"), "verify:fulfilled", operated_early="True"
        )
        assert list(fields) == ["result"]

    def test_never_calls_closed_premises_false(self, verifying, cast, quan):
        fields = refused_answers(
            "verify", verifying, cast, at("10-12"), "verify:closed", result="false"
        )
        assert list(fields) == ["result"]

        does("verify", verifying, cast, at("10-12"), "verify:closed")
        assert open_item(verifying, "verify").due_on == dt.date(2026, 10, 26)
        walk(verifying, "verify:closed countersign:yes", cast, since=at("10-15"))

        case = Commitment.objects.get()
        assert (case.state, case.fulfilment) == (State.UNVERIFIED, Fulfilment.UNVERIFIED)
        assert letters_to(quan.user)[-1] == "unverified"

    def test_finds_what_a_second_visit_shows(self, verifying, cast):
        walk(
            verifying, "verify:closed verify:fulfilled countersign:yes", cast, since=at("10-12", 9)
        )

        assert state_of(verifying) == State.FULFILLED

    def test_goes_on_under_a_new_name(self, verifying, cast, quan, spring):
        spring.name = "山东泉韵数字科技有限公司"
        spring.save()
        walk(verifying, "verify:fulfilled countersign:yes", cast, since=at("10-12", 9))

        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert "山东泉韵数字科技有限公司" in letter.html
        assert "山东泉韵大数据服务有限公司" in Commitment.objects.get().committed_text


class TestTheRectification:
    @pytest.fixture
    def ordered(self, cast, quan):
        case = applies(quan, on=MONDAY)
        story = f"{VERIFYING} verify:partial countersign:yes draft_order:done sign_order:yes"
        walk(case, story, cast, since=MONDAY)
        return case

    def test_runs_fifteen_days_from_service_and_past_the_festival(self, ordered, cast, quan):
        # Served on 22 September: the fifteenth day is 7 October, a rest day.
        assert due(ordered, "rectify") == dt.date(2026, 10, 8)
        assert letters_to(quan.user)[-1] == "order"

    def test_is_ordered_by_two_persons_with_remedies(self, ordered, quan):
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert "行政复议" in letter.html

    def test_is_checked_by_two_persons_even_when_nothing_is_reported(self, ordered, cast):
        escalation.sweep(at=at("10-09", 0))
        assert state_of(ordered) == State.RECHECKING

        does("recheck", ordered, cast, at("10-10"), "recheck:good")
        with pytest.raises(work.SecondPersonNeeded):
            cast["verifier"].claims("countersign_recheck", ordered, at=at("10-10"))
        does("countersign_recheck", ordered, cast, at("10-10"), "countersign_recheck:yes")
        assert state_of(ordered) == State.FULFILLED
        assert fulfilment_of(ordered) == Fulfilment.FULFILLED


class TestTheRevocation:
    @pytest.fixture
    def heard(self, cast, quan):
        case = applies(quan, on=MONDAY)
        walk(case, HEARD, cast, since=MONDAY)
        return case

    def test_is_not_decided_before_the_party_was_heard(self, cast, quan):
        case = applies(quan, on=MONDAY)
        story = f"{VERIFYING} verify:false countersign:yes draft_notice:done"
        walk(case, story, cast, since=MONDAY)

        assert state_of(case) == State.HEARING
        open_steps = WorkItem.objects.filter(case_id=case.pk, state="open")
        assert [item.step for item in open_steps] == ["statement"]
        # Five working days after service on 21 September.
        assert due(case, "statement") == dt.date(2026, 9, 29)
        escalation.sweep(at=at("09-30", 0))
        assert state_of(case) == State.HEARD

    def test_needs_a_legal_review_before_it_and_another_approver_after(self, heard, cast):
        does("legal_review", heard, cast, at("10-08"), "legal_review:done")
        for name in ("reviewer", "handler"):
            a_member_too(cast[name], "SP", Duty.APPROVER)
            with pytest.raises(work.SecondPersonNeeded):
                cast[name].claims("decide_revocation", heard, at=at("10-09"))

    def test_is_told_with_remedies_published_and_shared(self, heard, cast, quan):
        story = "legal_review:done decide_revocation:revoke"
        walk(heard, story, cast, since=at("10-08", 9))
        letter = quan.user.messages_received.exclude(letter=None).latest("id").letter
        assert letter.name == "revoked"
        assert "行政复议" in letter.html
        assert state_of(heard) == State.REVOKED
        # Three working days to share, seven to publish, the worked Saturday counted.
        assert due(heard, "share_revocation") == dt.date(2026, 10, 12)
        does("share_revocation", heard, cast, at("10-09"), "share_revocation:done")
        assert due(heard, "publish_revocation") == dt.date(2026, 10, 16)

        does("publish_revocation", heard, cast, at("10-10"), "publish_revocation:done")
        ended = Commitment.objects.get()
        assert ended.state == State.RECORDED
        assert ended.shared_as.reported["status"] == Fulfilment.FALSE
        assert ended.shared_as.publication == Record.Publication.PUBLISHED

    def test_says_whether_the_finding_stands_when_the_decision_is_kept(self, heard, cast):
        does("legal_review", heard, cast, at("10-08"), "legal_review:done")
        fields = refused_answers(
            "decide_revocation",
            heard,
            cast,
            at("10-08"),
            "decide_revocation:keep",
            finding_upheld="",
        )
        assert list(fields) == ["finding_upheld"]

        upheld = {"finding_upheld": "True"}
        does("decide_revocation", heard, cast, at("10-08"), "decide_revocation:keep", **upheld)
        assert (state_of(heard), fulfilment_of(heard)) == (State.KEPT, Fulfilment.FALSE)


class TestAWaitingState:
    def test_is_told_to_party_and_staff_in_both_languages(self):
        from cases.commitment.states import TOLD_PARTY

        assert set(TOLD_PARTY) == set(State)
        for told in (*TOLD_PARTY.values(), *(state.label for state in State)):
            with override("en"):
                assert str(told).isascii()


class TestAnInterview:
    def test_is_opened_beside_the_case_when_the_checker_asks_for_it(self, cast, quan):
        case = applies(quan, on=MONDAY)
        story = f"{VERIFYING} verify:broken countersign:yes draft_order:done sign_order:yes"
        walk(case, f"{story} rectify:done", cast, since=MONDAY)
        does("recheck", case, cast, at("10-08"), "recheck:bad", to_interview="True")
        does("countersign_recheck", case, cast, at("10-08"), "countersign_recheck:yes")
        related.run(at=at("10-08", 16))

        summons = Case.objects.get(kind="interview")
        assert summons.party == case.party
        assert Relation.objects.get(target=summons).source_id == case.pk
        assert open_item(case, "draft_notice")
