"""A clock: when a period ends, and why. Pure, so thousands of cases cost nothing."""

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workflows.days import PUBLISHED, day, naive_count
from workflows import clock
from workflows.calendar import ONE_DAY
from workflows.clock import Event, Light, NeverStarted, Period, Unit

WD, CD, M = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS
EVERY_UNIT = [WD, CD, M]
STARTS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 9, 30))
LENGTHS = st.integers(0, 30)
every_example = settings(max_examples=200, deadline=None, database=None)


def begun(on):
    return Event("begun", on, {})


def paused(on, key="term"):
    return Event(clock.PAUSED, on, {"keys": [key]})


def resumed(on, key="term"):
    return Event(clock.RESUMED, on, {"keys": [key]})


def extended(on, length, key="term"):
    return Event(clock.EXTENDED, on, {"keys": [key], "length": length})


def period(length, unit, *, rolls=True):
    return Period("term", length, unit, starts=("begun",), rolls=rolls)


def due(start, length, unit, *later, rolls=True):
    return clock.due([begun(start), *later], period(length, unit, rolls=rolls), PUBLISHED)


@st.composite
def pauses(draw, start, most=3):
    """Disjoint pauses in order, each at or after a start: pause day and resume day."""
    edges = draw(st.lists(st.integers(0, 60), max_size=2 * most, unique=True).map(sorted))
    days = [start + n * ONE_DAY for n in edges]
    return list(zip(days[::2], days[1::2], strict=False))


def as_events(spans):
    return [event for begin, end in spans for event in (paused(begin), resumed(end))]


