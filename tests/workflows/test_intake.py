"""Intake: an application is taken whole or refused with a reason; the party may take it back."""

import datetime as dt
import re

import pytest

from accounts.models import Representation, Unit, User
from cases.repair.states import Repair, State
from forms.models import Attachment
from notifications.models import Letter
from records.models import Record
from tests.actors import Applicant, open_item
from tests.conftest import COMPANY, SINCE, letters_to
from tests.workflows.walks import APPLIED, at, open_a_repair, walk
from workflows import audit, intake, involved, topics, work
from workflows.models import Deadline, Entry, Series, Term, WorkItem


def nothing_is_left(*, files=1):
    return (
        not Repair.objects.exists()
        and not Entry.objects.filter(stream__startswith="XF").exists()
        and not Series.objects.exists()
        and not Letter.objects.exists()
        and not WorkItem.objects.exists()
        and Attachment.objects.filter(about="").count() == files
    )


class TestAnApplication:
    def test_opens_a_case_with_everything_that_belongs_to_it(self, repair, applicant, penalty):
        case = Repair.objects.get()

        assert case.reference == "XF-2026-000001"
        assert re.fullmatch("[2-9A-HJ-NP-Z]{8}", case.query_code)
        assert (case.party, case.record) == (penalty.subject, penalty)
        assert (case.opened_by, case.opened_at) == (applicant.user, APPLIED)
        assert (case.state, case.governed_on) == (State.RECEIVED, APPLIED.date())
        assert (case.channel, case.grade) == ("ndrc", "general")
        assert {role: unit.code for role, unit in case.unit_as.items()} == {
            "office": "XY",
            "finder": "CG",
        }
        assert open_item(case, "check").queue == "XY/counter"
        assert Attachment.objects.get().about == case.reference
        assert letters_to(applicant.user) == ["receipt"]

    def test_starts_the_clock_of_the_whole_case_and_of_the_first_step(self, repair):
        running = dict(Deadline.objects.values_list("term__key", "due_on"))

        # Ten working days: 29 and 30 September, 8 to 10 and 12 to 16 October.
        assert running == {
            "repair.ndrc.feedback": dt.date(2026, 10, 16),
            "repair.promise.feedback": dt.date(2026, 10, 14),
            "repair.precheck": dt.date(2026, 9, 28),
        }

    def test_tells_the_query_code_in_the_receipt_alone(self, repair, cast):
        walk(repair, "check:yes examine:accept", cast)
        code = Repair.objects.get().query_code
        told = {letter.name: code in letter.html for letter in Letter.objects.all()}

        assert told == {"receipt": True, "accepted": False}

    def test_goes_to_the_market_regulators_rules_for_its_own_decisions(
        self, applicant, company, office
    ):
        regulator = Unit.objects.create(
            code="SJ", name="市场监管局（示例）", name_en="x", credit_code="11370115MB00000SJ0"
        )
        record = Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number="济阳市监罚〔2026〕1号（示例）",
            subject=company,
            authority_code=regulator.credit_code,
            authority_name=regulator.name,
            decided_on=dt.date(2026, 6, 25),
            categories=["罚款"],
        )
        case = open_a_repair(applicant, record)

        assert (case.channel, case.grade) == ("samr", "general")
        assert Deadline.objects.filter(term__key="repair.samr.feedback").exists()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"correction": ""}, "correction"),
            ({"proof": []}, "proof"),
            ({"agreed": ""}, "agreed"),
            ({"commitment": "0" * 64}, "commitment"),
            ({"agent_phone": "call me"}, "agent_phone"),
            ({"fulfilled_on": "2026-09-29"}, "fulfilled_on"),  # tomorrow
            ({"fulfilled_on": "2026-06-24"}, "fulfilled_on"),  # before the decision
            ({"fulfilled_on": "30 February"}, "fulfilled_on"),
            ({"correction": "x" * 2001}, "correction"),
        ],
    )
    def test_leaves_nothing_behind_when_an_answer_is_refused(
        self, applicant, penalty, changed, field
    ):
        with pytest.raises(work.AnswersRefused) as refused:
            open_a_repair(applicant, penalty, **changed)

        assert list(refused.value.fields) == [field]
        assert nothing_is_left()

    def test_is_refused_before_its_day_with_the_first_possible_day(self, applicant, penalty):
        with pytest.raises(intake.NotPossible) as refused:
            applicant.applies(penalty, at=at("09-25", 23, 59))

        assert refused.value.status == 422
        assert refused.value.fields["opens_on"] == dt.date(2026, 9, 26)
        assert nothing_is_left()
        assert applicant.applies(penalty, at=at("09-26", 0)).state == State.RECEIVED

    def test_is_refused_after_the_longest_publication(self, applicant, penalty):
        late = dt.datetime.fromisoformat("2027-06-26T09:00+08:00")
        with pytest.raises(intake.NotPossible):
            applicant.applies(penalty, at=late)

    def test_about_a_permit_or_an_unpublished_record_is_refused(self, applicant, penalty):
        for change in ({"kind": "permit"}, {"kind": "penalty", "publication": "stopped"}):
            with audit.act(by=None, at=APPLIED):
                Record.objects.update(**change)
            with pytest.raises(intake.NotPossible):
                open_a_repair(applicant, penalty)
        assert nothing_is_left(files=2)

    def test_is_refused_while_a_case_about_the_record_is_open_and_names_it(
        self, repair, applicant, penalty
    ):
        with pytest.raises(intake.AlreadyOpen, match=repair.reference) as refused:
            open_a_repair(applicant, penalty)

        assert refused.value.status == 409
        assert Repair.objects.count() == 1

    def test_may_be_made_again_after_a_withdrawal(self, repair, applicant, penalty, cast):
        walk(repair, "check:yes WITHDRAW", cast)

        again = open_a_repair(applicant, penalty)
        assert again.reference == "XF-2026-000002"

    def test_about_anothers_record_is_refused_as_if_it_did_not_exist(self, penalty, db):
        stranger = Applicant(User.objects.create_user("stranger"))
        Representation.objects.create(
            user=stranger.user, credit_code="91370115MA00000000", since=SINCE
        )
        with pytest.raises(topics.NoSuchRecord) as refused:
            open_a_repair(stranger, penalty)
        assert refused.value.status == 404

    def test_by_a_person_who_no_longer_acts_for_the_party_is_refused(self, applicant, penalty):
        Representation.objects.update(until=dt.date(2026, 9, 27))

        with pytest.raises(topics.NoSuchRecord):
            open_a_repair(applicant, penalty)

    def test_is_refused_where_the_authority_does_not_take_part(self, applicant, penalty, bureau):
        Record.objects.update(authority_code="11370115MB99999990", authority_name="某局")
        penalty.refresh_from_db()

        with pytest.raises(involved.AuthorityAbsent, match="某局"):
            open_a_repair(applicant, penalty)
        assert nothing_is_left()

    def test_is_undone_whole_when_a_term_is_missing(self, applicant, penalty):
        Term.objects.filter(key="repair.precheck").delete()

        with pytest.raises(Exception, match=r"repair\.precheck"):
            open_a_repair(applicant, penalty)
        assert nothing_is_left()


