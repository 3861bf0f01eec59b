"""One whole repair after another, by the service, by plain viewflow and by hand, in turns."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localdate, now

from accounts.models import Membership, Representation, User
from records.models import Place, Record, Showing, Subject
from web.management.floor import Footprint, Hand, Watcher
from web.management.staffing import SINCE, credit_code, hire
from web.management.timing import FLOOR, OURS, PLAIN, Times, timed
from web.management.told.repairs import GRANTED_WHOLE, application
from workflows import audit, intake, work
from workflows.management import plain
from workflows.models import WorkItem

WHOLE = "whole case: apply, 6 claims, 6 completes"
_POOLED = ("claim", "complete")
Act = tuple[str, Any, Callable[[], Any]]


class Acts:
    """A repair from the application to its close, done over and over by each side."""

    def __init__(self, times: Times, size: int) -> None:
        self.times, self.size, self.hand = times, size, Hand()
        with audit.act(by=None, at=now()):
            staff = hire()
            self.office, self.finder = staff.office, staff.units[0]
            self.doers = {step: self._doer(step) for step in plain.DUTIES}
            self.party, self.subject = self._party()
        self.left: dict[str, Footprint] = {}

    def rehearse(self) -> None:
        """Do one case on each side, count its queries and keep what each act wrote."""
        for _what, _process, do in self._ours():
            do()
        for what, process, do in self._ours():
            watcher = Watcher()
            done = self.times.count(what, self.size, OURS, do)
            self.left[what] = watcher.footprint(process or done.process_id)
        for what, _process, do in self._plain():
            self.times.count(what, self.size, PLAIN, do)
        for left in self.left.values():
            self.hand.write(left)

    def round(self) -> None:
        """Do one case on each side and note the times."""
        self._note(OURS, ((what, timed(do)[1]) for what, _process, do in self._ours()))
        self._note(PLAIN, ((what, timed(do)[1]) for what, _process, do in self._plain()))
        self._note(FLOOR, ((what, self.hand.write(left)) for what, left in self.left.items()))

    def _note(self, side: str, taken: Iterator[tuple[str, float]]) -> None:
        total = 0.0
        for what, ms in taken:
            self.times.add(what, self.size, side, ms)
            pool = what.partition(":")[0]
            if pool in _POOLED:
                self.times.add(f"{pool}, all steps", self.size, side, ms)
            total += ms
        self.times.add(WHOLE, self.size, side, total)

    def _ours(self) -> Iterator[Act]:
        record = self._record()
        answers = application(record, by=self.party, at=now())
        yield "apply", None, partial(self._apply, record, answers)
        for step, said in GRANTED_WHOLE:
            item = WorkItem.objects.select_related("case").get(case__record=record, step=step)
            process, by = item.case.process_id, self.doers[step]
            yield f"claim: {step}", process, partial(_claim, item.pk, by)
            yield f"complete: {step}", process, partial(_complete, item.pk, by, said)

    def _apply(self, record: Record, answers: Any) -> Any:
        return intake.submit(
            "repair", by=self.party, record_id=record.pk, answers=answers, at=now()
        )

    def _plain(self) -> Iterator[Act]:
        said = {"finder": self.finder.code, "office": self.office.code}
        begun: list[int] = []
        yield "apply", None, lambda: begun.append(plain.begin(said))
        for step, answers in GRANTED_WHOLE:
            by = self.doers[step]
            yield f"claim: {step}", None, partial(plain.claim, begun[0], step, by=by)
            done = partial(plain.complete, begun[0], step, by=by, answers=answers)
            yield f"complete: {step}", None, done

    def _doer(self, step: str) -> User:
        role, duty = plain.DUTIES[step]
        unit = self.office if role == "office" else self.finder
        person, _is_new = User.objects.get_or_create(username=f"bench-{role}-{duty}")
        Membership.objects.get_or_create(user=person, unit=unit, duty=duty, since=SINCE)
        plain.allow(person, [unit.queue(duty)])
        return User.objects.get(pk=person.pk)

    def _party(self) -> tuple[User, Subject]:
        code = credit_code("91370115MX", 1)
        party, _is_new = User.objects.get_or_create(
            username="bench-party", defaults={"email": "bench@example.com"}
        )
        Representation.objects.get_or_create(user=party, credit_code=code, since=SINCE)
        return party, Subject.objects.get_or_create(credit_code=code, defaults={"name": "示例"})[0]

    def _record(self) -> Record:
        number = Record.objects.filter(subject=self.subject).count()
        record = Record.objects.create(
            kind=Record.Kind.PENALTY,
            document_number=f"示例〔测速〕第{number}号",
            subject=self.subject,
            authority_code=self.finder.credit_code,
            authority_name=self.finder.name,
            decided_on=localdate() - timedelta(days=120),
            categories=["罚款"],
        )
        Showing.objects.bulk_create([Showing(record=record, place=place) for place in Place.values])
        return record


def _claim(item_id: int, by: User) -> Any:
    return work.claim(item_id, by=by, at=now())


def _complete(item_id: int, by: User, said: dict[str, str]) -> Any:
    return work.complete(item_id, by=by, answers=said, at=now())
