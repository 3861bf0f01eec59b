"""Demo objections: just received, being verified by the provider, upheld and closed."""

from records.models import Place
from web.management.telling import (
    Answer,
    Opening,
    Story,
    a_file,
    applies,
    brings,
    does,
    fine,
    today,
)

_CLAIM: dict[str, Answer] = {
    "flaw": "wrong",
    "disputed": "fine_fen",
    "claimed_value": "2000",
    "reason": "处罚决定书载明的罚款为2000元，平台展示的数额不符。（示例）",
    "wanted": "correct",
    "where_seen": "https://credit.example.com/示例",
    "evidence": a_file("处罚决定书", item="decision"),
    "capacity": "representative",
    "agent_name": "示例·申请人",
    "agent_phone": "0531-00000000",
    "served_electronically": "on",
    "truthful": "on",
}
_BROUGHT: dict[str, Answer] = {
    **_CLAIM,
    "capacity": "agent",
    "authority": a_file("授权委托书"),
    "agent_name": "示例·来访人",
}
_COPIES: dict[str, Answer] = {
    **{f"checked_{place}": "on" for place in Place.values},
    **{f"evidence_{place}": "已查询，按更正后内容展示。（示例）" for place in Place.values},
    "users_told": "无使用单位。（示例）",
    "effects_removed": "无。（示例）",
}
_SCREENED = does("screen", screening="accept")
_COMPARED = does("compare", finding="same", compared="与认定单位报送的原始报文一致。（示例）")
_RECEIVED = does("receive", signed_for="法规科 示例·城管承办甲")


def _objection(number: int) -> Opening:
    return applies("objection", record=fine(number), answers=_CLAIM)


STORIES = (
    Story(8, _objection(105), ((7, _SCREENED), (6, _COMPARED), (5, _RECEIVED))),
    Story(
        15,
        _objection(109),
        (
            (14, _SCREENED),
            (13, _COMPARED),
            (12, _RECEIVED),
            (
                10,
                does(
                    "verify",
                    conclusion="wrong",
                    verification="调取处罚决定书存根和缴款凭证逐项核对，决定书载明罚款数额为2000元。",
                    remedy="correct",
                    corrected_value="2000.00",
                    proof=a_file("决定书存根"),
                ),
            ),
            (9, does("sign", reply_number="示例复函第1号")),
            (
                8,
                does(
                    "draft",
                    outcome_reason="经认定单位核查，罚款数额应为2000元，予以更正。（示例）",
                    remedy="correct",
                ),
            ),
            (8, does("approve", approval="同意。（示例）")),
            (
                7,
                does(
                    "correct",
                    corrected_on=today,
                    source_note="执法系统已更正并重新报送。（示例）",
                    proof=a_file("更正后页面"),
                ),
            ),
            (6, does("confirm", **_COPIES)),
        ),
    ),
    Story(1, brings("objection", record=fine(110), answers=_BROUGHT, name="示例·来访人")),
)
