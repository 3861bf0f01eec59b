"""Demo commitments: of each variant one, one told to use the general procedure, one received."""

from web.management.telling import (
    Answer,
    Opening,
    Story,
    a_file,
    applies,
    does,
    the_text_shown,
)

_FOOD, _BUILDER, _DATA = "91370115MAXQ7K2B6Y", "91370115MAY3T8HD6R", "91370100MAWJ2R6EX7"
_NOODLES, _FARMERS = "92370115MAXH5U9L0J", "93370115MAY8C4NT61"
_SIGNER = "示例·法定代表人"
_APPLIED: dict[str, Answer] = {
    "address": "济阳区示例路1号",
    "legal_representative": _SIGNER,
    "agent_name": _SIGNER,
    "agent_phone": "0531-00000000",
    "materials": a_file("申请表"),
    "served_electronically": "on",
}
_INFORMED = does("examine", examination="inform")
_SIGNED = does(
    "sign",
    choice="commit",
    conditions_met="True",
    signer=_SIGNER,
    signer_is="legal",
    seal=a_file("签章页"),
    commitment=the_text_shown,
    **{f"statement_{n}": "on" for n in range(1, 6)},
)
_GRANTED = does("decide", decision="grant", decision_reason="主要材料齐全，已作出承诺。（示例）")


def _commitment(item: str, party: str, **more: Answer) -> Opening:
    answers = {**_APPLIED, **more}
    return applies("commitment", credit_code=party, item=item, answers=answers)


STORIES = (
    # A: told what it means, the party has to sign.
    Story(2, _commitment("CS01", _FOOD), ((1, _INFORMED),)),
    # B: granted at once; the supervising department verifies.
    Story(
        12,
        _commitment("RL01", _DATA),
        (
            (12, _INFORMED),
            (11, _SIGNED),
            (11, _GRANTED),
            (9, does("publish", publication_note="信用济南网站，当日公开。（示例）")),
            (9, does("sign_in", signed_in="on")),
        ),
    ),
    # C: accepted with a paper missing, which has to come within three days.
    Story(
        3,
        _commitment("ZJ01", _BUILDER, missing_materials=["注册人员证书复印件"], gap_term="wd3"),
        ((3, _INFORMED), (2, _SIGNED)),
    ),
    # In an excluded field: only the general procedure is open.
    Story(
        6,
        _commitment("HJ01", _FARMERS),
        ((6, does("tell", switch_note="持全部材料到政务服务大厅按一般程序办理。（示例）")),),
    ),
    Story(0, _commitment("CS01", _NOODLES)),
)