class TestClock:
    @pytest.mark.parametrize(
        ("start", "length", "last"),
        [
            ("09-21", 7, "10-08"),  # S1-1 publication across two festivals
            ("09-21", 2, "09-23"),  # S1-1 push to the supervising department
            ("09-21", 20, "10-26"),  # S1-1 verification; Saturday 10-10 counts
            ("10-19", 3, "10-22"),  # S1-1 sharing
            ("09-29", 2, "10-08"),  # S2-1 acceptance
            ("09-30", 2, "10-09"),  # S2-1 self-check; S6-1 sign-in
            ("10-08", 10, "10-21"),  # S2-1 the provider's reply
            ("10-16", 3, "10-21"),  # S2-1 correction everywhere
            ("10-16", 2, "10-20"),  # S2-1 answer to the party
            ("06-25", 7, "07-06"),  # S3-1 publication of the penalty
            ("09-26", 10, "10-15"),  # S3-1 feedback; applied on a Saturday night
            ("09-28", 3, "10-08"),  # S3-1 acceptance
            ("09-30", 7, "10-15"),  # S3-1 decision
            ("10-14", 3, "10-19"),  # S3-1 every place checked
            ("09-22", 3, "09-28"),  # S4-1 notice before an interview
            ("09-29", 15, "10-26"),  # S4-1 rectification
            ("10-20", 5, "10-27"),  # S4-1 verification
            ("10-26", 7, "11-04"),  # S4-1 sharing
            ("09-14", 5, "09-20"),  # S5-1 a hearing right that ends on a worked Sunday
            ("09-22", 7, "10-09"),  # S5-1 the hearing may be held on the day after
            ("10-16", 20, "11-13"),  # S5-1 publication of the listing
            ("10-16", 7, "10-27"),  # S5-1 the office's own promise
            ("09-30", 5, "10-13"),  # S6-1 response
            ("11-20", 1, "11-23"),  # S6-1 termination push
            ("11-23", 3, "11-26"),  # S6-1 confirmation
            ("06-17", 2, "06-22"),  # S7-1 form review over the Dragon Boat Festival
            ("06-18", 10, "07-03"),  # S7-1 source
            ("06-30", 2, "07-02"),  # S7-1 publication
            ("09-24", 7, "10-12"),  # S8-1 two festivals
            ("09-24", 20, "10-29"),  # S8-1 the regulator's own twenty days
            ("09-01", 10, "09-15"),  # S9-1 transfer
            ("09-26", 0, "09-28"),  # the same day; on a Saturday the next worked one
            ("09-29", 0, "09-29"),
        ],
    )
    def test_counts_working_days_as_the_casebook_does(self, start, length, last):
        assert due(day(start), length, WD).on == day(last)

    @pytest.mark.parametrize(
        ("start", "length", "last"),
        [
            ("09-10", 30, "10-10"),  # S9-1 a worked Saturday: not rolled
            ("09-10", 90, "12-09"),  # S9-1 with the extension
            ("09-10", 15, "09-28"),  # ends on Mid-Autumn: rolled over holiday and weekend
            ("09-21", 12, "10-08"),  # ends in National Day week
        ],
    )
    def test_counts_calendar_days_and_rolls_past_rest_days(self, start, length, last):
        assert due(day(start), length, CD).on == day(last)

    @pytest.mark.parametrize(
        ("start", "length", "last"),
        [
            ("2026-06-25", 3, "2026-09-25"),  # S3-1 ends on a holiday and stays there
            ("2026-06-25", 12, "2027-06-25"),  # S3-1 longest
            ("2026-10-16", 12, "2027-10-16"),  # S5-1 early removal the day after
            ("2026-10-16", 36, "2029-10-16"),  # S5-1 automatic removal
            ("2025-11-30", 3, "2026-02-28"),  # no 30 February
            ("2023-11-30", 3, "2024-02-29"),  # a leap year
            ("2024-02-29", 12, "2025-02-28"),
            ("2025-12-31", 2, "2026-02-28"),  # across the year
            ("2025-10-31", 1, "2025-11-30"),  # a Sunday
            ("2026-08-31", 0, "2026-08-31"),
        ],
    )
    def test_counts_months_to_the_corresponding_day(self, start, length, last):
        assert due(day(start), length, M, rolls=False).on == day(last)

    def test_rolls_only_where_the_term_says_so(self):
        # S6-1: a report due on Saturday 31 October may be handed in on Monday.
        rolled = due(day("07-31"), 3, M)
        stays = due(day("07-31"), 3, M, rolls=False)

        assert (rolled.on, rolled.rolled_from) == (day("11-02"), day("10-31"))
        assert (stays.on, stays.rolled_from) == (day("10-31"), None)

    def test_says_which_days_it_left_out_and_which_weekends_it_counted(self):
        found = due(day("09-24"), 7, WD)

        festivals = [day(f"09-{n}") for n in (25, 26, 27)] + [day(f"10-0{n}") for n in range(1, 8)]
        assert found.excluded == (*festivals, day("10-11"))
        assert found.worked_weekends == (day("10-10"),)
        assert (found.start, found.started_by) == (day("09-24"), "begun")

    def test_is_provisional_once_it_ends_in_a_year_not_yet_published(self):
        assert not due(day("12-30"), 1, WD).provisional
        assert due(day("12-31"), 1, WD).provisional
        assert due(day("12-24"), 10, CD).provisional

    def test_does_not_run_before_its_event_happens(self):
        with pytest.raises(NeverStarted):
            clock.due([Event("other", day("09-29"), {})], period(3, WD), PUBLISHED)

    def test_starts_anew_with_the_latest_event_that_starts_it(self):
        found = clock.due([begun(day("09-01")), begun(day("09-21"))], period(2, WD), PUBLISHED)

        assert found.on == day("09-23")

    def test_starts_with_any_of_the_events_its_term_names(self):
        both = Period("term", 2, WD, starts=("received", "resubmit"))
        events = [Event("received", day("09-01"), {}), Event("resubmit", day("09-21"), {})]

        assert clock.due(events, both, PUBLISHED).on == day("09-23")
        assert clock.due(events[:1], both, PUBLISHED).on == day("09-03")


