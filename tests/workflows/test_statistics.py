"""Numbers about the work: each is what its name says, and nobody counts what is not theirs."""

import datetime as dt
from collections import Counter

import pytest

from accounts.models import Duty, Unit, User
from records.models import Place, Record, Showing
from tests.actors import open_item
from tests.conftest import TUESDAY, _caseworker
from tests.workflows.walks import APPLIED, HOUR, STORIES, at, open_a_repair, walk
from workflows import bulletin, policy, statistics, tracking, work
from workflows.bulletin import Span
from workflows.models import Deadline, Purpose, Urging, WorkItem
from workflows.statistics import NOBODY, Course, Wanted

MONDAY = dt.date(2026, 9, 28)
TODAY = dt.date(2026, 9, 29)
FAR = dt.date(2026, 11, 20)
SEPTEMBER = Span(dt.date(2026, 9, 1), dt.date(2026, 9, 30), FAR)
OCTOBER = Span(dt.date(2026, 10, 1), dt.date(2026, 10, 31), FAR)
YEAR = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31), FAR)


def a_penalty(company, bureau, number):
    record = Record.objects.create(
        kind=Record.Kind.PENALTY,
        document_number=f"济阳城管罚决字〔2026〕第01{number:02}号（示例）",
        subject=company,
        authority_code=bureau.credit_code,
        authority_name=bureau.name,
        decided_on=dt.date(2026, 6, 25),
        categories=["罚款"],
    )
    Showing.objects.bulk_create([Showing(record=record, place=place) for place in Place.values])
    return record


@pytest.fixture
def cast(applicant, staff):
    return {**staff, "applicant": applicant}


@pytest.fixture
def waiting(applicant, penalty):
    """A case at the counter; its check is due on Monday."""
    return open_a_repair(applicant, penalty)


@pytest.fixture
def examined(applicant, company, bureau, cast):
    """A case at the bureau; its examination has until 8 October."""
    case = open_a_repair(applicant, a_penalty(company, bureau, 2))
    walk(case, "check:yes", cast)
    return case


@pytest.fixture
def repaired(applicant, company, bureau, cast):
    """A case received and closed on the Monday."""
    case = open_a_repair(applicant, a_penalty(company, bureau, 3))
    walk(case, STORIES["repaired"], cast)
    return case


@pytest.fixture
def other_supervisor(law):
    unit = Unit.objects.create(
        code="YJ", name="示例局", name_en="x", credit_code="11370115MB00000YJ0"
    )
    return _caseworker(unit, Duty.SUPERVISOR, "other supervisor").user


@pytest.fixture
def auditor(office):
    return _caseworker(office, Duty.AUDITOR, "auditor").user


def references(items):
    return [item.case.reference for item in items]


class TestPiles:
    def test_count_open_steps_by_unit_step_and_person_with_their_lights(
        self, waiting, examined, cast, office_supervisor
    ):
        cast["acceptor"].claims("examine", examined, at=APPLIED + 2 * HOUR)
        piles = statistics.piles_for(office_supervisor, on=TODAY)
        told = {(p.unit.code, p.step, p.owner, p.open, p.red, p.week) for p in piles}

        assert told == {("XY", "check", NOBODY, 1, 1, 0), ("CG", "examine", "acceptor", 1, 0, 0)}

    @pytest.mark.parametrize("days", range(-1, 20))
    def test_give_each_step_the_light_it_has_everywhere_else(
        self, days, waiting, examined, office_supervisor
    ):
        on = TODAY + dt.timedelta(days=days)
        items = WorkItem.objects.filter(state="open", unit__isnull=False)
        lights = Counter(item.light(on).value for item in items)
        piles = statistics.piles_for(office_supervisor, on=on)

        for light in ("red", "amber", "green", "grey"):
            listed = statistics.steps_for(office_supervisor, Wanted(light=light), on=on)
            assert sum(getattr(p, light) for p in piles) == len(listed) == lights[light]

    def test_see_a_broken_promise_as_amber(self, examined, office_supervisor):
        WorkItem.objects.filter(pk=open_item(examined, "examine").pk).update(promised_on=MONDAY)
        (pile,) = statistics.piles_for(office_supervisor, on=TODAY)

        assert (pile.amber, pile.green) == (1, 0)

    def test_foresee_what_turns_red_within_seven_days(self, examined, office_supervisor):
        due_on = open_item(examined, "examine").due_on

        def foreseen(days):
            on = due_on - dt.timedelta(days=days)
            return [p.week for p in statistics.piles_for(office_supervisor, on=on)]

        assert [foreseen(days) for days in (7, 6, 0, -1)] == [[0], [1], [1], [0]]


