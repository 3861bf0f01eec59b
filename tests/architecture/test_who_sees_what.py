"""Who sees what: every function that reads, asked by every role, against a table of its own."""

import datetime as dt
import inspect

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import Duty, Representation, Unit, User
from forms.models import Attachment
from notifications import outbox
from notifications.models import Letter, Message
from records import public
from records.models import Record, Subject
from tests.actors import Applicant, open_item
from tests.conftest import SHANGHAI, SINCE, _caseworker
from tests.workflows.sheets import HEADING, rows_2027
from tests.workflows.walks import APPLIED, open_a_repair, walk
from workflows import (
    audit,
    bulletin,
    calendar_proposals,
    counter,
    editions,
    finding,
    offers,
    oversight,
    proposals,
    queues,
    rating,
    reception,
    sight,
    simulation,
    statistics,
    ties,
    tracking,
    views,
)
from workflows.bulletin import Span
from workflows.case_type import case_type
from workflows.models import Case, Proposal, Purpose, Rating, Relation, Urging, WorkItem
from workflows.oversight import Asked
from workflows.simulation import WhatIf
from workflows.statistics import Wanted

ON = dt.date(2026, 10, 12)
LATE = dt.date(2026, 12, 1)
SINCE_A = {"since": dt.date(2026, 9, 28), "until": LATE, "on": LATE}
WHOLE_YEAR = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31), LATE)
ROOMS = (
    queues,
    sight,
    tracking,
    outbox,
    proposals,
    editions,
    calendar_proposals,
    simulation,
    offers,
    oversight,
    ties,
    statistics,
    bulletin,
    finding,
    views,
    counter,
    reception,
    rating,
    public,
)

# What is there: a case A at the finding unit (its party asked once), two cases B elsewhere.
# A is late and a supervisor demands an answer; somebody proposes to suspend it, and somebody
# of the credit office to change the law ("edition"; "rules": may propose such a change).
# A case B follows A. A handler of a unit may call a party to account ("opens"). The clerk has
# looked both parties up today ("counter").
# Each role, and what of A it may see: its case, for its party or for "staff", its step in a
# queue, what its party may see.
ROLES = {
    "anonymous": set(),
    "nobody": set(),  # signed in, acts for nobody
    "stranger": set(),  # acts for another organisation, the party of case B
    "applicant": {"party", "case", "record"},
    "former representative": set(),
    "clerk": {"case", "staff", "counter", "rules"},
    "acceptor": {"case", "staff", "queue", "step", "demand"},
    "handler": {"case", "staff", "demand", "opens"},
    "approver": {"case", "staff", "demand", "proposal"},
    "office approver": {"case", "staff", "rules", "edition"},
    "other acceptor": set(),  # the same duty in another unit, which has case B
    "supervisor": {"case", "staff", "late", "step", "direct"},
    "other supervisor": set(),
    "office supervisor": {"case", "staff", "late", "step", "direct", "rules"},
    "auditor": {"case", "staff", "late", "step"},
    "former acceptor": set(),
    "deactivated acceptor": set(),
}


class World:
    """Two cases of two parties in two units, and one person in every role."""

    def __init__(self, people, a, b):
        self.people, self.a, self.b = people, a, b
        self.step = open_item(a, "examine")
        self.letter = Letter.objects.filter(about=a.reference).first()
        self.file = Attachment.objects.get(about=a.reference)
        self.unused = Attachment.objects.get(about="", name="未用.pdf")
        self.demand = Urging.objects.get(deadline__case=a)
        self.proposal = a.proposals.get()
        self.edition = Proposal.objects.get(kind=Proposal.Kind.TERM)
        self.calendar = Proposal.objects.get(kind=Proposal.Kind.CALENDAR)
        self.message = Message.objects.filter(about=a.reference).first()

    def who(self, role):
        person = self.people[role]
        return person if person.pk is None else User.objects.get(pk=person.pk)


def _unit(code):
    return Unit.objects.create(
        code=code, name=f"{code}（示例）", name_en=code, credit_code=f"11370115MB00000{code}0"
    )


def _penalty(subject, unit, number):
    return Record.objects.create(
        kind=Record.Kind.PENALTY,
        document_number=f"示例〔2026〕第{number}号",
        subject=subject,
        authority_code=unit.credit_code,
        authority_name=unit.name,
        decided_on=dt.date(2026, 6, 25),
        categories=["罚款"],
    )


