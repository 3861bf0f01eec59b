"""What random histories are made of: a district of people, valid answers, doors, and the checks."""

import datetime as dt
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from unittest import mock

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import Duty, Membership, Unit, User
from records.models import Place, Record, Showing
from tests.actors import Applicant
from tests.conftest import SHANGHAI, SINCE
from tests.proven import _space
from tests.workflows import walks
from tests.workflows.absences import WORKING
from tests.workflows.test_replay import assert_rebuilt
from workflows import audit, checking, escalation, hands, intake, proposals, related, work
from workflows.asides import ASIDES
from workflows.case_type import case_type, case_types
from workflows.models import Case, Deadline, Entry, Errand, Proposal, WorkItem
from workflows.proof.live import position_of
from workflows.separation import Done, conflicts
from workflows.transfers import AWAY

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OPEN = (WorkItem.State.OPEN, WorkItem.State.CLAIMED)
KINDS = sorted(type_.label for type_ in case_types())
# A worked weekend behind, National Day or the turn of the year ahead.
BEGINNINGS = [
    dt.datetime(2026, 9, 28, 8, tzinfo=SHANGHAI),
    dt.datetime(2026, 9, 30, 16, tzinfo=SHANGHAI),
    dt.datetime(2026, 10, 10, 9, tzinfo=SHANGHAI),
    dt.datetime(2026, 12, 30, 10, tzinfo=SHANGHAI),
]
ELSEWHERE = ("YJ", "SW", "FY")  # units that are asked, or to which a part is handed over
SUPERVISING = ("SP", "RS", "GX", "MZ", "ZJ", "HJ")  # units of the commitments
NARROW = (Duty.HANDLER, Duty.ACCEPTOR, Duty.REVIEWER, Duty.APPROVER)
LATE = {"overdue_reason": "示例：材料核实耗时较长。"}
BOUND = 90
# A transfer goes on when its step is done by the law: the next steps go where it leads.
OUTLIVING = [name for name, aside in ASIDES.items() if aside.outlives]


class District:
    """Units with several people each; some have every duty, some one, one only stands in."""

    def __init__(self, office, bureau, applicant, penalty):
        self.applicant, self.penalty = applicant.user, penalty
        others = [_unit(code) for code in (*ELSEWHERE, *SUPERVISING)]
        self.units = {unit.code: unit for unit in (office, bureau, *others)}
        self.staff = {code: _people(unit) for code, unit in self.units.items()}
        if "commitment" in KINDS:
            from cases.commitment.register import load_items

            load_items(case_type("commitment").folder / "items.csv")

    def hires(self, unit, duty):
        """Return somebody new in a unit, for nobody else is left who may do a step."""
        count = User.objects.count()
        user = User.objects.create_user(f"new {count}", display_name=f"新人{count}（示例）")
        Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
        return user


def _unit(code):
    credit_code = f"11370115MB00000{code}0"
    return Unit.objects.create(
        code=code, name=f"{code}局（示例）", name_en=code, credit_code=credit_code
    )


def _people(unit):
    duties = [WORKING, WORKING, *((duty,) for duty in NARROW), ()]
    people = []
    for number, held in enumerate(duties):
        user = User(username=f"{unit.code} {number}", display_name=f"{unit.code}{number}（示例）")
        people.append((user, held))
    User.objects.bulk_create([user for user, _held in people])
    Membership.objects.bulk_create(
        Membership(user=user, unit=unit, duty=duty, since=SINCE)
        for user, held in people
        for duty in held
    )
    return [user.pk for user, _held in people]


@dataclass
class Asked:
    """A step somebody is about to answer."""

    item: WorkItem
    by: User
    now: dt.datetime

    @property
    def case(self):
        return self.item.case.typed

    @property
    def actor(self):
        return Applicant(self.by)

    def file(self):
        return str(self.actor.hands_in("记录.pdf", at=self.now).pk)

    def day(self, after=0):
        return (localdate(self.now) + after * DAY).isoformat()


