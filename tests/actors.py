"""People who act through the engine's doors, and through nothing else."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from forms import attachments
from forms.commitments import text_to_sign
from workflows import intake, work
from workflows.case_type import case_type
from workflows.models import WorkItem


def a_pdf():
    """Return a small PDF of one blank page."""
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(width=200, height=200)
    writer.write(made)
    return made.getvalue()


class Applicant:
    """A person who acts for an organisation."""

    def __init__(self, user):
        self.user = user

    def hands_in(self, name="缴款凭证.pdf", content=None, *, at):
        return attachments.store(SimpleUploadedFile(name, content or a_pdf()), by=self.user, at=at)

    def answers(self, record, *, at, **changed):
        folder = case_type("repair").folder
        _text, signed = text_to_sign(
            folder / "letters" / "commitment.txt", record=record, party=record.subject
        )
        return {
            "fulfilled_on": "2026-07-01",
            "receipt_number": "示例-0001",
            "correction": "已缴清罚款并完成整改。",
            "proof": [str(self.hands_in(at=at).pk)],
            "agent_name": "韦示例",
            "agent_phone": "0531-00000000",
            "signer": "韦示例",
            "agreed": "on",
            "served_electronically": "on",
            "commitment": signed,
            **changed,
        }

    def applies(self, record, *, at, **changed):
        answers = self.answers(record, at=at, **changed)
        return intake.submit("repair", by=self.user, record_id=record.pk, answers=answers, at=at)

    def does(self, step, case, *, at, **answers):
        return work.complete(open_item(case, step).pk, by=self.user, answers=answers, at=at)


class Caseworker:
    """A person with a duty, who claims a step and does it."""

    def __init__(self, user):
        self.user = user

    def claims(self, step, case, *, at):
        return work.claim(open_item(case, step).pk, by=self.user, at=at)

    def does(self, step, case, *, at, **answers):
        item = open_item(case, step)
        if item.state == WorkItem.State.OPEN:
            work.claim(item.pk, by=self.user, at=at)
        # Asked for only when the step is late; a form that does not ask leaves it alone.
        told = {"overdue_reason": "示例：材料核实耗时较长。", **answers}
        return work.complete(item.pk, by=self.user, answers=told, at=at)


def open_item(case, step):
    """Return the one open step of a case with this name."""
    open_states = [WorkItem.State.OPEN, WorkItem.State.CLAIMED]
    return WorkItem.objects.get(case_id=case.pk, step=step, state__in=open_states)