def _representing(code, name, until=None):
    user = User.objects.create_user(name, display_name=name)
    Representation.objects.create(user=user, credit_code=code, since=SINCE, until=until)
    return user


@pytest.fixture
def world(applicant, penalty, staff, bureau, office, bureau_supervisor, office_supervisor):
    other_unit = _unit("YJ")
    other_party = Subject.objects.create(credit_code="91370115MA0000000X", name="他人公司（示例）")
    stranger = _representing(other_party.credit_code, "stranger")
    past = dt.date(2026, 10, 1)
    cast = {**staff, "applicant": applicant}

    a = open_a_repair(applicant, penalty)
    walk(a, "check:yes", cast)
    for number in (3, 2):  # two, so that counting them differs from counting A
        b = open_a_repair(Applicant(stranger), _penalty(other_party, other_unit, number))
        walk(b, "check:yes", cast)
    applicant.hands_in("未用.pdf", at=APPLIED)

    Relation.objects.create(kind=Relation.Kind.FOLLOWS, source_id=a.pk, target_id=b.pk)
    for party in (a.party, other_party):
        _look_up(party, staff["clerk"].user)
    _demand(a, bureau)
    _propose(a, staff["handler"].user, office_supervisor)

    former = _caseworker(bureau, Duty.ACCEPTOR, "former")
    former.user.memberships.update(until=past)
    deactivated = _caseworker(bureau, Duty.ACCEPTOR, "deactivated")
    User.objects.filter(pk=deactivated.user.pk).update(is_active=False)
    people = {
        "anonymous": AnonymousUser(),
        "nobody": User.objects.create_user("nobody"),
        "stranger": stranger,
        "applicant": applicant.user,
        "former representative": _representing(a.party.credit_code, "left", until=past),
        "clerk": staff["clerk"].user,
        "acceptor": staff["acceptor"].user,
        "handler": staff["handler"].user,
        "approver": staff["approver"].user,
        "office approver": _caseworker(office, Duty.APPROVER, "office approver").user,
        "other acceptor": _caseworker(other_unit, Duty.ACCEPTOR, "other acceptor").user,
        "supervisor": bureau_supervisor,
        "other supervisor": _caseworker(other_unit, Duty.SUPERVISOR, "other supervisor").user,
        "office supervisor": office_supervisor,
        "auditor": _caseworker(office, Duty.AUDITOR, "auditor").user,
        "former acceptor": former.user,
        "deactivated acceptor": deactivated.user,
    }
    return World(people, a, b)


def _demand(case, unit):
    clock = open_item(case, "examine").deadlines.get(purpose=Purpose.LIMIT)
    told = {"rung": 2, "opened_at": APPLIED, "answer_due_on": ON}
    Urging.objects.create(deadline=clock, unit=unit, **told)


def _look_up(party, clerk):
    at = dt.datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
    reception.look_up(party.credit_code, by=clerk, reason="ask", at=at)


def _propose(case, handler, office_supervisor):
    at = APPLIED + dt.timedelta(hours=6)
    told = {"cause": "court", "reason": "等待裁定。"}
    proposals.propose("suspend", case.reference, by=handler, at=at, **told)
    told = {"value": "5", "since": dt.date(2026, 11, 1), "basis": "示例", "certainty": "L"}
    told |= {"open_cases": editions.KEEP, "reason": "提速。"}
    editions.propose("repair.ndrc.decide", by=office_supervisor, at=at, **told)
    year = "\n".join([HEADING, *rows_2027()]).encode()
    calendar_proposals.propose(year, by=office_supervisor, at=at, reason="国办通知（示例）")


def _takes_in(world, who):
    """Test that a person could take in at the counter what is asked of the party of A."""
    with transaction.atomic():
        WorkItem.objects.filter(pk=world.step.pk).update(queue=WorkItem.PARTY, unit=None)
        found = reception.item_for(who, world.step.pk, on=ON)
        transaction.set_rollback(True)
    return found is not None


def _sees(found, wanted):
    return wanted.pk in {thing.pk for thing in found}