def _by_step(answers):
    found = defaultdict(list)
    for move, answer in answers.items():
        found[move.partition(":")[0]].append(answer)
    return dict(found)


_REFUSED = {"decision": "refuse", "decision_reason": "示例。", **walks._REFUSAL}


def _of_a_repair():
    reasoned = {"decision_reason": "示例。"}
    return {
        **_by_step(walks.ANSWERS),
        "confirm": [_places_gone],
        "check_ruling": [
            {"ruling_genuine": "True", "ruling_note": "已电话核实。"},
            {"ruling_genuine": "False", "ruling_note": "法院复函：无此裁定。（示例）"},
        ],
        "judge_ruling": [{"decision": "grant", **reasoned}, _REFUSED],
        "watch_plan": [
            {"plan_outcome": "carried_out", "plan_note": "管理人报告。（示例）"},
            {"plan_outcome": "failed", "plan_note": "法院裁定宣告破产。（示例）"},
        ],
        "judge_plan": [{"decision": "carried_out", **reasoned}, {"decision": "failed", **reasoned}],
        "check_fulfilment": [
            {
                "fulfilment": "fulfilled",
                "fulfilled_on": "2026-07-01",
                "fulfilment_note": "财政系统查询：已缴清。（示例）",
            },
            {
                "fulfilment": "open",
                "kept_basis": "示例行业规定第1条",
                "fulfilment_note": "财政系统查询：罚款未缴。（示例）",
            },
        ],
        "judge_fulfilment": [{"finding_confirmed": "on", **reasoned}],
        "hear": [{"statement": "凭证由代办机构提供。（示例）"}],
        "weigh": [
            {"falsehood": "True", "statement_weighed": "不影响事实认定。（示例）"},
            {"falsehood": "False", "statement_weighed": "陈述属实。（示例）"},
        ],
        "judge_falsehood": [{"decision": "revoke", **reasoned}, {"decision": "uphold", **reasoned}],
    }


def _places_gone(asked):
    shown = asked.case.record.showings.filter(stopped_on=None)
    gone = {f"gone_{showing.place}": "on" for showing in shown}
    seen = {f"evidence_{showing.place}": "查询无记录（示例）" for showing in shown}
    measures = "" if asked.now.hour % 2 else "济阳区财政局：限制财政性资金支持。（示例）"
    return {**gone, **seen, "measures": measures}


def _of_an_objection():
    from tests.cases import objection_walks as told

    def proven(**answers):
        return lambda asked: {"proof": [asked.file()], **answers}

    def seen(asked):
        places = [*asked.case.record.showings.values_list("place", flat=True), "site"]
        return {
            **{f"checked_{place}": "on" for place in places},
            **{f"evidence_{place}": "查询，已按更正后内容展示（示例）" for place in places},
            "users_told": "无",
            "effects_removed": "无",
        }

    reasoned = {"verification": told.REASONED}
    higher = {"corrected_value": "30000.00", "remedy": "correct"}
    return {
        "screen": [
            {"screening": "accept"},
            {"screening": "supplement", "missing": "处罚决定书全文"},
            {**told.REFUSAL, "ground": "legality"},
        ],
        "supplement": [{"supplement_note": "已补交。"}],
        "review": [{"review_opinion": "属于对处罚决定合法性的争议。"}],
        "compare": [
            {"finding": "same", "compared": "与报送的原始报文一致。"},
            {"finding": "ours", "compared": "录入有误。", "corrected_value": "2000.00"},
            {"finding": "site", "compared": "信用中国展示有误。"},
            {"finding": "ours", "compared": "录入有误。", "corrected_value": "30000.00"},
        ],
        "approve_own": [{"approval": "同意。"}],
        "receive": [{"signed_for": "法规科 示例"}],
        "verify": [
            proven(conclusion="right", **reasoned),
            proven(**told.WRONG),
            proven(**told.WRONG | higher),
            proven(conclusion="partly_wrong", remedy="stop", **reasoned),
            proven(conclusion="wrong", remedy="remove", **reasoned),
            proven(conclusion="out_of_term", **reasoned),
            {"conclusion": "cannot_verify", **reasoned},
        ],
        "sign": [{"reply_number": "示例复函第1号"}],
        "plead": [{"statement": "请以决定书原件为准。（示例）"}],
        "draft": [
            {"outcome_reason": "经核查，处理如下。", "remedy": "correct"},
            {"outcome_reason": "经核查，处理如下。", "remedy": "stop"},
            {"outcome_reason": "经核查，处理如下。", "remedy": "remove"},
        ],
        "approve": [{"approval": "同意。"}],
        "correct": [
            lambda asked: {
                "corrected_on": asked.day(),
                "source_note": "执法系统已更正并重新报送。",
                "proof": [asked.file()],
            }
        ],
        "confirm": [seen],
        "settle": [{"fate": "remove"}, {"fate": "keep", "review_number": "示例复议1号"}],
        "follow": [
            {"is_overturned": "False", "review_note": "复议维持。（示例）"},
            {"is_overturned": "True", "review_note": "复议变更。（示例）", "remedy": "stop"},
        ],
    }


