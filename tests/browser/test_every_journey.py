"""Each type of case from its start to its last letter, at a desk and on a phone, with pictures."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Duty, Membership, Representation, User
from cases.commitment import register
from cases.commitment.states import Commitment
from cases.interview.states import Interview
from cases.objection.states import Objection
from cases.repair.states import Repair
from notifications.models import Letter
from records.models import Subject
from tests.actors import Applicant, Caseworker, open_item
from tests.browser.conftest import _session
from tests.browser.filling import Album, hand_in, press
from tests.cases import commitment_walks, interview_walks, objection_walks
from tests.conftest import SHANGHAI, SINCE, letters_to
from tests.workflows import walks
from workflows.models import WorkItem

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
PAPERS = {"agent_name": "韦示例", "agent_phone": "0531-00000000", "served_electronically": "on"}
# What a person adds who is late; a page that does not ask leaves it alone.
LATE = {"overdue_reason": "示例：多次上门未遇。"}


class Journey:
    """One case, the people who take it on, and the pictures of their pages."""

    def __init__(self, kind, size, cast, visit, clock):
        self.cast, self.visit, self.clock = cast, visit, clock
        self.size, self.album = SIZES[size], Album(kind, size)
        self.seen, self.visitors, self.since = set(), {}, {}

    @property
    def case(self):
        return WorkItem.objects.latest("id").case

    def comes(self, role):
        """Let a person come in, signed in on the day."""
        user, day = self.cast[role].user, self.clock.now.date()
        if role not in self.visitors:
            self.visitors[role] = self.visit(user, width=self.size[0])
            width, height = self.size
            self.visitors[role].page.set_viewport_size({"width": width, "height": height})
        elif self.since[role] != day:
            visitor = self.visitors[role]
            visitor.context.add_cookies([_session(user, visitor.site)])
        self.since[role] = day
        return self.visitors[role]

    def looks(self, role, path, step):
        """Let a person open a page, and picture it the first time."""
        visitor = self.comes(role)
        visitor.opens(path)
        if (role, step) not in self.seen:
            self.seen.add((role, step))
            self.album.takes(visitor, role, step)
        return visitor

    def opens(self, role, path, answers, *, follow=None):
        """Open a case from the page a person starts from."""
        visitor = self.looks(role, path, "start")
        if follow:
            press(visitor, visitor.page.locator(f".page a[href*='{follow}']").first)
        self.hands_in(visitor, role, "apply", answers)
        self.album.takes(visitor, role, "opened")

    def does(self, role, step, answers):
        """Let whoever has the role do the step: the party from its case, others from the queue."""
        self.clock.forward(minutes=10)
        item = open_item(self.case, step)
        if item.queue == WorkItem.PARTY:
            visitor = self.looks(role, f"/cases/{self.case.reference}/", f"case-{step}")
            press(visitor, visitor.page.locator(f".page a[href='/asked/{item.pk}/']").first)
        else:
            visitor = self.claims(role, item)
        self.hands_in(visitor, role, step, answers)

    def claims(self, role, item):
        if item.state != WorkItem.State.OPEN:
            return self.looks(role, f"/desk/work/{item.pk}/", f"{item.step}-claimed")
        visitor = self.looks(role, "/desk/queue/", "queue")
        press(visitor, visitor.page.locator(f"[formaction='/desk/work/{item.pk}/claim/']"))
        if f"/desk/work/{item.pk}/" not in visitor.page.url:
            visitor.opens(f"/desk/work/{item.pk}/")
        return visitor

    def hands_in(self, visitor, role, step, answers):
        told = {**LATE, **answers}
        hand_in(visitor, told, album=self.album, role=role, step=step)

    def walks(self, story):
        """Take the case through days and moves, each a role, a step and its answers."""
        for move in story:
            if isinstance(move, str):
                month, day = map(int, move.split("-"))
                self.clock.now = self.clock.now.replace(month=month, day=day, hour=9, minute=0)
            else:
                self.does(*move)

    def ends(self, state, letters, *, party, desk):
        """Look at the end: the case of both sides, and every letter the party has."""
        case = self.case
        assert type_of(case).objects.get(pk=case.pk).state == state
        assert letters_to(self.cast[party].user) == letters
        self.looks(desk, f"/desk/cases/{case.reference}/", "end")
        visitor = self.looks(party, f"/cases/{case.reference}/", "end")
        visitor = self.looks(party, "/messages/", "messages")
        for title in Letter.objects.filter(about=case.reference, name__in=letters):
            expect(visitor.page.get_by_role("main")).to_contain_text(title.title)
        last = Letter.objects.filter(about=case.reference).latest("id")
        self.looks(party, f"/letters/{last.pk}/", "letter")


def type_of(case):
    kinds = {"repair": Repair, "objection": Objection}
    return {**kinds, "interview": Interview, "commitment": Commitment}[case.kind]


@pytest.fixture(params=SIZES)
def journey(request, visit, clock):
    """Return a function that lets a cast set out on a day."""

    def begins(kind, cast, on):
        clock.now = on.astimezone(SHANGHAI)
        return Journey(kind, request.param, cast, visit, clock)

    return begins


def worker(unit, duty, name):
    user = User.objects.create_user(name, display_name=name)
    Membership.objects.create(user=user, unit=unit, duty=duty, since=SINCE)
    return Caseworker(user)


def moves(module, story, **more):
    """Yield the days and moves of a story told in words, as role, step and answers."""
    for word in story.split():
        step = word.partition(":")[0]
        if ":" not in word:
            yield word
        else:
            yield module.WORKER[step], step, {**module.ANSWERS.get(word, {}), **more.get(step, {})}


class TestARepair:
    def test_goes_from_the_record_to_the_last_letter(self, journey, applicant, penalty, staff):
        cast = {**staff, "applicant": applicant}
        way = journey("repair", cast, walks.at("09-28", 9))
        answers = {
            "fulfilled_on": "2026-07-01",
            "receipt_number": "示例-0001",
            "correction": "已缴清罚款并完成整改。",
            "signer": "韦示例",
            "agreed": "on",
            **PAPERS,
        }
        way.opens("applicant", f"/records/{penalty.pk}/", answers, follow="/apply/repair/")
        story = f"check:yes examine:more supplement:done {walks.GRANTED.removeprefix('check:yes ')}"
        way.walks(moves(walks, f"{story} stop_publication:done confirm:seen"))

        letters = ["receipt", "supplement", "accepted", "granted", "closed"]
        way.ends("repaired", letters, party="applicant", desk="office_handler")


class TestACommitment:
    def test_goes_from_the_list_of_items_to_the_fulfilment_shared(self, journey, office):
        commitment_walks.the_units()
        register.load_items(commitment_walks.ITEMS)
        spring = Subject.objects.create(
            credit_code="91370100MAWJ2R6EX7", name="山东泉韵大数据服务有限公司"
        )
        quan = User.objects.create_user("quan", display_name="泉示例")
        Representation.objects.create(user=quan, credit_code=spring.credit_code, since=SINCE)
        cast = {**commitment_walks.the_staff(), "applicant": Applicant(quan)}
        way = journey("commitment", cast, commitment_walks.at("09-21", 9))
        answers = {"address": "示例路1号", "legal_representative": "泉示例", **PAPERS}
        answers["agent_name"] = answers["legal_representative"]
        way.opens("applicant", "/begin/commitment/opened/", answers, follow="item=RL01")
        signed = {
            "choice": "commit",
            "conditions_met": "True",
            "signer": "泉示例",
            "signer_is": "legal",
            **{f"statement_{n}": "on" for n in range(1, 6)},
        }
        seen = {"visited_on": "2026-09-21"}
        story = commitment_walks.STORIES["fulfilled"]
        way.walks(moves(commitment_walks, story, sign=signed, verify=seen))

        letters = ["receipt", "notice", "granted", "fulfilled", "recorded"]
        way.ends("recorded", letters, party="applicant", desk="office")


class TestAnObjection:
    def test_goes_from_the_record_to_the_day_the_mark_is_gone(
        self, journey, applicant, penalty, office, bureau
    ):
        cast = {
            "owner": applicant,
            "screener": worker(office, Duty.ACCEPTOR, "screener"),
            "comparer": worker(office, Duty.HANDLER, "comparer"),
            "decider": worker(office, Duty.APPROVER, "decider"),
            "registrar": worker(bureau, Duty.ACCEPTOR, "registrar"),
            "verifier": worker(bureau, Duty.HANDLER, "verifier"),
            "signer": worker(bureau, Duty.REVIEWER, "signer"),
        }
        way = journey("objection", cast, objection_walks.FILED)
        told = objection_walks.claim(applicant, on=objection_walks.FILED)
        answers = {name: said for name, said in told.items() if isinstance(said, str)}
        way.opens("owner", f"/records/{penalty.pk}/", answers, follow="/apply/objection/")
        way.walks(
            [
                "09-30",
                ("screener", "screen", {"screening": "accept"}),
                "10-08",
                ("comparer", "compare", {"finding": "same", "compared": "与报文一致。"}),
                ("registrar", "receive", {"signed_for": "法规科 示例"}),
                "10-16",
                ("verifier", "verify", objection_walks.WRONG),
                ("signer", "sign", {"reply_number": "示例复函第1号"}),
                "10-19",
                (
                    "comparer",
                    "draft",
                    {"outcome_reason": "经核查，应予更正。", "remedy": "correct"},
                ),
                ("decider", "approve", {"approval": "同意。"}),
                ("verifier", "correct", {"corrected_on": "2026-10-19", "source_note": "已更正。"}),
                "10-20",
                ("comparer", "confirm", objection_walks.SEEN),
            ]
        )

        letters = ["receipt", "accepted", "marked", "inquiry", "upheld", "corrected", "closed"]
        way.ends("closed", letters, party="owner", desk="comparer")


class TestAnInterview:
    def test_goes_from_the_finding_to_the_credit_file(
        self, journey, applicant, penalty, staff, bureau
    ):
        recorder = worker(bureau, Duty.HANDLER, "recorder")
        cast = {**staff, "recorder": recorder, "applicant": applicant}
        way = journey("interview", cast, interview_walks.at("09-21", 8))
        start = f"/desk/open/interview/opened/?record={penalty.pk}"
        way.opens("handler", start, interview_walks.GROUNDS)
        served = {"method": "direct", "proof": "送达回证"}
        for day, moved in _days(interview_walks.STORIES["put right"]):
            way.walks([day])
            for role, step, answers in moved:
                told = {**served, "served_on": f"2026-{day}"} if step == "aside.serve" else answers
                way.walks([(role, step, told)])

        letters = ["notice", "record_copy", "order", "opinion", "closed"]
        way.ends("closed", letters, party="applicant", desk="office_handler")


def _days(story):
    """Yield each day of a story with its moves; to serve a letter is a step beside the others."""
    parts = re.split(r"\s*(\d\d-\d\d)\s+", story)[1:]
    for day, words in zip(parts[::2], parts[1::2], strict=True):
        found = moves(interview_walks, words, serve={})
        yield day, [(r, "aside.serve" if s == "serve" else s, a) for r, s, a in found]
