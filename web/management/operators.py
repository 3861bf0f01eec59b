"""Who runs the service: the group of operators, and what its members may do on their desk."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

NAME = "Operators"
# What operators enter themselves; each change is an act. Nobody deletes anything.
_ENTER = (
    "accounts.user",
    "accounts.unit",
    "accounts.membership",
    "accounts.substitution",
    "accounts.representation",
    "commitment.item",
    "commitment.itemversion",
)
_READ = (
    "accounts.apitoken",
    "workflows.case",
    "workflows.workitem",
    "workflows.deadline",
    "workflows.term",
    "workflows.day",
    "workflows.entry",
    "workflows.heartbeat",
    "workflows.errand",
    "records.subject",
    "records.record",
    "records.alias",
    "notifications.letter",
    "notifications.delivery",
)
# Propose a rule or a calendar, revoke a token, try a delivery again.
_MORE = (
    "workflows.add_proposal",
    "accounts.change_apitoken",
    "notifications.change_delivery",
)


def make_group() -> Group:
    """Make the group of operators, or give it again what its members may do: no more, no less."""
    group, _is_new = Group.objects.get_or_create(name=NAME)
    wanted = Q(pk=None)
    for name in _permissions():
        app, _dot, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    group.permissions.set(Permission.objects.filter(wanted))
    return group


def _permissions() -> list[str]:
    entered = [_named(table, verb) for table in _ENTER for verb in ("add", "change", "view")]
    return [*entered, *(_named(table, "view") for table in _READ), *_MORE]


def _named(table: str, verb: str) -> str:
    app, _dot, model = table.partition(".")
    return f"{app}.{verb}_{model}"
