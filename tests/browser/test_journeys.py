"""One repair as everybody lives it: each person signs in and reads and presses what is there."""

import pytest
from playwright.sync_api import expect

from accounts.models import Duty, Membership
from cases.repair.states import Repair, State
from records.models import Place, Record
from tests.actors import Caseworker, a_pdf
from tests.conftest import SINCE, TUESDAY
from workflows import work

pytestmark = pytest.mark.browser


@pytest.fixture
def recent(penalty):
    """A second penalty of the company, too young to be repaired."""
    return Record.objects.create(
        kind=penalty.kind,
        document_number="济阳城管罚决字〔2026〕第0202号（示例）",
        subject=penalty.subject,
        authority_code=penalty.authority_code,
        authority_name=penalty.authority_name,
        decided_on="2026-08-01",
        categories=["罚款"],
        fine_fen=500_000,
    )


def tells_when(visitor):
    """Fill in the first page of an application for repair."""
    visitor.fills("When was the penalty fulfilled?", "2026-07-01")
    visitor.presses("Next")


def hands_in_proof(visitor):
    """Hand in the proof on the second page, and forget to say what was put right."""
    visitor.hands_in("Proof of fulfilment", "缴款凭证.pdf", a_pdf())
    visitor.presses("Next")
    visitor.is_told_no(422)


def signs(visitor):
    """Fill in the last two pages and come to the review."""
    visitor.fills("Contact person", "韦示例")
    visitor.fills("Contact telephone", "0531-00000000")
    visitor.presses("Next")
    visitor.fills("Name of the legal representative who signs", "韦示例")
    visitor.ticks("I have read the commitment above and sign it for the organisation")
    visitor.presses("Next")
    visitor.reads("Check and submit")


def takes(visitor, step):
    """Take the only step in the queue."""
    visitor.opens("/desk/queue/")
    visitor.reads(step)
    visitor.presses("Claim")


def completes(visitor):
    visitor.presses("Complete the step")
    visitor.reads("My inbox")


class TestAnApplicant:
    def test_finds_a_record_applies_and_follows_the_case(
        self, arrive, visit, applicant, penalty, recent, staff
    ):
        wei = arrive(applicant)
        wei.presses("My records")
        wei.presses(recent.document_number)
        wei.reads("possible from")
        wei.reads("2026年11月2日")
        wei.presses("My records")
        wei.presses(penalty.document_number)
        wei.presses("Apply for credit repair")

        tells_when(wei)
        hands_in_proof(wei)
        problem = wei.page.get_by_role("alert")
        expect(problem).to_be_focused()
        problem.get_by_role("link").click()
        expect(wei.field("How was the breach put right?")).to_be_focused()
        wei.page.keyboard.type("已缴清罚款并完成整改。")
        wei.reads("缴款凭证.pdf")
        wei.presses("Next")
        signs(wei)
        wei.reads("已缴清罚款并完成整改。")
        wei.presses("Submit the application")

        case = Repair.objects.get()
        wei.reads(case.reference)
        wei.reads(case.query_code)
        wei.presses("To the case")
        wei.reads("Check the form")

        passer_by = visit()
        passer_by.opens("/track/")
        passer_by.fills("Case number", case.reference)
        passer_by.fills("Query code", case.query_code)
        passer_by.presses("Look up")
        passer_by.reads("What has happened")
        passer_by.reads(case.reference)
        passer_by.does_not_read("韦示例")

        wei.presses("Withdraw the application")
        wei.reads("Withdraw this application?")
        wei.presses("Withdraw the application", within=wei.page.get_by_role("main"))
        wei.reads("You withdrew the application. You may apply again at any time.")
        assert Repair.objects.get().state == State.WITHDRAWN

    def test_changes_the_language_and_stays_where_it_was(self, arrive, applicant, penalty):
        wei = arrive(applicant)
        wei.opens(f"/records/{penalty.pk}/")
        wei.page.get_by_role("button", name="English").click()

        wei.language = "en"
        wei.reads("Apply for credit repair")
        assert wei.page.url.endswith(f"/records/{penalty.pk}/")
        assert wei.page.locator("html").get_attribute("lang") == "en"
        wei.page.get_by_role("button", name="中文").click()
        wei.language = "zh-hans"
        wei.reads("Apply for credit repair")