class TestAPause:
    def test_counts_its_first_day_and_not_the_day_it_ends(self):
        # Counted: 1 and 2 September. Paused on the 2nd, resumed on the 8th; then the 9th.
        found = due(day("09-01") - ONE_DAY, 3, WD, paused(day("09-02")), resumed(day("09-08")))

        assert found.on == day("09-09")
        assert found.pauses == (clock.Span(day("09-02"), day("09-08")),)

    def test_leaves_no_date_while_it_lasts(self):
        found = due(day("09-01"), 3, WD, paused(day("09-02")))

        assert found.is_paused
        assert found.on is None
        assert not found.provisional

    def test_of_one_day_changes_nothing(self):
        assert (
            due(day("09-01"), 3, WD, paused(day("09-02")), resumed(day("09-02"))).on
            == due(day("09-01"), 3, WD).on
        )

    def test_may_happen_twice(self):
        found = due(
            day("09-01"),
            5,
            WD,
            paused(day("09-02")),  # counted: the 2nd
            resumed(day("09-04")),
            paused(day("09-07")),  # counted: the 7th
            resumed(day("09-14")),
        )
        assert found.on == day("09-17")  # and the 15th, 16th and 17th
        assert len(found.pauses) == 2

    def test_that_overlaps_another_is_one_pause(self):
        found = due(
            day("09-01"),
            3,
            WD,
            paused(day("09-02")),
            paused(day("09-03")),
            resumed(day("09-07")),
            resumed(day("09-10")),
        )
        assert found.pauses == (clock.Span(day("09-02"), day("09-10")),)
        assert found.on == day("09-14")  # the 2nd; then the 11th and the 14th

    def test_of_another_clock_is_not_heard(self):
        other = [paused(day("09-02"), "other"), resumed(day("09-09"), "other")]

        assert due(day("09-01"), 3, WD, *other).on == day("09-04")

    def test_before_the_start_is_not_heard(self):
        events = [paused(day("08-20")), resumed(day("08-25")), begun(day("09-01"))]

        assert clock.due(events, period(3, WD), PUBLISHED).on == day("09-04")

    def test_moves_a_period_of_months_by_the_days_it_lasted(self):
        found = due(day("06-25"), 3, M, paused(day("07-01")), resumed(day("07-11")), rolls=False)

        assert found.on == day("10-05")

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS)
    def test_never_brings_a_date_forward(self, unit, data, start, length):
        spans = data.draw(pauses(start))

        assert due(start, length, unit, *as_events(spans)).on >= due(start, length, unit).on

    @every_example
    @given(data=st.data(), start=STARTS, length=st.integers(1, 30))
    def test_leaves_as_many_working_days_as_the_term_grants(self, data, start, length):
        spans = data.draw(pauses(start))
        last = due(start, length, WD, *as_events(spans)).on

        # What stood still before the end is not counted; everything else is.
        stood = sum(naive_count(begin, min(end, last)) for begin, end in spans if begin < last)
        assert naive_count(start, last) - stood == length

    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS)
    def test_and_another_move_calendar_days_by_both_their_lengths(self, data, start, length):
        spans = data.draw(pauses(start))
        plain = due(start, length, CD, rolls=False).on
        last = due(start, length, CD, *as_events(spans), rolls=False).on
        assume(all(begin < last for begin, _end in spans))

        assert last - plain == sum((end - begin for begin, end in spans), dt.timedelta())

    @every_example
    @given(
        start=STARTS,
        length=LENGTHS,
        unit=st.sampled_from(EVERY_UNIT),
        after=st.integers(0, 40),
        lasting=st.integers(0, 40) | st.none(),
    )
    def test_after_the_end_hides_nothing(self, start, length, unit, after, lasting):
        plain = due(start, length, unit)
        began = plain.on + after * ONE_DAY
        ended = [] if lasting is None else [resumed(began + lasting * ONE_DAY)]

        assert due(start, length, unit, paused(began), *ended).on == plain.on


