"""Ways through an interview, told as days and words: ``09-21 draft:first decide:approve``."""

import datetime as dt
import re

from tests.actors import open_item
from tests.conftest import SHANGHAI
from workflows import escalation, intake, work
from workflows.models import WorkItem

WORKER = {
    "draft": "handler",
    "review": "reviewer",
    "decide": "approver",
    "call": "handler",
    "answer": "applicant",
    "reconsider": "handler",
    "meet": "handler",
    "confirm": "approver",
    "countersign": "recorder",
    "respond": "handler",
    "signing": "handler",
    "instruct": "handler",
    "rectify": "applicant",
    "rectify_again": "applicant",
    "verify": "handler",
    "cosign": "recorder",
    "suggest": "handler",
    "settle": "approver",
    "enter": "office_handler",
    "serve": "handler",
}
GROUNDS = {
    "occasion": "first",
    "document": "示例限改字〔2026〕第9号",
    "fact": "责令9月18日前完成的整改未完成。",
    "legal_ground": "济阳信用办〔2020〕2号 (七)1",
    "reason": "逾期未整改。",
}
_PLAN = {"host": "何示例", "planned_on": "2026-09-29"}
_INVITED = {"invited": "法定代表人", "to_bring": "整改台账"}
CALL = {"meets_on": "2026-09-29", "meets_at": "09:30", "place": "示例楼三层会议室", **_INVITED}
_COMING = {"contact_name": "韦示例", "contact_phone": "0531-00000000"}
HELD = {
    "outcome": "held",
    "held_on": "2026-09-29",
    "held_from": "09:30",
    "held_to": "10:40",
    "host": "何示例",
    "recorder": "季示例",
    "attendee": "韦示例",
    "attendee_post": "法定代表人",
    "authority": "legal",
    "identity_checked": "on",
    "rights_told": "on",
    "fact_put": "逾期未整改的事实。",
    "statement": "原话：资金周转困难，十月中旬可以完成。",
    "requirements": "十月底前完成。",
    "promise": "按期完成。",
    "consequences_told": "on",
}
ABSENT = {"outcome": "absent", "absence_note": "等候一小时，电话无人接听。", "no_excuse": "on"}
ORDER = {
    "requirement": "order",
    "points": "补缴保证金2万元 | 缴款凭证\n公示栏张贴整改情况 \uff5c 现场照片",
}
_FOUND = {"method": "现场核查并调阅凭证。", "evidence_1": "凭证编号0001", "evidence_2": "照片两张"}
_MEASURE = {"measure_reason": "经核查逾期未整改。"}
ANSWERS = {
    "draft:first": {**GROUNDS, **_PLAN},
    "draft:repeated": {**GROUNDS, **_PLAN, "occasion": "repeated"},
    "draft:refused": {**GROUNDS, **_PLAN, "occasion": "refused", "new_fact": "提示约谈未果。"},
    "review:agree": {"proven": "on", "review_note": "事实清楚。"},
    "decide:approve": {"approval": "approve"},
    "decide:off": {"approval": "call_off", "cancel_reason": "原处罚决定已撤销。"},
    "call:plain": CALL,
    "answer:come": {"reply": "come", **_COMING},
    "answer:electronic": {"reply": "come", "served_electronically": "on", **_COMING},
    "answer:postpone": {
        "reply": "postpone",
        "postpone_reason": "法定代表人出差。",
        "postpone_to": "2026-10-12",
        **_COMING,
    },
    "reconsider:yes": {
        "postponed": "True",
        "meets_on": "2026-10-12",
        "meets_at": "09:30",
        "postpone_answer": "理由正当。",
    },
    "reconsider:no": {"postponed": "False", "postpone_answer": "可以委托他人参加。"},
    "meet:held": HELD,
    "meet:held_later": {**HELD, "held_on": "2026-10-12"},
    "meet:absent": ABSENT,
    "meet:moved": {
        "outcome": "moved",
        "moved_because": "会议室停电。",
        "meets_on": "2026-10-12",
        "meets_at": "14:00",
    },
    "meet:fallen": {"outcome": "fallen", "cancel_reason": "原处罚决定已撤销。"},
    "confirm:yes": {"called_off": "on"},
    "countersign:yes": {"true_record": "on"},
    "respond:again": {"response": "again", "meets_on": "2026-10-16", "meets_at": "09:30"},
    "respond:measure": {"response": "measure"},
    "signing:signed": {"signature": "signed"},
    "signing:refused": {
        "signature": "refused",
        "refusal_note": "称需请示总部。",
        "first_witness": "见证甲",
        "second_witness": "见证乙",
    },
    "instruct:order": ORDER,
    "instruct:none": {"requirement": "none", "no_order_reason": "当场已改正。"},
    "rectify:done": {"done_1": "True", "how_1": "已缴", "done_2": "True", "how_2": "已张贴"},
    "rectify_again:done": {"done_2": "True", "how_2": "已张贴"},
    "verify:good": {**_FOUND, "finding_1": "met", "finding_2": "met"},
    "verify:half": {**_FOUND, "finding_1": "met", "finding_2": "not_met"},
    "verify:bad": {**_FOUND, "finding_1": "not_met", "finding_2": "not_met"},
    "cosign:yes": {"seen": "on"},
    "suggest:escalate": {"measure": "escalate", **_MEASURE},
    "suggest:transfer": {"measure": "transfer", "handed_to": "示例区综合执法局", **_MEASURE},
    "settle:yes": {"settlement": "同意。"},
    "enter:done": {"shared_number": "示例档-0001", "not_published": "on"},
}
APPROVED = "09-21 draft:first decide:approve call:plain 09-22 serve:notice"
CALLED = f"{APPROVED} 09-23 answer:come"
MET = f"{CALLED} 09-29 meet:held countersign:yes"
ORDERED = f"{MET} signing:signed instruct:order serve:order"
VERIFYING = f"{ORDERED} 10-20 rectify:done"
FAILED = f"{ORDERED} LAPSE:10-27 10-28 verify:bad cosign:yes serve:opinion"
ABSENT_ONCE = f"{CALLED} 09-29 meet:absent countersign:yes"
ABSENT_TWICE = (
    f"{ABSENT_ONCE} 09-30 respond:again 10-08 serve:second_notice 10-16 meet:absent countersign:yes"
)
WARNED = "09-21 draft:repeated review:agree decide:approve call:plain 09-22 serve:notice"
SHARED = "enter:done"
STORIES = {
    "put right": f"{VERIFYING} 10-23 verify:good 10-26 cosign:yes serve:opinion 11-03 {SHARED}",
    "put right in a second term": f"{VERIFYING} verify:half cosign:yes serve:opinion "
    f"10-22 serve:order_again 11-05 rectify_again:done verify_again:good cosign:yes {SHARED} "
    "serve:opinion",
    "nothing to put right": f"{MET} signing:signed instruct:none {SHARED}",
    "signature refused": f"{MET} signing:refused instruct:none {SHARED}",
    "escalated after a failure": f"{FAILED} suggest:escalate settle:yes serve:escalated",
    "handed over after a failure": f"{FAILED} suggest:transfer settle:yes serve:transferred",
    "escalated after two absences": f"{ABSENT_TWICE} suggest:escalate settle:yes serve:escalated",
    "handed over after one absence": f"{ABSENT_ONCE} respond:measure suggest:transfer settle:yes "
    "serve:transferred",
    "postponed": f"{APPROVED} 09-23 answer:postpone reconsider:yes serve:postponed "
    f"10-12 meet:held_later countersign:yes signing:signed instruct:none {SHARED}",
    "not postponed": f"{APPROVED} 09-23 answer:postpone reconsider:no serve:not_postponed "
    f"09-29 meet:held countersign:yes signing:signed instruct:none {SHARED}",
    "moved by the office": f"{CALLED} 09-29 meet:moved 09-30 serve:moved "
    f"10-12 meet:held_later countersign:yes signing:signed instruct:none {SHARED}",
    "called off before the notice": "09-21 draft:first decide:off",
    "called off after the notice": f"{CALLED} 09-29 meet:fallen confirm:yes",
    "a warning": f"{WARNED} 09-23 answer:come 09-29 meet:held countersign:yes signing:signed "
    f"instruct:none {SHARED}",
}


