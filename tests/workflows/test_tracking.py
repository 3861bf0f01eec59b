"""Tracking: where a case is, whom it waits for, until when and why; and what happened so far."""

import datetime as dt

import pytest
from django.utils.translation import override

from records.models import Record
from tests.workflows.walks import APPLIED, at, walk
from workflows import offers, tracking
from workflows.clock import Light
from workflows.models import Case

ON = dt.date(2026, 9, 29)


def case_of(repair):
    return Case.objects.select_related("party", "record").get(pk=repair.pk)


def dossier(repair, on=ON):
    return tracking.dossier_of(case_of(repair), on=on)


class TestWhatACaseWaitsFor:
    def test_names_the_step_the_unit_the_day_and_the_reason(self, repair, cast, bureau):
        walk(repair, "check:yes", cast)
        with override("en"):
            (waiting,) = dossier(repair).waiting
            sentence = waiting.sentence

        assert waiting.item.step == "examine"
        assert waiting.who == bureau.name_en
        assert (waiting.due_on, waiting.light) == (dt.date(2026, 10, 8), Light.GREEN)
        assert bureau.name_en in sentence
        assert waiting.why in sentence
        assert "2026" in sentence

    def test_is_said_in_chinese_too(self, repair, cast, bureau):
        walk(repair, "check:yes", cast)
        with override("zh-hans"):
            (waiting,) = dossier(repair).waiting

            assert waiting.who == bureau.name
            assert bureau.name in waiting.sentence
            assert "Decide on" not in waiting.sentence

    def test_is_the_party_when_the_party_is_asked(self, repair, cast):
        walk(repair, "check:no", cast)
        (waiting,) = dossier(repair).waiting

        assert waiting.who == repair.party.name

    @pytest.mark.parametrize(
        ("day", "light"),
        [
            ("09-29", Light.GREEN),
            ("09-30", Light.AMBER),
            ("10-08", Light.AMBER),
            ("10-09", Light.RED),
        ],
    )
    def test_has_the_light_of_the_day(self, repair, cast, day, light):
        walk(repair, "check:yes", cast)
        (waiting,) = dossier(repair, on=at(day).date()).waiting

        assert waiting.light == light

    def test_is_nothing_once_the_case_is_closed(self, repair, cast):
        walk(repair, "check:yes WITHDRAW", cast)

        assert dossier(repair).waiting == []
        assert dossier(repair).clocks == []

    def test_is_read_for_several_cases_as_for_one(self, repair, cast):
        walk(repair, "check:yes", cast)
        found = tracking.waiting_in([case_of(repair)], on=ON)

        assert [waiting.item.step for waiting in found[repair.pk]] == ["examine"]
        assert tracking.waiting_in([], on=ON) == {}


class TestTheClocksOfACase:
    def test_say_how_many_working_days_are_left(self, repair, cast):
        walk(repair, "check:yes", cast)
        clocks = {clock.deadline.term.key: clock for clock in dossier(repair).clocks}

        assert clocks["repair.ndrc.accept"].days_left == 2  # 30 September and 8 October
        assert clocks["repair.ndrc.accept"].due.on == dt.date(2026, 10, 8)
        assert clocks["repair.ndrc.feedback"].light == Light.GREEN

    def test_have_no_days_left_to_tell_while_they_stand(self, repair, cast):
        walk(repair, "check:no", cast)
        clocks = {clock.deadline.term.key: clock for clock in dossier(repair).clocks}

        standing = clocks["repair.ndrc.feedback"]
        assert (standing.days_left, standing.light) == (None, Light.GREY)
        assert clocks["repair.completion"].days_left is not None

    def test_that_are_stored_equal_those_asked_anew_of_the_log(self, repair, cast):
        walk(repair, "check:no redo:done check:yes examine:more supplement:done", cast)

        for clock in dossier(repair).clocks:
            assert clock.due.on == clock.deadline.due_on

    def test_call_only_a_confirmed_limit_statutory(self, repair, cast):
        walk(repair, "check:yes examine:accept", cast)
        with override("en"):
            said = {c.deadline.term.key: c.certainty for c in dossier(repair).clocks}

        assert said["repair.ndrc.feedback"] == "statutory limit"
        assert said["repair.ndrc.decide"] == "basis to be confirmed"

    def test_explain_themselves(self, repair, cast):
        walk(repair, "check:yes", cast)
        for clock in dossier(repair).clocks:
            assert clock.explanation
            assert all(isinstance(sentence, str) for sentence in clock.explanation)


class TestHistory:
    def test_tells_everything_with_the_names_of_those_who_did_it(self, repair, cast):
        walk(repair, "check:no LAPSE", cast)
        with override("en"):
            told = [(line.kind, line.who) for line in dossier(repair).history]

        assert ("received", "韦示例") in told
        assert ("claimed", "clerk") in told
        assert ("lapsed", "The service") in told
        assert [line.at for line in dossier(repair).history] == sorted(
            line.at for line in dossier(repair).history
        )

    def test_calls_every_event_by_a_name_in_both_languages(self, repair, cast):
        walk(repair, "check:no redo:done check:yes examine:more supplement:done", cast)
        for language in ("en", "zh-hans"):
            with override(language):
                unnamed = [e.title for e in dossier(repair).history if "_" in e.title]
                assert unnamed == []

    def test_shown_to_the_party_holds_the_moves_only_and_each_once(self, repair, cast):
        walk(
            repair,
            "check:yes examine:accept verify:good decide:grant stop_publication:done confirm:seen",
            cast,
        )
        told = [line.kind for line in dossier(repair).timeline]

        assert told == [
            "received",
            "push",
            "accept",
            "approve",
            "stop",
            "sync",
            "lift",
            "finish",
        ]


def repair_of(record, *, on):
    """Return the offer of a repair about a record."""
    (offered,) = [
        o for o in offers.offers_of([record], on=on)[record.pk] if o.type_.label == "repair"
    ]
    return offered.offer


class TestWhatIsOffered:
    @pytest.mark.parametrize(
        ("on", "possible"),
        [
            ("2026-09-25", False),  # the shortest period ends today
            ("2026-09-26", True),
            ("2027-06-25", True),
            ("2027-06-26", False),  # the longest period has ended
        ],
    )
    def test_about_a_record_depends_on_the_day(self, penalty, on, possible):
        offer = repair_of(penalty, on=dt.date.fromisoformat(on))

        assert offer.possible is possible
        assert offer.opens_on == dt.date(2026, 9, 26)
        assert offer.closes_on == dt.date(2027, 6, 25)
        assert len(offer.reasons) == 1

    def test_about_a_permit_is_nothing(self, penalty):
        Record.objects.update(kind="permit")

        assert not repair_of(Record.objects.get(), on=ON).possible

    @pytest.mark.parametrize(
        ("categories", "grade"),
        [
            (["警告"], "minor"),
            (["警告", "通报批评"], "minor"),
            (["警告", "罚款"], "general"),
            (["罚款", "吊销许可证件"], "serious"),
            ([], "general"),
        ],
    )
    def test_follows_the_gravest_kind_of_penalty(self, penalty, categories, grade):
        Record.objects.update(categories=categories)
        with override("en"):
            offer = repair_of(Record.objects.get(), on=ON)

        assert offer.grade.lower().startswith(grade)


class TestStates:
    def test_are_told_to_the_party_in_its_own_words(self, repair):
        case = case_of(repair)
        with override("en"):
            to_party = tracking.state_of(case, told_party=True)
            to_staff = tracking.state_of(case, told_party=False)

        assert to_party.startswith("We have")
        assert to_staff.startswith("Received")
        assert case.opened_at == APPLIED
