"""People who are away, and who stands in for them meanwhile."""

import datetime as dt

from accounts.models import Duty, Membership, Substitution, User
from tests.actors import Caseworker
from tests.conftest import SINCE

YEAR_END = dt.date(2026, 12, 31)


def joins(person, unit, *duties):
    """Give a person duties in a unit."""
    for duty in duties:
        Membership.objects.create(user=person.user, unit=unit, duty=duty, since=SINCE)


def stands_in(substitute, absent, unit, *, until=YEAR_END, duty=""):
    """Let one person stand in for another in a unit."""
    return Substitution.objects.create(
        absent=absent.user,
        substitute=substitute.user,
        unit=unit,
        duty=duty,
        since=SINCE,
        until=until,
        given_by=absent.user,
        reason="出差（示例）",
    )


def somebody(name):
    """Return a new member of staff without any duty."""
    return Caseworker(User.objects.create_user(name, display_name=name))


def known_anew(person):
    """Return a person as a new request knows them: nothing read yet."""
    return Caseworker(User.objects.get(pk=person.user.pk))


WORKING = (Duty.COUNTER, Duty.ACCEPTOR, Duty.HANDLER, Duty.REVIEWER, Duty.APPROVER)
