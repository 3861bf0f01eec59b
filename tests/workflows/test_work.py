"""Work: taken by one person, done by that person, whole or not at all."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Duty, Membership, Representation, User
from cases.repair.states import Repair, State
from forms import attachments
from notifications.models import Letter, Message
from tests.actors import Applicant, a_pdf, open_item
from tests.conftest import COMPANY, SINCE
from tests.workflows.walks import ANSWERS, APPLIED, at, open_a_repair, walk
from workflows import intake, work
from workflows.models import Deadline, Entry, Purpose, WorkItem

NOW = at("09-28", 10, 5)
LATER = at("09-28", 11)


@pytest.fixture
def check(repair, staff):
    return open_item(repair, "check")


@pytest.fixture
def second_clerk(office):
    user = User.objects.create_user("second", display_name="李示例")
    Membership.objects.create(user=user, unit=office, duty=Duty.COUNTER, since=SINCE)
    return user


@pytest.fixture
def stranger(db):
    return User.objects.create_user("stranger")


def everything():
    """Return all that an act could have changed."""
    return {
        "log": list(Entry.objects.order_by("id").values_list("stream", "seq", "hash")),
        "cases": list(Repair.objects.order_by("pk").values()),
        "items": list(WorkItem.objects.order_by("pk").values()),
        "clocks": list(Deadline.objects.order_by("pk").values()),
        "letters": list(Letter.objects.order_by("pk").values_list("number")),
        "messages": list(Message.objects.order_by("pk").values_list("subject")),
    }


@pytest.fixture
def nothing_changes():
    before = {}

    def remember():
        before.update(everything())

    yield remember
    assert before, "the test did not say from when on nothing may change"
    assert everything() == before


class TestClaiming:
    def test_takes_a_step_into_ones_own_inbox(self, check, clerk):
        claimed = work.claim(check.pk, by=clerk.user, at=NOW)

        again = WorkItem.objects.get(pk=check.pk)
        assert (again.state, again.owner, again.claimed_at) == ("claimed", clerk.user, NOW)
        assert again.due_on == claimed.due_on == check.due_on
        assert Entry.objects.order_by("seq").last().kind == "claimed"

    def test_is_refused_when_somebody_was_faster_and_says_who_and_when(
        self, check, clerk, second_clerk, nothing_changes
    ):
        work.claim(check.pk, by=clerk.user, at=NOW)
        nothing_changes()

        with pytest.raises(work.TakenByAnother) as refused:
            work.claim(check.pk, by=second_clerk, at=LATER)
        assert refused.value.status == 409
        assert "clerk" in str(refused.value)
        assert "10:05" in str(refused.value)
        assert refused.value.fields == {"who": "clerk", "when": NOW}

    def test_twice_by_the_same_person_is_refused_too(self, check, clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)

        with pytest.raises(work.TakenByAnother):
            work.claim(check.pk, by=clerk.user, at=LATER)

    def test_is_refused_once_the_step_is_done(self, check, repair, clerk, cast, second_clerk):
        walk(repair, "check:yes", cast)

        with pytest.raises(work.TakenByAnother, match="clerk") as refused:
            work.claim(check.pk, by=second_clerk, at=LATER)
        assert "09:00" in str(refused.value)

    def test_is_refused_to_another_unit(self, check, acceptor, nothing_changes):
        nothing_changes()
        with pytest.raises(work.NotYourQueue) as refused:
            work.claim(check.pk, by=acceptor.user, at=NOW)
        assert refused.value.status == 403

    def test_is_refused_to_another_duty_of_the_same_unit(self, check, office_handler):
        with pytest.raises(work.NotYourQueue):
            work.claim(check.pk, by=office_handler.user, at=NOW)

    def test_is_refused_before_a_duty_begins_and_after_it_ends(self, check, clerk, second_clerk):
        Membership.objects.filter(user=clerk.user).update(until=dt.date(2026, 9, 27))
        Membership.objects.filter(user=second_clerk).update(since=dt.date(2026, 9, 29))

        for person in (clerk.user, second_clerk):
            with pytest.raises(work.NotYourQueue):
                work.claim(check.pk, by=person, at=NOW)

    def test_is_refused_to_a_person_who_was_deactivated(self, check, clerk):
        clerk.user.is_active = False

        with pytest.raises(work.NotYourQueue):
            work.claim(check.pk, by=clerk.user, at=NOW)

    def test_tells_a_stranger_nothing_about_who_works_on_a_step(self, check, clerk, stranger):
        work.claim(check.pk, by=clerk.user, at=NOW)

        for verb in (work.claim, work.release):
            with pytest.raises(work.NotYourQueue) as refused:
                verb(check.pk, by=stranger, at=LATER)
            assert "clerk" not in str(refused.value)
            assert refused.value.fields == {}
        with pytest.raises(work.NotYourQueue):
            work.complete(check.pk, by=stranger, answers={}, at=LATER)

    def test_of_a_step_that_does_not_exist_is_refused(self, clerk):
        with pytest.raises(work.NoSuchWork) as refused:
            work.claim(999_999, by=clerk.user, at=NOW)
        assert refused.value.status == 404

    def test_is_refused_after_the_party_withdrew(self, check, repair, clerk, applicant):
        intake.withdraw(repair.reference, by=applicant.user, at=NOW)

        with pytest.raises(work.TakenByAnother):
            work.claim(check.pk, by=clerk.user, at=LATER)

    def test_leaves_what_is_asked_of_the_party_to_the_party(self, repair, cast, clerk):
        walk(repair, "check:no", cast)
        redo = open_item(repair, "redo")

        with pytest.raises(work.NothingToClaim):
            work.claim(redo.pk, by=cast["applicant"].user, at=NOW)
        with pytest.raises(work.NoSuchWork):
            work.claim(redo.pk, by=clerk.user, at=NOW)


class TestReleasing:
    def test_gives_the_step_back_to_its_queue_and_leaves_its_clock_alone(self, check, clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)
        work.release(check.pk, by=clerk.user, at=LATER)

        again = WorkItem.objects.get(pk=check.pk)
        assert (again.state, again.owner, again.claimed_at) == ("open", None, None)
        assert again.due_on == check.due_on
        assert Deadline.objects.get(item=check).ended_at is None

    def test_lets_another_claim_it(self, check, clerk, second_clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)
        work.release(check.pk, by=clerk.user, at=LATER)

        assert work.claim(check.pk, by=second_clerk, at=LATER).owner == second_clerk

    def test_is_refused_to_everybody_but_its_owner(self, check, clerk, second_clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)

        with pytest.raises(work.TakenByAnother, match="clerk"):
            work.release(check.pk, by=second_clerk, at=LATER)
        assert WorkItem.objects.get(pk=check.pk).owner == clerk.user

    def test_is_possible_for_a_person_whose_duty_has_ended(self, check, clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)
        Membership.objects.filter(user=clerk.user).update(until=dt.date(2026, 9, 27))

        work.release(check.pk, by=User.objects.get(pk=clerk.user.pk), at=LATER)
        assert WorkItem.objects.get(pk=check.pk).state == "open"

    def test_of_a_step_nobody_claimed_is_refused(self, check, clerk):
        with pytest.raises(work.NotYourQueue):
            work.release(check.pk, by=clerk.user, at=NOW)


class TestCompleting:
    def test_needs_a_claim_first(self, check, clerk, nothing_changes):
        nothing_changes()
        with pytest.raises(work.NotYourQueue):
            work.complete(check.pk, by=clerk.user, answers=ANSWERS["check:yes"], at=NOW)

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({}, "form_complete"),
            ({"form_complete": "maybe"}, "form_complete"),
            ({"form_complete": "False"}, "missing"),
            ({"form_complete": "False", "missing": "  "}, "missing"),
            ({"form_complete": "False", "missing": "x\x00y"}, "missing"),
        ],
    )
    def test_writes_nothing_when_an_answer_is_missing_or_invalid(
        self, check, clerk, nothing_changes, answers, field
    ):
        work.claim(check.pk, by=clerk.user, at=NOW)
        nothing_changes()

        with pytest.raises(work.AnswersRefused) as refused:
            work.complete(check.pk, by=clerk.user, answers=answers, at=LATER)
        assert refused.value.status == 422
        assert list(refused.value.fields) == [field]
        assert all(sentence for sentence in refused.value.fields[field])

    def test_is_undone_whole_when_the_letter_cannot_be_written(
        self, check, clerk, nothing_changes, monkeypatch
    ):
        from workflows import correspondence

        work.claim(check.pk, by=clerk.user, at=NOW)
        nothing_changes()
        monkeypatch.setattr(correspondence, "remedies", lambda on: 1 // 0)

        with pytest.raises(ZeroDivisionError):
            work.complete(check.pk, by=clerk.user, answers=ANSWERS["check:no"], at=LATER)

    def test_is_undone_whole_when_the_next_step_cannot_open(
        self, check, clerk, nothing_changes, bureau
    ):
        from workflows.models import Term

        work.claim(check.pk, by=clerk.user, at=NOW)
        Term.objects.filter(key="repair.ndrc.accept").delete()
        nothing_changes()

        with pytest.raises(Exception, match=r"repair\.ndrc\.accept"):
            work.complete(check.pk, by=clerk.user, answers=ANSWERS["check:yes"], at=LATER)

    def test_is_refused_to_anybody_but_the_one_who_claimed_it(
        self, check, clerk, second_clerk, nothing_changes
    ):
        work.claim(check.pk, by=clerk.user, at=NOW)
        nothing_changes()

        with pytest.raises(work.TakenByAnother, match="clerk"):
            work.complete(check.pk, by=second_clerk, answers=ANSWERS["check:yes"], at=LATER)

    def test_is_refused_once_the_duty_has_ended(self, check, clerk, nothing_changes):
        work.claim(check.pk, by=clerk.user, at=NOW)
        Membership.objects.filter(user=clerk.user).update(until=dt.date(2026, 9, 28))
        nothing_changes()

        with pytest.raises(work.NotYourQueue):
            work.complete(
                check.pk,
                by=User.objects.get(pk=clerk.user.pk),
                answers=ANSWERS["check:yes"],
                at=at("09-29"),
            )

    def test_twice_is_refused_and_says_when_it_was_done(self, check, repair, clerk, cast):
        walk(repair, "check:yes", cast)

        with pytest.raises(work.TakenByAnother, match="09:00"):
            work.complete(check.pk, by=clerk.user, answers=ANSWERS["check:yes"], at=LATER)

    def test_of_a_step_of_a_withdrawn_case_is_refused(self, check, repair, clerk, applicant):
        work.claim(check.pk, by=clerk.user, at=NOW)
        intake.withdraw(repair.reference, by=applicant.user, at=LATER)

        with pytest.raises(work.TakenByAnother):
            work.complete(check.pk, by=clerk.user, answers=ANSWERS["check:yes"], at=LATER)
        assert Repair.objects.get().state == State.WITHDRAWN

    def test_ends_the_clock_of_the_step_and_says_whether_it_was_met(self, repair, cast):
        walk(repair, "check:yes", cast, since=at("09-29"))

        checked = Deadline.objects.get(item__step="check")
        assert (checked.was_met, checked.ended_at) == (False, at("09-29", 16))
        running = Deadline.objects.filter(case=repair, ended_at=None)
        asked = {clock.purpose for clock in running.filter(item__step="examine")}
        assert asked == {Purpose.LIMIT, Purpose.PROMISE, Purpose.DEEMED}
        assert {clock.purpose for clock in running.filter(item=None)} == {
            Purpose.LIMIT,
            Purpose.PROMISE,
        }

    def test_answers_what_the_party_is_asked_only_for_the_party(
        self, repair, cast, stranger, nothing_changes
    ):
        walk(repair, "check:no", cast)
        redo = open_item(repair, "redo")
        nothing_changes()

        for person in (stranger, cast["clerk"].user, cast["acceptor"].user):
            with pytest.raises(work.NoSuchWork):
                work.complete(redo.pk, by=person, answers=ANSWERS["redo:done"], at=LATER)

    def test_lets_any_representative_answer_for_the_party(self, repair, cast, stranger):
        walk(repair, "check:no", cast)
        Representation.objects.create(user=stranger, credit_code=COMPANY, since=SINCE)

        Applicant(stranger).does("redo", repair, at=LATER, **ANSWERS["redo:done"])

        assert WorkItem.objects.get(step="redo").owner == stranger

    def test_does_not_accept_anothers_file_or_one_used_before(
        self, repair, cast, stranger, nothing_changes
    ):
        walk(repair, "check:no", cast)
        foreign = attachments.store(SimpleUploadedFile("a.pdf", a_pdf()), by=stranger, at=NOW)
        used = attachments.of_case(repair.reference).first()
        nothing_changes()

        for file in (foreign.pk, used.pk, 999_999, "x"):
            with pytest.raises(work.AnswersRefused) as refused:
                cast["applicant"].does(
                    "redo", repair, at=LATER, proof=[str(file)], **ANSWERS["redo:done"]
                )
            assert list(refused.value.fields) == ["proof"]

    def test_never_moves_a_file_from_one_case_to_another(self, repair, cast):
        walk(repair, "check:no", cast)
        file = cast["applicant"].hands_in(at=NOW)
        item = open_item(repair, "redo")
        answers = {**ANSWERS["redo:done"], "proof": [str(file.pk)]}
        form = work.form_for(item, by=cast["applicant"].user, on=NOW.date(), answers=answers)
        assert form.is_valid()
        attachments.bind([file.pk], about="XF-2026-999999")

        with pytest.raises(work.FileUsed) as refused:
            work.bind(form, repair)
        assert refused.value.status == 409
        assert attachments.of_case("XF-2026-999999").get() == file


class TestLapsing:
    def test_is_refused_for_a_step_already_answered(self, repair, cast):
        walk(repair, "check:no", cast)
        redo = open_item(repair, "redo")
        walk(repair, "redo:done", cast, since=NOW)

        with pytest.raises(work.TakenByAnother):
            work.lapse(redo.pk, at=LATER)
        assert Repair.objects.get().state == State.RECEIVED

    def test_is_written_down_as_the_services_own_act(self, repair, cast):
        walk(repair, "check:no LAPSE", cast)

        lapsed = Entry.objects.get(kind="lapsed")
        assert lapsed.by == "service"
        assert Repair.objects.get().state == State.LAPSED


class TestWhyNot:
    @pytest.mark.parametrize(
        ("who", "may"),
        [("clerk", True), ("acceptor", False), ("office_handler", False), ("applicant", False)],
    )
    def test_says_in_advance_what_a_claim_would_say(self, check, cast, who, may):
        said = work.why_not(check, cast[who].user, on=NOW.date())

        assert (said == "") is may

    def test_names_the_one_who_was_faster(self, check, clerk, second_clerk):
        work.claim(check.pk, by=clerk.user, at=NOW)

        taken = WorkItem.objects.get(pk=check.pk)
        assert "clerk" in work.why_not(taken, second_clerk, on=NOW.date())


class TestTwoCases:
    def test_do_not_touch_each_other(self, applicant, penalty, cast, bureau, company):
        from records.models import Record

        other = Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number="济阳城管罚决字〔2026〕第0102号（示例）",
            subject=company,
            authority_code=bureau.credit_code,
            authority_name=bureau.name,
            decided_on=penalty.decided_on,
            categories=["罚款"],
        )
        first, second = (open_a_repair(applicant, record) for record in (penalty, other))
        before = list(Entry.objects.filter(stream=second.reference).values())

        walk(first, "check:yes examine:accept", cast, since=APPLIED)

        assert list(Entry.objects.filter(stream=second.reference).values()) == before
        assert open_item(second, "check").state == WorkItem.State.OPEN
        assert Repair.objects.get(pk=second.pk).state == State.RECEIVED