def _of_an_interview():
    from tests.cases import interview_walks as told

    def moved(answers, **days):
        return lambda asked: {**answers, **{name: asked.day(n) for name, n in days.items()}}

    steps = _by_step(told.ANSWERS)
    held, absent, changed, fallen = (
        told.ANSWERS[f"meet:{what}"] for what in ("held", "absent", "moved", "fallen")
    )
    yes, no = told.ANSWERS["reconsider:yes"], told.ANSWERS["reconsider:no"]
    anew = {"document": "示例文〔2026〕第1号", "new_fact": "又查明新的事实。（示例）"}
    return {
        **steps,
        "draft": [{**draft, **anew} for draft in steps["draft"]],
        "call": [moved(told.CALL, meets_on=12), moved(told.CALL, meets_on=20)],
        "answer": [
            told.ANSWERS["answer:come"],
            told.ANSWERS["answer:electronic"],
            *(_later(told.ANSWERS["answer:postpone"], "postpone_to", n) for n in (1, 4, 8)),
        ],
        "reconsider": [no, *(_later(yes, "meets_on", n) for n in (1, 3, 6))],
        "meet": [
            moved(held, held_on=0),
            absent,
            moved(changed, meets_on=12),
            fallen,
        ],
        "respond": [
            told.ANSWERS["respond:measure"],
            moved(told.ANSWERS["respond:again"], meets_on=12),
        ],
        "rectify": [{**told.ANSWERS["rectify:done"]}],
        "suggest": [told.ANSWERS["suggest:transfer"], told.ANSWERS["suggest:escalate"]],
    }


def _later(answers, name, days):
    """Ask for, or give, a day after the one that was appointed."""
    return lambda asked: {**answers, name: (asked.case.meets_on + days * DAY).isoformat()}


def _of_a_commitment():
    from tests.cases import commitment_walks as told

    def answer(move):
        def answered(asked):
            cast = dict.fromkeys(told.WORKER.values(), asked.actor)
            return told.answers_to(move, asked.case, cast, asked.now)

        return answered

    moves = ["sign:all", "missing:done", *told.ANSWERS]
    steps = _by_step({move: answer(move) for move in moves})
    summoned = answer("recheck:bad")
    steps["recheck"] += [lambda asked: {**summoned(asked), "to_interview": "True"}]
    steps["look"] += [_arrived]
    return steps


def _arrived(asked):
    due = asked.case.gap_due_on or localdate(asked.now)
    return {"arrived": "True", "arrived_on": min(due, localdate(asked.now)).isoformat()}