class TestTheListBehindANumber:
    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            (Wanted(), 2),
            (Wanted(light="red"), 1),
            (Wanted(unit="CG"), 1),
            (Wanted(unit="CG", light="red"), 0),
            (Wanted(kind="repair", step="check"), 1),
            (Wanted(kind="objection"), 0),
            (Wanted(owner="acceptor"), 1),
            (Wanted(owner=NOBODY), 1),
            (Wanted(owner="nobody"), 0),
        ],
    )
    def test_holds_what_was_counted(
        self, wanted, count, waiting, examined, cast, office_supervisor
    ):
        cast["acceptor"].claims("examine", examined, at=APPLIED + 2 * HOUR)

        assert len(statistics.steps_for(office_supervisor, wanted, on=TODAY)) == count

    def test_is_read_page_by_page_soonest_due_first(
        self, waiting, examined, office_supervisor, monkeypatch
    ):
        monkeypatch.setattr(statistics, "PAGE", 1)
        pages = [
            references(statistics.steps_for(office_supervisor, Wanted(), on=TODAY, page=n))
            for n in (1, 2, 3)
        ]
        assert pages == [[waiting.reference], [examined.reference], []]


class TestLimits:
    def test_count_in_the_month_of_their_last_day(self, repaired, examined, office_supervisor):
        kept = statistics.kept_by_month(office_supervisor, since=dt.date(2026, 9, 1), on=FAR)
        ended = Deadline.objects.filter(purpose=Purpose.LIMIT, item__state="done")

        assert sum(each.met for each in kept.values()) == ended.count()
        october = kept[dt.date(2026, 10, 1)]
        assert october.late == 1, "the examination, open since 8 October"

    def test_that_still_run_are_not_judged(self, waiting, office_supervisor):
        kept = statistics.kept_by_month(office_supervisor, since=dt.date(2026, 9, 1), on=MONDAY)

        assert {month: each.due for month, each in kept.items()} == {dt.date(2026, 9, 1): 0}

    def test_done_too_late_stay_late(self, waiting, cast, office_supervisor):
        walk(waiting, "check:yes", cast, since=at("10-12", 9))
        kept = statistics.kept_by_month(office_supervisor, since=dt.date(2026, 9, 1), on=FAR)
        september = kept[dt.date(2026, 9, 1)]

        assert (september.met, september.late) == (0, 1)

    def test_of_steps_called_off_do_not_count(self, waiting, cast, office_supervisor):
        walk(waiting, "WITHDRAW", cast, since=at("10-12", 9))

        assert statistics.kept_by_month(office_supervisor, since=MONDAY, on=FAR) == {}

    def test_with_provisional_dates_are_told_apart(self, waiting, office_supervisor):
        Deadline.objects.filter(case=waiting).update(provisional=True)
        kept = statistics.kept_by_month(office_supervisor, since=MONDAY, on=FAR)

        assert kept[dt.date(2026, 9, 1)].provisional == 1


class TestCourses:
    def test_count_the_working_days_from_receipt_to_closing(self, waiting, cast, office_supervisor):
        walk(waiting, "check:yes examine:refuse review:agree", cast, since=at("10-10", 9))
        waiting.refresh_from_db(fields=["closed_at"])
        assert waiting.closed_at is not None
        took = statistics.cycles_for(office_supervisor, since=MONDAY, until=FAR, on=FAR)

        # 29 and 30 September; 8, 9 and, though a Saturday, 10 October.
        assert took == {"repair": Course(Counter({5: 1}))}
        assert took["repair"].median == 5

    def test_leave_out_what_was_closed_before_and_after(self, repaired, office_supervisor):
        before = {"since": dt.date(2026, 9, 1), "until": dt.date(2026, 9, 27)}
        after = {"since": TODAY, "until": FAR}

        assert statistics.cycles_for(office_supervisor, **before, on=FAR) == {}
        assert statistics.cycles_for(office_supervisor, **after, on=FAR) == {}

    def test_of_open_cases_are_their_age(self, waiting, repaired, office_supervisor):
        lasted = statistics.ages_for(office_supervisor, on=dt.date(2026, 10, 10))

        assert lasted == {"repair": Course(Counter({5: 1}))}

    @pytest.mark.parametrize(
        ("days", "median"), [({}, None), ({3: 1}, 3), ({1: 1, 9: 1}, 1), ({1: 1, 4: 1, 9: 3}, 9)]
    )
    def test_have_a_median(self, days, median):
        assert Course(Counter(days)).median == median


class TestShares:
    @pytest.mark.parametrize("story", sorted(STORIES))
    def test_agree_with_those_of_each_case(self, story, waiting, cast, office_supervisor):
        walk(waiting, STORIES[story], cast)
        (case,) = statistics.cases_for(office_supervisor, on=FAR)
        closed = (MONDAY, FAR) if case.closed_at else None
        spent = statistics.shares_for(office_supervisor, on=FAR, closed=closed)

        assert spent == {"repair": tracking.dossier_of(case, on=FAR).time_spent(on=FAR)}

    def test_of_open_cases_leave_out_the_closed_ones(self, repaired, office_supervisor):
        assert statistics.shares_for(office_supervisor, on=FAR) == {}