# Each reading function: how to ask it about A, and which of the sights above it needs.
READS = {
    "queues.queue_for": ("queue", lambda w, who: _sees(queues.queue_for(who, on=ON), w.step)),
    "queues.count_queue": ("queue", lambda w, who: queues.count_queue(who, on=ON) == 1),
    "queues.steps_in_queue": ("queue", lambda w, who: _steps(who) == {("repair", "examine"): 1}),
    "queues.page_of_queue": (
        "queue",
        lambda w, who: w.step.pk in queues.page_of_queue(who, on=ON).ids,
    ),
    "queues.first_in_queue": (
        "queue",
        lambda w, who: w.step.pk in queues.first_in_queue(who, on=ON, most=9),
    ),
    "finding.cases_called": (
        "case",
        lambda w, who: _sees(finding.cases_called(who, on=ON, search=w.a.party.name).cases, w.a),
    ),
    "queues.late_for": ("late", lambda w, who: _sees(queues.late_for(who, on=LATE), w.step)),
    "queues.supervised_by": (
        "late",
        lambda w, who: w.step.unit in queues.supervised_by(who, on=ON),
    ),
    "queues.demands_on": ("demand", lambda w, who: _sees(queues.demands_on(who, on=ON), w.demand)),
    "queues.unanswered_for": (
        "late",
        lambda w, who: _sees(queues.unanswered_for(who, on=ON), w.demand),
    ),
    "oversight.may_direct": (
        "direct",
        lambda w, who: oversight.may_direct(who, w.step.unit, on=ON),
    ),
    "oversight.directed_by": (
        "direct",
        lambda w, who: _sees(oversight.directed_by(who, [w.step.pk], on=ON), w.step),
    ),
    "oversight.candidates_for": (
        "direct",
        lambda w, who: oversight.candidates_for(who, w.step, on=ON),
    ),
    "oversight.team_of": ("direct", lambda w, who: oversight.team_of(who, [w.step.unit], on=ON)),
    "oversight.demands_for": (
        "late",
        lambda w, who: _sees(oversight.demands_for(who, Asked(), on=ON), w.demand),
    ),
    "oversight.count_demands": (
        "late",
        lambda w, who: oversight.count_demands(who, Asked(unit="CG"), on=ON)[""] == 1,
    ),
    "proposals.open_for": (
        "proposal",
        lambda w, who: _sees(proposals.open_for(who, on=ON), w.proposal),
    ),
    "editions.open_for": (
        "edition",
        lambda w, who: _sees(editions.open_for(who, on=ON), w.edition),
    ),
    "calendar_proposals.open_for": (
        "edition",
        lambda w, who: _sees(calendar_proposals.open_for(who, on=ON), w.calendar),
    ),
    "editions.may_propose": ("rules", lambda w, who: editions.may_propose(who, on=ON)),
    "simulation.of_stock": ("late", lambda w, who: _foresees(w, who)),
    "statistics.piles_for": (
        "late",
        lambda w, who: w.step.unit in {pile.unit for pile in statistics.piles_for(who, on=LATE)},
    ),
    "statistics.steps_for": (
        "late",
        lambda w, who: _sees(statistics.steps_for(who, Wanted(), on=LATE), w.step),
    ),
    "statistics.limits_for": (
        "late",
        lambda w, who: w.step.unit_id in {row[0] for row in statistics.limits_for(who, **SINCE_A)},
    ),
    "statistics.kept_by_month": (
        "late",
        lambda w, who: _counts(
            w.a, lambda: statistics.kept_by_month(who, since=APPLIED.date(), on=LATE)
        ),
    ),
    "statistics.cases_for": ("late", lambda w, who: _sees(statistics.cases_for(who, on=ON), w.a)),
    "statistics.cycles_for": (
        "late",
        lambda w, who: _counts(w.a, lambda: statistics.cycles_for(who, **SINCE_A)),
    ),
    "statistics.ages_for": (
        "late",
        lambda w, who: _counts(w.a, lambda: statistics.ages_for(who, on=LATE)),
    ),
    "statistics.shares_for": (
        "late",
        lambda w, who: _counts(w.a, lambda: statistics.shares_for(who, on=LATE)),
    ),
    "bulletin.bulletin_for": (
        "late",
        lambda w, who: _counts(w.a, lambda: bulletin.bulletin_for(who, WHOLE_YEAR).total),
    ),
    "rating.ratings_for": ("late", lambda w, who: _rated(w.a, who, rating.ratings_for)),
    "rating.waiting_for": ("late", lambda w, who: _rated(w.a, who, rating.waiting_for)),
    "rating.told_for": ("late", lambda w, who: _rated(w.a, who, _told_of_ratings)),
    "queues.item_for": (
        "step",
        lambda w, who: queues.item_for(who, w.step.pk, on=ON) is not None,
    ),
    "sight.visible_to": ("case", lambda w, who: _sees(sight.visible_to(who, on=ON), w.a)),
    "sight.case_for": (
        "case",
        lambda w, who: sight.case_for(who, w.a.reference, on=ON) is not None,
    ),
    "sight.letter_for": (
        "case",
        lambda w, who: sight.letter_for(who, w.letter.pk, on=ON) is not None,
    ),
    "sight.attachment_for": (
        "case",
        lambda w, who: sight.attachment_for(who, w.file.pk, on=ON) is not None,
    ),
    "sight.cases_of": ("party", lambda w, who: _sees(sight.cases_of(who, on=ON), w.a)),
    "sight.is_staff_of": ("staff", lambda w, who: sight.is_staff_of(who, w.a, on=ON)),
    "sight.is_party": ("party", lambda w, who: sight.is_party(who, w.a, on=ON)),
    "sight.organisations_of": (
        "party",
        lambda w, who: _sees(sight.organisations_of(who, on=ON), w.a.party),
    ),
    "offers.for_unit": ("opens", lambda w, who: _opens(who)),
    "offers.records_to_point_at": (
        "opens",
        lambda w, who: _sees(offers.records_to_point_at(who, _door(), on=ON), w.a.record),
    ),
    "offers.subjects_to_point_at": (
        "opens",
        lambda w, who: _sees(
            [
                match.subject
                for match in offers.subjects_to_point_at(
                    who, _door(), on=ON, search=w.a.party.name
                ).matches
            ],
            w.a.party,
        ),
    ),
    "reception.found": (
        "counter",
        lambda w, who: _sees(
            [m.subject for m in reception.found(who, on=ON, search=w.a.party.name).matches],
            w.a.party,
        ),
    ),
    "reception.subject_for": (
        "counter",
        lambda w, who: reception.subject_for(who, w.a.party.credit_code, on=ON) is not None,
    ),
    "reception.records_of": (
        "counter",
        lambda w, who: _sees(reception.records_of(who, w.a.party, on=ON), w.a.record),
    ),
    "reception.cases_of": (
        "counter",
        lambda w, who: _sees(reception.cases_of(who, w.a.party, on=ON), w.a),
    ),
    "reception.case_for": (
        "counter",
        lambda w, who: reception.case_for(who, w.a.reference, on=ON) is not None,
    ),
    "reception.item_for": ("counter", _takes_in),
    "ties.ties_of": (
        "case",
        lambda w, who: _sees([t.case for t in ties.ties_of(w.b, viewer=who, on=ON)], w.a),
    ),
    "sight.log_for": ("late", lambda w, who: _hears_of_a_rating(w.a, who)),
    "sight.records_of": (
        "record",
        lambda w, who: _sees(sight.records_of(who, on=ON), w.a.record),
    ),
}
# Asked elsewhere in this file, for they need a claim, a question to the party or a code.
BY_THEMSELVES = {
    "queues.inbox_of",
    "queues.count_inbox",
    "queues.page_of_inbox",
    "queues.steps_in_inbox",
    "views.views_of",
    "queues.asked_of",
    "sight.case_by_query_code",
    "offers.cases_to_point_at",
    "outbox.messages_of",
    "outbox.messages_about",
    "outbox.unread",
    "rating.may_follow_up",
    "public.organisations_called",
    "public.records_of",
}
# Given something the caller was already allowed to see, or nothing that belongs to anybody.
ABOUT_WHAT_IS_SEEN = {
    "queues.items_on",
    "offers.offers_for",
    "offers.offers_of",
    "offers.for_organisations",
    "offers.after",
    "tracking.waits_for",
    "tracking.waiting_in",
    "oversight.demands_in",
    "oversight.why_not_another",
    "tracking.log_of",
    "tracking.dossier_of",
    "sight.letters_of",
    "sight.attachments_of",
    "tracking.title_of",
    "tracking.state_of",
    "tracking.called",
    "tracking.names_in",
    "tracking.who_did",
    "proposals.of_case",
    "simulation.of_case",
    "rating.satisfied_in",
    "reception.told",
    "reception.past_with",
    "counter.topic_for_visitor",
    "counter.application",
    "counter.visitor_form",
    "counter.withdrawal_form",
    "counter.brought_in",
    "simulation.edition",
}
# These do something; who may is tried in test_doors.py and beside the verbs' own tests.
VERBS = {
    "reception.look_up",
    "reception.admit",
    "counter.submit_at_counter",
    "counter.hand_in_at_counter",
    "counter.withdraw_at_counter",
    "outbox.send",
    "outbox.post",
    "outbox.mark_read",
    "views.keep",
    "views.share",
    "views.drop",
    "proposals.propose",
    "proposals.put",
    "rating.check_ratable",
    "rating.rate",
    "rating.follow_up",
    "proposals.decide",
    "editions.propose",
    # What deciding on a rule and on a calendar have in common, inside the act of either.
    "editions.office_for",
    "editions.awaiting",
    "editions.check_decider",
    "calendar_proposals.propose",
    "calendar_proposals.decide",
    "editions.decide",
}


