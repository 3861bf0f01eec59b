"""Who is tied to the party or the matter keeps out of the case, and the work goes on."""

import datetime as dt

import pytest

from accounts.models import Duty, Membership, Representation
from cases.repair.states import Repair, State
from tests.actors import Applicant, open_item
from tests.conftest import COMPANY, SINCE
from tests.workflows.absences import joins, known_anew, somebody, stands_in
from tests.workflows.walks import ANSWERS, at, open_a_repair, walk
from workflows import audit, hands, proposals, recusal, topics, work
from workflows.models import Entry, Proposal, Recusal, Sealed, WorkItem

TOLD = at("09-29", 9)
NOW = at("09-29", 10)
TIE = "承办人与当事人的法定代表人是姻亲（示例）。"


def decides(proposal, by, *, grant=True, on=NOW, **more):
    user = known_anew(by).user
    return proposals.decide(proposal.pk, by=user, grant=grant, at=on, **more)


def declares(case, person, *, on=TOLD):
    return recusal.declare(case.reference, by=known_anew(person).user, at=on, reason=TIE)


@pytest.fixture
def verified(repair, cast):
    """A case that the handler has claimed to verify."""
    walk(repair, "check:yes examine:accept CLAIM:verify", cast)
    return repair


@pytest.fixture
def colleague(bureau):
    """Another handler of the bureau."""
    person = somebody("colleague")
    joins(person, bureau, Duty.HANDLER)
    return person


@pytest.fixture
def recused(verified, cast):
    """The handler has declared a tie, and the approver has granted it."""
    decides(declares(verified, cast["handler"]), cast["approver"])
    return cast["handler"]


class TestADeclaration:
    def test_changes_nothing_before_the_head_has_decided(self, verified, cast):
        proposal = declares(verified, cast["handler"])

        assert (proposal.kind, proposal.unit.code) == ("recuse", "CG")
        assert proposal in proposals.open_for(cast["approver"].user, on=NOW.date())
        assert open_item(verified, "verify").owner == cast["handler"].user
        walk(verified, "verify:good", cast, since=NOW)
        assert open_item(verified, "decide").state == "open"

    def test_granted_releases_what_the_person_has_claimed(self, verified, cast, recused):
        item = open_item(verified, "verify")

        assert (item.state, item.owner) == ("open", None)
        assert Recusal.objects.get().person == recused.user
        told = Entry.objects.filter(stream=verified.reference, at=NOW).order_by("seq")
        assert [entry.kind for entry in told] == ["proposal_granted", "recused", "released"]
        event = Entry.objects.get(kind="recused")
        assert event.basis == "行政处罚法 §43; 公务员法 §76-77"
        assert event.detail["person"] == f"user:{recused.user.pk}"

    def test_refused_leaves_everything_as_it_is(self, verified, cast):
        decides(declares(verified, cast["handler"]), cast["approver"], grant=False)

        assert not Recusal.objects.exists()
        assert open_item(verified, "verify").owner == cast["handler"].user

    def test_is_not_decided_by_the_person_themself(self, verified, cast, bureau):
        joins(cast["handler"], bureau, Duty.APPROVER)
        proposal = declares(verified, cast["handler"])

        with pytest.raises(proposals.SameHand):
            decides(proposal, cast["handler"])

    def test_keeps_the_reason_out_of_the_log(self, verified, cast):
        declares(verified, cast["handler"])

        entry = Entry.objects.get(kind="proposed")
        assert TIE not in str(entry.detail)
        assert set(entry.sealed) == {"reason", "evidence"}
        assert Sealed.objects.get(entry=entry, name="reason").value == TIE
        assert not list(audit.verify(Entry.objects.order_by("stream", "seq")))

    def test_needs_a_reason_and_a_part_in_the_case(self, verified, cast):
        with pytest.raises(proposals.NotAllowed):
            recusal.declare(verified.reference, by=cast["handler"].user, at=TOLD, reason=" ")
        for person in (somebody("passer-by"), cast["applicant"]):
            with pytest.raises(proposals.NotYours):
                declares(verified, person)
        with pytest.raises(proposals.NotYours):
            recusal.declare("XF-2026-999999", by=cast["handler"].user, at=TOLD, reason=TIE)

    def test_is_refused_a_second_time(self, verified, recused):
        with pytest.raises(proposals.NotAllowed):
            declares(verified, recused, on=NOW)

    def test_is_refused_once_the_case_is_closed(self, repair, cast):
        now = walk(repair, "check:yes examine:accept WITHDRAW", cast)
        with pytest.raises(proposals.NotAllowed):
            declares(repair, cast["handler"], on=now)

    def test_of_the_only_approver_is_decided_by_another(self, verified, cast, bureau):
        proposal = declares(verified, cast["approver"])
        zhou = somebody("zhou")
        given = stands_in(zhou, cast["approver"], bureau)
        with pytest.raises((proposals.SameHand, proposals.Concerned)):
            decides(proposal, zhou)

        given.delete()
        joins(zhou, bureau, Duty.APPROVER)
        assert decides(proposal, zhou).granted
        with pytest.raises(hands.WhoIsRecused):
            walk(verified, "verify:good CLAIM:decide", {**cast, "handler": cast["handler"]})