def at(day, hour=9):
    """Return an instant of 2026 in the district."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


OPENED = at("09-21", 8)


def open_an_interview(handler, record, *, at=OPENED, **changed):
    """Open an interview about a record, as a handler of the authority that made it."""
    answers = {**GROUNDS, **changed}
    by = handler.user
    return intake.open_for_office(
        "interview", by=by, record_id=record.pk, answers=answers, door="opened", at=at
    )


def walk(case, story, cast):
    """Take an interview through the days and moves of a story."""
    now = at("09-21", 8)
    for word in story.split():
        if re.fullmatch(r"\d\d-\d\d", word):
            now = at(word)
        else:
            _make(word, case, cast, now)


def _make(word, case, cast, now):
    verb, _, what = word.partition(":")
    if verb == "LAPSE":
        escalation.sweep(at=at(what, 0))
    elif verb == "serve":
        serve(case, what, cast, now)
    elif verb == "verify_again":
        only_two = {"method": "现场核查。", "finding_2": "met", "evidence_2": "照片两张"}
        cast["handler"].does("verify", case, at=now, **only_two)
    else:
        cast[WORKER[verb]].does(verb, case, at=now, **ANSWERS[word])


def serve(case, letter, cast, now):
    """Hand a letter over and note its service."""
    waiting = WorkItem.objects.filter(case_id=case.pk, step="aside.serve", state="open")
    named = case.services.filter(letter__name=letter).values_list("letter_id", flat=True)
    item = waiting.get(request__letter__in=list(named))
    by = cast["handler"].user
    work.claim(item.pk, by=by, at=now)
    answers = {"method": "direct", "served_on": now.date().isoformat(), "proof": "送达回证"}
    late = {"overdue_reason": "示例：多次上门未遇。"}  # left alone unless the step is late
    work.complete(item.pk, by=by, answers={**answers, **late}, at=now)


def due_of(case, step):
    """Return when an open step is due."""
    return open_item(case, step).due_on
