"""A town in which every page of every face has something to show."""

import datetime as dt

from accounts.models import Duty, Membership, User
from cases.commitment.register import load_items
from cases.objection.states import Objection
from forms import drafts
from forms.models import Attachment
from notifications.models import Letter
from records.models import Record
from tests.actors import open_item
from tests.cases.commitment_walks import ITEMS, the_units
from tests.cases.objection_walks import objects
from tests.conftest import SINCE, _caseworker
from tests.workflows.beside import a_unit
from tests.workflows.visits import AtTheCounter
from tests.workflows.walks import GRANTED, at, open_a_repair, walk
from workflows import consulting, editions, escalation, proposals, reception, work

# The route of each case, told as in tests/workflows/walks.py.
CASES = {
    "closed": f"{GRANTED} stop_publication:done confirm:seen",
    "asked": "check:yes examine:more",
    "received": "",
    "claimed": "CLAIM:check",
    "pushed": "check:yes CLAIM:examine",
    "review": "check:yes examine:refuse CLAIM:review",
    "verify": "check:yes examine:accept CLAIM:verify",
    "decide": "check:yes examine:accept verify:good CLAIM:decide",
    "verified": "check:yes examine:accept verify:good",
    "confirm": f"{GRANTED} stop_publication:done CLAIM:confirm",
    "redo": "check:no",
}


class Town:
    """Cases in every state, told by name, and the people who deal with them."""

    def __init__(self, applicant, penalty, staff, bureau, office):
        self.penalty, self.people = penalty, _people(applicant, staff, bureau, office)
        cast = {**staff, "applicant": applicant}
        the_units()
        load_items(ITEMS)
        self.cases = {name: self._tell(n, applicant, cast, name) for n, name in enumerate(CASES)}
        self.young = _another(penalty, 90, dt.date(2026, 8, 1))
        self.free = _another(penalty, 91, penalty.decided_on)
        self._begin(applicant, at("09-29", 9))
        self._propose(at("09-29", 9))
        self.aside = self._ask(at("09-29", 9))
        self.decided = self._object(applicant, at("09-29", 9))
        self.entered = self._receive(at("09-29", 9), shown=at("10-07", 9))
        escalation.sweep(at=at("09-29", 9))  # the steps not checked yet are late: a demand

    def case(self, name):
        return self.cases[name].reference

    def item(self, name):
        return self.cases[name].items.filter(host=None).order_by("-id").first().pk

    def letter(self, name):
        return Letter.objects.get(about=self.case("closed"), name=name).pk

    def file(self):
        return Attachment.objects.filter(about=self.case("closed")).first().pk

    def _propose(self, now):
        told = {"key": "repair.ndrc.decide", "length": 3, "reason": "案情复杂，需现场核实。"}
        by = self.people["handler"]
        proposals.propose("extend", self.case("verify"), by=by, at=now, **told)
        told = {"value": "5", "since": dt.date(2026, 11, 1), "basis": "示例", "certainty": "L"}
        told |= {"open_cases": editions.KEEP, "reason": "提速。"}
        by = self.people["supervisor"]
        editions.propose("repair.ndrc.decide", by=by, at=now, **told)

    def _begin(self, applicant, now):
        """Fill in an application and leave it at its review."""
        told = applicant.answers(self.free, at=now)
        answers = {name: [said] if isinstance(said, str) else said for name, said in told.items()}
        title = f"Apply for credit repair\n{self.free.document_number}\nCheck and submit"
        about = f"/records/{self.free.pk}/apply/repair/"
        drafts.save(applicant.user, about, answers, at=now, title=title, page="review")

    def _ask(self, now):
        unit, (adviser,) = a_unit("YJ")
        self.people["adviser"] = adviser.user
        item = open_item(self.cases["verify"], "verify")
        told = {"units": [unit], "kind": "assist", "question": "该企业是否已经整改？"}
        (aside,) = consulting.ask(item.pk, by=self.people["handler"], at=now, **told)
        work.claim(aside.pk, by=adviser.user, at=now)
        return aside.pk

    def _object(self, applicant, now):
        """Object to a record; here it counts as decided, so that another may follow."""
        case = objects(applicant, _another(self.penalty, 92, self.penalty.decided_on), on=now)
        Objection.objects.filter(pk=case.pk).update(state="closed", closed_at=now)
        return case.reference

    def _receive(self, now, *, shown):
        """Enter an application at the counter, and look its party up on the day of the visit."""
        clerk, record = self.people["clerk"], _another(self.penalty, 93, self.penalty.decided_on)
        case = AtTheCounter(clerk).enters(record, at=now)
        code = record.subject.credit_code
        reception.look_up(code, by=clerk, reason="apply", at=shown)
        return case.reference

    def _tell(self, number, applicant, cast, name):
        case = open_a_repair(applicant, _another(self.penalty, number, self.penalty.decided_on))
        walk(case, CASES[name], cast)
        return case


def _another(penalty, number, decided_on):
    values = {
        field.name: getattr(penalty, field.name)
        for field in Record._meta.fields
        if field.name not in ("id", "document_number", "decided_on")
    }
    number = f"济阳城管罚决字〔2026〕第{number:04}号（示例）"
    made = Record.objects.create(**values, document_number=number, decided_on=decided_on)
    for showing in penalty.showings.all():
        made.showings.create(place=showing.place)
    return made


def _people(applicant, staff, bureau, office):
    by_duty = {name: worker.user for name, worker in staff.items()}
    # One who verified and might decide: told on the page why it must be another.
    Membership.objects.create(user=by_duty["handler"], unit=bureau, duty=Duty.APPROVER, since=SINCE)
    auditor = User.objects.create_user("auditor", display_name="审计示例")
    Membership.objects.create(user=auditor, unit=office, duty=Duty.AUDITOR, since=SINCE)
    supervisor = User.objects.create_user("supervisor", display_name="督办示例")
    Membership.objects.create(user=supervisor, unit=office, duty=Duty.SUPERVISOR, since=SINCE)
    office_approver = _caseworker(office, Duty.APPROVER, "office_approver").user
    operator = User.objects.create_superuser("operator", display_name="运维示例")
    # The page that asks for a password once more is for those who have one.
    applicant.user.set_password("示例-correct-horse")
    applicant.user.save(update_fields=["password"])
    rest = {"auditor": auditor, "supervisor": supervisor, "operator": operator}
    rest["office_approver"] = office_approver
    return {"anonymous": None, "applicant": applicant.user, **by_duty, **rest}