class TestWhoIsRecused:
    def test_claims_nothing_in_the_case(self, verified, recused, colleague):
        item = open_item(verified, "verify")
        user = known_anew(recused).user

        assert work.why_not(item, user, on=NOW.date()) == str(hands.WhoIsRecused())
        with pytest.raises(hands.WhoIsRecused) as refused:
            work.claim(item.pk, by=user, at=NOW)
        assert refused.value.status == 403
        assert work.why_not(item, colleague.user, on=NOW.date()) == ""

    def test_completes_nothing_in_the_case(self, verified, recused):
        item = open_item(verified, "verify")

        with pytest.raises(hands.WhoIsRecused):
            work.complete(
                item.pk, by=known_anew(recused).user, answers=ANSWERS["verify:good"], at=NOW
            )

    def test_proposes_and_decides_nothing_in_it(self, verified, recused, colleague, cast, bureau):
        with pytest.raises(hands.WhoIsRecused):
            proposals.propose(
                "suspend",
                verified.reference,
                by=known_anew(recused).user,
                at=NOW,
                reason="等待裁定。",
                cause="court",
            )
        with pytest.raises(hands.WhoIsRecused):
            recusal.apply_for(
                verified.reference,
                by=known_anew(recused).user,
                at=NOW,
                reason=TIE,
                person=cast["acceptor"].user,
            )
        joins(recused, bureau, Duty.APPROVER)
        proposal = proposals.propose(
            "suspend",
            verified.reference,
            by=colleague.user,
            at=NOW,
            reason="等待裁定。",
            cause="court",
        )
        with pytest.raises(hands.WhoIsRecused):
            decides(proposal, recused)

    def test_acts_in_it_on_behalf_of_nobody(self, verified, recused, colleague, cast, bureau):
        Membership.objects.filter(user=recused.user).delete()
        stands_in(recused, colleague, bureau)

        with pytest.raises(hands.WhoIsRecused):
            work.claim(open_item(verified, "verify").pk, by=known_anew(recused).user, at=NOW)

    def test_is_stood_in_for_by_nobody_in_it(self, verified, recused, bureau):
        zhou = somebody("zhou")
        stands_in(zhou, recused, bureau)

        with pytest.raises(hands.WhoIsRecused):
            work.claim(open_item(verified, "verify").pk, by=zhou.user, at=NOW)

    def test_does_not_keep_a_substitute_from_standing_in_for_another(
        self, verified, recused, colleague, bureau
    ):
        zhou = somebody("zhou")
        stands_in(zhou, recused, bureau)
        stands_in(zhou, colleague, bureau)
        work.claim(open_item(verified, "verify").pk, by=zhou.user, at=NOW)

        assert open_item(verified, "verify").on_behalf_of == colleague.user

    def test_loses_what_a_substitute_has_claimed_for_them(self, verified, cast, bureau):
        work.release(open_item(verified, "verify").pk, by=cast["handler"].user, at=TOLD)
        zhou = somebody("zhou")
        stands_in(zhou, cast["handler"], bureau)
        zhou.claims("verify", verified, at=TOLD)
        decides(declares(verified, cast["handler"]), cast["approver"])

        item = open_item(verified, "verify")
        assert (item.state, item.owner, item.on_behalf_of) == ("open", None, None)

    def test_works_on_other_cases_as_before(self, verified, recused, cast, applicant, penalty):
        Repair.objects.filter(pk=verified.pk).update(closed_at=NOW)
        other = open_a_repair(applicant, penalty)
        cast = {**cast, "handler": known_anew(recused)}
        walk(other, "check:yes examine:accept verify:good", cast)

        assert open_item(other, "decide").state == "open"

    def test_leaves_the_case_to_others_who_bring_it_to_its_end(
        self, verified, recused, colleague, cast
    ):
        walk(
            verified,
            "verify:good decide:grant stop_publication:done confirm:seen",
            {**cast, "handler": colleague},
            since=NOW,
        )

        assert Repair.objects.get().state not in (State.RECEIVED, State.WITHDRAWN)
        assert not verified.items.filter(owner=recused.user, step="stop_publication").exists()


