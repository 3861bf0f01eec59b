"""The people of a commitment, and ways through it told as words: ``examine:inform``."""

import datetime as dt
from pathlib import Path

from accounts.models import Duty, Membership, Unit, User
from cases.commitment import register
from cases.commitment.states import Commitment
from forms.commitments import text_to_sign
from tests.actors import Caseworker, a_pdf, open_item
from tests.conftest import SHANGHAI, SINCE
from workflows import intake, work
from workflows.case_type import case_type
from workflows.models import Deadline

HOUR = dt.timedelta(hours=1)
LICENCE, CERTIFICATE, GAP, WATCHED_GAP, HAZARD = "RL01", "CS01", "ZJ01", "MZ01", "HJ01"
ITEMS = Path(register.__file__).parent / "items.csv"
UNITS = {
    "SP": "审批服务局",
    "RS": "人社局",
    "GX": "工信局",
    "MZ": "民政局",
    "ZJ": "住建局",
    "HJ": "生态局",
}
LEGAL = "泉示例"


def at(day, hour=15, minute=0):
    """Return an instant of 2026 in the district, e.g. ``at("09-21", 9)``."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:{minute:02}").replace(tzinfo=SHANGHAI)


def the_units():
    """Create the approving authority and the departments that supervise the demo items."""
    for code, name in UNITS.items():
        given = {"name": f"示例{name}", "name_en": f"Example {code}"}
        Unit.objects.create(code=code, credit_code=f"11370115MB00000{code}0", **given)


def somebody(unit, duty, name):
    """Return a new person with one duty in a unit, known by its code."""
    user = User.objects.create_user(name, display_name=name)
    unit = Unit.objects.get(code=unit)
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return Caseworker(user)


def the_staff(supervising="RS"):
    """Return everybody a commitment needs; those who verify work where the item says."""
    return {
        "counter": somebody("SP", Duty.COUNTER, "sp_counter"),
        "acceptor": somebody("SP", Duty.ACCEPTOR, "sp_acceptor"),
        "handler": somebody("SP", Duty.HANDLER, "sp_handler"),
        "reviewer": somebody("SP", Duty.REVIEWER, "sp_reviewer"),
        "approver": somebody("SP", Duty.APPROVER, "sp_approver"),
        "receiver": somebody(supervising, Duty.ACCEPTOR, "receiver"),
        "verifier": somebody(supervising, Duty.HANDLER, "verifier"),
        "second": somebody(supervising, Duty.HANDLER, "second"),
        "chief": somebody(supervising, Duty.APPROVER, "chief"),
        "office": somebody("XY", Duty.HANDLER, "office_handler"),
    }


WORKER = {
    "tell": "counter",
    "examine": "acceptor",
    "supplement": "applicant",
    "sign": "applicant",
    "decide": "approver",
    "missing": "applicant",
    "check_gap": "acceptor",
    "look": "handler",
    "confirm_end": "approver",
    "review": "handler",
    "decide_review": "approver",
    "publish": "handler",
    "sign_in": "receiver",
    "verify": "verifier",
    "countersign": "second",
    "draft_order": "verifier",
    "sign_order": "chief",
    "rectify": "applicant",
    "recheck": "verifier",
    "countersign_recheck": "second",
    "draft_notice": "handler",
    "statement": "applicant",
    "legal_review": "reviewer",
    "decide_revocation": "approver",
    "share": "office",
    "share_end": "office",
    "share_revocation": "office",
    "publish_revocation": "handler",
}
_FOUND = {
    "method": "site",
    "place": "示例路1号",
    "seen": "True",
    "operated_early": "False",
    "facts_found": "现场核对场所、人员和制度。",
    "subject_statement": "当事人陪同核查，没有异议。",
    "as_others": "on",
}
_REFUSAL = {
    "refusal_code": "F1",
    "refusal_reason": "场所不符合条件。",
    "apply_again": "条件具备后可以随时申请。",
}
ANSWERS = {
    "tell:so": {"switch_note": "持全部材料到政务服务大厅办理。"},
    "examine:inform": {"examination": "inform"},
    "examine:more": {"examination": "supplement", "missing": "章程一份"},
    "supplement:done": {"supplement_note": "已补交章程。"},
    "sign:decline": {"choice": "decline"},
    "decide:grant": {"decision": "grant", "decision_reason": "主要材料齐全，已作承诺。"},
    "decide:review": {"decision": "review", "decision_reason": "印章存疑。"},
    "check_gap:all": {"gap_closed": "True"},
    "check_gap:rest": {"gap_closed": "False", "still_missing": "办公场所证明"},
    "look:nothing": {"arrived": "False", "termination_reason": "窗口、邮件均无记录。"},
    "confirm_end:yes": {"terminated": "on"},
    "review:grant": {"proposal": "grant"},
    "review:refuse": {"proposal": "refuse", **_REFUSAL},
    "decide_review:grant": {"decision": "grant", "decision_reason": "符合条件。"},
    "decide_review:refuse": {"decision": "refuse", "decision_reason": "不符合条件。"},
    "publish:done": {"publication_note": "信用济南，当日。"},
    "sign_in:yes": {"signed_in": "on"},
    "sign_in:drawn": {"signed_in": "on", "drawn": "True"},
    "sign_in:not_drawn": {"signed_in": "on", "drawn": "False"},
    "verify:fulfilled": {**_FOUND, "result": "fulfilled"},
    "verify:partial": {**_FOUND, "result": "partial"},
    "verify:broken": {**_FOUND, "result": "not_fulfilled"},
    "verify:false": {**_FOUND, "result": "false"},
    "verify:closed": {**_FOUND, "seen": "False", "subject_statement": "未见到人。"},
    "countersign:yes": {"took_part": "on"},
    "draft_order:done": {"requirement": "补齐两名专职人员。", "order_basis": "示例条例 §9"},
    "sign_order:yes": {"order_signed": "on"},
    "rectify:done": {"rectification": "已补齐。"},
    "recheck:good": {"rectified": "True", "recheck_note": "人员已到岗。"},
    "recheck:bad": {
        "rectified": "False",
        "recheck_note": "人员仍未到岗。",
        "to_interview": "False",
    },
    "countersign_recheck:yes": {"took_part": "on"},
    "draft_notice:done": {"notice_facts": "承诺时场所并不存在。", "notice_basis": "行政许可法 §69"},
    "statement:said": {"statement": "场所正在搬迁。"},
    "legal_review:done": {"statement_weighed": "理由不成立。", "legal_opinion": "可以撤销。"},
    "decide_revocation:revoke": {"revocation": "revoke", "revocation_reason": "承诺不实。"},
    "decide_revocation:keep": {
        "revocation": "keep",
        "finding_upheld": "False",
        "revocation_reason": "陈述属实。",
    },
    "share:done": {"shared_note": "批次示例-01"},
    "share_end:done": {"shared_note": "批次示例-02"},
    "share_revocation:done": {"shared_note": "批次示例-03"},
    "publish_revocation:done": {"revocation_note": "信用济南已改为撤销。"},
}
WITH_FILES = {"missing": "gap_files", "verify": "evidence", "recheck": "recheck_evidence"}
WITH_NOTES = {"missing": {"gap_note": "补交材料。"}}
GRANTED = "examine:inform sign:all decide:grant"
VERIFYING = f"{GRANTED} publish:done sign_in:yes"
HEARD = f"{VERIFYING} verify:false countersign:yes draft_notice:done statement:said"
STORIES = {
    "fulfilled": f"{VERIFYING} verify:fulfilled countersign:yes share:done",
    "published last": f"{GRANTED} sign_in:yes verify:fulfilled countersign:yes share:done "
    "publish:done",
    "unverified after two visits": f"{VERIFYING} verify:closed verify:closed countersign:yes "
    "share:done",
    "rectified": f"{VERIFYING} verify:partial countersign:yes draft_order:done sign_order:yes "
    "rectify:done recheck:good countersign_recheck:yes share:done",
    "revoked as not rectified": f"{VERIFYING} verify:broken countersign:yes draft_order:done "
    "sign_order:yes LAPSE recheck:bad countersign_recheck:yes draft_notice:done LAPSE "
    "legal_review:done decide_revocation:revoke share_revocation:done publish_revocation:done",
    "revoked as false": f"{HEARD} legal_review:done decide_revocation:revoke "
    "share_revocation:done publish_revocation:done",
    "kept": f"{HEARD} legal_review:done decide_revocation:keep share:done",
    "supplemented": f"examine:more supplement:done {GRANTED} sign_in:yes publish:done "
    "verify:fulfilled countersign:yes share:done",
    "lapsed at the supplement": "examine:more LAPSE",
    "lapsed at the signature": "examine:inform LAPSE",
    "declined": "examine:inform sign:decline",
    "refused": "examine:inform sign:all decide:review review:refuse decide_review:refuse",
    "granted after review": "examine:inform sign:all decide:review review:grant "
    "decide_review:grant publish:done sign_in:yes verify:fulfilled countersign:yes share:done",
    "withdrawn when received": "WITHDRAW",
    "withdrawn when informed": "examine:inform WITHDRAW",
    "withdrawn when committed": "examine:inform sign:all WITHDRAW",
}
GAP_STORIES = {
    "completed": "examine:inform sign:all missing:done check_gap:all review:grant "
    "decide_review:grant publish:done sign_in:yes verify:fulfilled countersign:yes share:done",
    "completed in two parts": "examine:inform sign:all missing:done check_gap:rest missing:done "
    "check_gap:all review:refuse decide_review:refuse",
    "terminated": "examine:inform sign:all LAPSE look:nothing confirm_end:yes share_end:done",
    "withdrawn": "examine:inform sign:all WITHDRAW",
}


def applies(applicant, item=LICENCE, *, on, **changed):
    """Apply for an item by notice and commitment."""
    answers = {
        "address": "示例路1号",
        "legal_representative": LEGAL,
        "agent_name": LEGAL,
        "agent_phone": "0531-00000000",
        "materials": [str(applicant.hands_in("申请表.pdf", at=on).pk)],
        "served_electronically": "on",
        **changed,
    }
    code = applicant.user.representations.get().credit_code
    return intake.submit(
        "commitment", by=applicant.user, credit_code=code, item=item, answers=answers, at=on
    )


def shown(case, on):
    """Return the hash of the text that the party is shown on a day."""
    case = Commitment.objects.select_related("version__item").get(pk=case.pk)
    version = case.version.item.current(on) or case.version
    folder = case_type("commitment").folder / "letters" / "commitment.txt"
    about = {"case": case, "party": case.party, "version": version, "item": version.item}
    return text_to_sign(folder, **about)[1]


def signature(applicant, case, now, **changed):
    """Return the answers of somebody who commits to everything that is shown."""
    return {
        "choice": "commit",
        "conditions_met": "True",
        "signer": LEGAL,
        "signer_is": "legal",
        "seal": [str(applicant.hands_in("签章页.pdf", sealed(applicant), at=now).pk)],
        "commitment": shown(case, now.date()),
        **{f"statement_{n}": "on" for n in range(1, 6)},
        **changed,
    }


def sealed(applicant):
    """Return a signature page that looks like nobody else's."""
    return a_pdf() + f"\n%{applicant.user.username}".encode()


