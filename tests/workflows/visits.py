"""Somebody who comes to the counter, and the clerk who enters what they bring."""

from tests.actors import Applicant
from workflows import counter

CAME = {
    "visitor_name": "来示例",
    "visitor_paper": "identity_card",
    "visitor_last_four": "012X",
    "visitor_capacity": "agent",
    "visitor_authority": "示例授权〔2026〕7号",
}


class AtTheCounter(Applicant):
    """The hands of a clerk, in which a visitor's papers are those of the clerk."""

    def visitor(self, *, at, **changed):
        papers = [str(self.hands_in("授权委托书.pdf", at=at).pk)]
        return {**CAME, "visitor_papers": papers, **changed}

    def enters(self, record, *, at, visitor=None, **changed):
        return counter.submit_at_counter(
            "repair",
            by=self.user,
            visitor=visitor or self.visitor(at=at),
            answers=self.answers(record, at=at, **changed),
            record_id=record.pk,
            at=at,
        )

    def takes_in(self, item, *, at, **answers):
        came = self.visitor(at=at)
        return counter.hand_in_at_counter(
            item.pk, by=self.user, visitor=came, answers=answers, at=at
        )

    def takes_back(self, case, *, at, **changed):
        came = self.visitor(at=at, **changed)
        return counter.withdraw_at_counter(case.reference, by=self.user, visitor=came, at=at)
