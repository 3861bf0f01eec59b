"""The next step: the most urgent one that a person may take, and never the same for two."""

import threading

import pytest

from accounts.models import Duty, Membership, Representation, User
from tests.actors import open_item
from tests.conftest import SINCE, _caseworker
from tests.workflows.test_races import another_penalty, split, together
from tests.workflows.walks import at, open_a_repair, walk
from workflows import next as urgent
from workflows import several, work
from workflows.models import Recusal, WorkItem
from workflows.narrowing import Narrowing

NOW = at("09-28", 12)


def takes(person, **told):
    return urgent.claim_next(by=User.objects.get(pk=person.user.pk), at=NOW, **told)


@pytest.fixture
def many(applicant, penalty, cast):
    """Four applications at the counter, the first received soonest due."""
    cases = [open_a_repair(applicant, penalty)]
    cases += [open_a_repair(applicant, another_penalty(penalty, n)) for n in (2, 3, 4)]
    for case, due in zip(cases, ("2026-10-12", "2026-09-30", None, "2026-10-08"), strict=True):
        case.items.update(due_on=due)
    return cases


class TestTheNextStep:
    def test_is_the_most_urgent_and_a_clock_that_stands_still_comes_last(self, many, clerk):
        taken = [takes(clerk).case_id for _each in many]

        assert taken == [many[n].pk for n in (1, 3, 0, 2)]
        with pytest.raises(urgent.NothingToTake):
            takes(clerk)
        assert set(WorkItem.objects.values_list("owner", "state")) == {(clerk.user.pk, "claimed")}

    def test_is_one_that_fits_the_filters(self, many, clerk):
        wanted = Narrowing(text=many[3].reference)
        assert takes(clerk, narrowed=wanted).case_id == many[3].pk
        with pytest.raises(urgent.NothingToTake):
            takes(clerk, narrowed=wanted)

    def test_is_not_in_a_case_from_which_one_is_recused_or_which_is_ones_own(
        self, many, clerk, applicant
    ):
        Recusal.objects.create(case_id=many[1].pk, person=clerk.user, since=NOW)
        assert takes(clerk).case_id == many[3].pk

        code = many[0].party.credit_code
        Representation.objects.create(user=clerk.user, credit_code=code, since=SINCE)
        with pytest.raises(urgent.NothingToTake):
            takes(clerk)

    def test_is_not_one_that_wants_a_second_person(self, many, cast, bureau):
        for case in many[:2]:
            walk(case, "check:yes examine:accept", cast)
        walk(many[0], "verify:good", cast)
        other = _caseworker(bureau, Duty.HANDLER, "other handler")
        walk(many[1], "verify:good", {**cast, "handler": other})
        handler = cast["handler"]
        Membership.objects.create(user=handler.user, unit=bureau, duty=Duty.APPROVER, since=SINCE)

        wanted = Narrowing(step="decide")
        assert takes(handler, narrowed=wanted).case_id == many[1].pk
        with pytest.raises(urgent.NothingToTake):
            takes(handler, narrowed=wanted)

    def test_is_not_in_a_suspended_case(self, many, clerk):
        many[1].typed.__class__.objects.filter(pk=many[1].pk).update(suspended_at=NOW)

        assert takes(clerk).case_id == many[3].pk

    def test_costs_no_more_than_an_act_may(self, many, clerk, django_assert_max_num_queries):
        with django_assert_max_num_queries(40):
            takes(clerk)


class TestSeveralSteps:
    def test_are_claimed_each_for_itself(self, many, clerk, office):
        colleague = _caseworker(office, Duty.COUNTER, "另一位示例")
        items = [open_item(case, "check") for case in many]
        colleague.claims("check", many[2], at=NOW)

        outcomes = several.claim_each([i.pk for i in items], by=clerk.user, at=NOW)

        assert [one.done for one in outcomes] == [True, True, False, True]
        assert "另一位示例" in outcomes[2].why
        owners = WorkItem.objects.filter(owner=clerk.user).values_list("case", flat=True)
        assert set(owners) == {many[n].pk for n in (0, 1, 3)}

    def test_are_put_back_each_for_itself(self, many, clerk):
        items = [open_item(case, "check") for case in many]
        several.claim_each([i.pk for i in items[:3]], by=clerk.user, at=NOW)

        outcomes = several.release_each([i.pk for i in items], by=clerk.user, at=NOW)

        assert [one.done for one in outcomes] == [True, True, True, False]
        assert not WorkItem.objects.filter(state="claimed").exists()

    def test_of_another_unit_are_refused_without_a_word_about_them(self, many, acceptor):
        item = open_item(many[0], "check")
        (stranger, nothing) = several.claim_each([item.pk, 10**12], by=acceptor.user, at=NOW)

        assert not stranger.done
        assert not nothing.done
        assert stranger.item is nothing.item is None

    @pytest.mark.parametrize(
        ("ids", "refusal"), [([], several.NothingTicked), (range(51), several.TooMany)]
    )
    def test_are_some_and_not_too_many(self, ids, refusal, clerk):
        with pytest.raises(refusal):
            several.claim_each(ids, by=clerk.user, at=NOW)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptying_the_log")
class TestTwoWhoTakeTheNextAtOnce:
    def test_never_get_the_same(self, many, clerk, office):
        people = [clerk] + [_caseworker(office, Duty.COUNTER, f"示例{n}") for n in range(3)]
        for _round in range(8):
            taken, refused = split(together(*(lambda who=who: takes(who) for who in people)))

            assert refused == []
            assert {item.case_id for item in taken} == {case.pk for case in many}
            for item in taken:
                work.release(item.pk, by=item.owner, at=NOW)

    def test_and_find_one_left_are_one_who_has_it_and_one_who_is_told(self, many, clerk, office):
        other = _caseworker(office, Duty.COUNTER, "另一位示例")
        for case in many[1:]:
            other.claims("check", case, at=NOW)
        for _round in range(8):
            (won,), (lost,) = split(
                together(*(lambda who=who: takes(who) for who in (clerk, other)))
            )
            assert isinstance(lost, urgent.NothingToTake)
            work.release(won.pk, by=won.owner, at=NOW)

    def test_pass_over_a_case_that_somebody_works_on(self, many, clerk):
        first = open_item(many[1], "check")
        locked, over = threading.Event(), threading.Event()

        def sit_on_it():
            with work.holding(first.pk, by=None, at=NOW):
                locked.set()
                over.wait(timeout=20)

        def take():
            locked.wait(timeout=20)
            try:
                return takes(clerk)
            finally:
                over.set()

        _sat, taken = together(sit_on_it, take)
        assert taken.case_id == many[3].pk
