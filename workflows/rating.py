"""Rate closed cases (好差评): one grade for one matter, and a call back after each poor one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Duty
from accounts.standing import holders, standing
from notifications import outbox
from notifications.outbox import Draft
from workflows import audit, hands, policy, topics, work
from workflows.acts import Refused, current_act
from workflows.hands import Hands
from workflows.models import Case, Involvement, Rating, Role
from workflows.queues import supervised_by

Grade = Rating.Grade
POOR = frozenset({Grade.POOR, Grade.VERY_POOR})
LONGEST = 2000
_GRADES = "rating.grades"


class NotClosed(Refused):
    """A case is rated when it is closed; this one is still under way."""

    status = 409


class AlreadyRated(Refused):
    """This case has been rated; each case is rated once."""

    status = 409


class NoSuchGrade(Refused):
    """Choose one of the five grades."""


class TooLong(Refused):
    """Write no more than 2000 characters."""


class NoSuchRating(Refused):
    """There is no such rating, or it is not yours to follow up."""

    status = 404


class AlreadyFollowedUp(Refused):
    """Somebody has called back about this rating already."""

    status = 409


class NoNote(Refused):
    """Write down what was said in the call and what is done about it."""


class WorkedOnIt(Refused):
    """You worked on this case; let somebody else call back."""

    status = 403


@dataclass(frozen=True)
class Told:
    """How many cases got each grade, and how many poor ones wait for a call back."""

    grades: dict[int, int]
    waiting: int

    @property
    def count(self) -> int:
        """How many cases were rated."""
        return sum(self.grades.values())

    @property
    def satisfied(self) -> float | None:
        """The share that was at least fairly satisfied; none where nobody rated."""
        return satisfied_in(self.grades) / self.count if self.count else None


def satisfied_in(grades: Mapping[int, int]) -> int:
    """Return how many of these ratings were at least fairly satisfied."""
    return sum(n for grade, n in grades.items() if grade not in POOR)


def check_ratable(case: Case) -> None:
    """Make sure that a case can be rated now.

    :raises NotClosed, AlreadyRated: if it cannot
    """
    if case.closed_at is None:
        raise NotClosed
    if Rating.objects.filter(case_id=case.pk).exists():
        raise AlreadyRated


def rate(reference: str, *, by: Any, grade: int, comment: str = "", at: datetime) -> Rating:
    """Rate a closed case for its party, once (一事一评); a poor grade is told the supervisors.

    Any case the party knows of, one that an office opened too. The comment stays out of the log.

    :raises NoSuchCase: if this person does not act for its party
    :raises NotClosed, AlreadyRated, NoSuchGrade, TooLong: if it cannot be rated so
    """
    if grade not in Grade.values:
        raise NoSuchGrade
    with audit.act(by=by, at=at) as act:
        case, comment = topics.own_case(by, reference, on=act.on), _clean(comment)
        with work.locking(case.kind, case.process_id):
            check_ratable(case)
            told = {"grade": grade, "comment": comment}
            rating = Rating.objects.create(case_id=case.pk, rated_by=by, rated_at=act.at, **told)
            _record("rated", rating, case, comment)
            if grade in POOR:
                _tell(_supervisors(case), case, rating)
    return rating


def follow_up(rating_id: int, *, by: Any, note: str, at: datetime) -> Rating:
    """Write down the call back after a poor rating; nobody calls back who worked on the case.

    :raises NoSuchRating: if it is no poor rating, or this person does not supervise the office
    :raises WorkedOnIt, WhoIsRecused: if this person had a hand in the case or is tied to its party
    :raises AlreadyFollowedUp, NoNote, TooLong: if it cannot be written down so
    """
    with audit.act(by=by, at=at) as act:
        rating, note = _poor(rating_id, by, on=act.on), _clean(note)
        if not note:
            raise NoNote
        case = rating.case
        with work.locking(case.kind, case.process_id):
            _check_uninvolved(by, case, on=act.on)
            rating.refresh_from_db(fields=["followed_up_at"])
            if rating.followed_up_at:
                raise AlreadyFollowedUp
            rating.follow_up, rating.followed_up_by, rating.followed_up_at = note, by, act.at
            rating.save(update_fields=["follow_up", "followed_up_by", "followed_up_at"])
            _record("rating_followed_up", rating, case, note)
    return rating


def may_follow_up(viewer: Any, *, on: date) -> bool:
    """Test that a person supervises the credit office, which calls back."""
    return standing(viewer, on=on).oversees_all


def ratings_for(viewer: Any, *, on: date, grade: int | None = None) -> QuerySet[Rating]:
    """Return the ratings of the cases in which the units the viewer watches have a part."""
    theirs = Involvement.objects.filter(
        case=OuterRef("case"), unit__in=supervised_by(viewer, on=on)
    )
    found = Rating.objects.filter(Exists(theirs)).select_related("case__party", "followed_up_by")
    return found.filter(grade=grade) if grade else found


def waiting_for(viewer: Any, *, on: date) -> QuerySet[Rating]:
    """Return the poor ratings among them that nobody has followed up, oldest first."""
    poor = ratings_for(viewer, on=on).filter(grade__in=POOR, followed_up_at=None)
    return poor.order_by("rated_at")


def told_for(viewer: Any, *, on: date) -> Told:
    """Return how the cases of the units the viewer watches were rated."""
    by_grade = ratings_for(viewer, on=on).order_by().values_list("grade")
    counted = dict(by_grade.annotate(n=Count("pk")))
    grades = {grade: counted.get(grade, 0) for grade in sorted(Grade.values, reverse=True)}
    return Told(grades, waiting_for(viewer, on=on).count())


def _clean(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise TooLong
    return text


def _record(kind: str, rating: Rating, case: Case, words: str) -> None:
    basis = policy.term(_GRADES, on=current_act().on).basis
    detail = {"rating": rating.pk, "grade": rating.grade}
    said = {"words": words} if words else {}
    audit.record(kind, case, basis=basis, detail=detail, personal=said)


def _poor(rating_id: int, by: Any, *, on: date) -> Rating:
    if not may_follow_up(by, on=on):
        raise NoSuchRating
    found = Rating.objects.filter(pk=rating_id, grade__in=POOR)
    rating = found.select_related("case__party").first()
    if rating is None:
        raise NoSuchRating
    return rating


def _check_uninvolved(by: Any, case: Case, *, on: date) -> None:
    hands.check_not_recused(by, case)
    past = hands.past_of(case)
    people = frozenset(person for done in past.done for person in done.hands)
    if any(hands.touches(Hands(by), people, unit, on=on) for unit in case.unit_as.values()):
        raise WorkedOnIt


def _supervisors(case: Case) -> Iterable[Any]:
    return holders(case.unit_as[Role.OFFICE], Duty.SUPERVISOR, on=current_act().on)


def _tell(people: Iterable[Any], case: Case, rating: Rating) -> None:
    with override(settings.LANGUAGE_CODE):
        named = {"reference": case.reference, "grade": rating.get_grade_display()}
        draft = Draft(
            to=list(people),
            about=case.reference,
            subject=_("Poor rating: %(reference)s") % named,
            body=_("Case %(reference)s was rated: %(grade)s. Call back and write it down.") % named,
        )
    outbox.post([draft], at=current_act().at)