_BESIDE = {
    "aside.serve": [
        lambda asked: {"method": "direct", "served_on": asked.day(), "proof": "送达回证（示例）"},
        lambda asked: {"method": "announced", "served_on": asked.day(), "proof": "公告（示例）"},
    ],
    "aside.transfer": [
        {"taken": "True"},
        {"taken": "False", "given_back_because": "非本单位职责。（示例）"},
    ],
    **{
        f"aside.{kind}": [
            {"position": "agree", "reasons": "情况属实。（示例）"},
            {"position": "disagree", "reasons": "尚有争议。（示例）"},
        ]
        for kind in ("assist", "countersign", "advice")
    },
}
_TABLES = {
    "repair": _of_a_repair,
    "objection": _of_an_objection,
    "interview": _of_an_interview,
    "commitment": _of_a_commitment,
}


@cache
def answers_of(kind):
    """Return the valid answers of every step of a type; the first of each leads to the end."""
    assert kind in _TABLES, f"tell random histories what is answered in a {kind}: _TABLES"
    return {**_TABLES[kind](), **_BESIDE}


def _applies(history, served="on"):
    party = Applicant(history.party())
    penalty = Record.objects.get(pk=history.district.penalty.pk)
    return party.applies(penalty, at=history.now, served_electronically=served)


def _by_hand(history):
    return _applies(history, served="")


def _reorganised(history):
    from tests.cases.test_repair_shield import ruling

    told = ruling(Applicant(history.party()), history.now, plan_ends_on="2027-01-31")
    return _submits(history, "repair", told, door="reorganised")


def _expired(history):
    copied = ("kind", "subject", "authority_code", "authority_name", "categories")
    old = {name: getattr(history.district.penalty, name) for name in copied}
    number = "济阳城管罚决字〔2025〕第0001号（示例）"
    record = Record.objects.create(document_number=number, decided_on=dt.date(2025, 6, 2), **old)
    Showing.objects.bulk_create([Showing(record=record, place=place) for place in Place.values])
    related.open_found(at=history.now)
    return Case.objects.get()


def _doubted(history):
    from tests.cases.test_repair_falsehood import SUSPICION

    source = _applies(history)
    history.ends()
    about = {"door": "doubted", "source": source.reference, "answers": SUSPICION}
    return history.tries("CG", lambda who: history.opens_for_office("repair", who, **about))


def _submits(history, kind, answers, **about):
    about = about if "source" in about else {"record_id": history.district.penalty.pk, **about}
    return intake.submit(kind, by=history.party(), answers=answers, at=history.now, **about)


def _objects(history, served="on"):
    from tests.cases.objection_walks import claim

    told = claim(Applicant(history.party()), on=history.now, served_electronically=served)
    return _submits(history, "objection", told)


def _objects_by_hand(history):
    return _objects(history, served="")


def _objects_again(history):
    from tests.cases.objection_walks import claim

    first = _objects(history)
    history.ends()
    told = claim(Applicant(history.party()), on=history.now, new_evidence="新取得的原件。")
    return _submits(history, "objection", told, door="again", source=first.reference)


def _summoned(history, occasion="first", **about):
    from tests.cases.interview_walks import GROUNDS

    about = about or {"door": "opened", "record_id": history.district.penalty.pk}
    told = {**GROUNDS, "occasion": occasion}
    return history.tries(
        "CG", lambda who: history.opens_for_office("interview", who, answers=told, **about)
    )


def _warned(history):
    return _summoned(history, "repeated")


def _about_no_record(history):
    code = history.district.penalty.subject.credit_code
    return _summoned(history, door="found", credit_code=code)


def _commits(item, **changed):
    def commits(history):
        from tests.cases.commitment_walks import applies

        return applies(Applicant(history.party()), item, on=history.now, **changed)

    return commits


_MISSING = {"missing_materials": ["办公场所证明"], "gap_term": "wd5"}
OPENINGS = {
    "repair": [_applies, _by_hand, _reorganised, _expired, _doubted],
    "objection": [_objects, _objects_by_hand, _objects_again],
    "interview": [_summoned, _warned, _about_no_record],
    "commitment": [
        _commits("RL01"),
        _commits("RL01", served_electronically=""),
        _commits("CS01"),
        _commits("ZJ01", **_MISSING),
        _commits("HJ01"),
    ],
}