def walk(case, story, cast, *, since):
    """Take a case through the moves of a story, one an hour; return the next free instant."""
    now = since
    for move in story.split():
        now = max(now + HOUR, _make(move, case, cast, now + HOUR))
    return now + HOUR


def _make(move, case, cast, now):
    verb = move.partition(":")[0]
    if verb == "WITHDRAW":
        intake.withdraw(case.reference, by=cast["applicant"].user, at=now)
    elif verb == "LAPSE":
        item = case.items.get(queue="party", state="open")
        now = max(now, midnight_after(item.due_on))
        work.lapse(item.pk, at=now)
    else:
        cast[WORKER[verb]].does(verb, case, at=now, **answers_to(move, case, cast, now))
    return now


def answers_to(move, case, cast, now):
    """Return what is answered at a move, with the files it needs."""
    verb = move.partition(":")[0]
    actor = cast[WORKER[verb]]
    if move == "sign:all":
        return signature(actor, case, now)
    found = {**ANSWERS.get(move, {}), **WITH_NOTES.get(verb, {})}
    if verb == "verify":
        found["visited_on"] = now.date().isoformat()
    if verb in WITH_FILES:
        found[WITH_FILES[verb]] = [a_file(actor.user, now)]
    return found


def a_file(user, now):
    """Hand in a file as anybody and return its id."""
    from tests.actors import Applicant

    return str(Applicant(user).hands_in("记录.pdf", at=now).pk)


def midnight_after(day):
    """Return the first instant after a day in the district."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def due(case, step):
    """Return the date by which the open step of a case has to be done."""
    return open_item(case, step).due_on


def due_of(case, key):
    """Return the date of the newest clock of a case with this key."""
    return Deadline.objects.filter(case=case, term__key=key).latest("id").due_on


def state_of(case):
    """Return the state of a case, freshly read."""
    return Commitment.objects.get(pk=case.pk).state