class TestSeveralPauses:
    """Laws that hold whatever the pauses are."""

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS, longer=st.integers(0, 20))
    def test_never_bring_a_date_forward_by_lasting_longer(self, unit, data, start, length, longer):
        *before, (begin, end) = data.draw(pauses(start).filter(bool))
        short = due(start, length, unit, *as_events([*before, (begin, end)]))
        long = due(start, length, unit, *as_events([*before, (begin, end + longer * ONE_DAY)]))

        assert long.on >= short.on

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS)
    def test_never_bring_a_date_forward_by_being_one_more(self, unit, data, start, length):
        spans = data.draw(pauses(start).filter(bool))
        fewer = [span for span in spans if data.draw(st.booleans())]

        assert (
            due(start, length, unit, *as_events(spans)).on
            >= due(start, length, unit, *as_events(fewer)).on
        )

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS)
    def test_come_in_any_order_when_they_are_apart(self, unit, data, start, length):
        spans = data.draw(pauses(start))
        shuffled = data.draw(st.permutations(spans))

        assert due(start, length, unit, *as_events(shuffled)) == due(
            start, length, unit, *as_events(spans)
        )

    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS)
    def test_add_up_when_they_are_apart(self, data, start, length):
        spans = data.draw(pauses(start))
        plain = due(start, length, CD, rolls=False).on
        assume(all(begin < plain for begin, _end in spans))
        together = due(start, length, CD, *as_events(spans), rolls=False).on
        each = [due(start, length, CD, *as_events([span]), rolls=False).on for span in spans]

        assert together - plain == sum((alone - plain for alone in each), dt.timedelta())

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS, cut=st.integers(0, 60))
    def test_that_overlap_are_as_one(self, unit, data, start, length, cut):
        *_others, (begin, end) = data.draw(pauses(start).filter(bool))
        middle = min(begin + cut * ONE_DAY, end)
        overlapping = [paused(begin), paused(middle), resumed(middle), resumed(end)]
        nested = [paused(begin), paused(begin), resumed(middle), resumed(end)]

        one = due(start, length, unit, *as_events([(begin, end)]))
        assert due(start, length, unit, *overlapping) == one
        assert due(start, length, unit, *nested) == one

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS, early=st.integers(0, 60))
    def test_are_not_heard_of_a_resumption_without_a_pause(self, unit, data, start, length, early):
        spans = data.draw(pauses(start))
        first = spans[0][0] if spans else start
        stray = resumed(min(start + early * ONE_DAY, first))

        assert due(start, length, unit, stray, *as_events(spans)) == due(
            start, length, unit, *as_events(spans)
        )

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(start=STARTS, length=LENGTHS, ahead=st.integers(1, 30), lasting=st.integers(1, 60))
    def test_that_began_before_the_start_hold_from_the_start(
        self, unit, start, length, ahead, lasting
    ):
        begin = start - ahead * ONE_DAY
        end = begin + lasting * ONE_DAY
        held = [paused(begin), begun(start), resumed(end)]
        if end < start:
            held = [paused(begin), resumed(end), begun(start)]
        plain = [paused(start), resumed(max(start, end))]

        assert (
            clock.due(held, period(length, unit), PUBLISHED).on
            == due(start, length, unit, *plain).on
        )

    @pytest.mark.parametrize("unit", [CD, M])
    def test_leave_a_date_that_rests_give_way_to_only_where_the_clock_runs(self, unit):
        # The last day, a Saturday, gives way to Monday the 2nd; but the clock stood until then.
        start, length = (day("10-01"), 30) if unit == CD else (day("07-31"), 3)
        spans = as_events([(day("10-31"), day("11-04"))])

        assert due(start, length, unit).on == day("11-02")
        assert due(start, length, unit, *spans).on == day("11-05")
        assert due(start, length, unit, paused(day("10-31"))).is_paused
        assert due(start, length, unit, *spans, rolls=False).on == day("10-31")


class TestALength:
    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS, more=st.integers(0, 20))
    def test_that_is_longer_never_ends_earlier(self, unit, data, start, length, more):
        events = as_events(data.draw(pauses(start)))

        assert due(start, length + more, unit, *events).on >= due(start, length, unit, *events).on

    @pytest.mark.parametrize("unit", EVERY_UNIT)
    @every_example
    @given(data=st.data(), start=STARTS, length=LENGTHS, more=st.integers(0, 20))
    def test_that_is_extended_is_a_longer_length(self, unit, data, start, length, more):
        events = as_events(data.draw(pauses(start)))
        told = start + data.draw(st.integers(0, 30)) * ONE_DAY

        prolonged = due(start, length, unit, *events, extended(told, more))
        assert prolonged.on == due(start, length + more, unit, *events).on
        assert prolonged.extended_by == more