def _rated(case, who, read):
    """Test that what is told changes when a case gets a poor rating."""
    with transaction.atomic():
        before = list(read(who, on=ON))
        told = {"grade": 1, "rated_by": case.opened_by, "rated_at": APPLIED}
        Rating.objects.create(case_id=case.pk, **told)
        after = list(read(who, on=ON))
        transaction.set_rollback(True)
    return before != after


def _hears_of_a_rating(case, who):
    """Test that the log of a case, as it is told, names the rating that is in it."""
    with transaction.atomic():
        with audit.act(by=None, at=APPLIED):
            audit.record("rated", case)
        told = sight.log_for(who, case, on=ON)
        transaction.set_rollback(True)
    return "rated" in {entry.kind for entry in told}


def _told_of_ratings(who, *, on):
    told = rating.told_for(who, on=on)
    return [told.count, told.waiting]


def _about(messages, case):
    return messages.filter(about=case.reference).exists()


def _steps(who):
    return queues.steps_in_queue(who, on=ON)


def _opens(who):
    return (case_type("interview"), _door()) in offers.for_unit(who, on=ON)


def _door():
    return case_type("interview").door()


def _foresees(world, who):
    new = simulation.edition("repair.ndrc.accept", value="1", unit=None, since=APPLIED.date())
    found = simulation.of_stock(WhatIf(term=new, moves_open=True), viewer=who, on=ON)
    return world.a.pk in {change.deadline.case_id for change in found.changes}