class TestAWithdrawal:
    @pytest.mark.parametrize(
        "way",
        [
            "",
            "check:no",
            "check:yes",
            "check:yes examine:more",
            "check:yes examine:accept",
            "check:yes examine:accept verify:good",
            "check:yes examine:accept CLAIM:verify",
        ],
    )
    def test_ends_everything_that_still_runs(self, repair, cast, applicant, way):
        now = walk(repair, way, cast)
        intake.withdraw(repair.reference, by=applicant.user, at=now)

        case = Repair.objects.select_related("process").get()
        assert (case.state, case.closed_at) == (State.WITHDRAWN, now)
        assert case.process.status == "CANCELED"
        assert not WorkItem.objects.filter(state__in=["open", "claimed"]).exists()
        assert not Deadline.objects.filter(ended_at=None).exists()
        assert letters_to(applicant.user)[-1] == "withdrawn"

    @pytest.mark.parametrize(
        "way",
        [
            "check:no LAPSE",
            "check:yes examine:refuse review:agree",
            "check:yes examine:accept verify:good decide:grant",
            "check:yes WITHDRAW",
        ],
    )
    def test_comes_too_late_once_it_is_decided_or_over(self, repair, cast, applicant, way):
        now = walk(repair, way, cast)
        before = Entry.objects.count()

        with pytest.raises(intake.TooLate) as refused:
            intake.withdraw(repair.reference, by=applicant.user, at=now)
        assert refused.value.status == 409
        assert Entry.objects.count() == before

    def test_is_the_partys_alone(self, repair, cast):
        stranger = User.objects.create_user("stranger")

        for who in (stranger, cast["clerk"].user, cast["approver"].user):
            with pytest.raises(topics.NoSuchCase) as refused:
                intake.withdraw(repair.reference, by=who, at=at("09-29"))
            assert refused.value.status == 404
        assert Repair.objects.get().state == State.RECEIVED

    def test_of_a_case_that_does_not_exist_is_refused(self, applicant):
        with pytest.raises(topics.NoSuchCase):
            intake.withdraw("XF-2026-999999", by=applicant.user, at=at("09-29"))

    def test_may_be_made_by_another_representative(self, repair):
        colleague = User.objects.create_user("colleague")
        Representation.objects.create(user=colleague, credit_code=COMPANY, since=SINCE)

        intake.withdraw(repair.reference, by=colleague, at=at("09-29"))
        withdrawn = Entry.objects.get(kind="withdraw")
        assert withdrawn.by == f"user:{colleague.pk}"