class TestAnApplication:
    def asks(self, case, by, **more):
        return recusal.apply_for(case.reference, by=by.user, at=TOLD, reason=TIE, **more)

    def test_of_the_party_describes_the_person_and_the_approver_says_who_it_is(
        self, verified, cast, applicant
    ):
        proposal = self.asks(verified, applicant, named="负责核实的经办人")
        assert (proposal.unit.code, proposal.detail) == ("CG", {"named": "负责核实的经办人"})
        with pytest.raises(proposals.NotAllowed):
            decides(proposal, cast["approver"])

        decides(proposal, cast["approver"], person=cast["handler"].user.pk)

        assert Recusal.objects.get().person == cast["handler"].user
        assert open_item(verified, "verify").state == "open"
        assert Proposal.objects.get().detail["person"] == cast["handler"].user.pk
        told = applicant.user.messages_received.latest("id")
        assert "handler" not in told.body

    def test_of_the_party_is_answered_when_it_is_refused(self, verified, cast, applicant):
        proposal = self.asks(verified, applicant, named="经办人")
        before = applicant.user.messages_received.count()
        decides(proposal, cast["approver"], grant=False, note="经查不属于法定回避情形（示例）。")

        assert applicant.user.messages_received.count() == before + 1
        assert "经查不属于法定回避情形" in applicant.user.messages_received.latest("id").body

    def test_of_the_party_keeps_its_words_out_of_the_log(self, verified, applicant):
        self.asks(verified, applicant, named="经办人示例某")

        entry = Entry.objects.get(kind="proposed")
        assert "示例某" not in str(entry.detail)
        assert "named" in entry.sealed

    def test_of_the_party_needs_words_and_its_own_case(self, verified, applicant, handler):
        with pytest.raises(proposals.NotAllowed):
            self.asks(verified, applicant)
        with pytest.raises(topics.NoSuchCase):
            self.asks(verified, somebody("stranger"), named="经办人")
        # The party is told no names of staff: it cannot even try one out.
        with pytest.raises(proposals.NotYours):
            self.asks(verified, applicant, person=handler.user)

    def test_is_not_granted_against_somebody_without_a_part(self, verified, cast, applicant):
        proposal = self.asks(verified, applicant, named="经办人")

        for stranger in (somebody("stranger").user.pk, applicant.user.pk, 999_999):
            with pytest.raises(proposals.NotAllowed):
                decides(proposal, cast["approver"], person=stranger)
        assert not Proposal.objects.exclude(decided_at=None).exists()

    def test_is_not_granted_by_the_person_it_turns_out_to_concern(self, verified, cast, applicant):
        proposal = self.asks(verified, applicant, named="批准人")

        with pytest.raises(proposals.Concerned):
            decides(proposal, cast["approver"], person=cast["approver"].user.pk)

    def test_of_a_colleague_names_the_person(self, verified, cast, colleague):
        proposal = self.asks(verified, colleague, person=cast["handler"].user)
        decides(proposal, cast["approver"])

        assert Recusal.objects.get().person == cast["handler"].user

    def test_of_another_unit_goes_to_the_unit_of_the_person(self, verified, cast):
        proposal = self.asks(verified, cast["clerk"], person=cast["handler"].user)

        assert proposal.unit.code == "CG"

    def test_is_not_decided_by_a_substitute_of_the_person(self, verified, cast, colleague, bureau):
        zhou = somebody("zhou")
        joins(zhou, bureau, Duty.APPROVER)
        stands_in(zhou, cast["handler"], bureau)
        proposal = self.asks(verified, colleague, person=cast["handler"].user)

        with pytest.raises(proposals.Concerned):
            decides(proposal, zhou)

    def test_names_nobody_without_a_part_in_the_case(self, verified, colleague):
        with pytest.raises(proposals.NotAllowed):
            self.asks(verified, colleague, person=somebody("stranger").user)