def _counts(case, ask):
    """Test that what is told changes when a case is closed and its time limits stand still."""
    with transaction.atomic():
        before = ask()
        Case.objects.filter(pk=case.pk).update(closed_at=APPLIED)
        case.deadlines.update(due_on=None)
        after = ask()
        transaction.set_rollback(True)
    return before != after


def public_functions():
    for room in ROOMS:
        short = room.__name__.rpartition(".")[2]
        for name, thing in inspect.getmembers(room, inspect.isfunction):
            if thing.__module__ == room.__name__ and not name.startswith("_"):
                yield f"{short}.{name}", thing


class TestTheTable:
    def test_knows_every_function_that_reads(self):
        known = {*READS, *BY_THEMSELVES, *ABOUT_WHAT_IS_SEEN, *VERBS}
        unknown = {name for name, _function in public_functions()} - known

        assert unknown == set(), "say in this file who may see what these return"

    def test_names_no_function_twice_and_none_that_asks_for_no_viewer(self):
        assert not set(READS) & (BY_THEMSELVES | ABOUT_WHAT_IS_SEEN | VERBS)
        for name, function in public_functions():
            takes_viewer = "viewer" in inspect.signature(function).parameters
            code_is_enough = name == "sight.case_by_query_code"
            asks_for_none = name in ABOUT_WHAT_IS_SEEN | VERBS
            assert takes_viewer or code_is_enough or asks_for_none, name
            assert not (takes_viewer and asks_for_none), name


class TestEveryReader:
    def test_shows_each_role_what_it_may_see_and_nothing_else(self, world):
        seen = {
            (role, read): bool(ask(world, world.who(role)))
            for role in ROLES
            for read, (_sight, ask) in READS.items()
        }
        assert seen == {
            (role, read): sight in sights
            for role, sights in ROLES.items()
            for read, (sight, _ask) in READS.items()
        }

    def test_shows_the_other_case_to_the_others(self, world):
        for role in ("stranger", "other acceptor", "other supervisor", "auditor", "clerk"):
            who = world.who(role)
            assert _sees(sight.visible_to(who, on=ON), world.b), role
        for role in ("applicant", "acceptor", "supervisor", "handler"):
            who = world.who(role)
            assert not _sees(sight.visible_to(who, on=ON), world.b), role