class TestARetroactiveStart:
    """What the law takes for accepted was accepted on the day of receipt (行政许可法 §32)."""

    @every_example
    @given(
        start=STARTS, length=LENGTHS, noticed=st.integers(0, 60), unit=st.sampled_from(EVERY_UNIT)
    )
    def test_counts_from_the_day_of_receipt_and_not_from_the_day_it_was_noticed(
        self, start, length, noticed, unit
    ):
        term = Period("term", length, unit, starts=("accept",))
        later = start + noticed * ONE_DAY
        deemed = Event(clock.DEEMED, later, {"as_of": start.isoformat()})
        accepted = Event("accept", later, {})
        found = clock.due([deemed, accepted], term, PUBLISHED)

        assert (found.start, found.on) == (start, due(start, length, unit).on)
        assert found.on <= clock.due([accepted], term, PUBLISHED).on

    def test_moves_no_clock_that_does_not_start_with_acceptance(self):
        deemed = Event(clock.DEEMED, day("09-21"), {"as_of": "2026-09-01"})

        assert due(day("09-14"), 3, WD, deemed).on == due(day("09-14"), 3, WD).on

    def test_gives_way_to_a_correction(self):
        term = Period("term", 3, WD, starts=("accept",))
        deemed = Event(clock.DEEMED, day("09-21"), {"as_of": "2026-09-01"})
        detail = {"keys": ["term"], "as_of": "2026-09-07"}
        corrected = Event(clock.CORRECTED, day("09-22"), detail)

        found = clock.due([Event("accept", day("09-21"), {}), deemed, corrected], term, PUBLISHED)
        assert (found.start, found.on) == (day("09-07"), day("09-10"))


class TestAnExtension:
    def test_lengthens_the_period_in_its_own_unit(self):
        found = due(day("09-10"), 30, CD, extended(day("10-09"), 60))

        assert (found.on, found.extended_by) == (day("12-09"), 60)

    def test_adds_up_with_another_and_with_a_pause(self):
        events = [extended(day("09-02"), 2), paused(day("09-03")), resumed(day("09-08"))]
        found = due(day("09-01"), 3, WD, *events, extended(day("09-09"), 1))

        # Counted: 2, 3; then 9, 10, 11 and 14 September.
        assert (found.on, found.extended_by) == (day("09-14"), 3)


class TestALight:
    @pytest.mark.parametrize(
        ("on", "light"),
        [
            ("10-13", Light.GREEN),
            ("10-14", Light.AMBER),
            ("10-15", Light.AMBER),  # the last day is not late
            ("10-16", Light.RED),
        ],
    )
    def test_turns_amber_then_red(self, on, light):
        shown = clock.light(on=day(on), due_on=day("10-15"), amber_on=day("10-14"))

        assert shown == light

    def test_is_grey_while_the_clock_stands(self):
        assert clock.light(on=day("10-15"), due_on=None, amber_on=None) == Light.GREY

    @pytest.mark.parametrize(
        ("start", "due_on", "amber"),
        [
            ("09-28", "10-08", "09-30"),  # 3 days: the last but one, and the festival after it
            ("09-26", "10-15", "10-13"),  # 10 days: two left
            ("09-21", "10-26", "10-20"),  # 20 days: four left
            ("09-21", "09-22", "09-21"),  # one day: amber at once
            ("09-21", "09-21", "09-21"),
        ],
    )
    def test_is_amber_from_the_day_the_casebook_says(self, start, due_on, amber):
        found = clock.amber_from(day(start), day(due_on), PUBLISHED, least=1, share=20)

        assert found == day(amber)

    @every_example
    @given(start=STARTS, length=LENGTHS)
    def test_is_amber_exactly_while_little_is_left(self, start, length):
        last = due(start, length, WD).on
        amber = clock.amber_from(start, last, PUBLISHED, least=1, share=20)
        little = max(1, naive_count(start, last) * 20 // 100)

        assert start <= amber <= last
        assert naive_count(amber, last) <= little
        assert amber == start or naive_count(amber - ONE_DAY, last) > little
