"""What is foreseen of a step is what then happens, and nothing of it happens before."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage

from accounts.models import Duty, Membership, Representation, Unit, User
from cases.commitment import register
from notifications.models import Letter
from records.models import Place, Record, Showing, Subject
from tests.actors import Applicant, Caseworker, open_item
from tests.cases import commitment_walks, interview_walks, objection_walks
from tests.conftest import SINCE
from tests.workflows.beside import a_unit, asks
from tests.workflows.foreseeing import everything, foretold, word
from tests.workflows.test_budgets import Counted, fresh
from tests.workflows.walks import ANSWERS, HOUR, STORIES, at, open_a_repair, walk
from workflows import foresight, work
from workflows.acts import current_act
from workflows.models import WorkItem

MOST_QUERIES = 45
GRANT = ANSWERS["decide:grant"]
TO_DECIDE = "check:yes examine:accept verify:good CLAIM:decide"


def worker(unit, duty, name):
    user = User.objects.create_user(name, display_name=name)
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return Caseworker(user)


@pytest.fixture
def deciding(repair, cast):
    """The step at which a repair is decided, the person who has it, and an instant to do it."""
    now = walk(repair, TO_DECIDE, cast)
    return open_item(repair, "decide"), cast["approver"].user, now


class TestForesightOfARepair:
    @pytest.mark.parametrize("name", [n for n in STORIES if "RELEASE" not in STORIES[n]])
    def test_comes_true_at_every_step(self, repair, cast, name, monkeypatch):
        with foretold(monkeypatch) as seen:
            walk(repair, STORIES[name], cast)

        assert len(seen) == len(
            [
                m
                for m in STORIES[name].split()
                if "disagree" not in m and "return" not in m and m[0].islower()
            ]
        )

    def test_leaves_no_trace_in_any_table(self, repair, cast, monkeypatch):
        with foretold(monkeypatch, checked=everything):
            walk(repair, STORIES["repaired"], cast)

    def test_comes_true_where_the_letters_have_to_be_served(
        self, applicant, penalty, cast, monkeypatch
    ):
        case = open_a_repair(applicant, penalty, served_electronically="")
        with foretold(monkeypatch) as seen:
            walk(case, "check:yes examine:more", cast)

        (draft,) = seen[-1].letters
        assert (draft.name, draft.has_to_be_served, draft.is_served) == ("supplement", True, False)
        assert len(seen[-1].opening) == 2, "the party is asked, and the letter has to be served"


class TestForesightOfACommitment:
    @pytest.fixture
    def cast(self, office):
        commitment_walks.the_units()
        register.load_items(commitment_walks.ITEMS)
        code = "91370100MAWJ2R6EX7"
        Subject.objects.create(credit_code=code, name="山东泉韵大数据服务有限公司")
        user = User.objects.create_user("quan", display_name="泉示例")
        Representation.objects.create(user=user, credit_code=code, since=SINCE)
        return {**commitment_walks.the_staff(), "applicant": Applicant(user)}

    @pytest.mark.parametrize(
        "name", ["revoked as not rectified", "kept", "refused", "unverified after two visits"]
    )
    def test_comes_true_at_every_step(self, cast, name, monkeypatch):
        monday = commitment_walks.at("09-21", 9)
        case = commitment_walks.applies(cast["applicant"], on=monday)
        with foretold(monkeypatch) as seen:
            commitment_walks.walk(case, commitment_walks.STORIES[name], cast, since=monday)

        assert any(foreseen.letters for foreseen in seen)


class TestForesightOfAnInterview:
    @pytest.mark.parametrize(
        "name", ["escalated after a failure", "put right in a second term", "postponed"]
    )
    def test_comes_true_at_every_step(
        self, handler, penalty, bureau, staff, applicant, name, monkeypatch
    ):
        cast = {**staff, "applicant": applicant, "recorder": worker(bureau, Duty.HANDLER, "ji")}
        case = interview_walks.open_an_interview(handler, penalty)
        with foretold(monkeypatch) as seen:
            interview_walks.walk(case, interview_walks.STORIES[name], cast)

        assert any(foreseen.letters for foreseen in seen)
        if name.startswith("escalated"):
            settled = [f for f in seen if f.elsewhere]
            assert settled, "the case to be opened is foreseen"


class TestForesightOfAnObjection:
    @pytest.fixture
    def cast(self, office):
        market = Unit.objects.create(code="SJ", name="市场监督管理局（示例）", name_en="Market")
        market.credit_code = "11370115MB00000SJ0"
        market.save()
        owner = User.objects.create_user("zhao", display_name="赵示例")
        code = "92370115MAXH5U9L0J"
        Representation.objects.create(user=owner, credit_code=code, since=SINCE)
        verifier = worker(market, Duty.HANDLER, "verifier")
        verifier.hands_in = Applicant(verifier.user).hands_in
        return {
            "market": market,
            "owner": Applicant(owner),
            "screener": worker(office, Duty.ACCEPTOR, "screener"),
            "comparer": worker(office, Duty.HANDLER, "comparer"),
            "decider": worker(office, Duty.APPROVER, "decider"),
            "registrar": worker(market, Duty.ACCEPTOR, "registrar"),
            "verifier": verifier,
            "signer": worker(market, Duty.REVIEWER, "signer"),
        }

    @pytest.fixture
    def objection(self, cast):
        shop = Subject.objects.create(credit_code="92370115MAXH5U9L0J", name="济阳示例餐饮店")
        record = Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number="济阳市监罚决字〔2026〕第0201号（示例）",
            subject=shop,
            authority_code=cast["market"].credit_code,
            authority_name=cast["market"].name,
            decided_on=dt.date(2026, 3, 2),
            categories=["罚款"],
            fine_fen=2_000_000,
        )
        Showing.objects.bulk_create(Showing(record=record, place=place) for place in Place.values)
        return objection_walks.objects(cast["owner"], record)

    @pytest.mark.parametrize("reply", ["WRONG", "RIGHT"])
    def test_comes_true_at_every_step(self, objection, cast, reply, monkeypatch):
        with foretold(monkeypatch) as seen:
            objection_walks.to_answer(objection, cast, **getattr(objection_walks, reply))
            objection_walks.to_result(objection, cast, remedy="correct", corrected_value="2000.00")
            if reply == "WRONG":
                objection_walks.to_copies(objection, cast)
                objection_walks.confirm(objection, cast)

        marked = seen[0]
        assert [draft.name for draft in marked.letters] == ["accepted", "marked"]
        assert any("异议" in effect.title for effect in marked.effects), "the record is marked"


class TestForesight:
    def test_tells_when_clocks_end_and_why(self, deciding):
        item, by, now = deciding
        foreseen = foresight.foresee(item.pk, by=by, answers=GRANT, at=now)

        started = [t for t in foreseen.turns if t.how == "starts" and t.deadline.item_id]
        assert [t.deadline.term.key for t in started] == ["repair.ndrc.stop"]
        assert started[0].deadline.term.basis
        assert started[0].clock.explanation

    def test_shows_the_letter_without_a_number_and_takes_none(self, deciding):
        item, by, now = deciding
        (draft,) = foresight.foresee(item.pk, by=by, answers=GRANT, at=now).letters
        assert "符合条件。" in draft.html
        assert draft.html.count(word("zh-hans")) == 1

        work.complete(item.pk, by=by, answers=GRANT, at=now)
        number = Letter.objects.get(name="granted").number
        assert number.endswith("第0001号"), "foreseeing it took no number"

    def test_leaves_no_hook_and_no_file(self, deciding, cast, django_capture_on_commit_callbacks):
        item, by, now = deciding
        kept = default_storage.listdir("")
        with django_capture_on_commit_callbacks(execute=True) as hooks:
            foresight.foresee(item.pk, by=by, answers=GRANT, at=now)

        assert hooks == []
        assert default_storage.listdir("") == kept
        with pytest.raises(LookupError):
            current_act()

    def test_leaves_what_is_in_memory_as_it_was(self, deciding):
        item, by, now = deciding
        case, task = item.case.typed, item.task
        state, status = case.state, task.status
        foresight.foresee(item.pk, by=by, answers=GRANT, at=now)

        assert (case.state, task.status, item.state) == (state, status, "claimed")
        assert case.may("approve")

    def test_is_refused_as_the_completion_would_be(self, deciding, cast):
        item, by, now = deciding
        rows = everything()
        with pytest.raises(work.AnswersRefused) as refused:
            foresight.foresee(item.pk, by=by, answers={"decision": "grant"}, at=now)
        assert "decision_reason" in refused.value.fields
        with pytest.raises(work.NotYourQueue):
            foresight.foresee(item.pk, by=cast["handler"].user, answers=GRANT, at=now)
        assert everything() == rows

    def test_needs_a_second_person_as_the_completion_does(self, repair, cast, bureau):
        walk(repair, "check:yes examine:accept verify:good", cast)
        item, one = open_item(repair, "decide"), cast["handler"].user
        Membership.objects.create(user=one, unit=bureau, duty=Duty.APPROVER, since=SINCE)
        WorkItem.objects.filter(pk=item.pk).update(owner=one, state="claimed")
        with pytest.raises(work.SecondPersonNeeded):
            foresight.foresee(item.pk, by=fresh(one), answers=GRANT, at=at("09-30"))

    def test_waits_for_what_was_asked_beside_the_step(self, repair, cast):
        now = walk(repair, "check:yes examine:accept CLAIM:verify", cast)
        unit, _people = a_unit("YJ")
        item = open_item(repair, "verify")
        asks(cast["handler"], item, [unit])
        answers = ANSWERS["verify:good"]
        with pytest.raises(work.WaitsBeside):
            foresight.foresee(item.pk, by=cast["handler"].user, answers=answers, at=now + HOUR)

    def test_names_no_other_case(self, repair, cast, applicant, penalty):
        """A case that is held up may be another unit's: only its kind is told."""
        objection = objection_walks.objects(applicant, penalty, on=at("09-29"))
        screener = worker(Unit.objects.get(is_credit_office=True), Duty.ACCEPTOR, "screener")
        screener.claims("screen", objection, at=at("09-29", 16))
        foreseen = foresight.foresee(
            open_item(objection, "screen").pk,
            by=screener.user,
            answers={"screening": "accept"},
            at=at("09-29", 17),
        )
        told = " ".join(effect.title for effect in foreseen.elsewhere)
        assert "信用修复" in told
        assert repair.reference not in told

    @pytest.mark.parametrize("move", ["decide:grant", "decide:refuse"])
    def test_stays_within_its_budget(self, deciding, move):
        item, by, now = deciding
        with Counted() as counted:
            foresight.foresee(item.pk, by=fresh(by), answers=ANSWERS[move], at=now)

        assert counted.number <= MOST_QUERIES, counted.number

    def test_of_the_longest_step_stays_within_its_budget(self, repair, cast):
        story = STORIES["repaired"].rpartition(" ")[0]
        now = walk(repair, f"{story} CLAIM:confirm", cast)
        item, by = open_item(repair, "confirm"), fresh(cast["office_handler"].user)
        with Counted() as counted:
            foresight.foresee(item.pk, by=by, answers=ANSWERS["confirm:seen"], at=now)

        assert counted.number <= MOST_QUERIES, counted.number


@pytest.mark.race
class TestForesightOfABusyCase:
    def test_says_that_somebody_works_on_it(self, deciding, monkeypatch):
        item, by, now = deciding

        def locked(*_args):
            raise work.FlowLockFailed("process stays locked")

        monkeypatch.setattr("workflows.flow.CaseLock.__call__", locked)
        with pytest.raises(work.Busy):
            foresight.foresee(item.pk, by=by, answers=GRANT, at=now)