class TestAClosedCase:
    def test_is_pointed_at_by_handlers_of_its_units_alone(self, world):
        door = case_type("repair").door("doubted")

        def pointing():
            return [
                role
                for role in ROLES
                if _sees(offers.cases_to_point_at(world.who(role), "repair", door, on=ON), world.a)
            ]

        assert pointing() == [], "an open case is followed by nothing"
        Case.objects.filter(pk=world.a.pk).update(closed_at=APPLIED)
        assert pointing() == ["handler"]


class TestAnInbox:
    def test_is_ones_own(self, world, staff):
        staff["acceptor"].claims("examine", world.a, at=APPLIED + dt.timedelta(days=1))
        holders = [r for r in ROLES if _sees(queues.inbox_of(world.who(r)), world.step)]
        counted = [role for role in ROLES if queues.count_inbox(world.who(role))]

        listed = [r for r in ROLES if queues.page_of_inbox(world.who(r), on=ON).ids]
        steps = [role for role in ROLES if queues.steps_in_inbox(world.who(role))]

        assert holders == counted == listed == steps == ["acceptor"]

    def test_of_the_party_is_the_partys(self, world, staff):
        walk(world.a, "examine:more", staff, since=APPLIED + dt.timedelta(days=1))
        asked = {role: queues.asked_of(world.who(role), on=ON) for role in ROLES}

        assert [role for role, items in asked.items() if items] == ["applicant"]
        assert [item.step for item in asked["applicant"]] == ["supplement"]

    def test_of_messages_is_ones_own(self, world):
        people = [role for role in ROLES if role != "anonymous"]
        for read in (outbox.messages_of, outbox.unread):
            told = [r for r in people if _about(read(world.who(r)), world.a)]
            assert told == ["applicant"]
        about = world.a.reference
        read_it = [r for r in people if outbox.messages_about(world.who(r), about).exists()]
        assert read_it == ["applicant"]


class TestACallBack:
    def test_is_made_by_the_supervisors_of_the_credit_office(self, world):
        made = [role for role in ROLES if rating.may_follow_up(world.who(role), on=ON)]
        assert made == ["office supervisor"]


class TestWhatIsPublished:
    def test_is_shown_to_everybody_alike(self, world):
        party = world.a.party
        for role in ROLES:
            who = world.who(role)
            (found,) = public.organisations_called(party.name, viewer=who).organisations
            shown = public.records_of(party.credit_code, viewer=who)
            assert found.credit_code == party.credit_code, role
            assert [record.pk for record in shown.records] == [world.a.record_id], role


class TestAView:
    def test_is_for_its_owner_and_when_shared_for_who_works_in_the_unit(self, world):
        def seen():
            return {r for r in ROLES if views.views_of(world.who(r), on=ON, of="queue")}

        owner = world.who("acceptor")
        kept = views.keep(by=owner, of="queue", name="示例", query="light=red", at=APPLIED)
        assert seen() == {"acceptor"}
        views.share(kept.pk, by=owner, unit=world.step.unit.code, at=APPLIED)
        assert seen() == {"acceptor", "handler", "approver"}


class TestAFileNotYetUsed:
    def test_is_shown_to_the_one_who_handed_it_in(self, world):
        pk = world.unused.pk
        shown = [r for r in ROLES if sight.attachment_for(world.who(r), pk, on=ON)]

        assert shown == ["applicant"]


class TestAQueryCode:
    def test_shows_the_case_to_anybody_who_holds_number_and_code(self, world):
        a = world.a

        assert sight.case_by_query_code(a.reference, a.query_code).pk == a.pk
        loose = sight.case_by_query_code(f" {a.reference.lower()} ", a.query_code.lower())
        assert loose.pk == a.pk

    @pytest.mark.parametrize("code", ["", "AAAAAAAA", "甲", "\x00"])
    def test_shows_nothing_to_anybody_else(self, world, code):
        assert sight.case_by_query_code(world.a.reference, code) is None
        assert sight.case_by_query_code(world.a.reference, world.b.query_code) is None
        assert sight.case_by_query_code("XF-2026-999999", world.a.query_code) is None


class TestATimeline:
    def test_names_nobody_who_works_on_the_case(self, world, staff):
        walk(
            world.a,
            "examine:accept verify:good decide:grant stop_publication:done",
            staff,
            since=APPLIED + dt.timedelta(days=1),
        )
        told = tracking.dossier_of(world.a, on=ON).timeline

        assert [line.kind for line in told] == ["received", "push", "accept", "approve", "stop"]
        assert {line.who for line in told} == {""}