class TestAMemberWhoRepresentsTheParty:
    def represents(self, person, *, since=SINCE, until=None):
        Representation.objects.create(
            user=person.user, credit_code=COMPANY, since=since, until=until
        )

    def test_is_recused_from_the_start(self, repair, cast):
        self.represents(cast["clerk"])

        with pytest.raises(hands.WhoIsRecused):
            cast["clerk"].claims("check", repair, at=NOW)

    def test_loses_the_step_when_it_comes_to_pass_later(self, repair, cast, office):
        item = cast["clerk"].claims("check", repair, at=TOLD)
        self.represents(cast["clerk"])

        with pytest.raises(hands.WhoIsRecused):
            work.complete(
                item.pk, by=known_anew(cast["clerk"]).user, answers=ANSWERS["check:yes"], at=NOW
            )
        work.release(item.pk, by=known_anew(cast["clerk"]).user, at=NOW)
        assert WorkItem.objects.get(pk=item.pk).state == "open"

    def test_loses_it_to_a_colleague_who_gives_it_back(self, repair, cast, office):
        item = cast["clerk"].claims("check", repair, at=TOLD)
        liu = somebody("liu")
        joins(liu, office, Duty.COUNTER)
        self.represents(cast["clerk"])
        work.release(item.pk, by=liu.user, at=NOW)

        assert liu.does("check", repair, at=NOW, **ANSWERS["check:yes"])

    def test_is_recused_also_when_that_ended_after_the_case_was_opened(self, repair, cast):
        self.represents(cast["clerk"], until=dt.date(2026, 9, 28))
        with pytest.raises(hands.WhoIsRecused):
            cast["clerk"].claims("check", repair, at=NOW)

    def test_is_not_recused_when_that_ended_before(self, repair, cast):
        self.represents(cast["clerk"], until=dt.date(2026, 9, 27))

        assert cast["clerk"].claims("check", repair, at=NOW).state == "claimed"

    def test_still_answers_for_the_party(self, repair, cast):
        self.represents(cast["handler"])
        walk(repair, "check:no", cast)
        party = Applicant(known_anew(cast["handler"]).user)
        party.does("redo", repair, at=NOW, **ANSWERS["redo:done"])

        assert WorkItem.objects.get(step="redo").owner == cast["handler"].user

    def test_is_not_stood_in_for(self, repair, cast, office):
        self.represents(cast["clerk"])
        zhou = somebody("zhou")
        stands_in(zhou, cast["clerk"], office)

        with pytest.raises(hands.WhoIsRecused):
            zhou.claims("check", repair, at=NOW)