class TestABulletin:
    def test_counts_what_came_what_was_closed_and_what_stayed(
        self, waiting, examined, repaired, office_supervisor
    ):
        told = bulletin.bulletin_for(office_supervisor, SEPTEMBER)
        flows = {
            unit.code: (line.received, line.closed, line.open) for unit, line in told.units.values()
        }
        assert (told.total.received, told.total.closed, told.total.open) == (3, 1, 2)
        assert flows == {"XY": (3, 1, 2), "CG": (3, 1, 2)}
        assert told.kinds["repair"].received == 3
        assert told.outcomes == {("repair", "repaired"): 1}

    def test_of_a_later_month_keeps_what_is_still_open(self, waiting, repaired, office_supervisor):
        told = bulletin.bulletin_for(office_supervisor, OCTOBER)

        assert (told.total.received, told.total.closed, told.total.open) == (0, 0, 1)

    def test_of_a_month_gone_by_is_not_changed_by_what_comes_later(
        self, waiting, cast, office_supervisor
    ):
        before = bulletin.bulletin_for(office_supervisor, SEPTEMBER).total
        walk(waiting, "check:yes examine:refuse review:agree", cast, since=at("10-10", 9))
        after = bulletin.bulletin_for(office_supervisor, SEPTEMBER).total

        assert (after.received, after.closed, after.open) == (1, 0, 1)
        assert (after.kept.met, after.kept.late) == (before.kept.met, before.kept.late) == (0, 1)

    def test_adds_up_over_units_and_over_types(
        self, waiting, examined, repaired, office_supervisor
    ):
        told = bulletin.bulletin_for(office_supervisor, YEAR)
        for lines in ([line for _u, line in told.units.values()], told.kinds.values()):
            assert sum(line.kept.due for line in lines) == told.total.kept.due > 0
        assert sum(kept.due for kept in told.months.values()) == told.total.kept.due

    def test_tells_demands_by_how_they_were_answered(self, examined, bureau, office_supervisor):
        clock = open_item(examined, "examine").deadlines.get(purpose=Purpose.LIMIT)
        opened = {"deadline": clock, "unit": bureau, "opened_at": TUESDAY}
        due = {"answer_due_on": dt.date(2026, 9, 30)}
        Urging.objects.create(rung=2, answered_at=at("09-30"), **opened, **due)
        Urging.objects.create(rung=3, answered_at=at("10-08"), **opened, **due)
        Urging.objects.create(rung=4, **opened, **due)
        total = bulletin.bulletin_for(office_supervisor, SEPTEMBER).total

        assert (total.demands, total.answered_late, total.unanswered) == (3, 1, 1)

    def test_of_a_running_period_goes_up_to_today(self):
        span = Span(dt.date(2026, 11, 1), dt.date(2026, 11, 30), FAR)

        assert (span.end, span.is_over, OCTOBER.is_over) == (FAR, False, True)


class TestAnotherUnitsSupervisor:
    def test_sees_no_number_of_it(self, waiting, examined, repaired, other_supervisor):
        who = other_supervisor
        told = bulletin.bulletin_for(who, YEAR)

        assert statistics.piles_for(who, on=FAR) == []
        assert statistics.steps_for(who, Wanted(), on=FAR) == []
        assert statistics.steps_for(who, Wanted(unit="CG"), on=FAR) == []
        assert statistics.limits_for(who, since=MONDAY, until=FAR, on=FAR) == []
        assert statistics.kept_by_month(who, since=MONDAY, on=FAR) == {}
        assert statistics.cycles_for(who, since=MONDAY, until=FAR, on=FAR) == {}
        assert statistics.ages_for(who, on=FAR) == {}
        assert statistics.shares_for(who, on=FAR) == {}
        assert [unit.code for unit, _line in told.units.values()] == ["YJ"]
        assert (told.total.received, told.total.kept.due, told.total.demands) == (0, 0, 0)
        assert (told.kinds, told.outcomes, told.courses, told.shares) == ({}, {}, {}, {})

    def test_is_told_apart_from_that_of_the_unit(self, waiting, examined, bureau_supervisor):
        piles = statistics.piles_for(bureau_supervisor, on=FAR)

        assert [pile.step for pile in piles] == ["examine"], "not what lies with the credit office"

    def test_is_told_apart_from_the_auditor(self, waiting, examined, auditor):
        assert len(statistics.piles_for(auditor, on=FAR)) == 2
        assert bulletin.bulletin_for(auditor, YEAR).total.received == 2


@pytest.mark.parametrize("who", ["applicant", "acceptor"])
class TestWhoWatchesNothing:
    def test_is_told_nothing(self, who, waiting, examined, cast):
        user = cast[who].user

        assert statistics.piles_for(user, on=FAR) == []
        assert list(statistics.cases_for(user, on=FAR)) == []
        assert bulletin.bulletin_for(user, YEAR).total.received == 0


class TestTheBudget:
    def test_does_not_grow_with_the_cases(
        self, applicant, company, bureau, cast, office_supervisor, django_assert_num_queries
    ):
        def asked():
            who = User.objects.get(pk=office_supervisor.pk)
            with policy.reading(), django_assert_num_queries(9):
                bulletin.bulletin_for(who, YEAR)

        for number in (4, 5, 6):
            case = open_a_repair(applicant, a_penalty(company, bureau, number))
            work.claim(open_item(case, "check").pk, by=cast["clerk"].user, at=APPLIED + HOUR)
            asked()