class History:
    """One history in a district: acts of people and of the clock, each checked when it is done."""

    def __init__(self, district, now):
        self.district, self.now = district, now
        self.chance = None
        self.told, self._stood, self._heard = [], {}, 0

    # Who and what there is.

    def party(self):
        """Return who acts for the party, as a new request knows them."""
        return User.objects.get(pk=self.district.applicant.pk)

    def people(self, code):
        """Return the people of a unit, as a new request knows them."""
        by_pk = User.objects.in_bulk(self.district.staff[code])
        return [by_pk[pk] for pk in self.district.staff[code]]

    def cases(self):
        """Return the cases that are not closed, oldest first, as their own types."""
        found = Case.objects.filter(closed_at=None).select_related("party", "record", "process")
        return [case.typed for case in found.order_by("pk")]

    def items(self):
        """Return the open steps of the cases that are not suspended, oldest first."""
        found = WorkItem.objects.filter(case__suspended_at=None, state__in=OPEN)
        found = found.exclude(queue__startswith=AWAY).order_by("pk")
        return list(found.select_related("case", "unit", "task", "owner"))

    def answerable(self, items):
        """Return, of open steps, those that wait for nothing but their own answer."""
        waited_for = {aside.host_id for aside in items if aside.host_id}
        return [item for item in items if item.pk not in waited_for]

    def next_dates(self):
        """Return the days on which something runs out, soonest first."""
        columns = ("due_on", "deemed_on", "overrun_on")
        items = WorkItem.objects.filter(state__in=OPEN).values_list(*columns)
        days = {day for item in items for day in item if day}
        days |= {case.meets_on for case in self.cases() if getattr(case, "meets_on", None)}
        return sorted(day for day in days if day >= localdate(self.now))

    # What is done.

    def later(self, more=HOUR):
        """Let time pass."""
        self.now += more

    def wakes_after(self, day):
        """Let the clock pass the end of a day, and the service do what is due."""
        self.now = max(self.now + HOUR, walks.midnight_after(day))
        pulse = escalation.sweep(at=self.now)
        assert pulse.failed == 0, "the sweep failed on a clock or a step"
        related.open_found(at=self.now)

    def tries(self, code, act, *, first=0):
        """Let the first person of a unit act who may; return what came of it, or nothing."""
        people = self.people(code)
        for who in people[first:] + people[:first]:
            try:
                return act(who)
            except work.Refused as refused:
                if refused.status != 403:
                    raise
        return None

    def opens_for_office(self, kind, who, **about):
        """Open a case for a unit."""
        return intake.open_for_office(kind, by=who, at=self.now, **about)

    def claims(self, item, *, first=0):
        """Let somebody who may claim a step; somebody new if nobody is left."""

        def claim(who):
            return work.claim(item.pk, by=who, at=self.now)

        done = self.tries(item.unit.code, claim, first=first)
        if done is None:
            claim(self.district.hires(item.unit, Duty(hands.duty_of(item.queue))))

    def answers(self, item, *, choice=0, first=0):
        """Do a step with an answer that is valid now; return whether there is one."""
        if item.queue != WorkItem.PARTY and item.state == WorkItem.State.OPEN:
            if self.valid(item, self.party(), choice) is None:
                return False
            self.claims(item, first=first)
            item.refresh_from_db()
        by = self.party() if item.queue == WorkItem.PARTY else User.objects.get(pk=item.owner_id)
        answers = self.valid(item, by, choice)
        return answers is not None and self._completes(item, by, answers)

    def _completes(self, item, by, answers):
        self.told[-1] += f" [{item.step} by {by}: {answers}]"
        try:
            work.complete(item.pk, by=by, answers=answers, at=self.now)
        except work.Refused as refused:
            if refused.status != 403:
                raise
            work.release(item.pk, by=by, at=self.now)  # they may not go on with it any more
        return True

    def valid(self, item, by, choice=0):
        """Return the first answer, counted from a choice, that the form of a step takes."""
        item = WorkItem.objects.select_related("case", "unit", "task").get(pk=item.pk)
        table = answers_of(item.kind)
        assert item.step in table, f"tell random histories what is answered at {item.step}"
        known = table[item.step]
        for number in range(len(known)):
            answers = self._told(known[(choice + number) % len(known)], Asked(item, by, self.now))
            if work.form_for(item, by=by, on=localdate(self.now), answers=answers).is_valid():
                return answers
        return None

    def _told(self, answers, asked):
        told = answers(asked) if callable(answers) else answers
        return {**LATE, **told}

    def decides(self, proposal, *, grant, first=0):
        """Let an approver decide on a proposal; somebody new if nobody is left."""

        def decide(who):
            return proposals.decide(proposal.pk, by=who, grant=grant, at=self.now)

        try:
            done = self.tries(proposal.unit.code, decide, first=first)
            if done is None:
                decide(self.district.hires(proposal.unit, Duty.APPROVER))
        except proposals.NotAllowed:
            decide_not = self.district.hires(proposal.unit, Duty.APPROVER)
            proposals.decide(proposal.pk, by=decide_not, grant=False, at=self.now)

    def ends(self, *, detours=0):
        """Bring every case to its end, after some acts by the answers that lead there."""
        for act in range(detours + BOUND):
            if not self.cases():
                return
            self.later()
            with self.checked("towards the end"):
                self._goes_on(self.chance if act < detours else None)
        left = [f"{case} {case.state}: {[i.step for i in self.items()]}" for case in self.cases()]
        raise AssertionError(f"not ended after {BOUND} acts: {left}")

    def _goes_on(self, chance):
        if Errand.objects.filter(done_at=None).exists():
            related.run(at=self.now)
        elif not self._does_what_is_open(chance) and not self._resumes():
            days = self.next_dates()
            assert days, f"nobody can do anything, and nothing runs out: {self.cases()}"
            self.wakes_after(days[0])

    def _does_what_is_open(self, chance):
        asides_first = sorted(
            self.answerable(self.items()), key=lambda item: item.task_id is not None
        )
        to_do = [item for item in asides_first if self._has_come(item)]
        choices = [chance.randrange(8) if chance else 0 for _item in to_do]
        told = zip(to_do, choices, strict=True)
        return any(self.answers(item, choice=choice) for item, choice in told)

    def _has_come(self, item):
        """Test that the appointed day of a meeting is here: nobody moves it before."""
        case = item.case.typed
        return item.step != "meet" or case.meets_on <= localdate(self.now)

    def _resumes(self):
        held = [case for case in self.cases() if case.suspended_at]
        mine = [case for case in held if case.suspensions.filter(source=None, until=None).exists()]
        for case in mine:
            made = self.proposes("resume", case)
            if made:
                self.decides(made, grant=True)
                return True
        return False

    def proposes(self, kind, case, *, first=0, **detail):
        """Let somebody of a unit of the case propose an exceptional move, if the law allows it."""

        def propose(who):
            told = {"by": who, "at": self.now, "reason": "示例。", **detail}
            return proposals.propose(kind, case.reference, **told)

        unit = next(iter(Case.objects.get(pk=case.pk).unit_as.values()))
        try:
            return self.tries(unit.code, propose, first=first) or propose(
                self.district.hires(unit, Duty.HANDLER)
            )
        except proposals.NotAllowed:
            return None

    # What must hold.

    @contextmanager
    def checked(self, told):
        """Run the block as acts of a history, each an edge of the proof, and check all after it."""
        self.told.append(f"{self.now:%m-%d %H:%M} {told}")
        with mock.patch.object(audit, "act", self._watched(audit.act)):
            yield
        self.holds()

    def _watched(self, act):
        @contextmanager
        def watched(*, by, at):
            with act(by=by, at=at) as running:
                yield running
            self._sees()

        return watched

    def _sees(self):
        """See that the act just done was an edge of the proven space in every case."""
        between = set(
            Errand.objects.filter(kind=Errand.Kind.CONCLUDE, done_at=None).values_list(
                "target", flat=True
            )
        )
        known = Case.objects.filter(
            pk__in=[pk for pk, p in self._stood.items() if p.end != "closed"]
        )
        new = Case.objects.exclude(pk__in=self._stood)
        for case in [*known, *new]:
            if case.pk not in between:
                self._stands(case)

    def _stands(self, case):
        space = _space(case.kind, case.typed.process.flow_class.version)
        before, after = self._stood.get(case.pk), position_of(case)
        if before is None:
            assert after in {edge.after for edge in space.starts}, f"{case} starts at {after}"
        else:
            assert after == before or space.allows(before, after), f"{case}: {before} to {after}"
        self._stood[case.pk] = after

    def holds(self):
        """Check everything that must hold after every act."""
        for case in self._touched():
            assert_rebuilt(case.reference)
            assert_done_by_different_hands(case)
        assert_no_orphans()
        assert [str(difference) for difference in checking.check().differences] == []

    def _touched(self):
        """Return the cases that are open, or of which anything was told since the last check."""
        last, told = self._heard, Entry.objects.filter(pk__gt=self._heard)
        self._heard = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or last
        named = Q(closed_at=None) | Q(reference__in=told.values("stream"))
        return list(Case.objects.filter(named).order_by("pk"))


