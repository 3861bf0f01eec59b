"""Demo interviews: drawn up, noticed, and one whose party has to put things right."""

from web.management.telling import Answer, Deed, Opening, Story, calls, does, fine, in_days, today

_GROUNDS: dict[str, Answer] = {
    "occasion": "first",
    "document": "示例限改字〔2026〕第9号",
    "fact": "责令限期完成的整改逾期未完成。（示例）",
    "legal_ground": "济阳信用办〔2020〕2号 (七)1",
    "reason": "逾期未整改。（示例）",
}
_APPROVED = does("decide", approval="approve")
_SERVED = does(
    "aside.serve", method="direct", served_on=today, proof="送达回证，示例·法定代表人签收。"
)
_COMING = does(
    "answer",
    reply="come",
    contact_name="示例·申请人",
    contact_phone="0531-00000000",
    served_electronically="on",
)
_HELD = does(
    "meet",
    outcome="held",
    held_on=today,
    held_from="09:30",
    held_to="10:40",
    host="示例·城管承办甲",
    recorder="示例·城管承办乙",
    attendee="示例·法定代表人",
    attendee_post="法定代表人",
    authority="legal",
    identity_checked="on",
    rights_told="on",
    fact_put="逾期未整改的事实。（示例）",
    statement="原话：施工队近期才能进场，本月可以完成。（示例）",
    requirements="限期完成整改并提交报告。（示例）",
    promise="按期完成。（示例）",
    consequences_told="on",
)
_ORDERED = does(
    "instruct",
    requirement="order",
    points="清运建筑垃圾，恢复场地 | 现场照片\n补办处置核准手续 | 核准文件",
)


def _drafted(planned: int) -> Deed:
    return does("draft", **_GROUNDS, host="示例·城管承办甲", planned_on=in_days(planned))


def _called(meets: int) -> Deed:
    return does(
        "call",
        meets_on=in_days(meets),
        meets_at="09:30",
        place="示例楼三层会议室",
        invited="法定代表人",
        to_bring="整改台账。（示例）",
    )


def _about(number: int) -> Opening:
    return calls(
        "interview", by="demo-handler", door="opened", record=fine(number), answers=_GROUNDS
    )


STORIES = (
    Story(
        5,
        _about(112),
        ((5, _drafted(4)), (4, _APPROVED), (3, _called(4)), (1, _SERVED)),
    ),
    Story(
        20,
        _about(111),
        (
            (20, _drafted(-13)),
            (19, _APPROVED),
            (18, _called(-12)),
            (17, _SERVED),
            (16, _COMING),
            (12, _HELD),
            (12, does("countersign", true_record="on")),
            (12, does("signing", signature="signed")),
            (11, _ORDERED),
        ),
    ),
    Story(
        1,
        calls(
            "interview",
            by="demo-sj-handler",
            door="found",
            credit_code="91370115MAXYNNRG99",
            answers={**_GROUNDS, "document": "示例市监限改字〔2026〕第3号"},
        ),
    ),
)