class TestARepair:
    def test_passes_from_hand_to_hand_to_the_last_letter(
        self, arrive, applicant, penalty, staff, bureau
    ):
        applicant.applies(penalty, at=TUESDAY)

        clerk = arrive(staff["clerk"])
        assert clerk.page.url.endswith("/desk/"), "whoever works here lands at the desk"
        takes(clerk, "Check the form")
        clerk.reads(penalty.document_number)
        clerk.answers("Is the application complete in form?", "Yes")
        completes(clerk)

        acceptor = arrive(staff["acceptor"])
        takes(acceptor, "Decide on acceptance")
        acceptor.answers("Result of the examination", "Ask once for everything that is missing")
        acceptor.presses("Complete the step")
        acceptor.is_told_no(422)
        acceptor.fills("Everything that is missing", "缴款凭证原件扫描件一份。")
        completes(acceptor)

        wei = arrive(applicant)
        wei.presses("Hand in the supplement")
        wei.reads("缴款凭证原件扫描件一份。")
        wei.fills("What have you added or corrected?", "已补交原件扫描件。")
        wei.hands_in("Files", "原件.pdf", a_pdf())
        wei.presses("Hand in")
        wei.reads("Handed in. You will hear from us.")
        wei.reads("原件.pdf")

        takes(acceptor, "Decide on acceptance")
        acceptor.answers("Result of the examination", "Accept")
        completes(acceptor)

        handler = arrive(staff["handler"])
        Membership.objects.create(
            user=staff["handler"].user, unit=bureau, duty=Duty.APPROVER, since=SINCE
        )
        takes(handler, "Verify")
        handler.answers("Has the duty been fulfilled in full?", "Yes")
        handler.answers("Has the breach been put right?", "Yes")
        handler.fills("What was seen", "调阅缴款记录并现场核实。")
        completes(handler)

        case = Repair.objects.get()
        self.may_not_decide_on_what_he_verified(handler, case)

        approver = arrive(staff["approver"])
        takes(approver, "Decide on the repair")
        approver.reads("调阅缴款记录并现场核实。")
        approver.answers("Decision", "Grant the repair")
        approver.fills("Reasons of the decision", "符合条件，准予修复。")
        completes(approver)

        takes(handler, "Stop publication at source")
        handler.fills("Where and how publication was stopped", "官网已撤下。")
        completes(handler)

        office = arrive(staff["office_handler"])
        takes(office, "Confirm in each place")
        for place in Place.values:
            office.page.locator(f"#id_gone_{place}").check()
            office.page.locator(f"#id_evidence_{place}").fill("已查询，无记录。")
        completes(office)

        assert Repair.objects.get().closed_at
        self.reads_the_last_letter(wei, case)

    def may_not_decide_on_what_he_verified(self, handler, case):
        handler.opens(f"/desk/work/{case.items.get(step='decide').pk}/")
        handler.reads(work.SecondPersonNeeded.__doc__)
        expect(handler.page.get_by_role("button", name=handler.says("Claim"))).to_have_count(0)

    def reads_the_last_letter(self, wei, case):
        wei.opens("/messages/")
        wei.page.get_by_role("main").get_by_role("link").first.click()
        wei.reads("信用修复办结告知书")
        wei.reads(case.party.name)
        pdf = wei.page.get_by_role("link", name="PDF").get_attribute("href")
        handed_out = wei.context.request.get(f"{wei.site}{pdf}")
        assert handed_out.headers["content-type"] == "application/pdf"
        assert handed_out.body().startswith(b"%PDF")
        wei.page.get_by_role("link", name="English").click()
        wei.reads("the Chinese text is authoritative")


class TestASupervisor:
    def test_sees_what_is_late_and_everything_that_happened(
        self, arrive, clock, applicant, penalty, staff, office_supervisor
    ):
        case = applicant.applies(penalty, at=TUESDAY)
        clock.forward(days=30)
        supervisor = arrive(Caseworker(office_supervisor))

        supervisor.reads("Overdue")
        supervisor.reads(case.reference)
        supervisor.presses("Check the form")
        supervisor.reads(case.party.name)
        supervisor.presses("The log of this case")
        supervisor.reads("The chain is whole: every fingerprint was recomputed and fits.")
        supervisor.does_not_read("0531-00000000")
        supervisor.presses("Workload")
        supervisor.reads("济阳区发展和改革局（信用办）")