def assert_no_orphans():
    """Test that whatever is open belongs to something that is open, and the other way round."""
    items = WorkItem.objects.filter(state__in=OPEN)
    clocks = Deadline.objects.filter(ended_at=None)
    assert not items.filter(case__closed_at__isnull=False).exists()
    assert not items.filter(task__isnull=False, case__concluded_at__isnull=False).exists()
    beside = items.filter(host__isnull=False).exclude(step__in=OUTLIVING)
    assert not beside.exclude(host__state__in=OPEN).exists()
    assert not clocks.filter(item__isnull=False).exclude(item__state__in=OPEN).exists()
    assert not clocks.filter(item=None, case__concluded_at__isnull=False).exists()
    for case in Case.objects.filter(closed_at=None):
        assert _tasks(case) == set(
            items.filter(case=case, task__isnull=False).values_list("task", flat=True)
        )


def _tasks(case):
    ended = ["DONE", "CANCELED", "REVIVED"]
    waiting = case.process.task_set.exclude(status__in=ended)
    return {task.pk for task in waiting if hasattr(task.flow_task, "form")}


def assert_done_by_different_hands(case):
    """Test, from the log alone, that nobody has done two steps that must not share a hand."""
    done, queues = [], {}
    for entry in Entry.objects.filter(stream=case.reference).order_by("seq"):
        queues |= _opened_by(entry)
        step = _done_by(entry, case.kind, queues)
        assert step is None or not conflicts(step, done), f"{case}: {step} after {done}"
        done += [step] if step else []


def _opened_by(entry):
    opened = entry.kind in ("opened", "asked_beside")
    return {entry.detail["item"]: entry.detail["queue"]} if opened else {}


def _done_by(entry, kind, queues):
    people = frozenset({entry.by, entry.on_behalf_of} - {""})
    if entry.kind in ("proposal_granted", "proposal_refused"):
        return Done(hands.PROPOSAL, str(Duty.APPROVER), people)
    if entry.kind != "completed" or queues[entry.detail["item"]] == WorkItem.PARTY:
        return None
    step = entry.detail["step"]
    not_by = ASIDES[step].not_by if step in ASIDES else case_type(kind).step(step).not_by
    return Done(step, hands.duty_of(queues[entry.detail["item"]]), people, not_by)


def open_proposals():
    """Return the proposals nobody has decided yet, in cases that are not closed."""
    found = Proposal.objects.filter(decided_at=None, case__closed_at=None, case__isnull=False)
    return list(found.select_related("unit", "case").order_by("pk"))
