"""Ways through a repair, told as a few words: ``check:yes examine:accept verify:good``."""

import datetime as dt

from tests.actors import open_item
from tests.conftest import SHANGHAI
from workflows import intake, returning, work
from workflows.models import WorkItem

HOUR = dt.timedelta(hours=1)
WORKER = {
    "check": "clerk",
    "redo": "applicant",
    "examine": "acceptor",
    "supplement": "applicant",
    "review": "reviewer",
    "verify": "handler",
    "decide": "approver",
    "stop_publication": "handler",
    "confirm": "office_handler",
    "lift_measures": "office_handler",
    "check_ruling": "handler",
    "judge_ruling": "approver",
    "watch_plan": "handler",
    "judge_plan": "approver",
    "check_fulfilment": "handler",
    "judge_fulfilment": "approver",
    "hear": "applicant",
    "weigh": "handler",
    "judge_falsehood": "approver",
}
_REFUSAL = {
    "refusal_code": "R2",
    "refusal_reason": "罚款尚未缴清。",
    "apply_again": "缴清罚款之后可以随时再次申请。",
}
_SEEN = {f"gone_{place}": "on" for place in ("authority", "credit_china", "province", "city")}
_SEEN |= {key.replace("gone", "evidence"): "查询无记录" for key in _SEEN}
ANSWERS = {
    "check:yes": {"form_complete": "True"},
    "check:no": {"form_complete": "False", "missing": "缺少授权委托书"},
    "redo:done": {"supplement_note": "已补齐。"},
    "examine:accept": {"examination": "accept"},
    "examine:more": {"examination": "supplement", "missing": "缴款凭证原件"},
    "examine:refuse": {"examination": "refuse", **_REFUSAL},
    "supplement:done": {"supplement_note": "已补交。"},
    "review:agree": {"refusal_confirmed": "True"},
    "verify:good": {
        "duty_fulfilled": "True",
        "breach_corrected": "True",
        "verification": "调阅缴款记录。",
    },
    "verify:bad": {
        "duty_fulfilled": "False",
        "breach_corrected": "True",
        "verification": "罚款未缴清。",
    },
    "decide:grant": {"decision": "grant", "decision_reason": "符合条件。"},
    "decide:refuse": {"decision": "refuse", "decision_reason": "未履行完毕。", **_REFUSAL},
    "stop_publication:done": {"stopped_note": "官网已撤下。"},
    "confirm:seen": _SEEN,
    "confirm:measures": {**_SEEN, "measures": "济阳区财政局：限制财政性资金支持。（示例）"},
    "lift_measures:done": {"measures_lifted": "on", "lifting_note": "财政局已解除。（示例）"},
}
RETURNS = {"review:disagree": "材料齐全，请重新审查。", "decide:return": "请补充核实。"}
GRANTED = "check:yes examine:accept verify:good decide:grant"
STORIES = {
    "repaired": f"{GRANTED} stop_publication:done confirm:seen",
    "repaired after every detour": "check:no redo:done check:yes examine:refuse review:disagree "
    "examine:more supplement:done examine:accept verify:bad decide:return verify:good decide:grant "
    "stop_publication:done confirm:seen",
    "repaired and measures lifted": f"{GRANTED} stop_publication:done confirm:measures "
    "lift_measures:done",
    "refused": "check:yes examine:accept verify:bad decide:refuse",
    "not accepted": "check:yes examine:refuse review:agree",
    "lapsed at the counter": "check:no LAPSE",
    "lapsed at the authority": "check:yes examine:more LAPSE",
    "withdrawn": "check:yes WITHDRAW",
    "withdrawn while asked for more": "check:yes examine:more WITHDRAW",
    "withdrawn while being verified": "check:yes examine:accept CLAIM:verify WITHDRAW",
    "put back into the queue": "CLAIM:check RELEASE:check check:yes",
    "just received": "",
}


def at(day, hour=15, minute=0):
    """Return an instant of 2026 in the district, e.g. ``at("09-29", 9)``."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:{minute:02}").replace(tzinfo=SHANGHAI)


APPLIED = at("09-28", 8)


def open_a_repair(applicant, penalty, **changed):
    """Apply for the repair of a record."""
    return applicant.applies(penalty, at=APPLIED, **{"served_electronically": "on", **changed})


def walk(case, story, cast, *, since=APPLIED):
    """Take a case through the moves of a story, one an hour; return the next free instant."""
    now = since
    for move in story.split():
        now += HOUR
        _make(move, case, cast, now)
    return now + HOUR


def _make(move, case, cast, now):
    verb, _, step = move.partition(":")
    if verb == "WITHDRAW":
        intake.withdraw(case.reference, by=cast["applicant"].user, at=now)
    elif verb == "LAPSE":
        item = open_item(case, asked_step(case))
        work.lapse(item.pk, at=max(now, midnight_after(item.due_on)))
    elif verb == "CLAIM":
        cast[WORKER[step]].claims(step, case, at=now)
    elif verb == "RELEASE":
        work.release(open_item(case, step).pk, by=cast[WORKER[step]].user, at=now)
    elif move in RETURNS:
        returns(cast[WORKER[verb]], verb, case, at=now, reason=RETURNS[move])
    else:
        cast[WORKER[verb]].does(verb, case, at=now, **ANSWERS[move])


def returns(worker, step, case, *, at, reason):
    """Let a person who has claimed a step, or claims it, return it to the one before."""
    item = open_item(case, step)
    if item.state == WorkItem.State.OPEN:
        work.claim(item.pk, by=worker.user, at=at)
    return returning.send_back(item.pk, by=worker.user, at=at, reason=reason)


def midnight_after(day):
    """Return the first instant after a day in the district."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def asked_step(case):
    """Return the step for which a case waits for its party."""
    return case.items.get(queue="party", state="open").step
