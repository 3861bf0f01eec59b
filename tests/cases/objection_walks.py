"""What people answer in an objection, and how far a case is taken by them."""

import datetime as dt

from tests.conftest import SHANGHAI
from workflows import intake
from workflows.models import Deadline

PLACES = ("authority", "credit_china", "province", "city")
SEEN = {f"checked_{place}": "on" for place in PLACES}
SEEN |= {f"evidence_{place}": "10月19日查询，已按更正后内容展示" for place in PLACES}
SEEN |= {"users_told": "区财政局，已函告。", "effects_removed": "招标资格限制已解除。"}
REASONED = "调取处罚决定书存根和缴款凭证逐项核对，决定书载明罚款数额为2000元。"
WRONG = {
    "conclusion": "wrong",
    "verification": REASONED,
    "remedy": "correct",
    "corrected_value": "2000.00",
}
RIGHT = {"conclusion": "right", "verification": REASONED.replace("2000", "20000")}
REFUSAL = {"screening": "refuse", "ground_reason": "所述事实与来源信息无关。"}


def at(day, hour=15):
    """Return an instant of 2026 in the district, e.g. ``at("09-29", 9)``."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


FILED = at("09-29")


def claim(applicant, *, on=FILED, **changed):
    """Return the answers of a party that objects to the amount of a fine."""
    return {
        "flaw": "wrong",
        "disputed": "fine_fen",
        "claimed_value": "2000",
        "reason": "处罚决定书载明的罚款为2000元，平台展示为20000元。",
        "wanted": "correct",
        "where_seen": "https://credit.example.com/示例",
        "evidence": [str(applicant.hands_in("处罚决定书.pdf", at=on).pk)],
        "capacity": "representative",
        "agent_name": "韦示例",
        "agent_phone": "0531-00000000",
        "served_electronically": "on",
        "truthful": "on",
        **changed,
    }


def objects(applicant, record, *, on=FILED, **changed):
    """Object to a record."""
    answers = claim(applicant, on=on, **changed)
    return intake.submit(
        "objection", by=applicant.user, record_id=record.pk, answers=answers, at=on
    )


def objects_again(applicant, case, *, on, **changed):
    """Object once more to what was decided."""
    answers = claim(applicant, on=on, new_evidence="新取得的缴款书原件。", **changed)
    return intake.submit(
        "objection", by=applicant.user, door="again", source=case.reference, answers=answers, at=on
    )


def to_mark(case, cast, *, on="09-30"):
    """Accept an objection: the record is marked the same day."""
    cast["screener"].does("screen", case, at=at(on), screening="accept")


def to_inquiry(case, cast, *, on="09-30"):
    """Take an objection to the provider's desk."""
    to_mark(case, cast, on=on)
    cast["comparer"].does(
        "compare", case, at=at("10-08", 9), finding="same", compared="与报送的原始报文一致。"
    )


def to_verification(case, cast, *, on="10-08"):
    """Let the provider sign for the inquiry: its clock starts."""
    to_inquiry(case, cast)
    cast["registrar"].does("receive", case, at=at(on), signed_for="法规科 示例")


def verify(case, cast, *, on="10-16", **reply):
    """Let the provider answer."""
    evidence = [str(cast["verifier"].hands_in(at=at(on)).pk)]
    cast["verifier"].does("verify", case, at=at(on), **{"proof": evidence, **reply})


def to_answer(case, cast, *, on="10-16", **reply):
    """Take an objection to the provider's signed reply."""
    to_verification(case, cast)
    verify(case, cast, on=on, **reply)
    cast["signer"].does("sign", case, at=at(on, 16), reply_number="示例复函第1号")


def to_result(case, cast, *, on="10-19", **drafted):
    """Draft the result, and let a second person approve it."""
    draft = {"outcome_reason": "经核查，处理如下。", **drafted}
    cast["comparer"].does("draft", case, at=at(on, 9), **draft)
    cast["decider"].does("approve", case, at=at(on, 10), approval="同意。")


def to_copies(case, cast, *, on="10-19"):
    """Let the provider correct its own system."""
    evidence = [str(cast["verifier"].hands_in(at=at(on)).pk)]
    cast["verifier"].does(
        "correct",
        case,
        at=at(on, 11),
        corrected_on=f"2026-{on}",
        source_note="执法系统已更正并重新报送。",
        proof=evidence,
    )


def confirm(case, cast, *, on="10-20", **seen):
    """Look at every copy."""
    cast["comparer"].does("confirm", case, at=at(on, 9), **{**SEEN, **seen})


def due(case, key):
    """Return when a clock of a case ends, or ended."""
    return Deadline.objects.filter(case=case, term__key=key).latest("id").due_on
