"""Demo repairs: from just received to repaired, suspended, shielded and doubted."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from forms import attachments
from forms.commitments import text_to_sign
from records.models import Place, Record
from web.management.people import named
from web.management.telling import (
    PROOF,
    Opening,
    Scene,
    Story,
    a_file,
    applies,
    calls,
    claims,
    consults,
    does,
    fine,
    in_days,
    is_found,
    numbered,
    transfers_to,
)
from workflows.case_type import case_type

CHECKED = ("check", {"form_complete": "True"})
ACCEPTED = ("examine", {"examination": "accept"})
VERIFIED = (
    "verify",
    {
        "duty_fulfilled": "True",
        "breach_corrected": "True",
        "verification": "调阅缴款记录并现场核实，均已完成。（示例）",
    },
)
GRANTED = (
    "decide",
    {"decision": "grant", "decision_reason": "义务已履行，失信行为已纠正，符合条件。（示例）"},
)
STOPPED = ("stop_publication", {"stopped_note": "本单位网站已撤下。（示例）"})
_SEEN = {f"gone_{place}": "on" for place in Place.values}
CONFIRMED = (
    "confirm",
    {**_SEEN, **{f"evidence_{place}": "已查询，无记录。" for place in Place.values}},
)
GRANTED_WHOLE = (CHECKED, ACCEPTED, VERIFIED, GRANTED, STOPPED, CONFIRMED)
_CANTEEN, _SNACK_BAR = (
    "济阳市监处罚〔2026〕第0018号（示例）",
    "济阳市监处罚〔2026〕第0031号（示例）",
)
_OLD = "济阳市监处罚〔2025〕第0019号（示例）"
_CHECK, _ACCEPT, _VERIFY, _GRANT, _STOP, _CONFIRM = (does(s, **said) for s, said in GRANTED_WHOLE)
_LACKING = does("examine", examination="supplement", missing="缴款凭证原件扫描件一份。（示例）")


def application(record: Record, *, by: Any, at: datetime) -> dict[str, Any]:
    """Return the answers of a party that applies for repair, its proof handed in."""
    letters = case_type("repair").folder / "letters"
    _text, signed = text_to_sign(letters / "commitment.txt", record=record, party=record.subject)
    proof = SimpleUploadedFile("缴款凭证（示例）.pdf", PROOF.read_bytes())
    return {
        "fulfilled_on": record.decided_on.isoformat(),
        "receipt_number": "示例-0001",
        "correction": "已缴清罚款，并按要求整改到位。（示例）",
        "proof": [f"fulfilment:{attachments.store(proof, by=by, at=at).pk}"],
        "agent_name": "示例·申请人",
        "agent_phone": "0531-00000000",
        "signer": "示例·法定代表人",
        "agreed": "on",
        "served_electronically": "on",
        "commitment": signed,
    }


def _repair(number: str, by: str = "demo-applicant") -> Opening:
    def opened(scene: Scene) -> Any:
        told = application(numbered(number), by=named(by), at=scene.at)
        return applies("repair", record=number, by=by, answers=told)(scene)

    return opened


_SHIELD = applies(
    "repair",
    door="reorganised",
    record=fine(106),
    answers={
        "court": "示例市中级人民法院",
        "ruling_number": "（2026）示例破1号之二",
        "ruled_on": in_days(-14),
        "plan_ends_on": in_days(60),
        "manager": "示例律师事务所（管理人）",
        "proof": a_file("裁定书"),
        "agent_name": "示例·申请人",
        "agent_phone": "0531-00000000",
        "served_electronically": "on",
    },
)
_DOUBT = calls(
    "repair",
    by="demo-handler",
    door="doubted",
    after=fine(101),
    answers={
        "allegation": "申请时提交的缴款凭证与财政系统记录不符。（示例）",
        "evidence": "财政非税系统查询结果一份。（示例）",
    },
)

STORIES = (
    Story(
        26,
        _repair(fine(101)),
        (
            (26, _CHECK),
            (24, _ACCEPT),
            (21, _VERIFY),
            (19, _GRANT),
            (18, _STOP),
            (17, _CONFIRM),
        ),
    ),
    # The market regulator has two days to accept: this one is late.
    Story(9, _repair(_SNACK_BAR, by="demo-agent"), ((9, _CHECK),)),
    Story(8, _repair(fine(102)), ((8, _CHECK), (7, _ACCEPT), (4, _VERIFY), (1, _GRANT))),
    Story(5, _repair(fine(103)), ((5, _CHECK), (3, _LACKING))),
    Story(
        4,
        _repair(_CANTEEN, by="demo-agent"),
        (
            (4, _CHECK),
            (2, _ACCEPT),
            (1, claims("verify")),
            (1, consults("verify", "CZ", "RS", question="罚款是否已足额入库，有无欠薪？（示例）")),
        ),
    ),
    Story(0, _repair(fine(104))),
    # An objection to the same record holds this one up: see the first of the objections.
    Story(12, _repair(fine(105)), ((12, _CHECK), (11, _ACCEPT))),
    Story(
        10,
        _SHIELD,
        (
            (9, does("check_ruling", ruling_genuine="True", ruling_note="已与法院核对。（示例）")),
            (8, does("judge_ruling", decision="grant", decision_reason="裁定属实。（示例）")),
        ),
    ),
    # The party has not agreed to electronic service: a letter waits to be handed over.
    Story(1, _DOUBT),
    Story(
        3,
        _repair(fine(107)),
        (
            (3, _CHECK),
            (
                1,
                transfers_to("SJ", "examine", reason="涉及广告内容，应由市场监管部门办理（示例）"),
            ),
        ),
    ),
    # The longest period is over: publication ends only if the duty is known to be fulfilled.
    Story(2, is_found("repair", "expired", _OLD)),
)
